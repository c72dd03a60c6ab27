"""Learning from the past: what would have been foretold at earlier dates, which half-lives did best, and how far off it was.

At each origin only days before it teach. Half-lives chosen at an origin are those that foretold best from earlier origins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.hours.basis import F64, WEEK_D
from qinwu.forecast.hours.decayed import decayed_weeks, level_now
from qinwu.forecast.hours.harmonic import Harmonic, fit
from qinwu.forecast.hours.scores import deviances
from qinwu.forecast.hours.series import DAY_H, FEWEST_DAYS, HourlySeries

I8 = NDArray[np.int8]
LEVELS_W = (0.5, 1.0, 2.0, 4.0, 8.0, 26.0)
WEEKS_W = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Half-lives tried, in weeks: of the level of today, and of the decayed hour-of-week mean."""
USUAL = (2, 2)
"""Places of the half-lives taken where the past is too short to choose."""
FEWEST_ORIGINS = 2
PAST_ORIGINS = 10
"""Earlier origins that half-lives and bands are learnt from, the latest ones."""
FEWEST_HOURS = 24
"""Observed hours of a week without which it is no origin."""
LONGEST_D = 3 * 52 * WEEK_D
"""Days that teach at most: older ones hardly weigh anything."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said from an origin with each pair of half-lives.

    Parameters
    ----------
    origin
        Number of the first day foretold.
    harmonic
        (S, n, 24) calls an hour by the regression with its level of the whole record.
    weeks
        (S, C, n, 24) by decayed means, relative to the same level; nan for hours of the week never observed.
    harmonic_now, weeks_now
        (S, L) and (S, C, L): by what each is multiplied today, for each half-life of the level.
    """

    origin: int
    harmonic: F64
    weeks: F64
    harmonic_now: F64
    weeks_now: F64

    def parts(self, choice: tuple[int, int]) -> tuple[F64, F64]:
        """Return regression and decayed mean, (S, n, 24) each, with the half-lives at these places; nan where never observed."""
        level, week = choice
        decayed = self.weeks[:, week] * self.weeks_now[:, week, level, None, None]
        harmonic = self.harmonic * self.harmonic_now[:, level, None, None]
        return np.where(np.isnan(decayed), np.nan, harmonic), decayed

    def averaged(self, choice: tuple[int, int]) -> F64:
        """Return the mean of the two: the forecast."""
        harmonic, decayed = self.parts(choice)
        return 0.5 * (harmonic + decayed)


def say(series: HourlySeries, kinds_ahead: I8) -> Said:
    """Return what the days of `series` say of the days after them."""
    used = _latest(series)
    fitted = fit(used, kinds_ahead)
    ahead = slice(used.days, used.days + len(kinds_ahead))
    decayed = decayed_weeks(used, fitted, WEEKS_W)
    seen = [level_now(used, decayed[:, c], fitted, LEVELS_W) for c in range(len(WEEKS_W))]
    return Said(
        series.days,
        fitted.rates(ahead.start, ahead.stop),
        np.stack([_of(decayed[:, c], fitted, ahead) for c in range(len(WEEKS_W))], axis=1),
        level_now(used, fitted.shape, fitted, LEVELS_W),
        np.stack(seen, axis=1),
    )


def _latest(series: HourlySeries) -> HourlySeries:
    """Return the last years of a series."""
    start = max(0, series.days - LONGEST_D)
    return replace(
        series,
        first=series.date_of(start),
        counts=series.counts[:, start:],
        hours=series.hours[start:],
        kinds=series.kinds[start:],
    )


def _of(week: F64, fitted: Harmonic, days: slice) -> F64:
    """Return rates of days from a week of hours relative to the level, (S, n, 24)."""
    return week[:, fitted.weekday[days]] * fitted.level[:, days, None]


def origins(series: HourlySeries, most: int) -> list[int]:
    """Return up to so many days from which a week ahead can be foretold and compared, a week apart, the latest last.

    Before each lie `FEWEST_DAYS` observed days, in the week after it `FEWEST_HOURS` observed hours.
    """
    before = np.concatenate([[0.0], np.cumsum(series.hours.sum(axis=1))]) / DAY_H
    usable = [
        day
        for day in range(series.days - WEEK_D, 0, -WEEK_D)
        if before[day] >= FEWEST_DAYS and (before[day + WEEK_D] - before[day]) * DAY_H >= FEWEST_HOURS
    ]
    return usable[:most][::-1]


def say_from(series: HourlySeries, days: Sequence[int], on_done: Callable[[int], None] | None = None) -> list[Said]:
    """Return what was said of the week after each of these days."""
    found = []
    for number, day in enumerate(days, start=1):
        found.append(say(series.until(day), series.kinds[day : day + WEEK_D]))
        if on_done:
            on_done(number)
    return found


def choose(series: HourlySeries, past: Sequence[Said]) -> tuple[int, int]:
    """Return the places of the half-lives that foretold best from past origins, by the deviance of all series together."""
    if len(past) < FEWEST_ORIGINS:
        return USUAL
    lost = np.zeros((len(LEVELS_W), len(WEEKS_W)))
    for said in past:
        calls, hours = week_after(series, said.origin)
        for choice in np.ndindex(*lost.shape):
            told = said.averaged((choice[0], choice[1])) * hours
            known = np.broadcast_to(hours > 0.0, told.shape) & ~np.isnan(told)
            lost[choice] += deviances(calls[known], told[known]).sum()
    level, week = np.unravel_index(int(lost.argmin()), lost.shape)
    return int(level), int(week)


def week_after(series: HourlySeries, day: int) -> tuple[F64, F64]:
    """Return what came in the week from a day on: calls (S, 7, 24), and hours of observation (7, 24)."""
    return series.counts[:, day : day + WEEK_D], series.hours[day : day + WEEK_D]
