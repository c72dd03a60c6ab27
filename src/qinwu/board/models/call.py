"""Call: a request for service as the control room keeps it; class, place and stamps, never who called."""

from __future__ import annotations

import uuid

from django.db import models


class Call(models.Model):
    """One call 警情.

    ``key`` is made by whoever takes the call, so that sending the form twice makes one call. ``atom`` and ``call_class`` are ids of
    the station; ``priority`` 1 (most urgent) to 4. ``closed`` is when the control room had everything it needs. ``same_as`` is the
    call it was confirmed to repeat.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    received = models.DateTimeField(db_index=True)
    entered = models.DateTimeField()
    call_class = models.CharField(max_length=60)
    priority = models.PositiveSmallIntegerField()
    atom = models.CharField(max_length=60)
    people = models.PositiveSmallIntegerField(null=True)
    origin = models.CharField(max_length=20, default="resident")
    closed = models.DateTimeField(null=True, db_index=True)
    result = models.CharField(max_length=40, default="")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats")
    missing = models.CharField(max_length=120, default="")

    class Meta:
        """Most urgent first, then the oldest."""

        ordering = ("priority", "received")
        constraints = [models.CheckConstraint(condition=models.Q(priority__gte=1, priority__lte=4), name="priority_1_to_4")]

    def __str__(self) -> str:
        return self.number
