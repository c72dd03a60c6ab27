"""Districts on small problems against enumeration, and the parts of the engine against plain twins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qinwu.findings import QinwuError
from qinwu.plan.beats.core import Core
from qinwu.plan.beats.districting import districts, opening_bound
from qinwu.plan.beats.districts import Balance, DistrictProblem, Support
from qinwu.plan.beats.exact import prove
from qinwu.plan.beats.graph import Graph
from qinwu.plan.beats.growing import grow
from qinwu.plan.beats.heuristic import land_of, parts_of
from qinwu.plan.beats.interchange import interchange
from qinwu.plan.beats.land import total_cost, total_over
from qinwu.plan.beats.prices import last_taken
from qinwu.plan.effort import Effort, Progress

I32 = NDArray[np.int32]
SOON = Effort(seconds=120.0)
"""Every problem here is settled in a second; the rest is for the first compilation on a busy machine."""


def grid(rows: int, columns: int, seed: int = 0) -> DistrictProblem:
    """A grid with random people; the cost is people times distance."""
    draws = np.random.default_rng(seed)
    at = np.array(list(product(range(rows), range(columns))), np.float64)
    pairs = np.array([(a, b) for a, b in combinations(range(len(at)), 2) if np.abs(at[a] - at[b]).sum() == 1])
    people = draws.integers(1, 9, len(at)).astype(np.float64)
    far = np.abs(at[:, None] - at[None]).sum(axis=-1)
    names = tuple(f"a{atom}" for atom in range(len(at)))
    return DistrictProblem(names, far * people, Graph.of(len(at), pairs), (2, 2), balance=(Balance("people", people, 0.0, np.inf),))


def enumerated(problem: DistrictProblem) -> float:
    """The least cost by trying every set of centres and every assignment; inf where none keeps the rules."""
    core = Core.of(problem)
    best = np.inf
    for count in range(problem.count[0], problem.count[1] + 1):
        for centres in combinations(range(len(core.site)), count):
            for choice in assignments(core, centres):
                if core.worth(choice) < best and plainly_kept(problem, core.spread(choice)):
                    best = core.worth(choice)
    return best


def assignments(core: Core, centres: tuple[int, ...]) -> Iterator[I32]:
    """Every way to serve the lots from these centres, the centres' own lots from themselves."""
    own = {int(core.site[centre]): centre for centre in centres}
    for choice in product(*([own[lot]] if lot in own else centres for lot in range(core.lots))):
        yield np.array(choice, np.int32)


def plainly_kept(problem: DistrictProblem, centre_of: I32) -> bool:
    """Whether a plan keeps every rule, written with networkx and without the engine."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(problem)))
    graph.add_edges_from(problem.graph.pairs.tolist())
    for centre in set(centre_of.tolist()):
        atoms = np.flatnonzero(centre_of == centre).tolist()
        if problem.sites[centre] not in atoms or (problem.contiguous and not nx.is_connected(graph.subgraph(atoms))):
            return False
        if any(not one.low - 1e-6 <= one.weight[atoms].sum() <= one.high + 1e-6 for one in problem.balance):
            return False
    if any(centre_of[one] == centre_of[two] for one, two in problem.apart):
        return False
    if any(len({int(centre_of[atom]) for atom in group}) > 1 for group in problem.together):
        return False
    if problem.needed is not None and not set(np.flatnonzero(problem.needed)) <= set(centre_of.tolist()):
        return False
    return bool(problem.open[centre_of, np.arange(len(problem))].all())


def solved(problem: DistrictProblem, exact: bool = True) -> float:
    """What the engine answers, after a check of the plan itself; inf where it says that there is none."""
    try:
        plan = districts(problem, SOON, exact=exact)
    except QinwuError as error:
        return np.nan if "none-found" in {finding.code for finding in error.findings} else np.inf
    assert plainly_kept(problem, plan.centre_of)
    assert plan.cost == pytest.approx(problem.worth(plan.centre_of))
    if exact:
        assert plan.proof.status == "optimal"
    return plan.cost


@pytest.mark.parametrize("share", [np.inf, 0.5, 0.2, 0.08, 0.02])
@pytest.mark.parametrize("contiguous", [True, False])
def test_proven_districts_are_those_of_enumeration(share: float, contiguous: bool) -> None:
    """Two districts of a grid cost what trying everything gives, or there are none."""
    problem = grid(2, 4, seed=3)
    balance = (Balance.around("people", problem.balance[0].weight, 2, share),) if np.isfinite(share) else ()
    problem = replace(problem, balance=balance, contiguous=contiguous)
    assert solved(problem) == pytest.approx(enumerated(problem))


@given(st.integers(0, 10_000), st.integers(1, 3), st.sampled_from([0.15, 0.4, 2.0]), st.booleans())
@settings(deadline=None, max_examples=12)
def test_random_problems_with_every_rule(seed: int, most: int, share: float, contiguous: bool) -> None:
    """Candidate centres, a range of districts, groups, pairs apart, centres that must be used: as by enumeration."""
    draws = np.random.default_rng(seed)
    problem = grid(2, 4, seed)
    balance = Balance.around("people", problem.balance[0].weight, most, share)
    sites = np.sort(draws.choice(8, 5, replace=False)).astype(np.int32)
    balance = replace(balance, low=max(0.0, balance.low))
    needed = np.arange(5) == draws.integers(0, 9)
    one, two = (int(atom) for atom in draws.choice(8, 2, replace=False))
    apart = ((one, two),) if draws.random() < 0.5 else ()
    problem = replace(
        problem, cost=problem.cost[sites], centres=sites, count=(1, most), balance=(balance,), contiguous=contiguous,
        together=((0, 1),) if draws.random() < 0.5 else (), apart=apart, needed=needed,
    )  # fmt: skip
    assert solved(problem) == pytest.approx(enumerated(problem))


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=15)
def test_bounds_are_below_and_the_heuristic_is_above(seed: int) -> None:
    """The Lagrangian bound never passes the optimum, and no heuristic plan is below it."""
    problem = grid(2, 4, seed)
    problem = replace(problem, balance=(Balance.around("people", problem.balance[0].weight, 2, 0.3),))
    best = enumerated(problem)
    bound = opening_bound(Core.of(problem), SOON.begin()).value
    assert bound <= best * (1 + 1e-9)
    assume(np.isfinite(best))
    plan = districts(problem, Effort(seconds=5.0, seed=seed), exact=False)
    assert plainly_kept(problem, plan.centre_of)
    assert best - 1e-6 <= plan.cost <= 1.5 * best


def test_two_loads_are_both_kept() -> None:
    """Two weights with bounds of their own give the plan of enumeration."""
    problem = grid(2, 4, seed=5)
    other = np.array([1.0, 2.0, 3.0, 4.0, 4.0, 3.0, 2.0, 1.0])
    both = Balance.around("people", problem.balance[0].weight, 2, 0.3), Balance.around("streets", other, 2, 0.11)
    problem = replace(problem, balance=both)
    assert solved(problem) == pytest.approx(enumerated(problem))
    assert np.isfinite(solved(problem))


def test_nothing_known_is_no_worse() -> None:
    """A proof that begins without any plan ends at the same optimum."""
    problem = grid(3, 3, seed=1)
    problem = replace(problem, balance=(Balance.around("people", problem.balance[0].weight, 2, 0.15),))
    core, running = Core.of(problem), SOON.begin()
    proven = prove(core, None, opening_bound(core, running), running)
    assert proven.plan is not None
    assert proven.cost == pytest.approx(enumerated(problem))


def test_support_asks_for_nearer_neighbours() -> None:
    """On a hexagon-like strip every atom not beside its centre has as many nearer neighbours as the level asks for."""
    problem = grid(4, 4, seed=2)
    far = np.abs(np.subtract.outer(np.arange(16) // 4, np.arange(16) // 4)) + np.abs(
        np.subtract.outer(np.arange(16) % 4, np.arange(16) % 4)
    )
    for level in (1, 2):
        support = Support.by_distance(problem.graph, far.astype(np.float64), np.arange(16), level)
        plan = districts(replace(problem, balance=(), contiguous=False, support=support), SOON)
        assert plan.proof.status == "optimal"
        for atom, centre in enumerate(plan.centre_of):
            near = [int(other) for other in problem.graph.neighbours(atom) if far[centre, other] < far[centre, atom]]
            wanted = min(level, len(near)) if far[centre, atom] > 1 else 0
            assert sum(plan.centre_of[other] == centre for other in near) >= wanted


def test_an_earlier_plan_is_gone_on_from_and_stopping_keeps_it() -> None:
    """With somebody already asking to stop, the plan given comes back with a bound, not a proof."""
    problem = grid(4, 5, seed=7)
    problem = replace(problem, balance=(Balance.around("people", problem.balance[0].weight, 2, 0.2),))
    first = districts(problem, SOON, exact=False)
    stopped = Effort(seconds=5.0)
    stopped.stop.set()
    again = districts(problem, stopped, start=first.centre_of)
    assert again.cost == first.cost
    assert again.proof.interrupted
    assert not again.proof.bound > first.cost


def test_the_same_seed_gives_the_same_districts() -> None:
    """A search that ends before its time gives the same plan again."""
    problem = grid(4, 4, seed=11)
    plans = [districts(problem, Effort(seconds=120.0, seed=4)) for _ in range(2)]
    assert plans[0].centre_of.tolist() == plans[1].centre_of.tolist()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=12), st.floats(0.01, 1.0))
@settings(deadline=None, max_examples=100)
def test_weighted_selection(items: list[tuple[int, int]], share: float) -> None:
    """The ratio at which loads taken in order reach a sum is that of sorting."""
    ratio, load = np.array(items, np.float64).T
    wanted = share * load.sum()
    order = np.argsort(ratio, kind="stable")
    expected = ratio[order][np.searchsorted(np.cumsum(load[order]), wanted - 1e-12)]
    assert last_taken(ratio.copy(), load.copy(), len(ratio), wanted) == expected


def test_interchange_finds_the_two_ends() -> None:
    """Two clusters on a line get a centre each, whatever the start; a held centre stays."""
    place = np.array([0.0, 1.0, 2.0, 50.0, 51.0, 52.0])
    cost = np.abs(np.subtract.outer(place, place))
    centre = np.array([0, 1], np.int32)
    assert interchange(cost, centre, np.zeros(2, np.bool_), 10) == 4.0
    assert sorted(centre.tolist()) == [1, 4]
    centre = np.array([0, 2], np.int32)
    interchange(cost, centre, np.array([True, False]), 10)
    assert centre.tolist() == [0, 4]


def test_growing_fills_the_map_with_whole_districts() -> None:
    """Districts grown from any two centres are contiguous and cost what they say."""
    core = Core.of(grid(5, 5))
    for centres in ((0, 24), (7, 8), (3, 20)):
        parts = parts_of(core, np.array(centres))
        assert grow(land_of(core), parts, core.cost) == 0
        plan = parts.centre[parts.label]
        assert core.keeps(plan)
        assert total_cost(land_of(core), parts) == pytest.approx(core.worth(plan))
        assert total_over(land_of(core), parts) == 0.0


def test_a_wide_gap_claims_no_more_than_it_proves() -> None:
    """Stopped at a gap, the bound stays at or below the optimum."""
    problem = grid(2, 4, seed=3)
    problem = replace(problem, balance=(Balance.around("people", problem.balance[0].weight, 2, 0.3),))
    plan = districts(problem, SOON, gap=0.5)
    assert plan.proof.bound <= enumerated(problem) * (1 + 1e-9)


def test_progress_never_claims_a_bound_above_the_answer() -> None:
    """Every bound told on the way is at or below the optimum, every value at or above it."""
    told: list[Progress] = []
    problem = grid(4, 5, seed=9)
    problem = replace(problem, count=(3, 3), balance=(Balance.around("people", problem.balance[0].weight, 3, 0.1),))
    plan = districts(problem, Effort(seconds=120.0, on_progress=told.append))
    assert plan.proof.status == "optimal"
    assert told
    assert all(news.bound <= plan.cost * (1 + 1e-6) and news.value >= plan.cost * (1 - 1e-6) for news in told)
