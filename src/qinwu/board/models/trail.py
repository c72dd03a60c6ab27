"""Trail: who did and who looked at what, each entry holding the hash of the one before."""

from __future__ import annotations

from django.db import models


class TrailEntry(models.Model):
    """One entry of the audit log 留痕.

    ``number`` counts from 1 without a gap. ``hash`` is the SHA-256 of everything else in the entry, the hash before included: a
    changed, removed or inserted entry breaks the chain from there on (LED art. 25; PIPL art. 54).
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    content = models.TextField(default="{}")
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """In the order in which they were written; entries of one action are looked up by time."""

        ordering = ("number",)
        indexes = [models.Index(fields=["action", "at"], name="trail_by_action")]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"
