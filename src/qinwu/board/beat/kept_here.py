"""Kept here: work done and calls closed on the board, as rows of the station's books, so that scores count them (M9, M22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from qinwu.board.beat.beat_work import COUNTS, INSPECTIONS, VISITS, today_at
from qinwu.board.in_force import InForce
from qinwu.board.models import Task, TrailEntry
from qinwu.board.oversight.export import calls_table
from qinwu.board.roster.rostered import midnight
from qinwu.judge.targets.kept import Kept

DISPUTES = "disputes"
LOOKED_AT = ("kept", "broken")
"""Results of a follow-up after which a dispute has been looked at again; a closed door is no follow-up."""
PLACES = {"day": pl.Date(), "atom": pl.String(), "beat": pl.String(), "entry": pl.String()}
VENUES = {"day": pl.Date(), "venue": pl.String(), "done": pl.Boolean(), "entry": pl.String()}
FOLLOWED = {**PLACES, "followed": pl.Boolean()}


def until_yesterday(force: InForce) -> Kept:
    """Return everything the board kept on days that are over; nothing where it was not in use by then."""
    today = today_at(force)
    first = TrailEntry.objects.order_by("number").values_list("at", flat=True).first()
    since = first.astimezone(force.zone).date() if first else today
    if since >= today:
        return Kept()
    last = today - timedelta(days=1)
    calls = calls_table(None, midnight(force, today))
    return Kept(calls, books_between(force, None, midnight(force, today)), since, last)


def books_between(force: InForce, start: datetime | None, end: datetime) -> dict[str, pl.DataFrame]:
    """Return the rows of visits, inspections and disputes that ended on the board between two times, `start` None for all."""
    ended = Task.objects.filter(done__isnull=False, done__lt=end).exclude(result="called_off").order_by("done", "pk")
    ended = ended if start is None else ended.filter(done__gte=start)
    zone = force.zone
    tasks = list(ended.filter(kind__in=("visit", "inspection", "mediation", "follow_up")))
    follow_ups = Task.objects.filter(kind="follow_up").values_list("follows", flat=True)
    followed = {pk for pk in follow_ups if pk is not None}
    return {
        VISITS: _frame(_visits(force, tasks, zone), PLACES),
        INSPECTIONS: _frame(_inspections(force, tasks, zone), VENUES),
        DISPUTES: _frame(_disputes(force, tasks, zone, followed), FOLLOWED),
    }


def _frame(rows: Iterator[tuple[object, ...]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _day(task: Task, zone: ZoneInfo) -> date:
    return (task.done or task.due).astimezone(zone).date()


def _place(force: InForce, task: Task) -> tuple[str | None, str | None]:
    """Return atom and beat, None for one that is not known: a beat that is none today counts by its place only."""
    known = {beat.id for beat in force.loaded.system.beat}
    return (task.atom if task.atom in force.atoms else None), (task.beat if task.beat in known and not task.atom else None)


def _visits(force: InForce, tasks: list[Task], zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    for task in tasks:
        if task.kind == "visit" and task.result in COUNTS:
            yield _day(task, zone), *_place(force, task), f"#{task.pk}"


def _inspections(force: InForce, tasks: list[Task], zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    """Yield inspections of venues; one is done where the venue was seen by the time it was due."""
    known = {venue.id for venue in force.station.venues}
    for task in tasks:
        if task.kind == "inspection" and task.venue in known:
            in_time = task.done is not None and task.done <= task.due
            yield _day(task, zone), task.venue, task.result in COUNTS and in_time, f"#{task.pk}"


def _disputes(force: InForce, tasks: list[Task], zone: ZoneInfo, followed: set[int]) -> Iterator[tuple[object, ...]]:
    """Yield follow-ups that ended, and mediations after which nobody planned one."""
    for task in tasks:
        if task.kind == "follow_up":
            yield _day(task, zone), *_place(force, task), f"#{task.pk}", task.result in LOOKED_AT
        elif task.kind == "mediation" and task.result in ("agreed", "not_agreed") and task.pk not in followed:
            yield _day(task, zone), *_place(force, task), f"#{task.pk}", False
