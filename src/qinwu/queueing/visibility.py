"""Visibility (见警率): how often a patrol passes, and the chance that somebody in the street sees one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64
from qinwu.queueing.numbers import NOT_NEGATIVE, broadcast


def patrol_passes_per_hour(patrol_crews: ArrayLike, speed_mps: ArrayLike, street_m: ArrayLike) -> F64:
    """Return how often an hour a random point of the streets is passed by a patrol: crews x speed / length of the streets.

    Parameters
    ----------
    patrol_crews
        Mean number of crews on patrol, >= 0: those on duty less the load in erlangs, for instance; any shape.
    speed_mps
        Patrol speed, metres per second, >= 0; broadcast.
    street_m
        Metres of street, >= 0; streets shorter than 1 m count as 1 m; broadcast.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.

    References
    ----------
    Patrol frequency: Chaiken & Dormont 1978, Mgmt Sci. 24(12): 1291-1300 (PCAM).

    Examples
    --------
    Two and a half crews at 18 km/h on 30 km of streets: every point once in 40 minutes.

    >>> float(patrol_passes_per_hour(2.5, 5.0, 30_000.0))
    1.5
    """
    crews, speed, street = broadcast(
        patrol_crews=(patrol_crews, NOT_NEGATIVE), speed_mps=(speed_mps, NOT_NEGATIVE), street_m=(street_m, NOT_NEGATIVE)
    )
    return np.asarray(3600.0 * crews * speed / np.maximum(street, 1.0))


def passes_per_hour(patrol_s: F64, slots: F64, street_m: F64, speed_mps: float, end_s: float) -> F64:
    """Return how often an hour a random point of each atom's streets is passed by a patrol.

    A crew spends its free time in its atoms in proportion to its patrol slots; :func:`patrol_passes_per_hour` says the rest.

    Parameters
    ----------
    patrol_s
        (K,) seconds of free patrol of each crew, >= 0.
    slots
        (K, J) share of its patrol that each crew spends in each atom; rows sum to 1 (or 0).
    street_m
        (J,) metres of street, >= 0.
    speed_mps
        Patrol speed, metres per second, >= 0.
    end_s
        Length of the time in which the patrol was counted, seconds, > 0.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.

    Examples
    --------
    One crew patrols half an hour of each hour, most of it in the first atom.

    >>> passes_per_hour(np.array([1800.0]), np.array([[0.75, 0.25]]), np.array([9e3, 9e3]), 5.0, 3600.0)
    array([0.75, 0.25])
    """
    return patrol_passes_per_hour(patrol_s @ slots / end_s, speed_mps, street_m)


def p_seen(patrols: F64, speed_mps: float, sight_m: float, area_m2: F64, stay_s: float) -> F64:
    """Return the chance that somebody who stays `stay_s` in an atom sees a patrol: 1 - exp(-lambda T).

    Lambda = patrols x speed x 2 x sight radius / area: the area a patrol sweeps in a second (our definition of 见警率; a Poisson
    field of independent patrols).

    Parameters
    ----------
    patrols
        (J,) mean number of patrols in each atom, >= 0.
    speed_mps
        Patrol speed, metres per second, >= 0.
    sight_m
        How far a patrol is seen, metres, >= 0.
    area_m2
        (J,) square metres of each atom; less than 1 counts as 1.
    stay_s
        How long the person stays, seconds, >= 0.

    Examples
    --------
    >>> p_seen(np.array([2.0]), 5.0, 50.0, np.array([1e6]), 600.0).round(4)
    array([0.4512])
    """
    rate = patrols * speed_mps * 2.0 * sight_m / np.maximum(area_m2, 1.0)
    seen: F64 = 1.0 - np.exp(-rate * stay_s)
    return seen
