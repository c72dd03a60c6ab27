"""Checking: moves on trial, by the closed forms one by one and by paired simulation together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.duty.background import stated_background
from qinwu.duty.compile import compile_plan
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules import check_system
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.deploy.changing import changed
from qinwu.plan.deploy.choosing import Choice
from qinwu.plan.deploy.scene import WEIGHTS, Scene
from qinwu.queueing.analysis import analyse
from qinwu.simulate.engine import Engine, Job
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Comparison, Interval, compare, interval
from qinwu.simulate.stream import default_mode
from qinwu.station.context import Context

PRIORITIES = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a caller meets: minutes from the ring to the first arrival by the weights of urgency, and the share that must wait."""

    response_min: float
    delayed: float


@dataclass(frozen=True)
class Bench:
    """A scene's duty system and changes of it, on trial."""

    scene: Scene

    def plan(self, choices: Sequence[Choice]) -> tuple[DutySystem, ResponsePlan] | None:
        """Return the duty system with moves done and its plan; None where it breaks a rule or cannot be compiled."""
        system = changed(self.scene, choices)
        try:
            plan = compile_plan(self.scene.station, system)
        except QinwuError:
            return None
        before = {one.code for one in check_system(self.scene.station, LoadedSystem(self.scene.system)) if one.severity == "error"}
        errors = {one.code for one in check_system(self.scene.station, LoadedSystem(system)) if one.severity == "error"}
        return None if errors - before else (system, plan)

    def closed(self, plan: ResponsePlan) -> Figures:
        """Return what the closed forms say of a plan."""
        figures = analyse(self.scene.station, plan, self.scene.source, self.scene.plan).figures
        weights = self.weights
        known = {p: figures.get(("response_s", "priority", p, "mean"), np.nan) for p in PRIORITIES}
        response = sum(weight * known[p] for p, weight in weights.items() if np.isfinite(known[p]))
        return Figures(response / 60.0, figures.get(("queued_share", "all", "all", "share"), np.nan))

    @property
    def weights(self) -> dict[str, float]:
        """The share of each priority in the weighted mean: its calls times its weight."""
        source = self.scene.source
        count = np.bincount(source.priority[source.self_initiated == 0], minlength=4) * np.array(WEIGHTS)
        return dict(zip(PRIORITIES, (count / max(float(count.sum()), 1e-300)).tolist(), strict=True))

    def simulated(
        self, plans: Sequence[ResponsePlan], replications: int, seed: int, engine: Engine | None, told: Callable[[int], None]
    ) -> Comparison:
        """Return plans tried on the same calls, that in force first."""
        source, station = self.scene.source, self.scene.station
        background = stated_background(station, self.scene.plan)
        job = Job(tuple(plans), source, Context.of(station), default_mode(source), seed, None, background)
        return compare(job, tuple(str(number) for number in range(len(plans))), replications, engine, told)

    def change(self, comparison: Comparison, one: int, other: int) -> Interval:
        """Return by how many minutes the weighted response differs between two plans, `other` less `one`, with its interval."""
        totals = [np.zeros(comparison.replications) for _ in (one, other)]
        for total, at in zip(totals, (one, other), strict=True):
            for priority, weight in self.weights.items():
                values = comparison.outcomes[at].values(Key("response_s", "priority", priority, "mean"))
                total += weight * np.nan_to_num(values) / 60.0
        return interval(totals[1] - totals[0])
