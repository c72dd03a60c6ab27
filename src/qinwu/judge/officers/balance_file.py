"""Balances brought from before: a sheet of officers and hours owed as time off, with the month since when where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from pathlib import Path

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.judge.officers.ledger import Lot
from qinwu.judge.officers.log import first_of
from qinwu.language import N_
from qinwu.station.force import Officer
from qinwu.station.officers import ID_REFERRED
from qinwu.station.sheet import Row, parse_date, read_sheet

FILE = "duty-balance.csv"
HEADERS: dict[str, tuple[str, ...]] = {
    "officer_id": ID_REFERRED,
    "hours": ("owed_h", "balance", "结余", "结余小时", "补休小时", "待补休小时", "欠休小时", "余额"),
    "month": ("since", "earned", "月份", "形成月份", "所属月份", "年月"),
}
MOST_H = 4000.0


def read_balance(
    path: Path, officers: Mapping[str, Officer], before: date
) -> tuple[dict[str, tuple[Lot, ...]], tuple[Finding, ...]]:
    """Return what each officer is owed when an account begins, and every finding; rows with an error are left out.

    Parameters
    ----------
    path
        CSV or Excel with ``officer_id, hours`` and, where known, ``month``; an officer may have several rows.
    officers
        Those of the station, by id.
    before
        First day of the account: hours without a month are of the month before it, later ones are refused.

    Raises
    ------
    QinwuError
        The file cannot be read at all.
    """
    rows, findings = read_sheet(path, HEADERS, ("officer_id", "hours"))
    found: dict[str, tuple[Lot, ...]] = {}
    usual = first_of(date.fromordinal(before.toordinal() - 1))
    for row in rows if not any(one.severity == "error" for one in findings) else ():
        hours, month = _number(row["hours"]), first_of(parse_date(row["month"]) or usual)
        wrong = _wrong(row, hours, month, officers, before, path.name)
        findings += wrong
        if not wrong and hours:
            found[row["officer_id"]] = (*found.get(row["officer_id"], ()), Lot(month, hours))
    return {name: tuple(sorted(lots, key=lambda lot: lot.month)) for name, lots in found.items()}, tuple(findings)


def _number(text: str) -> float | None:
    try:
        value = float(text.removesuffix("小时").removesuffix("h").strip())
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) <= MOST_H else None


def _wrong(row: Row, hours: float | None, month: date, officers: Mapping[str, Officer], before: date, file: str) -> list[Finding]:
    found = []
    if row["officer_id"] not in officers:
        near = did_you_mean(row["officer_id"], officers)
        remedy = N_("Did you mean {near}?") if near else N_("Use an id of the officers file.")
        values = {"officer": row["officer_id"] or '""', "near": near}
        place = Place(file, row.number, "officer_id")
        found.append(Finding("unknown-officer", "error", N_("There is no officer {officer}."), remedy, place, values))
    if hours is None:
        message, place = N_("{value} is no number of hours."), Place(file, row.number, "hours")
        remedy = N_("Write hours as 12.5.")
        found.append(Finding("wrong-hours", "error", message, remedy, place, {"value": row["hours"] or '""'}))
    if (row["month"] and parse_date(row["month"]) is None) or month >= before:
        message, place = N_("{value} is no month before the account begins in {before}."), Place(file, row.number, "month")
        values = {"value": row["month"], "before": f"{before:%Y-%m}"}
        found.append(Finding("wrong-month", "error", message, N_("Write it as 2026-01."), place, values))
    return found
