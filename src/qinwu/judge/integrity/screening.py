"""Screening: every screen on one record, adjusted together; what stands, what ran, what could not be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.judge.integrity.catalogue import SCREENS, Screen
from qinwu.judge.integrity.look import ALPHA, Look, adjusted, strongest_first
from qinwu.judge.integrity.record import Record, record_of_station
from qinwu.language import N_, Language, translate
from qinwu.station.station import Station

ABOUT_CALLS = ("", "警情", "警情数", "接警", "接警数", "calls")
"""Names of indicators whose reported totals the calls of the station must add up to."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a screen fared: comparisons made and standing, rows looked at, and why it made none (English catalogue entry)."""

    screen: Screen
    looks: int
    signs: int
    n: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Screened:
    """A record, screened.

    Parameters
    ----------
    records
        What was screened: the calls, then the ledgers and circulars found.
    looks
        Every comparison of every screen, adjusted over all of them.
    signs
        Those that stand, the strongest first.
    ran
        Every screen, whether it ran or not.
    findings
        What the readers said about files.
    alpha
        False discovery rate.
    """

    records: tuple[Record, ...]
    looks: tuple[Look, ...]
    signs: tuple[Look, ...]
    ran: tuple[Ran, ...]
    findings: tuple[Finding, ...] = ()
    alpha: float = ALPHA

    def frame(self, language: Language = "en") -> pl.DataFrame:
        """Return one row for each comparison: screen, unit, about, period, n, seen, expected, p, q, odds, stands, words."""
        columns = ("screen", "unit", "about", "period", "n", "seen", "expected", "p", "q", "odds", "stands", "words")
        rows = [
            (
                look.screen,
                look.unit,
                translate(look.about, language),
                look.period,
                look.n,
                look.seen,
                look.expected,
                look.p,
                look.q,
                look.odds,
                look.stands(self.alpha),
                look.text(language),
            )
            for look in self.looks
        ]
        kinds: Mapping[str, type[pl.DataType]] = {
            "n": pl.Int64, "seen": pl.Float64, "expected": pl.Float64, "p": pl.Float64, "q": pl.Float64, "odds": pl.Float64,
            "stands": pl.Boolean,
        }  # fmt: skip
        return pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in columns}, orient="row")


def screen(*records: Record, alpha: float = ALPHA, findings: tuple[Finding, ...] = ()) -> Screened:
    """Return what every screen sees in records, adjusted together.

    Parameters
    ----------
    records
        Of one station: units of the same name are looked at record by record.
    alpha
        False discovery rate, 0 to 1.
    findings
        What readers said, kept for the report.
    """
    made = {each.id: [list(each.run(record)) for record in records] for each in SCREENS}
    looks = adjusted(group for groups in made.values() for group in groups)
    by_screen = {each.id: [look for look in looks if look.screen == each.id] for each in SCREENS}
    standing = [look for look in looks if look.stands(alpha)]
    counts = Counter(look.screen for look in standing)
    ran = tuple(
        Ran(each, len(own), counts[each.id], max((look.n for look in own), default=0), "" if own else _why_not(each, records))
        for each, own in ((each, by_screen[each.id]) for each in SCREENS)
    )
    return Screened(records, looks, tuple(strongest_first(standing)), ran, findings, alpha)


def _why_not(each: Screen, records: tuple[Record, ...]) -> str:
    """Return why a screen made no comparison."""
    if each.id == "benford":
        return N_("No unit has 300 amounts over two and a half powers of ten: first digits follow no law there.")
    asked = any(record.has(*(name for name in each.needs if name in record.rows.columns)) for record in records)
    if not asked or each.id == "sums":
        return N_("The record has no such columns.")
    return N_("Too few rows, too few units or too short a time.")


def screen_station(station: Station, system: DutySystem | None = None) -> Screened:
    """Return what every screen sees in a station's calls, and in the ledgers and circulars of its folder.

    Parameters
    ----------
    station
        As read.
    system
        Duty system whose geographic beats are the units; atoms without one.

    Raises
    ------
    QinwuError
        Where a ledger or circular of the folder cannot be used.
    """
    from qinwu.judge.integrity.reading import read_records

    read = read_records(Path(station.folder))
    calls = (_with_reported(record_of_station(station, system), read.records),) if len(station.calls) else ()
    return screen(*calls, *read.records, findings=read.findings)


def _with_reported(calls: Record, records: tuple[Record, ...]) -> Record:
    """Return calls with the totals that circulars report of them; totals of other things are left where they are."""
    about_calls = pl.col("about").is_null() | pl.col("about").str.to_lowercase().is_in(ABOUT_CALLS)
    told = [record.totals.filter(pl.col("reported").is_not_null() & about_calls) for record in records]
    if not told:
        return calls
    return replace(calls, totals=pl.concat(told).with_columns(n=pl.lit(None, pl.Int64), hits=pl.lit(None, pl.Int64)))
