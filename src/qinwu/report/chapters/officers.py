"""Chapter of officers: hours worked, time off owed, how evenly load was shared, rules broken, hours taken elsewhere.

The chapter speaks of groups. What concerns one officer goes to that officer's own page (:mod:`officers_own`), and into this chapter
only where the chief asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum, isfinite
from typing import Any

from qinwu.duty.system import DutySystem
from qinwu.judge.officers.accounting import OfficersAccount
from qinwu.judge.officers.fairness import Fairness
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.officers_named import named_drawings, named_tables
from qinwu.report.chapters.officers_shown import hours_drawing, shared_drawing, tables
from qinwu.report.chapters.officers_words import SHARED_NAMES, Telling, hours

ID = "officers"
SHOWN_FINDINGS = 12


def officers_chapter(account: OfficersAccount, system: DutySystem, language: Language, *, named: bool = False) -> Chapter:
    """Return the hours of a station's officers as a chapter.

    Parameters
    ----------
    account
        As :func:`qinwu.judge.officers.accounting.account_officers` gives it.
    system
        The duty system, for the names of squads.
    language
        In which it is told.
    named
        Whether each officer's balance and load are shown by code: only where the chief asks for it.
    """
    told = Telling(account, system, language, ID)
    drawings = [one for one in (hours_drawing(told), shared_drawing(told)) if one is not None]
    return Chapter(
        id=ID,
        title=_title(told),
        lead=tuple(_lead(told, named=named)),
        keys=tuple(_keys(told)),
        drawings=(*drawings, *(named_drawings(told) if named else ())),
        tables=(*tables(told), *(named_tables(told) if named else ())),
        why=told.why(),
        notes=told.notes(),
        data=_data(told, named=named),
    )


def _uneven(told: Telling) -> list[Fairness]:
    return [one for one in told.account.fairness if one.uneven]


def _hard(told: Telling) -> int:
    return sum(one.rule.hard for one in told.account.breaks)


def _title(told: Telling) -> str:
    values: dict[str, object] = {"owed": hours(told.account.balance_h), "people": len(told.account.officers)}
    if not told.account.officers:
        return told.say(N_("Nothing is known of officers' hours"))
    if _hard(told):
        values["times"] = _hard(told)
        return told.say(
            N_("{people} officers are owed {owed} hours of time off; rules of rest were broken {times} times"), **values
        )
    if uneven := _uneven(told):
        values |= {"group": told.group(uneven[0].group), "what": told.say(SHARED_NAMES[uneven[0].what])}
        return told.say(N_("{people} officers are owed {owed} hours of time off; {what} of {group} are shared unevenly"), **values)
    return told.say(N_("{people} officers are owed {owed} hours of time off; rules of rest were kept, load was shared"), **values)


def _lead(told: Telling, *, named: bool) -> Iterator[str]:
    account = told.account
    yield told.rests_on()
    overdue = fsum(one.overdue_h for one in account.closing)
    if overdue > 0.0:
        text = N_("{overdue} hours are overdue: they should have been given within {months} months.")
        yield told.say(text, overdue=hours(overdue), months=account.terms.lapse.months)
    for one in _uneven(told):
        if one.spread is not None:
            values = {"group": told.group(one.group), "what": told.say(SHARED_NAMES[one.what])}
            values |= {"spread": hours(one.spread.spread), "high": hours(one.spread.lot_high)}
            yield told.say(N_("{group}: {what} differ by {spread}; a fair lot hardly gives more than {high}."), **values)
    if account.taken.hours > 0.0:
        text = N_("Campaigns, secondments and other work took {hours} hours away, {share} of all.")
        worked = fsum(one.worked_h for one in account.accounts) or 1.0
        yield told.say(text, hours=hours(account.taken.hours), share=f"{account.taken.hours / worked:.1%}")
    if account.planned.wishes:
        granted = sum(wish.granted for wish in account.planned.wishes)
        text = N_("{granted} of {asked} wishes were granted by the roster.")
        yield told.say(text, granted=granted, asked=len(account.planned.wishes))
    for finding in account.findings[:SHOWN_FINDINGS]:
        yield finding.text(told.language)
    if len(account.findings) > SHOWN_FINDINGS:
        yield told.say(N_("{count} more remarks on the log are in the data file."), count=len(account.findings) - SHOWN_FINDINGS)
    if not named:
        yield told.say(N_("Each officer's own account is on a page of its own: qinwu judge STATION --officer ID."))


def _keys(told: Telling) -> Iterator[KeyFigure]:
    account = told.account
    if not account.officers:
        return
    overdue = fsum(one.overdue_h for one in account.closing)
    remark = told.say(N_("{overdue} of them overdue"), overdue=hours(overdue))
    yield KeyFigure(told.say(N_("time off owed")), f"{hours(account.balance_h)} {told.say(N_('h'))}", remark, told.key("owed"))
    nights = [one for one in account.fairness if one.what == "nights" and one.spread is not None]
    if nights:
        widest = max(nights, key=lambda one: one.spread.spread if one.spread else 0.0)
        yield KeyFigure(
            told.say(N_("nights, most less least")),
            hours(widest.spread.spread if widest.spread else 0.0),
            told.say(N_("widest of all groups: {group}"), group=told.group(widest.group)),
            told.key("shared"),
        )


def _data(told: Telling, *, named: bool) -> dict[str, Any]:
    account = told.account
    data: dict[str, Any] = {
        "months": [told.month(month) for month in account.months],
        "from_log": account.from_log,
        "source": account.source,
        "terms": account.terms.id,
        "pack": account.pack.id,
        "officers": len(account.officers),
        "owed_h": account.balance_h,
        "overdue_h": fsum(one.overdue_h for one in account.closing),
        "shared": [
            {
                "group": one.group.id,
                "what": one.what,
                "spread": one.spread.spread,
                "gini": one.spread.gini if isfinite(one.spread.gini) else None,
                "lot_spread": one.spread.lot_spread,
                "lot_low": one.spread.lot_low,
                "lot_high": one.spread.lot_high,
                "p": one.spread.p,
                "uneven": one.uneven,
            }
            for one in account.fairness
            if one.spread is not None
        ],
        "broken": [
            {"rule": one.rule.id, "hard": one.rule.hard, "day": one.days[0].isoformat(), "rows": list(one.rows)}
            for one in account.breaks
        ],
        "taken_h": account.taken.hours,
        "taken_by_beat": dict(account.taken.by_beat),
        "taken_by_squad": dict(account.taken.by_squad),
        "findings": [one.text("en") for one in account.findings],
    }
    if named:
        data["accounts"] = [{**row, "month": told.month(row["month"])} for row in account.frame().to_dicts()]
    return data
