"""Fitting: the delay, the journeys and the work outside the file that make simulated times most like observed ones.

Minimum chi-square (Neyman 1949) on simulated times, the load by profile: for each load the calls are run, then delay and journeys
are refitted without running again, since a wait is call-taking plus queue and a journey is turn-out plus road.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from qinwu.duty.background import Background, background_of
from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.simulate.agreement import place_misfit
from qinwu.simulate.calibration import Delay, HistoryFit, Journey, with_delay, with_journey
from qinwu.simulate.goal import Goal, make_goal
from qinwu.simulate.halves import Halves, inside, spans_of
from qinwu.simulate.pieces import Guess, Pieces, take_apart
from qinwu.simulate.pressure import pressed
from qinwu.simulate.replay import Replay, Times, replay, some_calls
from qinwu.station.demand import CallSource

LOADS = tuple(load / 10 for load in range(10))
SPREADS = (0.2, 0.5, 1.2)
"""Spreads from which searches start."""
FINE = 0.05
"""Loads so far on either side of the best are tried too."""
RESAMPLINGS = 60
SPREAD_MOST = 4.0
DAYPART_H = 6
FEWEST_IN_DAYPART = 50
PRIOR_CALLS = 100.0
"""A daypart's own factor is believed as much as so many calls say."""


@dataclass(frozen=True)
class Bench:
    """All a fit works with: the plan as stated, the calls to run, and what they should come out like.

    ``noise`` (R, n) normal draws for journeys; ``unit`` (n,) the day or week of each call.
    """

    plan: ResponsePlan
    source: CallSource
    spans: F64
    wait: Goal | None
    travel: Goal | None
    response: Goal | None
    noise: F64
    unit: I64
    seed: int
    minutes: float

    @property
    def waits(self) -> Goal | None:
        """The goal that tells of delay and load: waits, or whole responses where dispatch is not recorded."""
        return self.wait or self.response

    def background(self, load: float) -> Background:
        """Return background work of this load."""
        return background_of(self.plan, load, self.minutes)

    def run(self, guess: Guess, load: float) -> tuple[Replay, ...]:
        """Run the calls with every journey at its mean."""
        plan = with_journey(with_delay(self.plan, guess.delay), guess.journey)
        source = replace(self.source, travel_spread=0.0)
        return replay(plan, source, self.background(load), self.spans, self.seed, len(self.noise))


def _bounded(x: F64) -> tuple[float, float]:
    """Return a positive size and a spread from their logarithms, kept within reason."""
    return float(np.exp(np.clip(x[0], -7.0, 12.0))), float(min(np.exp(np.clip(x[1], -4.0, 4.0)), SPREAD_MOST))


def _log(*values: float) -> F64:
    return np.log(np.maximum(values, 1e-2))


def _search(misfit: Callable[[F64], float], starts: Sequence[F64], steps: int) -> F64:
    """Return the lowest point found from the best of `starts` (Nelder & Mead 1965), by a simplex wide enough for rounded times."""
    start = min(starts, key=misfit)
    simplex = np.vstack([start, start + np.eye(len(start)) * 0.4])
    options = {"maxfev": steps, "xatol": 5e-3, "fatol": 5e-2, "initial_simplex": simplex}
    found: F64 = minimize(misfit, start, method="Nelder-Mead", options=options).x  # type: ignore[call-overload]
    return found


def _way(bench: Bench, pieces: Pieces, guess: Guess) -> F64:
    """Return the journeys that belong to the times that tell of delay and load: none where these are waits."""
    journey = guess.journey
    if bench.wait:
        return np.zeros_like(pieces.road)
    return pieces.travel(journey.turnout_s, journey.factor, journey.spread, bench.noise)


def refit_delay(bench: Bench, pieces: Pieces, guess: Guess) -> tuple[Delay, float]:
    """Return the delay that fits best, and its misfit; as it was, with nothing to fit it on."""
    goal = bench.waits
    if goal is None:
        return guess.delay, 0.0
    way = _way(bench, pieces, guess)

    def misfit(x: F64) -> float:
        return goal.misfit(pieces.wait(Delay(*_bounded(x))) + way)

    middle = float(np.median(goal.seen[goal.known]))
    starts = [_log(middle, spread) for spread in SPREADS]
    x = _search(misfit, [_log(*guess.delay), *starts], 70)
    return Delay(*_bounded(x)), misfit(x)


def refit_journey(bench: Bench, pieces: Pieces, guess: Guess) -> tuple[Journey, float]:
    """Return the journeys that fit best, and their misfit; as they were, with nothing to fit them on."""
    goal, old = bench.travel, guess.journey
    if goal is None:
        return old, 0.0

    def misfit(x: F64) -> float:
        factor, spread = _bounded(x[:2])
        return goal.misfit(pieces.travel(float(np.exp(min(x[2], 8.0))), factor, spread, bench.noise))

    starts = [_log(old.factor, old.spread, old.turnout_s), *_journey_starts(goal, pieces)]
    x = _search(misfit, starts, 130)
    factor, spread = _bounded(x[:2])
    return Journey(float(np.exp(min(x[2], 8.0))), factor, old.hour_factor, spread, old.power), misfit(x)


def _journey_starts(goal: Goal, pieces: Pieces) -> Iterator[F64]:
    """Yield logarithms of factor, spread and turn-out that bring the median right, with turn-out up to the fastest journeys."""
    seen, middle = goal.seen[goal.known], float(np.median(pieces.road[:, goal.known]))
    fastest = float(np.quantile(seen, 0.05))
    for turnout_s, spread in product((1.0, fastest / 2, fastest), SPREADS):
        left = float(np.median(seen)) - turnout_s
        yield _log(left / middle if np.isfinite(middle) else 1.0, spread, turnout_s)


class Settled(NamedTuple):
    """The best delay and journeys at one load, the (R, n) times they give that tell of the load, and how far off they are."""

    load: float
    guess: Guess
    pieces: Pieces
    waits: F64
    wait_misfit: float
    travel_misfit: float


def settle(bench: Bench, load: float, guess: Guess, passes: int = 2) -> Settled:
    """Run and refit until delay and journeys agree with the busyness they cause."""
    for _ in range(passes):
        pieces = take_apart(bench.plan, guess, bench.run(guess, load))
        delay, wait_misfit = refit_delay(bench, pieces, guess)
        journey, travel_misfit = refit_journey(bench, pieces, guess)
        guess = Guess(delay, journey)
    waits = pieces.wait(guess.delay) + _way(bench, pieces, guess)
    return Settled(load, guess, pieces, waits, wait_misfit, travel_misfit)


def hour_factors(bench: Bench, settled: Settled) -> tuple[float, ...]:
    """Return 24 factors on travel: the ratio of observed to simulated medians by quarter of the day, shrunk towards one."""
    journey = settled.guess.journey
    factor = np.asarray(journey.hour_factor, dtype=np.float64)
    if bench.travel is None:
        return journey.hour_factor
    done = settled.pieces.travel(journey.turnout_s, journey.factor, journey.spread, bench.noise)
    daypart = (bench.source.time_s // 3600.0).astype(np.int64) % 24 // DAYPART_H
    for part in range(24 // DAYPART_H):
        calls = bench.travel.known & (daypart == part)
        middle = float(np.median(done[:, calls])) if calls.any() else np.inf
        seen = float(np.median(bench.travel.seen[calls])) if calls.any() else 0.0
        n = int(calls.sum())
        if n >= FEWEST_IN_DAYPART and seen > 0.0 and np.isfinite(middle):
            factor[part * DAYPART_H : (part + 1) * DAYPART_H] *= (seen / middle) ** (n / (n + PRIOR_CALLS))
    return tuple(float(f) for f in factor)


def make_bench(
    plan: ResponsePlan, source: CallSource, observed: Times, halves: Halves, seed: int, replications: int, minutes: float
) -> Bench:
    """Return the bench for one half of the record: calls of the other half are run where they fall in between, never looked at."""
    mine = halves.calls(halves.fitted)
    spans = spans_of(source.time_s[mine])
    near = inside(source.time_s, spans)
    ours = some_calls(source, near)
    times = Times(*(np.where(mine, part, np.nan)[near] for part in observed))
    marks = tuple(pressed(plan, ours).values())
    noise = np.random.default_rng([seed, 3]).standard_normal((replications, len(ours)))
    return Bench(
        plan=plan,
        source=ours,
        spans=spans,
        wait=make_goal(times.wait, ours.priority, marks),
        travel=make_goal(times.travel, ours.priority),
        response=make_goal(times.response, ours.priority, marks),
        noise=noise,
        unit=halves.of_call[near],
        seed=seed,
        minutes=minutes,
    )


def first_guess(bench: Bench, power: float = 1.0) -> Guess:
    """Return what is stated, with the observed median wait to start the delay from."""
    d = bench.plan.dispatching
    seen = bench.waits.seen[bench.waits.known] if bench.waits else np.array([d.call_taking_s])
    delay = Delay(max(float(np.median(seen)), 5.0) if bench.wait else max(d.call_taking_s, 5.0), max(d.call_taking_spread, 0.5))
    return Guess(delay, Journey(d.acknowledge_s + d.turnout_s, 1.0, (1.0,) * 24, max(bench.source.travel_spread, 0.3), power))


def fit_history(
    plan: ResponsePlan,
    source: CallSource,
    observed: Times,
    halves: Halves,
    *,
    seed: int,
    replications: int = 3,
    minutes: float = 30.0,
    loads: tuple[float, ...] = LOADS,
    powers: tuple[float, ...] = (1.0,),
) -> HistoryFit:
    """Fit delay, journeys and background load on the half of the record meant for it.

    Parameters
    ----------
    plan
        The current duty system.
    source, observed
        Calls and their times on record, in the same order.
    halves
        Which days or weeks to fit on.
    seed
        Fixes every draw.
    replications
        Runs at each load, >= 1.
    minutes
        Mean length of a background job, stated, since waits hardly tell it.
    loads
        Background loads to try, ascending.
    powers
        How travel may grow with the way (see :class:`qinwu.simulate.calibration.Journey`); the first is used while loads are tried.
    """
    bench = make_bench(plan, source, observed, halves, seed, replications, minutes)
    tried = _try_loads(bench, loads, first_guess(bench, powers[0]))
    best = min(tried, key=lambda settled: settled.wait_misfit)
    best = min([best, *_bend(bench, best, powers[1:])], key=lambda settled: settled.travel_misfit + _place_misfit(bench, settled))
    journey = best.guess.journey._replace(hour_factor=hour_factors(bench, best))
    last = settle(bench, best.load, best.guess._replace(journey=journey), passes=1)
    low, high = load_range(bench, tried)
    return HistoryFit(
        delay=last.guess.delay if bench.waits else None,
        journey=last.guess.journey if bench.travel else None,
        load=best.load if bench.waits else float("nan"),
        load_low=low,
        load_high=high,
        background=bench.background(best.load),
        profile=tuple((settled.load, settled.wait_misfit) for settled in tried) if bench.waits else (),
        travel_misfit=last.travel_misfit if bench.travel else float("nan"),
        place_misfit=_place_misfit(bench, last) if bench.travel else float("nan"),
        terms=bench.waits.terms if bench.waits else 0,
        unit=halves.unit,
        fitted=len(halves.fitted),
        judged=len(halves.judged),
        calls=int(halves.calls(halves.fitted).sum()),
        seed=seed,
    )


def _bend(bench: Bench, best: Settled, powers: tuple[float, ...]) -> Iterator[Settled]:
    """Yield the fit at the same load for other powers of the way."""
    for power in powers if bench.travel else ():
        yield settle(bench, best.load, best.guess._replace(journey=best.guess.journey._replace(power=power)))


def _place_misfit(bench: Bench, settled: Settled) -> float:
    if bench.travel is None:
        return 0.0
    journey = settled.guess.journey
    done = settled.pieces.travel(journey.turnout_s, journey.factor, journey.spread, bench.noise)
    return place_misfit(bench.travel.seen, done, bench.source.atom)


def _try_loads(bench: Bench, loads: tuple[float, ...], guess: Guess) -> list[Settled]:
    """Return the fit at each load, and at two more about the best; only the first load where no waits could tell them apart."""
    tried: list[Settled] = []
    for load in loads if bench.waits else loads[:1]:
        tried.append(settle(bench, load, guess))
        guess = tried[-1].guess
    best = min(tried, key=lambda settled: settled.wait_misfit)
    if len(tried) > 1:
        beside = [best.load - FINE, best.load + FINE]
        tried += [settle(bench, load, best.guess) for load in beside if loads[0] < load < loads[-1]]
    return sorted(tried, key=lambda settled: settled.load)


def load_range(bench: Bench, tried: list[Settled]) -> tuple[float, float]:
    """Return the range of loads that would have come out best on nine in ten resamplings of the days or weeks fitted on.

    The bootstrap by whole days or weeks (Davison & Hinkley 1997, ch. 3); delays stay as fitted to all of them.
    """
    goal = bench.waits
    if goal is None or len(tried) == 1:
        return float("nan"), float("nan")
    rows = [np.flatnonzero(goal.known & (bench.unit == unit)) for unit in np.unique(bench.unit[goal.known])]
    rng = np.random.default_rng([bench.seed, 5])
    best = []
    for _ in range(RESAMPLINGS):
        drawn = np.concatenate([rows[k] for k in rng.integers(0, len(rows), len(rows))])
        again = make_goal(goal.seen[drawn], bench.source.priority[drawn], [one.marked[drawn] for one in goal.contrasts])
        if again is not None:
            best.append(min(tried, key=lambda settled: again.misfit(settled.waits[:, drawn])).load)
    low, high = np.quantile(best, (0.05, 0.95), method="inverted_cdf")
    return float(low), float(high)
