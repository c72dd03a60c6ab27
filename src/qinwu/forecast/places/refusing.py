"""Refusing: what no forecast of places is made from, each with its remedy."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from qinwu.findings import Finding
from qinwu.forecast.places.backtest import BackTest
from qinwu.forecast.places.events import Events
from qinwu.language import N_
from qinwu.station.guards import forbidden_columns

FEWEST_EVENTS = 50
"""Reports of residents below which places are not told apart."""


def too_few(events: Events) -> list[Finding]:
    """Return why places cannot be told apart."""
    if len(events) >= FEWEST_EVENTS:
        return []
    message = N_("{count} reports of residents have a place and a time; {least} are needed to tell places apart.")
    remedy = N_("Add call files whose calls say that a resident reported them. What officers found teaches nothing here.")
    return [Finding("too-few-reports", "error", message, remedy, values={"count": len(events), "least": FEWEST_EVENTS})]


def bad_columns(points: pl.DataFrame) -> list[Finding]:
    """Return columns that are missing or that tell of people; such tables are refused whole."""
    found = [
        Finding(each.code, "error", each.message, each.remedy, each.place, each.values)
        for each in forbidden_columns(points.columns, "points", "other")
    ]
    missing = [name for name in ("x_m", "y_m", "time") if name not in points.columns]
    if missing:
        message, remedy = N_("The table of points has no column {missing}."), N_("It needs x_m and y_m in metres, and time.")
        found.append(Finding("no-column", "error", message, remedy, values={"missing": ", ".join(missing)}))
    return found


def outside(points: pl.DataFrame, area: BaseGeometry) -> list[Finding]:
    """Return the points that lie outside the area or have no place or time."""
    if not {"x_m", "y_m", "time"} <= set(points.columns):
        return []
    x, y = (points[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ("x_m", "y_m"))
    shapely.prepare(area)
    inside = shapely.intersects_xy(area, x, y) & points["time"].is_not_null().to_numpy()
    if inside.all():
        return []
    rows = np.flatnonzero(~inside)
    message = N_("{count} of {all} points lie outside the area or have no time; the first is row {row}: {x}, {y}.")
    remedy = N_("Check that points and area are in the same metres, and leave out what happened elsewhere.")
    first = int(rows[0])
    values = {"count": len(rows), "all": len(points), "row": first + 2, "x": f"{x[first]:.0f}", "y": f"{y[first]:.0f}"}
    return [Finding("outside-area", "error", message, remedy, values=values)]


def notes_on(test: BackTest) -> list[Finding]:
    """Return what a reader of the test should know."""
    if test.enough:
        return []
    message = N_("Fewer than twelve past windows could be tested: single windows differ too much to judge a method by.")
    return [Finding("few-windows", "warning", message, N_("Add older call files."))]


def too_late(events: Events, start: float, days: int) -> list[Finding]:
    """Return why a list cannot begin on a day: the record ended too long before it."""
    gap = start - float(events.day[-1]) if len(events) else 0.0
    if gap <= days + 1.0:
        return []
    message = N_("The record ends {gap} days before the list begins; it may end at most {days} days before.")
    remedy = N_("Add the newest call files, or ask for an earlier first day.")
    return [Finding("record-ends-early", "error", message, remedy, values={"gap": f"{gap:.0f}", "days": days})]


def nowhere(count: int, points: int) -> list[Finding]:
    """Return that points lie in no place, such as far from every street."""
    if not count:
        return []
    message = N_("{count} of {all} points lie in none of the places.")
    remedy = N_("Leave them out, or give places that reach them, such as a grid.")
    return [Finding("in-no-place", "error", message, remedy, values={"count": count, "all": points})]
