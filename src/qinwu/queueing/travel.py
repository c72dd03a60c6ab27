"""The square-root law: how far the sent crew is, from the size of the area and the number of free crews alone."""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64
from qinwu.queueing.erlang import Line, busy_probabilities
from qinwu.queueing.numbers import NOT_NEGATIVE, POSITIVE, broadcast, one_of

Metric = Literal["manhattan", "euclid"]
Placed = Literal["nearest", "own_beat", "centre"]

METRICS: tuple[Metric, ...] = ("manhattan", "euclid")
PLACES: tuple[Placed, ...] = ("nearest", "own_beat", "centre")

KAPPA: dict[Placed, dict[Metric, float]] = {
    "nearest": {"manhattan": sqrt(2.0 * pi) / 4.0, "euclid": 0.5},
    "own_beat": {"manhattan": 2.0 / 3.0, "euclid": (2.0 + sqrt(2.0) + 5.0 * log(1.0 + sqrt(2.0))) / 15.0},
    "centre": {"manhattan": 0.5, "euclid": (sqrt(2.0) + log(1.0 + sqrt(2.0))) / 6.0},
}
"""Mean distance in units of the square root of the area per free crew: the nearest of crews strewn at random (Poisson field); a
crew and a call at random in a square beat of its own; a crew at the centre of a square beat. Squares lie along the streets."""


def travel_mean(
    area_m2: ArrayLike, free_crews: ArrayLike, speed_mps: ArrayLike, metric: Metric = "manhattan", placed: Placed = "nearest"
) -> F64:
    """Return the mean travel time to a call at random in the area: kappa x sqrt(area / free crews) / speed.

    Parameters
    ----------
    area_m2
        Area served, square metres, >= 0; any shape.
    free_crews
        Crews that are free (``own_beat``, ``centre``: beats of equal size), > 0, not necessarily whole; broadcast.
    speed_mps
        Speed along the metric, metres per second, > 0; broadcast.
    metric
        ``manhattan``, along a grid of streets, or ``euclid``, as the crow flies.
    placed
        ``nearest``: the nearest of crews strewn at random over an area so large that its border does not matter. ``own_beat``: the
        crew of the beat, somewhere in it. ``centre``: the crew of the beat, waiting at its centre.

    Returns
    -------
    F64
        Seconds.

    Raises
    ------
    QinwuError
        A number or word is out of range, or the shapes do not go together.

    References
    ----------
    Kolesar & Blum 1973, Mgmt Sci. 19(12): 1368-1378; constants: Larson & Odoni 1981, Urban Operations Research, chapter 3.

    Examples
    --------
    Four crews on 16 km² at 10 m/s: each is alone on 4 km².

    >>> travel_mean(16e6, 4, 10.0, placed="centre")
    array(100.)
    """
    one_of(METRICS, metric=metric)
    one_of(PLACES, placed=placed)
    area, free, speed = broadcast(
        area_m2=(area_m2, NOT_NEGATIVE), free_crews=(free_crews, POSITIVE), speed_mps=(speed_mps, POSITIVE)
    )
    return np.asarray(KAPPA[placed][metric] * np.sqrt(area / free) / speed)


def travel_mean_at_load(
    servers: int,
    load: float,
    area_m2: ArrayLike,
    speed_mps: ArrayLike,
    metric: Metric = "manhattan",
    placed: Placed = "nearest",
    line: Line = "infinite",
) -> F64:
    """Return the mean travel time to calls that find a crew free, averaged over how many are free.

    It grows with the load, because fewer crews are free; a square root of the mean number free would hide that
    (E[1/sqrt(n)] > 1/sqrt(E[n])).

    Parameters
    ----------
    servers
        Number of crews, >= 1.
    load
        Offered load in erlangs, travel included, >= 0; below `servers` with an infinite line.
    area_m2, speed_mps, metric, placed
        As for :func:`travel_mean`.
    line
        As for :func:`qinwu.queueing.erlang.busy_probabilities`.

    Returns
    -------
    F64
        Seconds, in the common shape of `area_m2` and `speed_mps`.

    Raises
    ------
    QinwuError
        A number or word is out of range, or the shapes do not go together.
    UnstableError
        The line is infinite and the load not below `servers`.

    References
    ----------
    Kolesar & Blum 1973, Mgmt Sci. 19(12): 1368-1378.

    Examples
    --------
    >>> float(travel_mean_at_load(4, 0.0, 16e6, 10.0, placed="centre"))
    100.0
    >>> round(float(travel_mean_at_load(4, 2.0, 16e6, 10.0, placed="centre")), 1)
    139.0
    """
    one = travel_mean(area_m2, 1.0, speed_mps, metric, placed)
    busy = busy_probabilities(servers, load, line)[:-1]
    free = np.arange(len(busy), 0, -1)
    return np.asarray(one * (busy @ (1.0 / np.sqrt(free))) / busy.sum())
