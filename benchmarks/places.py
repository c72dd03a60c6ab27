"""Hot places on public records: every method and the portfolio on the same windows; near repeats beside a reference output.

Run as ``python -m benchmarks.places`` (all five cases, the last 24 windows of each: some minutes) or with names of cases;
``--skip=48`` leaves the last 48 windows out, ``--windows=12`` tests fewer.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from qinwu.forecast.guards.urns import two_urns
from qinwu.forecast.places.backtest import BackTest, back_test
from qinwu.forecast.places.events import make_events
from qinwu.forecast.places.ground import grid_ground
from qinwu.forecast.places.knox import Knox, knox
from qinwu.forecast.places.library import Library
from qinwu.forecast.places.portfolio import Portfolio
from qinwu.forecast.places.scoring import Interval

DATA = Path(__file__).parents[1].parent / "shared" / "data"
PORTLAND = DATA / "portland_burglary_vehicle_theft_2012_2017feb.parquet"
PORTLAND_LAND = DATA / "portland_police_districts.geojson"
ST_LOUIS = DATA / "stlouis_crime_2008_2015.parquet"
ST_LOUIS_LAND = DATA / "stlouis_neighborhoods.geojson"
ARSON = DATA / "nearrepeat_chicago_arson.csv"
ARSON_TABLE = DATA / "nearrepeat_chicago_arson_NRverbose.csv"
FOOT, US_FOOT = 0.3048, 1200.0 / 3937.0
DAYS = 30.0
F64 = NDArray[np.float64]


class Case(NamedTuple):
    """One kind of crime in one town: points in metres, days, land, width of a cell, places chosen, PAI known of single methods."""

    x: F64
    y: F64
    day: F64
    land: BaseGeometry
    cell_m: float
    chosen: int
    known: float


CASES = (
    "portland vehicle theft",
    "portland burglary",
    "st louis robbery and assault",
    "st louis burglary",
    "st louis vehicle theft",
)
KNOWN = dict(zip(CASES, (22.6, 9.6, 7.3, 5.5, 4.4), strict=True))


def _land(path: Path, crs: str, metres: float) -> BaseGeometry:
    turn = Transformer.from_crs(4326, crs, always_xy=True)
    features = json.loads(path.read_text("utf-8"))["features"]
    moved = [shapely.transform(shape(one["geometry"]), turn.transform, interleaved=False) for one in features]
    whole = shapely.union_all(shapely.make_valid(np.array(moved, dtype=object)))
    return shapely.transform(whole, lambda points: points * metres)


def _days(times: pl.Series) -> F64:
    found: F64 = times.dt.epoch("us").to_numpy() / 86_400e6
    return found


def portland(kind: str) -> Case:
    """Return burglaries or vehicle thefts of Portland, cells of 600 ft, 20 chosen."""
    name = {"burglary": "BURGLARY", "vehicle theft": "MOTOR VEHICLE THEFT"}[kind]
    table = pl.read_parquet(PORTLAND).filter(pl.col("category") == name)
    x, y = (table[column].to_numpy() * FOOT for column in ("x_ft", "y_ft"))
    land = _land(PORTLAND_LAND, "EPSG:2913", FOOT)
    return Case(x, y, _days(table["occ_date"]), land, 600 * FOOT, 20, KNOWN[f"portland {kind}"])


def st_louis(kind: str) -> Case:
    """Return crimes of St. Louis with a place, cells of 250 m, 27 chosen; what was withdrawn or unfounded is left out."""
    codes = {"robbery and assault": (3, 4), "burglary": (5,), "vehicle theft": (7,)}[kind]
    table = pl.read_parquet(ST_LOUIS).filter(
        pl.col("count") == 1, ~pl.col("unfounded"), pl.col("x_ft").is_not_null(), pl.col("occurred") >= pl.datetime(2008, 1, 1),
        (pl.col("crime") // 10_000).is_in(codes),
    )  # fmt: skip
    x, y = (table[column].to_numpy().astype(np.float64) * US_FOOT for column in ("x_ft", "y_ft"))
    return Case(x, y, _days(table["occurred"]), _land(ST_LOUIS_LAND, "ESRI:102696", US_FOOT), 250.0, 27, KNOWN[f"st louis {kind}"])


def case(name: str) -> Case:
    """Return a case by name."""
    town, kind = name.split(" ", 1) if name.startswith("portland") else ("st louis", name.removeprefix("st louis "))
    return portland(kind) if town == "portland" else st_louis(kind)


def library(name: str) -> tuple[Library, float]:
    """Return the record of a case, points outside the land left out, and the day on which its last window ends."""
    found = case(name)
    ground = grid_ground(found.land, found.cell_m)
    place = ground.locate(found.x, found.y)
    inside = place >= 0
    events = make_events(ground, place[inside], found.day[inside])
    return Library(events, DAYS, found.chosen), float(np.floor(events.day[-1])) + 1.0


def judged(name: str, windows: int = 24, skip: int = 0) -> BackTest:
    """Return the back-test of a case on its last windows, the last `skip` of them left out."""
    record, end = library(name)
    return back_test(record, end - DAYS * skip, windows=windows)


def near_repeats(draws: int = 999) -> Knox:
    """Return the Knox table of the arsons of Chicago, in the bands of the reference output (feet and days)."""
    rows = np.loadtxt(ARSON, delimiter=",", dtype=str)
    day = rows[:, 2].astype("datetime64[D]").astype(np.float64)
    return knox(rows[:, 0].astype(np.float64), rows[:, 1].astype(np.float64), day, (200, 400, 600), (1, 2, 3), draws=draws)


def reference() -> tuple[F64, F64, F64]:
    """Return (5, 4) observed and mean expected pairs of the reference output, and (5, 4) the spread of its 99 draws."""
    at: tuple[int, int] | None
    draws: list[float]
    observed, mean, spread = np.zeros((5, 4)), np.zeros((5, 4)), np.zeros((5, 4))
    at, draws = None, []
    for line in ARSON_TABLE.read_text("utf-8", errors="replace").splitlines():
        words = line.split()
        if len(words) == 4 and words[0] == "Row" and words[2] == "Column":
            at, draws = (int(words[1]) - 1, int(words[3]) - 1), []
        elif at is None:
            continue
        elif line.startswith(("Expected,", ",")):
            draws += [float(each) for each in line.removeprefix("Expected").split(",") if each.strip()]
        elif line.startswith("Observed,"):
            observed[at] = float(line.split(",")[1])
            spread[at] = np.std(draws[-99:], ddof=1)
        elif line.startswith("Mean,"):
            mean[at] = float(line.split(",")[1])
    return observed, mean, spread


def _said(found: Interval) -> str:
    return f"{found.value:.2f} ({found.low:.2f}–{found.high:.2f})"


def main(names: list[str], windows: int, skip: int) -> None:
    """Print the tables of docs/background/hot-places.md."""
    wins = 0
    for name in names:
        begun = time.perf_counter()
        found = judged(name, windows, skip)
        print(f"\n{name}: {len(found.origins)} windows of {found.days:.0f} days, known PAI of a single method {KNOWN[name]}")
        print("method          PAI                    PEI                 hits  overlap")
        for method, scores in found.scores.items():
            print(f"{method:15} {_said(scores.pai):22} {_said(scores.pei):18} {scores.hits.sum():5.0f}  {scores.overlap:.2f}")
        top = max((one for one in found.scores if one != "portfolio"), key=lambda one: found.scores[one].pai.value)
        gain = found.scores["portfolio"].beats(found.scores[top])
        wins += gain.value > 0.0
        ten = found.scores["portfolio"]
        print(f"portfolio less best single ({top}): {gain.value:+.2f} ({gain.low:+.2f} to {gain.high:+.2f})")
        print(
            "expected by tenths:",
            " ".join(f"{each:.0f}" for each in ten.expected),
            "| seen:",
            " ".join(f"{each:.0f}" for each in ten.seen),
        )
        print(
            f"range of single windows: PAI of the best method {_range(found, top)}; {time.perf_counter() - begun:.0f} s", flush=True
        )
    print(f"\nportfolio better than the best single method in {wins} of {len(names)} cases")


def _range(found: BackTest, method: str) -> str:
    scores = found.scores[method]
    each = [scores.pai_in(np.array([at])) for at in range(len(found.origins))]
    return f"{min(each):.1f} to {max(each):.1f}"


def print_near_repeats() -> None:
    """Print the Knox table beside the reference output."""
    found, (observed, mean, spread) = near_repeats(), reference()
    error = np.maximum(np.sqrt(spread**2 / 99 + found.expected / found.draws), 1e-9)
    exact = found.observed.sum(1, keepdims=True) * found.observed.sum(0) / found.observed.sum()
    print("\nnear repeats, arsons of Chicago: observed, reference, difference of expected pairs in standard errors, ratios")
    for row in range(5):
        for column in range(4):
            print(
                row + 1, column + 1, found.observed[row, column], f"{observed[row, column]:.0f}",
                f"{(found.expected[row, column] - mean[row, column]) / error[row, column]:+.1f}",
                f"{found.ratio[row, column]:.2f}", f"{observed[row, column] / mean[row, column]:.2f}",
                f"{found.observed[row, column] / exact[row, column]:.2f}", f"p {found.p_value[row, column]:.3f}",
            )  # fmt: skip


def print_urns() -> None:
    """Print what fifty rounds of patrol make of two equal places."""
    found = two_urns(Portfolio(), 1)
    drift, without = (100.0 * each for each in (found.drift, found.without))
    print(
        f"\ntwo equal places, {found.rounds} rounds, points from one half: {drift:.1f}; where finds of officers teach {without:.1f}"
    )


if __name__ == "__main__":
    flags = [each for each in sys.argv[1:] if each.startswith("--")]
    skipped = next((int(each.split("=")[1]) for each in flags if each.startswith("--skip=")), 0)
    many = next((int(each.split("=")[1]) for each in flags if each.startswith("--windows=")), 24)
    asked = [each for each in sys.argv[1:] if not each.startswith("--")]
    if not asked:
        print_near_repeats()
        print_urns()
    main(asked or list(CASES), many, skipped)
