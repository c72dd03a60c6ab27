"""Counter: service points, who waits there by number only, and what people thought of it afterwards."""

from __future__ import annotations

from django.db import models

from qinwu.board.models.call import Call
from qinwu.board.models.task import Task


class ServicePoint(models.Model):
    """A service point 便民服务站: where, on which weekdays (``0`` Monday, such as ``01234``), from when to when, counters open."""

    title = models.CharField(max_length=60, unique=True)
    atom = models.CharField(max_length=60)
    weekdays = models.CharField(max_length=7, default="01234")
    opens = models.TimeField()
    closes = models.TimeField()
    counters = models.PositiveSmallIntegerField(default=1)
    ended = models.DateField(null=True)

    class Meta:
        """By title."""

        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class Ticket(models.Model):
    """A number drawn at a service point: when it was drawn, called, done, or left unserved; nobody's name."""

    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="tickets")
    number = models.PositiveIntegerField()
    day = models.DateField(db_index=True)
    business = models.CharField(max_length=20)
    drawn = models.DateTimeField()
    served = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)
    left = models.DateTimeField(null=True)

    class Meta:
        """One number a day at a point."""

        ordering = ("day", "number")
        constraints = [models.UniqueConstraint(fields=["point", "day", "number"], name="one_number_a_day")]

    def __str__(self) -> str:
        return f"{self.point} {self.day} {self.number}"


class Feedback(models.Model):
    """An answer to "were you satisfied?" after a call or a task was closed: the answer and how it was asked, nothing else."""

    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="feedback")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="feedback")
    at = models.DateTimeField()
    method = models.CharField(max_length=20)
    satisfied = models.BooleanField()

    class Meta:
        """By time."""

        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.satisfied}"
