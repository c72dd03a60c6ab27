"""Claims without a figure, tried on a synthetic station: the same as a comparison of the two systems, and no grade changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from qinwu.judge.claims.grading import grade_of
from qinwu.judge.claims.reading import shipped_claims
from qinwu.judge.claims.trying import Tried, try_claim
from qinwu.simulate.trial import prepare, run_trial


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where samples are made."""
    return tmp_path_factory.mktemp("samples")


@pytest.fixture(scope="module")
def tried(folder: Path) -> Tried:
    """The claim that resources were optimised, tried twice on two weeks."""
    found = try_claim(shipped_claims().claim("resources_optimised"), folder, replications=2, weeks=2)
    assert found is not None
    return found


def test_every_measure_of_the_claim_gets_its_figures(tried: Tried) -> None:
    """Each measure that the claim names has a difference of after less before, with an interval."""
    stand_in = shipped_claims().claim("resources_optimised").trial
    assert stand_in is not None
    assert tuple(key.measure for key, _ in tried.figures) == stand_in.measures
    for _, found in tried.figures:
        assert found.change.mean == pytest.approx(found.other.mean - found.current.mean)
        assert found.change.low <= found.change.mean <= found.change.high


def test_it_is_the_comparison_of_the_two_systems(tried: Tried, folder: Path) -> None:
    """The levels of each system are those that a comparison of the sample's own duty files gives."""
    trial = prepare(folder / "town", ["split_lines", "three_squads"])
    comparison = run_trial(trial, replications=2, weeks=2)
    for key, found in tried.figures:
        assert found.other == comparison.outcome("three_squads").interval(*key)


def test_a_claim_without_stand_ins_is_not_tried(folder: Path) -> None:
    """Nothing is run for a claim that names no systems; and a try changes no grade."""
    assert try_claim(shipped_claims().claim("daqing_eight"), folder, replications=1) is None
    assert grade_of(shipped_claims().claim("resources_optimised")) == "D"
