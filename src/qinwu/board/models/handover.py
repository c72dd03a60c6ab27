"""Handover: what one watch leaves to the next 交接班."""

from __future__ import annotations

from django.db import models


class Handover(models.Model):
    """A note of one watch to the next, with the calls that were open; `taken_by` signs that it was read."""

    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.CharField(max_length=400)
    open_calls = models.CharField(max_length=400, default="")
    taken_by = models.CharField(max_length=150, default="")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}"
