"""What is in service where calls need several officers, and how starts and completions change it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.response_plan import I64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_

MOST_STATES = 1_500
"""A solution of this size, with full matrices, takes some ten seconds; of twice the size eight times as long."""


@dataclass(frozen=True, slots=True)
class InService:
    """Compositions of the work in service: how many parts of each size, a part being officers who leave together.

    A call is one part where its officers are released jointly, and as many parts of one officer as it needs where they are released
    one by one. I compositions, J sizes of calls, L sizes of parts.

    Attributes
    ----------
    counts
        (I, L) parts in service.
    free
        (I,) free officers.
    start
        (I, J) the composition after a call of that size has started; -1 where too few are free.
    end
        (I, L) the composition after a part of that size has left; -1 where none is there.
    """

    counts: I64
    free: I64
    start: I64
    end: I64

    @classmethod
    def of(cls, servers: int, sizes: I64, joint: bool) -> InService:
        """Return all compositions of calls of these `sizes` on so many `servers`; they are released jointly or one by one.

        >>> InService.of(2, np.array([1, 2]), joint=True).counts.tolist()
        [[0, 0], [0, 1], [1, 0], [2, 0]]
        >>> InService.of(2, np.array([1, 2]), joint=False).counts.tolist()
        [[0], [1], [2]]
        """
        parts = sizes if joint else np.array([1])
        counts = _compositions(servers, parts)
        one = np.eye(len(parts), dtype=np.int64)
        return cls(counts, servers - counts @ parts, _moves(counts, one if joint else sizes[:, None]), _moves(counts, -one))


def _compositions(servers: int, parts: I64) -> I64:
    """Return all ways to have parts of these sizes in service; refuse where they are too many."""
    rows, left = np.zeros((1, 0), np.int64), np.array([servers])
    for size in parts:
        times = left // size + 1
        states = int(times.sum())
        refuse_beyond_most(states)
        before = np.repeat(np.arange(len(left)), times)
        count = np.arange(states) - np.repeat(np.cumsum(times) - times, times)
        rows, left = np.column_stack([rows[before], count]), left[before] - count * size
    return rows


def _moves(counts: I64, steps: I64) -> I64:
    """Return the composition that each step leads to from each, -1 where it is none."""
    index = {tuple(row): i for i, row in enumerate(counts.tolist())}
    return np.array([[index.get(tuple(row), -1) for row in (here + steps).tolist()] for here in counts])


def refuse_beyond_most(states: int) -> None:
    """Raise :class:`QinwuError` where there are more states than can be solved."""
    if states > MOST_STATES:
        message = N_("So many officers with so many needs make {states} states or more; at most {most} can be solved.")
        remedy = N_("Let officers be released one by one, use fewer officers or needs, or simulate.")
        raise QinwuError([Finding("too-many-states", "error", message, remedy, values={"states": states, "most": MOST_STATES})])
