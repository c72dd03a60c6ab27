"""In crew: who is in which crew when. The duty system names them, approved swaps change them, absences take them away.

Everything that asks who is in a crew asks a :class:`Book`: proposals, the bars of the day, cover, the rights to a crew, calendars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Q

from qinwu.board.in_force import InForce
from qinwu.board.models import Absence, Sending, Swap
from qinwu.board.plans.changing_over import left_over
from qinwu.board.roster.absences import between, broken_by_absence
from qinwu.board.roster.rostered import stretches

INSTANT = timedelta(microseconds=1)
JOIN = timedelta(minutes=1)


class Leg(NamedTuple):
    """One half of a swap: `giver` leaves a crew to `taker` from `start` to `end`."""

    crew: str
    giver: str
    taker: str
    start: datetime
    end: datetime


class Duty(NamedTuple):
    """A stretch of duty of one officer in one crew."""

    officer: str
    crew: str
    start: datetime
    end: datetime


class Strength(NamedTuple):
    """What a crew is at a moment: who is there, how many, how many of them sworn, and whether it may go."""

    officers: tuple[str, ...]
    people: int
    sworn: int
    goes: bool


@dataclass(frozen=True)
class Book:
    """What decides who is in which crew in a span.

    Parameters
    ----------
    force
        The duty system in force.
    legs
        Approved swaps, in the order in which they were asked for; none holds whose officer is away or left the officers file.
    absences
        What is approved.
    out
        Who is on a call at this moment with a crew of a duty system no longer in force, and so in no crew of this one.
    """

    force: InForce
    legs: tuple[Leg, ...]
    absences: tuple[Absence, ...]
    out: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        force: InForce,
        start: datetime,
        end: datetime | None = None,
        also_away: Sequence[Absence] = (),
        going: Iterable[Sending] | None = None,
    ) -> Book:
        """Return the book of a span, of a moment where there is no end.

        `also_away` are absences not ordered yet, `going` the sendings that are not over where they are known already.
        """
        until = end or start + INSTANT
        first = Q(start__lt=until, end__gt=start)
        swaps = Swap.objects.filter(first | Q(other_start__lt=until, other_end__gt=start), state="approved").order_by("id")
        known = force.sworn
        hold = [swap for swap in swaps if swap.officer in known and swap.other in known and not broken_by_absence(swap)]
        legs = tuple(leg for swap in hold for leg in legs_of(swap))
        out = frozenset[str]().union(*left_over(force, going).values()) if end is None else frozenset[str]()
        return cls(force, legs, (*between(start, until), *also_away), out)

    def having(self, legs: Sequence[Leg]) -> Book:
        """Return the book as it would be with more legs."""
        return replace(self, legs=(*self.legs, *legs))

    def assigned(self, crew: int, at: datetime) -> tuple[str, ...]:
        """Return the officers who are to be in a crew at a moment, present or not."""
        label = self.force.plan.crews[crew]
        officers = label.officers
        for leg in self.legs:
            if leg.crew == label.id and leg.start <= at < leg.end and leg.giver in officers:
                officers = tuple(leg.taker if name == leg.giver else name for name in officers if name != leg.taker)
        return officers

    def away(self, start: datetime, end: datetime | None = None) -> frozenset[str]:
        """Return who is away at a moment, or for any part of a span."""
        until = end or start + INSTANT
        return frozenset(each.officer for each in self.absences if each.start < until and (each.end is None or each.end > start))

    def present(self, crew: int, at: datetime) -> tuple[str, ...]:
        """Return the officers who are in a crew at a moment: as the duty system and swaps have it, less those away."""
        away = self.away(at) | self.out
        return tuple(name for name in self.assigned(crew, at) if name not in away)

    def strength(self, crew: int, at: datetime) -> Strength:
        """Return what a crew is at a moment; with no sworn officer left it does not go (辅警 do not act alone)."""
        arrays = self.force.plan.crew
        if not self.force.plan.crews[crew].officers:
            return Strength((), int(arrays.people[crew]), int(arrays.sworn[crew]), goes=True)
        officers, known = self.present(crew, at), self.force.sworn
        sworn = sum(known.get(name, False) for name in officers)
        return Strength(officers, len(officers), sworn, bool(officers) and (sworn > 0 or not arrays.sworn[crew]))

    def swap_cuts(self, crew: int, start: datetime, end: datetime) -> list[datetime]:
        """Return the moments within a span at which a swap changes a crew, with start and end."""
        name = self.force.plan.crews[crew].id
        inside = {at for leg in self.legs if leg.crew == name for at in (leg.start, leg.end) if start < at < end}
        return [start, *sorted(inside), end]

    def cuts(self, crew: int, start: datetime, end: datetime) -> list[datetime]:
        """Return the moments within a span at which a swap or an absence changes a crew, with start and end."""
        found = self.swap_cuts(crew, start, end)
        names = {name for at in found[:-1] for name in self.assigned(crew, at)}
        ends = {at for each in self.absences if each.officer in names for at in (each.start, each.end) if at and start < at < end}
        return sorted({*found, *ends})

    def duties(self, start: datetime, end: datetime) -> Iterator[Duty]:
        """Yield what everybody has by roster and swaps in a span, cut to it; absences are not taken off."""
        last: dict[tuple[str, str], Duty] = {}
        for crew, begin, until in sorted(stretches(self.force, start, round((end - start).total_seconds() / 60.0))):
            moments = self.swap_cuts(crew, begin, until)
            for since, stop in pairwise(moments):
                for officer in self.assigned(crew, since):
                    key = officer, self.force.plan.crews[crew].id
                    before = last.get(key)
                    if before is not None and since - before.end < JOIN:
                        last[key] = before._replace(end=stop)
                        continue
                    if before is not None:
                        yield before
                    last[key] = Duty(*key, since, stop)
        yield from last.values()

    def duties_of(self, officer: str, start: datetime, end: datetime) -> list[Duty]:
        """Return an officer's duties in a span, by time."""
        return sorted((one for one in self.duties(start, end) if one.officer == officer), key=lambda one: one.start)


def legs_of(swap: Swap) -> tuple[Leg, ...]:
    """Return the halves of a swap: what is given, and what is taken in return."""
    given = Leg(swap.crew, swap.officer, swap.other, swap.start, swap.end)
    if not swap.other_crew or swap.other_start is None or swap.other_end is None:
        return (given,)
    return given, Leg(swap.other_crew, swap.other, swap.officer, swap.other_start, swap.other_end)


def in_crew(force: InForce, crew: int, at: datetime) -> tuple[str, ...]:
    """Return the officers who are in a crew at a moment."""
    return Book.of(force, at).present(crew, at)


def crews_of(force: InForce, officer: str, at: datetime) -> frozenset[str]:
    """Return the crews that an officer speaks for: the own one as swaps have it, and one still on a call it was sent to with it."""
    if not officer:
        return frozenset()
    book = Book.of(force, at)
    own = {label.id for k, label in enumerate(force.plan.crews) if officer in book.assigned(k, at)}
    for sending in Sending.objects.filter(over__isnull=True):
        sent, crew = sending.dispatched or sending.requested, force.crew(sending.crew)
        if sent is not None and crew >= 0 and officer in Book.of(force, sent).assigned(crew, sent):
            own.add(sending.crew)
    return frozenset(own) | {crew for crew, officers in left_over(force).items() if officer in officers}
