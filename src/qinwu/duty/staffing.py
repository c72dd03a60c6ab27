"""Staffing: which officer is in which squad, and who is accountable for which beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import floor
from typing import Literal

from qinwu.duty.stations import Stations, template_of
from qinwu.duty.system import Beat, DutySystem, Squad
from qinwu.duty.units import Posting
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.force import Force, Officer

Kind = Literal["sworn", "auxiliary"]
KINDS: tuple[Kind, ...] = ("sworn", "auxiliary")


@dataclass(frozen=True)
class Staffing:
    """Who is where.

    Parameters
    ----------
    members
        Officers of each squad in file order, by squad id.
    accountable
        The officer of each beat on the day in question, by beat id; beats that name nobody are missing.
    findings
        What did not work out.
    """

    members: Mapping[str, tuple[Officer, ...]]
    accountable: Mapping[str, Officer]
    findings: tuple[Finding, ...]


def accountable_id(beat: Beat, on: date) -> str:
    """Return the id of the officer accountable for `beat` on the day `on`, empty where nobody is."""
    dated = [assignment.officer for assignment in beat.assignments if assignment.since <= on < assignment.until]
    return dated[0] if dated else beat.officer


def posted(force: Force, system: DutySystem) -> Force:
    """Return the force as the ``[[posting]]`` tables of a duty system post it: unit, post and skills gained."""
    postings = {posting.id: posting for posting in system.posting}
    if not postings:
        return force
    return Force(tuple(_posted(one, postings[one.id]) if one.id in postings else one for one in force))


def _posted(officer: Officer, posting: Posting) -> Officer:
    unit, post = posting.unit or officer.unit, posting.post or officer.post
    return replace(officer, unit=unit, post=post, skills=officer.skills.union(posting.skills))


def staff(force: Force, system: DutySystem, on: date) -> Staffing:
    """Place the officers of `force` in the squads of `system` as of the day `on`, posted as the system posts them.

    Named officers come first; then the accountable officers of beats, into the squad that makes crews of them; then each squad
    draws what its ``staff`` asks for, in file order, those holding its skills first; ``rest`` comes last.

    In an area of several stations a squad draws from the officers of its unit, then of the units below it, then from those whose
    unit nobody says; shares are of these, and ``beats`` counts the beats there. A unit without any officers at or below it draws
    like the unit above. Of the officers named for a squad that every station has, each goes to that of the officer's own station.
    """
    draft = _Draft(posted(force, system), system)
    accountable = draft.find_accountable(on)
    draft.place_named()
    draft.place_accountable(accountable)
    draft.draw_counts()
    draft.draw_rest()
    draft.report_left_over()
    return Staffing(draft.in_file_order(), accountable, tuple(draft.findings))


def head_count(asked: float | str, pool: int, beats: int) -> int:
    """Return how many officers `asked` means, of a front-line pool of `pool` at a station with `beats` geographic beats.

    >>> head_count(0.25, 10, 12), head_count("beats", 10, 12), head_count(4, 10, 12)
    (3, 12, 4)
    """
    if asked == "beats":
        return beats
    if isinstance(asked, int):
        return asked
    return floor(float(asked) * pool + 0.5)


@dataclass
class _Draft:
    """The placing while it is under way."""

    force: Force
    system: DutySystem
    findings: list[Finding] = field(default_factory=list)
    chosen: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id = self.force.by_id()
        self.chosen = {squad.id: set() for squad in self.system.squad}
        self.stations = Stations.of(self.system)
        self.placed: set[str] = set()

    def beats_of(self, squad: Squad) -> int:
        return sum(self.stations.inside(beat, squad.unit) for beat in self.stations.beats)

    @cached_property
    def manned(self) -> set[str]:
        """The units with officers at or below them."""
        return {above for unit in {one.unit for one in self.force} for above in self.stations.above(unit)}

    def nearness(self, officer: Officer, squad: Squad) -> int:
        """Return 0 for officers of the squad's unit, 1 of a unit below it, 2 of no unit, -1 for those it may not draw."""
        if not self.stations.several or not officer.unit:
            return 2
        unit = next((one for one in self.stations.above(squad.unit) if one in self.manned), "")
        return 0 if officer.unit == unit else 1 if unit and officer.unit in self.stations.under(unit) else -1

    def pool(self, squad: Squad, kind: Kind, post: str = "front_line") -> list[Officer]:
        """Return the officers of a kind and post that a squad may draw from, placed or not, those of its own unit first."""
        fitting = [one for one in self.force if one.kind == kind and one.post == post and self.nearness(one, squad) >= 0]
        return sorted(fitting, key=lambda one: self.nearness(one, squad))

    def put(self, squad: str, officer: str) -> None:
        self.chosen[squad].add(officer)
        self.placed.add(officer)

    def know(self, officer: str, key: str) -> bool:
        if officer in self.by_id:
            return True
        near = did_you_mean(officer, self.by_id)
        self.findings.append(unknown_officer(officer, near, key))
        return False

    def find_accountable(self, on: date) -> dict[str, Officer]:
        named = {beat.id: accountable_id(beat, on) for beat in self.system.beat}
        return {beat: self.by_id[who] for beat, who in named.items() if who and self.know(who, f"beat.{beat}.officer")}

    def place_named(self) -> None:
        for squad in self.system.squad:
            for officer in squad.officers:
                if self.know(officer, f"squad.{squad.id}.officers") and self.belongs(officer, squad):
                    self.put(squad.id, officer)

    def belongs(self, officer: str, squad: Squad) -> bool:
        """Return whether an officer named for a squad is meant for this one of those that every station has."""
        if template_of(squad.id) == squad.id:
            return True
        return officer not in self.placed and self.nearness(self.by_id[officer], squad) >= 0

    def place_accountable(self, accountable: Mapping[str, Officer]) -> None:
        unit_of = {squad.id: squad.unit for squad in self.system.squad}
        for kind, form in (("geographic", "beat"), ("functional", "specialist")):
            squads = [rule.squad for rule in self.system.crews if rule.form == form and rule.squad in self.chosen]
            for beat in self.system.beat:
                officer = accountable[beat.id].id if beat.kind == kind and beat.id in accountable else ""
                squad = next((one for one in squads if self.stations.inside(beat, unit_of[one])), "")
                if officer and squad and officer not in self.placed:
                    self.put(squad, officer)

    def free(self, kind: Kind) -> list[Officer]:
        return [one for one in self.force if one.kind == kind and one.post == "front_line" and one.id not in self.placed]

    def draw(self, squad: Squad, kind: Kind, wanted: int | None, post: str = "front_line") -> int:
        """Draw up to `wanted` officers (None: all) of a kind and post into the squad; return how many came."""
        skills = frozenset(squad.skills)
        free = [one for one in self.pool(squad, kind, post) if one.id not in self.placed]
        candidates = sorted(free, key=lambda one: -len(one.skills & skills))
        drawn = candidates if wanted is None else candidates[: max(wanted, 0)]
        for officer in drawn:
            self.put(squad.id, officer.id)
        return len(drawn)

    def draw_counts(self) -> None:
        for squad in self.system.squad:
            self.draw_from_administration(squad)
            for kind in KINDS:
                asked = getattr(squad.staff, kind)
                if asked != "rest":
                    self.draw_up_to(squad, kind, asked)

    def draw_from_administration(self, squad: Squad) -> None:
        if not squad.staff.from_administration:
            return
        desks = len(self.pool(squad, "sworn", "administration"))
        wanted = head_count(squad.staff.from_administration, desks, self.beats_of(squad))
        got = self.draw(squad, "sworn", wanted, "administration")
        if got < wanted:
            self.findings.append(too_few(squad.id, "sworn", wanted, got))

    def draw_up_to(self, squad: Squad, kind: Kind, asked: float | str) -> None:
        if not asked:
            return
        wanted = head_count(asked, len(self.pool(squad, kind)), self.beats_of(squad))
        members = [self.by_id[one] for one in self.chosen[squad.id]]
        here = sum(one.kind == kind and one.post == "front_line" for one in members)
        got = here + self.draw(squad, kind, wanted - here)
        if got < wanted:
            self.findings.append(too_few(squad.id, kind, wanted, got))

    def draw_rest(self) -> None:
        for squad in self.system.squad:
            for kind in KINDS:
                if getattr(squad.staff, kind) == "rest":
                    self.draw(squad, kind, None)

    def report_left_over(self) -> None:
        self.findings.extend(empty_squad(squad) for squad, members in self.chosen.items() if not members)
        left = [one.id for kind in KINDS for one in self.free(kind)]
        if left:
            self.findings.append(without_squad(left))

    def in_file_order(self) -> dict[str, tuple[Officer, ...]]:
        return {squad: tuple(one for one in self.force if one.id in members) for squad, members in self.chosen.items()}


def listed(names: Sequence[str], most: int = 8) -> str:
    """Return the first names, comma separated, with a sign that there are more.

    >>> listed(["a", "b", "c"], most=2)
    'a, b, …'
    """
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def unknown_officer(officer: str, near: str, key: str) -> Finding:
    """Return the finding for an officer id that the force does not have."""
    remedy = N_("Did you mean {near}?") if near else N_("Use an id of the officers file.")
    return Finding(
        "unknown-officer",
        "error",
        N_("There is no officer {officer}."),
        remedy,
        Place(key=key),
        {"officer": officer, "near": near},
    )


def too_few(squad: str, kind: Kind, wanted: int, got: int) -> Finding:
    """Return the finding for a squad that could not be filled."""
    message = {
        "sworn": N_("Squad {squad} asks for {wanted} sworn officers; {got} are left for it."),
        "auxiliary": N_("Squad {squad} asks for {wanted} auxiliaries; {got} are left for it."),
    }[kind]
    return Finding(
        "too-few-officers",
        "warning",
        message,
        N_("Ask for fewer, or take them from another squad."),
        Place(key=f"squad.{squad}.staff"),
        {"squad": squad, "wanted": wanted, "got": got},
    )


def empty_squad(squad: str) -> Finding:
    """Return the finding for a squad nobody is in."""
    return Finding(
        "empty-squad",
        "error",
        N_("Nobody is in squad {squad}."),
        N_("Name its officers, give it staff, or leave the squad out."),
        Place(key=f"squad.{squad}"),
        {"squad": squad},
    )


def without_squad(officers: Sequence[str]) -> Finding:
    """Return the finding for front-line officers whom no squad takes."""
    return Finding(
        "officer-without-squad",
        "warning",
        N_("{count} front-line officers are in no squad: {officers}."),
        N_('Give one squad staff = "rest".'),
        Place(key="squad"),
        {"count": len(officers), "officers": listed(officers)},
    )
