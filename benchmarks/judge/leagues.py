"""What a league table claims and what the counts allow: neighbourhoods of St. Louis by crime, precincts of Detroit by response.

Run ``uv run python -m benchmarks.judge.leagues``. The last lines draw counts from the shrunken values, at the sizes of the real
units and with the scatter seen from month to month, and count how often all sets of places hold all true places at once.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator

import numpy as np
import polars as pl

from benchmarks.judge.public import DATA, st_louis
from qinwu.judge.evaluate.panel import Panel
from qinwu.judge.score.funnel import funnel
from qinwu.judge.score.ranks import Ranked, dispersion_of, rank_intervals
from qinwu.judge.score.shrinkage import shrunk
from qinwu.judge.score.tally import F64, Tally, tally

DETROIT = DATA / "detroit_priority_calls.parquet"
POPULATION = DATA / "stlouis_pop_by_nhood.csv"
WITHIN_MIN = 10.0
THOUSAND = 1000.0
YEARS = range(2008, 2016)
MONTHS = 12


def population(year: int) -> dict[str, float]:
    """Return residents of each neighbourhood of St. Louis, in thousands; the census for years before 2011."""
    column = f"pop{min(max(year, 2010), 2017) % 100:02d}"
    with POPULATION.open(encoding="utf-8") as file:
        return {row["NHD_NUM"]: float(row[column]) / THOUSAND for row in csv.DictReader(file)}


def neighbourhoods(panel: Panel, year: int) -> Tally:
    """Return recorded crimes of a year by neighbourhood and thousand residents; places without residents are left out."""
    people = population(year)
    first = (year - YEARS[0]) * MONTHS
    counts = panel.counts[:, first : first + MONTHS].sum(1)
    rows = [
        (name, float(count), people[name]) for name, count in zip(panel.units, counts, strict=True) if people.get(name, 0.0) > 0.0
    ]
    return tally(rows, "rate")


def precincts() -> Tally:
    """Return priority calls of Detroit reached within ten minutes of the call, by precinct."""
    table = pl.read_parquet(DETROIT).drop_nulls(["dispatch_min", "travel_min"])
    reached = (pl.col("dispatch_min") + pl.col("travel_min")) <= WITHIN_MIN
    found = table.group_by("precinct").agg(reached.sum().alias("reached"), pl.len().alias("calls")).sort("precinct")
    return tally([(name, float(reached), float(calls)) for name, reached, calls in found.iter_rows()], "share")


def told(name: str, counts: Tally, *, high_is_good: bool, dispersion: float) -> Iterator[str]:
    """Yield what a plain ranking claims of some units, and what is left of it."""
    drawn, ranks = funnel(counts), rank_intervals(counts, high_is_good=high_is_good, dispersion=dispersion)
    ranked = [one for one in ranks if one.best is not None]
    first, last = ranks[0], ranks[-1]
    yield f"{name}: {len(ranks)} units, {counts.events.sum():,.0f} of {counts.exposure.sum():,.0f}, together {counts.overall:.3g}"
    yield f"  plain ranking: first {first.name} ({first.value:.3g}), last {last.name} ({last.value:.3g})"
    yield f"  more than chance as a whole: phi {drawn.spread.phi:.1f}; scatter from month to month {dispersion:.2f}"
    yield f"  beyond the funnel: {len(drawn.beyond)}; beyond chance alone {sum(abs(mark.z) > 3.09 for mark in drawn.marks)}"
    widths = np.array([one.width for one in ranked])
    yield f"  with a rank {len(ranked)}; a sure place {int((widths == 1).sum())}; places left open: median {np.median(widths):.0f}"
    for label, one in (("first", first), ("last", last)):
        yield f"  the {label} of the plain ranking: {'no rank' if one.best is None else f'place {one.best} to {one.worst}'}"
    yield f"  the first ten of the plain ranking: {_places(ranks[:10])}"


def _places(some: tuple[Ranked, ...]) -> str:
    worst = [one.worst for one in some if one.worst is not None]
    return f"{len(worst)} have a rank, down to place {max(worst)}" if worst else "none has a rank"


def coverage(counts: Tally, *, high_is_good: bool, dispersion: float, draws: int, seed: int) -> tuple[float, float]:
    """Return how often all sets of places hold all true places at once, and the mean width, for counts drawn like these."""
    rng = np.random.default_rng(seed)
    truth = np.array([one.value for one in shrunk(counts)])
    order = np.argsort(-truth if high_is_good else truth)
    place = {counts.names[unit]: at for at, unit in enumerate(order.tolist(), start=1)}
    held, widths = 0, []
    for _ in range(draws):
        events = _drawn(rng, truth, counts, dispersion)
        again = Tally(counts.names, events, counts.exposure, counts.chance)
        found = rank_intervals(again, high_is_good=high_is_good, dispersion=dispersion, draws=1000, seed=int(rng.integers(1 << 30)))
        ranked = [one for one in found if one.best is not None and one.worst is not None]
        held += all((one.best or 0) <= place[one.name] <= (one.worst or 0) for one in ranked)
        widths.append(float(np.mean([one.width for one in ranked])))
    return held / draws, float(np.mean(widths))


def _drawn(rng: np.random.Generator, truth: F64, counts: Tally, dispersion: float) -> F64:
    """Return counts at these rates; of rates with the variance of chance times the dispersion (negative binomial)."""
    if counts.chance == "share":
        return rng.binomial(counts.exposure.astype(np.int64), truth).astype(np.float64)
    mean = truth * counts.exposure
    if dispersion <= 1.0:
        return rng.poisson(mean).astype(np.float64)
    return rng.negative_binomial(mean / (dispersion - 1.0), 1.0 / dispersion).astype(np.float64)


def told_apart(draws: int, seed: int, units: int = 20, share: float = 0.9) -> float:
    """Return how often any two of equal units with 100 to 900 cases are told apart: the worst case for the promise of 5 %."""
    rng = np.random.default_rng(seed)
    names, wrong = tuple(f"u{number}" for number in range(units)), 0
    for _ in range(draws):
        cases = rng.integers(100, 900, units)
        counts = Tally(names, rng.binomial(cases, share).astype(np.float64), cases.astype(np.float64), "share")
        found = rank_intervals(counts, high_is_good=True, seed=int(rng.integers(1 << 30)))
        wrong += any(one.width < units for one in found)
    return wrong / draws


def returned(panel: Panel) -> tuple[float, float, int]:
    """Return how the ten neighbourhoods that rose most in a year changed in that year and in the next, over all years."""
    by_year = panel.counts.reshape(len(panel.units), -1, MONTHS).sum(2)
    rise, after = [], []
    for year in range(1, by_year.shape[1] - 1):
        change = by_year[:, year] / np.maximum(by_year[:, year - 1], 1.0)
        worst = np.argsort(-np.where(by_year[:, year - 1] >= 30, change, 0.0))[:10]
        rise.append(by_year[worst, year].sum() / by_year[worst, year - 1].sum() - 1.0)
        after.append(by_year[worst, year + 1].sum() / by_year[worst, year].sum() - 1.0)
    return float(np.mean(rise)), float(np.mean(after)), len(rise)


def main() -> None:
    """Print both tables, what remains of them, and the coverage of the sets of places."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    crimes = st_louis("nhood", part_1=True)
    year = neighbourhoods(crimes, 2015)
    scatter = dispersion_of(crimes.counts[:, -MONTHS:])
    month = tally([(name, float(count), exposure / MONTHS) for name, count, exposure in _month(crimes, year)], "rate")
    detroit = precincts()
    cases = (
        ("St. Louis, part-1 crime 2015 per thousand residents", year, False, scatter),
        ("St. Louis, the same in December 2015 alone, per thousand residents a year", month, False, scatter),
        (f"Detroit, priority calls reached within {WITHIN_MIN:g} min", detroit, True, 1.0),
    )
    for name, counts, good, dispersion in cases:
        print("\n".join(told(name, counts, high_is_good=good, dispersion=dispersion)), flush=True)
    rise, after, years = returned(crimes)
    print(
        f"St. Louis, the ten neighbourhoods that rose most in a year: {rise:+.0%}, {after:+.0%} in the next (mean of {years} years)"
    )
    apart = told_apart(4 * given.draws, given.seed)
    print(f"Twenty equal units, any two told apart: {apart:.1%} of {4 * given.draws} draws", flush=True)
    for name, counts, good, dispersion in cases:
        held, width = coverage(counts, high_is_good=good, dispersion=dispersion, draws=given.draws, seed=given.seed)
        print(f"All true places held at once in {held:.1%} of {given.draws} draws, mean width {width:.1f}: {name}", flush=True)


def _month(panel: Panel, year: Tally) -> Iterator[tuple[str, float, float]]:
    """Yield the last month of the units of a year."""
    where = {name: at for at, name in enumerate(panel.units)}
    for name, exposure in zip(year.names, year.exposure.tolist(), strict=True):
        yield name, float(panel.counts[where[name], -1]), exposure


if __name__ == "__main__":
    main()
