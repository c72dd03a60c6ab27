"""The public districting instances as problems: 510 police areas, US counties, the reporting areas of Carrollton.

Everything is read from the data folder beside the checkout; nothing of it is copied.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.districts import Balance, DistrictProblem, Support
from qinwu.plan.beats.graph import Graph

F64 = NDArray[np.float64]
DATA = Path(__file__).parents[3] / "shared" / "data"
POLICE = DATA / "police_districting_510"
COUNTIES = DATA / "districting_counties"
CARROLLTON = DATA / "carrollton_reporting_areas.geojson"

AREAS_APART = 1.5
"""The publisher of the 510 areas calls two areas adjacent whose air distance is at most this many times the shortest one."""


@dataclass(frozen=True, slots=True)
class Published:
    """One row of a published table: seconds of the commercial solver, and its proven optimum (nan: proven infeasible)."""

    name: str
    seconds: float
    value: float


def police(count: int, rule: Literal["C0", "C1", "C2", "C3"] = "C0") -> DistrictProblem:
    """Return the police instance of 510 areas: `count` districts, without (C0) or with contiguity and compactness."""
    far = np.loadtxt(POLICE / "airdistances_0510.csv")
    near = far <= AREAS_APART * far[far > 0].min()
    graph = Graph.of(len(far), np.argwhere(np.triu(near, 1)))
    support = None if rule == "C0" else Support.by_distance(graph, far, np.arange(len(far)), level=int(rule[1]))
    return DistrictProblem(
        names=tuple(f"{area + 1}" for area in range(len(far))),
        cost=np.loadtxt(POLICE / "workload_0510.csv"),
        graph=graph,
        count=(count, count),
        contiguous=False,
        support=support,
    )


def police_published() -> dict[tuple[int, str], Published]:
    """Return the published optima where every area may be a centre, by number of districts and rule."""
    with (POLICE / "published_results.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["Ratio"]) == 1.0]
    return {
        (int(row["Centres"]), row["Constraints"]): Published(
            f"510 areas, {row['Centres']}, {row['Constraints']}", float(row["Duration"]), float(row["ObjVal"])
        )
        for row in rows
    }


def county_codes() -> dict[str, str]:
    """Return the file code of every state there is a file of, by its postal name."""
    found = sorted(path.stem.removeprefix("county") for path in COUNTIES.glob("county*.json"))
    return {POSTAL.get(code, code): code for code in found}


POSTAL = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE", "12": "FL", "13": "GA",
    "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA", "20": "KS", "21": "KY", "22": "LA", "23": "ME", "24": "MD",
    "25": "MA", "26": "MI", "27": "MN", "28": "MS", "29": "MO", "30": "MT", "31": "NE", "32": "NV", "33": "NH", "34": "NJ",
    "35": "NM", "36": "NY", "37": "NC", "38": "ND", "39": "OH", "40": "OK", "41": "OR", "42": "PA", "44": "RI", "45": "SC",
    "46": "SD", "47": "TN", "48": "TX", "49": "UT", "50": "VT", "51": "VA", "53": "WA", "54": "WV", "55": "WI", "56": "WY",
}  # fmt: skip
"""The postal name of each state, by its code."""

STATE_PLANE = {
    "01": 26929, "02": 26931, "04": 26948, "05": 26951, "06": 26941, "08": 26953, "09": 26956, "10": 26957, "12": 26958,
    "13": 26966, "15": 26961, "16": 26968, "17": 26971, "18": 26973, "19": 26975, "20": 26977, "21": 26979, "22": 26981,
    "23": 26983, "24": 26985, "25": 26986, "26": 26988, "27": 26991, "28": 26994, "29": 26996, "30": 32100, "31": 32104,
    "32": 32107, "33": 32110, "34": 32111, "35": 32112, "36": 32115, "37": 32119, "38": 32120, "39": 32122, "40": 32124,
    "41": 32126, "42": 32128, "44": 32130, "45": 32133, "46": 32134, "47": 32136, "48": 32137, "49": 32142, "50": 32145,
    "51": 32146, "53": 32148, "54": 32150, "55": 32152, "56": 32155,
}  # fmt: skip
"""The first NAD83 state plane zone of each state, by its code: the projection of the published distances."""


def counties(code: str, count: int, low: float, high: float, contiguous: bool = True) -> DistrictProblem:
    """Return one state: the cost is population times the square of whole kilometres between centroids, in millions.

    Distances are those of centroids in the first state plane zone of the state, rounded to whole kilometres: with them the
    published optima come out to the last digit, with and without contiguity.
    """
    from pyproj import Transformer

    known = json.loads((COUNTIES / f"county{code}.json").read_text("utf-8"))
    nodes = known["nodes"]
    at = {node["id"]: position for position, node in enumerate(nodes)}
    pairs = [(position, at[near["id"]]) for position, row in enumerate(known["adjacency"]) for near in row]
    people = np.array([node["TOTPOP"] for node in nodes], dtype=np.float64)
    turn = Transformer.from_crs(4269, STATE_PLANE[code], always_xy=True)
    x, y = turn.transform(*np.array([centroid(node) for node in nodes]).T)
    far = np.round(np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y)) / 1000.0)
    return DistrictProblem(
        names=tuple(str(node["NAME10"]) for node in nodes),
        cost=far**2 * people / 1e6,
        graph=bridged(Graph.of(len(nodes), np.array(pairs)), far),
        count=(count, count),
        balance=(Balance("population", people, low, high),),
        contiguous=contiguous,
    )


def bridged(graph: Graph, far: F64) -> Graph:
    """Return the graph with islands joined to the rest where they are nearest, as the publisher does."""
    piece, count = graph.pieces()
    while count > 1:
        apart = np.where(piece[:, None] != piece[None, :], far, np.inf)
        nearest = np.array(np.unravel_index(int(apart.argmin()), apart.shape))
        graph = Graph.of(len(graph), np.vstack([graph.pairs, nearest[None, :]]))
        piece, count = graph.pieces()
    return graph


def centroid(node: dict[str, float]) -> tuple[float, float]:
    """Return longitude and latitude of a county's centroid; its internal point where the file has no centroid (Mississippi)."""
    return (node["C_X"], node["C_Y"]) if "C_X" in node else (float(node["INTPTLON10"]), float(node["INTPTLAT10"]))


def counties_published(model: str = "cut") -> dict[str, tuple[int, int, int, Published]]:
    """Return districts, least and most people, and the published result of every state; ``hess`` is without contiguity."""
    with (COUNTIES / "hess_counties_results.csv").open(encoding="utf-8") as file:
        rows = [{key.strip(): value.strip() for key, value in row.items() if key} for row in csv.DictReader(file)]
    found = {}
    for row in rows:
        if row["model"] == model:
            said = row["Objval"]
            value = np.nan if said == "infeasible" else np.inf if said == "?" else float(said)
            published = Published(row["state"], float(row["Total Time"]), value)
            found[row["state"]] = (int(row["k"]), int(row["L"]), int(row["U"]), published)
    return found
