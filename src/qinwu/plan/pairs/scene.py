"""Who is to be paired: the officers of beats, what they wish, and what each two would be as a pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from qinwu.duty.rules.shape import beat_borders
from qinwu.duty.staffing import accountable_id
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.plan.pairs.aims import Aims
from qinwu.plan.pairs.problem import F64, I32, REFUSED, Bool, PairProblem
from qinwu.plan.pairs.wishes import NOWHERE, Wish
from qinwu.station.force import Officer
from qinwu.station.station import Station

YEAR_DAYS = 365.25


@dataclass(frozen=True)
class Scene:
    """The people to be paired.

    Parameters
    ----------
    officers
        In order.
    beats
        The beat of each, empty strings where the duty system has no beats.
    wishes
        Of each; those who said nothing have an empty one.
    borders
        (n, n) whose beats border each other.
    aims
        What a good pair is.
    """

    officers: tuple[Officer, ...]
    beats: tuple[str, ...]
    wishes: tuple[Wish, ...]
    borders: Bool
    aims: Aims

    def __len__(self) -> int:
        return len(self.officers)

    @cached_property
    def index(self) -> dict[str, int]:
        """Officer id to position."""
        return {officer.id: position for position, officer in enumerate(self.officers)}

    @cached_property
    def ranks(self) -> I32:
        """(n, n) the rank each officer gave each: 1 the first choice, equal for those liked the same, 0 for not named."""
        ranks = np.zeros((len(self), len(self)), dtype=np.int32)
        for who, wish in enumerate(self.wishes):
            before = 1
            for level in wish.named:
                there = [self.index[name] for name in level if name in self.index]
                ranks[who, there] = before
                before += len(there)
        return ranks

    @cached_property
    def refused(self) -> Bool:
        """(n, n) True where the officer of the row refuses the one of the column."""
        refused = np.eye(len(self), dtype=bool)
        for who, wish in enumerate(self.wishes):
            refused[who, [self.index[name] for name in wish.refused if name in self.index]] = True
            if self.aims.unnamed == "never":
                refused[who] |= self.ranks[who] == 0
        return refused

    @cached_property
    def fixed(self) -> tuple[tuple[int, int], ...]:
        """Pairs that stand whatever anybody wishes."""
        both = {(who, self.index[wish.fixed]) for who, wish in enumerate(self.wishes) if wish.fixed in self.index}
        return tuple(sorted({(min(pair), max(pair)) for pair in both}))

    @cached_property
    def common_shifts(self) -> F64:
        """(n, n) the share of the shifts either can work that both can work; 1 where nothing is said."""
        every = frozenset().union(*(wish.shifts for wish in self.wishes)) if self.wishes else frozenset[str]()
        can = np.array([[shift in (wish.shifts or every) for shift in sorted(every)] for wish in self.wishes], dtype=float)
        if not every:
            return np.ones((len(self), len(self)))
        both = can @ can.T
        return np.asarray(both / np.maximum(can.sum(axis=1)[:, None] + can.sum(axis=1)[None, :] - both, 1.0))

    @cached_property
    def gap_years(self) -> F64:
        """(n, n) years of service between two officers; nan where either's are not known."""
        joined = np.array([officer.joined.toordinal() if officer.joined else np.nan for officer in self.officers], dtype=float)
        return np.asarray(np.abs(joined[:, None] - joined[None, :]) / YEAR_DAYS)

    @cached_property
    def joint_skills(self) -> F64:
        """(n, n) the share of all skills anybody here has that the two have together; 1 where nobody has any."""
        every = sorted(frozenset().union(*(officer.skills for officer in self.officers))) if self.officers else []
        if not every:
            return np.ones((len(self), len(self)))
        has = np.array([[skill in officer.skills for skill in every] for officer in self.officers])
        return np.asarray((has[:, None, :] | has[None, :, :]).mean(axis=2))

    @cached_property
    def unmet(self) -> F64:
        """(n, n) how far the officer of the row is from the first choice with that of the column: 0 the first, 1 not named."""
        named = (self.ranks > 0).sum(axis=1, keepdims=True)
        share = np.where(self.ranks > 0, (self.ranks - 1) / np.maximum(named, 1), 1.0)
        return np.where(named > 0, share, 0.0)

    @cached_property
    def lacking(self) -> F64:
        """(n, n) what each pair lacks, 0 to 1: the weighted mean of what each aim could give and does not."""
        parts = {
            "wishes": (self.unmet + self.unmet.T) / 2.0,
            "experience": 1.0 - np.minimum(np.nan_to_num(self.gap_years) / self.aims.full_gap, 1.0),
            "skills": 1.0 - self.joint_skills,
            "shifts": 1.0 - self.common_shifts,
            "border": 1.0 - self.borders.astype(float),
        }
        weights = self.aims.weights
        return np.asarray(sum(weights[name] * part for name, part in parts.items()) / sum(weights.values()))

    def problem(self) -> PairProblem:
        """Return the pairing problem: those named in their order, all others after them alike; fixed pairs have only each other."""
        never = self.refused | self.refused.T | (self.common_shifts == 0.0)
        named = (self.ranks > 0).sum(axis=1, keepdims=True)
        levels = np.where(self.ranks > 0, self.ranks - 1, named).astype(np.int32)
        levels[never] = REFUSED
        for one, two in self.fixed:
            levels[[one, two], :] = levels[:, [one, two]] = REFUSED
            levels[one, two] = levels[two, one] = 0
        return PairProblem(_dense(levels), self.lacking, everybody=self.aims.unnamed == "last")


def _dense(levels: I32) -> I32:
    """Return levels without gaps between them, on each list."""
    dense = np.full(levels.shape, REFUSED, dtype=np.int32)
    for who, row in enumerate(levels):
        kept = row >= 0
        dense[who, kept] = np.unique(row[kept], return_inverse=True)[1]
    return dense


def scene_of(
    station: Station, system: DutySystem, wishes: Sequence[Wish], aims: Aims, on: date
) -> tuple[Scene, tuple[Finding, ...]]:
    """Return who is to be paired: the officers of the geographic beats, or where no beat names one, all who have a row of wishes.

    Parameters
    ----------
    station, system
        What there is, and whose beats.
    wishes
        Rows of wishes; officers without one take anybody.
    aims
        What a good pair is.
    on
        The day for which the officers of beats are looked up.

    Raises
    ------
    QinwuError
        Wishes name officers that do not exist, fixed pairs contradict each other, or fewer than two officers are there to pair.
    """
    known = station.force.by_id()
    held = _beats_held(system, on)
    ids = list(held) or [wish.officer for wish in wishes]
    findings = [*aims.findings(), *_unknown(wishes, held, known, ids), *_fixed_findings(wishes), *_few(ids)]
    missing = [officer for officer in ids if officer not in known]
    findings += [_not_there(officer, held, known) for officer in missing if held]
    found = raise_on_errors(findings)
    said = {wish.officer: wish for wish in wishes}
    officers = tuple(known[officer] for officer in ids)
    beats = tuple(held.get(officer, ("",))[0] for officer in ids)
    joint = beat_borders(system, station.area) if held else frozenset[tuple[str, str]]()
    touch = [[any((a, b) in joint for a in held.get(one, ()) for b in held.get(two, ())) for two in ids] for one in ids]
    borders = np.array(touch, dtype=bool) if held else np.ones((len(ids), len(ids)), dtype=bool)
    scene = Scene(officers, beats, tuple(said.get(officer, Wish(officer)) for officer in ids), borders, aims)
    return scene, (*found, *_notes(scene))


def _beats_held(system: DutySystem, on: date) -> dict[str, tuple[str, ...]]:
    """Return the beats of each officer who has any, in the order of the beats."""
    held: dict[str, tuple[str, ...]] = {}
    for beat in system.beat:
        officer = accountable_id(beat, on) if beat.kind == "geographic" else ""
        if officer:
            held[officer] = (*held.get(officer, ()), beat.id)
    return held


def _unknown(
    wishes: Sequence[Wish], held: dict[str, tuple[str, ...]], known: dict[str, Officer], ids: list[str]
) -> Iterator[Finding]:
    for wish in wishes:
        names = [wish.officer, *(name for level in wish.named for name in level), *sorted(wish.refused), wish.fixed]
        for name in dict.fromkeys(name for name in names if name):
            if name not in known:
                yield _not_there(name, held, known, wish.place)
        if held and wish.officer in known and wish.officer not in held:
            message, remedy = N_("{officer} has no beat and is not paired."), N_("Pairs are of two beats: give the officer one.")
            yield Finding("no-beat", "warning", message, remedy, wish.place, {"officer": wish.officer})
        if wish.fixed in known and wish.fixed not in ids:
            message, remedy = N_("{officer} is fixed with {name}, who has no beat."), N_("Fix officers who have beats.")
            yield Finding("fixed-without-beat", "error", message, remedy, wish.place, {"officer": wish.officer, "name": wish.fixed})


def _not_there(name: str, held: dict[str, tuple[str, ...]], known: dict[str, Officer], place: Place = NOWHERE) -> Finding:
    near = did_you_mean(name, [*held, *known])
    remedy = N_("Did you mean {near}?") if near else N_("Use an id of the officers' file.")
    return Finding("unknown-officer", "error", N_("There is no officer {name}."), remedy, place, {"name": name, "near": near})


def _fixed_findings(wishes: Sequence[Wish]) -> Iterator[Finding]:
    """Yield errors for fixed pairs that contradict each other, or of whom one refuses the other."""
    partner: dict[str, str] = {}
    said = {wish.officer: wish for wish in wishes}
    for wish in (wish for wish in wishes if wish.fixed):
        for one, two in ((wish.officer, wish.fixed), (wish.fixed, wish.officer)):
            if partner.setdefault(one, two) != two:
                message, remedy = N_("{one} is fixed with both {two} and {three}."), N_("Fix each officer with one colleague.")
                values = {"one": one, "two": partner[one], "three": two}
                yield Finding("fixed-twice", "error", message, remedy, wish.place, values)
        if wish.fixed in said and wish.officer in said[wish.fixed].refused:
            message, remedy = N_("{one} and {two} are fixed, but {two} refuses {one}."), N_("Lift the refusal, or do not fix them.")
            yield Finding("fixed-and-refused", "error", message, remedy, wish.place, {"one": wish.officer, "two": wish.fixed})


def _few(ids: list[str]) -> Iterator[Finding]:
    if len(ids) < 2:
        message = N_("There are {count} officers to pair; a pair needs two.")
        remedy = N_("Name the officers of beats in the duty system, or give a file of wishes.")
        yield Finding("too-few-to-pair", "error", message, remedy, Place(), {"count": len(ids)})


def _notes(scene: Scene) -> Iterator[Finding]:
    unknown = [officer.id for officer in scene.officers if officer.joined is None]
    if unknown and scene.aims.experience:
        message, remedy = N_("It is not known when these officers joined: {officers}."), N_("Fill in joined in the officers' file.")
        yield Finding("no-joining-date", "warning", message, remedy, Place(), {"officers": ", ".join(unknown)})
    silent = [wish.officer for wish in scene.wishes if not wish.named]
    if silent and scene.aims.wishes:
        message, remedy = N_("These officers name nobody and take anybody: {officers}."), N_("Ask them for their wishes.")
        yield Finding("no-wish", "warning", message, remedy, Place(), {"officers": ", ".join(silent)})
