"""Basis: harmonics of the week and the day, of the year, the trend, and days that are not ordinary, each with how far it may go.

Every coefficient has a prior normal around 0 on the log scale, so that a series with few calls is foretold nearly flat and one with
many calls as it was (ridge; Hoerl & Kennard 1970). The variances are assumptions: coarse waves may be large, fine ones small.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qinwu.station.holidays import HOLIDAY, WORKDAY

F64 = NDArray[np.float64]
HOURS = 168
WEEK_D = 7
WEEK_WAVES, DAY_WAVES, SIDE_WAVES = 3, 8, 3
"""Waves of the week, of the day, and days with how many waves may differ over the week (waves 7m±1 and 7m±2)."""
YEAR_D = 365.25
YEAR_WAVES = 2
FREE = 1e-6
"""Precision of a level: as good as none."""
VARIANCE_WEEK, VARIANCE_DAY, VARIANCE_SIDE = 0.05, 1.0, 0.02
DEVIATION_YEAR, DEVIATION_HOLIDAY, DEVIATION_TREND = 0.2, 0.3, 0.002
"""Of the wave of the year, of a holiday or worked weekend day, and of the trend a week."""
DAMPED = 0.9
"""What is left of a trend from week to week (Gardner & McKenzie 1985, Management Science 31: 1237-1246)."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Columns and the precision of the prior of each coefficient."""

    columns: F64
    precision: F64


def week_basis() -> Basis:
    """Return the shape of the week, (168, P): a level, waves of the week and the day, and waves beside those of the day.

    The k-th wave goes round k times in 168 hours; waves of the day are k = 7, 14, …; waves 7m±1 and 7m±2 let the day differ over
    the week.
    """
    variance = dict.fromkeys(range(1, WEEK_WAVES + 1), VARIANCE_WEEK)
    variance |= {WEEK_D * m: VARIANCE_DAY / m**2 for m in range(1, DAY_WAVES + 1)}
    for m in range(1, SIDE_WAVES + 1):
        for k in (WEEK_D * m - 2, WEEK_D * m - 1, WEEK_D * m + 1, WEEK_D * m + 2):
            variance.setdefault(k, VARIANCE_SIDE / m**2)
    angle = 2.0 * np.pi * np.arange(HOURS) / HOURS
    waves = [wave(k * angle) for k in sorted(variance) for wave in (np.sin, np.cos)]
    precision = [FREE, *(1.0 / variance[k] for k in sorted(variance) for _ in range(2))]
    return Basis(np.column_stack([np.ones(HOURS), *waves]), np.array(precision))


def day_basis(first: date, known: int, days: int, kinds: NDArray[np.int8]) -> Basis:
    """Return what moves whole days, (days, Q): a level, the trend, waves of the year, holidays, worked weekend days.

    Parameters
    ----------
    first
        Date of the first day.
    known
        Days that teach; the trend goes on beyond them, damped.
    days
        Days in all, those to foretell included.
    kinds
        (days,) kinds of day.

    Notes
    -----
    Waves of the year need a year to be told from a trend; with less they stay away.
    """
    week = (np.arange(days) - (known - 1)) / WEEK_D
    beyond = DAMPED * (1.0 - DAMPED ** np.maximum(week, 0.0)) / (1.0 - DAMPED)
    columns = [np.ones(days), np.where(week <= 0.0, week, beyond)]
    precision = [FREE, DEVIATION_TREND**-2]
    if known >= YEAR_D:
        angle = 2.0 * np.pi * np.array([_of_year(first + timedelta(days=number)) for number in range(days)])
        columns += [wave(k * angle) for k in range(1, YEAR_WAVES + 1) for wave in (np.sin, np.cos)]
        precision += [DEVIATION_YEAR**-2] * (2 * YEAR_WAVES)
    columns += [(kinds == kind).astype(np.float64) for kind in (HOLIDAY, WORKDAY)]
    precision += [DEVIATION_HOLIDAY**-2] * 2
    return Basis(np.column_stack(columns), np.array(precision))


def _of_year(day: date) -> float:
    """Return how much of its year has gone by, [0, 1]."""
    return (day.timetuple().tm_yday - 1) / YEAR_D
