"""Own page 个人页: one officer's hours, time off row by row, nights beside the group, rules broken, and how to object."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum, isnan
from typing import Any

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.officers.accounting import OfficersAccount
from qinwu.judge.officers.fairness import Fairness
from qinwu.judge.officers.ledger import BEYOND, Line, MonthAccount
from qinwu.judge.officers.log import WORK
from qinwu.judge.officers.recognition import Recognised
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.officers_named import FAIR, VALUE_ROOM, WIDE, load_row
from qinwu.report.chapters.officers_shown import kinds_bar, kinds_legend
from qinwu.report.chapters.officers_words import SHARED_NAMES, Telling, hours
from qinwu.report.figures.dots import dot_rows
from qinwu.report.plans.plan_report import Drawing, Picture, Shown
from qinwu.report.sheet import Value
from qinwu.report.words import number

ID = "own-hours"


def own_hours_chapter(account: OfficersAccount, system: DutySystem, officer: str, language: Language) -> Chapter:
    """Return one officer's own account as a chapter; nobody else is named in it.

    Parameters
    ----------
    account
        As :func:`qinwu.judge.officers.accounting.account_officers` gives it.
    system
        The duty system.
    officer
        The officer's id.
    language
        In which it is told.

    Raises
    ------
    QinwuError
        Nothing is known of such an officer.
    """
    own = account.of(officer)
    if not own:
        near = did_you_mean(officer, account.officers)
        message = N_("There are no hours of officer {officer}.")
        remedy = N_("Did you mean {near}?") if near else N_("Use an id of the officers file that the log names.")
        values = {"officer": officer, "near": near}
        raise QinwuError([Finding("no-hours-of-officer", "error", message, remedy, Place(key="--officer"), values)])
    told = Telling(account, system, language, ID)
    load = next((one for one in account.recognised if one.officer == officer), None)
    return Chapter(
        id=ID,
        title=_title(told, own),
        lead=tuple(_lead(told, own, load)),
        keys=tuple(_keys(told, own)),
        drawings=tuple(_drawings(told, own, load)),
        tables=tuple(_tables(told, own, officer)),
        why=told.why(),
        notes=told.notes(),
        data=_data(told, own, load),
    )


def _title(told: Telling, own: tuple[MonthAccount, ...]) -> str:
    last = own[-1]
    values = {"officer": last.officer, "worked": hours(fsum(one.worked_h for one in own)), "owed": hours(abs(last.balance_h))}
    if last.balance_h < 0.0:
        return told.say(N_("{officer} worked {worked} hours and has taken {owed} hours of time off in advance"), **values)
    return told.say(N_("{officer} worked {worked} hours and is owed {owed} hours of time off"), **values)


def _lead(told: Telling, own: tuple[MonthAccount, ...], load: Recognised | None) -> Iterator[str]:
    last = own[-1]
    yield told.rests_on()
    if last.overdue_h > 0.0:
        yield told.say(N_("{hours} hours are overdue; ask for a date."), hours=hours(last.overdue_h))
    if last.due_h > 0.0:
        yield told.say(N_("{hours} hours should be given within the next month."), hours=hours(last.due_h))
    if load is not None and not isnan(load.index):
        text = N_("Load: {index}, where {fair} is a fair share of the group; {low} to {high} is chance. It is no rank.")
        values = {"index": f"{load.index:.0f}", "fair": f"{FAIR:.0f}", "low": f"{load.low:.0f}", "high": f"{load.high:.0f}"}
        yield told.say(text, **values)
    for wish in (wish for wish in told.account.planned.wishes if wish.officer == last.officer):
        text = N_("Wish for {day} ({what}): granted.") if wish.granted else N_("Wish for {day} ({what}): not granted.")
        yield told.say(text, day=wish.date.isoformat(), what=wish.what)
    yield told.say(
        N_(
            "This page is for {officer} and the chain of command, nobody else. If a row is wrong, tell whoever keeps the log its "
            "number and what it should be; it is corrected, or the objection is written down with a reason, and the account is "
            "made anew."
        ),
        officer=last.officer,
    )


def _keys(told: Telling, own: tuple[MonthAccount, ...]) -> Iterator[KeyFigure]:
    last = own[-1]
    remark = told.say(N_("{overdue} of them overdue"), overdue=hours(last.overdue_h))
    yield KeyFigure(told.say(N_("time off owed")), f"{hours(last.balance_h)} {told.say(N_('h'))}", remark, told.key("owed"))
    worked, norm = fsum(one.counted_h for one in own), fsum(one.norm_h for one in own)
    text = told.say(N_("norm {norm} h"), norm=hours(norm))
    yield KeyFigure(told.say(N_("hours that count")), f"{hours(worked)} {told.say(N_('h'))}", text, told.key("norm"))


def _drawings(told: Telling, own: tuple[MonthAccount, ...], load: Recognised | None) -> Iterator[Drawing]:
    pictures = tuple(
        Picture(
            told.month(one.month),
            told.say(N_("{worked} h worked, norm {norm} h"), worked=hours(one.worked_h), norm=hours(one.norm_h)),
            kinds_bar(told, (one,), told.month(one.month)),
        )
        for one in own
        if one.worked_h > 0.0
    )
    if pictures:
        title, lead = told.say(N_("What the hours went to")), told.say(N_("All hours on duty, by what they were for."))
        yield Drawing(title, lead, pictures, told.key("hours"), kinds_legend(told))
    if load is not None and not isnan(load.index):
        label = told.say(N_("Load beside a fair share of the group"))
        left, right = told.say(N_("less than a fair share")), told.say(N_("more than a fair share"))
        drawn = dot_rows([load_row(told, load, load.officer)], label, left, right, WIDE, VALUE_ROOM)
        lead = told.say(
            N_("The line is the band of nineteen of twenty fair lots: inside it a difference is chance. This is no ranking.")
        )
        yield Drawing(label, lead, (Picture("", "", drawn),), told.key("load"), wide=True)


def _tables(told: Telling, own: tuple[MonthAccount, ...], officer: str) -> Iterator[Shown]:
    yield _months(told, own)
    yield _ledger(told, own)
    if shares := [one for one in told.account.fairness if officer in one.totals and one.spread is not None]:
        yield _shares(told, shares, officer)
    if broken := [one for one in told.account.breaks if one.officer == officer]:
        rows: list[tuple[Value, ...]] = [
            (
                one.rule.text.in_language(told.language),
                told.say(N_("hard") if one.rule.hard else N_("soft")),
                one.finding(told.account.source).text(told.language),
            )
            for one in broken
        ]
        columns = (N_("rule"), N_("hard or soft"), N_("what"))
        yield told.shown(N_("Rules broken in my duties"), columns, rows, (46, 10, 70), ("rule",) * 3, folded=True)


def _months(told: Telling, own: tuple[MonthAccount, ...]) -> Shown:
    kinds = [kind for kind in WORK if any(one.kinds[kind] > 0.0 for one in own)]
    rows: list[tuple[Value, ...]] = [
        (
            told.month(one.month),
            None if one.planned_h is None else round(one.planned_h, 1),
            *(round(one.kinds[kind], 1) for kind in kinds),
            round(one.worked_h, 1),
            round(one.counted_h, 1),
            round(one.norm_h, 1),
            round(one.opening_h, 1),
            round(one.owed_h, 1),
            round(one.taken_h, 1),
            round(one.balance_h, 1),
        )
        for one in own
    ]
    columns = (
        N_("month"),
        N_("hours planned"),
        *(told.kind(kind) for kind in kinds),
        N_("hours worked"),
        N_("hours that count"),
        N_("norm"),
        N_("owed before, h"),
        N_("time off earned, h"),
        N_("taken, h"),
        N_("owed now, h"),
    )
    keys = ("", *("hours",) * (len(kinds) + 3), "norm", *("owed",) * 4)
    return told.shown(N_("Month by month"), columns, rows, (10, *(11,) * (len(columns) - 1)), keys)


def _ledger(told: Telling, own: tuple[MonthAccount, ...]) -> Shown:
    """Return every hour owed or taken: row of the log, rule, hours."""
    rows: list[tuple[Value, ...]] = []
    balance = own[0].opening_h
    for month in own:
        for line in month.lines:
            balance += line.owed
            rows.append(_line(told, month, line, balance))
    columns = (
        N_("day"),
        N_("row of the log"),
        N_("what for"),
        N_("hours"),
        N_("rule"),
        N_("time off, h"),
        N_("balance, h"),
    )
    return told.shown(N_("Time off, row by row"), columns, rows, (12, 10, 14, 10, 60, 12, 12), ("owed",) * 7, folded=True)


def _line(told: Telling, month: MonthAccount, line: Line, balance: float) -> tuple[Value, ...]:
    whole = line.rule == BEYOND
    day = told.month(month.month) if whole else line.day.isoformat()
    what = told.say(N_("the whole month")) if line.kind is None else told.kind(line.kind)
    return day, line.row or None, what, round(line.hours, 2), told.rule(line.rule), round(line.owed, 2), round(balance, 2)


def _shares(told: Telling, shares: list[Fairness], officer: str) -> Shown:
    rows: list[tuple[Value, ...]] = []
    for one in shares:
        others = [value for name, value in one.totals.items() if name != officer]
        mean = fsum(others) / len(others) if others else 0.0
        months = ", ".join(f"{told.month(month)}: {hours(own.get(officer, 0.0))}" for month, own in one.by_month.items())
        beyond = number(one.beyond[officer], 1, signed=True)
        rows.append((told.say(SHARED_NAMES[one.what]), round(one.totals[officer], 1), round(mean, 1), beyond, months))
    columns = (N_("what is shared"), N_("mine"), N_("mean of the others"), N_("beyond a fair share"), N_("by month"))
    return told.shown(N_("Nights, weekends, holidays, overtime"), columns, rows, (20, 10, 14, 14, 40), ("", *("shared",) * 4))


def _data(told: Telling, own: tuple[MonthAccount, ...], load: Recognised | None) -> dict[str, Any]:
    rows = [row for row in told.account.frame().to_dicts() if row["officer_id"] == own[0].officer]
    lines = told.account.lines().to_dicts()
    return {
        "officer": own[0].officer,
        "months": [{**row, "month": told.month(row["month"])} for row in rows],
        "lines": [
            {**line, "month": told.month(line["month"]), "day": line["day"].isoformat()}
            for line in lines
            if line["officer_id"] == own[0].officer
        ],
        "load": None if load is None or isnan(load.index) else {"index": load.index, "low": load.low, "high": load.high},
    }
