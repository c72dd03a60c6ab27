"""Planning pairs: the answer, each pair told, with its proof and its part of a duty file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.plan.effort import Effort, Running
from qinwu.plan.pairs.aims import AIMS, Aims
from qinwu.plan.pairs.conflict import check_everybody_fits
from qinwu.plan.pairs.problem import ALONE, I32, PairProblem
from qinwu.plan.pairs.scene import Scene, scene_of
from qinwu.plan.pairs.solving import PairSolution, solve_pairs
from qinwu.plan.pairs.wishes import Wish
from qinwu.plan.proof import Proof
from qinwu.station.station import Station

METHODS = {
    "table": N_("Irving's stable roommates, then the cheapest stable pairing by branch and bound"),
    "program": N_("branch and bound over all pairs, ties kept as ties"),
    "sparse": N_("ties broken well, then branch and bound over the pairs that are likely"),
    "struck": N_("a stable pairing once the fewest pairs are let down"),
    "earlier": N_("the earlier pairing, which was not beaten"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One pair.

    Parameters
    ----------
    one, two
        Positions of its members.
    ranks
        The rank each gave the other, 0 for not named.
    gap_years
        Years of service between them, nan where not known.
    skills
        What both together can do.
    shared_shifts
        Share of shifts that both can work, 0 to 1.
    border
        Whether their beats border each other.
    lacking
        What the pair lacks, 0 to 1.
    fixed
        Whether it was fixed beforehand.
    """

    one: int
    two: int
    ranks: tuple[int, int]
    gap_years: float
    skills: tuple[str, ...]
    shared_shifts: float
    border: bool
    lacking: float
    fixed: bool


@dataclass(frozen=True)
class PairPlan:
    """Who pairs with whom.

    Parameters
    ----------
    scene, problem, solution
        Who was to be paired, as arrays, and what was found.
    before
        (n,) the partner each has in the duty system planned from, -1 for none.
    proof
        How good it is.
    findings
        What was doubtful in the input.
    """

    scene: Scene
    problem: PairProblem
    solution: PairSolution
    before: I32
    proof: Proof
    findings: tuple[Finding, ...]

    def told(self, mate: I32) -> tuple[Told, ...]:
        """Return the pairs of a pairing, each told."""
        return tuple(self._tell(int(one), int(mate[one])) for one in np.flatnonzero(mate > np.arange(len(mate))))

    @cached_property
    def pairs(self) -> tuple[Told, ...]:
        """The pairs planned."""
        return self.told(self.solution.mate)

    @cached_property
    def pairs_before(self) -> tuple[Told, ...]:
        """The pairs as they are."""
        return self.told(self.before)

    def _tell(self, one: int, two: int) -> Told:
        scene = self.scene
        skills = scene.officers[one].skills | scene.officers[two].skills
        return Told(
            one,
            two,
            (int(scene.ranks[one, two]), int(scene.ranks[two, one])),
            float(scene.gap_years[one, two]),
            tuple(sorted(skills)),
            float(scene.common_shifts[one, two]),
            bool(scene.borders[one, two]),
            float(scene.lacking[one, two]),
            (one, two) in scene.fixed,
        )

    @property
    def blocking(self) -> tuple[tuple[int, int], ...]:
        """Pairs of officers who would both rather have each other."""
        return tuple((int(one), int(two)) for one, two in self.solution.blocking)

    @property
    def blocking_before(self) -> tuple[tuple[int, int], ...]:
        """The same of the pairs as they are."""
        return tuple((int(one), int(two)) for one, two in self.problem.blocking(self.before))

    @property
    def left_out(self) -> tuple[int, ...]:
        """Officers without a partner."""
        return tuple(int(who) for who in np.flatnonzero(self.solution.mate == ALONE))

    def by_id(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs as officers' ids."""
        name = [officer.id for officer in self.scene.officers]
        return tuple((name[pair.one], name[pair.two]) for pair in self.pairs)

    def third(self, who: int) -> Told | None:
        """Return the pair that the officer `who` is left out from and lacks least with, None where both members refuse all."""
        open_to = [pair for pair in self.pairs if self.problem.allowed[who, [pair.one, pair.two]].all()]
        lacking = self.scene.lacking[who]
        return min(open_to, key=lambda pair: lacking[pair.one] + lacking[pair.two], default=None)

    def part(self) -> dict[str, list[dict[str, Any]]]:
        """Return the ``pair`` tables of a duty file; none where the officers have no beats."""
        beats = self.scene.beats
        both = [pair for pair in self.pairs if beats[pair.one] and beats[pair.two]]
        return {"pair": [{"id": f"D{n}", "beats": [beats[each.one], beats[each.two]]} for n, each in enumerate(both, 1)]}


def plan_pairs(
    station: Station,
    system: DutySystem,
    wishes: Sequence[Wish] = (),
    aims: Aims = AIMS,
    effort: Effort | None = None,
    start: PairPlan | Sequence[tuple[str, str]] | None = None,
    on: date | None = None,
) -> PairPlan:
    """Pair the officers of a station's beats.

    Nobody who would both rather leave for each other, where that can be; otherwise as few such pairs as possible, and these are
    named. Among all such pairings, the one whose pairs lack least of what wishes, experience, skills, shifts and borders could
    give.

    Parameters
    ----------
    station, system
        What there is, and the duty system whose beats are paired.
    wishes
        What officers wish.
    aims
        What a good pair is.
    effort
        Time and seed.
    start
        An earlier plan, or pairs of officers' ids: never given up for a worse one; pairs of whom one is gone are left out.
    on
        The day for which the officers of beats are looked up; the day of the last call by default.

    Raises
    ------
    QinwuError
        Wishes that cannot be used, or refusals that leave somebody without a partner, with the smallest set in conflict.
    """
    running = (effort or Effort()).begin()
    scene, findings = scene_of(station, system, wishes, aims, on or last_day(station))
    if aims.unnamed == "last":
        check_everybody_fits(scene, running)
    problem = scene.problem()
    earlier = None if start is None else _carried(start, scene)
    solution = solve_pairs(problem, running, earlier)
    before = _before(scene, system)
    proof = _proof(scene, solution, running)
    return PairPlan(scene, problem, solution, before, proof, findings)


def last_day(station: Station) -> date:
    """Return the day of the last call, today where there is none."""
    last = station.calls.table["received"].max() if len(station.calls.table) else None
    return last.date() if isinstance(last, datetime) else date.today()


def _carried(start: PairPlan | Sequence[tuple[str, str]], scene: Scene) -> I32:
    """Return the partners of an earlier plan among the people of this one."""
    mate = np.full(len(scene), ALONE, dtype=np.int32)
    for pair in start.by_id() if isinstance(start, PairPlan) else start:
        both = [scene.index.get(who, ALONE) for who in pair]
        if ALONE not in both:
            mate[both] = both[::-1]
    return mate


def _before(scene: Scene, system: DutySystem) -> I32:
    """Return the partner each has in the pairs of a duty system."""
    mate = np.full(len(scene), ALONE, dtype=np.int32)
    holder = {beat: who for who, beat in enumerate(scene.beats) if beat}
    for pair in system.pair:
        both = [holder.get(beat, ALONE) for beat in pair.beats]
        if ALONE not in both:
            mate[both] = both[::-1]
    return mate


def _proof(scene: Scene, found: PairSolution, running: Running) -> Proof:
    settled = len(found.blocking) <= found.blocking_bound
    bound = found.cost_bound if np.isfinite(found.cost_bound) else np.nan
    if settled:
        objective, value = N_("what the pairs lack, each 0 to 1, with the fewest who would rather leave"), found.cost
    else:
        objective, value, bound = N_("pairs who would rather leave for each other"), len(found.blocking), found.blocking_bound
    running.tell(float(value), float(bound) if np.isfinite(bound) else -np.inf)
    return Proof(
        objective,
        "" if settled else N_("pairs"),
        float(value),
        float(bound),
        running.seconds,
        running.effort.seed,
        METHODS[found.found],
        running.interrupted,
        tuple(_binding(found)),
        tuple(_given_up(scene, found)),
    )


def _binding(found: PairSolution) -> Iterator[Finding]:
    if np.isfinite(found.cheapest) and found.cost > found.cheapest + 1e-6:
        message = N_(
            "That nobody wants to leave costs {more:.1%}: the best pairs of all would lack {least:.2f}, these lack {now:.2f}."
        )
        values = {"more": found.cost / found.cheapest - 1.0 if found.cheapest else 1.0, "least": found.cheapest, "now": found.cost}
        yield Finding("price-of-stability", "note", message, "", Place(), values)


def _given_up(scene: Scene, found: PairSolution) -> Iterator[Finding]:
    name = [officer.id for officer in scene.officers]
    for one, two in found.blocking:
        message = N_("{one} and {two} would both rather have each other than {a} and {b}.")
        partners = [name[found.mate[who]] if found.mate[who] >= 0 else "—" for who in (one, two)]
        values = {"one": name[one], "two": name[two], "a": partners[0], "b": partners[1]}
        yield Finding("blocking-pair", "note", message, "", Place(), values)
    alone = [name[who] for who in np.flatnonzero(found.mate == ALONE)]
    if alone:
        message = N_("Left without a partner: {officers}.")
        yield Finding("left-out", "note", message, "", Place(), {"officers": ", ".join(alone)})
    apart = [f"{name[one]}–{name[two]}" for one, two in enumerate(found.mate) if one < two and not scene.borders[one, two]]
    if apart and scene.aims.border:
        message = N_("Pairs whose beats do not border each other: {pairs}.")
        yield Finding("pairs-apart", "note", message, "", Place(), {"pairs": ", ".join(apart)})
