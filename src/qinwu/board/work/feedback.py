"""Feedback: satisfied or not after a call or a task was closed, and how it was asked; nothing about who answered (M58)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Feedback, Task
from qinwu.board.words import CONTACT
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.score.survey import Survey
from qinwu.language import N_

METHODS = {
    "phone": N_("by telephone"),
    "message": N_("by text message"),
    "in_person": N_("in person"),
    "paper": N_("on paper"),
}
"""How people were asked."""
LOOKED_AT = timedelta(days=90)
ASKED_WITHIN = timedelta(days=7)
TO_ASK = 6
FEWEST = 5
"""With fewer answers no share is told."""


@dataclass(frozen=True, slots=True)
class Share:
    """The answers of one group: how many, how many were satisfied, and the share with its interval where there are enough."""

    group: str
    answers: int
    satisfied: int
    survey: Survey | None


def answered(about: Call | Task, *, satisfied: bool, method: str, by: str) -> Feedback:
    """Keep an answer about a closed call or a task that was done, once.

    Raises
    ------
    QinwuError
        It is still open, was answered already, or the way of asking is not known.
    """
    subject = about.number if isinstance(about, Call) else str(about.pk)
    field = "call" if isinstance(about, Call) else "task"
    with transaction.atomic():
        trail.lock()
        about.refresh_from_db()
        if method not in METHODS:
            raise _refused("unknown-method", N_("{word} is not in the list."), word=method)
        if (about.closed if isinstance(about, Call) else about.done) is None:
            raise _refused("still-open", N_("It is still open: ask when it is closed."))
        if Feedback.objects.filter(**{field: about}).exists():
            raise _refused("answered", N_("This has been answered already."))
        kept = Feedback.objects.create(**{field: about}, at=now(), method=method, satisfied=satisfied)
        trail.record(by, "feedback.keep", subject, about=field, method=method, satisfied=satisfied)
    return kept


def _refused(code: str, message: str, **values: object) -> QinwuError:
    return QinwuError([Finding(code, "error", message, N_("Load the page again."), Place(), values)])


def shares(force: InForce) -> list[Share]:
    """Return the answers of the last 90 days: all, then by what they were about and by how people were asked."""
    answers = Feedback.objects.filter(at__gte=now() - LOOKED_AT)
    groups: list[tuple[str, QuerySet[Feedback]]] = [("all", answers)]
    groups += [("calls", answers.filter(call__isnull=False)), ("tasks", answers.filter(task__isnull=False))]
    groups += [(method, answers.filter(method=method)) for method in METHODS]
    return [_share(force, name, some) for name, some in groups if name == "all" or some.exists()]


def _share(force: InForce, group: str, answers: QuerySet[Feedback]) -> Share:
    count, yes = answers.count(), answers.filter(satisfied=True).count()
    if count < FEWEST:
        return Share(group, count, yes, None)
    how = group if group in METHODS else "mixed"
    area = force.standing.home
    return Share(group, count, yes, Survey(area, "satisfied", count, yes / count, how, now().date()))


def to_ask() -> tuple[list[Call], list[Task]]:
    """Return whom to ask next: closed calls and done tasks of the last week without an answer, drawn by lot.

    The lot is the hash of the number, so that nobody chooses whom to ask and everybody sees the same list.
    """
    since = now() - ASKED_WITHIN
    calls = Call.objects.filter(closed__gte=since, same_as__isnull=True, feedback__isnull=True, origin="resident")
    ended = Task.objects.filter(done__gte=since, kind__in=CONTACT, feedback__isnull=True).exclude(result="called_off")
    drawn_calls = sorted(calls, key=lambda one: _lot(one.number))[:TO_ASK]
    return drawn_calls, sorted(ended, key=lambda one: _lot(f"task {one.pk}"))[:TO_ASK]


def _lot(word: str) -> str:
    return sha256(word.encode()).hexdigest()


def groups() -> Iterator[tuple[str, str]]:
    """Yield what each group of answers is called."""
    yield from (("all", N_("all answers")), ("calls", N_("after calls")), ("tasks", N_("after tasks")), *METHODS.items())
