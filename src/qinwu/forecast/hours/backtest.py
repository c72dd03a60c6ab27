"""Back-test: what would have been foretold a week ahead, week by week, beside what came and beside naive methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.hours.bands import WHOLE, band, held, spread_of
from qinwu.forecast.hours.basis import F64, WEEK_D
from qinwu.forecast.hours.learning import PAST_ORIGINS, Said, choose, week_after
from qinwu.forecast.hours.naive import eight_weeks, last_week
from qinwu.forecast.hours.scores import deviances
from qinwu.forecast.hours.series import DAY_H, HourlySeries

FORETOLD, HARMONIC, DECAYED, EIGHT_WEEKS, LAST_WEEK = "foretold", "harmonic", "decayed", "eight_weeks", "last_week"
METHODS = (FORETOLD, HARMONIC, DECAYED, EIGHT_WEEKS, LAST_WEEK)
DRAWS = 2000
"""Draws of weeks for intervals."""
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Score:
    """How far off a method was: relative error, deviance, and deviance less that of the eight-week average; each with its ends."""

    method: str
    error: tuple[float, float, float]
    deviance: tuple[float, float, float]
    less: tuple[float, float, float]


class Sums(NamedTuple):
    """Days or weeks of a back-test: what came, what was foretold, and the band; nan where too few hours are known."""

    came: F64
    told: F64
    low: F64
    high: F64

    def inside(self) -> tuple[int, int]:
        """Return how many counts lie in their band, and how many there are."""
        known = ~np.isnan(self.told)
        return int(((self.came >= self.low) & (self.came <= self.high))[known].sum()), int(known.sum())


@dataclass(frozen=True, slots=True)
class BackTest:
    """Forecasts of past weeks beside what came.

    Parameters
    ----------
    origins
        (O,) number of the first day of each week.
    calls
        (O, S, 7, 24) what came.
    known
        (O, 7, 24) hours that were observed and that every method foretold.
    told
        By method, (O, S, 7, 24) calls.
    low, high, chance
        (O, S, 7, 24) the band of the forecast, from errors before each origin alone, and the chance that it holds the count.
    days, weeks
        The same weeks by day (O, S, 7) and as a whole (O, S, 1); nan where less than `WHOLE` of the hours are known.
    choices
        (O,) places of the half-lives chosen at each origin.
    """

    origins: tuple[int, ...]
    calls: F64
    known: NDArray[np.bool_]
    told: dict[str, F64]
    low: F64
    high: F64
    chance: F64
    days: Sums
    weeks: Sums
    choices: tuple[tuple[int, int], ...]

    def coverage(self) -> tuple[float, float]:
        """Return the share of counts inside their band, and the share that the band itself expects."""
        known = np.broadcast_to(self.known[:, None], self.calls.shape)
        inside = (self.calls >= self.low) & (self.calls <= self.high)
        return float(inside[known].mean()), float(self.chance[known].mean())

    def scores(self, seed: int = 1) -> tuple[Score, ...]:
        """Return the scores of every method over all weeks, with intervals from weeks drawn with replacement, the same for all."""
        drawn = np.random.default_rng(seed).integers(len(self.origins), size=(DRAWS, len(self.origins)))
        whole = np.arange(len(self.origins))[None]
        rival = self._lost(EIGHT_WEEKS)
        found = []
        for method in METHODS:
            errors, lost = self._errors(method), self._lost(method)
            error, deviance, less = (
                _interval(*(ratio(top, below, rows) for rows in (whole, drawn)))
                for top, below in ((errors, self._came()), (lost, self._hours()), (lost - rival, self._hours()))
            )
            found.append(Score(method, error, deviance, less))
        return tuple(found)

    def _errors(self, method: str) -> F64:
        """Return the sum of absolute errors of each week, (O,)."""
        return self._sums(np.abs(self.calls - self.told[method]))

    def _lost(self, method: str) -> F64:
        return self._sums(deviances(self.calls, np.nan_to_num(self.told[method])))

    def _came(self) -> F64:
        return self._sums(self.calls)

    def _hours(self) -> F64:
        return self._sums(np.ones_like(self.calls))

    def _sums(self, values: F64) -> F64:
        found: F64 = np.where(self.known[:, None], values, 0.0).sum(axis=(1, 2, 3))
        return found


def ratio(top: F64, below: F64, rows: NDArray[np.int64]) -> F64:
    """Return sums of `top` over sums of `below` of drawn weeks, (draws,)."""
    found: F64 = top[rows].sum(axis=1) / np.maximum(below[rows].sum(axis=1), 1e-12)
    return found


def _interval(value: F64, drawn: F64) -> tuple[float, float, float]:
    low, high = np.percentile(drawn, INTERVAL)
    return float(value[0]), float(low), float(high)


def back_test(series: HourlySeries, said: Sequence[Said], weeks: int) -> BackTest:
    """Return the back-test of the last so many weeks.

    Parameters
    ----------
    series
        The whole record.
    said
        What was said from origins in order; those before the tested ones teach half-lives and bands.
    weeks
        How many to test, >= 1.
    """
    first = max(0, len(said) - weeks)
    rows: dict[str, list[F64]] = {}
    choices = []
    for number, each in enumerate(said[first:], start=first):
        past = said[max(0, number - PAST_ORIGINS) : number]
        choice = choose(series, past)
        choices.append(choice)
        for name, table in _one(series, each, past, choice).items():
            rows.setdefault(name, []).append(table)
    stacked = {name: np.stack(each) for name, each in rows.items()}
    return BackTest(
        origins=tuple(each.origin for each in said[first:]),
        calls=stacked["calls"],
        known=stacked["known"] > 0.0,
        told={name: stacked[name] for name in METHODS},
        low=stacked["low"],
        high=stacked["high"],
        chance=stacked["chance"],
        days=Sums(*(stacked[f"day_{name}"] for name in Sums._fields)),
        weeks=Sums(*(stacked[f"week_{name}"] for name in Sums._fields)),
        choices=tuple(choices),
    )


def _one(series: HourlySeries, said: Said, past: Sequence[Said], choice: tuple[int, int]) -> dict[str, F64]:
    """Return one week: what came, what each method foretold, and the band."""
    calls, hours = week_after(series, said.origin)
    before = series.until(said.origin)
    harmonic, decayed = said.parts(choice)
    spread = spread_of(series, past, choice)
    told = {
        FORETOLD: said.averaged(choice),
        HARMONIC: harmonic,
        DECAYED: decayed,
        EIGHT_WEEKS: eight_weeks(before, WEEK_D),
        LAST_WEEK: last_week(before, WEEK_D),
    }
    told = {name: rates * hours for name, rates in told.items()}
    known = (hours > 0.0) & ~np.isnan(np.stack(list(told.values()))).any(axis=(0, 1))
    low, high = band(told[FORETOLD], spread.hour[:, None, None])
    chance = held(np.nan_to_num(told[FORETOLD]), spread.hour[:, None, None], low, high)
    found = {"calls": calls, "known": known.astype(np.float64), "low": low, "high": high, "chance": chance, **told}
    for name, wide, shape in (("day", spread.day, (WEEK_D, DAY_H)), ("week", spread.week, (1, WEEK_D * DAY_H))):
        sums = _sums_of(calls, told[FORETOLD], known, shape, wide)
        found |= {f"{name}_{field}": table for field, table in zip(Sums._fields, sums, strict=True)}
    return found


def _sums_of(calls: F64, told: F64, known: NDArray[np.bool_], shape: tuple[int, int], spread: F64) -> Sums:
    """Return sums over days or the week with their band."""
    whole = known.reshape(shape).mean(axis=1) >= WHOLE
    came, mean = (np.where(whole, np.where(known, one, 0.0).reshape(-1, *shape).sum(axis=2), np.nan) for one in (calls, told))
    return Sums(came, mean, *band(mean, spread[:, None]))
