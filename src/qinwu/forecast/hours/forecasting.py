"""Forecasting: the coming weeks hour by hour with bands, how they fall on places, and how good such forecasts were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.forecast.hours.backtest import BackTest, back_test
from qinwu.forecast.hours.bands import Spread, band, spread_of
from qinwu.forecast.hours.basis import F64, WEEK_D
from qinwu.forecast.hours.counting import Counted
from qinwu.forecast.hours.learning import LEVELS_W, PAST_ORIGINS, WEEKS_W, choose, origins, say, say_from
from qinwu.forecast.hours.observing import clock_hours
from qinwu.forecast.hours.series import DAY_H, HourlySeries, enough
from qinwu.forecast.hours.shares import Shares, shares_of
from qinwu.language import N_
from qinwu.station.holidays import Holidays

TESTED_WEEKS = 12
"""Past weeks shown in the back-test, at most."""
FEWEST_CALLS = 100
"""Calls without which hours are not told apart: the plain mean is foretold."""
FURTHEST_W = 26
"""Weeks beyond the record for which anything is foretold at most."""


class Band(NamedTuple):
    """Counts foretold: mean, and the fewest and most between which nine of ten should lie; nan where nothing is."""

    mean: F64
    low: F64
    high: F64


@dataclass(frozen=True, slots=True)
class HoursForecast:
    """What is foretold.

    Parameters
    ----------
    first
        Date of the first day foretold.
    kinds
        (n,) kinds of day, see :mod:`qinwu.station.holidays`.
    clock
        (n, 24) how often the wall clock shows each hour.
    hours, days, weeks
        Calls of the whole station by hour (n, 24), day (n,) and week (n / 7,). Hours of the week that were never observed are nan,
        and days and weeks are sums of the others.
    shares
        How calls fall on places.
    spread
        Over-dispersion that the bands rest on.
    half_life_level, half_life_week
        Half-lives in weeks of the level of today and of the decayed hour-of-week mean; nan for the plain mean.
    plain
        Whether there is so little to learn from that the plain mean is foretold.
    test
        The back-test; None where no week could be tested.
    came
        (n, 24) what really came, where the days foretold lie in the record: nan elsewhere.
    findings
        What the reader should know.
    """

    first: date
    kinds: NDArray[np.int8]
    clock: F64
    hours: Band
    days: Band
    weeks: Band
    shares: Shares
    spread: Spread
    half_life_level: float
    half_life_week: float
    plain: bool
    test: BackTest | None
    came: F64
    findings: tuple[Finding, ...] = ()

    def place(self, number: int) -> Band:
        """Return the calls of one place by week, with a band that knows how little is known of its share."""
        mean = self.weeks.mean * self.shares.mean[number]
        return Band(mean, *band(mean, self.shares.widened(self.spread.week)[number]))

    def place_hours(self, number: int) -> Band:
        """Return the calls of one place by hour, (n, 24)."""
        mean = self.hours.mean * self.shares.mean[number]
        return Band(mean, *band(mean, self.shares.widened(self.spread.hour)[number]))

    def usual_week(self) -> F64:
        """Return calls an hour by hour of the week, (168,), Monday 00:00 first: means of the days foretold; 0 where none is."""
        weekday = (self.first.weekday() + np.arange(len(self.kinds))) % WEEK_D
        rates = np.divide(self.hours.mean, self.clock, out=np.full_like(self.clock, np.nan), where=self.clock > 0.0)
        found = np.zeros((WEEK_D, DAY_H))
        for day in range(WEEK_D):
            own = rates[weekday == day]
            seen = ~np.isnan(own)
            found[day] = np.where(seen, own, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
        return found.ravel()


def forecast_hours(
    counted: Counted,
    holidays: Holidays,
    time_zone: str,
    *,
    start: date | None = None,
    weeks: int = 1,
    on_done: Callable[[int], None] | None = None,
) -> HoursForecast:
    """Return the calls of coming weeks.

    Parameters
    ----------
    counted
        Calls by hour and place.
    holidays, time_zone
        Of the station.
    start
        First day to foretell; the day after the record by default. Only days before it teach, so that a day within the record
        shows what would have been foretold.
    weeks
        How many, 1 to `FURTHEST_W`.
    on_done
        Told how many per cent are done.

    Raises
    ------
    QinwuError
        The record is too short, holds no call, or the start is out of reach.
    """
    series = counted.series
    start = start or series.date_of(series.days)
    raise_on_errors(_reach(series, start, weeks))
    known = series.until(min((start - series.first).days, series.days))
    notes = raise_on_errors(enough(known))
    skipped, ahead = (start - known.date_of(known.days)).days, weeks * WEEK_D
    kinds = holidays.kinds(known.date_of(known.days), skipped + ahead)
    clock = clock_hours(start, ahead, time_zone)
    whole = known.total()
    past_days = origins(whole, TESTED_WEEKS + PAST_ORIGINS)
    plain = bool(whole.counts.sum() < FEWEST_CALLS or not past_days)
    done = (lambda number: on_done(round(100 * number / len(past_days)))) if on_done else None
    past = [] if plain else say_from(whole, past_days, done)
    choice = choose(whole, past[-PAST_ORIGINS:])
    spread = spread_of(whole, past[-PAST_ORIGINS:], choice)
    rates = _plain(whole, skipped + ahead) if plain else say(whole, kinds).averaged(choice)[0]
    hours = rates[skipped:] * clock
    return HoursForecast(
        first=start,
        kinds=kinds[skipped:],
        clock=clock,
        hours=_banded(hours, spread.hour),
        days=_banded(_sums(hours, DAY_H), spread.day),
        weeks=_banded(_sums(hours, WEEK_D * DAY_H), spread.week),
        shares=shares_of(known),
        spread=spread,
        half_life_level=float("nan") if plain else LEVELS_W[choice[0]],
        half_life_week=float("nan") if plain else WEEKS_W[choice[1]],
        plain=plain,
        test=back_test(whole, past, TESTED_WEEKS) if past else None,
        came=_came(series, start, ahead),
        findings=(*counted.findings, *notes, *_remarks(plain, kinds[skipped:], start, holidays, hours)),
    )


def _reach(series: HourlySeries, start: date, weeks: int) -> list[Finding]:
    found = []
    earliest, latest = series.first + timedelta(days=1), series.date_of(series.days) + timedelta(weeks=FURTHEST_W)
    if not earliest <= start <= latest:
        message = N_("{value} cannot be foretold from calls of {since} to {until}.")
        remedy = N_("Give a day from {earliest} to {latest}.")
        values = {
            "value": start,
            "since": series.first,
            "until": series.date_of(series.days - 1),
            "earliest": earliest,
            "latest": latest,
        }
        found.append(Finding("out-of-reach", "error", message, remedy, Place(key="--week"), values))
    if not 1 <= weeks <= FURTHEST_W:
        message, remedy = N_("{value} weeks cannot be foretold."), N_("Ask for 1 to {most} weeks.")
        asked = {"value": weeks, "most": FURTHEST_W}
        found.append(Finding("out-of-reach", "error", message, remedy, Place(key="--weeks"), asked))
    return found


def _plain(series: HourlySeries, days: int) -> F64:
    """Return the mean hour of the whole record for every hour, (days, 24)."""
    return np.full((days, DAY_H), series.counts.sum() / series.hours.sum())


def _banded(mean: F64, spread: F64) -> Band:
    return Band(mean, *band(mean, spread.reshape((-1,) + (1,) * (mean.ndim - 1))[0]))


def _sums(hours: F64, size: int) -> F64:
    """Return sums over so many hours, those not foretold left out; nan where none is."""
    table = hours.reshape(-1, size)
    found: F64 = np.where(np.isnan(table).all(axis=1), np.nan, np.nansum(table, axis=1))
    return found


def _came(series: HourlySeries, start: date, days: int) -> F64:
    """Return what the record holds of the days foretold, (days, 24), nan for what it does not."""
    found = np.full((days, DAY_H), np.nan)
    at = (start - series.first).days
    some = min(days, max(0, series.days - at))
    seen = series.hours[at : at + some] > 0.0
    found[:some] = np.where(seen, series.counts[:, at : at + some].sum(axis=0), np.nan)
    return found


def _remarks(plain: bool, kinds: NDArray[np.int8], start: date, holidays: Holidays, hours: F64) -> list[Finding]:
    """Return what a forecast owes its reader: that it is a plain mean, that hours are missing, that holidays are not announced."""
    found = []
    if plain:
        message = N_("There is too little to learn hours from: the plain mean of all hours is foretold.")
        remedy = N_("Add earlier calls: {least} at least, over more than three weeks.")
        found.append(Finding("plain-mean", "warning", message, remedy, Place(key="calls"), {"least": FEWEST_CALLS}))
    missing = int(np.isnan(hours).sum())
    if missing:
        message = N_("Nothing is foretold for {count} of {all} hours: that hour of the week was never observed.")
        values = {"count": missing, "all": hours.size}
        found.append(Finding("never-observed", "warning", message, "", Place(key="calls"), values))
    for year in sorted({(start + timedelta(days=number)).year for number in range(len(kinds))}):
        if not holidays.announced(year):
            message = N_("The working weekends of {year} are not known yet.")
            remedy = N_("Put them into holidays.csv: date, kind (holiday, workday, ordinary).")
            found.append(Finding("holidays-unknown", "warning", message, remedy, Place("holidays.csv"), {"year": year}))
    return found
