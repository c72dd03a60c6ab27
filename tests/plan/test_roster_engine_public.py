"""The roster engine on public shift-scheduling instances: published optima and bounds."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.plan.public import FOLDER, instance

from qinwu.plan.effort import Effort
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.engine import solve

pytestmark = [pytest.mark.real, pytest.mark.skipif(not FOLDER.is_dir(), reason="no public data beside the checkout")]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_published_optima_are_reached_and_proven(number: int) -> None:
    """Instances 1 to 4 end with the published optimum, proven."""
    case = instance(number)
    answer = solve(case.problem, Effort(60.0))
    assert answer.roster is not None
    assert violations(case.problem, answer.roster) == []
    assert answer.value == answer.bound == case.best_known


@pytest.mark.slow
@pytest.mark.parametrize(("number", "above"), [(6, 0.02), (8, 0.02), (11, 0.02), (14, 0.1), (16, 0.1)])
def test_larger_instances_are_near_the_best_known(number: int, above: float) -> None:
    """Two minutes bring a roster near the best published, and no bound above it."""
    case = instance(number)
    answer = solve(case.problem, Effort(120.0))
    assert answer.roster is not None
    assert violations(case.problem, answer.roster) == []
    assert case.best_known <= answer.value <= (1 + above) * case.best_known
    assert answer.bound <= case.best_known


@pytest.mark.slow
def test_a_year_of_a_hundred_and_fifty_people_has_a_roster() -> None:
    """The largest instance gets a roster that keeps every hard rule."""
    case = instance(24)
    answer = solve(case.problem, Effort(120.0))
    assert answer.roster is not None
    assert violations(case.problem, answer.roster) == []
    assert np.isfinite(answer.value)
