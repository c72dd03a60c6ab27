"""Job: a long computation that somebody asked for, how far it is, and where its report lies."""

from __future__ import annotations

import uuid

from django.db import models


class Job(models.Model):
    """A job in the background; ``state`` is ``waiting``, ``running``, ``done``, ``failed`` or ``stopped``.

    ``question`` is what was asked, as JSON; ``share`` from 0 to 1 is how far it is, ``step`` what it is doing in words of the
    asker's language; ``told`` the problems it ended with.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    question = models.TextField(default="{}")
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="waiting", db_index=True)
    share = models.FloatField(default=0.0)
    step = models.CharField(max_length=200, default="", blank=True)
    told = models.TextField(default="", blank=True)
    process = models.PositiveIntegerField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
