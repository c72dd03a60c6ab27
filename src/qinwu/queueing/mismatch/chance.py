"""Chance: how sure the index is, and how large it would be by luck alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.mismatch.demanded import Demanded
from qinwu.queueing.mismatch.index import Mismatch, mismatch
from qinwu.queueing.mismatch.staffed import Staffed

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Chance:
    """What luck does to an index.

    Parameters
    ----------
    low, high
        95 % interval over weeks of the record.
    floor, floor_high
        Mean of the index, and the value that 95 % of draws stay below, if calls came exactly where officers are staffed.
    """

    low: Mismatch
    high: Mismatch
    floor: Mismatch
    floor_high: Mismatch

    def shown(self, found: Mismatch) -> bool:
        """Return whether there is more mismatch than luck makes."""
        return found.overall > self.floor_high.overall


def chance_of(staffed: Staffed, demanded: Demanded, draws: int, seed: int) -> Chance:
    """Return interval and noise floor of an index.

    The interval is the basic bootstrap over whole weeks (Davison & Hinkley 1997, section 5.2), since calls of a week go together:
    its lower end takes out the luck that drawing adds, its upper end does not, so that the index lies inside; it is cut at 0 and 1.
    For the floor, as many calls are drawn as there were, in cells as the staffed hours are, each asking for the hours of some call
    of the record, and go through the same smoothing.

    Parameters
    ----------
    staffed, demanded
        The two sides.
    draws
        How many of each, >= 1.
    seed
        Of every draw.
    """
    rng = np.random.default_rng(seed)
    found = np.array(mismatch(staffed.allotted(demanded.per_week), demanded.per_week))
    again = np.array([_of_weeks(staffed, demanded, rng) for _ in range(draws)])
    low, high = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    luck = np.array([_by_luck(staffed, demanded, rng) for _ in range(draws)])
    return Chance(
        low=Mismatch(*np.clip(2.0 * found - high, 0.0, 1.0).tolist()),
        high=Mismatch(*np.clip(found + again.mean(axis=0) - low, 0.0, 1.0).tolist()),
        floor=Mismatch(*luck.mean(axis=0).tolist()),
        floor_high=Mismatch(*np.quantile(luck, LEVEL, axis=0).tolist()),
    )


def _of_weeks(staffed: Staffed, demanded: Demanded, rng: np.random.Generator) -> Mismatch:
    """Return the index of weeks drawn anew from those of the record; weeks drawn twice must not pass for true differences."""
    times = np.bincount(rng.integers(0, demanded.weeks, demanded.weeks), minlength=demanded.weeks).astype(np.float64)
    often = times[demanded.week]
    tables = (demanded.table(often), demanded.table(often * demanded.hours), demanded.table(often * demanded.later))
    again = demanded.estimate(*tables, times @ demanded.seen, demanded.spread)
    return mismatch(staffed.allotted(again), again)


def _by_luck(staffed: Staffed, demanded: Demanded, rng: np.random.Generator) -> Mismatch:
    """Return the index of calls drawn where officers are staffed."""
    truth = staffed.allotted(demanded.per_week)
    count = int(rng.poisson(len(demanded)))
    cells = rng.choice(truth.size, count, p=truth.ravel() / truth.sum())
    calls = rng.integers(0, len(demanded), count)
    weight = demanded.hours[calls] + demanded.later[calls]
    shape = (demanded.places, HOURS)
    calls_in, hours_in = (np.bincount(cells, of, minlength=truth.size).reshape(shape).astype(float) for of in (None, weight))
    # What a forecast expects must not pull drawn calls to other hours than they were drawn in.
    plain = replace(demanded, expected=None)
    again = plain.estimate(calls_in, hours_in, np.zeros(shape), np.full(HOURS, float(demanded.weeks)))
    return mismatch(truth, again)
