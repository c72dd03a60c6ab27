"""Absence: days or hours an officer is not with the own crew, who ordered or asked for it, and until when."""

from __future__ import annotations

from django.db import models

from qinwu.board.models.campaign import Campaign


class Absence(models.Model):
    """Leave, time off in lieu, training, a secondment 抽调 or a campaign; `state` is ``asked``, ``approved`` or ``refused``.

    Hours of training out of which an order took an officer are ``lost``. ``to_unit`` is the unit a seconded officer goes to.
    ``end`` is empty for a secondment of which nobody said when it ends. ``kind`` is a word of the log of duty. ``returned`` is when
    somebody saw that an officer was back; empty after the end of a secondment, it asks whether the officer is.
    """

    officer = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=20)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    ordered_by = models.CharField(max_length=80, default="")
    reason = models.CharField(max_length=80, default="")
    to_unit = models.CharField(max_length=80, default="")
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.CharField(max_length=150)
    answered_by = models.CharField(max_length=150, default="")
    returned = models.DateTimeField(null=True)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="absences")

    class Meta:
        """By time."""

        ordering = ("start", "id")

    def __str__(self) -> str:
        return f"{self.officer} {self.kind}"
