"""Fairness: nights, weekend days, duties and hours of each officer, what earlier months left, and hours owed as time off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from qinwu.duty.roster_rules.rules import CompTime
from qinwu.duty.roster_rules.shares import beyond_fair, owed_hours
from qinwu.plan.roster.people import Carried
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class Share:
    """One officer's share.

    Parameters
    ----------
    officer, kind, posts
        Who, sworn or auxiliary, and on which posts.
    duties, nights, weekends
        Counts of this roster.
    hours
        Hours that count; `actual_h` all hours on duty.
    present_days
        Days on which the officer was there.
    owed_h
        Hours owed as time off 补休, those brought from before included (M28).
    next
        What goes into the next roster: beyond the mean of the same post and kind.
    """

    officer: str
    kind: str
    posts: tuple[str, ...]
    duties: int
    nights: int
    weekends: int
    hours: float
    actual_h: float
    present_days: int
    owed_h: float
    next: Carried

    @property
    def week_h(self) -> float:
        """Hours that count in an average week of those on which the officer was there."""
        return self.hours / self.present_days * 7 if self.present_days else 0.0


def shares_of(question: Question, roster: Roster) -> tuple[Share, ...]:
    """Return each officer's share of a roster."""
    every = np.ones(len(roster.shifts), dtype=np.bool_)
    counts = {
        "duties": roster.counted(every),
        "nights": roster.counted(roster.nights),
        "weekends": roster.counted(every, roster.weekend),
    }
    actual = np.append([shift.watch.hours for shift in roster.shifts], 0.0)[roster.at].sum(axis=1)
    carried = _carried(question, roster, counts)
    rows = range(len(roster.officers))
    return tuple(_share(question, roster, row, counts, float(actual[row]), carried[roster.officers[row]]) for row in rows)


Counts = Mapping[str, np.ndarray[tuple[int], np.dtype[np.int32]]]


def _share(question: Question, roster: Roster, row: int, counts: Counts, actual: float, carried: Carried) -> Share:
    name = roster.officers[row]
    officer = question.people.by_id()[name]
    hours, present = float(roster.hours()[row]), question.present_days(name)
    beyond = next((rule.beyond for rule in question.pack.of(CompTime)), float("inf"))
    owed = question.people.brings(name).owed_h + owed_hours(hours, beyond, present)
    return Share(
        name,
        officer.kind,
        tuple(post.id for post in question.needs.posts if name in post.members),
        int(counts["duties"][row]),
        int(counts["nights"][row]),
        int(counts["weekends"][row]),
        hours,
        actual,
        present,
        owed,
        Carried(carried.nights, carried.weekends, carried.duties, owed),
    )


def _carried(question: Question, roster: Roster, counts: Counts) -> dict[str, Carried]:
    """Return what each officer takes into the next roster: what was had before and now, less the mean of those alike.

    Who was away part of the time is compared with that part of the mean.
    """
    row = {name: number for number, name in enumerate(roster.officers)}
    members_of = {name: members for members in _alike(question) for name in members}
    found = {}
    for name in roster.officers:
        members = members_of.get(name, (name,))
        there, at, brought = [question.present_days(one) for one in members], members.index(name), question.people.brings(name)
        figures = {
            what: getattr(brought, what) + beyond_fair([float(count[row[one]]) for one in members], there)[at]
            for what, count in counts.items()
        }
        found[name] = Carried(round(figures["nights"], 2), round(figures["weekends"], 2), round(figures["duties"], 2))
    return found


def _alike(question: Question) -> Iterator[tuple[str, ...]]:
    """Yield officers of one post and one kind."""
    officers = question.people.by_id()
    for post in question.needs.posts:
        for kind in ("sworn", "auxiliary"):
            members = tuple(name for name in post.members if name in officers and officers[name].kind == kind)
            if members and question.needs.of(post.id):
                yield members
