"""Self-exciting process: a background of places and, after each event, more events near it for a while.

Mohler et al. 2011 (J. Am. Stat. Assoc. 106: 100-108), in the discrete places of Mohler et al. 2015 (110: 1399-1411): the rate in
place p is ``mu_p + theta * sum_i share(p_i -> p; sigma) * omega * exp(-omega (t - t_i))``, fitted by expectation-maximisation.
Sums over earlier events are kept by place and fade as time passes, so that a step costs events × near places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry
from qinwu.forecast.places.events import Events
from qinwu.forecast.places.spreading import shares, spread

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

MEMORY_DAYS = 1095.0
"""Days of the record that are fitted."""
SLOWEST, FASTEST = 1.0 / 120.0, 2.0
"""Bounds of the decay, a day: slower than this is background."""
NARROWEST, WIDEST = 0.3, 2.0
"""Bounds of the spread of triggering, in widths of a place."""
STRONGEST = 0.95
"""Largest number of events that one event sets off: with 1 or more the process would never die down."""
STEPS, CLOSE = 40, 3e-3
"""Most steps of the fit, and the relative change of its parameters at which it ends."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted process: events set off by one event, decay a day, spread in metres, and (n,) chance that each is background."""

    theta: float
    omega: float
    sigma_m: float
    background: F64


@entry
def _normal(offsets: I64, place: I32, metres: F64, room: F64, sigma: float) -> tuple[F64, F64]:
    """Return the curve of each pair and (P,) what each place's shares are divided by."""
    curve, total = np.zeros(len(place)), np.zeros(len(offsets) - 1)
    for p in range(len(total)):
        for k in range(offsets[p], offsets[p + 1]):
            if metres[k] > 4.0 * sigma:
                break
            curve[k] = np.exp(-0.5 * (metres[k] / sigma) ** 2)
            total[p] += room[place[k]] * curve[k]
    return curve, total


@entry
def _expect(
    pairs: tuple[I64, I32, F64],
    room: F64,
    triggering: tuple[F64, F64],
    record: tuple[I32, F64, F64],
    background: tuple[F64, F64, F64],
    theta: float,
    omega: float,
) -> tuple[F64, float, float, float]:
    """Return the chance that each event was set off, and the sums that chance, delay and squared distance come to.

    `pairs` are those of the ground, `triggering` what :func:`_normal` gives, `record` place, day and weight of the events,
    `background` (P,) its rate a day, (P,) the part of it that one event of full weight adds to its own place (no event explains
    itself), and (n,) the chance of each event to belong to it.
    """
    offsets, near, metres = pairs
    curve, total = triggering
    place, day, weight = record
    base, own, calm = background
    kept, delay, seen = np.zeros(len(room)), np.zeros(len(room)), np.zeros(len(room))
    chance = np.zeros(len(day))
    count, days, square = 0.0, 0.0, 0.0
    i = 0
    while i < len(day):
        j = i
        while j < len(day) and day[j] == day[i]:
            p = place[j]
            rate, late, far = 0.0, 0.0, 0.0
            for k in range(offsets[p], offsets[p + 1]):
                if curve[k] == 0.0:
                    break
                q = near[k]
                if kept[q] > 0.0:
                    gone = day[j] - seen[q]
                    fade = np.exp(-omega * gone) * room[p] * curve[k] / total[q]
                    rate += fade * kept[q]
                    late += fade * (delay[q] + gone * kept[q])
                    far += fade * kept[q] * metres[k] ** 2
            scale = theta * omega
            whole = max(base[p] - own[p] * weight[j] * calm[j], 0.0) + scale * rate
            if whole > 0.0:
                chance[j] = scale * rate / whole
                count += weight[j] * chance[j]
                days += weight[j] * scale * late / whole
                square += weight[j] * scale * far / whole
            j += 1
        for m in range(i, j):  # events of one moment set nothing off among themselves
            q = place[m]
            gone = day[m] - seen[q]
            fade = np.exp(-omega * gone)
            delay[q] = fade * (delay[q] + gone * kept[q])
            kept[q] = fade * kept[q] + weight[m]
            seen[q] = day[m]
        i = j
    return chance, count, days, square


def fit(events: Events, end: float, bandwidth_m: float) -> Fit:
    """Return the process fitted to events up to a day.

    Parameters
    ----------
    events
        What happened before `end`.
    end
        Day on which the record ends.
    bandwidth_m
        Standard deviation with which the background is smoothed, metres.
    """
    ground, near = events.ground, events.ground.near
    share = shares(ground, bandwidth_m)
    span = max(end - max(events.first, end - MEMORY_DAYS), 1.0)
    own = share[near.offsets[:-1]] / span
    background = np.full(len(events), 0.7)
    record = (events.place, events.day, events.weight)
    theta, omega, sigma = 0.3, 1.0 / 14.0, 0.5 * ground.size_m
    for _ in range(STEPS):
        amount = _by_place(events, events.weight * background)
        base = spread(ground, share, amount) / span
        curves = _normal(near.offsets, near.place, near.metres, ground.room, sigma)
        calm = (base, own, background)
        chance, count, days, square = _expect(tuple(near), ground.room, curves, record, calm, theta, omega)
        background = 1.0 - chance
        possible = float((events.weight * -np.expm1(-omega * (end - events.day))).sum())
        before = (theta, omega, sigma)
        theta = min(count / max(possible, 1e-12), STRONGEST)
        if count > 1e-9:
            omega = min(max(count / max(days, 1e-12), SLOWEST), FASTEST)
            sigma = min(max(float(np.sqrt(square / (2.0 * count))), NARROWEST * ground.size_m), WIDEST * ground.size_m)
        if all(abs(new - old) <= CLOSE * old for new, old in zip((theta, omega, sigma), before, strict=True)):
            break
    return Fit(theta, omega, sigma, background)


def _by_place(events: Events, amount: F64) -> F64:
    """Return (P,) sums of amounts of events."""
    return np.bincount(events.place, amount, minlength=len(events.ground)).astype(np.float64)


def foresee(events: Events, origin: float, days: float, bandwidth_m: float) -> F64:
    """Return (P,) expected events of each place in the `days` from `origin`, first generation of what is set off included."""
    ground = events.ground
    start = int(np.searchsorted(events.day, origin - MEMORY_DAYS))
    used = Events(ground, events.place[start:], events.day[start:], events.weight[start:], max(events.first, origin - MEMORY_DAYS))
    if not len(used):
        return np.zeros(len(ground))
    found = fit(used, origin, bandwidth_m)
    span = max(origin - used.first, 1.0)
    amount = _by_place(used, used.weight * found.background) * (days / span)
    age = origin - used.day
    soon = found.theta * (np.exp(-found.omega * age) - np.exp(-found.omega * (age + days)))
    after = _by_place(used, used.weight * soon)
    wide, narrow = shares(ground, bandwidth_m), shares(ground, found.sigma_m)
    found_at: F64 = spread(ground, wide, amount) + spread(ground, narrow, after)
    return found_at
