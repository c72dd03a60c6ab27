"""Near repeat: for a short while after an event, more events close by than time and place alone would give.

The Knox count of pairs by distance and days apart (Knox 1964, Appl. Stat. 13: 25-29; Townsley et al. 2003, Brit. J. Criminol. 43:
615-633) says how many followers an event had beyond what chance gives; the forecast adds them to last year's count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry
from qinwu.forecast.places.events import Events

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

WEEK = 7.0
WEEKS = 6
"""Weeks after an event that are looked at, one by one."""
RINGS = (0.0, 1.5, 2.5, 3.5)
"""Outer edges of the rings around a place, in widths: the place itself, those that touch it, and two rings more."""
CERTAIN = 1.645
"""Standard errors beyond chance from which an excess counts (one-sided 5 %)."""


@entry
def _pairs(offsets: I64, near: I32, ring: I32, start: I64, day: F64, weight: F64, rings: int, weeks: int) -> F64:
    """Return (rings, weeks) weighted pairs, the later event counted from the earlier; `day` is in order of place, then time."""
    found = np.zeros((rings, weeks))
    mass = np.zeros(len(weight) + 1)
    mass[1:] = np.cumsum(weight)
    at = np.zeros(weeks + 1, np.int64)
    for p in range(len(start) - 1):
        for k in range(offsets[p], offsets[p + 1]):
            if ring[k] >= rings:
                break
            last = start[near[k] + 1]
            at[:] = start[near[k]]  # first event of the other place after the present one, and after each week since
            for i in range(start[p], start[p + 1]):
                while at[0] < last and day[at[0]] <= day[i]:
                    at[0] += 1
                for week in range(1, weeks + 1):
                    while at[week] < last and day[at[week]] - day[i] < week * 7.0:
                        at[week] += 1
                    found[ring[k], week - 1] += weight[i] * (mass[at[week]] - mass[at[week - 1]])
    return found


def excess(events: Events, end: float) -> F64:
    """Return (rings, weeks) followers of one event beyond chance: by ring around its place and week after it, 0 where not certain.

    What chance gives is the number of pairs by ring times the share of pairs by week: places and times as they are, mixed at will.
    """
    ground, near = events.ground, events.ground.near
    total = float(events.weight.sum())
    if total < 2.0:
        return np.zeros((len(RINGS), WEEKS))
    ring = np.searchsorted(np.array(RINGS) * ground.size_m, near.metres, side="left").astype(np.int32)
    order = np.lexsort((events.day, events.place))
    start = np.r_[0, np.cumsum(np.bincount(events.place, minlength=len(ground)))].astype(np.int64)
    seen = _pairs(near.offsets, near.place, ring, start, events.day[order], events.weight[order], len(RINGS), WEEKS)
    chance = np.outer(_pairs_in_space(events, ring), _shares_in_time(events))
    more: F64 = np.where(seen - chance > CERTAIN * np.sqrt(np.maximum(chance, 0.25)), seen - chance, 0.0)
    sources = np.array([events.weight[events.day < end - WEEK * week].sum() for week in range(WEEKS)])
    return more / np.maximum(sources, 1.0)


def _pairs_in_space(events: Events, ring: I32) -> F64:
    """Return (rings,) weighted pairs of events by distance of their places, whatever their times."""
    near = events.ground.near
    count = np.bincount(events.place, events.weight, minlength=len(events.ground))
    squares = np.bincount(events.place, events.weight**2, minlength=len(events.ground))
    source = np.repeat(np.arange(len(count)), np.diff(near.offsets))
    product = count[source] * count[near.place]
    own = source == near.place
    product[own] -= squares[source[own]]
    return np.bincount(ring, product, minlength=len(RINGS) + 1)[: len(RINGS)] / 2.0


def _shares_in_time(events: Events) -> F64:
    """Return (weeks,) share of all pairs of events whose days apart fall in each week, wherever they were."""
    mass = np.r_[0.0, np.cumsum(events.weight)]
    edges = np.arange(WEEKS + 1) * WEEK
    upto = np.array([mass[np.searchsorted(events.day, events.day + edge, "right" if edge == 0.0 else "left")] for edge in edges])
    pairs = (np.diff(upto, axis=0) * events.weight).sum(axis=1)
    whole = (events.weight.sum() ** 2 - (events.weight**2).sum()) / 2.0
    found: F64 = pairs / max(float(whole), 1e-12)
    return found


def foresee(events: Events, origin: float, days: float) -> F64:
    """Return (P,) expected events of each place in the `days` from `origin`: last year's pace and what recent events set off."""
    ground, near = events.ground, events.ground.near
    span = min(365.0, max(origin - events.first, 1.0))
    pace = events.counts(origin - span, origin) * days / span
    more = excess(events, origin)
    recent = events.day >= origin - WEEK * WEEKS
    if not more.any() or not recent.any():
        return pace
    age = origin - events.day[recent]
    # A week of which only a part lies ahead gives that part of its followers.
    week = np.arange(WEEKS) * WEEK
    ahead = np.clip(np.minimum(age[:, None] + days, week + WEEK) - np.maximum(age[:, None], week), 0.0, WEEK) / WEEK
    given = (ahead * events.weight[recent][:, None]) @ more.T
    ring = np.searchsorted(np.array(RINGS) * ground.size_m, near.metres, side="left")
    found = pace
    for at in range(len(RINGS)):
        amount = np.bincount(events.place[recent], given[:, at], minlength=len(ground))
        found = found + _evenly(near.offsets, near.place, (ring == at).astype(np.float64), amount)
    return found


@entry
def _evenly(offsets: I64, near: I32, inside: F64, amount: F64) -> F64:
    """Return the amounts of all places after each gave its own to the places inside a ring around it, the same to each."""
    found = np.zeros(len(amount))
    for p in range(len(amount)):
        if amount[p] > 0.0:
            many = inside[offsets[p] : offsets[p + 1]].sum()
            for k in range(offsets[p], offsets[p + 1]):
                if inside[k] > 0.0:
                    found[near[k]] += amount[p] / many
    return found
