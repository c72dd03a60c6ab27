"""Capacity: whether the hours of a month suffice for the visits it must have, before anything is planned (M12).

A linear program deals the hours of every kind of visit out to the free hours of officers: inside opening hours, to those who may
go, no more of anybody's day than may be planned, and so that those who go together are free in the same three hours. It knows no
journeys but the shortest, so what it calls too much is too much for every plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import HOUR_S
from qinwu.plan.rounds.free import Span
from qinwu.plan.rounds.outings import budget_of

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

SLOT_S = 3.0 * HOUR_S
"""Officers who go together must be free in the same slot of this length."""
ENOUGH_H = 1e-6


@dataclass(frozen=True, slots=True)
class Want:
    """Visits alike.

    Parameters
    ----------
    name
        What asks for them: ``grade:C``, or ``visits:P008`` for the beat visits of an officer.
    hours
        Hours they take, the way to them included; of each officer.
    opens_s, closes_s
        Between which hours of the day.
    together
        How many officers go together.
    officers
        Who may go.
    """

    name: str
    hours: float
    opens_s: float
    closes_s: float
    together: int
    officers: frozenset[str]


@dataclass(frozen=True)
class Shortage:
    """What does not fit: officer-hours lacking by the name of what wants them, the least in all."""

    by_name: Mapping[str, float]

    @property
    def hours(self) -> float:
        """Officer-hours lacking in all."""
        return sum(self.by_name.values())

    @property
    def none(self) -> bool:
        """Whether everything fits."""
        return self.hours <= ENOUGH_H


@dataclass
class _Program:
    """A linear program under construction: columns have costs and bounds, rows are at most or equal to a number."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    entries: dict[str, tuple[list[int], list[int], list[float]]] = field(
        default_factory=lambda: {"ub": ([], [], []), "eq": ([], [], [])}
    )
    right: dict[str, list[float]] = field(default_factory=lambda: {"ub": [], "eq": []})

    def column(self, cost: float = 0.0, upper: float = np.inf) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, sense: str, right: float, columns: Sequence[int], values: Sequence[float]) -> None:
        rows, at, factors = self.entries[sense]
        rows.extend([len(self.right[sense])] * len(columns))
        at.extend(columns)
        factors.extend(values)
        self.right[sense].append(right)

    def solved(self) -> F64 | None:
        """Return the best columns, None where there are none."""
        from scipy.optimize import linprog

        found: Any = linprog(
            np.array(self.cost),
            A_ub=self._matrix("ub"),
            b_ub=np.array(self.right["ub"]) if self.right["ub"] else None,
            A_eq=self._matrix("eq"),
            b_eq=np.array(self.right["eq"]) if self.right["eq"] else None,
            bounds=[(0.0, upper) for upper in self.upper],
            method="highs",
        )
        return np.asarray(found.x, dtype=np.float64) if found.status == 0 else None

    def _matrix(self, sense: str) -> Any:
        from scipy.sparse import csr_array

        rows, columns, values = self.entries[sense]
        return csr_array((values, (rows, columns)), shape=(len(self.right[sense]), len(self.cost))) if self.right[sense] else None


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of a span in one slot."""

    officer: str
    day: int
    slot: int
    start_s: float
    end_s: float


def pieces_of(spans: Sequence[Span]) -> list[_Piece]:
    """Return spans cut where slots end; slots are numbered from the beginning of the month."""
    pieces = []
    per_day = round(24 * HOUR_S / SLOT_S)
    for span in spans:
        at = span.start_s
        while at < span.end_s - 1.0:
            slot = int(at // SLOT_S)
            until = min(span.end_s, (slot + 1) * SLOT_S)
            pieces.append(_Piece(span.officer, span.day, span.day * per_day + slot, at, until))
            at = until
    return pieces


def shortage(
    wants: Sequence[Want], spans: Sequence[Span], most_share: float, only: frozenset[str] | None = None
) -> Shortage | None:
    """Return the least officer-hours that are lacking, and for what; None where giving up only what may lack is not enough.

    Parameters
    ----------
    wants
        What must be done.
    spans
        When officers are free.
    most_share
        The part of what calls leave that may be planned, 0 to 1.
    only
        Names of wants that may lack hours; all by default.
    """
    if not wants:
        return Shortage({})
    program, lacking = _Program(), list[int]()
    _deal_out(program, wants, spans, most_share, lacking, None)
    for want, column in zip(wants, lacking, strict=True):
        if only is not None and want.name not in only:
            program.upper[column] = 0.0
    found = program.solved()
    if found is None:
        return None
    by_name: dict[str, float] = {}
    for want, column in zip(wants, lacking, strict=True):
        short = float(found[column])
        by_name[want.name] = by_name.get(want.name, 0.0) + (short if short > ENOUGH_H else 0.0)
    return Shortage({name: short for name, short in by_name.items() if short})


def least_share(wants: Sequence[Want], spans: Sequence[Span]) -> float:
    """Return the least part of what calls leave into which everything fits; above 1 where all of it is too little."""
    program, lacking = _Program(), list[int]()
    share = program.column(cost=1.0)
    _deal_out(program, wants, spans, 1.0, lacking, share)
    for column in lacking:
        program.upper[column] = 0.0
    found = program.solved()
    return float("inf") if found is None else float(found[share])


def _deal_out(
    program: _Program, wants: Sequence[Want], spans: Sequence[Span], most_share: float, lacking: list[int], share: int | None
) -> None:
    """Write the program: hours of each want in each piece, what is lacking; with `share` the part planned is a column itself."""
    pieces = pieces_of(spans)
    in_piece, in_day = dict[int, list[int]](), dict[tuple[str, int], list[int]]()
    for want in wants:
        columns, by_slot = [], dict[int, list[int]]()
        for number, piece in enumerate(pieces):
            hours = _common_h(want, piece)
            if hours <= 0.0 or piece.officer not in want.officers:
                continue
            column = program.column(upper=hours)
            columns.append(column)
            by_slot.setdefault(piece.slot, []).append(column)
            in_piece.setdefault(number, []).append(column)
            in_day.setdefault((piece.officer, piece.day), []).append(column)
        lacking.append(program.column(cost=0.0 if share is not None else 1.0))
        program.row("eq", want.hours * want.together, [*columns, lacking[-1]], [1.0] * (len(columns) + 1))
        if want.together > 1:
            _together(program, want.together, by_slot)
    for number, columns in in_piece.items():
        hours = (pieces[number].end_s - pieces[number].start_s) / HOUR_S
        program.row("ub", hours, columns, [1.0] * len(columns))
    left = budget_of(spans, 1.0, {})
    for key, columns in in_day.items():
        hours = left[key] / HOUR_S
        if share is None:
            program.row("ub", hours * most_share, columns, [1.0] * len(columns))
        else:
            program.row("ub", 0.0, [*columns, share], [*[1.0] * len(columns), -hours])


def _common_h(want: Want, piece: _Piece) -> float:
    """Return the hours of a piece inside the hours of a want."""
    common = min(piece.end_s, want.closes_s) - max(piece.start_s, want.opens_s)
    return max(common, 0.0) / HOUR_S


def _together(program: _Program, people: int, by_slot: Mapping[int, Sequence[int]]) -> None:
    """Let nobody give more than one part of `people` of the hours in a slot: then the others' hours are there as well."""
    for columns in by_slot.values():
        total = program.column()
        program.row("eq", 0.0, [*columns, total], [*[1.0] * len(columns), -1.0])
        for column in columns:
            program.row("ub", 0.0, [column, total], [1.0, -1.0 / people])
