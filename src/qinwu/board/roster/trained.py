"""Trained groups (M21): the calls of those who have a skill, before they had it and since, as the board's stamps tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qinwu.board.in_force import InForce
from qinwu.board.models import Sending, Skill
from qinwu.board.roster.in_crew import Book
from qinwu.judge.officers.trained import BeforeAfter, Case, before_after
from qinwu.language import Language

BACK = timedelta(days=365)
"""How far back calls are looked at."""
MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Group:
    """Those trained in one skill: the classes of calls that ask for it ('' for all calls), and the group before and since."""

    skill: str
    calls: str
    found: BeforeAfter


def groups(force: InForce, at: datetime, language: Language) -> list[Group]:
    """Return a group for every skill whose record began within the time that is looked at, by skill."""
    since = at - BACK
    trained = _first_days(since.date())
    if not trained:
        return []
    spent = list(_spent(force, since, at))
    return [_group(force, skill, trained[skill], spent, language) for skill in sorted(trained)]


def _first_days(since: date) -> dict[str, dict[str, date]]:
    """Return since when each officer has each skill, of those who had it on no earlier day than `since`; a renewal is none."""
    first: dict[str, dict[str, date]] = {}
    for line in Skill.objects.order_by("-since"):
        first.setdefault(line.skill, {})[line.officer] = line.since
    recent = {skill: {name: day for name, day in days.items() if day >= since} for skill, days in first.items()}
    return {skill: days for skill, days in recent.items() if days}


def _spent(force: InForce, since: datetime, at: datetime) -> Iterator[tuple[str, date, float, tuple[str, ...]]]:
    """Yield class, day, minutes at the scene and officers of every crew that was done with a call."""
    book = Book.of(force, since, at)
    done = Sending.objects.filter(arrived__gte=since, finished__lte=at, finished__isnull=False).select_related("call")
    for sending in done:
        crew = force.crew(sending.crew)
        if crew >= 0 and sending.arrived is not None and sending.finished is not None:
            minutes = (sending.finished - sending.arrived).total_seconds() / MINUTE_S
            day = sending.arrived.astimezone(force.zone).date()
            yield sending.call.call_class, day, minutes, book.assigned(crew, sending.arrived)


def _group(
    force: InForce, skill: str, days: dict[str, date], spent: list[tuple[str, date, float, tuple[str, ...]]], language: Language
) -> Group:
    asking = {one.id: one.name.in_language(language) for one in force.classes.values() if skill in one.skills}
    cases = (
        Case(day, minutes, tuple((name, days[name]) for name in officers if name in days))
        for call_class, day, minutes, officers in spent
        if not asking or call_class in asking
    )
    return Group(skill, ("、" if language == "zh" else ", ").join(asking.values()), before_after(cases))
