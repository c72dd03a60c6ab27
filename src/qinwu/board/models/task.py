"""Task: work that is due on a beat besides calls, and the templates from which it falls due again and again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qinwu.board.models.call import Call


class TaskTemplate(models.Model):
    """Recurring work 常规任务: every so many days, so many minutes, for so many officers, on one beat or on every beat.

    ``beat`` is empty for a task of every beat. ``origin`` is who wants it (``self``, ``superior``, ``local_government``), with
    ``ordered_by`` where somebody ordered it.
    """

    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    beat = models.CharField(max_length=60, default="", blank=True)
    every_days = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField(default=1)
    origin = models.CharField(max_length=20, default="self")
    ordered_by = models.CharField(max_length=80, default="", blank=True)
    since = models.DateField()
    ended = models.DateField(null=True)

    class Meta:
        """In the order in which they were made."""

        ordering = ("id",)
        constraints = [models.CheckConstraint(condition=Q(every_days__gte=1) & Q(minutes__gte=1), name="template_has_work")]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """One piece of work with a due time.

    ``kind`` is ``visit``, ``inspection``, ``mediation``, ``follow_up``, ``request`` (of residents, to be replied to) or ``other``.
    ``beat`` is whose it is, ``officer`` who does it where somebody in particular was named, ``atom`` or ``venue`` where.
    ``call`` is the call it came from, ``follows`` the task before it. ``minutes`` is planned, ``spent`` what it took.
    """

    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, db_index=True)
    beat = models.CharField(max_length=60, default="", blank=True, db_index=True)
    officer = models.CharField(max_length=60, default="", blank=True)
    atom = models.CharField(max_length=60, default="", blank=True)
    venue = models.CharField(max_length=60, default="", blank=True)
    template = models.ForeignKey(TaskTemplate, null=True, on_delete=models.PROTECT, related_name="tasks")
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="tasks")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    origin = models.CharField(max_length=20, default="self")
    ordered_by = models.CharField(max_length=80, default="", blank=True)
    opened = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    due = models.DateTimeField(db_index=True)
    minutes = models.PositiveSmallIntegerField(default=30)
    people = models.PositiveSmallIntegerField(default=1)
    done = models.DateTimeField(null=True, db_index=True)
    done_by = models.CharField(max_length=150, default="", blank=True)
    spent = models.PositiveSmallIntegerField(null=True)
    result = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        """What is due first comes first; a template falls due once at a time on a beat, whoever looks."""

        ordering = ("due", "id")
        constraints = [
            models.UniqueConstraint(fields=["template", "beat", "due"], condition=Q(template__isnull=False), name="due_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"
