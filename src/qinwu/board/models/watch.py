"""Watch: what a crew reports of itself where it differs from the roster."""

from __future__ import annotations

from django.db import models


class CrewReport(models.Model):
    """The last report of a crew: off duty before its time, or at which atom it waits. No position is kept but the last."""

    crew = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    off_until = models.DateTimeField(null=True)
    atom = models.CharField(max_length=60, default="")

    def __str__(self) -> str:
        return self.crew
