"""Skill and equipment: who may do what until when, and what a crew needs to go out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Skill(models.Model):
    """A skill of an officer as the training record has it: since when, until when it holds, on which certificate.

    Where an officer has a line for a skill, the line decides; the officers file counts for skills without one.
    """

    officer = models.CharField(max_length=60, db_index=True)
    skill = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)
    certificate = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        """By officer."""

        ordering = ("officer", "skill", "since")
        constraints = [
            models.UniqueConstraint(fields=["officer", "skill", "since"], name="one_certificate_a_day"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="skill_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.skill}"


class Equipment(models.Model):
    """A piece of equipment 装备.

    ``kind`` is ``vehicle``, ``radio``, ``body_camera``, ``interview_room`` or a word of the station's own; ``state`` is ``ready``,
    ``repair`` or ``gone``; ``crew`` who has it now.
    """

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    unit = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=10, default="ready")
    crew = models.CharField(max_length=80, default="", blank=True)
    since = models.DateTimeField()
    fault = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        """By kind."""

        ordering = ("kind", "code")

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Booking(models.Model):
    """An interview room booked by a crew for a time to come; ``taken_back`` is when somebody gave it up before."""

    piece = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="bookings")
    crew = models.CharField(max_length=80)
    start = models.DateTimeField()
    end = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=150)
    taken_back = models.DateTimeField(null=True)

    class Meta:
        """By time."""

        ordering = ("start", "id")
        constraints = [models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="booking_has_length")]

    def __str__(self) -> str:
        return f"{self.piece} {self.crew}"


class EquipmentNeed(models.Model):
    """What every crew of a group must have to be sent: ``crews`` is the id of a ``[[crews]]`` table, empty for all crews."""

    crews = models.CharField(max_length=60, default="", blank=True)
    kind = models.CharField(max_length=40)
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        """One line for a kind and a group."""

        ordering = ("crews", "kind")
        constraints = [models.UniqueConstraint(fields=["crews", "kind"], name="one_need_a_kind")]

    def __str__(self) -> str:
        return f"{self.crews} {self.kind} {self.count}"
