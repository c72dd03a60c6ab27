"""Shrinking: cells with few calls are drawn towards what their row and column say.

A place has a few calls in a given hour of the week in a whole year; its raw figure is mostly luck. The calls of a cell are taken
as Poisson around the product of its margins times a gamma factor of mean 1, whose spread all cells tell together (empirical Bayes,
Clayton & Kaldor 1987, Biometrics 43(3): 671-681). Where cells differ no more than luck makes them, the product of margins is all
that is left. What a record is too short to show of single cells is left out, so that an index of shrunk hours errs on the low side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qinwu.duty.response_plan import F64

DAYS, DAY_H = 7, 24
LEAST_VARIANCE = 1e-9


class Spread(NamedTuple):
    """Variance of the true factors of cells around their margins: of the hours of the week, and of places by hour; 0 for none."""

    week: float
    cells: float


def variance_of(count: F64, expected: F64) -> float:
    """Return the variance of the true factors by which cells differ from what is expected of them.

    Method of moments: what the squared deviations hold beyond the Poisson variance, with the degrees of freedom that fitted margins
    take away.

    Parameters
    ----------
    count, expected
        (R, C) calls counted, and those that the margins lead to expect.
    """
    rows, columns = count.shape
    free = max((rows - 1) * (columns - 1), 1) / (rows * columns)
    beyond = float(((count - expected) ** 2).sum() - free * expected.sum())
    return float(max(0.0, beyond / max(float((expected**2).sum()) * free, 1e-300)))


def factors(count: F64, expected: F64, variance: float) -> F64:
    """Return (R, C) by how much cells are taken to differ: (count + a) / (expected + a) with 1/a the `variance`; 1 without any."""
    if variance <= LEAST_VARIANCE:
        return np.ones_like(count)
    return np.asarray((count + 1.0 / variance) / (expected + 1.0 / variance))


def product(table: F64) -> F64:
    """Return the product of margins of a table, with the same total."""
    total = max(float(table.sum()), 1e-300)
    return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / total)


def spread_of(count: F64) -> Spread:
    """Return how much cells of (P, 168) calls truly differ from their margins."""
    week = count.sum(axis=0).reshape(DAYS, DAY_H)
    of_week = variance_of(week, product(week))
    return Spread(of_week, variance_of(count, _expected(count, of_week)))


def _expected(count: F64, variance: float) -> F64:
    """Return (P, 168) calls that the margins lead to expect, the hours of the week drawn towards day and clock."""
    week = count.sum(axis=0).reshape(DAYS, DAY_H)
    seen = (product(week) * factors(week, product(week), variance)).ravel()
    return np.asarray(np.outer(count.sum(axis=1), seen) / max(float(seen.sum()), 1e-300))


def shrunk(count: F64, hours: F64, spread: Spread | None = None) -> F64:
    """Return (P, 168) hours, every cell drawn towards its margins; the hours of the week themselves towards day and clock.

    Parameters
    ----------
    count
        (P, 168) calls counted: they tell how far a cell may be trusted.
    hours
        (P, 168) officer-hours of the same calls.
    spread
        How much cells truly differ; from the counts where None.
    """
    total = float(hours.sum())
    if total <= 0.0:
        return hours
    spread = spread or spread_of(count)
    week = count.sum(axis=0).reshape(DAYS, DAY_H)
    clock = (product(hours.sum(axis=0).reshape(DAYS, DAY_H)) * factors(week, product(week), spread.week)).ravel()
    cells = np.outer(hours.sum(axis=1), clock) / max(float(clock.sum()), 1e-300)
    cells = cells * factors(count, _expected(count, spread.week), spread.cells)
    return np.asarray(cells * (total / float(cells.sum())))
