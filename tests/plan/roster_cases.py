"""Small stations to make rosters for, and rule packs of a few rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.system import Watch
from qinwu.plan.roster.needs import Need, Needs, Post, day_numbers
from qinwu.plan.roster.people import Absence, People, Wish
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Duty, Roster, Shift
from qinwu.station.config import Text
from qinwu.station.force import Officer

MONDAY = date(2026, 1, 5)
DAY = Watch(id="day", name=Text(zh="白班", en="Day"), start="08:00", hours=12)
NIGHT = Watch(id="night", name=Text(zh="夜班", en="Night"), start="20:00", hours=12)
DUTY = Watch(id="duty", name=Text(zh="值班", en="Duty"), start="08:00", hours=24)
WATCHES = {"D": DAY, "N": NIGHT, "T": DUTY}
WORDS = {"zh": "规则", "en": "rule"}


def pack(*rules: dict[str, Any], watches: Sequence[Watch] = ()) -> Pack:
    """Return a pack of some rules; ids are their kinds unless they say otherwise."""
    whole = [{"id": str(rule["kind"]).replace("_", "-"), "name": WORDS, "text": WORDS, **rule} for rule in rules]
    data = {"id": "own", "name": WORDS, "about": WORDS, "rule": whole, "watch": [watch.model_dump() for watch in watches]}
    return Pack.model_validate(data)


def officers(sworn: int, auxiliary: int = 0) -> tuple[Officer, ...]:
    """Return sworn officers S1, S2 ... and auxiliaries A1, A2 ..."""
    return (
        *(Officer(f"S{number + 1}", "sworn") for number in range(sworn)),
        *(Officer(f"A{number + 1}", "auxiliary") for number in range(auxiliary)),
    )


def need(watch: Watch, people: int, sworn: int | None = None, wanted: int | None = None) -> Need:
    """Return so many officers in a watch every day, all sworn unless said."""
    least, of_them = day_numbers(people), day_numbers(people if sworn is None else sworn)
    return Need("post", watch, least, of_them, np.maximum(day_numbers(wanted or people), least), of_them)


def question(
    rules: Pack,
    needs: Sequence[Need],
    people: tuple[Officer, ...],
    days: int = 7,
    *,
    crew: int = 1,
    absences: Sequence[Absence] = (),
    wishes: Sequence[Wish] = (),
    before: Sequence[Duty] = (),
    skills: frozenset[str] = frozenset(),
    partners: tuple[tuple[str, str], ...] = (),
) -> Question:
    """Return a question about one post that everybody may fill."""
    post = Post("post", Text(zh="巡逻", en="Patrol"), tuple(one.id for one in people), crew, skills)
    whole = People(people, tuple(absences), tuple(wishes), tuple(before))
    return Question(rules, Needs((post,), tuple(needs), ""), whole, MONDAY, days, None, partners)


def drawn(asked: Question, *lines: str) -> Roster:
    """Return a roster from one line for each officer: D day, N night, T twenty-four hours, a dot for a day off."""
    shifts = [Shift(watch, "post") for watch in WATCHES.values()]
    letters = list(WATCHES)
    at = np.array([[letters.index(each) if each in letters else -1 for each in line] for line in lines], dtype=np.int32)
    return Roster(asked.first, tuple(one.id for one in asked.officers), tuple(shifts), at)


def lines_of(roster: Roster) -> list[str]:
    """Return a roster as lines of letters."""
    letter = {watch.id: letter for letter, watch in WATCHES.items()}
    rows = ([roster.shift(row, day) for day in range(roster.days)] for row in range(len(roster.officers)))
    return ["".join(letter[shift.watch.id] if shift else "." for shift in row) for row in rows]


def day(number: int) -> date:
    """Return a day counted from the Monday on which rosters here begin."""
    return MONDAY + timedelta(days=number)
