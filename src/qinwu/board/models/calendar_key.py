"""Calendar key: an address under which a calendar program reads one officer's duties, kept as its hash only."""

from __future__ import annotations

from django.db import models


class CalendarKey(models.Model):
    """The secret part of a calendar address of one officer; a new one ends the one before."""

    officer = models.CharField(max_length=60, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    ended = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.officer
