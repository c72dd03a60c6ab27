"""How much padding the screens find, and how often they see padding that is not there.

    python -m benchmarks.judge.padding [--replicates 60] [--kind pulled] [--sizes 5,10,20,40]
    python -m benchmarks.judge.padding --false [--replicates 400] [--write]
    python -m benchmarks.judge.padding --priors

Real calls are dealt at random to units that do not differ; padding of a stated kind and size is planted in one of them; what stands
in that unit is counted, and what stands in another one. Nothing of the screens is told to the planting, and the other way round.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

import qinwu.judge.integrity
from benchmarks.judge.records import SOURCES, UNITS, as_record, clean_station, cut, detroit, st_louis
from qinwu.judge.integrity.record import F64
from qinwu.judge.integrity.sampling import wilson
from qinwu.judge.integrity.screening import Screened, screen

PADDED = "u1"
SIZES = (5, 10, 20, 40)
ST_LOUIS_ROWS = 12_000
MEASURED = Path(qinwu.judge.integrity.__file__).parent / "measured.toml"
Plant = Callable[[pl.DataFrame, float, np.random.Generator], pl.DataFrame]


def _some(rows: pl.DataFrame, where: pl.Expr, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Mark in ``hit`` a share of the rows of the padded unit that meet a condition."""
    lot = pl.Series(rng.uniform(size=len(rows)))
    return rows.with_columns(hit=(where & (pl.col("unit") == PADDED)).fill_null(value=False) & (lot < share))


def _late() -> pl.Expr:
    return ((pl.col("arrived") - pl.col("received")).dt.total_seconds() > pl.col("limit_s")) & ~pl.col("by_officer")


def pulled(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant arrivals: of late calls a share gets an arrival between four fifths of the limit and the limit."""
    marked = _some(rows, _late(), share, rng)
    seconds = pl.col("limit_s") * pl.Series(rng.uniform(0.8, 1.0, len(rows)))
    made = pl.col("received") + pl.duration(microseconds=(seconds * 1e6).cast(pl.Int64))
    return marked.with_columns(arrived=pl.when("hit").then(made).otherwise("arrived"))


def pulled_half(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant the same from the middle of the record on."""
    middle = rows["received"].median()
    early = rows.filter(pl.col("received") < middle)
    late = rows.filter(pl.col("received") >= middle)
    return pl.concat([early, pulled(late, share, rng)], how="diagonal")


def lost(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant gaps: of late calls a share loses its arrival."""
    return _some(rows, _late(), share, rng).with_columns(arrived=pl.when("hit").then(None).otherwise("arrived"))


def rounded(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant stamps from memory: a share of arrivals is written to the nearest five minutes."""
    marked = _some(rows, pl.col("arrived").is_not_null(), share, rng)
    return marked.with_columns(arrived=pl.when("hit").then(pl.col("arrived").dt.round("5m")).otherwise("arrived"))


def invented(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant calls that never were: as many as the share of the unit's, at any time, with one of five pairs of durations."""
    own = rows.filter(pl.col("unit") == PADDED)
    count = round(share * len(own))
    times = own["received"].gather(rng.integers(0, len(own), count)) + pl.Series(
        [timedelta(seconds=int(second)) for second in rng.integers(-1800, 1800, count)], dtype=pl.Duration("us")
    )
    kinds = np.array([(240, 600), (300, 900), (420, 1200), (480, 900), (540, 1800)])[rng.integers(0, 5, count)]
    made = pl.DataFrame({"received": times, "way": kinds[:, 0], "scene": kinds[:, 1]}).with_columns(
        dispatched=pl.col("received") + pl.duration(seconds=60),
        arrived=pl.col("received") + pl.duration(seconds=pl.col("way")),
        unit=pl.lit(PADDED),
        by_officer=pl.lit(value=False),
        limit_s=pl.lit(float(own["limit_s"][0])),
    )
    made = made.with_columns(cleared=pl.col("arrived") + pl.duration(seconds=pl.col("scene"))).drop("way", "scene")
    return pl.concat([rows, made], how="diagonal")


def withdrawn(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant withdrawals: a share of the unit's records is taken back."""
    return _some(rows, pl.lit(value=True), share, rng).with_columns(withdrawn=pl.col("withdrawn") | pl.col("hit"))


def withdrawn_half(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant the same from the middle of the record on."""
    after = pl.col("at") >= rows["at"].median()
    return _some(rows, after, share, rng).with_columns(withdrawn=pl.col("withdrawn") | pl.col("hit"))


def downgraded(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant downgrading: a share of the unit's grave records is graded one lower; 3 % of all are regraded honestly, up or down."""
    grade = pl.Series(rng.integers(1, 4, len(rows)).astype(float))
    honest = pl.Series(np.where(rng.uniform(size=len(rows)) < 0.03, rng.choice([-1.0, 1.0], len(rows)), 0.0))
    graded = rows.with_columns(grade_then=grade, grade_now=(grade + honest).clip(1.0, 4.0))
    marked = _some(graded, pl.col("grade_then") < 3.0, share, rng)
    return marked.with_columns(grade_now=pl.when("hit").then(pl.col("grade_then") + 1.0).otherwise("grade_now"))


def batched(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant sittings: entries follow events by an hour or so (made up); a share of the unit's is entered on Friday at four."""
    delay = np.exp(rng.normal(np.log(3600.0), 1.0, len(rows)))
    slow = rng.uniform(size=len(rows)) < 0.05
    seconds = pl.Series(np.where(slow, rng.exponential(2.0 * 86_400.0, len(rows)), delay) * 1e6).cast(pl.Int64)
    entered = rows.with_columns(spent=seconds).with_columns(entered=pl.col("received") + pl.duration(microseconds=pl.col("spent")))
    marked = _some(entered, pl.lit(value=True), share, rng)
    friday = pl.col("received").dt.truncate("1w") + pl.duration(days=4, hours=16)
    sitting = pl.when(friday > pl.col("received")).then(friday).otherwise(friday + pl.duration(days=7))
    marked = marked.with_columns(typing=pl.Series(rng.integers(0, 2400, len(rows))))
    typed = sitting + pl.duration(seconds=pl.col("typing"))
    return marked.with_columns(entered=pl.when("hit").then(typed).otherwise("entered")).drop("spent", "typing")


def bunched(rows: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """Plant values: amounts are made up, rounded as people round; of those from 2,000 to 3,000 a share is put at 1,800 to 1,990."""
    amount = np.exp(rng.normal(np.log(1500.0), 1.1, len(rows)))
    coarse = rng.choice([10.0, 100.0, 500.0, 1000.0], len(rows), p=[0.2, 0.45, 0.2, 0.15])
    valued = rows.with_columns(amount=pl.Series(np.maximum(np.round(amount / coarse), 1.0) * coarse), threshold=pl.lit(2000.0))
    marked = _some(valued, (pl.col("amount") >= 2000.0) & (pl.col("amount") < 3000.0), share, rng)
    under = pl.Series(np.round(rng.uniform(1800.0, 1999.0, len(rows)), -1))
    return marked.with_columns(amount=pl.when("hit").then(under).otherwise("amount"))


class Kind(NamedTuple):
    """A kind of padding: what a size means, the record it is planted in, and how."""

    words: str
    source: str
    plant: Plant


KINDS: dict[str, Kind] = {
    "pulled": Kind("late arrivals moved under the limit", "alexandria", pulled),
    "pulled_detroit": Kind("late arrivals moved under the limit, Detroit", "detroit", pulled),
    "pulled_half": Kind("late arrivals moved under the limit, second half only", "alexandria", pulled_half),
    "lost": Kind("late arrivals left out", "alexandria", lost),
    "lost_detroit": Kind("late arrivals left out, Detroit", "detroit", lost),
    "rounded": Kind("arrivals rounded to five minutes", "alexandria", rounded),
    "rounded_detroit": Kind("arrivals rounded to five minutes, Detroit", "detroit", rounded),
    "invented": Kind("calls that never were, copied durations", "alexandria", invented),
    "withdrawn": Kind("records withdrawn", "st_louis", withdrawn),
    "withdrawn_half": Kind("records withdrawn, second half only", "st_louis", withdrawn_half),
    "downgraded": Kind("grave records graded lower", "st_louis", downgraded),
    "batched": Kind("records entered on Friday at four (entry times made up)", "alexandria", batched),
    "bunched": Kind("values put under the threshold (values made up)", "st_louis", bunched),
}


@cache
def source(name: str) -> pl.DataFrame:
    """Return a public record; of St. Louis as many rows as eight units of a sub-bureau have in a year."""
    rows = SOURCES[name]()
    if name == "detroit":
        rows = rows.with_columns(by_officer=pl.lit(value=False))
    return rows.sample(ST_LOUIS_ROWS, seed=1).sort("at") if name == "st_louis" else rows


class Found(NamedTuple):
    """What replicates of one kind and size gave: found in the padded unit, seen in another one, and which screens found it."""

    replicates: int
    found: int
    elsewhere: int
    screens: Counter[str]


def power(kind: Kind, share: float, replicates: int, seed: int) -> Found:
    """Return how often padding of one kind and size is found."""
    found, elsewhere, screens = 0, 0, Counter[str]()
    for number in range(replicates):
        rng = np.random.default_rng([seed, number])
        rows = kind.plant(cut(source(kind.source), UNITS[kind.source], rng), share, rng)
        signs = screen(as_record(rows)).signs
        own = {look.screen for look in signs if look.unit == PADDED}
        found += bool(own)
        elsewhere += any(look.unit not in ("", PADDED) for look in signs)
        screens.update(own)
    return Found(replicates, found, elsewhere, screens)


def false_signs(make: Callable[[np.random.Generator], pl.DataFrame], replicates: int, seed: int) -> Iterator[Screened]:
    """Yield screened records without padding."""
    for number in range(replicates):
        yield screen(as_record(make(np.random.default_rng([seed, number]))))


def count_false(replicates: int, real: int, seed: int) -> dict[str, object]:
    """Count runs with a sign: on clean stations any at all, on real calls dealt at random one in a unit."""
    by_screen, wrong = Counter[str](), 0
    for screened in false_signs(clean_station, replicates, seed):
        names = {look.screen for look in screened.signs}
        wrong += bool(names)
        by_screen.update(names)
    real_runs = real_wrong = 0
    for name, units in UNITS.items():
        rows = source(name)
        for screened in false_signs(lambda rng, rows=rows, units=units: cut(rows, units, rng), real, seed):  # type: ignore[misc]
            real_runs += 1
            real_wrong += any(look.unit for look in screened.signs)
    return {"runs": replicates, "wrong": wrong, "real_runs": real_runs, "real_wrong": real_wrong, "by_screen": dict(by_screen)}


def as_toml(counted: dict[str, object]) -> str:
    """Return counts as the file that the package ships."""
    by_screen = counted["by_screen"]
    assert isinstance(by_screen, dict)
    lines = [
        "# Counted by: python -m benchmarks.judge.padding --false --write",
        *(f"{k} = {v}" for k, v in counted.items() if k != "by_screen"),
    ]
    return "\n".join([*lines, "", "[by_screen]", *(f"{name} = {count}" for name, count in sorted(by_screen.items())), ""])


def priors() -> Iterator[str]:
    """Yield how much shares of real units differ: a + b of a beta-binomial fit."""
    calls = detroit(precincts=True).with_columns(minutes=(pl.col("arrived") - pl.col("received")).dt.total_seconds() / 60.0)
    for limit in (5, 8, 10, 15):
        yield f"Detroit, precincts, within {limit} min: {_together(calls, pl.col('minutes') <= limit):.0f}"
    for unit in ("district", "nhood"):
        crimes = st_louis(unit=unit)
        yield f"St. Louis, {unit}, minute :00 or :30: {_together(crimes, pl.col('at').dt.minute().is_in([0, 30])):.0f}"
        yield f"St. Louis, {unit}, withdrawn: {_together(crimes, pl.col('withdrawn')):.0f}"


def _together(rows: pl.DataFrame, event: pl.Expr) -> float:
    """Return a + b of the beta-binomial distribution of units' shares that is most likely."""
    from scipy.optimize import minimize
    from scipy.special import betaln

    table = rows.group_by("unit").agg(event.sum().alias("hits"), pl.len().alias("n")).filter(pl.col("n") >= 50)
    hits, n = table["hits"].to_numpy().astype(float), table["n"].to_numpy().astype(float)

    def unlikely(point: F64) -> float:
        mean, size = 1.0 / (1.0 + np.exp(-point[0])), np.exp(point[1])
        a, b = mean * size, (1.0 - mean) * size
        return -float((betaln(hits + a, n - hits + b) - betaln(a, b)).sum())

    start = np.array([np.log(hits.sum() / (n.sum() - hits.sum())), 4.0])
    return float(np.exp(minimize(unlikely, start, method="Nelder-Mead").x[1]))


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=60)
    parser.add_argument("--kind", default="")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--false", action="store_true")
    parser.add_argument("--real", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--priors", action="store_true")
    asked = parser.parse_args()
    if asked.priors:
        print(*priors(), sep="\n")
        return
    if asked.false:
        text = as_toml(count_false(asked.replicates, asked.real, asked.seed))
        print(text)
        if asked.write:
            MEASURED.write_text(text, encoding="utf-8")
        return
    print("| padding | % | found | interval | elsewhere | by |\n|--|--|--|--|--|--|")
    for name in asked.kind.split(",") if asked.kind else KINDS:
        for size in map(int, asked.sizes.split(",")):
            found = power(KINDS[name], size / 100.0, asked.replicates, asked.seed)
            near = wilson(found.found / found.replicates, found.replicates)
            top = ", ".join(screen for screen, _ in found.screens.most_common(2))
            interval = f"{near.low:.0%}–{near.high:.0%}"
            cells = (KINDS[name].words, size, f"{near.share:.0%}", interval, f"{found.elsewhere} of {found.replicates}", top)
            print(f"| {' | '.join(map(str, cells))} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
