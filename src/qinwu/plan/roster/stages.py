"""Compiled: the best line of one person by dynamic programming over days.

The table holds, for every day, what the cheapest way costs to be in a state of the automaton with so many duties of some kinds, so
much used of the week, so many weekends and so many hours. Only costs are kept; the way is found again from the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qinwu.compiled import entry, inner
from qinwu.plan.roster.problem import F64, I32, Bool

FIRST, SECOND = 1, 2
"""A day that is the first of its weekend inside the horizon, or the second."""


class Stages(NamedTuple):
    """One person's rules as arrays, over D days, A states and G kinds of day, the last kind being a day off.

    ``step`` (A, G) is the next state, -1 where forbidden, from state ``start``; ``on`` (A,) whether a state is on duty. ``units``
    (G,) are hours in the person's own unit, at least ``low[d]`` and at most ``high[d]`` of them after d days, (D + 1,);
    ``free_low``, ``free_high`` (D + 1,) are the same for weekends; ``weekend`` (D,) says which days are FIRST or SECOND of one.
    ``counted`` (T, C, G) is the next of C combinations of tallies, -1 where that is too many, on a day of type ``day_type`` (D,);
    ``enough`` (C,) says which of them are enough at the end. ``week_units`` (G,) count against ``week_high`` (D,), anew where
    ``week_begins`` (D,).
    """

    step: I32
    start: int
    on: Bool
    units: I32
    low: I32
    high: I32
    weekend: I32
    free_low: I32
    free_high: I32
    counted: I32
    day_type: I32
    enough: Bool
    week_units: I32
    week_high: I32
    week_begins: Bool


@entry(nogil=True)
def fill(stages: Stages, price: F64, table: F64) -> None:
    """Fill the (D + 1, A, C, K, W, M) table of least costs; ``price`` (D, G) is inf where a kind is not allowed."""
    days, (_, states, combinations, weeks, rows, _) = price.shape[0], table.shape
    table[0] = np.inf
    table[0, stages.start, 0, 0, -stages.free_low[0], -stages.low[0]] = 0.0
    for d in range(days):
        table[d + 1] = np.inf
        for a in range(states):
            for c in range(combinations):
                for k in range(weeks):
                    for w in range(rows):
                        if some(table[d, a, c, k, w]):
                            leave(stages, price, table, d, (a, c, k, w))
    for c in range(combinations):
        if not stages.enough[c]:
            table[days, :, c] = np.inf


@inner
def some(costs: F64) -> bool:
    """Return whether any of some places can be reached."""
    return bool(np.min(costs) != np.inf)


@inner
def leave(stages: Stages, price: F64, table: F64, d: int, at: tuple[int, int, int, int]) -> None:
    """Carry on from one state of one day, for all hours at once."""
    a, c, k, w = at
    kinds = price.shape[1]
    for g in range(kinds):
        b, c2, k2 = stages.step[a, g], stages.counted[stages.day_type[d], c, g], week_after(stages, d, k, g)
        if b < 0 or c2 < 0 or price[d, g] == np.inf or k2 > stages.week_high[d]:
            continue
        w2 = w + stages.free_low[d] + weekend_more(stages, d, a, g, kinds) - stages.free_low[d + 1]
        if 0 <= w2 <= stages.free_high[d + 1] - stages.free_low[d + 1]:
            shift = stages.units[g] + stages.low[d] - stages.low[d + 1]
            first = max(0, -shift)
            last = min(stages.high[d] - stages.low[d], stages.high[d + 1] - stages.low[d + 1] - shift) + 1
            lower(table[d, a, c, k, w], table[d + 1, b, c2, k2, w2], price[d, g], first, last, shift)


@inner
def lower(old: F64, new: F64, price: float, first: int, last: int, shift: int) -> None:
    """Take the lower of two ways, for all hours at once."""
    for m in range(first, last):
        new[m + shift] = min(new[m + shift], old[m] + price)


@inner
def weekend_more(stages: Stages, d: int, a: int, g: int, kinds: int) -> int:
    """Return 1 where this duty makes one more weekend with duty."""
    if g == kinds - 1 or stages.weekend[d] == 0:
        return 0
    return 0 if stages.weekend[d] == SECOND and stages.on[a] else 1


@inner
def week_after(stages: Stages, d: int, k: int, g: int) -> int:
    """Return how much of the week is used after this kind of day."""
    return (0 if stages.week_begins[d] else k) + stages.week_units[g]


@entry(nogil=True)
def back(stages: Stages, price: F64, table: F64, kinds: I32) -> float:
    """Write the best line's kinds of day into ``kinds`` (D,) and return its cost, inf where there is none."""
    days = price.shape[0]
    place = np.argmin(table[days])
    value = table[days].ravel()[place]
    if value == np.inf:
        return np.inf
    at = unravelled(place, table)
    for d in range(days - 1, -1, -1):
        kinds[d] = came_from(stages, price, table, d, at)
    return float(value)


@inner
def unravelled(place: int, table: F64) -> I32:
    """Return the five positions of a place in one day of the table."""
    at = np.zeros(5, np.int32)
    for axis in range(4, -1, -1):
        at[axis] = place % table.shape[axis + 1]
        place //= table.shape[axis + 1]
    return at


@inner
def came_from(stages: Stages, price: F64, table: F64, d: int, at: I32) -> int:
    """Find the kind of day that led to a place, and go back to where it came from.

    The very same sum was made on the way, so that equality is exact.
    """
    kinds = price.shape[1]
    value = table[d + 1, at[0], at[1], at[2], at[3], at[4]]
    for a in range(stages.step.shape[0]):
        for g in range(kinds):
            if stages.step[a, g] != at[0] or price[d, g] == np.inf:
                continue
            w = at[3] + stages.free_low[d + 1] - weekend_more(stages, d, a, g, kinds) - stages.free_low[d]
            m = at[4] + stages.low[d + 1] - stages.units[g] - stages.low[d]
            if not (0 <= w < table.shape[4] and 0 <= m <= stages.high[d] - stages.low[d]):
                continue
            for c in range(table.shape[2]):
                if stages.counted[stages.day_type[d], c, g] != at[1]:
                    continue
                for k in range(table.shape[3]):
                    if week_after(stages, d, k, g) == at[2] and table[d, a, c, k, w, m] + price[d, g] == value:
                        at[0], at[1], at[2], at[3], at[4] = a, c, k, w, m
                        return g
    return -1
