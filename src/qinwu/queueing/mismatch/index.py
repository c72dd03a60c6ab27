"""Index of mismatch: how far the shares of staffed hours are from the shares of demanded hours, 0 to 1.

Half the sum of absolute differences of two distributions: the dissimilarity index of Duncan & Duncan 1955 (American Sociological
Review 20(2): 210-217). It is the share of staffed hours that would have to be at another place or hour for both to agree; units
cancel.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qinwu.duty.response_plan import F64


def dissimilarity(staffed: F64, demanded: F64) -> float:
    """Return half the distance between two distributions, given as amounts >= 0 of the same shape; nan where one is empty.

    >>> dissimilarity(np.array([1.0, 3.0]), np.array([10.0, 30.0])), dissimilarity(np.array([1.0, 0.0]), np.array([0.0, 5.0]))
    (0.0, 1.0)
    """
    one, other = float(staffed.sum()), float(demanded.sum())
    if one <= 0.0 or other <= 0.0:
        return float("nan")
    return float(np.abs(staffed / one - demanded / other).sum() / 2.0)


class Mismatch(NamedTuple):
    """The index of all cells, of hours alone and of places alone, each 0-1."""

    overall: float
    by_hour: float
    by_place: float

    @property
    def hour_part(self) -> float:
        """What the hours contribute to the whole: Shapley's share, so that both parts add up (Shorrocks 2013)."""
        return (self.by_hour + self.overall - self.by_place) / 2.0

    @property
    def place_part(self) -> float:
        """What the places contribute to the whole."""
        return (self.by_place + self.overall - self.by_hour) / 2.0


def mismatch(staffed: F64, demanded: F64) -> Mismatch:
    """Return the index of two (P, 168) tables of hours.

    Merging cells never raises the index, so that both margins stay below the whole and neither part is negative.

    Examples
    --------
    Two places, two hours; everybody is there by day, calls come by day and by night alike: half of the hours are wrong.

    >>> found = mismatch(np.array([[2.0, 0.0], [2.0, 0.0]]), np.ones((2, 2)))
    >>> found, found.hour_part, found.place_part
    (Mismatch(overall=0.5, by_hour=0.5, by_place=0.0), 0.5, 0.0)
    """
    whole = dissimilarity(staffed, demanded)
    hours = dissimilarity(staffed.sum(axis=0), demanded.sum(axis=0))
    places = dissimilarity(staffed.sum(axis=1), demanded.sum(axis=1))
    return Mismatch(whole, hours, places)
