"""Tallies: numbers of duties that a line must keep to, and the steps between combinations of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.problem import I32, Bool


class Tally(NamedTuple):
    """How many duties of some shifts (S,) on some days (D,) a line has at least and at most."""

    shifts: Bool
    days: Bool
    low: int
    high: int


def counted(tallies: Sequence[Tally], first: NDArray[np.int64], horizon: int) -> tuple[I32, I32, Bool]:
    """Return (T, C, G) steps between combinations of tallies, (D,) the type of each day, (C,) which are enough at the end.

    Parameters
    ----------
    tallies
        What is counted.
    first
        (G,) one shift of each group that does the same to a line; the number of shifts is the day off.
    horizon
        Days of a line, D.
    """
    days = np.array([tally.days for tally in tallies], np.bool_).reshape(len(tallies), horizon)
    types, day_type = np.unique(days.T, axis=0, return_inverse=True)
    numbers = np.arange(int(np.prod([max(tally.high, 0) + 1 for tally in tallies])))
    table = np.repeat(np.repeat(numbers[None, :, None], len(first), axis=2), len(types), axis=0)
    enough, stride = np.ones(len(numbers), np.bool_), 1
    for place, tally in enumerate(tallies):
        size = max(tally.high, 0) + 1
        have = numbers // stride % size
        enough &= (have >= tally.low) & (have <= tally.high)
        groups = np.nonzero(np.append(tally.shifts, False)[first])[0]
        for kind in np.nonzero(types[:, place])[0]:
            for group in groups:
                old = table[kind, :, group]
                table[kind, :, group] = np.where((old < 0) | (have == size - 1), -1, old + stride)
        stride *= size
    return table.astype(np.int32), day_type.ravel().astype(np.int32), enough
