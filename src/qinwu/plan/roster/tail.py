"""Tail: the rest of a roster problem from some day on, once the days before it are settled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qinwu.plan.roster.problem import I32, OFF, Balance, Bool, RosterProblem


def tail_of(problem: RosterProblem, roster: I32, day: int) -> RosterProblem:
    """Return what is left of a problem when the days before `day` are as in `roster`.

    Hours, weeks, weekends and shares count what the settled days have used; they themselves are not judged again.

    Parameters
    ----------
    problem
        The whole.
    roster
        (E, D) a roster of all days.
    day
        The first day that is still open, 0 to D - 1.
    """
    if day == 0:
        return problem
    head = roster[:, :day]
    used = _minutes(problem, head)
    weeks = np.stack(
        [_minutes(problem, head[:, problem.week_of[:day] == week]) for week in range(problem.week_high.shape[1])]
        or [np.zeros(len(head), dtype=np.int64)],
        axis=1,
    )[:, : problem.week_high.shape[1]]
    weekends, worked = _weekends(problem, head, day)
    return replace(
        problem,
        allowed=problem.allowed[:, day:],
        most=_left(problem.most, np.stack([(head == shift).sum(axis=1) for shift in range(len(problem.shifts))], axis=1)),
        minutes_low=_left(problem.minutes_low, used),
        minutes_high=_left(problem.minutes_high, used),
        week_high=_left(problem.week_high, weeks),
        week_of=problem.week_of[day:],
        weekends=weekends,
        weekends_high=_left(problem.weekends_high, worked),
        before=np.concatenate([problem.before, head], axis=1).astype(np.int32),
        on_cost=problem.on_cost[:, day:],
        off_cost=problem.off_cost[:, day:],
        cover=tuple(replace(cover, need=cover.need[day:]) for cover in problem.cover),
        balance=tuple(_shared(balance, head, day) for balance in problem.balance),
    )


def _left(limit: I32, used: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> I32:
    return np.asarray(np.maximum(limit - used, 0), dtype=np.int32)


def _minutes(problem: RosterProblem, cells: I32) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.asarray(np.append(problem.minutes, 0)[cells].sum(axis=1), dtype=np.int64)


def _weekends(problem: RosterProblem, head: I32, day: int) -> tuple[I32, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Return the weekends that are still open, in days of the tail, and (E,) how many settled ones had duty.

    A weekend of which the Sunday is open counts as settled where its Saturday had duty, and as open otherwise; it is left open, so
    that it is never counted too little.
    """
    pairs = problem.weekends
    settled = np.array([max(pair) < day for pair in pairs.tolist()], dtype=np.bool_)
    worked = np.zeros(len(head), dtype=np.int64)
    for pair in pairs[settled].tolist():
        worked += np.any([head[:, one] != OFF for one in pair if one >= 0], axis=0)
    still = pairs[~settled] - day
    return np.where(still < 0, -1, still).astype(np.int32).reshape(-1, 2), worked


def _shared(balance: Balance, head: I32, day: int) -> Balance:
    counts = _count(balance.shifts, head[:, balance.days[:day]])
    return replace(balance, days=balance.days[day:], before=balance.before + counts)


def _count(shifts: Bool, cells: I32) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(np.append(shifts, False)[cells].sum(axis=1), dtype=np.float64)
