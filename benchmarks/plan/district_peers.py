"""The reporting areas of Carrollton in other people's regionalisation: spopt's algorithms and GerryChain's recombination.

They know nothing of centres: each answer is priced with the cheapest centre of each of its regions.
"""

from __future__ import annotations

import json
import random
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from benchmarks.plan.district_data import DATA
from qinwu.plan.beats.districts import DistrictProblem

I32 = NDArray[np.integer]
LEAST_AREAS = 5


class Region(NamedTuple):
    """An answer: cost, regions, most and least load by the mean, seconds, and in words what was asked."""

    cost: float
    regions: int
    most: float
    least: float
    seconds: float
    name: str


def priced(problem: DistrictProblem, label: I32, seconds: float, name: str) -> Region:
    """Return what regions cost from their cheapest centres."""
    kinds = [np.flatnonzero(label == kind) for kind in np.unique(label)]
    cost = sum(float(problem.cost[np.ix_(atoms, atoms)].sum(axis=1).min()) for atoms in kinds)
    load = np.array([problem.balance[0].weight[atoms].sum() for atoms in kinds])
    return Region(cost, len(kinds), load.max() / load.mean(), load.min() / load.mean(), seconds, name)


def peers(problem: DistrictProblem, seconds: float) -> list[Region]:
    """Return the answers of all of them; recombination runs for so many seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*spopt_answers(problem), recombination(problem, seconds)]


def spopt_answers(problem: DistrictProblem) -> list[Region]:
    """Return what SKATER, Max-P and region k-means make of the areas' places."""
    import geopandas
    from libpysal.weights import W
    from spopt.region import MaxPHeuristic, RegionKMeansHeuristic, Skater

    features = json.loads((DATA / "carrollton_reporting_areas.geojson").read_text("utf-8"))["features"]
    xy = np.array([(one["properties"]["XFeet"], one["properties"]["YFeet"]) for one in features])
    calls, count = problem.balance[0].weight, problem.count[0]
    frame = geopandas.GeoDataFrame({"x": xy[:, 0], "y": xy[:, 1], "calls": calls}, geometry=geopandas.points_from_xy(*xy.T))
    near = W({atom: problem.graph.neighbours(atom).tolist() for atom in range(len(problem))}, silence_warnings=True)
    low = problem.balance[0].low
    makers: dict[str, Callable[[], Any]] = {
        "spopt SKATER": lambda: Skater(frame, near, ["x", "y"], n_clusters=count, floor=LEAST_AREAS),
        "spopt Max-P": lambda: MaxPHeuristic(frame, near, ["x", "y"], "calls", low, 2, 20, 5),
        "spopt region k-means": lambda: RegionKMeansHeuristic(xy, count, near),
    }
    found = []
    for name, make in makers.items():
        np.random.seed(1)  # noqa: NPY002 - what spopt draws from
        start = time.process_time()
        model = make()
        model.solve()
        found.append(priced(problem, np.asarray(model.labels_), time.process_time() - start, name))
    return found


def recombination(problem: DistrictProblem, seconds: float) -> Region:
    """Return the cheapest plan that a chain of recombinations meets, all within the bounds."""
    from gerrychain import Graph, MarkovChain, Partition, accept
    from gerrychain.proposals import recom

    graph = nx.Graph()
    weight, count = problem.balance[0].weight, problem.count[0]
    graph.add_nodes_from((atom, {"load": float(weight[atom])}) for atom in range(len(problem)))
    graph.add_edges_from(problem.graph.pairs.tolist())
    share = problem.balance[0].high * count / weight.sum() - 1.0
    start = time.process_time()
    first = Partition.from_random_assignment(Graph.from_networkx(graph), count, share, "load", rng=random.Random(1))
    step = partial(recom, pop_col="load", pop_target=weight.sum() / count, epsilon=share)
    best: Region | None = None
    for steps, state in enumerate(MarkovChain(step, [], accept.always_accept, first, 10**9, rng=1), 1):
        part_of: Any = state.assignment.mapping
        label = np.array([part_of[atom] for atom in range(len(problem))], np.int64)
        spent = time.process_time() - start
        region = priced(problem, label, spent, f"GerryChain ReCom, {steps} steps")
        if best is None or region.cost < best.cost:
            best = region
        if spent > seconds:
            return best._replace(seconds=spent, name=region.name)
    raise AssertionError("the chain is longer than its time")
