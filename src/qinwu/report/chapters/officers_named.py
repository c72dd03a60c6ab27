"""What the chief may ask for by code: each officer's balance and load, in the order of the force and never as a ranking."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum, isnan

from qinwu.judge.officers.fairness import Shared
from qinwu.judge.officers.ledger import MonthAccount
from qinwu.judge.officers.recognition import Recognised
from qinwu.language import N_
from qinwu.report.chapters.officers_words import Telling, hours
from qinwu.report.figures.dots import Row, dot_rows
from qinwu.report.plans.plan_report import Drawing, Picture, Shown
from qinwu.report.sheet import Value
from qinwu.report.words import number

WIDE = 900.0
VALUE_ROOM = 150.0
FAIR = 100.0


def named_drawings(told: Telling) -> Iterator[Drawing]:
    """Yield each officer's balance, and each officer's load beside a fair lot."""
    closing = told.account.closing
    if closing:
        label = told.say(N_("Time off owed after {month}, by officer"), month=told.month(told.account.months[-1]))
        rows = [_balance_row(told, one) for one in closing]
        drawn = dot_rows(rows, label, told.say(N_("taken in advance")), told.say(N_("hours owed")), WIDE, VALUE_ROOM)
        lead = told.say(N_("In the order of the officers' file. Brown: some of it is overdue."))
        yield Drawing(label, lead, (Picture("", "", drawn),), told.key("owed"), wide=True)
    compared = [one for one in told.account.recognised if not isnan(one.index)]
    if compared:
        label = told.say(N_("Load beside a fair share of the group"))
        drawn = dot_rows(
            [load_row(told, one, one.officer) for one in compared],
            label,
            told.say(N_("less than a fair share")),
            told.say(N_("more than a fair share")),
            WIDE,
            VALUE_ROOM,
        )
        lead = told.say(
            N_("The line is the band of nineteen of twenty fair lots: inside it a difference is chance. This is no ranking.")
        )
        yield Drawing(label, lead, (Picture("", "", drawn),), told.key("load"), wide=True)


def load_row(told: Telling, one: Recognised, name: str) -> Row:
    """Return a load as a row of dots: how far it is from 100, and the band of a fair lot."""
    kind = "none" if not one.beyond_chance else "worse" if one.index > FAIR else "better"
    text = number(one.index, 0) if one.beyond_chance else told.say(N_("{index}, within chance"), index=number(one.index, 0))
    return Row(name, one.index - FAIR, one.low - FAIR, one.high - FAIR, kind, text)


def _balance_row(told: Telling, one: MonthAccount) -> Row:
    kind = "worse" if one.overdue_h > 0.0 else "none"
    return Row(one.officer, one.balance_h, 0.0, one.balance_h, kind, f"{hours(one.balance_h)} {told.say(N_('h'))}")


def _load_cells(told: Telling, one: Recognised | None) -> tuple[Value, Value]:
    if one is None or isnan(one.index):
        return None, None
    return round(one.index), told.say(N_("{low} to {high}"), low=f"{one.low:.0f}", high=f"{one.high:.0f}")


def named_tables(told: Telling) -> Iterator[Shown]:
    """Yield a row for each officer: hours, time off, shares and load."""
    shares: dict[tuple[str, Shared], float] = {
        (name, one.what): value for one in told.account.fairness for name, value in one.totals.items()
    }
    load = {one.officer: one for one in told.account.recognised}
    rows: list[tuple[Value, ...]] = []
    for name in told.account.officers:
        own = told.account.of(name)
        rows.append(
            (
                name,
                round(fsum(month.worked_h for month in own), 1),
                round(fsum(month.norm_h for month in own), 1),
                round(own[-1].balance_h, 1),
                round(own[-1].overdue_h, 1),
                *(shares.get((name, what)) for what in ("nights", "weekends", "holidays", "overtime_h")),
                *_load_cells(told, load.get(name)),
            )
        )
    columns = (
        N_("who"),
        N_("hours worked"),
        N_("norm"),
        N_("owed now, h"),
        N_("overdue, h"),
        N_("nights"),
        N_("weekend days"),
        N_("duties on public holidays"),
        N_("hours of overtime"),
        N_("load, 100 is fair"),
        N_("band of a fair lot"),
    )
    keys = ("", "hours", "norm", "owed", "owed", *("shared",) * 4, "load", "load")
    lead = told.say(N_("In the order of the officers' file."))
    yield told.shown(N_("Each officer"), columns, rows, (10, *(12,) * 10), keys, lead, folded=True)
