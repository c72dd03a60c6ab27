"""Sending: one crew sent to one call, with the stamps it gave."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from qinwu.board.models.call import Call


class Sending(models.Model):
    """One crew on one call.

    ``crew`` is the id of the crew in the duty system in force, ``people`` how many officers went. ``tier`` and ``proposed`` say how
    the response plan stood to it when it was sent; ``reason`` why somebody else was sent than proposed. A crew that must be asked
    (coordination, not command) is ``requested`` and answers until ``answer_by``, else the request has timed out; ``over`` is when
    it was done with the call for whatever reason, ``ended`` says which.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="sendings")
    crew = models.CharField(max_length=80)
    people = models.PositiveSmallIntegerField(default=1)
    tier = models.SmallIntegerField(default=-1)
    proposed = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, default="")
    way_s = models.FloatField(default=0.0)
    requested = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    dispatched = models.DateTimeField(null=True)
    acknowledged = models.DateTimeField(null=True)
    en_route = models.DateTimeField(null=True)
    arrived = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    over = models.DateTimeField(null=True)
    ended = models.CharField(max_length=20, default="")

    class Meta:
        """A crew is on one call at a time, whoever sends it: the database refuses the second."""

        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["crew"], condition=models.Q(over__isnull=True), name="one_call_for_a_crew"),
        ]

    def unanswered(self, at: datetime) -> bool:
        """Return whether it is a request whose time for an answer has run out."""
        return self.over is None and self.dispatched is None and self.answer_by is not None and self.answer_by <= at

    def __str__(self) -> str:
        return f"{self.crew} → {self.call}"
