"""717,000 calls read from CSV, cleaned and placed into atoms, against the script that everybody writes.

San Antonio's public calls are resampled to 717,000 rows (places and minutes jittered), with 400 made-up atoms (Voronoi cells
of call places) beside them, written as CSV in a temporary folder, and read by

- Qinwu: every stamp put on the local clock, classes and origins mapped, points placed, duplicates found, every row accounted for;
- the script: ``csv``, ``strptime``, ``zoneinfo``, one STRtree query per point (timed on a tenth of the rows, times ten);
- the floor: ``polars.read_csv``, one known time format and one vectorised STRtree query; nothing mapped, checked or told.

Run: ``uv run python benchmarks/reading.py``
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import shapely

from qinwu.station.area import Area, TravelTimes
from qinwu.station.config import CallClass, CallsSource, Files, StationConfig, Text
from qinwu.station.reading import read_calls

T = TypeVar("T")
DATA = Path(__file__).parents[1].parent / "shared" / "data" / "san_antonio_calls_2022_2025_partial.parquet"
ROWS = 717_000
ATOMS = 400
TENTH = 10
TARGET_S = 5.0
CLASSES = ("criminal", "public_order", "traffic", "dispute", "help", "non_police", "other")
ZONE = "America/Chicago"


def main() -> None:
    """Print seconds and the ratios to the peers."""
    if not DATA.is_file():
        print(f"skipped: {DATA.name} is not beside the checkout in shared/data")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = resampled(pl.read_parquet(DATA), seed=1)
        area = voronoi_area(source, seed=2)
        source.write_csv(folder / "calls.csv", datetime_format="%Y-%m-%d %H:%M:%S")
        source.head(ROWS // TENTH).write_csv(folder / "tenth.csv", datetime_format="%Y-%m-%d %H:%M:%S")
        calls, ours = timed(lambda: read_calls(folder, station("calls.csv"), area))
        placed, floor = timed(lambda: vectorised(folder / "calls.csv", area))
        _, tenth = timed(lambda: script(folder / "tenth.csv", area), repeats=1)
    print(f"{calls.rows_read:,} rows: {len(calls):,} calls, {len(calls.rejected):,} accounted for; the floor placed {placed:,}")
    print(f"qinwu   {ours:6.2f} s   target {TARGET_S:.0f} s: {'met' if ours <= TARGET_S else 'MISSED'}")
    print(f"script  {tenth * TENTH:6.2f} s   {tenth * TENTH / ours:.1f} times as long as qinwu")
    print(f"floor   {floor:6.2f} s   qinwu takes {ours / floor:.1f} times as long")


def timed(work: Callable[[], T], repeats: int = 3) -> tuple[T, float]:
    """Return what `work` returns, and its wall-clock seconds, the best of `repeats`."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return result, min(seconds)


def resampled(calls: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return `ROWS` calls drawn with replacement, moved by up to half a grid step and five minutes."""
    rng = np.random.default_rng(seed)
    drawn = calls.drop_nulls("lat")[rng.integers(0, calls["lat"].count(), ROWS)]
    return drawn.select(
        received=pl.col("received") + pl.Series(rng.integers(-300, 300, ROWS) * 1_000_000).cast(pl.Duration("us")),
        lat=(pl.col("lat").cast(pl.Float64) + pl.Series(rng.uniform(-5e-4, 5e-4, ROWS))).round(6),
        lon=(pl.col("lon").cast(pl.Float64) + pl.Series(rng.uniform(-5e-4, 5e-4, ROWS))).round(6),
        problem="problem",
    )


def voronoi_area(calls: pl.DataFrame, seed: int) -> Area:
    """Return `ATOMS` Voronoi cells of call places that cover the middle 99 % of them."""
    middle = calls.filter(
        pl.col(name).is_between(pl.col(name).quantile(0.005), pl.col(name).quantile(0.995)) for name in ("lon", "lat")
    )
    seeds = middle.sample(ATOMS, seed=seed).select("lon", "lat").to_numpy()
    frame = shapely.box(*middle.select(pl.col("lon", "lat").min()).row(0), *middle.select(pl.col("lon", "lat").max()).row(0))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=frame))
    cells = shapely.intersection(shapely.segmentize(cells, 0.002), frame)
    count = len(cells)
    travel = TravelTimes(np.ones((count, count), dtype=np.float32), np.ones(168), 0.0, "none")
    ones = np.ones(count)
    return Area(
        tuple(f"v{at}" for at in range(count)),
        tuple(cells),
        np.zeros((count, 2)),
        ones,
        ones,
        ones,
        np.zeros((0, 2), np.int32),
        "",
        travel,
    )


def station(file: str) -> StationConfig:
    """Return a station that reads `file` with the San Antonio profile."""
    classes = tuple(CallClass(id=name, name=Text(zh=name)) for name in CLASSES)
    return StationConfig(
        name=Text(zh="外地"),
        time_zone=ZONE,
        call_class=classes,
        calls=CallsSource(profile="san_antonio"),
        files=Files(calls=(file,)),
    )


def vectorised(path: Path, area: Area) -> int:
    """Read, parse and place without a question; return how many points lie in an atom."""
    calls = pl.read_csv(path, infer_schema=False).with_columns(pl.col("received").str.to_datetime("%Y-%m-%d %H:%M:%S"))
    points = shapely.points(calls["lon"].cast(pl.Float64).to_numpy(), calls["lat"].cast(pl.Float64).to_numpy())
    return len(shapely.STRtree(area.polygons).query(points, predicate="intersects")[0])


def script(path: Path, area: Area) -> list[tuple[datetime, str, str]]:
    """Read row by row, as an analyst's script does."""
    tree, zone, calls = shapely.STRtree(area.polygons), ZoneInfo(ZONE), []
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            received = datetime.strptime(row["received"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
            hits = tree.query(shapely.Point(float(row["lon"]), float(row["lat"])), predicate="intersects")
            if len(hits):
                calls.append((received, row["problem"], area.atom_ids[hits[0]]))
    return calls


if __name__ == "__main__":
    main()
