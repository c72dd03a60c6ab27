"""Swap: two officers who want to change duties, the other's word, and the approval."""

from __future__ import annotations

from django.db import models


class Swap(models.Model):
    """A swap 换班: `officer` leaves ``crew`` for a span to `other`, and takes the span of `other` in ``other_crew`` in return.

    ``state`` is ``asked``, ``agreed`` (by the other), ``approved``, ``refused`` or ``taken_back``. A duty given away without one
    in return has no ``other_crew``.
    """

    officer = models.CharField(max_length=60, db_index=True)
    crew = models.CharField(max_length=80)
    start = models.DateTimeField()
    end = models.DateTimeField()
    other = models.CharField(max_length=60, db_index=True)
    other_crew = models.CharField(max_length=80, default="", blank=True)
    other_start = models.DateTimeField(null=True)
    other_end = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=150, default="", blank=True)
    answer = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        """By time."""

        ordering = ("start", "id")

    def __str__(self) -> str:
        return f"{self.officer} ↔ {self.other}"
