"""Accounting for officers' hours: one call from a log of duty to ledgers, fair shares, load, and rules broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import fsum
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from qinwu.duty.roster_rules.packs import read_pack
from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.officers.breaks import Break, Worked, breaks_of
from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.diversion import Taken, taken_elsewhere, taken_findings
from qinwu.judge.officers.fairness import Fairness, fairness_of
from qinwu.judge.officers.groups import Group, groups_of
from qinwu.judge.officers.hours import Piece, Stretch, counted_once, long_stretches, pieces_of, stretches_of
from qinwu.judge.officers.ledger import Lot, MonthAccount, month_account
from qinwu.judge.officers.log import DutyLog, days_of, first_of, month_after
from qinwu.judge.officers.planned import Planned, pattern_duties
from qinwu.judge.officers.recognition import Recognised, recognised
from qinwu.judge.officers.terms import DayKind, Terms, read_terms
from qinwu.language import N_
from qinwu.station.holidays import Holidays, country_of
from qinwu.station.station import Station

SEED = 1


@dataclass(frozen=True)
class OfficersAccount:
    """What officers worked, what they are owed, and how the load was shared.

    Parameters
    ----------
    months
        First days of the months looked at, in order.
    accounts
        One for each officer and month, by officer in the order of the force.
    groups
        Officers who are compared with each other.
    fairness
        How nights, weekends, holidays and overtime are shared.
    recognised
        Load-weighted recognition, in the order of groups.
    breaks
        Rules of the pack that the log breaks.
    taken
        Hours taken elsewhere.
    terms, pack
        How hours are counted; the rules.
    planned
        What was planned.
    from_log
        Whether hours are those of a log; else the pattern of the duty system stands in.
    days
        Kinds of days.
    findings
        What is wrong with the log, and what should be looked at.
    """

    months: tuple[date, ...]
    accounts: tuple[MonthAccount, ...]
    groups: tuple[Group, ...]
    fairness: tuple[Fairness, ...]
    recognised: tuple[Recognised, ...]
    breaks: tuple[Break, ...]
    taken: Taken
    terms: Terms
    pack: Pack
    planned: Planned
    from_log: bool
    source: str
    days: Mapping[date, DayKind]
    findings: tuple[Finding, ...]

    def of(self, officer: str) -> tuple[MonthAccount, ...]:
        """Return the months of one officer."""
        return tuple(one for one in self.accounts if one.officer == officer)

    @property
    def officers(self) -> tuple[str, ...]:
        """Officers with an account."""
        return tuple(dict.fromkeys(one.officer for one in self.accounts))

    @property
    def closing(self) -> tuple[MonthAccount, ...]:
        """The last month of each officer."""
        return tuple(one for one in self.accounts if one.month == self.months[-1])

    @property
    def balance_h(self) -> float:
        """Hours owed to all officers together after the last month."""
        return fsum(one.balance_h for one in self.closing)

    def frame(self) -> pl.DataFrame:
        """Return the accounts as a tidy table: one row for each officer and month, hours in columns."""
        rows = [
            {
                "officer_id": one.officer,
                "month": one.month,
                "planned_h": one.planned_h,
                **{f"{kind}_h": hours for kind, hours in one.kinds.items()},
                "worked_h": one.worked_h,
                "counted_h": one.counted_h,
                "norm_h": one.norm_h,
                "opening_h": one.opening_h,
                "owed_h": one.owed_h,
                "taken_h": one.taken_h,
                "balance_h": one.balance_h,
                "overdue_h": one.overdue_h,
                "due_h": one.due_h,
            }
            for one in self.accounts
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def lines(self) -> pl.DataFrame:
        """Return every line of every ledger: officer, month, rule, day, row, kind, hours, hours owed (negative where taken)."""
        rows = [
            (one.officer, one.month, line.rule, line.day, line.row, line.kind, line.hours, line.owed)
            for one in self.accounts
            for line in one.lines
        ]
        columns = ["officer_id", "month", "rule", "day", "row", "kind", "hours", "owed_h"]
        return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)


@dataclass(frozen=True)
class Sources:
    """What an account rests on besides the station.

    Parameters
    ----------
    log
        The log of duty; None where the station keeps none yet.
    planned
        A roster; None for the pattern of the duty system.
    balance
        What each officer was owed before.
    terms, pack
        How hours are counted, and the rules; those that come with Qinwu by default.
    holidays
        Public holidays; those of the station's clock by default.
    on_calls
        Share of duty hours an officer's crew is expected to spend on calls (:func:`expected_load`).
    findings
        What was said while these were read.
    """

    log: DutyLog | None = None
    planned: Planned | None = None
    balance: Mapping[str, tuple[Lot, ...]] = field(default_factory=dict)
    terms: Terms | None = None
    pack: Pack | None = None
    holidays: Holidays | None = None
    on_calls: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


NOTHING = Sources()


def account_officers(
    station: Station, system: DutySystem, months: Sequence[date], sources: Sources = NOTHING, seed: int = SEED
) -> OfficersAccount:
    """Return what officers worked in some months, what they are owed, and how the load was shared.

    Parameters
    ----------
    station, system
        The station, and the duty system in force: squads, beats, limits.
    months
        Any day of each month; months that follow each other without a gap.
    sources
        The log, the roster, balances brought forward, terms and rules.
    seed
        Of the fair lots.

    Raises
    ------
    QinwuError
        No month, or months with a gap between them.
    """
    spans = _months(months)
    zone = ZoneInfo(station.config.time_zone)
    terms, pack = sources.terms or read_terms(), sources.pack or read_pack()
    holidays = sources.holidays or Holidays(country_of(station.config.time_zone))
    days = kinds_of_days(spans, holidays)
    staffing = staff(station.force, system, spans[-1])
    planned = sources.planned or pattern_duties(system, staffing, spans, zone)
    file = sources.log.source if sources.log else planned.source
    entries, twice = counted_once(sources.log.entries if sources.log else planned.entries, file)
    pieces, odd = pieces_of(entries, zone, days, terms.norm.day_h, file)
    stretches = stretches_of(entries, zone)
    groups = groups_of(system, staffing, station.force)
    accounts = _accounts(station, spans, pieces, days, terms, sources.balance, _planned_hours(planned, zone, days, terms))
    rng = np.random.default_rng(seed)
    own_stretches: dict[str, list[Stretch]] = {}
    for one in stretches:
        own_stretches.setdefault(one.officer, []).append(one)
    work = [Worked(name, tuple(own_stretches.get(name, ())), tuple(days), own) for name, own in accounts.items()]
    taken = taken_elsewhere(pieces, system, staffing, groups)
    findings = (
        *sources.findings,
        *(sources.log.findings if sources.log else ()),
        *twice,
        *odd,
        *long_stretches([one for one in stretches if one.day in days], file),
        *taken_findings(taken, file),
        *_strangers(station, planned),
        *_silent(station, accounts, spans, from_log=sources.log is not None),
    )
    return OfficersAccount(
        spans,
        tuple(one for own in accounts.values() for one in own),
        groups,
        fairness_of(groups, stretches, pieces, days, rng),
        recognised(groups, pieces, days, terms.recognition.weights, sources.on_calls, zone, rng),
        breaks_of(pack, work),
        taken,
        terms,
        pack,
        planned,
        sources.log is not None,
        file,
        days,
        findings,
    )


def _months(months: Sequence[date]) -> tuple[date, ...]:
    """Return first days in order; refuse none at all, and gaps, over which no balance could be carried."""
    spans = tuple(sorted({first_of(month) for month in months}))
    gap = next((one for one, then in pairwise(spans) if month_after(one) != then), None)
    if not spans:
        message, remedy = N_("No month is asked for."), N_("Give a month, such as 2026-01.")
        raise QinwuError([Finding("no-month", "error", message, remedy, Place(key="--month"))])
    if gap is not None:
        message = N_("There is a gap after {month}; a balance goes from month to month.")
        remedy, values = N_("Give months that follow each other."), {"month": f"{gap:%Y-%m}"}
        raise QinwuError([Finding("month-gap", "error", message, remedy, Place(key="--month"), values)])
    return spans


def _planned_hours(
    planned: Planned, zone: ZoneInfo, days: Mapping[date, DayKind], terms: Terms
) -> Mapping[tuple[str, date], float]:
    """Return planned hours by officer and month."""
    pieces, _ = pieces_of(counted_once(planned.entries, planned.source)[0], zone, days, terms.norm.day_h)
    found: dict[tuple[str, date], float] = {}
    for piece in pieces:
        key = piece.entry.officer, first_of(piece.day)
        found[key] = found.get(key, 0.0) + piece.hours
    return found


def _accounts(
    station: Station,
    months: Sequence[date],
    pieces: Sequence[Piece],
    days: Mapping[date, DayKind],
    terms: Terms,
    balance: Mapping[str, tuple[Lot, ...]],
    planned: Mapping[tuple[str, date], float],
) -> dict[str, tuple[MonthAccount, ...]]:
    """Return the months of every officer of whom there are hours, planned hours or a balance, each carried on from the last."""
    by_month: dict[tuple[str, date], list[Piece]] = {}
    for piece in pieces:
        by_month.setdefault((piece.entry.officer, first_of(piece.day)), []).append(piece)
    known = {name for name, _ in by_month} | {name for name, _ in planned} | set(balance)
    found: dict[str, tuple[MonthAccount, ...]] = {}
    for officer in station.force:
        if officer.id not in known:
            continue
        lots, own = balance.get(officer.id, ()), []
        for month in months:
            key = officer.id, month
            own.append(month_account(officer.id, month, by_month.get(key, ()), days, terms, lots, planned.get(key)))
            lots = own[-1].lots
        found[officer.id] = tuple(own)
    return found


def _strangers(station: Station, planned: Planned) -> Iterator[Finding]:
    """Yield a note about officers of the roster who are not of the station: those seconded in have their ledger at home."""
    names = sorted({entry.officer for entry in planned.entries} - set(station.force.by_id()))
    if names:
        message = N_("The roster has {count} officers who are not in the officers file: {officers}; they have no account here.")
        values = {"count": len(names), "officers": ", ".join(names)}
        yield Finding("officers-of-others", "note", message, "", Place(planned.source), values)


def _silent(
    station: Station, accounts: Mapping[str, tuple[MonthAccount, ...]], months: Sequence[date], *, from_log: bool
) -> tuple[Finding, ...]:
    """Return a note about officers of whom the log holds nothing in a month."""
    if not from_log:
        return ()
    found = []
    for number, month in enumerate(months):
        names = [
            officer.id
            for officer in station.force
            if not (own := accounts.get(officer.id)) or not (own[number].worked_h or own[number].present_days < len(days_of(month)))
        ]
        if names:
            message = N_("The log of {month} holds nothing of {count} officers: {officers}.")
            values = {"month": f"{month:%Y-%m}", "count": len(names), "officers": ", ".join(names)}
            found.append(Finding("log-silent", "note", message, N_("Ask for their hours, or for their leave."), Place(), values))
    return tuple(found)
