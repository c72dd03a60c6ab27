"""Kept: rows of the books and calls that a station keeps elsewhere than in its files, such as on its duty board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from qinwu.judge.targets.periods import Period, Span, outside
from qinwu.station.calls import SCHEMA
from qinwu.station.station import Station

DAY, ATOM, VENUE, ENTRY = "day", "atom", "venue", "entry"
ONE_DAY = timedelta(days=1)
_TURN = "_turn"


@dataclass(frozen=True)
class Kept:
    """What is kept elsewhere.

    Parameters
    ----------
    calls
        Calls in the schema of a station's calls; a number the files have too is counted once, as it is kept here.
    books
        Rows by the name of the book's file without its ending: ``day``, ``atom`` or ``venue``, ``beat`` where there is no place,
        ``entry`` (under which number it is found there) and the conditions that formulas name.
    since, until
        First and last day on which everything was kept here; None where only single rows are.
    running
        Whether periods are told that are not over by then.
    """

    calls: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA))
    books: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    running: bool = False

    def into(self, station: Station) -> Station:
        """Return a station with the calls that are kept here among its own."""
        if self.calls.is_empty():
            return station
        others = station.calls.table.join(self.calls, on="call_id", how="anti")
        return replace(station, calls=replace(station.calls, table=pl.concat([others, self.calls]).sort("received")))

    def span(self, files: Span | None) -> Span | None:
        """Return the days from the first of the files to the last kept here."""
        if self.since is None or self.until is None or self.until < self.since:
            return files
        return Span(min(files.first, self.since), max(files.last, self.until)) if files else Span(self.since, self.until)

    def gap(self, files: Span | None) -> Span | None:
        """Return the days between the files and what is kept here, of which nobody has a record."""
        if files is None or self.since is None or self.since <= files.last + ONE_DAY:
            return None
        return Span(files.last + ONE_DAY, self.since - ONE_DAY)

    def told(self, periods: Sequence[Period], files: Span | None) -> tuple[Period, ...]:
        """Return the periods of which there is record enough, and which are over."""
        gap, last = self.gap(files), self.until
        found = outside(periods, gap) if gap is not None else tuple(periods)
        return found if self.running or last is None else tuple(one for one in found if one.last <= last)


def joined(book: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return a book with the rows kept elsewhere; what both have of one day and place is counted once, as in the book.

    >>> one = pl.DataFrame({"day": [date(2026, 3, 4)], "atom": ["A1"]})
    >>> joined(one, pl.concat([one, one]).with_columns(entry=pl.Series(["7", "8"]))).height
    2
    """
    keys = [DAY, VENUE if VENUE in kept.columns else ATOM]
    if not set(keys) <= set(book.columns):
        return pl.concat([book, kept], how="diagonal_relaxed")
    turn = pl.int_range(pl.len()).over(keys).alias(_TURN)
    fresh = kept.with_columns(turn).join(book.with_columns(turn), on=[*keys, _TURN], how="anti").drop(_TURN)
    shared = {name: kind for name, kind in book.schema.items() if name in fresh.columns}
    return pl.concat([book, fresh.cast(shared, strict=False)], how="diagonal_relaxed")  # type: ignore[arg-type]
