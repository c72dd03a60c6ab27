"""Tidy tables of a report: every figure and every difference a row, small cells emptied."""

from __future__ import annotations

import polars as pl

from qinwu.report.report import Report
from qinwu.report.small_cells import suppressed


def figure_table(report: Report) -> pl.DataFrame:
    """Return every figure of every system: system, measure, by, group, statistic, unit, mean, low, high, replications."""
    table = pl.concat([outcome.table for outcome in report.outcomes])
    return suppressed(table, report.small, positions(report))


def difference_table(report: Report) -> pl.DataFrame:
    """Return every paired difference: system, measure, by, group, statistic, unit, current, other, change, low, high, verdict."""
    return suppressed(report.comparison.differences, report.small, positions(report))


def positions(report: Report) -> dict[str, int]:
    """Return the position of each system by id."""
    return {outcome.system: at for at, outcome in enumerate(report.outcomes)}
