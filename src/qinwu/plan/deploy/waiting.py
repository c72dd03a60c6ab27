"""Waiting: how long a caller waits on average for so many crews on duty, hour by hour.

A station's hour is M/M/c with callers who give up (Erlang A, Palm 1957), so that hours with more work than crews have a figure too.
Which crew is near, and calls that need several, are left to the check by :mod:`qinwu.queueing.analysis`.
"""

from __future__ import annotations

import numpy as np

from qinwu.duty.response_plan import F64

PATIENCE_H = 2.0
"""Hours after which half of those who still wait would have been helped or gone elsewhere, about: an assumption."""
LEAST_LOAD = 1e-9
LONGEST_LINE = 60
"""Callers in line beyond which the chance is nil, in addition to ten times the crews."""


def mean_wait_h(crews: int, load: float, service_h: float, patience_h: float = PATIENCE_H) -> float:
    """Return the mean hours that a call waits for a crew.

    Parameters
    ----------
    crews
        On duty, >= 0.
    load
        Crews that calls keep busy, >= 0.
    service_h
        Mean hours a crew is on a call, > 0.
    patience_h
        Mean hours after which a call no longer waits, > 0.

    Examples
    --------
    With endless patience it is Erlang's C: one crew, half of its time busy, waits as long as a call takes.

    >>> round(mean_wait_h(1, 0.5, 1.0, 1e9), 6)
    1.0
    >>> round(mean_wait_h(0, 0.5, 1.0, 2.0), 6)
    2.0
    """
    if load <= LEAST_LOAD:
        return 0.0
    rate = load / service_h
    states = np.arange(1, crews + LONGEST_LINE + 10 * (crews + int(load)) + 1)
    leave = np.minimum(states, crews) / service_h + np.maximum(states - crews, 0) / patience_h
    logs = np.concatenate([[0.0], np.cumsum(np.log(rate / leave))])
    chance = np.exp(logs - logs.max())
    line = float((chance[1:] / chance.sum()) @ np.maximum(states - crews, 0))
    return line / rate


def convex_waits(load: float, service_h: float, most: int) -> F64:
    """Return (most + 1,) waiting with 0, 1, … crews; where it is not quite convex, the greatest convex function below it."""
    wait = np.array([mean_wait_h(crews, load, service_h) for crews in range(most + 1)])
    corners: list[int] = []
    for at in range(most + 1):
        while len(corners) > 1 and _slope(wait, *corners[-2:]) >= _slope(wait, corners[-1], at) - 1e-15:
            corners.pop()
        corners.append(at)
    return np.asarray(np.interp(np.arange(most + 1), corners, wait[corners]))


def _slope(wait: F64, one: int, other: int) -> float:
    return float(wait[other] - wait[one]) / (other - one)


def between(waits: F64, crews: F64) -> F64:
    """Return waiting at numbers of crews that need not be whole, as where they are on duty in some weeks only.

    Parameters
    ----------
    waits
        (..., C) with 0, 1, … crews.
    crews
        (..., ) numbers in [0, C - 1]; what is beyond is taken as the end.
    """
    crews = np.clip(crews, 0.0, waits.shape[-1] - 1.0)
    low = np.minimum(np.floor(crews).astype(np.int64), waits.shape[-1] - 2)
    here, more = (np.take_along_axis(waits, at[..., None], axis=-1)[..., 0] for at in (low, low + 1))
    return np.asarray(here + (crews - low) * (more - here))
