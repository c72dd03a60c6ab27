"""The roster problem as arrays: who may work which shift on which day, what each must get, how many are needed, what it costs.

Rule packs, patterns, leave and wishes of a station, and the public benchmark instances, all become this one value; the engine
knows nothing else. A roster is an (E, D) array of shift positions, ``OFF`` for a day without duty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

OFF = -1
HARD = float("inf")
"""The weight of a rule that may not be broken."""


@dataclass(frozen=True)
class Cover:
    """How many of some people are needed on some shifts.

    Parameters
    ----------
    name
        For messages: the post and watch, for example ``patrol day``.
    shifts, people
        (S,) and (E,) which shifts and which people count.
    need
        (D,) how many are asked for on each day, >= 0.
    under, over
        Cost of each one too few and too many on a day, >= 0; ``HARD`` where that is forbidden.
    """

    name: str
    shifts: Bool
    people: Bool
    need: I32
    under: float = HARD
    over: float = 0.0


@dataclass(frozen=True)
class Balance:
    """Work to be shared fairly: the spread of a count between people, each added to what they had before.

    Parameters
    ----------
    name
        For messages: ``nights``, ``weekend days``.
    shifts, days, people
        (S,), (D,), (E,) what is counted, when, for whom.
    before
        (E,) what each had in earlier months, less what everybody had to have (for those away part of the time).
    weight
        Cost of each unit of the difference between the most and the least, >= 0.
    """

    name: str
    shifts: Bool
    days: Bool
    people: Bool
    before: F64
    weight: float


@dataclass(frozen=True)
class RosterProblem:
    """Everything a roster must keep and what it costs, over D days, E people, S shifts.

    Parameters
    ----------
    minutes
        (S,) paid minutes of each shift, > 0.
    allowed
        (E, D, S) who may work which shift on which day: leave, training, secondment, skill, wishes that are granted.
    follow
        (S, S) least days from a shift to the next one of another or the same kind: 1 the day after, 2 with one day off between.
        ``follow[s, t]`` holds for shift t after shift s, whatever lies between; it is >= 1.
    most
        (E, S) most shifts of each kind over the horizon.
    minutes_low, minutes_high
        (E,) paid minutes over the horizon.
    week_high
        (E, W) most paid minutes in each week of ``week_of``; empty (E, 0) where there is no such rule.
    week_of
        (D,) the week each day belongs to, 0..W-1.
    run_low, run_high
        (E,) fewest and most days on duty in a row, >= 1. As in the public instances, a run that touches the first or the last day
        of the horizon may be shorter than `run_low`, unless `before` says how it began: then what `before` began must be
        finished, also a run that was cut short yesterday.
    off_low
        (E,) fewest days off in a row, >= 1, at the edges of the horizon alike.
    weekends_high
        (E,) most weekends with duty on either day.
    weekends
        (W2, 2) the days of each weekend inside the horizon, the later next to the earlier, -1 for a day outside.
    nights
        (S,) which shifts are nights; `night_run_high` (E,) the most of them on days in a row.
    before
        (E, H) shifts of the H days before day 0, the last column being yesterday; (E, 0) where nothing is known.
    on_cost
        (E, D, S) cost of working this shift on this day, any sign.
    off_cost
        (E, D) cost of a day off.
    cover
        What is needed.
    together
        Pairs of people who have the same shift, or both a day off, on every day that both are there. Somebody is there on a day
        on which any shift is allowed; on other days the partner is free to work alone.
    balance
        What is shared fairly.
    """

    people: tuple[str, ...]
    shifts: tuple[str, ...]
    minutes: I32
    allowed: Bool
    follow: I32
    most: I32
    minutes_low: I32
    minutes_high: I32
    week_high: I32
    week_of: I32
    run_low: I32
    run_high: I32
    off_low: I32
    weekends_high: I32
    weekends: I32
    nights: Bool
    night_run_high: I32
    before: I32
    on_cost: F64
    off_cost: F64
    cover: tuple[Cover, ...]
    together: tuple[tuple[int, int], ...] = ()
    balance: tuple[Balance, ...] = ()

    @property
    def there(self) -> Bool:
        """(E, D) whether a person may have any shift on a day."""
        return np.asarray(self.allowed.any(axis=2))

    @property
    def shape(self) -> tuple[int, int, int]:
        """People, days, shifts."""
        count, days, shifts = self.allowed.shape
        return count, days, shifts
