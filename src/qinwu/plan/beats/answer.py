"""Answer: the beats proposed, what they were chosen from, and how good they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.beats.duty_part import Tables, part_of
from qinwu.plan.beats.functional import FunctionalPlan
from qinwu.plan.beats.keeping import officers
from qinwu.plan.beats.minimum import MinimumRow, Mismatch, minimum_rows, mismatch, overloaded
from qinwu.plan.beats.pareto import Choice
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.predicting import Prediction
from qinwu.plan.beats.sectors import SectorPlan
from qinwu.plan.effort import Running
from qinwu.plan.proof import Proof
from qinwu.station.atoms import named
from qinwu.station.station import Station

TIGHT = 0.98
"""A rule used to this share holds a plan back."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """What one number of beats means: its plan by the weights asked for, what is predicted, hours a week that officers lack."""

    plan: BeatPlan
    prediction: Prediction | None
    lacking: float


@dataclass(frozen=True)
class BeatsAnswer:
    """Beats for a station.

    Parameters
    ----------
    station, system
        Whose, and the duty system in force; None for none.
    before
        The beats in force, judged by the same aims; None where there are none.
    choices
        Plans none of which is better than another in everything, the best by the weights asked for first.
    proposed
        Which of them is proposed.
    counts
        The numbers of beats looked at.
    sectors
        Sectors over the beats proposed; None for none.
    proof
        What is known of the plan proposed.
    warnings
        About the input.
    functional
        Functional beats over the venues, where specialists were named; None leaves those in force.
    """

    station: Station
    system: DutySystem | None
    before: Choice | None
    choices: tuple[Choice, ...]
    proposed: int
    counts: tuple[CountRow, ...]
    sectors: SectorPlan | None
    proof: Proof
    warnings: tuple[Finding, ...] = ()
    functional: FunctionalPlan | None = None

    @property
    def choice(self) -> Choice:
        """What is proposed."""
        return self.choices[self.proposed]

    @property
    def plan(self) -> BeatPlan:
        """The beats proposed."""
        return self.choice.plan

    @cached_property
    def officers(self) -> dict[str, str]:
        """The officer of each beat proposed, empty for none."""
        return officers(self.station, self.system, self.plan)

    @cached_property
    def minimum(self) -> tuple[MinimumRow, ...]:
        """Recurring work and hours for it, by beat."""
        return minimum_rows(self.plan, self.choice.prediction) if self.choice.prediction is not None else ()

    def mismatch(self, choice: Choice | None) -> Mismatch | None:
        """Return hours staffed against hours asked for of a plan; None where nothing is predicted."""
        if choice is None or choice.prediction is None:
            return None
        return mismatch(choice.plan, choice.prediction)

    def part(self) -> Tables:
        """Return the plan as tables of a duty file; ``beat``, ``sector`` and ``pair`` replace those in force."""
        tables = part_of(self.station, self.system, self.plan, self.sectors.rows if self.sectors is not None else ())
        if self.functional is not None:
            mine = [row for row in tables["beat"] if row["id"] in self.plan.problem.names]
            tables["beat"] = [*mine, *(beat.row() for beat in self.functional.beats)]
        return tables


def proof_of(
    choice: Choice, sectors: SectorPlan | None, system: DutySystem | None, run: Running, bound_s: float = float("nan")
) -> Proof:
    """Return the proof sheet of a plan: its travel, and the least that any plan with such even work can have.

    Parameters
    ----------
    choice, sectors, system
        What is proposed, and what it is laid over.
    run
        The clock.
    bound_s
        Seconds a week of travel below which no plan with workload in bounds is; nan where nothing is proven.
    """
    plan = choice.plan
    value = float(plan.tally.near.sum()) / 60.0
    lost = list(_given_up(choice, sectors, system))
    return Proof(
        objective=N_("travel to calls, each from the best place in its beat"),
        unit=N_("min/week"),
        value=value,
        bound=bound_s / 60.0,
        seconds=run.seconds,
        seed=run.effort.seed,
        method=N_("annealing of flips and swaps, recombination along spanning trees"),
        interrupted=run.interrupted,
        binding=tuple(_binding(plan)),
        given_up=tuple(lost),
    )


def _binding(plan: BeatPlan) -> Iterator[Finding]:
    """Yield the rules that hold a plan back."""
    m, aims, names = plan.metrics, plan.problem.aims, plan.problem.names
    mean = float(m.hours.mean())
    tight = [names[k] for k in np.flatnonzero(np.abs(m.hours / mean - 1.0) >= TIGHT * aims.within)]
    if tight:
        message = N_("Workload within {within} of the mean, at beats {beats}.")
        yield Finding("binding", "note", message, values={"within": f"{aims.within:.0%}", "beats": named(tight)})
    if aims.continuity and m.continuity < aims.continuity + 0.01:
        message = N_("At least {share} of the residents keep their officer.")
        yield Finding("binding", "note", message, values={"share": f"{aims.continuity:.0%}"})
    loose = [names[k] for k in np.flatnonzero(m.compactness < aims.compactness + 0.01)]
    if aims.compactness and loose:
        message = N_("A compactness of at least {share}, at beats {beats}.")
        yield Finding("binding", "note", message, values={"share": f"{aims.compactness:.2f}", "beats": named(loose)})
    if aims.fixed:
        yield Finding("binding", "note", N_("{count} atoms are fixed to their beats."), values={"count": len(aims.fixed)})
    for border in aims.borders:
        yield Finding("binding", "note", N_("No beat crosses the border {border}."), values={"border": border.name})
    whole = len({name for name in aims.whole.values() if name})
    if whole:
        yield Finding("binding", "note", N_("{count} communities are kept whole."), values={"count": whole})


def _given_up(choice: Choice, sectors: SectorPlan | None, system: DutySystem | None) -> Iterator[Finding]:
    """Yield what a plan does not give."""
    plan = choice.plan
    if np.isfinite(plan.metrics.continuity) and plan.metrics.continuity < 1.0 - 1e-9:
        message = N_("{share} of the residents get another officer.")
        yield Finding("given-up", "note", message, values={"share": f"{1.0 - plan.metrics.continuity:.1%}"})
    if choice.prediction is not None:
        yield from overloaded(minimum_rows(plan, choice.prediction))
    if sectors is not None:
        yield from sectors.findings
    if system is not None:
        yield from _pairs(plan, system)
        there = {beat.id for beat in system.beat}
        nobody = [name for name, officer in officers(plan.problem.station, system, plan).items() if not officer]
        if nobody:
            message = N_("No free officer is left for beats {beats}.")
            yield Finding(
                "beat-without-officer", "warning", message, N_("Name one in the duty file."), values={"beats": named(nobody)}
            )
        gone = sorted(there & {b.id for b in system.beat if b.kind == "geographic"} - set(plan.problem.names))
        if gone:
            message = N_("Beats given up: {beats}; their officers are free for other work.")
            yield Finding("beats-gone", "note", message, values={"beats": named(gone)})


def _pairs(plan: BeatPlan, system: DutySystem) -> Iterator[Finding]:
    """Yield a note for pairs whose beats no longer border each other."""
    label, pairs = plan.label, plan.problem.graph.pairs
    borders = {(plan.problem.names[a], plan.problem.names[b]) for a, b in zip(label[pairs[:, 0]], label[pairs[:, 1]], strict=True)}
    apart = [one.id for one in system.pair if one.beats not in borders and one.beats[::-1] not in borders]
    if apart:
        message = N_("Pairs whose beats no longer border each other: {pairs}.")
        yield Finding("pairs-apart", "note", message, N_("Plan the pairs anew: qinwu plan pairs."), values={"pairs": named(apart)})
