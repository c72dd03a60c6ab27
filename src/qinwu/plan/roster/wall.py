"""Wall: the wall sheet 勤务分配表 as data: for each day who is in which crew of which post and watch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qinwu.duty.system import Watch
from qinwu.plan.roster.needs import Post
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster
from qinwu.station.force import Officer


@dataclass(frozen=True, slots=True)
class Crewed:
    """One crew on one day: post, watch, its number there, and its members, a sworn officer first."""

    day: date
    post: Post
    watch: Watch
    number: int
    members: tuple[str, ...]


def crews_of(question: Question, roster: Roster) -> Iterator[Crewed]:
    """Yield every crew of a roster, by day, post and watch.

    Sworn officers open crews in turn, auxiliaries join them, and sworn officers who are left fill what is open.
    """
    officers = question.people.by_id()
    for day in range(roster.days):
        for number, shift in enumerate(roster.shifts[: len(question.needs.needs)]):
            names = [name for row, name in enumerate(roster.officers) if roster.at[row, day] == number]
            post = question.needs.post(shift.post)
            for place, members in enumerate(deal([officers[name] for name in names], post.crew), start=1):
                yield Crewed(roster.day(day), post, shift.watch, place, members)


def deal(officers: Sequence[Officer], size: int) -> list[tuple[str, ...]]:
    """Return officers as crews of at most `size`, as few as can be, each with a sworn officer where there are enough.

    >>> deal([Officer("A", "auxiliary"), Officer("S", "sworn"), Officer("T", "sworn"), Officer("B", "auxiliary")], 2)
    [('S', 'A'), ('T', 'B')]
    """
    count = -(-len(officers) // max(size, 1))
    order = [one.id for one in officers if one.kind == "sworn"]
    leaders, rest = order[:count], order[count:]
    crews = [[name] for name in leaders] + [[] for _ in range(count - len(leaders))]
    joining = [*(one.id for one in officers if one.kind != "sworn"), *rest]
    for name in joining:
        min(crews, key=len).append(name)
    return [tuple(crew) for crew in crews]
