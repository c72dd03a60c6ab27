"""Duplicate model: how likely two calls are about one incident, learnt from how many more calls come close together than by chance.

No call file says which calls were duplicates. But chance can be counted: the same calls, moved by whole days, come as close to each
other as calls do that have nothing to do with each other, on the same streets at the same hours. What is observed beyond that is
calls about one incident, or incidents that set each other off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

from qinwu.findings import Finding, Place, QinwuError
from qinwu.forecast.leads.aoristic import DAY_S, HOUR_S
from qinwu.forecast.leads.cases import F64, I64, Bools
from qinwu.forecast.leads.monotone import Monotone, excess
from qinwu.forecast.leads.placed_calls import PlacedCalls
from qinwu.language import N_

Reason = Literal["distance", "minutes", "class", "rarity", "quiet"]
REASONS: tuple[Reason, ...] = ("distance", "minutes", "class", "rarity", "quiet")
REACH_M, WINDOW_S = 1_000.0, 3_600.0
"""Calls farther apart than this are never duplicates."""
NEAR_M, NEAR_MIN = 50.0, 1.0
"""Within these, being nearer says no more."""
CELL_M = 100.0
AROUND = tuple((east, north) for east in range(-3, 4) for north in range(-3, 4) if east**2 + north**2 <= 9)
"""Cells around a place in which the usual number of calls is counted: about 300 m."""
SHIFTS = (7, 1, 14, 2, 3, 21, 28)
"""Days by which calls are moved to see chance at work: the same day of other weeks, and neighbouring days."""
LEAST_SHIFTS = 2
LEAST_OVERLAP = 0.1
LEAST_CALLS, LEAST_PAIRS = 200, 30
MOST_ROWS = 60_000
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Close:
    """Pairs of calls close to each other: positions, in order of time where nothing was moved, and the weight of each."""

    first: I64
    second: I64
    weight: F64


@dataclass(frozen=True, slots=True)
class DuplicateModel:
    """How likely two calls are about one incident.

    Parameters
    ----------
    monotone
        Log-odds of the evidence in the order of ``REASONS``.
    share
        Share of all calls that each class has.
    cells, counts
        Squares of `CELL_M` that calls came from, by their code, ascending; and calls of each.
    hours
        Hours that the calls were recorded in.
    by_hour
        How many times as many calls as on average come in each hour of the day.
    """

    monotone: Monotone
    share: dict[str, float]
    cells: I64
    counts: I64
    hours: float
    by_hour: F64

    def usual(self, x_m: F64, y_m: F64, received_s: F64) -> F64:
        """Return how many calls usually come from around each place in an hour at that time of day, half a call added."""
        count = np.full(x_m.size, 0.5)
        for east, north in AROUND:
            code = _cell(x_m, y_m, east, north)
            at = np.minimum(np.searchsorted(self.cells, code), self.cells.size - 1)
            count += np.where(self.cells[at] == code, self.counts[at], 0)
        hour = (np.floor(received_s / HOUR_S) % 24).astype(np.int64)
        return count / self.hours * self.by_hour[hour]

    def evidence(self, metres: F64, minutes: F64, same: Bools, share: F64, usual: F64) -> F64:
        """Return a column for each of ``REASONS``: more is always more alike."""
        rarity = np.where(same, -np.log(share), 0.0)
        return np.column_stack([-np.log(metres + NEAR_M), -np.log(minutes + NEAR_MIN), same, rarity, -np.log(usual)])

    def probability(self, evidence: F64) -> F64:
        """Return the probability that each pair is about one incident, or one that set the other off."""
        from scipy.special import expit

        return np.asarray(expit(self.monotone.log_odds(evidence)), dtype=np.float64)


def _cell(x_m: F64, y_m: F64, east: int = 0, north: int = 0) -> I64:
    """Return the code of the square each point lies in, moved by so many squares."""
    column, row = (np.floor(axis / CELL_M).astype(np.int64) for axis in (x_m, y_m))
    return (column + east) * (1 << 32) + (row + north)


def learn_duplicates(calls: PlacedCalls, sides: tuple[Close, Close] | None = None) -> DuplicateModel:
    """Return what the calls teach about duplicates.

    Parameters
    ----------
    calls
        Calls in order of time.
    sides
        What :func:`observed_and_chance` gives for them, where that is known already.

    Raises
    ------
    QinwuError
        Where there are too few calls, too short a time, or hardly a pair of calls close together.
    """
    close, chance = sides or observed_and_chance(calls)
    if close.first.size < LEAST_PAIRS:
        message = N_("Only {count} pairs of calls come within {metres} m and {minutes} min of each other: too few to learn from.")
        values = {"count": close.first.size, "metres": f"{REACH_M:.0f}", "minutes": f"{WINDOW_S / 60:.0f}"}
        raise QinwuError([Finding("too-few-pairs", "error", message, N_("Take a longer time."), Place(), values)])
    model = _without_weights(calls)
    rows = (_at_most(close), _at_most(chance))
    usual = model.usual(calls.x_m, calls.y_m, calls.received_s)
    table = np.concatenate([pair_evidence(model, calls, each, usual) for each in rows])
    observed = np.repeat([True, False], [each.first.size for each in rows])
    weight = np.concatenate([each.weight for each in rows])
    monotone = excess(table, observed, weight, RIDGE)
    return replace(model, monotone=monotone)


def pair_evidence(model: DuplicateModel, calls: PlacedCalls, close: Close, usual: F64 | None = None) -> F64:
    """Return the evidence of pairs of calls; those moved by days count the minutes within the day."""
    metres, minutes = apart(calls, close)
    code, share = _classes(model, calls)
    same = (code[close.first] == code[close.second]) & (code[close.first] >= 0)
    usual = model.usual(calls.x_m, calls.y_m, calls.received_s) if usual is None else usual
    return model.evidence(metres, minutes, same, share[close.first], np.sqrt(usual[close.first] * usual[close.second]))


def apart(calls: PlacedCalls, close: Close) -> tuple[F64, F64]:
    """Return metres and minutes between the calls of pairs, whole days left out of count."""
    metres = np.hypot(calls.x_m[close.first] - calls.x_m[close.second], calls.y_m[close.first] - calls.y_m[close.second])
    gap = np.abs(calls.received_s[close.first] - calls.received_s[close.second])
    return metres, np.abs(gap - np.round(gap / DAY_S) * DAY_S) / 60.0


def _classes(model: DuplicateModel, calls: PlacedCalls) -> tuple[I64, F64]:
    """Return a number for each call's class (-1 for none), and the share of calls that have it."""
    kinds = sorted(set(calls.kinds))
    place = {kind: at if kind else -1 for at, kind in enumerate(kinds)}
    least = min(model.share.values(), default=1.0)
    code = np.array([place[kind] for kind in calls.kinds], dtype=np.int64)
    return code, np.array([model.share.get(kind, least) for kind in calls.kinds])


def _without_weights(calls: PlacedCalls) -> DuplicateModel:
    """Return the model before anything is learnt: what is usual."""
    hour = np.floor(calls.received_s / HOUR_S).astype(np.int64)
    hours = float(np.unique(hour).size)
    covered = np.bincount(np.unique(hour) % 24, minlength=24)
    rate = np.bincount(hour % 24, minlength=24) / np.maximum(covered, 1)
    by_hour = np.maximum(rate / max(len(calls) / hours, 1e-9), 0.05)
    counts = Counter(calls.kinds)
    share = {kind: count / len(calls) for kind, count in counts.items() if kind}
    cells, count = np.unique(_cell(calls.x_m, calls.y_m), return_counts=True)
    nothing = Monotone(0.0, np.zeros(len(REASONS)), np.zeros(len(REASONS)))
    return DuplicateModel(nothing, share, cells, count, hours, by_hour)


def _at_most(close: Close) -> Close:
    """Return every so many-th pair where there are too many, each counting for those left out."""
    step = max(1, -(-close.first.size // MOST_ROWS))
    scale = close.first.size / max(close.first[::step].size, 1)
    return Close(close.first[::step], close.second[::step], close.weight[::step] * scale)


def observed_and_chance(calls: PlacedCalls) -> tuple[Close, Close]:
    """Return the pairs of calls that came close together, and those that do when the calls are moved by whole days.

    The weight of a moved pair makes all moved pairs together as many as calls close in time by chance alone would be.
    """
    if len(calls) < LEAST_CALLS:
        message, remedy = N_("{count} calls are too few to learn from; at least {least} are needed."), N_("Take a longer time.")
        values = {"count": len(calls), "least": LEAST_CALLS}
        raise QinwuError([Finding("too-few-calls", "error", message, remedy, Place(), values)])
    points = _points(calls)
    observed = close_pairs(calls)
    moved: list[Close] = []
    for each in _moved(calls, points):
        moved.append(each)
        if len(moved) >= LEAST_SHIFTS and sum(one.first.size for one in moved) >= MOST_ROWS:
            break
    if not moved:
        message, remedy = N_("The calls do not cover enough days to see chance at work."), N_("Take at least three days.")
        raise QinwuError([Finding("too-few-days", "error", message, remedy)])
    parts = [[getattr(each, name) for each in moved] for name in ("first", "second", "weight")]
    first, second, weight = (np.concatenate(part) for part in parts)
    return observed, Close(first, second, weight / len(moved))


def close_pairs(calls: PlacedCalls) -> Close:
    """Return the pairs of calls that came within `REACH_M` and `WINDOW_S` of each other."""
    pairs = cKDTree(_points(calls)).query_pairs(1.0, p=np.inf, output_type="ndarray").astype(np.int64)
    return _within(calls, np.sort(pairs, axis=1), 1.0)


def _points(calls: PlacedCalls) -> F64:
    """Return calls in space and time, in units of what still counts as close."""
    return np.column_stack([calls.x_m / REACH_M, calls.y_m / REACH_M, calls.received_s / WINDOW_S])


def _moved(calls: PlacedCalls, points: F64) -> Iterator[Close]:
    """Yield the pairs that come close when calls are moved by so many days, each move weighted for the hours that it loses."""
    hour = np.floor(calls.received_s / HOUR_S).astype(np.int64)
    there, count = np.unique(hour, return_counts=True)
    together = float((count * (count - 1)).sum())
    for days in SHIFTS:
        at = np.searchsorted(there, there + 24 * days)
        hit = at < there.size
        hit[hit] = there[at[hit]] == there[hit] + 24 * days
        met = float((count[hit] * count[at[hit]]).sum())
        if hit.sum() < LEAST_OVERLAP * there.size or not met:
            continue
        later = points - np.array([0.0, 0.0, days * DAY_S / WINDOW_S])
        found = cKDTree(points).sparse_distance_matrix(cKDTree(later), 1.0, p=np.inf, output_type="ndarray")
        pairs = np.column_stack([found["i"], found["j"]]).astype(np.int64)
        # Every unordered pair of unmoved calls is met once, of moved calls from either side: half.
        yield _within(calls, pairs, 0.5 * together / met)


def _within(calls: PlacedCalls, pairs: I64, weight: float) -> Close:
    """Return those pairs whose distance, not only either coordinate, is within reach, in order of position."""
    metres = np.hypot(*(axis[pairs[:, 0]] - axis[pairs[:, 1]] for axis in (calls.x_m, calls.y_m)))
    near = pairs[metres <= REACH_M]
    near = near[np.lexsort((near[:, 1], near[:, 0]))]
    return Close(near[:, 0], near[:, 1], np.full(len(near), weight))
