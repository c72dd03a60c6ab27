"""Campaign: a special operation with a window, who ordered it, and the hours it was planned to take."""

from __future__ import annotations

from django.db import models


class Campaign(models.Model):
    """A campaign 专项行动 (M20): a window, its order, and the officer-hours planned; who takes part are absences of its own."""

    title = models.CharField(max_length=80)
    start = models.DateTimeField()
    end = models.DateTimeField()
    ordered_by = models.CharField(max_length=80)
    hours_planned = models.FloatField()
    ended = models.DateTimeField(null=True)

    class Meta:
        """By time."""

        ordering = ("start", "id")
        constraints = [models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="campaign_has_length")]

    def __str__(self) -> str:
        return self.title
