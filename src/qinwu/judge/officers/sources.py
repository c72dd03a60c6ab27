"""Sources of an account: log of duty, balance and holidays of a station folder; a roster and terms where they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.roster_rules.packs import DEFAULT_PACK, read_pack
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.judge.officers.accounting import OfficersAccount, Sources, account_officers
from qinwu.judge.officers.balance_file import FILE as BALANCE_FILE
from qinwu.judge.officers.balance_file import read_balance
from qinwu.judge.officers.ledger import Lot
from qinwu.judge.officers.load import expected_load
from qinwu.judge.officers.log import WORK, DutyLog, first_of, local_day, month_after, months_before
from qinwu.judge.officers.log_file import find_log, read_log
from qinwu.judge.officers.planned import read_roster
from qinwu.judge.officers.terms import DEFAULT_TERMS, read_terms
from qinwu.station.holidays import read_holidays
from qinwu.station.station import Station

TERMS_FILE, RULES_FILE = "duty-terms.toml", "duty-rules.toml"
USUAL_MONTHS = 3
"""So many months of a log are looked at where nobody says which."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which files an account is to rest on; None for those of the station folder, or for none where it has none.

    Parameters
    ----------
    log, balance
        The log of duty, and the sheet of hours owed before.
    roster
        What ``qinwu plan roster --json`` wrote.
    terms, pack
        Ids or files of terms and of a rule pack; empty for ``duty-terms.toml`` and ``duty-rules.toml`` of the folder, or, where it
        has none, those that come with Qinwu.
    since, until
        First and last day looked at; whole months count.
    now
        Until when hours can have been worked; the present by default.
    """

    log: Path | None = None
    balance: Path | None = None
    roster: Path | None = None
    terms: str = ""
    pack: str = ""
    since: date | None = None
    until: date | None = None
    now: datetime | None = None


USUAL = Asked()


def read_sources(station: Station, system: DutySystem, asked: Asked = USUAL) -> tuple[tuple[date, ...], Sources]:
    """Return the months looked at and what the account of a station rests on.

    Parameters
    ----------
    station, system
        The station, and the duty system in force.
    asked
        Which files, and which months: by default the last three of the log, or the last of the record of calls.

    Raises
    ------
    QinwuError
        A file that is named cannot be read, or terms or rules are wrong. Rows of the log that are wrong are left out and told.
    """
    zone = ZoneInfo(station.config.time_zone)
    officers = station.force.by_id()
    path = asked.log or find_log(station.folder)
    log = read_log(path, officers, station.config.time_zone, asked.now) if path is not None else None
    months = months_of(log, station, zone, asked)
    balance_path = asked.balance or _there(station.folder / BALANCE_FILE)
    lots: Mapping[str, tuple[Lot, ...]] = {}
    findings: tuple[Finding, ...] = ()
    if balance_path is not None:
        lots, findings = read_balance(balance_path, officers, months[0])
    holidays = read_holidays(station.folder, station.config.time_zone)
    planned = read_roster(asked.roster, system, zone) if asked.roster else None
    terms = read_terms(asked.terms or _there(station.folder / TERMS_FILE) or DEFAULT_TERMS)
    pack = read_pack(asked.pack or _there(station.folder / RULES_FILE) or DEFAULT_PACK)
    found = (*findings, *holidays.findings)
    return months, Sources(log, planned, lots, terms, pack, holidays, findings=found)


def account_station(
    station: Station, system: DutySystem, asked: Asked = USUAL, plan: ResponsePlan | None = None
) -> OfficersAccount:
    """Return the account of a station's officers, from whatever its folder holds.

    Parameters
    ----------
    station, system
        The station, and the duty system in force.
    asked
        Which files and months.
    plan
        The system compiled, for the load of calls; without it or without calls that load is left out.

    Raises
    ------
    QinwuError
        As :func:`read_sources`.
    """
    months, sources = read_sources(station, system, asked)
    if plan is not None and len(station.calls):
        sources = replace(sources, on_calls=expected_load(station, system, plan, months[-1]))
    return account_officers(station, system, months, sources)


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def months_of(log: DutyLog | None, station: Station, zone: ZoneInfo, asked: Asked) -> tuple[date, ...]:
    """Return first days of the months looked at, in order."""
    # Leave may be written down before it is taken; what was worked says which months there are.
    begun = [local_day(entry.start, zone) for entry in log.entries if entry.kind in WORK] if log is not None else []
    last = first_of(asked.until or max(begun, default=None) or _last_recorded(station, zone, asked))
    usual = max(months_before(last, USUAL_MONTHS - 1), first_of(min(begun))) if begun else last
    months = [min(first_of(asked.since or usual), last)]
    while months[-1] < last:
        months.append(month_after(months[-1]))
    return tuple(months)


def _last_recorded(station: Station, zone: ZoneInfo, asked: Asked) -> date:
    """Return the last day of which calls are recorded; today where there are none."""
    received = station.calls.table["received"].to_list()
    return local_day(max(received, default=asked.now or datetime.now(UTC)), zone)
