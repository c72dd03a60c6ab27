"""Conflict: which of a month's demands and rules cannot be kept together, and the cheapest ways out, in the user's words (M12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import NamedTuple

from qinwu.duty.calendar import DAY_S, HOUR_S
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.rounds.aims import Aims, seconds_of_day
from qinwu.plan.rounds.capacity import Shortage, Want, least_share, shortage
from qinwu.plan.rounds.due import DueVisit
from qinwu.plan.rounds.free import Span
from qinwu.plan.rounds.inspecting import may_inspect, must_inspect
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.people import People

GRADE, OPEN, VISITS = "grade:", "open:", "visits:"
HALVINGS = 7
TOGETHER, SHARE, OWN_BEAT, VETO, ABSENT, SPECIALIST = "together", "share", "own_beat", "veto", "absent", "specialist"


class _Kind(NamedTuple):
    """Visits alike: what :class:`Want` holds but the hours."""

    name: str
    opens_s: float
    closes_s: float
    people: int
    who: frozenset[str]


@dataclass(frozen=True)
class Demand:
    """What a month must have, and the hours there are for it.

    Parameters
    ----------
    visits
        Inspections that must be made; those only the lot chose are left out.
    stays_h
        Least hours of beat visits in the month, by officer.
    aims, people, month
        Rules, who there is, and the days planned.
    spans
        Free time that may be planned.
    with_absent
        The same as if nobody were absent.
    """

    visits: Sequence[DueVisit]
    stays_h: Mapping[str, float]
    aims: Aims
    people: People
    month: Month
    spans: Sequence[Span]
    with_absent: Sequence[Span]

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Everything that can be in conflict, what is least likely to be meant first."""
        grades = sorted({visit.venue.grade for visit in self.visits})
        kinds = sorted({visit.venue.kind for visit in self.visits})
        items = [VETO] if self.aims.veto else []
        items += [] if self.aims.inspection.own_beat else [OWN_BEAT]
        items += [SPECIALIST] if self.people.specialists else []
        items += [ABSENT] if len(self.with_absent) != len(self.spans) else []
        items += [f"{OPEN}{kind}" for kind in kinds]
        items += [TOGETHER] if self.aims.inspection.officers > 1 and self.visits else []
        items += [VISITS] if any(hours > 0.0 for hours in self.stays_h.values()) else []
        return (*items, *(f"{GRADE}{grade}" for grade in grades), SHARE)

    def wants(self, without: frozenset[str] = frozenset()) -> list[Want]:
        """Return what must be done where some items do not count."""
        found: dict[_Kind, float] = {}
        for visit, hours in self._by_venue.values():
            if f"{GRADE}{visit.venue.grade}" not in without:
                for kind in self._kinds(visit, without):
                    found[kind] = found.get(kind, 0.0) + hours
        if VISITS not in without:
            opens, closes = (seconds_of_day(one) for one in self.aims.beat_visit.between)
            for officer, hours in self.stays_h.items():
                if hours > 0.0:
                    found[_Kind(f"{VISITS}{officer}", opens, closes, 1, frozenset({officer}))] = hours
        return [Want(one.name, hours, one.opens_s, one.closes_s, one.people, one.who) for one, hours in found.items()]

    def _kinds(self, visit: DueVisit, without: frozenset[str]) -> Iterator[_Kind]:
        """Yield what an inspection asks for; where a specialist must be there, that and the others' company apart."""
        trade, rules = visit.venue.kind, self.aims.inspection
        opens, closes = (seconds_of_day(one) for one in self.aims.hours_of(trade))
        if f"{OPEN}{trade}" in without:
            opens, closes = 0.0, 2.0 * DAY_S
        people = 1 if TOGETHER in without else rules.officers
        name, who = f"{GRADE}{visit.venue.grade}", self._who(visit, without)
        owner = "" if SPECIALIST in without else must_inspect(self.aims, self.people, visit)
        if owner:
            yield _Kind(name, opens, closes, 1, frozenset({owner}))
            people, who = people - 1, who - {owner}
        if people:
            yield _Kind(name, opens, closes, people, who)

    def _who(self, visit: DueVisit, without: frozenset[str]) -> frozenset[str]:
        """Return who may inspect a venue."""
        rules = self.aims.inspection
        all_sworn = rules.sworn >= rules.officers and TOGETHER not in without
        own_beat = rules.model_copy(update={"own_beat": rules.own_beat or OWN_BEAT in without})
        veto = () if VETO in without else self.aims.veto
        relaxed = self.aims.model_copy(update={"veto": veto, "inspection": own_beat})
        able = (name for name, one in self.people.officers.items() if one.kind == "sworn" or not all_sworn)
        return frozenset(name for name in able if may_inspect(relaxed, self.people, visit, name))

    @cached_property
    def _by_venue(self) -> dict[str, tuple[DueVisit, float]]:
        """One visit of each venue, and the hours of all its visits with the shortest way to each, by venue id."""
        area, found = self.people.station.area, dict[str, tuple[DueVisit, float]]()
        atoms = sorted({area.index[visit.venue.atom] for visit in self.visits} | {self.people.station.base})
        for visit in self.visits:
            venue = visit.venue
            way = float(area.travel.base_s[atoms, area.index[venue.atom]].min())
            hours = (self.aims.minutes_of(venue.kind, venue.inspection_min) * 60.0 + way) / HOUR_S
            found[venue.id] = (visit, found.get(venue.id, (visit, 0.0))[1] + hours)
        return found

    def short(self, without: frozenset[str] = frozenset(), only: frozenset[str] | None = None) -> Shortage | None:
        """Return what is lacking where some items do not count."""
        spans = self.with_absent if ABSENT in without else self.spans
        return shortage(self.wants(without), spans, 1.0 if SHARE in without else self.aims.most_share, only)

    def fits(self, without: frozenset[str] = frozenset()) -> bool:
        """Return whether everything fits where some items do not count."""
        found = self.short(without)
        return found is not None and found.none


def conflict_of(demand: Demand) -> tuple[str, ...]:
    """Return a smallest set of items that cannot be kept together: without any one of them the others can (deletion filter).

    References
    ----------
    Chinneck & Dravnieks 1991, ORSA J. Comput. 3(2): 157-168.
    """
    dropped: frozenset[str] = frozenset()
    for item in demand.items:
        if not demand.fits(dropped | {item}):
            dropped |= {item}
    return tuple(item for item in demand.items if item not in dropped)


def refusal(demand: Demand) -> tuple[Finding, ...]:
    """Return why a month cannot be planned: hours asked for and there, the conflict, and what would help, cheapest first."""
    short = demand.short()
    wants = demand.wants()
    needed = sum(want.hours * want.together for want in wants)
    hours = sum(span.hours for span in demand.spans) * demand.aims.most_share
    message = N_(
        "The visits that {month} must have do not fit: they take {needed} officer-hours; {hours} are free, and {short} are lacking "
        "in the hours when they are needed."
    )
    values: dict[str, object] = {
        "month": demand.month.first.strftime("%Y-%m"),
        "needed": f"{needed:.1f}",
        "hours": f"{hours:.1f}",
        "short": f"{short.hours if short else needed:.1f}",
    }
    remedy = N_("Change one of the rows below; the cheapest ways out come last.")
    items = conflict_of(demand)
    ways = tuple(ways_out(demand, items)) or tuple(_all_less(demand))
    first = Finding("rounds-do-not-fit", "error", message, remedy, values=values)
    return first, *(_told(demand, item) for item in items), *ways


def _told(demand: Demand, item: str) -> Finding:
    """Return one row of a conflict in the user's words."""
    aims = demand.aims
    if item.startswith(GRADE):
        grade = item.removeprefix(GRADE)
        count = sum(visit.venue.grade == grade for visit in demand.visits)
        days = next(one.interval_days for one in aims.grade if one.id == grade)
        hours = sum(want.hours * want.together for want in demand.wants() if want.name == item)
        message = N_("Grade {grade} every {days} days: {count} inspections, {hours} officer-hours.")
        return _row(item, message, grade=grade, days=f"{days:g}", count=count, hours=f"{hours:.1f}")
    if item.startswith(OPEN):
        opens, closes = aims.hours_of(item.removeprefix(OPEN))
        message = N_("Trade {kind} can be inspected from {opens} to {closes} only.")
        return _row(item, message, kind=item.removeprefix(OPEN), opens=opens, closes=closes)
    if item == VISITS:
        message = N_("Beat visits: {hours} hours a week of each beat officer, from {opens} to {closes}; hours lacking: {officers}.")
        opens, closes = aims.beat_visit.between
        officers = _lacking(demand)
        return _row(
            item, message, hours=f"{aims.beat_visit.hours_per_week or 0.0:g}", opens=opens, closes=closes, officers=officers
        )
    if item == TOGETHER:
        message = N_("An inspection takes {officers} officers together, {sworn} of them sworn.")
        return _row(item, message, officers=aims.inspection.officers, sworn=aims.inspection.sworn)
    if item == SHARE:
        return _row(item, N_("At most {percent}% of the free time is planned."), percent=f"{100 * aims.most_share:g}")
    if item == ABSENT:
        names = ", ".join(sorted({one.officer for one in aims.absent}))
        return _row(item, N_("Officers absent: {names}."), names=names)
    if item == VETO:
        return _row(item, N_("{count} vetoes keep officers from venues."), count=len(aims.veto))
    if item == OWN_BEAT:
        return _row(item, N_("Nobody inspects in the own beat."))
    return _row(item, N_("A venue of a functional beat is inspected by its specialist."))


def _lacking(demand: Demand) -> str:
    """Return the beat officers whose visits do not fit, and the hours they lack in the month, most first."""
    short = demand.short()
    lacking = {
        name.removeprefix(VISITS): hours for name, hours in (short.by_name if short else {}).items() if name.startswith(VISITS)
    }
    return ", ".join(f"{officer} {hours:.0f}" for officer, hours in sorted(lacking.items(), key=lambda one: -one[1]))


def _row(item: str, message: str, **values: object) -> Finding:
    return Finding("in-conflict", "error", message, values={"item": item, **values})


def ways_out(demand: Demand, items: Sequence[str]) -> Iterator[Finding]:
    """Yield what alone would make everything fit, cheapest first: hours given up, then rules given up."""
    given_up = []
    for item in items:
        if item.startswith(GRADE) or item == VISITS:
            given_up += list(_less(demand, item))
    if SHARE in items:
        share = least_share(demand.wants(), demand.spans)
        if share <= 1.0:
            message = N_("Plan up to {percent}% of the free time.")
            yield _way(message, percent=ceil(100.0 * share - 1e-6))
    for _, way in sorted(given_up, key=lambda one: one[0]):
        yield way
    rules = {
        TOGETHER: N_("Let one officer inspect alone, where the law allows it."),
        ABSENT: N_("Bring an absent officer back."),
        VETO: N_("Lift a veto."),
        OWN_BEAT: N_("Let officers inspect in their own beats."),
        SPECIALIST: N_("Let others inspect the venues of functional beats."),
    }
    for item in items:
        if item.startswith(OPEN) and demand.fits(frozenset({item})):
            yield _way(N_("Inspect trade {kind} at other hours."), kind=item.removeprefix(OPEN))
        elif item in rules and demand.fits(frozenset({item})):
            yield _way(rules[item])


def _less(demand: Demand, item: str) -> Iterator[tuple[float, Finding]]:
    """Yield how much less of one demand would fit, with the officer-hours given up."""
    wants = [want for want in demand.wants() if want.name.startswith(item)]
    short = demand.short(only=frozenset(want.name for want in wants))
    if short is None:
        return
    total = sum(want.hours * want.together for want in wants)
    kept = 1.0 - short.hours / total
    if item == VISITS:
        least = min(1.0 - short.by_name.get(want.name, 0.0) / want.hours for want in wants)
        hours = (demand.aims.beat_visit.hours_per_week or 0.0) * least
        message = N_("Ask for {hours} hours of beat visits a week.")
        yield short.hours, _way(message, hours=f"{int(10 * hours) / 10:g}")
    elif kept > 0.0:
        grade = item.removeprefix(GRADE)
        days = next(one.interval_days for one in demand.aims.grade if one.id == grade)
        message = N_("Inspect grade {grade} every {days} days: {hours} officer-hours less.")
        yield short.hours, _way(message, grade=grade, days=ceil(days / kept - 1e-6), hours=f"{short.hours:.1f}")


def _all_less(demand: Demand) -> Iterator[Finding]:
    """Yield by how much all demands together must shrink where none alone is enough, found by halving."""
    least, most = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (least + most) / 2.0
        wants = [replace(want, hours=want.hours * middle) for want in demand.wants()]
        found = shortage(wants, demand.spans, demand.aims.most_share)
        least, most = (middle, most) if found is not None and found.none else (least, middle)
    if least > 0.0:
        message = N_("Only {percent}% of all visits together fit: make all intervals {times} times as long.")
        yield _way(message, percent=int(100 * least), times=f"{ceil(10.0 / least) / 10:g}")


def _way(message: str, **values: object) -> Finding:
    return Finding("way-out", "note", message, values=values)
