"""Points: from a number to points by a written rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qinwu.judge.score.document import Line, Step


def points_of(line: Line, value: float, cap: float) -> float:
    """Return the points that a line gives, or takes, for a value; 0 to `cap`.

    Parameters
    ----------
    line
        A base, bonus or deduction line.
    value
        In the unit of its indicator.
    cap
        The most it can give or take.

    Examples
    --------
    >>> from qinwu.station.config import Text
    >>> rest = dict(levels=("beat",), applied_by="chief", source=Text(zh="例"))
    >>> by_steps = Line(id="a", kind="base", indicator="in_time", steps=((60, 12), (80, 20)), **rest)
    >>> [points_of(by_steps, value, 20.0) for value in (59.9, 60.0, 79.9, 100.0)]
    [0.0, 12.0, 12.0, 20.0]
    >>> by_lines = Line(id="a", kind="base", indicator="in_time", linear=((60, 0), (80, 20)), **rest)
    >>> [points_of(by_lines, value, 20.0) for value in (50.0, 65.0, 90.0)]
    [0.0, 5.0, 20.0]
    """
    if line.each is not None:
        found = line.each * value
    elif line.steps:
        found = _by_steps(line.steps, value)
    else:
        corners = np.array(line.linear)
        found = float(np.interp(value, corners[:, 0], corners[:, 1]))
    return min(max(found, 0.0), cap)


def _by_steps(steps: Sequence[Step], value: float) -> float:
    """Return the points of the last step reached; none before the first."""
    reached = [points for start, points in steps if value >= start]
    return float(reached[-1]) if reached else 0.0


def points_between(line: Line, low: float, high: float, cap: float) -> tuple[float, float]:
    """Return the fewest and the most points for values from `low` to `high`: at the ends, or at a corner of the rule between."""
    corners = (start for start, _ in (*line.steps, *line.linear) if low < start < high)
    just_below = (np.nextafter(start, -np.inf) for start, _ in line.steps if low < start <= high)
    found = [points_of(line, float(value), cap) for value in (low, high, *corners, *just_below)]
    return min(found), max(found)


def vetoed(line: Line, value: float) -> bool:
    """Return whether a value fulfils the condition of a veto line.

    >>> from qinwu.station.config import Text
    >>> line = Line(id="v", kind="veto", indicator="x", at_least=1, levels=("beat",), applied_by="chief", source=Text(zh="例"))
    >>> vetoed(line, 0.0), vetoed(line, 1.0)
    (False, True)
    """
    if line.at_least is not None:
        return value >= line.at_least
    return line.at_most is not None and value <= line.at_most
