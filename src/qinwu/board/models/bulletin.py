"""Bulletin: a notice about a place that ends by itself, and who has read it; links between calls that people confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from qinwu.board.models.call import Call


class Bulletin(models.Model):
    """A notice 通报 about a place: an atom, a beat, or the whole station where both are empty; it ends on its own."""

    title = models.CharField(max_length=80)
    text = models.CharField(max_length=400)
    kind = models.CharField(max_length=20)
    atom = models.CharField(max_length=60, default="", blank=True)
    beat = models.CharField(max_length=60, default="", blank=True)
    happened = models.DateTimeField(null=True)
    start = models.DateTimeField()
    end = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=150)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-start", "-id")
        constraints = [models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="bulletin_ends")]

    def __str__(self) -> str:
        return self.title


class BulletinRead(models.Model):
    """When an account read a bulletin; the time from what happened to this is the lag of information (M17)."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="read_by")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        """Once for an account."""

        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["bulletin", "user"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.bulletin} {self.user}"


class Link(models.Model):
    """Two calls that a person looked at and said belong together, or do not; ``kind`` is ``duplicate``, ``series`` or ``none``.

    ``probability`` is what the program had said, None where it said nothing.
    """

    one = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="links")
    two = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=12)
    probability = models.FloatField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        """One word about two calls."""

        ordering = ("-at", "-id")
        constraints = [models.UniqueConstraint(fields=["one", "two"], name="one_word_about_two")]

    def __str__(self) -> str:
        return f"{self.one} – {self.two}"
