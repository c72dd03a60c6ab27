"""So far: what the books and the board have of the period that is not over yet, so that an officer sees that work was counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from functools import cached_property

import polars as pl

from qinwu.board.beat.beat_work import today_at
from qinwu.board.beat.evidence_words import rows_in_words
from qinwu.board.beat.kept_here import books_between
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Task
from qinwu.board.once import once
from qinwu.board.oversight.export import calls_table
from qinwu.board.roster.rostered import midnight
from qinwu.judge.targets.card import Indicator, PeriodKind
from qinwu.judge.targets.kept import Kept
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.periods import Span, calendar_periods
from qinwu.judge.targets.reading import LoadedCard, load_card
from qinwu.language import Language

ALIKE_BEFORE = timedelta(days=7)
"""Calls before the period that those of the period are compared with."""
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class SoFar:
    """One number of the period that is not over: its value so far (None for none), how many rows count, and the latest of them."""

    period: str
    value: float | None
    counted: int
    rows: int
    header: tuple[str, ...]
    evidence: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Running:
    """The periods that are not over on a day, measured from the books and the board as they stand."""

    force: InForce
    day: date

    @cached_property
    def card(self) -> LoadedCard:
        """The card of the station."""
        return load_card(self.force.station.folder)

    def of(self, indicator: Indicator, owner: str, language: Language) -> SoFar | None:
        """Return the number of an owner so far; None where the card's table cannot be read."""
        ledger = self._ledgers[indicator.period]
        if not ledger.recorded(indicator) or not ledger.periods(indicator):
            return None
        period = ledger.periods(indicator)[-1].name
        told = ledger.measured(indicator).filter((pl.col("owner") == owner) & (pl.col("period") == period))
        rows = ledger.evidence(indicator, owner, period)
        header, evidence = rows_in_words(self.force, rows.tail(MOST_ROWS), language)
        counted = int(rows["counted"].sum()) if "counted" in rows.columns else len(rows)
        return SoFar(period, told["value"][0] if len(told) else None, counted, len(rows), header, evidence)

    @cached_property
    def _ledgers(self) -> dict[PeriodKind, Ledger]:
        """The card over the running period of each length; a ledger reads a table once, however many indicators name it."""
        kinds, today = {one.period for one in self.card.card.indicator}, Span(self.day, self.day)
        return {kind: _ledger(self.force, self.card, next(iter(calendar_periods(kind, today))).first, self.day) for kind in kinds}


def running(force: InForce) -> Running:
    """Return what can be said of the periods that are not over; the same as long as nothing that counts is done."""
    done = Task.objects.filter(done__isnull=False).count(), Call.objects.filter(closed__isnull=False).count()
    return _running(force, today_at(force), done)


@once(kept=2)
def _running(force: InForce, day: date, _done: tuple[int, int]) -> Running:
    return Running(force, day)


def _ledger(force: InForce, loaded: LoadedCard, first: date, day: date) -> Ledger:
    """Return a card over what the files and the board have from the first day of a period to a day."""
    start = midnight(force, first)
    calls = force.station.calls
    table = calls.table.filter(pl.col("received") >= (start - ALIKE_BEFORE).astimezone(UTC))
    recent = replace(force.station, calls=replace(calls, table=table))
    kept = Kept(calls_table(start - ALIKE_BEFORE, now()), books_between(force, start, now()), first, day, running=True)
    return Ledger.of(loaded.card, recent, force.loaded.system, first, day, loaded.file, kept)
