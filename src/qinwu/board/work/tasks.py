"""Tasks: given, done once by whom, called off; what is late comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from qinwu.board import trail
from qinwu.board.access.reach import Reach
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Task
from qinwu.board.typed import form_finding
from qinwu.board.words import ORIGINS, RECURRING, results_of
from qinwu.board.work import recurring
from qinwu.findings import Finding, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.guards import masked

FOLLOWS = {("mediation", "agreed"): "follow_up", ("mediation", "not_agreed"): "follow_up", ("follow_up", "broken"): "mediation"}
"""What comes after a task of a kind with a result, where a number of days is given."""
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Given:
    """A single task as somebody gives it; one of `beat`, `officer` and `atom` says whose it is, nothing: the station's."""

    title: str
    kind: str
    due: datetime
    beat: str = ""
    officer: str = ""
    atom: str = ""
    origin: str = "self"
    ordered_by: str = ""
    minutes: int = 30
    people: int = 1


@dataclass(frozen=True, slots=True)
class Done:
    """How a task ended: minutes it took of each officer, what came of it, and after how many days to look again."""

    spent: int
    result: str
    look_again: int | None = None


def give(force: InForce, given: Given, by: str) -> Task:
    """Keep a single task.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    raise_on_errors(list(problems(force, given)))
    return keep(
        by,
        title=masked(given.title)[:80],
        kind=given.kind,
        beat=given.beat or beat_of(force, given.atom),
        officer=given.officer,
        atom=given.atom,
        origin=given.origin,
        ordered_by=masked(given.ordered_by)[:80],
        due=given.due,
        minutes=given.minutes,
        people=given.people,
    )


def keep(by: str, **fields: object) -> Task:
    """Write a task and its entry of the trail."""
    with transaction.atomic():
        trail.lock()
        task = Task.objects.create(**({"opened": now(), "opened_by": by} | fields))
        told = ("kind", "title", "beat", "officer", "atom", "origin", "ordered_by", "minutes", "people")
        values = {name: getattr(task, name) for name in told}
        trail.record(by, "task.give", str(task.pk), due=task.due.isoformat(), **values)
    return task


def problems(force: InForce, given: Given) -> Iterator[Finding]:
    """Yield everything that is wrong with a single task."""
    lists = (
        ("beat", given.beat, [beat.id for beat in force.loaded.system.beat], N_("There is no beat {word}.")),
        ("officer", given.officer, [one.id for one in force.station.force], N_("There is no officer {word} at this station.")),
        ("atom", given.atom, list(force.plan.atoms), N_("{word} is no place of this station.")),
        ("kind", given.kind, RECURRING, N_("{word} is not in the list.")),
        ("origin", given.origin, tuple(ORIGINS), N_("{word} is not in the list.")),
    )
    for key, word, known, message in lists:
        if (word or key in ("kind", "origin")) and word not in known:
            near = did_you_mean(word, known)
            remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
            yield form_finding(f"unknown-{key}", key, message, remedy, word=word, near=near)
    if not given.title.strip():
        yield form_finding("no-title", "title", N_("What is to be done is missing."), N_("Say it in a few words."))
    if given.origin != "self" and not given.ordered_by.strip():
        message, remedy = N_("Who ordered it is missing."), N_("Give the unit and the number of the order.")
        yield form_finding("no-order", "ordered_by", message, remedy)
    if given.due <= now():
        yield form_finding("due-over", "due", N_("The task would be late at once."), N_("Give a later time."))


def beat_of(force: InForce, atom: str) -> str:
    """Return the geographic beat of a place, empty for none."""
    return force.standing.beat_of_atom.get(atom, "")


def within(reach: Reach) -> Q:
    """Return the condition of tasks that an account reaches: those of its beats, and those it was named for."""
    if reach.everything:
        return Q()
    own = Q(beat__in=sorted(reach.beats))
    return own | Q(officer=reach.officer) if reach.officer else own


def may(reach: Reach, task: Task) -> bool:
    """Return whether an account reaches a task."""
    return reach.may(task.beat) or bool(reach.officer and task.officer == reach.officer)


def open_tasks(force: InForce, reach: Reach) -> QuerySet[Task]:
    """Return what is to be done within reach, what is due first before; what has fallen due by now is made first."""
    recurring.fall_due(force)
    return Task.objects.filter(within(reach), done__isnull=True).select_related("call", "follows")


def late_by_beat(tasks: Sequence[Task], at: datetime) -> list[tuple[str, int]]:
    """Return how many tasks are late on each beat, most first; empty for those of no beat."""
    return sorted(Counter(task.beat for task in tasks if task.due < at).items(), key=lambda pair: (-pair[1], pair[0]))


def finish(task: Task, done: Done, by: str) -> Task | None:
    """End a task once, and make what follows it; return that.

    Raises
    ------
    QinwuError
        Somebody has done it already, or the result is none of its kind.
    """
    with transaction.atomic():
        trail.lock()
        _still_open(task)
        if done.result not in results_of(task.kind):
            message, remedy = N_("{word} is not in the list."), N_("Choose from the list.")
            raise QinwuError([form_finding("unknown-result", "result", message, remedy, word=done.result)])
        task.done, task.done_by, task.spent, task.result = now(), by, done.spent, done.result
        task.save(update_fields=["done", "done_by", "spent", "result"])
        trail.record(by, "task.finish", str(task.pk), spent=done.spent, result=done.result, beat=task.beat)
        kind = FOLLOWS.get((task.kind, done.result))
        return _follow(task, kind, done.look_again, by) if kind and done.look_again else None


def _follow(task: Task, kind: str, days: int, by: str) -> Task:
    return keep(
        by,
        title=task.title,
        kind=kind,
        beat=task.beat,
        officer=task.officer,
        atom=task.atom,
        call=task.call,
        follows=task,
        origin=task.origin,
        ordered_by=task.ordered_by,
        due=now() + timedelta(days=days),
        minutes=task.minutes,
        people=task.people,
    )


def call_off(task: Task, by: str) -> None:
    """Call a task off; it stays on record.

    Raises
    ------
    QinwuError
        Somebody has done it already.
    """
    with transaction.atomic():
        trail.lock()
        _still_open(task)
        task.done, task.done_by, task.spent, task.result = now(), by, 0, recurring.CALLED_OFF
        task.save(update_fields=["done", "done_by", "spent", "result"])
        trail.record(by, "task.call_off", str(task.pk), beat=task.beat)


def _still_open(task: Task) -> None:
    task.refresh_from_db()
    if task.done is not None:
        message = N_("{who} has ended this task already.")
        raise QinwuError([form_finding("task-done", "", message, N_("Load the page again."), who=task.done_by)])
