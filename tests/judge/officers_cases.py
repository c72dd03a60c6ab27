"""Small logs of duty for tests: times of March 2026 at the station's clock (UTC+8), officers P01 and on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.hours import Piece, counted_once, pieces_of
from qinwu.judge.officers.ledger import Lot, MonthAccount, month_account
from qinwu.judge.officers.log import Entry, Kind, first_of
from qinwu.judge.officers.terms import Terms, read_terms
from qinwu.station.holidays import Holidays

ZONE = ZoneInfo("Asia/Shanghai")
MARCH = date(2026, 3, 1)
NO_HOLIDAYS = Holidays("")
TERMS = read_terms()
HEADER = "人员编号,开始时间,结束时间,类别,安排,事由"


def at(text: str) -> datetime:
    """Return a moment of March 2026 written ``day hour`` or ``day hour:minute``; days beyond 31 are of April."""
    day, _, clock = text.partition(" ")
    hour, _, minute = clock.partition(":")
    local = datetime(2026, 3, 1, tzinfo=ZONE) + timedelta(days=int(day) - 1, hours=int(hour), minutes=int(minute or 0))
    return local.astimezone(UTC)


def entry(kind: Kind, start: str, end: str, officer: str = "P01", row: int = 2, by: str = "") -> Entry:
    """Return a row of a log."""
    return Entry(officer, kind, at(start), at(end), row, by)


def pieces(entries: Sequence[Entry], months: Sequence[date] = (MARCH,), holidays: Holidays = NO_HOLIDAYS) -> tuple[Piece, ...]:
    """Return the parts of a log by day, overlaps counted once."""
    kept, _ = counted_once(entries, "log.csv")
    return pieces_of(kept, ZONE, kinds_of_days(months, holidays), 8.0)[0]


def account(
    entries: Sequence[Entry],
    month: date = MARCH,
    opening: Sequence[Lot] = (),
    terms: Terms | None = None,
    holidays: Holidays = NO_HOLIDAYS,
) -> MonthAccount:
    """Return the account of the one officer of a log."""
    own = [piece for piece in pieces(entries, [month], holidays) if first_of(piece.day) == month]
    officer = entries[0].officer if entries else "P01"
    return month_account(officer, month, own, kinds_of_days([month], holidays), terms or TERMS, opening)


def log_file(path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """Write rows of a log under a header."""
    path.write_bytes(("\r\n".join([header, *rows]) + "\r\n").encode(encoding))
    return path
