"""Load-weighted recognition (M28): points for hours, more for nights, weekends, holidays, calls and tasks, beside a fair lot.

What an officer was dealt by the roster is no merit, so the index stands beside what a fair lot of the same duties gives: inside
that band differences are chance and no rank. Arrests, fines and cases count for nothing, and no terms can make them count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, isnan, nan
from zoneinfo import ZoneInfo

import numpy as np

from qinwu.judge.officers.days import is_weekend
from qinwu.judge.officers.groups import Group
from qinwu.judge.officers.hours import Piece
from qinwu.judge.officers.log import WORK, Kind, local_day
from qinwu.judge.officers.lot import Dealt, band_of
from qinwu.judge.officers.presence import Presence, presence_of, table_of
from qinwu.judge.officers.terms import DayKind, Weights

TASKS: tuple[Kind, ...] = ("campaign", "secondment")
ON_CALLS: tuple[Kind, ...] = ("duty", "overtime", "standby")
HUNDRED = 100.0


@dataclass(frozen=True)
class Recognised:
    """One officer's load.

    Parameters
    ----------
    officer, group
        Whose, and with whom it is compared.
    hours
        Hours that carry points, by the keys of :class:`~qinwu.judge.officers.terms.Weights`.
    points
        Their weighted sum.
    index
        Points for a day on which the officer was there, beside those of the group, which are 100; nan in a group of one.
    low, high
        Where the index lies in nineteen of twenty fair lots of the group's days.
    """

    officer: str
    group: str
    hours: Mapping[str, float]
    points: float
    index: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        """Whether a fair lot hardly explains it."""
        return not isnan(self.index) and not self.low <= self.index <= self.high


def recognised(
    groups: Sequence[Group],
    pieces: Sequence[Piece],
    days: Mapping[date, DayKind],
    weights: Weights,
    on_calls: Mapping[str, float],
    zone: ZoneInfo,
    rng: np.random.Generator,
) -> tuple[Recognised, ...]:
    """Return the load of everybody, in the order of groups and officers and not of points.

    Parameters
    ----------
    groups
        Officers who are compared with each other.
    pieces
        The parts of rows by day.
    days
        Kinds of days.
    weights
        Points for an hour of each kind.
    on_calls
        Share of the hours on duty, 0 to 1, that an officer's crew is expected to spend on calls; officers without it get none.
    zone
        Of the station.
    rng
        Draws fair lots.
    """
    work: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.kind in WORK:
            work.setdefault(piece.entry.officer, []).append(piece)
    there = presence_of(pieces, {day: number for number, day in enumerate(days)})
    return tuple(one for group in groups for one in _of_group(group, work, days, weights, on_calls, there, zone, rng))


def _of_group(
    group: Group,
    work: Mapping[str, Sequence[Piece]],
    days: Mapping[date, DayKind],
    weights: Weights,
    on_calls: Mapping[str, float],
    there: Presence,
    zone: ZoneInfo,
    rng: np.random.Generator,
) -> list[Recognised]:
    names = [name for name in group.officers if name in work]
    order = {day: number for number, day in enumerate(days)}
    had = np.zeros((len(order), len(names)))
    hours: list[dict[str, float]] = []
    for column, name in enumerate(names):
        parts = [(piece, _carrying(piece, days, on_calls.get(name, 0.0))) for piece in work[name]]
        for piece, carried in parts:
            had[_dealt_on(piece, order, zone), column] += _points(carried, weights)
        hours.append({key: fsum(carried[key] for _, carried in parts) for key in Weights.model_fields})
    # Points of a secondment are had while away: who has any that day can be dealt them.
    dealt = Dealt(had, table_of(there, names, len(order)) | (had > 0.0))
    compared = len(names) > 1 and dealt.totals.sum() > 0.0
    fair = dealt.totals - dealt.beyond if compared else np.full(len(names), nan)
    bands = band_of(dealt, rng) if compared else [(nan, nan)] * len(names)
    rows = zip(names, hours, dealt.totals.tolist(), (HUNDRED / fair).tolist(), bands, strict=True)
    return [
        Recognised(name, group.id, own, total, total * scale, low * scale, high * scale)
        for name, own, total, scale, (low, high) in rows
    ]


def _dealt_on(piece: Piece, order: Mapping[date, int], zone: ZoneInfo) -> int:
    """Return the day on which a piece is dealt: that on which its duty began, so that no lot cuts a duty at midnight."""
    began = local_day(piece.entry.start, zone)
    return order.get(began, order[piece.day]) if piece.entry.by_the_clock else order[piece.day]


def _carrying(piece: Piece, days: Mapping[date, DayKind], on_calls: float) -> dict[str, float]:
    """Return the hours of a piece that carry each kind of points."""
    return {
        "hour": piece.hours,
        "night_hour": piece.night_h,
        "weekend_hour": piece.hours if is_weekend(piece.day) else 0.0,
        "holiday_hour": piece.hours if days[piece.day] == "holiday" else 0.0,
        "call_hour": piece.hours * on_calls if piece.kind in ON_CALLS else 0.0,
        "task_hour": piece.hours if piece.kind in TASKS else 0.0,
    }


def _points(hours: Mapping[str, float], weights: Weights) -> float:
    return fsum(getattr(weights, key) * hours[key] for key in Weights.model_fields)
