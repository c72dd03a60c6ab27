"""Demand: which calls come in over the year, when and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from qinwu.station.config import CallClass
from qinwu.station.sample.calibration import Calibration
from qinwu.station.sample.land import Land

YEAR = 2025
DAY_S = 86400.0

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True)
class Demand:
    """Calls in order of time.

    Parameters
    ----------
    received_s
        (N,) seconds since the start of the year, local time.
    call_class
        (N,) position among the station's call classes.
    atom
        (N,) position of the atom.
    xy_m
        (N, 2) plane metres, inside the atom.
    """

    received_s: F64
    call_class: I64
    atom: I64
    xy_m: F64

    def __len__(self) -> int:
        return len(self.received_s)


def demand(
    land: Land,
    classes: Sequence[CallClass],
    figures: Calibration,
    busy: Mapping[str, int],
    count: int,
    rng: np.random.Generator,
) -> Demand:
    """Return `count` calls of one year.

    Parameters
    ----------
    land
        Where people live.
    classes
        The station's call classes; those without a published share get none.
    figures
        Shares and relative rates.
    busy
        Position of the atom of each busy place that this land has.
    count
        How many, > 0.
    rng
        Source of chance.
    """
    share = np.array([figures.share.get(each.id, 0.0) for each in classes])
    call_class = rng.choice(len(classes), count, p=share / share.sum())
    received, atom = np.empty(count), np.empty(count, dtype=np.int64)
    chance = rng.lognormal(0.0, figures.spread["atoms"], len(land.atoms))
    for kind in dict.fromkeys(each.kind for each in classes):
        here = np.flatnonzero(np.isin(call_class, [at for at, each in enumerate(classes) if each.kind == kind]))
        received[here] = _times(kind, figures, len(here), rng)
        atom[here] = rng.choice(len(land.atoms), len(here), p=place_rates(kind, land, figures, busy, chance))
    order = np.argsort(received, kind="stable")
    received, call_class, atom = received[order], call_class[order], atom[order]
    return Demand(received, call_class, atom, points_within([each.shape for each in land.atoms], atom, rng))


def _times(kind: str, figures: Calibration, count: int, rng: np.random.Generator) -> F64:
    """Return whole seconds since the start of the year."""
    days = [date(YEAR, 1, 1) + timedelta(at) for at in range((date(YEAR + 1, 1, 1) - date(YEAR, 1, 1)).days)]
    rate = np.array([figures.month["rate"][day.month - 1] * figures.weekday[kind][day.weekday()] for day in days])
    hour = np.array(figures.hour[kind])
    day_of = rng.choice(len(days), count, p=rate / rate.sum())
    hour_of = rng.choice(24, count, p=hour / hour.sum())
    return day_of * DAY_S + hour_of * 3600.0 + rng.integers(0, 3600, count)


def place_rates(kind: str, land: Land, figures: Calibration, busy: Mapping[str, int], chance: F64) -> F64:
    """Return the share of the calls of one kind that each atom has."""
    people = np.array([max(each.population, 1) for each in land.atoms])
    rate = people * [figures.place[kind][each.land_use] for each in land.atoms] * chance
    extra = np.zeros(len(rate))
    for place in figures.busy:
        if place.id in busy:
            extra[busy[place.id]] += getattr(place, kind)
    return np.asarray(extra + rate / rate.sum() * (1 - extra.sum()))


def points_within(shapes: Sequence[Polygon], which: I64, rng: np.random.Generator) -> F64:
    """Return for each entry of `which` a random point inside that shape, plane metres."""
    found = np.empty((len(which), 2))
    low, high = np.split(shapely.bounds(np.array(shapes)), 2, axis=1)
    open_ = np.arange(len(which))
    array = np.array(shapes)
    shapely.prepare(array)
    while len(open_):
        tried = rng.uniform(low[which[open_]], high[which[open_]])
        inside = shapely.contains_xy(array[which[open_]], tried)
        found[open_[inside]] = tried[inside]
        open_ = open_[~inside]
    return found
