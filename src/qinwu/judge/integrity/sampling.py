"""Sampling: which calls are checked, how many are needed, and what interval that will give.

As in the crime data integrity inspections of HMIC (2014): calls are drawn at random, and what was filed is held against what was
said and done. Which are drawn follows from a seed and the calls themselves: anybody can draw again, nobody can choose.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.integrity.record import F64, beat_of_atom
from qinwu.language import N_
from qinwu.station.station import Station

Z = 1.959963984540054
"""Of a two-sided 95 % interval."""
ALPHA = 0.05
STRATA = ("unit", "class", "priority", "month")
FEWEST_DRAWN = 2
"""Strata that would get fewer are joined: from one call no spread can be told."""
OTHERS = "…"
"""Name of the stratum of what is joined."""
JOINT = " · "
RATES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: its name, the calls in it, and how many of them are drawn."""

    name: str
    calls: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample.

    Parameters
    ----------
    rows
        Calls drawn, in the order of the draw: ``call_id``, ``unit``, ``call_class``, ``priority``, ``received`` (local) and
        ``stratum``.
    strata
        Sizes, by name.
    by
        What strata are made of.
    seed
        Of the draw.
    digest
        SHA-256 of the sorted ids of all calls: the sample can be drawn again from these calls and no others.
    """

    rows: pl.DataFrame
    strata: tuple[Stratum, ...]
    by: tuple[str, ...]
    seed: int
    digest: str

    @property
    def calls(self) -> int:
        """All calls that could be drawn."""
        return sum(each.calls for each in self.strata)

    @property
    def n(self) -> int:
        """Calls drawn."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the width."""
        return (self.high - self.low) / 2.0


def wilson(share: float, n: float, calls: float = math.inf) -> Interval:
    """Return the score interval of a share (Wilson 1927), the sample being part of finitely many `calls`.

    Parameters
    ----------
    share
        0 to 1.
    n
        Sample size, > 0; need not be whole (an effective size).
    calls
        Size of the population: n becomes n (N − 1) / (N − n).

    >>> found = wilson(0.1, 100)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0552, 0.1744)
    """
    if n >= calls:
        return Interval(share, share, share)
    size = n if math.isinf(calls) else n * (calls - 1.0) / (calls - n)
    middle = (share + Z**2 / (2.0 * size)) / (1.0 + Z**2 / size)
    half = Z / (1.0 + Z**2 / size) * math.sqrt(share * (1.0 - share) / size + Z**2 / (4.0 * size**2))
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def exact(errors: int, n: int, calls: int) -> Interval:
    """Return the exact interval of a share in a finite population: hypergeometric tails inverted; one-sided for none or all.

    Parameters
    ----------
    errors, n, calls
        Errors among the n drawn of so many calls.

    >>> exact(0, 59, 10_000).high <= 0.05
    True
    """
    from scipy.stats import hypergeom

    tail = ALPHA if errors in (0, n) else ALPHA / 2.0
    possible = np.arange(errors, calls - n + errors + 1)
    at_least = hypergeom.sf(errors - 1, calls, possible, n)
    at_most = hypergeom.cdf(errors, calls, possible, n)
    low = possible[at_least > tail][0] if errors else 0
    high = possible[at_most > tail][-1] if errors < n else calls
    return Interval(errors / n, float(low) / calls, float(high) / calls)


def size_for(margin: float, assumed: float, calls: int) -> int:
    """Return the smallest sample whose interval is no wider than ± `margin` at an `assumed` share of errors.

    >>> size_for(0.05, 0.1, 1_000_000), size_for(0.05, 0.1, 200)
    (141, 83)
    """
    low, high = 1, calls
    while low < high:
        middle = (low + high) // 2
        if wilson(assumed, middle, calls).half_width <= margin:
            high = middle
        else:
            low = middle + 1
    return low


def none_found(strata: Sequence[Stratum]) -> float:
    """Return the largest share of errors with which finding none still has a chance of 5 %, whatever strata they are in.

    Exact: each further error in a stratum multiplies the chance of missing all by (N − D − n) / (N − D), which falls with D; taking
    the largest factor each time gives the most errors.
    """
    import heapq

    factors = [(-(each.calls - each.drawn) / each.calls, at, 0) for at, each in enumerate(strata) if each.calls > each.drawn]
    heapq.heapify(factors)
    chance, errors = 1.0, 0
    while factors:
        factor, at, there = heapq.heappop(factors)
        chance *= -factor
        if chance < ALPHA:
            break
        errors += 1
        left = strata[at].calls - there - 1
        if left > strata[at].drawn:
            heapq.heappush(factors, (-(left - strata[at].drawn) / left, at, there + 1))
    return errors / sum(each.calls for each in strata)


def population(station: Station, system: DutySystem | None, by: Sequence[str]) -> pl.DataFrame:
    """Return every call with its ``stratum``: columns as in :class:`Drawn`.

    Raises
    ------
    QinwuError
        For words in `by` that are none of `STRATA`, and a station without calls.
    """
    wrong = [_unknown(word) for word in by if word not in STRATA]
    if not len(station.calls):
        wrong.append(Finding("no-calls", "error", N_("The station has no calls to draw from."), N_("Import calls first.")))
    if wrong:
        raise QinwuError(wrong)
    table = station.calls.table.select(
        "call_id",
        pl.col("atom").replace(beat_of_atom(system)).fill_null("").alias("unit"),
        "call_class",
        "priority",
        pl.col("received").dt.convert_time_zone(station.calls.time_zone).dt.replace_time_zone(None),
    )
    parts = {
        "unit": pl.col("unit"),
        "class": pl.col("call_class"),
        "priority": pl.col("priority").cast(pl.String).fill_null(""),
        "month": pl.col("received").dt.strftime("%Y-%m"),
    }
    name = pl.concat_str([parts[word] for word in by], separator=JOINT) if by else pl.lit("")
    return table.with_columns(stratum=name)


def _unknown(word: str) -> Finding:
    message, remedy = N_("Strata cannot be made of “{value}”."), N_("Use {known}, separated by commas.")
    values = {"value": word, "known": ", ".join(STRATA), "guess": did_you_mean(word, STRATA)}
    return Finding("unknown-stratum", "error", message, remedy, Place(key="--strata"), values)


def draw(calls: pl.DataFrame, n: int, by: Sequence[str], seed: int) -> Drawn:
    """Return a stratified sample of `n` calls, each stratum by its share.

    Parameters
    ----------
    calls
        As :func:`population` gives it.
    n
        How many, at least 1; all where there are no more.
    by
        What strata are made of.
    seed
        A call's place in the order is the SHA-256 of ``seed:call_id``; the first ones of each stratum are drawn. Any program can
        check that, in any year, without the random numbers of this one.
    """
    n = min(n, len(calls))
    keyed = calls.with_columns(
        key=pl.Series(
            [hashlib.sha256(f"{seed}:{name}".encode()).hexdigest() for name in calls["call_id"].to_list()], dtype=pl.String
        )
    )
    joined = _joined(keyed, n)
    sizes = joined.group_by("stratum").len().sort("stratum")
    shares = _allotted(sizes["len"].to_numpy().astype(float), n)
    quota = pl.DataFrame({"stratum": sizes["stratum"], "quota": shares})
    ranked = joined.join(quota, on="stratum").with_columns(place=pl.col("key").rank("ordinal").over("stratum"))
    rows = ranked.filter(pl.col("place") <= pl.col("quota")).sort("key")
    strata = tuple(Stratum(name, size, int(share)) for (name, size), share in zip(sizes.iter_rows(), shares, strict=True))
    return Drawn(rows.select(calls.columns), strata, tuple(by), seed, digest_of(calls))


def digest_of(calls: pl.DataFrame) -> str:
    """Return the SHA-256 of the sorted ids of calls."""
    return hashlib.sha256("\n".join(sorted(calls["call_id"].to_list())).encode()).hexdigest()


def _joined(calls: pl.DataFrame, n: int) -> pl.DataFrame:
    """Join strata that would get fewer than `FEWEST_DRAWN` of `n`: with the rest of their unit first, then with all small ones.

    What is still too small at the end joins the smallest stratum that is not.
    """
    joined, share = calls, pl.len().over("stratum") * n / len(calls)
    for _ in range(calls["stratum"][0].count(JOINT)):
        wider = pl.col("stratum").str.replace(rf"({JOINT}{OTHERS})?{JOINT}[^·]*$", "") + JOINT + OTHERS
        joined = joined.with_columns(stratum=pl.when(share < FEWEST_DRAWN).then(wider).otherwise("stratum"))
    joined = joined.with_columns(stratum=pl.when(share < FEWEST_DRAWN).then(pl.lit(OTHERS)).otherwise("stratum"))
    rest = joined.filter(pl.col("stratum") == OTHERS)
    if len(rest) and len(rest) * n / len(calls) < FEWEST_DRAWN:
        sizes = joined.filter(pl.col("stratum") != OTHERS).group_by("stratum").len().sort("len", "stratum")
        if len(sizes):
            joined = joined.with_columns(stratum=pl.col("stratum").replace({sizes["stratum"][0]: OTHERS}))
    return joined


def _allotted(sizes: F64, n: int) -> NDArray[np.int64]:
    """Return whole numbers that add up to n, in proportion to sizes, by largest remainders."""
    exactly = sizes * n / sizes.sum()
    whole: NDArray[np.int64] = np.floor(exactly).astype(np.int64)
    order = np.argsort(-(exactly - whole), kind="stable")
    whole[order[: n - int(whole.sum())]] += 1
    return whole


def expected_intervals(drawn: Drawn, rates: Sequence[float] = RATES) -> tuple[Interval, ...]:
    """Return the interval that the sample will give where so many per cent of calls are wrong, as if strata were alike."""
    found = []
    for rate in rates:
        one = wilson(rate, drawn.n, drawn.calls)
        found.append(Interval(0.0, 0.0, none_found(drawn.strata)) if rate == 0.0 else one)
    return tuple(found)
