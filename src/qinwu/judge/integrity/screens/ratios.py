"""Ratios: withdrawn, downgraded, filed as cases, within the limit: beside the other units, and from one period on another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from qinwu.judge.integrity.change import rise
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens.shares import FEWEST, Question, beside, count
from qinwu.language import N_

BESIDE = N_("{unit}: {about} in {seen} of {n} rows; the other units let one expect {expected}.")
CHANGED = N_("{unit}: {about} in {seen} of rows from {period} on, in {expected} before; not so in the rest ({n} rows).")
CHANGED_ALL = N_("{unit}: {about} in {seen} of rows from {period} on, in {expected} before ({n} rows).")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share that padding raises: its screen, columns, event, the words for it, what makes a rise or gap matter.

    ``screen`` names the screen beside peers, with ``_change`` that over time; `answered` leaves out what officers started.
    """

    screen: str
    needs: tuple[str, ...]
    event: pl.Expr
    about: str
    answered: bool = False
    odds: float = 1.5
    points: float = 0.02


WITHDRAWN = Ratio("withdrawn", ("withdrawn",), pl.col("withdrawn"), N_("withdrawn or unfounded"), points=0.01)
DOWNGRADED = Ratio(
    "downgraded",
    ("grade_then", "grade_now"),
    pl.col("grade_now") > pl.col("grade_then"),
    N_("graded lower than when it was filed"),
    points=0.01,
)
UNFILED = Ratio("unfiled", ("filed",), ~pl.col("filed"), N_("not filed as a case"))
FILED = Ratio("filed", ("filed",), pl.col("filed"), N_("filed as a case"))
WITHIN = Ratio(
    "within",
    ("response_s", "limit_s"),
    pl.col("response_s") <= pl.col("limit_s"),
    N_("arrival within the limit"),
    answered=True,
)
LATE_STAMP_S = 900.0
"""A stamp given later than this after what it tells of was not given on the spot."""
CHANGED_AFTER = Ratio("changed_after", ("changed",), pl.col("changed"), N_("changed after it was closed"), points=0.01)
STAMPED_LATE = Ratio(
    "stamped_late", ("stamp_delay_s",), pl.col("stamp_delay_s") > LATE_STAMP_S, N_("a stamp given over a quarter of an hour later")
)
MISSING = Ratio("missing", ("arrived",), pl.col("arrived").is_null(), N_("no time of arrival"), answered=True)
STEPS = {"1w": 8, "1mo": 8}
"""Lengths of periods, and how many of them are needed; the first with ten rows a period in the middle is used."""
EACH = 10.0


def beside_peers(ratio: Ratio, record: Record) -> Iterator[Look]:
    """Look for units in which the share is higher than in the others."""
    if record.has(*ratio.needs):
        question = Question(ratio.screen, ratio.about, BESIDE, "above", ratio.odds, ratio.points)
        yield from beside(count(_rows(ratio, record), ratio.event), question)


def changed(ratio: Ratio, record: Record) -> Iterator[Look]:
    """Look for the period from which on the share of a unit is higher than before, and that of the rest is not."""
    if record.has("at", *ratio.needs):
        rows = _rows(ratio, record).filter(pl.col("at").is_not_null())
        yield from _changes(ratio, rows.select("unit", "at", ratio.event.alias("event")).drop_nulls("event"))


def _rows(ratio: Ratio, record: Record) -> pl.DataFrame:
    return record.answered() if ratio.answered else record.rows


def _changes(ratio: Ratio, rows: pl.DataFrame) -> Iterator[Look]:
    if len(rows) < FEWEST:
        return
    for step, least in STEPS.items():
        table = rows.with_columns(period=pl.col("at").dt.truncate(step)).group_by("unit", "period")
        counted = table.agg(pl.col("event").sum().cast(pl.Float64).alias("hits"), pl.len().cast(pl.Float64).alias("n"))
        periods = counted["period"].unique().sort()
        typical = float(counted.group_by("unit").agg(pl.col("n").sum())["n"].median()) / len(periods)  # type: ignore[arg-type]
        if len(periods) >= least and (typical >= EACH or step == list(STEPS)[-1]):
            yield from _by_unit(ratio, counted, periods)
            return


def _by_unit(ratio: Ratio, counted: pl.DataFrame, periods: pl.Series) -> Iterator[Look]:
    """Yield the sharpest rise of every unit against the rest, and of the whole."""
    units = counted["unit"].unique().sort().to_list()
    row = {unit: at for at, unit in enumerate(units)}
    column = {period: at for at, period in enumerate(periods.to_list())}
    hits, n = np.zeros((len(units), len(periods))), np.zeros((len(units), len(periods)))
    for unit, period, hit, rows in counted.select("unit", "period", "hits", "n").iter_rows():
        hits[row[unit], column[period]], n[row[unit], column[period]] = hit, rows
    every_hit, every = hits.sum(0), n.sum(0)
    alone = len(units) == 1
    for at, unit in enumerate(units if not alone else []):
        if n[at].sum() >= 2 * FEWEST and unit:
            yield from _risen(ratio, unit, hits[at], n[at], periods, CHANGED, every_hit - hits[at], every - n[at])
    yield from _risen(ratio, "", every_hit, every, periods, CHANGED_ALL)


def _risen(
    ratio: Ratio,
    unit: str,
    hits: np.ndarray,
    n: np.ndarray,
    periods: pl.Series,
    message: str,
    rest_hits: np.ndarray | None = None,
    rest_n: np.ndarray | None = None,
) -> Iterator[Look]:
    found = rise(hits, n, rest_hits, rest_n)
    if found is None:
        return
    odds = found.after * (1.0 - found.before) / max(found.before * (1.0 - found.after), 1e-9)
    large = odds >= ratio.odds and found.after - found.before >= ratio.points
    period = periods[found.at].strftime("%Y-%m-%d")
    yield Look(
        f"{ratio.screen}_change",
        unit,
        ratio.about,
        period,
        int(n.sum()),
        found.after,
        found.before,
        found.p,
        large,
        message,
        "share",
    )
