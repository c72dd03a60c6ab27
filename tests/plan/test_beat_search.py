"""The search for beats: as good as every plan looked at on small grids, hard rules never broken, resumable."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.plan.beats.aims import BeatAims, Border, unordered
from qinwu.plan.beats.constructing import from_nothing, from_today
from qinwu.plan.beats.keeping import kept
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.search import search
from tests.plan.beat_cases import every_plan, problem

WORK = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0]
TODAY = [0, 0, 0, 1, 1, 1, 2, 2, 2]
RIVER = Border("river", unordered([("a1", "a4"), ("a2", "a5"), ("a3", "a6")]))


def never(_share: float) -> bool:
    return False


@pytest.mark.parametrize(
    "aims",
    [
        BeatAims(within=0.4),
        BeatAims(within=0.3, weight={"response": 1.0}),
        BeatAims(within=0.6, compactness=0.55, weight={"balance": 1.0}),
        BeatAims(within=0.4, continuity=0.6),
        BeatAims(within=0.5, fixed={"a1": "B03", "a9": "B01"}),
        BeatAims(within=0.5, borders=(RIVER,)),
        BeatAims(within=0.5, whole={"a2": "village", "a3": "village", "a6": "village"}),
    ],
    ids=["all aims", "travel", "compact", "continuity", "fixed", "river", "village"],
)
def test_it_finds_the_best_of_all_plans(aims: BeatAims) -> None:
    """On nine squares the plan found has the least value of every plan that keeps the rules."""
    given_ = problem(3, 3, WORK, 3, aims, TODAY)
    best = min(plan.judged[0] for plan in every_plan(given_))
    found = search(given_, never, seed=1, most_passes=6)
    assert found is not None
    assert found.feasible
    assert found.plan.judged[0] == pytest.approx(best, abs=1e-9)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=20, max_size=20), st.integers(2, 5), st.integers(0, 99))
def test_what_it_finds_is_contiguous_and_within_bounds_or_said_not_to_be(work: list[int], beats: int, seed: int) -> None:
    """Beats are whole, none is empty, and a plan called feasible has every load in bounds."""
    given_ = problem(5, 4, work, beats, BeatAims(within=0.25))
    found = search(given_, never, seed=seed, most_passes=1)
    assert found is not None
    assert found.plan.contiguous
    low, high = given_.ground.low, given_.ground.high
    inside = bool((found.plan.metrics.hours >= low - 1e-6).all() and (found.plan.metrics.hours <= high + 1e-6).all())
    assert inside == found.feasible


def test_no_beat_crosses_a_river() -> None:
    """With a river below the first row, no beat has squares on both sides."""
    found = search(problem(3, 3, WORK, 3, BeatAims(within=0.9, borders=(RIVER,))), never, seed=3, most_passes=2)
    assert found is not None
    assert not set(found.plan.label[:3].tolist()) & set(found.plan.label[3:].tolist())


def test_the_same_seed_gives_the_same_plan() -> None:
    """Passes counted instead of timed, the search repeats itself."""
    plans = [search(problem(5, 4, list(range(1, 21)), 4), never, seed=5, most_passes=2) for _ in range(2)]
    assert plans[0] is not None
    assert plans[1] is not None
    assert (plans[0].plan.label == plans[1].plan.label).all()


def test_it_goes_on_from_an_earlier_plan_and_never_gives_a_worse_one() -> None:
    """Started from its own result and stopped at once, it returns that result."""
    given_ = problem(5, 4, list(range(1, 21)), 4)
    first = search(given_, never, seed=2, most_passes=3)
    assert first is not None
    again = search(given_, _at_once(), seed=9, starts=[first.plan.label])
    assert again is not None
    assert again.plan.judged[0] <= first.plan.judged[0]


def test_beats_in_force_are_mended_not_redrawn() -> None:
    """A beat in two pieces keeps its larger piece; what was left out goes to a neighbour."""
    label = from_today(problem(5, 1, [1, 1, 1, 1, 1], 2, today=[0, 1, 1, 1, 0]))
    assert label is not None
    assert label.tolist() in ([0, 1, 1, 1, 1], [1, 1, 1, 1, 0])


def test_one_beat_more_is_split_off_the_busiest() -> None:
    """Of two beats the busy one gives the third about half of its work."""
    label = from_today(problem(6, 1, [1, 1, 1, 5, 5, 5], 3, today=[0, 0, 0, 1, 1, 1]))
    assert label is not None
    assert sorted(np.bincount(label, [1, 1, 1, 5, 5, 5]).tolist()) == [3, 5, 10]


def test_parts_cut_apart_get_beats_by_their_work() -> None:
    """A border in a row of six leaves parts with 2 and 10 hours: of three beats one goes to the first, two to the second."""
    wall = Border("railway", unordered([("a2", "a3")]))
    given_ = problem(6, 1, [1, 1, 2, 2, 3, 3], 3, BeatAims(within=1.0, borders=(wall,)))
    label = from_nothing(given_, np.random.default_rng(0))
    assert label is not None
    assert len(set(label[:2].tolist())) == 1
    assert len(set(label[2:].tolist())) == 2


def test_beats_are_named_so_that_most_residents_keep_their_officer() -> None:
    """A division with its numbers turned round gets them back."""
    given_ = problem(3, 3, WORK, 3, today=TODAY)
    assert (kept(BeatPlan.of(given_, (np.array(TODAY) + 1) % 3)).label == TODAY).all()


def _at_once() -> Callable[[float], bool]:
    return lambda _share: True
