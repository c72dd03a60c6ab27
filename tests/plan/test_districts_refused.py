"""Problems that cannot be: every reason by its code, and conflicts with what would do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qinwu.findings import Finding, QinwuError
from qinwu.plan.beats.districting import districts
from qinwu.plan.beats.districts import Balance, DistrictProblem
from qinwu.plan.beats.graph import Graph
from qinwu.plan.effort import Effort


def row(weights: list[float], count: int, low: float, high: float) -> DistrictProblem:
    """Atoms in a row."""
    atoms = len(weights)
    far = np.abs(np.subtract.outer(np.arange(float(atoms)), np.arange(float(atoms))))
    graph = Graph.of(atoms, np.column_stack([np.arange(atoms - 1), np.arange(1, atoms)]))
    balance = (Balance("calls", np.array(weights), low, high),)
    return DistrictProblem(tuple("abcdefgh"[:atoms]), far, graph, (count, count), balance=balance)


SOON = Effort(seconds=120.0)


def findings(problem: DistrictProblem) -> tuple[Finding, ...]:
    with pytest.raises(QinwuError) as error:
        districts(problem, SOON)
    return error.value.findings


FOUR = row([1.0, 1.0, 1.0, 1.0], 2, 1.0, 3.0)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (replace(FOUR, count=(5, 5)), "more-districts-than-atoms"),
        (replace(FOUR, count=(0, 2)), "district-count"),
        (row([0.0, 0.0, 0.0], 2, 1.0, 2.0), "zero-load"),
        (row([1.0, 9.0, 1.0], 2, 1.0, 6.0), "atom-too-heavy"),
        (row([1.0, 1.0, 1.0], 2, 2.0, 2.0), "load-and-count"),
        (row([1.0, 1.0, 1.0], 2, 2.0, 1.0), "district-bounds"),
        (row([1.0, -1.0, 1.0], 2, 0.0, 1.0), "district-weight"),
        (replace(FOUR, together=((0, 3),)), "group-in-pieces"),
        (replace(FOUR, together=((0, 1),), apart=((0, 1),)), "together-and-apart"),
        (replace(FOUR, allowed=np.zeros((4, 4), np.bool_)), "no-centre"),
        (replace(FOUR, fixed=np.array([7, -1, -1, -1])), "district-fixed"),
        (replace(FOUR, centres=np.array([0, 0, 1, 2], np.int32)), "district-centres"),
        (replace(FOUR, needed=np.ones(4, np.bool_)), "district-needed"),
        (replace(FOUR, cost=np.full((4, 4), np.nan)), "district-cost"),
        (replace(FOUR, cost=np.zeros((3, 4))), "district-shape"),
    ],
)
def test_a_problem_that_cannot_be_is_refused(problem: DistrictProblem, code: str) -> None:
    """Each kind of bad input has its finding, an error with a remedy, in both languages."""
    found = [finding for finding in findings(problem) if finding.code == code]
    assert found
    assert found[0].severity == "error"
    assert found[0].remedy
    assert found[0].text("zh") != found[0].text("en")


def test_islands_are_named() -> None:
    """An area in more pieces than districts is refused with the pieces by name; one too light, too."""
    apart = replace(FOUR, graph=Graph.of(4, np.array([[0, 1]])), count=(2, 2))
    (finding,) = [one for one in findings(apart) if one.code == "islands"]
    assert finding.values["names"] == "a, b; c; d"
    light = row([3.0, 3.0, 1.0, 1.0], 2, 3.0, 6.0)
    light = replace(light, graph=Graph.of(4, np.array([[0, 1], [2, 3]])))
    assert "c, d" in [one.values["names"] for one in findings(light) if one.code == "island-load"]


def test_a_conflict_names_the_rules_and_what_would_do() -> None:
    """Equal shares of 3, 1, 3, 1 in a row would need pieces that do not hang together: exactly those rules are named."""
    problem = row([3.0, 3.0, 1.0, 1.0], 2, 4.0, 4.0)
    codes = [finding.code for finding in findings(problem)]
    assert codes[0] == "no-districts"
    assert set(codes[1:]) >= {"rule-contiguous", "rule-count", "nearest-bounds"}
    assert {"rule-least", "rule-most"} & set(codes)
    (nearest,) = [finding for finding in findings(problem) if finding.code == "nearest-bounds"]
    assert (nearest.values["low"], nearest.values["high"]) == (3.0, 5.0)
    wider = replace(problem, balance=(replace(problem.balance[0], low=3.0, high=5.0),))
    assert districts(wider, SOON).proof.status == "optimal"


def test_a_rule_that_is_not_to_blame_is_not_named() -> None:
    """Two atoms that must be apart do not matter where loads and contiguity alone contradict each other."""
    problem = replace(row([3.0, 3.0, 1.0, 1.0], 2, 4.0, 4.0), apart=((0, 3),))
    codes = {finding.code for finding in findings(problem)}
    assert "rule-apart" not in codes
    assert "rule-contiguous" in codes
