"""Planted truth: calls of which it is known which repeat which, and cases of which it is known which are one series.

Made up from stated numbers, for measuring how much is found; nothing is taken from any record.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.aoristic import DAY_S, HOUR_S
from qinwu.forecast.leads.cases import F64, I64, Cases, Labels
from qinwu.forecast.leads.placed_calls import PlacedCalls

KINDS = ("noise", "dispute", "theft", "accident", "fight", "help", "alarm", "fire")
_KIND_SHARE = np.array([0.22, 0.2, 0.14, 0.12, 0.1, 0.12, 0.07, 0.03])
_MANY_CALLERS = np.array([0.03, 0.02, 0.01, 0.2, 0.12, 0.02, 0.02, 0.3])
"""Share of incidents of each class that more than one person calls about."""
_DAY = np.array([4, 3, 2, 2, 2, 2, 3, 5, 7, 8, 8, 8, 8, 7, 7, 8, 8, 9, 9, 9, 9, 8, 7, 5], dtype=np.float64)
SIDE_M = 8_000.0


@dataclass(frozen=True, slots=True)
class PlantedCalls:
    """Calls, and for each the number of the incident it is about."""

    calls: PlacedCalls
    incident: I64


def plant_calls(incidents: int, days: float, seed: int, spread_m: float = 60.0, delay_min: float = 6.0) -> PlantedCalls:
    """Return calls of a made-up town of 8 × 8 km, some incidents reported by several callers.

    Parameters
    ----------
    incidents
        How many.
    days
        Length of time.
    seed
        Of every draw.
    spread_m
        Standard deviation of where a further caller stands, along each axis.
    delay_min
        Mean minutes from the first call to a further one.
    """
    generator = np.random.default_rng(seed)
    hour = generator.choice(24, incidents, p=_DAY / _DAY.sum())
    start = np.floor(generator.uniform(0.0, days, incidents)) * DAY_S + (hour + generator.uniform(size=incidents)) * HOUR_S
    centres, weight = generator.uniform(0.0, SIDE_M, (40, 2)), generator.gamma(0.5, size=40)
    centre = generator.choice(40, incidents, p=weight / weight.sum())
    clustered = generator.uniform(size=incidents) < 0.6
    place = generator.uniform(0.0, SIDE_M, (incidents, 2))
    place[clustered] = (centres[centre] + generator.normal(0.0, 250.0, (incidents, 2)))[clustered]
    kind = generator.choice(len(KINDS), incidents, p=_KIND_SHARE)
    more = np.where(generator.uniform(size=incidents) < _MANY_CALLERS[kind], generator.geometric(0.6, incidents), 0)
    about = np.r_[np.arange(incidents), np.repeat(np.arange(incidents), more)]
    extra = about.size - incidents
    received = start[about] + np.r_[np.zeros(incidents), generator.exponential(delay_min * 60.0, extra)]
    where = place[about] + np.r_[np.zeros((incidents, 2)), generator.normal(0.0, spread_m, (extra, 2))]
    said = kind[about]
    other = np.r_[np.zeros(incidents, dtype=bool), generator.uniform(size=extra) < 0.15]
    said = np.where(other, generator.choice(len(KINDS), about.size, p=_KIND_SHARE), said)
    order = np.argsort(received, kind="stable")
    calls = PlacedCalls(
        ids=tuple(f"K{at}" for at in range(about.size)),
        rows=(0,) * about.size,
        received_s=received[order],
        x_m=where[order, 0],
        y_m=where[order, 1],
        kinds=tuple(KINDS[at] for at in said[order]),
    )
    return PlantedCalls(calls, about[order])


def plant_cases(singles: int, series: int, length: int, seed: int, days: float = 365.0) -> tuple[Cases, Labels]:
    """Return cases of which some are series: near each other, within weeks, at like hours, by like methods.

    Parameters
    ----------
    singles
        Cases that stand alone.
    series, length
        How many series, and cases in each.
    seed
        Of every draw.
    days
        Length of time.
    """
    generator = np.random.default_rng(seed)
    size = singles + series * length
    owner = np.r_[np.arange(singles), np.repeat(singles + np.arange(series), length)]
    centres = generator.uniform(0.0, SIDE_M, (25, 2))
    homes = centres[generator.integers(0, 25, singles + series)] + generator.normal(0.0, 600.0, (singles + series, 2))
    first, clock = generator.uniform(0.0, days, singles + series), generator.normal(14.0, 5.0, singles + series)
    place = homes[owner] + generator.normal(0.0, 500.0, (size, 2))
    hour = (clock[owner] + generator.normal(0.0, 2.0, size)) % 24.0
    start = (np.floor(first[owner] + generator.exponential(20.0, size)) * 24.0 + hour) * HOUR_S
    length_h = np.where(generator.uniform(size=size) < 0.4, generator.exponential(8.0, size), 0.0)
    words = [_words(owner, generator, name, kinds) for name, kinds in (("entry", 8), ("target", 6), ("tool", 5))]
    order = np.argsort(start, kind="stable")
    cases = Cases(
        ids=tuple(f"A{at}" for at in range(size)),
        rows=tuple(range(2, size + 2)),
        x_m=place[order, 0],
        y_m=place[order, 1],
        start_s=start[order],
        end_s=(start + length_h * HOUR_S)[order],
        methods=tuple(tuple(sorted(column[at] for column in words)) for at in order),
    )
    return cases, Labels.of([frozenset({str(owner[at])}) for at in order])


def _words(owner: I64, generator: np.random.Generator, name: str, kinds: int) -> list[str]:
    """Return one word of method for each case: that of its owner four times of five, else any, common words more often."""
    share: F64 = 1.0 / np.arange(1, kinds + 1)
    share /= share.sum()
    usual = generator.choice(kinds, owner.max() + 1, p=share)[owner]
    other = generator.choice(kinds, owner.size, p=share)
    return [f"{name}={word}" for word in np.where(generator.uniform(size=owner.size) < 0.8, usual, other)]
