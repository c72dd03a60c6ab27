"""Hours of a line: in which unit they are counted, over the horizon and in each week."""

from __future__ import annotations

from math import gcd

import numpy as np

from qinwu.plan.roster.problem import I32, Bool, RosterProblem


def unit_of(problem: RosterProblem, person: int) -> int:
    """Return the minutes that hours are counted in, 0 where no limit can be met or missed."""
    _, days, _ = problem.shape
    longest = most_days(days, int(problem.run_high[person]), int(problem.off_low[person])) * int(problem.minutes.max())
    if problem.minutes_low[person] <= 0 and problem.minutes_high[person] >= longest:
        return 0
    return gcd(*problem.minutes.tolist())


def units_of(problem: RosterProblem, unit: int) -> I32:
    """Return (S + 1,) each shift's minutes in units, 0 where they are not counted, and last a day off's."""
    return np.append(problem.minutes // unit if unit else 0 * problem.minutes, 0).astype(np.int32)


def weeks_of(problem: RosterProblem, person: int) -> tuple[int, I32, Bool]:
    """Return the unit of hours in a week, the most of them on each day's week, and where weeks begin."""
    _, days, _ = problem.shape
    unit = gcd(*problem.minutes.tolist())
    usual = most_days(int(np.bincount(problem.week_of).max()), int(problem.run_high[person]), int(problem.off_low[person]))
    if not len(problem.week_high[person]) or usual * int(problem.minutes.max()) <= problem.week_high[person].min():
        return unit, np.zeros(days, np.int32), np.zeros(days, np.bool_)
    begins = np.append(True, np.diff(problem.week_of) != 0)
    most = int(np.bincount(problem.week_of).max()) * int(problem.minutes.max())
    return unit, (np.minimum(problem.week_high[person], most)[problem.week_of] // unit).astype(np.int32), begins


def most_days(days: int, run: int, off: int) -> int:
    """Return how many of some days can be on duty: runs as long as may be, days off as few as may be.

    >>> most_days(14, 5, 2)
    10
    """
    whole, rest = divmod(days, run + off)
    return whole * run + min(rest, run)
