"""Mediation 矛盾纠纷化解: cases opened from dispute calls or entered, and how often disputes come back to a place (M19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
from django.db import transaction

from qinwu.board import trail
from qinwu.board.access.reach import Reach
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Task
from qinwu.board.work import tasks
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.score.repeat_places import RepeatRate, repeat_rate
from qinwu.language import N_

DUE_DAYS = 7
"""Days until a case should be mediated where nobody says another number: an assumption."""
LOOK_AGAIN_DAYS = 14
"""Days after which a settled case is looked at again: an assumption."""
MINUTES = 60
PEOPLE = 2
"""Mediation takes two officers."""
RECENT = timedelta(days=14)
REPEAT_DAYS = 30
LOOKED_AT = timedelta(days=90)
ENOUGH = 20
"""With fewer disputes in it a time tells nothing about places."""


def dispute_classes(force: InForce) -> list[str]:
    """Return the call classes that are disputes."""
    return [each.id for each in force.station.config.call_class if each.kind == "dispute"]


def recent_disputes(force: InForce, reach: Reach) -> list[Call]:
    """Return the dispute calls of the last days within reach that have no case yet, the newest first."""
    calls = Call.objects.filter(call_class__in=dispute_classes(force), received__gte=now() - RECENT, same_as__isnull=True)
    return [one for one in calls.filter(tasks__isnull=True).order_by("-received") if reach.may(tasks.beat_of(force, one.atom))]


def open_from(force: InForce, call: Call, days: int, by: str) -> Task:
    """Open the case of a call, once.

    Raises
    ------
    QinwuError
        The call is no dispute, or has a case already.
    """
    with transaction.atomic():
        trail.lock()
        if call.call_class not in dispute_classes(force):
            raise _refused("no-dispute", N_("Call {number} is no dispute."), number=call.number)
        if Task.objects.filter(call=call, kind="mediation").exists():
            raise _refused("case-open", N_("Call {number} has a mediation case already."), number=call.number)
        return _case(force, call.call_class, call.atom, days, by, call=call, origin="resident")


def enter(force: InForce, dispute: str, atom: str, days: int, by: str) -> Task:
    """Open a case that officers found themselves.

    Raises
    ------
    QinwuError
        The class or the place is none of the station's.
    """
    if dispute not in dispute_classes(force):
        raise _refused("unknown-class", N_("{word} is not in the list."), word=dispute)
    if atom not in force.plan.atoms:
        raise _refused("unknown-atom", N_("{word} is no place of this station."), word=atom)
    return _case(force, dispute, atom, days, by, origin="self")


def _case(force: InForce, dispute: str, atom: str, days: int, by: str, **more: object) -> Task:
    due = now() + timedelta(days=days)
    beat = tasks.beat_of(force, atom)
    return tasks.keep(by, title=dispute, kind="mediation", beat=beat, atom=atom, due=due, minutes=MINUTES, people=PEOPLE, **more)


def _refused(code: str, message: str, **values: object) -> QinwuError:
    return QinwuError([Finding(code, "error", message, N_("Load the page again."), Place(), values)])


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many disputes came back to a place, and the time looked at; `recent` whether it is the last 90 days."""

    rate: RepeatRate
    since: datetime
    until: datetime
    recent: bool


def repeats(force: InForce, reach: Reach, days: int = REPEAT_DAYS) -> Repeats:
    """Return how many disputes came back to a place within reach, from the record and the board together.

    The last 90 days are looked at, where they have enough disputes; else the last 90 days of the station's record.
    """
    classes = dispute_classes(force)
    table = force.station.calls.table.filter(pl.col("call_class").is_in(classes) & (pl.col("origin") != "officer"))
    record: dict[str, tuple[datetime, str]] = {
        name: (at, atom) for name, at, atom in table.select("call_id", "received", "atom").iter_rows()
    }
    ended = max((at for at, _ in record.values()), default=now())
    kept = Call.objects.filter(call_class__in=classes, same_as__isnull=True).exclude(origin="officer")
    record |= {number: (at, atom) for number, at, atom in kept.values_list("number", "received", "atom")}
    mine = [(at, atom) for at, atom in record.values() if reach.may(tasks.beat_of(force, atom))]
    until = now()
    recent = sum(until - LOOKED_AT <= at <= until for at, _ in mine) >= ENOUGH
    if not recent:
        until = ended
    since = until - LOOKED_AT
    seen = [one for one in mine if since - timedelta(days=days) <= one[0] <= until]
    return Repeats(repeat_rate([at for at, _ in seen], [atom for _, atom in seen], days, since), since, until, recent)
