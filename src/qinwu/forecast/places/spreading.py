"""Spreading: what happened in a place is shared with the places around it, so that the whole stays what it was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry
from qinwu.forecast.places.ground import Ground

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@entry
def _shares(offsets: I64, place: I32, metres: F64, room: F64, bandwidth: float) -> F64:
    """Return the share of each place's events that goes to each near place, in the order of the pairs."""
    share = np.empty(len(place))
    for p in range(len(offsets) - 1):
        total = 0.0
        for k in range(offsets[p], offsets[p + 1]):
            share[k] = room[place[k]] * np.exp(-0.5 * (metres[k] / bandwidth) ** 2)
            total += share[k]
        for k in range(offsets[p], offsets[p + 1]):
            if total > 0.0:
                share[k] /= total
            else:
                share[k] = 1.0 if k == offsets[p] else 0.0
    return share


@entry
def _spread(offsets: I64, place: I32, share: F64, amount: F64) -> F64:
    """Return the amounts of all places after each gave its shares away."""
    found = np.zeros(len(amount))
    for p in range(len(amount)):
        if amount[p] != 0.0:
            for k in range(offsets[p], offsets[p + 1]):
                found[place[k]] += share[k] * amount[p]
    return found


def shares(ground: Ground, bandwidth_m: float) -> F64:
    """Return the share of each place's events that each place near it gets, by the normal curve of their distance.

    Parameters
    ----------
    ground
        The places; shares follow the pairs of ``ground.near`` and add up to 1 for each place, so nothing leaks over the border.
    bandwidth_m
        Standard deviation of the curve, metres, > 0.
    """
    near = ground.near
    found: F64 = _shares(near.offsets, near.place, near.metres, ground.room, bandwidth_m)
    return found


def spread(ground: Ground, share: F64, amount: F64) -> F64:
    """Return (P,) amounts after every place shared its own."""
    found: F64 = _spread(ground.near.offsets, ground.near.place, share, amount)
    return found
