"""Fairness of nights, weekend days, holidays and overtime between officers of one group, beside a fair lot, over several months.

Nights and weekend days are counted as rosters count them: a duty with at least three hours between midnight and six is a night; a
duty that starts on Saturday or Sunday a weekend day. What somebody has beyond a fair share is what the next roster makes up for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import numpy as np

from qinwu.judge.officers.days import is_weekend
from qinwu.judge.officers.groups import Group
from qinwu.judge.officers.hours import Piece, Stretch
from qinwu.judge.officers.log import first_of
from qinwu.judge.officers.lot import Dealt, Spread, spread_of
from qinwu.judge.officers.presence import Presence, presence_of, table_of
from qinwu.judge.officers.terms import DayKind

Shared = Literal["nights", "weekends", "holidays", "overtime_h"]
SHARED: tuple[Shared, ...] = get_args(Shared)
ALARM = 0.05


@dataclass(frozen=True)
class Fairness:
    """How one thing is shared within one group.

    Parameters
    ----------
    group, what
        Whose, and what.
    totals
        What each had over the whole time, by officer.
    by_month
        The same by month.
    beyond
        What each had beyond a fair share.
    spread
        How uneven that is; None where there are fewer than two officers or nobody had anything.
    uneven
        Whether it is more uneven than chance explains, with all comparisons of the account in mind: of those called uneven one in
        twenty is expected to be chance (Benjamini and Hochberg 1995).
    """

    group: Group
    what: Shared
    totals: Mapping[str, float]
    by_month: Mapping[date, Mapping[str, float]]
    beyond: Mapping[str, float]
    spread: Spread | None
    uneven: bool = False


def fairness_of(
    groups: Sequence[Group],
    stretches: Sequence[Stretch],
    pieces: Sequence[Piece],
    days: Mapping[date, DayKind],
    rng: np.random.Generator,
) -> tuple[Fairness, ...]:
    """Return how each group shares each thing.

    Parameters
    ----------
    groups
        Officers who are compared with each other.
    stretches, pieces
        Their work, and the parts of all rows by day.
    days
        The days looked at.
    rng
        Draws fair lots.
    """
    order = {day: number for number, day in enumerate(days)}
    there = presence_of(pieces, order)
    overtime = [(piece.entry.officer, piece.day, piece.hours) for piece in pieces if piece.kind == "overtime"]
    cells: dict[Shared, list[tuple[str, date, float]]] = {
        "nights": _days_with(stretches, lambda one: one.night),
        "weekends": _days_with(stretches, lambda one: is_weekend(one.day)),
        "holidays": _days_with(stretches, lambda one: days.get(one.day) == "holiday"),
        "overtime_h": overtime,
    }
    months: dict[date, list[int]] = {}
    for day, number in order.items():
        months.setdefault(first_of(day), []).append(number)
    found = [_fairness(group, what, cells[what], there, order, months, rng) for group in groups for what in SHARED]
    return _with_verdicts(found)


def _with_verdicts(found: Sequence[Fairness]) -> tuple[Fairness, ...]:
    from scipy.stats import false_discovery_control

    chances = [one.spread.p for one in found if one.spread is not None]
    adjusted = iter(false_discovery_control(chances).tolist() if chances else ())
    return tuple(replace(one, uneven=one.spread is not None and next(adjusted) <= ALARM) for one in found)


def _days_with(stretches: Sequence[Stretch], counts: Callable[[Stretch], bool]) -> list[tuple[str, date, float]]:
    """Return each officer's days with a duty that counts, once a day."""
    return [(officer, day, 1.0) for officer, day in dict.fromkeys((one.officer, one.day) for one in stretches if counts(one))]


def _fairness(
    group: Group,
    what: Shared,
    cells: Sequence[tuple[str, date, float]],
    there: Presence,
    order: Mapping[date, int],
    months: Mapping[date, list[int]],
    rng: np.random.Generator,
) -> Fairness:
    # Officers of whom the log holds nothing cannot be compared with anybody.
    names = tuple(name for name in group.officers if name in there)
    column = {name: number for number, name in enumerate(names)}
    had = np.zeros((len(order), len(names)))
    for officer, day, amount in cells:
        if officer in column and day in order:
            had[order[day], column[officer]] += amount
    dealt = Dealt(had, table_of(there, names, len(order)))
    compared = len(names) >= 2 and had.sum() > 0.0
    return Fairness(
        group,
        what,
        dict(zip(names, dealt.totals.tolist(), strict=True)),
        {month: dict(zip(names, had[rows].sum(axis=0).tolist(), strict=True)) for month, rows in months.items()},
        dict(zip(names, dealt.beyond.tolist(), strict=True)) if names else {},
        spread_of(dealt, rng) if compared else None,
    )
