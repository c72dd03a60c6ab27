"""Planning: from a station and stated aims to beats to propose, the set they were chosen from, their sectors, and the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.answer import BeatsAnswer, CountRow, proof_of
from qinwu.plan.beats.bounding import proven, travel_bound
from qinwu.plan.beats.compiling import compile_search
from qinwu.plan.beats.conflict import find_conflict
from qinwu.plan.beats.districting import compile_districts
from qinwu.plan.beats.duty_part import SectorRow
from qinwu.plan.beats.feasible import verdict
from qinwu.plan.beats.keeping import kept, officers
from qinwu.plan.beats.minimum import minimum_rows
from qinwu.plan.beats.pareto import FOCUS, Choice, explained, proposed_of, spread_out, undominated
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.predicting import Prediction, predict
from qinwu.plan.beats.problem import BeatProblem, Today, make_problem
from qinwu.plan.beats.refusal import refuse_bad_input
from qinwu.plan.beats.search import Found, search
from qinwu.plan.beats.sectors import SectorPlan, plan_sectors
from qinwu.plan.beats.workload import Workload
from qinwu.plan.effort import Effort, Running
from qinwu.queueing.supply import AWAY, HOURS_PER_WEEK
from qinwu.station.demand import CallSource, read_source
from qinwu.station.station import Station

I32 = NDArray[np.int32]

SEARCHING = 0.6
"""Share of the time that goes into searching; the rest is for closed forms, sectors and bounds."""
EXACT = 0.2
"""Share of the time that goes into searching where a proof is asked for."""
CLOSE = 1e-4
"""A proof stops at this gap."""
OFFICER_H = HOURS_PER_WEEK * (1.0 - AWAY)
"""Hours a week that one officer gives where no duty system says more."""
FIRST = 0.4
"""Share of a number of beats' time that goes to the weights asked for; the rest to those of ``FOCUS``."""


@dataclass(frozen=True)
class BeatQuestion:
    """What is to be planned.

    Parameters
    ----------
    station
        What there is.
    work
        Hours a week of each atom (:func:`qinwu.plan.beats.workload.workload`).
    aims
        What is asked.
    system, plan
        The duty system in force and its response plan; None where there is none, and then nothing is predicted by closed form.
    sectors
        How many sectors to plan; None: as many as there are in force, 0: none.
    exact
        Whether to spend the time on the shortest travel and its proof instead of a set to choose from; the only weight that
        should count then is that of response.
    """

    station: Station
    work: Workload
    aims: BeatAims
    system: DutySystem | None = None
    plan: ResponsePlan | None = None
    sectors: int | None = None
    exact: bool = False

    @property
    def today(self) -> Today:
        """The beats in force."""
        return Today.of(self.station.area, self.system)

    @property
    def counts(self) -> range:
        """Numbers of beats to look at."""
        least, most = self.aims.beats or (len(self.today.ids), len(self.today.ids))
        return range(least, most + 1)


def plan_beats(question: BeatQuestion, effort: Effort, start: Mapping[str, Sequence[str]] | None = None) -> BeatsAnswer:
    """Return beats for a station.

    Parameters
    ----------
    question
        What is asked.
    effort
        Time, seed, whom to tell, how to stop.
    start
        Atoms of each beat of an earlier plan to go on from; used where as many beats of these ids are asked for.

    Raises
    ------
    QinwuError
        The input cannot be planned with, or no plan keeps every rule: the rules in conflict, and what would have to give.
    """
    warnings = refuse_bad_input(question.station, question.system, question.work, question.aims)
    compile_search()
    compile_districts()
    run = effort.begin()
    planner = _Planner(question, run, start or {})
    found = [row for beats in question.counts if (row := planner.searched(beats)) is not None]
    if not found:
        planner.refuse()
    counts = tuple(planner.count_row(plans) for plans in found)
    chosen = found[_chosen(counts)]
    shortest, bound_s = planner.bounded(chosen[0])
    choices = planner.choices([shortest, *chosen])
    best = proposed_of(choices)
    sectors = planner.sectors(choices[best].plan)
    before = planner.before(choices[best].plan.problem)
    choices = explained(planner.with_sectors(choices, best, sectors), best)
    proof = proof_of(choices[best], sectors, question.system, run, bound_s)
    return BeatsAnswer(question.station, question.system, before, choices, best, counts, sectors, proof, warnings)


@dataclass
class _Planner:
    """One plan under way."""

    question: BeatQuestion
    run: Running
    start: Mapping[str, Sequence[str]]
    moves: int = 0

    def problem(self, beats: int) -> BeatProblem:
        q = self.question
        return make_problem(q.station, q.work, q.aims, q.today, beats)

    @property
    def source(self) -> CallSource | None:
        return read_source(self.question.station) if len(self.question.station.calls) else None

    def searched(self, beats: int) -> list[BeatPlan] | None:
        """Return the plans of one number of beats that keep every rule, that by the weights asked for first; None for none."""
        problem = self.problem(beats)
        share = EXACT if self.question.exact else SEARCHING
        budget = self.run.effort.seconds * share / len(self.question.counts)
        heard: list[BeatPlan] = []
        first = self.search(problem, budget * FIRST, self.starts(problem), heard)
        kept_all = first.plan if first is not None and first.feasible else self.rescued(problem)
        if kept_all is None:
            return None
        plans = [kept_all]
        for focus in FOCUS:
            if not self.run.over and not self.question.exact:
                aimed = problem.aiming(np.array(focus))
                found = self.search(aimed, budget * (1.0 - FIRST) / len(FOCUS), [plans[0].label], heard)
                plans += [found.plan] if found is not None and found.feasible else []
        every = [replace(plan, problem=problem) for plan in (*plans, *heard) if plan.judged[1] == 0.0]
        return [kept(plan) for plan in every]

    def rescued(self, problem: BeatProblem) -> BeatPlan | None:
        """Return a plan that keeps every rule where the first search had none, looked for with an eye on the rules alone."""
        return verdict(problem, self.run).plan

    def search(self, problem: BeatProblem, seconds: float, starts: Sequence[I32], heard: list[BeatPlan]) -> Found | None:
        end = self.run.seconds + seconds

        def better(plan: BeatPlan) -> None:
            heard.append(plan)
            self.run.tell(plan.judged[0] if plan.judged[1] == 0.0 else np.inf)

        def over(_share: float) -> bool:
            return self.run.interrupted or self.run.seconds >= end

        found = search(problem, over, self.run.effort.seed, starts, better)
        self.moves += found.moves if found is not None else 0
        return found

    def bounded(self, plan: BeatPlan) -> tuple[BeatPlan, float]:
        """Return the plan with the shortest travel where that is asked for, else `plan`, and the least travel there can be."""
        if self.question.exact:
            return proven(plan, self.run, CLOSE)
        return plan, travel_bound(plan, self.run)

    def starts(self, problem: BeatProblem) -> list[I32]:
        if set(self.start) != set(problem.names):
            return []
        return [BeatPlan.of_atoms(problem, self.start).label]

    def refuse(self) -> None:
        """Raise the conflict of the number of beats in the middle of those asked for."""
        counts = list(self.question.counts)
        patient = Effort(max(30.0, self.run.effort.seconds), self.run.effort.seed, None, self.run.effort.stop)
        raise QinwuError(find_conflict(self.problem(counts[len(counts) // 2]), patient.begin()).findings())

    def predicted(self, plan: BeatPlan, sectors: Sequence[SectorRow] = ()) -> Prediction | None:
        q = self.question
        if q.system is None or self.source is None:
            return None
        return predict(q.station, q.system, self.source, plan, sectors)

    def count_row(self, plans: Sequence[BeatPlan]) -> CountRow:
        """Return what a number of beats means; closed forms only where several are looked at.

        Without them the hours that lack are those beyond what one officer gives in a week.
        """
        plan = plans[0]
        prediction = self.predicted(plan) if len(self.question.counts) > 1 else None
        if prediction is not None:
            return CountRow(plan, prediction, sum(row.lacking for row in minimum_rows(plan, prediction)))
        return CountRow(plan, None, float(np.maximum(plan.metrics.hours - OFFICER_H, 0.0).sum()))

    def choices(self, plans: Sequence[BeatPlan]) -> tuple[Choice, ...]:
        """Return the set to choose from, predicted as long as there is time; the first of the plans is always predicted."""
        best = undominated(plans)
        some = spread_out(best, [plan.judged[0] for plan in best])
        some.sort(key=lambda plan: plan.judged[0])
        return tuple(
            Choice(plan, plan.judged[0], self.predicted(plan) if number == 0 or not self.run.over else None)
            for number, plan in enumerate(some)
        )

    def sectors(self, plan: BeatPlan) -> SectorPlan | None:
        q = self.question
        count = q.sectors if q.sectors is not None else len(q.system.sector) if q.system is not None else 0
        if not count:
            return None
        return plan_sectors(
            q.station, q.system, plan, min(count, plan.problem.beats), self.run, officers(q.station, q.system, plan)
        )

    def with_sectors(self, choices: Sequence[Choice], best: int, sectors: SectorPlan | None) -> list[Choice]:
        """Return the choices with the plan proposed predicted once more, under its own sectors."""
        if sectors is None or self.question.system is None or not uses_sectors(self.question.system):
            return list(choices)
        predicted = self.predicted(choices[best].plan, sectors.rows)
        return [replace(one, prediction=predicted or one.prediction) if at == best else one for at, one in enumerate(choices)]

    def before(self, problem: BeatProblem) -> Choice | None:
        """Return the beats in force as they are, judged by the same aims; None where there are none."""
        today = self.question.today
        if not today.ids or (today.beat_of < 0).any():
            return None
        aims = replace(self.question.aims, beats=None, borders=(), whole={}, fixed={})
        own = make_problem(problem.station, problem.workload, aims, today, len(today.ids))
        plan = BeatPlan.of(own, today.beat_of)
        q = self.question
        prediction = predict(q.station, q.system, self.source, plan, _in_force(q.system)) if q.system and self.source else None
        return Choice(plan, plan.judged[0], prediction)


def uses_sectors(system: DutySystem) -> bool:
    """Return whether who goes, or who is on duty when, depends on sectors."""
    tiers = [tier.who for order in system.dispatch.order for tier in (*order.tiers, *order.support)]
    return bool({"sector", "sergeant"} & set(tiers)) or any("sector" in (one.together, one.patrol) for one in system.crews)


def _in_force(system: DutySystem) -> tuple[SectorRow, ...]:
    return tuple(SectorRow(one.id, one.beats, one.sergeant) for one in system.sector)


def _chosen(counts: Sequence[CountRow]) -> int:
    """Return which number of beats to choose: the fewest whose officers can do the least there is to do, else least lacking."""
    lacking = [row.lacking for row in counts]
    return int(np.argmin(lacking))
