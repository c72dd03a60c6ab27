"""Corrective order: what an inspector or the bureau orders a station to put right, and what became of it."""

from __future__ import annotations

from django.db import models


class CorrectiveOrder(models.Model):
    """A corrective order 纠正令 (M69): to whom, about what, until when, resting on which figure; and what was done.

    ``squad`` and ``hours`` are those of a diversion, empty for other matters; ``subject`` is what the order rests on: a finding of
    the screens, a line of the ledger, an entry of the trail.
    """

    to = models.CharField(max_length=60)
    about = models.CharField(max_length=20)
    squad = models.CharField(max_length=60, default="", blank=True)
    hours = models.FloatField(null=True)
    subject = models.CharField(max_length=120)
    text = models.CharField(max_length=400)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    due = models.DateTimeField()
    answer = models.CharField(max_length=400, default="", blank=True)
    answered_by = models.CharField(max_length=150, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, default="", blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.to} {self.about}"
