"""Pareto: plans none of which is better than another in everything, what each trades, and which one is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.predicting import Prediction

F64 = NDArray[np.float64]

FOCUS = ((1.0, 0.15, 0.05, 0.05), (0.3, 2.0, 0.1, 0.1), (0.3, 0.3, 2.0, 0.1), (0.3, 0.3, 0.1, 2.0), (1.0, 0.2, 0.1, 1.0))
"""Weights that look at one aim, or at two that pull apart, more than at the others; the weights asked for come first."""
MOST = 8
NEAR, FEWER = 0.005, 0.005
"""A plan this near the best by the weights asked for is proposed in its place where that many fewer calls cross a beat border."""
NOTICE = 0.005
"""Differences below half a percent are not told."""


@dataclass(frozen=True)
class Choice:
    """One plan of the set.

    Parameters
    ----------
    plan
        The plan.
    value
        What it is worth by the weights asked for, the less the better.
    prediction
        What the closed forms say of it; None where there is no duty system, or no time was left.
    gains, losses
        What is better and what is worse than in the plan proposed, one finding for each aim; empty for the plan proposed.
    """

    plan: BeatPlan
    value: float
    prediction: Prediction | None = None
    gains: tuple[Finding, ...] = ()
    losses: tuple[Finding, ...] = ()


def costs(plan: BeatPlan) -> F64:
    """Return (4,) travel in seconds, deviation of hours, lack of compactness, share of residents who lose their officer."""
    m = plan.metrics
    lost = 0.0 if np.isnan(m.continuity) else 1.0 - m.continuity
    travel = 0.0 if np.isnan(m.travel_s) else m.travel_s
    return np.array([travel, m.deviation, 1.0 - float(m.compactness.mean()), lost])


def undominated(plans: Iterable[BeatPlan]) -> list[BeatPlan]:
    """Return the plans that no other is at least as good as in every cost and better than in one; of equals the first."""
    kept: list[tuple[F64, BeatPlan]] = []
    for plan in plans:
        here = costs(plan)
        if any((there <= here + 1e-12).all() for there, _ in kept):
            continue
        kept = [(there, one) for there, one in kept if not (here <= there + 1e-12).all()]
        kept.append((here, plan))
    return [plan for _, plan in kept]


def spread_out(plans: Sequence[BeatPlan], values: Sequence[float], most: int = MOST) -> list[BeatPlan]:
    """Return at most so many plans: the best by value, the best in each cost, then always the one farthest from those taken."""
    if len(plans) <= most:
        return list(plans)
    found = np.array([costs(plan) for plan in plans])
    span = np.maximum(found.max(axis=0) - found.min(axis=0), 1e-12)
    scaled = (found - found.min(axis=0)) / span
    taken = list(dict.fromkeys([int(np.argmin(values)), *(int(at) for at in scaled.argmin(axis=0))]))[:most]
    while len(taken) < most:
        far = np.min([np.abs(scaled - scaled[one]).sum(axis=1) for one in taken], axis=0)
        taken.append(int(far.argmax()))
    return [plans[at] for at in sorted(set(taken))]


def proposed_of(choices: Sequence[Choice]) -> int:
    """Return which plan to propose: the best by the weights asked for, or one nearly as good with fewer calls across beats."""
    best = min(range(len(choices)), key=lambda at: choices[at].value)
    limit = choices[best].value + NEAR * abs(choices[best].value)
    near = [at for at, one in enumerate(choices) if one.value <= limit and _cross(one) <= _cross(choices[best]) - FEWER]
    return min(near, key=lambda at: _cross(choices[at]), default=best)


def explained(choices: Sequence[Choice], proposed: int) -> tuple[Choice, ...]:
    """Return the choices with what each gains and loses against the plan proposed."""
    base = choices[proposed]
    return tuple(replace(one, gains=_better(one, base), losses=_worse(one, base)) for one in choices)


def _cross(choice: Choice) -> float:
    return choice.prediction.cross_beat if choice.prediction is not None else float("nan")


def _response(choice: Choice) -> float:
    return choice.prediction.response_s if choice.prediction is not None else float("nan")


def _better(one: Choice, base: Choice) -> tuple[Finding, ...]:
    return tuple(told for better, told in _differences(one, base) if better)


def _worse(one: Choice, base: Choice) -> tuple[Finding, ...]:
    return tuple(told for better, told in _differences(one, base) if not better)


def _differences(one: Choice, base: Choice) -> list[tuple[bool, Finding]]:
    """Return what differs noticeably: whether for the better, and how much of what."""
    here, there = one.plan.metrics, base.plan.metrics
    told = [
        (here.travel_s, there.travel_s, there.travel_s, N_("{here} s to a call instead of {there}"), "{:.1f}"),
        (here.spread, there.spread, 1.0, N_("loads up to {here} from their mean instead of {there}"), "{:.1%}"),
        (-_mean(here.compactness), -_mean(there.compactness), 1.0, N_("compactness {here} instead of {there}"), "{:.2f}"),
        (-here.continuity, -there.continuity, 1.0, N_("{here} of residents keep their officer instead of {there}"), "{:.1%}"),
        (_response(one), _response(base), _response(base), N_("{here} s until help arrives instead of {there}"), "{:.0f}"),
        (_cross(one), _cross(base), 1.0, N_("{here} of calls cross a beat border instead of {there}"), "{:.1%}"),
    ]
    found = []
    for mine, other, unit, message, form in told:
        if np.isfinite(mine) and np.isfinite(other) and abs(mine - other) > NOTICE * max(abs(unit), 1e-12):
            values = {"here": form.format(abs(mine)), "there": form.format(abs(other))}
            found.append((mine < other, Finding("trade", "note", message, values=values)))
    return found


def _mean(values: F64) -> float:
    return float(values.mean())
