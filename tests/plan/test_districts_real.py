"""Published instances: proven optima of the police areas and of counties, and the bound of Carrollton."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from benchmarks.plan.carrollton import PUBLISHED, carrollton
from benchmarks.plan.district_data import DATA, bridged, counties, counties_published, police, police_published

from qinwu.findings import QinwuError
from qinwu.plan.beats.districting import districts
from qinwu.plan.beats.graph import Graph
from qinwu.plan.effort import Effort

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data folder is not beside the checkout"),
]
LONG = Effort(seconds=300.0)


@pytest.mark.parametrize(("count", "rule"), [(6, "C0"), (18, "C1"), pytest.param(9, "C3", marks=pytest.mark.slow)])
def test_police_areas_reach_the_published_optimum(count: int, rule: Literal["C0", "C1", "C3"]) -> None:
    """The optimum is the published one, and proven."""
    plan = districts(police(count, rule), LONG)
    assert plan.cost == pytest.approx(police_published()[count, rule].value, abs=0.01)
    assert plan.proof.status == "optimal"


@pytest.mark.parametrize(
    ("state", "code", "model"), [("ID", "16", "cut"), ("ME", "23", "hess"), pytest.param("AR", "05", "cut", marks=pytest.mark.slow)]
)
def test_counties_reach_the_published_optimum(state: str, code: str, model: str) -> None:
    """The moment of inertia is the published one, and proven."""
    count, low, high, published = counties_published(model)[state]
    plan = districts(counties(code, count, low, high, contiguous=model == "cut"), LONG)
    assert plan.cost == pytest.approx(published.value, abs=0.01)
    assert plan.proof.status == "optimal"


def test_a_state_whose_people_cannot_be_shared_out_is_refused() -> None:
    """Alabama in eight: Jefferson County alone is too large, and is named."""
    with pytest.raises(QinwuError) as error:
        districts(counties("01", 8, 594_000, 600_000), LONG)
    assert [finding.values["atoms"] for finding in error.value.findings if finding.code == "atom-too-heavy"] == ["Jefferson"]


def test_one_district_is_the_whole_state() -> None:
    """One district has the best county for centre."""
    problem = counties("23", 1, 0.0, np.inf)
    assert districts(problem, LONG).cost == pytest.approx(problem.cost.sum(axis=1).min())


@pytest.mark.slow
def test_carrollton_soon() -> None:
    """A few seconds come within one and a half per cent of the published plan, whose bound of calls every beat keeps."""
    problem = carrollton()
    plan = districts(problem, Effort(seconds=20.0), exact=False)
    assert plan.cost < 1.015 * PUBLISHED
    load = problem.load(problem.balance[0], plan.centre_of)[plan.used]
    assert load.max() <= 1.05 * load.mean() + 1e-6
    assert all(problem.graph.connected(np.flatnonzero(plan.district_of == number)) for number in range(12))


def test_islands_are_bridged_where_they_are_nearest() -> None:
    """Two pieces of a row are joined by the shortest gap."""
    far = np.abs(np.subtract.outer(np.array([0.0, 1.0, 5.0, 6.0]), np.array([0.0, 1.0, 5.0, 6.0])))
    graph = bridged(Graph.of(4, np.array([[0, 1], [2, 3]])), far)
    assert graph.pairs.tolist() == [[0, 1], [1, 2], [2, 3]]


def test_candidate_centres_of_a_subset() -> None:
    """With half of the areas as candidates the optimum is dearer, and every centre is one of them."""
    problem = police(6)
    sites = np.arange(0, 510, 2, dtype=np.int32)
    plan = districts(replace(problem, centres=sites, cost=problem.cost[sites]), LONG)
    assert plan.proof.status == "optimal"
    assert plan.cost >= police_published()[6, "C0"].value
