"""Beat plans: moves keep every figure right, compactness of known shapes, and plans given by name."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.shapes import compactness, moments_of
from tests.plan.beat_cases import problem, slow_metrics

TODAY = [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 2]
WORK = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0]
GRID = problem(4, 3, WORK, 3, today=TODAY)
START = BeatPlan.of(GRID, np.array(TODAY))


def test_a_circle_a_square_and_a_rectangle_are_as_compact_as_geometry_says() -> None:
    """A² / 2πI is 1 for a circle, 3/π for a square, 2.4/π for a rectangle twice as long as wide."""
    circle = shapely.Point(10.0, 5.0).buffer(3.0, quad_segs=200)
    shapes = [circle, shapely.box(7, 7, 9, 9), shapely.box(0, 0, 2, 1)]
    assert compactness(moments_of(shapes)) == pytest.approx([1.0, 3 / np.pi, 2.4 / np.pi], abs=1e-4)


def test_a_hole_makes_a_shape_less_compact() -> None:
    """A ring of radii 1 and 2 has A = 3π and I = π (2⁴ - 1⁴) / 2, so 9π² / 15π² = 0.6."""
    ring = shapely.Point(0, 0).buffer(2.0, quad_segs=200).difference(shapely.Point(0, 0).buffer(1.0, quad_segs=200))
    assert compactness(moments_of([ring])) == pytest.approx([0.6], abs=1e-4)


def test_figures_agree_with_plain_loops() -> None:
    """Travel, spread, compactness and continuity of a plan are those of loops over atoms."""
    plan = START.flip("a5", "B02").flip("a3", "B01")
    slow = slow_metrics(plan)
    m = plan.metrics
    assert (m.travel_s, m.spread, float(m.compactness.mean()), m.continuity) == pytest.approx(
        (slow["travel_s"], slow["spread"], slow["compactness"], slow["continuity"])
    )


def test_cut_edges_are_borders_between_beats() -> None:
    """Two quarters over a row of four: 2 edges between the quarters, 4 to the row."""
    assert START.metrics.cut_edges == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 3)), min_size=1, max_size=12))
def test_any_walk_of_flips_leaves_every_sum_as_counted_anew(walk: list[tuple[int, int]]) -> None:
    """After any flips the sums equal a fresh count, and the plan that was left is unchanged."""
    plan, before = START, START.tally.label.copy()
    for atom, beat in walk:
        plan = plan.flip(f"a{atom}", f"B{beat:02}")
    fresh = BeatPlan.of(plan.problem, plan.label)
    for name in ("label", "size", "work", "cost", "moment", "near", "kept"):
        wanted = getattr(fresh.tally, name)
        # A beat that has lost its last atom keeps the rounding of large numbers taken off each other.
        assert getattr(plan.tally, name) == pytest.approx(wanted, abs=1e-12 * np.abs(wanted).max()), name
    assert (START.tally.label == before).all()


def test_swapping_twice_changes_nothing() -> None:
    """A swap is its own inverse."""
    there = START.swap("a2", "a3")
    assert (there.label != START.label).sum() == 2
    assert (there.swap("a2", "a3").label == START.label).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_recombination_keeps_beats_whole_and_touches_only_two(seed: int) -> None:
    """Joined and cut anew, both beats are in one piece, the third is as before, and every sum is right."""
    plan = START.merge_split("B01", "B02", seed)
    assert plan.contiguous
    assert (plan.label[START.label == 2] == 2).all()
    assert plan.tally.work == pytest.approx(BeatPlan.of(plan.problem, plan.label).tally.work)
    assert float(plan.tally.kept[0]) == pytest.approx(float(BeatPlan.of(plan.problem, plan.label).tally.kept[0]))


def test_recombinations_differ_by_seed_and_repeat_by_seed() -> None:
    """Twenty seeds give several cuts; one seed gives one."""
    cuts = {tuple(START.merge_split("B01", "B03", seed).label.tolist()) for seed in range(20)}
    assert len(cuts) >= 3
    assert (START.merge_split("B01", "B03", 7).label == START.merge_split("B01", "B03", 7).label).all()


def test_recombining_keeps_fixed_atoms() -> None:
    """With one corner fixed to each of two beats no cut puts either into the other."""
    fixed = problem(4, 3, WORK, 3, BeatAims(within=0.9, fixed={"a1": "B01", "a4": "B02"}), TODAY)
    for seed in range(30):
        label = BeatPlan.of(fixed, np.array(TODAY)).merge_split("B01", "B02", seed).label
        assert (label[0], label[3]) == (0, 1)


def test_beats_far_apart_are_not_recombined() -> None:
    """B01 and B02 that do not touch stay as they are."""
    apart = problem(5, 1, [1, 1, 1, 1, 1], 3, today=[0, 0, 2, 1, 1])
    plan = BeatPlan.of(apart, np.array([0, 0, 2, 1, 1]))
    assert (plan.merge_split("B01", "B02", 3).label == plan.label).all()


def test_unknown_names_are_told_with_a_guess() -> None:
    """A beat nearly named right is guessed."""
    with pytest.raises(QinwuError, match="Did you mean B03"):
        START.flip("a1", "B3")
    with pytest.raises(QinwuError, match="nothing called z9"):
        START.swap("a1", "z9")


def test_an_earlier_plan_that_leaves_atoms_out_is_refused() -> None:
    """Each atom without beat is named."""
    beats = {"B01": ["a1", "a2"], "B02": ["a3", "a4", "a5", "a6", "a7", "a8"], "B03": ["a9", "a10", "a11"]}
    with pytest.raises(QinwuError, match="Atom a12"):
        BeatPlan.of_atoms(GRID, beats)
