"""Visibility: passes by hand and by driving round, and seeing by throwing patrols at random."""

from __future__ import annotations

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.queueing.visibility import p_seen, passes_per_hour, patrol_passes_per_hour


def test_passes_by_hand() -> None:
    """One crew at 5 m/s drives 18 km an hour: a point on 10 km of streets is passed 1.8 times."""
    assert patrol_passes_per_hour(1.0, 5.0, 10_000.0) == pytest.approx(1.8)
    assert patrol_passes_per_hour([0.0, 2.0], 5.0, [[9_000.0], [36_000.0]]).tolist() == [[0.0, 4.0], [0.0, 1.0]]


def test_passes_of_crews_in_their_atoms() -> None:
    """Two crews, the second idle half of the time and half of that in the first atom."""
    passes = passes_per_hour(np.array([7_200.0, 3_600.0]), np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([9e3, 4.5e3]), 5.0, 7_200.0)
    assert passes == pytest.approx([2.0 * 1.25, 4.0 * 0.25])


def test_passes_of_a_drive_round_a_ring() -> None:
    """Counted: a car that drives round a ring of streets for an hour passes a point as often as the formula says."""
    street, speed = 400.0, 5.0
    path = np.arange(0.0, 3_600.0 * speed, 0.5)
    point = 123.25
    counted = np.count_nonzero((path[:-1] % street <= point) & (path[1:] % street > point))
    assert patrol_passes_per_hour(1.0, speed, street) == counted


def test_atoms_without_streets_count_as_one_metre() -> None:
    """No division by nothing."""
    assert patrol_passes_per_hour(1.0, 1.0, 0.0) == 3_600.0


def test_seen_by_hand() -> None:
    """Two patrols sweep 500 m² a second each: in ten minutes six tenths of a square kilometre."""
    seen = p_seen(np.array([2.0, 0.0]), 5.0, 50.0, np.array([1e6, 1e6]), 600.0)
    assert seen == pytest.approx([1.0 - np.exp(-0.6), 0.0])


def test_seen_by_throwing_patrols() -> None:
    """Patrols drive straight through a large square in random directions; a stay in its middle sees as many as the formula says."""
    rng = np.random.default_rng(3)
    side, speed, sight, stay, patrols, trials = 8_000.0, 5.0, 50.0, 300.0, 40, 4_000
    start = rng.uniform(-side / 2.0, side / 2.0, (trials, patrols, 2))
    angle = rng.uniform(0.0, 2.0 * np.pi, (trials, patrols))
    heading = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    along = np.clip(-(start * heading).sum(axis=-1), 0.0, speed * stay)
    nearest = np.linalg.norm(start + along[..., None] * heading, axis=-1)
    met = nearest <= sight
    already = np.linalg.norm(start, axis=-1) <= sight
    share = float((met & ~already).any(axis=1).mean())
    expected = float(p_seen(np.array([float(patrols)]), speed, sight, np.array([side**2]), stay)[0])
    assert share == pytest.approx(expected, abs=4.0 * np.sqrt(expected * (1.0 - expected) / trials))


def test_wrong_arguments() -> None:
    """No fewer crews than none."""
    with pytest.raises(QinwuError) as raised:
        patrol_passes_per_hour(-0.5, float("inf"), 1e4)
    found = [(finding.values["name"], finding.code) for finding in raised.value.findings]
    assert found == [("patrol_crews", "negative-number"), ("speed_mps", "negative-number")]
