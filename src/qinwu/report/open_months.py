"""Open months: what a station tells its residents about each month that is over: calls, and how soon somebody came (M14, M22).

Counts of one to four, and what would give them away, are left out. Every rate comes with what it is a share of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from qinwu.judge.score.survey import wilson
from qinwu.report.small_cells import FEWEST, withheld
from qinwu.station.calls import parts

URGENT = 1
"""Priority of the urgent calls."""
FEWEST_FOR_NINE = 20
"""Below so many calls "nine in ten" would be the time of one or two of them."""
ASKED_BY_RESIDENTS = ("resident", "unknown")
"""Origins that count; what officers or authorities began says nothing about how soon a resident is reached."""
GROUPS = ("urgent", "other")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `n` with its 95 % interval (Wilson)."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Reached:
    """How soon residents were reached.

    Parameters
    ----------
    calls
        Calls, None where they are left out.
    timed
        Of these, calls with a time of arrival; None where 1 to 4, or left out.
    median_min, nine_min
        Minutes from the ring to the first crew: half and nine in ten were reached within; None where too few.
    kept
        Share of the timed calls reached within what is promised for their priority.
    """

    calls: int | None
    timed: int | None
    median_min: float | None = None
    nine_min: float | None = None
    kept: Share | None = None


LEFT_OUT = Reached(None, None)


@dataclass(frozen=True, slots=True)
class Row:
    """A class of calls or a beat: its id, and its urgent calls and the others, either of which may be left out."""

    id: str
    urgent: Reached
    other: Reached

    @property
    def calls(self) -> int | None:
        """All its calls; None where some are left out."""
        return None if self.urgent.calls is None or self.other.calls is None else self.urgent.calls + self.other.calls

    @property
    def told(self) -> int:
        """As many of its calls as are told."""
        return (self.urgent.calls or 0) + (self.other.calls or 0)


@dataclass(frozen=True, slots=True)
class Month:
    """One month.

    Parameters
    ----------
    first
        Its first day.
    calls
        Residents' calls; None where 1 to 4.
    urgent, other
        How soon they were reached, by whether they were urgent.
    classes, beats
        The same by class, most calls first, and by beat.
    since
        From which day on calls are recorded where that is later than the first.
    """

    first: date
    calls: int | None
    urgent: Reached
    other: Reached
    classes: tuple[Row, ...]
    beats: tuple[Row, ...]
    since: date | None = None

    @property
    def name(self) -> str:
        """The month as ``2025-11``."""
        return f"{self.first:%Y-%m}"


def months_over(table: pl.DataFrame, zone: str, now: datetime, most: int) -> list[date]:
    """Return the first days of the last months with calls that are over, the newest first.

    Parameters
    ----------
    table
        Calls with ``received``.
    zone
        IANA name of the station's clock.
    now
        The present; its month is not over.
    most
        At most so many.
    """
    local = table["received"].dt.convert_time_zone(zone).dt.date().dt.truncate("1mo")
    this = now.astimezone(ZoneInfo(zone)).date().replace(day=1)
    return sorted((day for day in local.unique().to_list() if day < this), reverse=True)[:most]


def month_of(
    table: pl.DataFrame,
    first: date,
    zone: str,
    limit_min: Mapping[int, float],
    beat_of: Mapping[str, str],
    beats: Sequence[str],
) -> Month:
    """Return what is told about a month.

    Parameters
    ----------
    table
        Calls in the schema of a station's calls, each incident once.
    first
        First day of the month.
    zone
        IANA name of the station's clock.
    limit_min
        Minutes within which a call of each priority is to be reached.
    beat_of
        Beat of each atom; atoms that are not in it lie in none.
    beats
        Beats in the order in which they are told.
    """
    day = pl.col("received").dt.convert_time_zone(zone).dt.date()
    began = table["received"].min()
    known = table.filter(day >= first, day < _next(first), pl.col("origin").is_in(ASKED_BY_RESIDENTS))
    calls = known.with_columns(
        (parts(known)["response_s"] / 60.0).alias("minutes"),
        pl.col("atom").replace_strict(dict(beat_of), default="", return_dtype=pl.String).alias("beat"),
        pl.when(pl.col("priority") == URGENT).then(pl.lit(GROUPS[0])).otherwise(pl.lit(GROUPS[1])).alias("group"),
        pl.col("priority").replace_strict(dict(limit_min), default=None, return_dtype=pl.Float64).alias("limit"),
    )
    urgent, other = (calls.filter(pl.col("group") == group) for group in GROUPS)
    since = began.astimezone(ZoneInfo(zone)).date() if isinstance(began, datetime) else None
    later = since if since is not None and first < since < _next(first) else None
    if withheld({"urgent": [len(urgent)], "other": [len(other)]}):
        # Any breakdown would tell the few calls of one kind, beside the total.
        return Month(first, _told(len(calls)), LEFT_OUT, LEFT_OUT, (), (), later)
    by_class, by_beat = _rows(calls, "call_class", None), _rows(calls, "beat", beats)
    return Month(first, len(calls), _reached(urgent), _reached(other), by_class, by_beat, later)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _told(count: int) -> int | None:
    return None if 0 < count < FEWEST else count


def _rows(calls: pl.DataFrame, column: str, order: Sequence[str] | None) -> tuple[Row, ...]:
    """Return the rows of a breakdown: in a given order with those in none at its end, or by how many calls are told of.

    Urgent calls and others are two tables with a total each; no total of a row is told unless both its cells are.
    """
    by_group = {(name, group): each for (name, group), each in calls.partition_by(column, "group", as_dict=True).items()}
    names = list(dict.fromkeys((*(order or ()), *sorted(name for name, _group in by_group))))
    cells = {group: {name: by_group.get((name, group), calls.clear()) for name in names} for group in GROUPS}
    hidden = {group: withheld({name: [len(each)] for name, each in there.items()}) for group, there in cells.items()}
    rows = [
        Row(name, *(LEFT_OUT if name in hidden[group] else _reached(cells[group][name]) for group in GROUPS))
        for name in names
        if name or any(len(cells[group][name]) for group in GROUPS)
    ]
    return tuple(rows if order is not None else sorted(rows, key=lambda row: (-row.told, row.id)))


def _reached(calls: pl.DataFrame) -> Reached:
    timed = calls.filter(pl.col("minutes").is_not_null())
    if len(timed) < FEWEST:
        return Reached(len(calls), _told(len(timed)))
    promised = timed.filter(pl.col("limit").is_not_null())
    kept = None
    if len(promised) >= FEWEST:
        share = int((promised["minutes"] <= promised["limit"]).sum()) / len(promised)
        kept = Share(share, *wilson(share, len(promised)), len(promised))
    nine = timed["minutes"].quantile(0.9, "linear") if len(timed) >= FEWEST_FOR_NINE else None
    return Reached(len(calls), len(timed), timed["minutes"].median(), nine, kept)  # type: ignore[arg-type]  # minutes are floats


def satisfied_of(answers: Sequence[bool]) -> Share | None:
    """Return the share of those asked who were satisfied, None where fewer than five answered.

    >>> satisfied_of([True] * 4) is None, round(satisfied_of([True] * 9 + [False]).low, 2)
    (True, 0.6)
    """
    if len(answers) < FEWEST:
        return None
    share = sum(answers) / len(answers)
    return Share(share, *wilson(share, len(answers)), len(answers))


CSV_COLUMNS: dict[str, pl.DataType] = {
    "month": pl.String(),
    "by": pl.String(),
    "group": pl.String(),
    "urgency": pl.String(),
    "calls": pl.Int64(),
    "timed": pl.Int64(),
    "median_min": pl.Float64(),
    "nine_in_ten_min": pl.Float64(),
    "within_promise": pl.Float64(),
    "within_low": pl.Float64(),
    "within_high": pl.Float64(),
    "left_out": pl.Boolean(),
}


def as_table(months: Sequence[Month]) -> pl.DataFrame:
    """Return all months as one table, a line for each group and urgency; what is left out is empty and says so."""
    rows = [line for month in months for line in _lines(month)]
    return pl.DataFrame(rows, schema=CSV_COLUMNS, orient="row")


def _lines(month: Month) -> list[tuple[object, ...]]:
    whole = Row("all", month.urgent, month.other)
    named = [("all", whole), *(("class", row) for row in month.classes), *(("beat", row) for row in month.beats)]
    return [
        (month.name, by, row.id, group, *_figures(getattr(row, group)), getattr(row, group).calls is None)
        for by, row in named
        for group in GROUPS
    ]


def _figures(told: Reached) -> tuple[object, ...]:
    kept = told.kept
    shares = (None, None, None) if kept is None else tuple(round(each, 3) for each in (kept.value, kept.low, kept.high))
    times = (None if each is None else round(each, 1) for each in (told.median_min, told.nine_min))
    return told.calls, told.timed, *times, *shares
