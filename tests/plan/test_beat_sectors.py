"""Sectors over the beats in force: every beat once, neighbours together, sergeants kept, and nearly the most even of all ways."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.even import least_spread
from qinwu.plan.beats.problem import Today, make_problem
from qinwu.plan.beats.sectoring import sectors_in_force
from qinwu.plan.effort import Effort
from tests.plan.beat_cases import hours
from tests.stations import nine_atom_system, nine_atoms, six_atom_system, six_atoms

WORK = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]


def test_sergeants_stay_with_their_sectors() -> None:
    """Two sectors of four beats: each beat is in one, each sergeant has one of its beats, and those in force stay if they can."""
    there, system = nine_atoms(), nine_atom_system()
    answer = sectors_in_force(there, system, hours(WORK), Effort(5.0), within=0.6)
    beats = sorted(beat for row in answer.sectors.rows for beat in row.beats)
    assert beats == ["ne", "nw", "se", "sw"]
    officer = {beat.id: beat.officer for beat in system.beat}
    for row in answer.sectors.rows:
        assert row.sergeant in {officer[beat] for beat in row.beats}
    assert {row.id for row in answer.sectors.rows} == {"south", "north"}
    assert answer.part()["sector"][0]["beats"]


def test_two_sectors_are_the_most_even_of_all_ways() -> None:
    """Of the ways to join four beats into two whole sectors within bounds, none has more even hours by more than a tenth."""
    there, system = nine_atoms(), nine_atom_system()
    answer = sectors_in_force(there, system, hours(WORK), Effort(5.0), within=0.6)
    loads = {"sw": 3.0, "se": 9.0, "nw": 16.0, "ne": 17.0}
    names, graph = list(loads), {("sw", "se"), ("sw", "nw"), ("se", "nw"), ("nw", "ne"), ("se", "ne")}
    best = np.inf
    for sides in product((0, 1), repeat=4):
        sums = [sum(loads[n] for n, s in zip(names, sides, strict=True) if s == side) for side in (0, 1)]
        if min(sums) > 0 and all(_whole([n for n, s in zip(names, sides, strict=True) if s == side], graph) for side in (0, 1)):
            best = min(best, abs(sums[0] / 22.5 - 1.0))
    assert answer.spread(answer.sectors.rows) <= best + 0.1
    assert answer.proof.bound == pytest.approx(best, abs=1e-4)


def _whole(beats: list[str], graph: set[tuple[str, str]]) -> bool:
    reached = {beats[0]}
    for _ in beats:
        reached |= {b for b in beats if any((a, b) in graph or (b, a) in graph for a in reached)}
    return reached == set(beats)


def test_without_sectors_in_force_their_number_follows_the_span() -> None:
    """Three beats and no sectors: one sergeant is enough."""
    answer = sectors_in_force(six_atoms(), six_atom_system(), hours([1.0] * 6), Effort(5.0))
    assert [row.beats for row in answer.sectors.rows] == [("west", "middle", "east")]
    assert answer.sectors.rows[0].id == "S1"


def test_atoms_without_beat_are_refused() -> None:
    """Sectors of beats that leave an atom out cannot be planned."""
    system = six_atom_system()
    short = DutySystem.model_validate({**system.model_dump(), "beat": [beat.model_dump() for beat in system.beat[:2]]})
    with pytest.raises(QinwuError, match="in no beat: a3, a6"):
        sectors_in_force(six_atoms(), short, hours([1.0] * 6), Effort(5.0))


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_the_most_even_of_all_ways(seed: int) -> None:
    """On nine lots with hours at random, in two or three sectors: what is proven is what enumeration finds."""
    rng = np.random.default_rng(seed)
    sectors, work = int(rng.integers(2, 4)), rng.integers(1, 20, 9).astype(float)
    there = nine_atoms()
    problem = make_problem(there, hours(work.tolist()), BeatAims(), Today((), np.full(9, -1, np.int32)), sectors)
    sides = [tuple(sorted({int(i), int(j)})) for i, j in there.area.neighbours]
    graph = {(f"a{i + 1}", f"a{j + 1}") for i, j in sides}
    best = np.inf
    for labels in product(range(sectors), repeat=9):
        groups = [[f"a{at + 1}" for at in range(9) if labels[at] == sector] for sector in range(sectors)]
        if all(groups) and all(_whole(group, graph) for group in groups):
            loads = np.array([sum(work[int(atom[1:]) - 1] for atom in group) for group in groups])
            best = min(best, float(np.abs(loads / loads.mean() - 1.0).max()))
    assert least_spread(problem, Effort(20.0).begin()) == pytest.approx(best, abs=1e-4)
