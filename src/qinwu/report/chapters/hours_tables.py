"""Tables of the chapter about calls per hour: days, hours, places, the back-test, past weeks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from qinwu.forecast.hours.backtest import BackTest
from qinwu.forecast.hours.counting import Counted
from qinwu.forecast.hours.forecasting import HoursForecast
from qinwu.forecast.hours.handling import Handling
from qinwu.forecast.hours.series import DAY_H
from qinwu.language import N_
from qinwu.report.chapters.hours_words import KIND_WORDS, METHOD_WORDS
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, SHORT_DAYS, Speaker, number

RECENT_WEEKS = 8


def rounded(value: float, digits: int = 1) -> Value:
    """Return a number for a cell, None where there is none; whole numbers as such."""
    if not math.isfinite(value):
        return None
    return round(float(value), digits) if digits else round(float(value))


def days_table(told: HoursForecast, handling: Handling | None, speaker: Speaker) -> Shown:
    """Return the days foretold: calls with band, the busiest hour, officer-hours."""
    header = [
        N_("date"),
        N_("day"),
        N_("kind of day"),
        N_("calls"),
        N_("fewest"),
        N_("most"),
        N_("busiest hour"),
        N_("calls in it"),
    ]
    keys = ["", "", "", "hours.told", "hours.band", "hours.band", "hours.told", "hours.told"]
    if handling:
        header, keys = [*header, N_("officer-hours")], [*keys, "hours.officer"]
    rows = []
    for at in range(len(told.kinds)):
        day, hours = told.first + timedelta(days=at), told.hours.mean[at]
        known = ~np.isnan(hours)
        busiest = int(np.nanargmax(hours)) if known.any() else -1
        row: list[Value] = [
            day.isoformat(),
            speaker.say(SHORT_DAYS[day.weekday()]),
            speaker.say(KIND_WORDS[int(told.kinds[at])]) if told.kinds[at] else "",
            *(rounded(each[at], digits) for each, digits in zip(told.days, (1, 0, 0), strict=True)),
            f"{busiest:02d}:00" if known.any() else NONE,
            rounded(hours[busiest]) if known.any() else None,
        ]
        rows.append((*row, rounded(told.days.mean[at] * handling.at_once_min / 60.0)) if handling else tuple(row))
    sheet = Sheet(
        speaker.say(N_("Day by day")), (), tuple(map(speaker.say, header)), tuple(rows), (12, 8, 12, *(10,) * 6)[: len(header)]
    )
    return Shown(sheet, tuple(keys), speaker.say(N_("Nine days of ten should lie between fewest and most.")))


def hours_table(told: HoursForecast, handling: Handling | None, speaker: Speaker) -> Shown:
    """Return every hour foretold, for planners."""
    header = [N_("date"), N_("hour"), N_("calls"), N_("fewest"), N_("most"), *([N_("officer-hours")] if handling else [])]
    rows = []
    for day, hour in np.ndindex(*told.hours.mean.shape):
        mean = told.hours.mean[day, hour]
        row: tuple[Value, ...] = (
            (told.first + timedelta(days=int(day))).isoformat(),
            f"{hour:02d}:00",
            rounded(float(mean), 2),
            rounded(float(told.hours.low[day, hour]), 0),
            rounded(float(told.hours.high[day, hour]), 0),
        )
        rows.append((*row, rounded(float(mean) * handling.at_once_min / 60.0, 2)) if handling else row)
    sheet = Sheet(
        speaker.say(N_("Hour by hour")), (), tuple(map(speaker.say, header)), tuple(rows), (12, 8, *(10,) * 4)[: len(header)]
    )
    keys = ("", "", "hours.told", "hours.band", "hours.band", "hours.officer")[: len(header)]
    return Shown(sheet, keys, folded=True)


def places_table(told: HoursForecast, counted: Counted, names: Mapping[str, str], speaker: Speaker) -> Shown:
    """Return the places: share, calls of the first week foretold with band, and what the last weeks brought.

    Places with 1 to 4 calls in the record are told without figures.
    """
    series = counted.series
    recent = series.counts[:, -RECENT_WEEKS * 7 :].sum(axis=(1, 2))
    weeks = max(series.hours[-RECENT_WEEKS * 7 :].sum() / (7 * DAY_H), 1e-9)
    rows: list[tuple[Value, ...]] = []
    for at in np.argsort(-told.shares.mean, kind="stable").tolist():
        name = series.names[at]
        called = names.get(name, name) or speaker.say(N_("place not known"))
        if series.counts[at].sum() < FEWEST:
            rows.append((called, *(None,) * 5))
            continue
        week = told.place(at)
        rows.append(
            (
                called,
                rounded(100.0 * float(told.shares.mean[at])),
                rounded(float(week.mean[0])),
                rounded(float(week.low[0]), 0),
                rounded(float(week.high[0]), 0),
                None if 0 < recent[at] < FEWEST else rounded(float(recent[at] / weeks)),
            )
        )
    header = (N_("place"), N_("share of calls %"), N_("calls a week"), N_("fewest"), N_("most"), N_("a week, last eight weeks"))
    sheet = Sheet(speaker.say(N_("By place")), (), tuple(map(speaker.say, header)), tuple(rows), (22, *(12,) * 5))
    keys = ("", "hours.share", "hours.share", "hours.share", "hours.share", "")
    return Shown(sheet, keys, speaker.say(N_("Places with fewer than five calls in the record are told without figures.")))


def score_table(test: BackTest, speaker: Speaker) -> Shown:
    """Return how far off each method was, beside naive ones, with intervals."""
    rows = []
    for score in test.scores():
        error, deviance = (
            _with_interval(value, scale, digits, speaker)
            for value, scale, digits in ((score.error, 100.0, 1), (score.deviance, 1.0, 2))
        )
        less = _with_interval(score.less, 1.0, 2, speaker, signed=True) if any(score.less) else NONE
        rows.append((speaker.say(METHOD_WORDS[score.method]), error, deviance, less))
    header = (N_("method"), N_("error, % of calls"), N_("deviance"), N_("less eight-week average"))
    sheet = Sheet(
        speaker.say(N_("How good such forecasts were")), (), tuple(map(speaker.say, header)), tuple(rows), (34, 22, 22, 24)
    )
    lead = N_("{count} weeks, each foretold from the days before it; in brackets 95 % intervals.")
    return Shown(sheet, ("", "hours.error", "hours.deviance", "hours.less"), speaker.say(lead, count=len(test.origins)))


def _with_interval(value: tuple[float, float, float], scale: float, digits: int, speaker: Speaker, *, signed: bool = False) -> str:
    mean, low, high = (number(each * scale, digits, signed=signed) for each in value)
    return speaker.say(N_("{mean} ({low} to {high})"), mean=mean, low=low, high=high)


def weeks_table(test: BackTest, counted: Counted, speaker: Speaker) -> Shown:
    """Return past weeks: what had been foretold, and what came."""
    rows = []
    for at, origin in enumerate(test.origins):
        came, told, low, high = (float(each[at].sum()) for each in test.weeks)
        known = not math.isnan(told)
        outside = N_("inside") if low <= came <= high else N_("above") if came > high else N_("below")
        first = counted.series.date_of(origin)
        rows.append(
            (
                first.isoformat(),
                (first + timedelta(days=6)).isoformat(),
                *(rounded(each, 0) for each in (told, low, high, came)),
                speaker.say(outside) if known else speaker.say(N_("not seen whole")),
            )
        )
    header = (N_("since"), N_("until"), N_("foretold"), N_("fewest"), N_("most"), N_("came"), N_("verdict"))
    sheet = Sheet(
        speaker.say(N_("Past weeks, foretold and come")),
        (),
        tuple(map(speaker.say, header)),
        tuple(rows),
        (12, 12, 10, 10, 10, 10, 14),
    )
    return Shown(sheet, ("", "", "hours.past", "hours.band", "hours.band", "", ""))
