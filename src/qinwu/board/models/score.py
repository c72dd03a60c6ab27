"""Score: what was done with score sheets on the board; the sheets themselves are computed from the card, never kept."""

from __future__ import annotations

from django.db import models


class ScoreRecord(models.Model):
    """A sheet shown or signed, or a veto line signed: as the signatures file of a station folder has it."""

    owner = models.CharField(max_length=60, db_index=True)
    period = models.CharField(max_length=20)
    act = models.CharField(max_length=10)
    line = models.CharField(max_length=60, default="", blank=True)
    post = models.CharField(max_length=60)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        """By time."""

        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["owner", "period", "act", "line", "post"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.period} {self.act}"


class Objection(models.Model):
    """An officer's objection to one line of the own sheet; ``state`` is ``open``, ``upheld`` or ``rejected``."""

    officer = models.CharField(max_length=60, db_index=True)
    period = models.CharField(max_length=20)
    line = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    answered_by = models.CharField(max_length=150, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        """One open objection to a line."""

        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "period", "line"], condition=models.Q(state="open"), name="one_open_objection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.period} {self.line}"
