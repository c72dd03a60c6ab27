"""Ledger of time off in lieu 补休台账: what is owed for which row by which rule, what is taken, what is left and since when.

Hours are owed for rows that the terms credit whatever the month comes to (overtime, public holidays), and for what the other hours
that count have beyond the norm of the month. Time off taken uses the oldest hours first. Nothing lapses: what is older than the
terms allow is overdue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from qinwu.duty.roster_rules.shares import WEEK_DAYS, owed_hours
from qinwu.judge.officers.hours import Piece, counted_hours
from qinwu.judge.officers.log import WORK, Kind, days_of
from qinwu.judge.officers.terms import DayKind, NormHours, Terms

BEYOND, TAKEN, BROUGHT = "beyond", "taken", "brought"
"""What a line is for, besides the credits of the terms."""
NONE_H = 1e-9


@dataclass(frozen=True, slots=True)
class Lot:
    """Hours owed since a month; fewer than none where more was taken than was owed."""

    month: date
    hours: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger: which rule, which row and day it rests on, hours of the log, and what they change.

    ``row`` is 0 and ``day`` the first of the month where a whole month decides.
    """

    rule: str
    day: date
    row: int
    kind: Kind | None
    hours: float
    owed: float


@dataclass(frozen=True)
class MonthAccount:
    """One officer's month.

    Parameters
    ----------
    officer, month
        Whose, and its first day.
    planned_h
        Hours of the roster, None where none is known.
    kinds
        Hours of each kind of work, in full; their sum is what was worked.
    counted_h, norm_h
        Hours that count, and those asked of the month.
    present_days
        Days that are no leave.
    lines
        What is owed and taken, with reasons.
    opening, lots
        What was owed before and what is owed after, the oldest first.
    overdue_h, due_h
        Of what is owed after: what should have been given by now, and what is to be given soon.
    """

    officer: str
    month: date
    planned_h: float | None
    kinds: Mapping[Kind, float]
    counted_h: float
    norm_h: float
    present_days: float
    lines: tuple[Line, ...]
    opening: tuple[Lot, ...]
    lots: tuple[Lot, ...]
    overdue_h: float
    due_h: float

    @property
    def worked_h(self) -> float:
        """Hours worked, of every kind."""
        return fsum(self.kinds.values())

    @property
    def owed_h(self) -> float:
        """Hours that the month adds."""
        return fsum(line.owed for line in self.lines if line.rule != TAKEN)

    @property
    def taken_h(self) -> float:
        """Hours of time off taken."""
        return fsum(line.hours for line in self.lines if line.rule == TAKEN)

    @property
    def opening_h(self) -> float:
        """Hours owed before."""
        return fsum(lot.hours for lot in self.opening)

    @property
    def balance_h(self) -> float:
        """Hours owed after."""
        return fsum(lot.hours for lot in self.lots)


def month_account(
    officer: str,
    month: date,
    pieces: Sequence[Piece],
    days: Mapping[date, DayKind],
    terms: Terms,
    opening: Sequence[Lot] = (),
    planned_h: float | None = None,
) -> MonthAccount:
    """Return the account of one officer's month.

    Parameters
    ----------
    officer, month
        Whose, and its first day.
    pieces
        The officer's parts of rows on days of that month.
    days
        Kinds of days.
    terms
        How hours are counted.
    opening
        What was owed before.
    planned_h
        Hours of the roster.
    """
    work = [piece for piece in pieces if piece.kind in WORK]
    taken = [piece for piece in pieces if piece.kind == "comp"]
    kinds: dict[Kind, float] = {kind: fsum(piece.hours for piece in work if piece.kind == kind) for kind in WORK}
    norm, present = norm_hours(month, pieces, days, terms.norm)
    lines: list[Line] = []
    ordinary: list[float] = []
    for piece in work:
        credit = terms.credit_for(piece.kind, days[piece.day])
        hours = counted_hours(piece, terms)
        if credit is None:
            ordinary.append(hours)
        elif hours > NONE_H:
            lines.append(Line(credit.id, piece.day, piece.entry.row, piece.kind, piece.hours, hours * credit.share))
    # Time off counts as worked: who takes it is not asked for those hours again.
    beyond = owed_beyond(fsum(ordinary), norm - fsum(piece.hours for piece in taken))
    if beyond > NONE_H:
        lines.append(Line(BEYOND, month, 0, None, beyond, beyond * terms.beyond.share))
    lines += [
        Line(TAKEN, piece.day, piece.entry.row, piece.kind, piece.hours, -piece.hours) for piece in taken if piece.hours > 0.0
    ]
    lots = settled(opening, month, fsum(x.owed for x in lines if x.owed > 0.0), -fsum(x.owed for x in lines if x.owed < 0.0))
    overdue, due = _ages(lots, month, terms)
    counted = fsum(counted_hours(piece, terms) for piece in work)
    ordered = tuple(sorted(lines, key=lambda line: (line.day, line.row, line.rule)))
    return MonthAccount(officer, month, planned_h, kinds, counted, norm, present, ordered, tuple(opening), lots, overdue, due)


def owed_beyond(hours: float, norm: float) -> float:
    """Return the hours beyond a norm; the same arithmetic as of a roster, where the norm is so many hours a week."""
    return owed_hours(hours, max(norm, 0.0), WEEK_DAYS)


def norm_hours(month: date, pieces: Sequence[Piece], days: Mapping[date, DayKind], norm: NormHours) -> tuple[float, float]:
    """Return the hours asked of a month, and the days on which the officer was there; leave takes its share with it."""
    leave = dict.fromkeys(days_of(month), 0.0)
    for piece in pieces:
        leave[piece.day] = min(1.0, leave[piece.day] + piece.share)
    present = fsum(1.0 - share for share in leave.values())
    if norm.by == "week":
        asked = fsum(1.0 - share for day, share in leave.items() if days[day] != "holiday")
        return norm.hours * asked / WEEK_DAYS, present
    return norm.hours * fsum(1.0 - share for day, share in leave.items() if days[day] == "workday"), present


def settled(lots: Sequence[Lot], month: date, owed: float, taken: float) -> tuple[Lot, ...]:
    """Return what is owed after a month, the oldest first: time off taken uses the oldest hours; what lacks is taken in advance.

    >>> settled([Lot(date(2026, 1, 1), 8.0)], date(2026, 2, 1), 4.0, 10.0)
    (Lot(month=datetime.date(2026, 2, 1), hours=2.0),)
    """
    left = taken - fsum(lot.hours for lot in lots if lot.hours < 0.0)
    kept = []
    for lot in [*(lot for lot in lots if lot.hours > 0.0), *([Lot(month, owed)] if owed > NONE_H else [])]:
        used = min(lot.hours, left)
        left -= used
        if lot.hours - used > NONE_H:
            kept.append(Lot(lot.month, lot.hours - used))
    return (*kept, *([Lot(month, -left)] if left > NONE_H else []))


def _ages(lots: Sequence[Lot], month: date, terms: Terms) -> tuple[float, float]:
    """Return hours that are overdue at the end of a month, and those that are to be given soon."""
    age = [(lot, (month.year - lot.month.year) * 12 + month.month - lot.month.month) for lot in lots if lot.hours > 0.0]
    overdue = fsum(lot.hours for lot, months in age if months >= terms.lapse.months)
    soon = terms.lapse.months - terms.lapse.warn_months
    return overdue, fsum(lot.hours for lot, months in age if soon <= months < terms.lapse.months)
