"""Regions of the sample: connected, even, and grouped by neighbourhood, on grids and on graphs small enough to try everything."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qinwu.station.sample.regions import adjacent_groups, connected, grow, neighbour_lists, part_neighbours, ways


def grid(columns: int, rows: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return places 100 m apart and pairs of those that are side by side."""
    xy = np.array([(x, y) for y in range(rows) for x in range(columns)], dtype=float) * 100.0
    apart = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    return xy, np.argwhere(np.triu(apart == 100.0))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(2, 6), st.integers(1, 4), st.integers(0, 10_000))
def test_parts_are_connected_whole_and_used(columns: int, rows: int, count: int, seed: int) -> None:
    """On any grid with any loads every place has a part, every part is used and hangs together."""
    xy, pairs = grid(columns, rows)
    load = np.random.default_rng(seed).lognormal(0.0, 0.7, len(xy))
    near = neighbour_lists(len(xy), pairs)
    part = grow(load, xy, near, count)
    assert set(part.tolist()) == set(range(count))
    assert all(connected(set(np.flatnonzero(part == each).tolist()), near) for each in range(count))


def test_equal_loads_are_shared_evenly() -> None:
    """Twelve by eight equal places fall into eight parts of nearly twelve."""
    xy, pairs = grid(12, 8)
    part = grow(np.ones(96), xy, neighbour_lists(96, pairs), 8)
    assert max(abs(np.bincount(part) - 12)) <= 1


def test_parts_are_numbered_from_the_north() -> None:
    """The first part lies further north than the last."""
    xy, pairs = grid(6, 20)
    part = grow(np.ones(120), xy, neighbour_lists(120, pairs), 4)
    assert xy[part == 0, 1].mean() > xy[part == 3, 1].mean()


def test_ways_follow_the_neighbours() -> None:
    """A step counts the square root of its metres, and a place without neighbours is very far away."""
    xy = np.array([(0.0, 0.0), (100.0, 0.0), (100.0, 400.0), (0.0, 50.0)])
    found = ways(xy, neighbour_lists(4, np.array([(0, 1), (1, 2)])))
    assert found[0, 2] == pytest.approx(10.0 + 20.0)
    assert found[0, 3] > 1e6


@pytest.mark.parametrize(("columns", "rows", "size"), [(2, 2, 2), (3, 2, 2), (3, 2, 3), (4, 2, 2), (4, 2, 4)])
def test_groups_are_the_closest_of_all_that_can_be_made(columns: int, rows: int, size: int) -> None:
    """No other way to group a small grid into connected groups of that size lies closer together."""
    xy, pairs = grid(columns, rows)
    xy = xy + np.random.default_rng(1).normal(0, 15, xy.shape)
    near = neighbour_lists(len(xy), pairs)
    groups = adjacent_groups(near, xy, size)
    assert groups is not None
    assert sorted(place for group in groups for place in group) == list(range(len(xy)))
    assert all(connected(set(group), near) for group in groups)
    assert spread(xy, groups) == pytest.approx(min(spread(xy, each) for each in all_groupings(len(xy), size, near)))


def spread(xy: NDArray[np.float64], groups: list[tuple[int, ...]]) -> float:
    return sum(float(((xy[list(group)] - xy[list(group)].mean(axis=0)) ** 2).sum()) for group in groups)


def all_groupings(count: int, size: int, near: tuple[tuple[int, ...], ...]) -> list[list[tuple[int, ...]]]:
    """Return every way to put the places into connected groups, by brute force over their orders."""
    orders = permutations(range(count)) if count <= 6 else [(0, *rest) for rest in permutations(range(1, count))]
    cuts = ([order[at : at + size] for at in range(0, count, size)] for order in orders)
    return [groups for groups in cuts if all(connected(set(group), near) for group in groups)]


def test_a_star_cannot_be_paired() -> None:
    """Where a place in the middle is the only neighbour of three others there are no pairs."""
    assert adjacent_groups(((1, 2, 3), (0,), (0,), (0,)), np.zeros((4, 2)), 2) is None


def test_parts_beside_each_other_are_neighbours() -> None:
    """Left, middle and right thirds of a row: the middle borders both, the others do not meet."""
    part = np.array([0, 0, 1, 1, 2, 2])
    assert part_neighbours(part, np.array([(at, at + 1) for at in range(5)]), 3) == ((1,), (0, 2), (1,))
