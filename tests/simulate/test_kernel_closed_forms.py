"""The kernel against queueing theory, within four standard errors of batch means; each run also keeps its books straight."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.simulate.arrays import DELAYED, FORGONE, SCENE, Demand, World
from tests.simulate.books import keep
from tests.simulate.plans import altered, bare_plan, no_travel, poisson_calls, simulate

CALLS = 300_000
BATCHES = 40
WARM_UP = 5_000
MOST_RELATIVE_ERROR = 0.12


def mean_and_error(values: F64) -> tuple[float, float]:
    """Return the mean and its standard error, from means of consecutive batches after a warm-up."""
    means = np.array([batch.mean() for batch in np.array_split(values[WARM_UP:], BATCHES)])
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(BATCHES))


def agree(values: F64, expected: float) -> None:
    """Require the mean of `values` within four standard errors of `expected`, and the error small enough to mean something."""
    mean, error = mean_and_error(values)
    assert error < MOST_RELATIVE_ERROR / 4 * expected
    assert mean == pytest.approx(expected, abs=4 * error)


def run(plan: ResponsePlan, demand: Demand) -> World:
    """Run to the end of the last call and check the books."""
    world = simulate(plan, demand, demand.ready_s[-1] + 1000.0)
    keep(world)
    return world


def queue_plan(crews: int, **rules: object) -> ResponsePlan:
    """Return `crews` equal servers without travel."""
    return altered(bare_plan(no_travel(), crews), dispatching=rules)


def waits(world: World) -> F64:
    """Return how long each call waited for its first crew."""
    waited: F64 = world.calls["dispatched"] - world.calls["ready"]
    return waited


@pytest.mark.parametrize(("crews", "load", "lost"), [(3, 1.5, 0.13432836), (10, 8.0, 0.12166106)])
def test_erlang_b(crews: int, load: float, lost: float) -> None:
    """What officers find themselves is forgone when nobody is free: a loss system (Erlang 1917)."""
    demand = poisson_calls(CALLS, load, seed=crews)._replace(self_initiated=np.ones(CALLS, np.int8))
    agree((run(queue_plan(crews), demand).calls["flags"] & FORGONE > 0).astype(float), lost)


@pytest.mark.parametrize(
    ("crews", "load", "delayed", "wait"), [(3, 1.5, 0.23684211, 0.15789474), (10, 8.0, 0.40918015, 0.20459008)]
)
def test_erlang_c(crews: int, load: float, delayed: float, wait: float) -> None:
    """Calls that wait: share delayed and mean wait (Erlang 1917)."""
    world = run(queue_plan(crews), poisson_calls(2 * CALLS, load, seed=10 + crews))
    agree((world.calls["flags"] & DELAYED > 0).astype(float), delayed)
    agree(waits(world), wait)


def test_cobham_priorities() -> None:
    """Ten crews, emergencies 2.4 and routine calls 5.6 per mean service: waits by priority (Cobham 1954)."""
    demand = poisson_calls(2 * CALLS, 8.0, seed=4)
    priority = (np.random.default_rng(5).random(2 * CALLS) >= 0.3).astype(np.int8)
    world = run(queue_plan(10), demand._replace(priority=priority))
    for level, wait in enumerate((0.053839, 0.269197)):
        agree(waits(world)[priority == level], wait)


@pytest.mark.parametrize(
    ("crews", "rate", "one", "wait", "delayed"), [(2, 0.8, 0.5, 23 / 6, 23 / 30), (5, 2.0, 0.6, 0.216159, 0.309467)]
)
def test_green_several_crews_at_once(crews: int, rate: float, one: float, wait: float, delayed: float) -> None:
    """First come first served, one or two crews all at once, each released when it is done (Green 1980)."""
    people = 1 + (np.random.default_rng(6).random(2 * CALLS) >= one).astype(np.int8)
    demand = poisson_calls(2 * CALLS, rate, seed=7)._replace(people=people)
    world = run(queue_plan(crews, all_at_once=1, strict_fifo=1, joint_release=0), demand)
    assert np.all(world.calls["crews"] == people)
    agree((world.calls["flags"] & DELAYED > 0).astype(float), delayed)
    agree(waits(world), wait)


PREFERENCES = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]])
"""The three-server city of Larson and Odoni 1981, 5.4.3: preference lists of its four groups of atoms…"""
RATES = np.array([0.50, 0.25, 0.35, 0.40])
"""…and their calls per mean service time."""


def three_server_city() -> ResponsePlan:
    """Return three crews sent by fixed preference, nobody travelling."""
    places = len(RATES)
    row = np.broadcast_to(np.arange(places), (4, 1, places))
    none = {name: np.zeros((places, 1)) for name in ("opens_s", "hand_over_s", "refusal", "wait_s")}
    order = {"tier": np.zeros((places, 3)), "rank": np.argsort(PREFERENCES, axis=1), "row": row, "support_row": row, "nearest": 0}
    return altered(bare_plan(no_travel(places), 3), dispatching=order | none)


@cache
def city_calls(n: int) -> Demand:
    """Return calls of the four groups of atoms."""
    atom = np.random.default_rng(8).choice(len(RATES), n, p=RATES / RATES.sum()).astype(np.int32)
    return poisson_calls(n, RATES.sum(), seed=9)._replace(atom=atom)


def busy(world: World, crew: int) -> F64:
    """Return, for each call in turn, the work it gave `crew`, by the mean time between calls."""
    length = world.calls["cleared"] - world.calls["arrived"]
    work: F64 = np.where(world.calls["crew"] == crew, length, 0.0) * RATES.sum()
    return work


def test_hypercube_workloads_and_borrowing() -> None:
    """Workloads of the three crews, and the share of calls that went to another district's, queueing allowed."""
    world = run(three_server_city(), city_calls(2 * CALLS))
    for crew, load in enumerate((0.557364, 0.473372, 0.469264)):
        agree(busy(world, crew), load)
    district = PREFERENCES[world.calls["atom"], 0]
    agree((world.calls["crew"] != district).astype(float), 0.435325)
    undelayed = (world.calls["flags"] & DELAYED) == 0
    agree(((world.calls["crew"] != district) & undelayed).astype(float), 0.277430)
    assert world.crew_s[:, SCENE] / world.clock["now"][0] == pytest.approx([0.5574, 0.4734, 0.4693], abs=0.004)


def test_hypercube_without_a_line() -> None:
    """The same city where calls that find nobody are lost: workloads of the zero-line hypercube (Larson 1974)."""
    demand = city_calls(2 * CALLS)
    world = run(three_server_city(), demand._replace(self_initiated=np.ones(len(demand.ready_s), np.int8)))
    for crew, load in enumerate((0.497905, 0.402631, 0.397971)):
        agree(np.nan_to_num(busy(world, crew)), load)


def test_littles_law() -> None:
    """The mean number waiting is the rate of calls times the mean wait, though they are counted in different ways."""
    world = run(queue_plan(3), poisson_calls(CALLS, 2.5, seed=11))
    end = world.clock["now"][0]
    assert world.clock["waiting_s"][0] / end == pytest.approx(CALLS / end * waits(world).mean(), rel=1e-9)
