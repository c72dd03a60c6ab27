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
    postal = {"01": "AL", "05": "AR", "08": "CO", "16": "ID", "19": "IA", "20": "KS", "22": "LA", "23": "ME", "28": "MS"}
    postal |= {"31": "NE", "33": "NH", "35": "NM", "40": "OK", "41": "OR", "45": "SC", "54": "WV"}
    found = sorted(path.stem.removeprefix("county") for path in COUNTIES.glob("county*.json"))
    return {postal.get(code, code): code for code in found}


def counties(code: str, count: int, low: float, high: float, contiguous: bool = True) -> DistrictProblem:
    """Return one state: the cost is population times the square of whole kilometres between centroids, in millions.

    Distances are geodesics between the centroids of the file, rounded to whole kilometres: with them, enumeration of Maine gives
    the published optima with and without contiguity to the last digit.
    """
    from pyproj import Geod

    known = json.loads((COUNTIES / f"county{code}.json").read_text("utf-8"))
    nodes = known["nodes"]
    at = {node["id"]: position for position, node in enumerate(nodes)}
    pairs = [(position, at[near["id"]]) for position, row in enumerate(known["adjacency"]) for near in row]
    people = np.array([node["TOTPOP"] for node in nodes], dtype=np.float64)
    x, y = np.array([centroid(node) for node in nodes]).T
    one, two = np.triu_indices(len(nodes), 1)
    metres = Geod(ellps="GRS80").inv(x[one], y[one], x[two], y[two])[2]
    far = np.zeros((len(nodes), len(nodes)))
    far[one, two] = far[two, one] = np.round(metres / 1000.0)
    return DistrictProblem(
        names=tuple(str(node["NAME10"]) for node in nodes),
        cost=far**2 * people / 1e6,
        graph=Graph.of(len(nodes), np.array(pairs)),
        count=(count, count),
        balance=(Balance("population", people, low, high),),
        contiguous=contiguous,
    )


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
