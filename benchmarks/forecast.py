"""Calls per hour, a week ahead: this forecast beside naive methods and beside MSTL + AutoETS, in the same run.

    python -m benchmarks.forecast [--peer-every 4] [--peer-series 5] [--series 100]

Real data: calls of Alexandria (10 weeks; the last six foretold, each from the days before it) and recorded part-1 crimes of
St. Louis (every week of 2015). Relative error is the sum of absolute errors of hours by the sum of calls; deviance is the mean
Poisson deviance of an hour. The peer (statsforecast) takes minutes: it foretells every so many weeks of St. Louis and so many of
the series, and our figures for the same weeks stand beside it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from qinwu.forecast.hours.backtest import METHODS, BackTest, back_test
from qinwu.forecast.hours.bands import spread_of
from qinwu.forecast.hours.basis import F64
from qinwu.forecast.hours.learning import PAST_ORIGINS, choose, origins, say, say_from
from qinwu.forecast.hours.scores import deviances, relative_error
from qinwu.forecast.hours.series import DAY_H, WEEK_D, HourlySeries, series_of
from qinwu.station.holidays import Holidays

DATA = Path(__file__).parents[2] / "shared" / "data"
ALEXANDRIA = DATA / "alexandria_calls_2025_aug_oct.parquet"
ST_LOUIS = DATA / "stlouis_crime_2008_2015.parquet"
SAN_ANTONIO = DATA / "san_antonio_calls_2022_2025_partial.parquet"
PEER = "MSTL + AutoETS (statsforecast)"
PEER_D = 2 * 364
"""Days that teach the peer: seasonal loess takes long, and older days do not help it."""
RESIDENTS = ("Phone", "E-911", "Text", "Cell Phone", "Flag Down")


class Record(NamedTuple):
    """A public record: its name, counts by hour, and how many weeks at its end are foretold."""

    name: str
    series: HourlySeries
    weeks: int


def by_hour(stamps: pl.Series, first: date, days: int, holidays: str = "US") -> HourlySeries:
    """Return counts by hour of the clock the stamps are written in."""
    at = (stamps - datetime.combine(first, datetime.min.time())).dt.total_hours().to_numpy()
    inside = (at >= 0) & (at < days * DAY_H)
    counts = np.bincount(at[inside], minlength=days * DAY_H).astype(np.float64)
    return series_of(counts, first, holidays=Holidays(holidays))


def alexandria(*, residents: bool = False) -> HourlySeries:
    """Return calls of Alexandria from 24 August to 1 November 2025: all that no officer began, or those of residents alone."""
    table = pl.read_parquet(ALEXANDRIA)
    kept = pl.col("reception").is_in(RESIDENTS) if residents else pl.col("reception") != "OFFICER"
    return by_hour(table.filter(kept)["start"], date(2025, 8, 24), 70)


def st_louis() -> HourlySeries:
    """Return part-1 crimes of St. Louis by hour of occurrence, 2008 to 2015, withdrawn records left out."""
    table = pl.read_parquet(ST_LOUIS)
    kept = (
        (pl.col("crime") // 10_000).is_between(1, 8) & (pl.col("count") == 1) & pl.col("occurred").dt.year().is_between(2008, 2015)
    )
    return by_hour(table.filter(kept)["occurred"], date(2008, 1, 1), (date(2016, 1, 1) - date(2008, 1, 1)).days)


def records() -> tuple[Record, ...]:
    """Return the records with the weeks foretold."""
    return (
        Record("Alexandria, calls not begun by an officer", alexandria(), 6),
        Record("Alexandria, calls of residents", alexandria(residents=True), 6),
        Record("St. Louis, part-1 crimes of 2015", st_louis(), 52),
    )


def back_tested(record: Record) -> BackTest:
    """Return the back-test of a record."""
    days = origins(record.series, record.weeks + PAST_ORIGINS)
    return back_test(record.series, say_from(record.series, days), record.weeks)


def peer(series: HourlySeries, origin: int) -> F64:
    """Return what MSTL with AutoETS on the trend foretells of the week after a day, (7, 24); never below 0."""
    from statsforecast.models import MSTL, AutoETS

    start = max(0, origin - PEER_D)
    model = MSTL(season_length=[DAY_H, DAY_H * WEEK_D], trend_forecaster=AutoETS(model="ZZN"))
    told: Any = model.forecast(y=series.counts[0, start:origin].ravel(), h=DAY_H * WEEK_D)["mean"]
    found: F64 = np.maximum(np.asarray(told, dtype=np.float64), 0.0).reshape(WEEK_D, DAY_H)
    return found


def rows(record: Record, every: int) -> Iterator[str]:
    """Yield the rows of a record: scores of every method, the peer's on every so many weeks, and what the bands held."""
    test = back_tested(record)
    for score in test.scores():
        error, deviance, less = ((f"{a:.3f} ({b:.3f} to {c:.3f})") for a, b, c in (score.error, score.deviance, score.less))
        yield f"| {record.name} | {score.method} | {error} | {deviance} | {less} |"
    some = list(range(0, len(test.origins), every))
    foretold = np.stack([peer(record.series, test.origins[at]) for at in some])
    for name, told in ((PEER, foretold), (METHODS[0], test.told[METHODS[0]][some, 0])):
        came = test.calls[some, 0]
        weeks = f"{len(some)} of {len(test.origins)} weeks"
        yield f"| {record.name}, {weeks} | {name} | {relative_error(came, told):.3f} | {deviances(came, told).mean():.3f} | |"
    inside, due = test.coverage()
    days, of = test.days.inside()
    weeks_in, weeks_of = test.weeks.inside()
    held = f"hours {inside:.1%} (due {due:.1%}), days {days} of {of}, weeks {weeks_in} of {weeks_of}"
    yield f"| {record.name} | bands of nine in ten held | {held} | | |"


def many(count: int, seed: int) -> HourlySeries:
    """Return so many made-up series of two years by the hour: Poisson, with waves of the day, the week and the year."""
    rng = np.random.default_rng(seed)
    hour = np.arange(2 * 365 * DAY_H)
    day, week, year = (2 * np.pi * hour / length for length in (24.0, 168.0, 8766.0))
    shape = 0.5 * np.sin(day[None] - rng.uniform(0, 6, (count, 1))) + 0.2 * np.sin(week[None] - rng.uniform(0, 6, (count, 1)))
    rate = rng.uniform(0.2, 6.0, (count, 1)) * np.exp(shape + 0.1 * np.sin(year)[None])
    return series_of(rng.poisson(rate).astype(np.float64), date(2024, 1, 1), holidays=Holidays("CN"))


def speed(count: int, peers: int, seed: int) -> Iterator[str]:
    """Yield the processor time that a forecast of so many series takes, and the peer for some of them."""
    series = many(count, seed)
    ahead = Holidays("CN").kinds(series.date_of(series.days), WEEK_D)
    start = time.process_time()
    say(series, ahead)
    one = time.process_time() - start
    start = time.process_time()
    past = say_from(series, origins(series, PAST_ORIGINS))
    choice = choose(series, past)
    spread_of(series, past, choice)
    say(series, ahead).averaged(choice)
    whole = time.process_time() - start
    start = time.process_time()
    for number in range(peers):
        peer(
            HourlySeries((str(number),), series.first, series.counts[number : number + 1], series.hours, series.kinds), series.days
        )
    each = (time.process_time() - start) / max(peers, 1)
    yield f"{count} series of two years by the hour, seconds of processor time: {one:.1f} to fit both methods, {whole:.1f} with"
    yield f"half-lives and bands learnt from {PAST_ORIGINS} past weeks."
    yield f"{PEER}: {each:.1f} s a series ({peers} measured), {each * count:.0f} s for {count}."


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peer-every", type=int, default=4)
    asked.add_argument("--peer-series", type=int, default=5)
    asked.add_argument("--series", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args(arguments)
    print("| record | method | relative error | deviance | deviance less eight-week average |\n|---|---|---|---|---|")
    for record in records():
        for row in rows(record, given.peer_every if record.weeks > given.peer_every * 2 else 1):
            print(row, flush=True)
    print()
    for line in speed(given.series, given.peer_series, given.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
