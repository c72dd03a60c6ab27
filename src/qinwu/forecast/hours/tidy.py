"""Tidy: a forecast of hours as one table for planners, a row for each hour and place."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from qinwu.forecast.hours.forecasting import Band, HoursForecast
from qinwu.forecast.hours.handling import Handling
from qinwu.forecast.hours.series import DAY_H

WHOLE = ""
"""Place of the rows about the whole station."""


def tidy(told: HoursForecast, handling: Handling | None = None) -> pl.DataFrame:
    """Return the forecast as a table.

    Columns: ``date``, ``hour`` (0 to 23, local), ``place`` (empty for the whole station), ``calls`` (mean), ``low`` and ``high``
    (nine of ten), ``officer_h`` (officer-hours at once; null without a duty system). Hours of which nothing is foretold are left
    out; calls of all places add up to those of the whole.
    """
    bands = [(WHOLE, told.hours)]
    if len(told.shares.names) > 1:
        bands += [(name, told.place_hours(number)) for number, name in enumerate(told.shares.names)]
    return pl.concat([_rows(told, place, each, handling) for place, each in bands])


def _rows(told: HoursForecast, place: str, each: Band, handling: Handling | None) -> pl.DataFrame:
    days = len(told.kinds)
    dates = [told.first + timedelta(days=day) for day in range(days) for _ in range(DAY_H)]
    mean, low, high = (table.ravel() for table in each)
    table = pl.DataFrame(
        {
            "date": pl.Series(dates, dtype=pl.Date),
            "hour": np.tile(np.arange(DAY_H, dtype=np.int8), days),
            "place": [place] * len(dates),
            "calls": mean,
            "low": low,
            "high": high,
            "officer_h": mean * (handling.at_once_min / 60.0 if handling else float("nan")),
        }
    )
    return table.filter(pl.col("calls").is_not_nan()).with_columns(
        pl.col("officer_h").fill_nan(None), pl.col("low", "high").cast(pl.Int64)
    )
