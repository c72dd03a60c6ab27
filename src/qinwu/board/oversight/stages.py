"""Stages: the time chain of the calls of some days, of the board and of the station's record (M54), and the calls behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import QuerySet

from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.board.oversight.export import known_calls
from qinwu.station.calls import TIME
from qinwu.station.stages import ACCEPTED, ALL, STATES, Stage, in_stage, stage_figures

OFFICER = "officer"
"""Origin of what officers began themselves, which says nothing about how soon anybody is reached."""
EVERY, LATE = "all", "late"
CHOICES = (EVERY, LATE, *STATES)
"""Which calls of a stage may be looked at."""
MOST_SHOWN = 200


@dataclass(frozen=True)
class Counted:
    """Figures of a span: columns of :data:`qinwu.station.stages.SCHEMA`, calls of the board and of the record, calls left out."""

    table: pl.DataFrame
    on_board: int
    in_record: int
    by_officers: int


@dataclass(frozen=True)
class Behind:
    """Calls behind a figure: the first of them as rows, how many there are, and the numbers that have a page on the board."""

    rows: list[dict[str, Any]]
    count: int
    on_board: frozenset[str]


def counted(force: InForce, since: datetime | None, until: datetime | None) -> Counted:
    """Return the figures of calls received from `since` on and before `until`."""
    known = _chained(force, since, until)
    calls = known.filter(pl.col("origin") != OFFICER)
    on_board = _received(since, until).filter(same_as__isnull=True).exclude(origin=OFFICER).count()
    figures = stage_figures(calls, force.station.config.policy.limit_min)
    return Counted(figures, on_board, len(calls) - on_board, len(known) - len(calls))


def _chained(force: InForce, since: datetime | None, until: datetime | None) -> pl.DataFrame:
    """Return the calls of record and board; those of the board with the time at which it had them."""
    calls = known_calls(force, since, until)
    entered = list(_received(since, until).values_list("number", "entered"))
    return calls.join(
        pl.DataFrame(entered, schema={"call_id": pl.String(), ACCEPTED: TIME}, orient="row"), on="call_id", how="left"
    )


def _received(since: datetime | None, until: datetime | None) -> QuerySet[Call]:
    """Return the calls of the board received from `since` on and before `until`."""
    calls = Call.objects.filter(received__gte=since) if since is not None else Call.objects.all()
    return calls.filter(received__lt=until) if until is not None else calls


def stages_table(force: InForce, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
    """Return the figures as a table to be taken out."""
    return counted(force, since, until).table


def behind(force: InForce, since: datetime | None, until: datetime | None, stage: Stage, priority: int, which: str) -> Behind:
    """Return the calls behind a figure: the longest first, then those without a time as they came in.

    Parameters
    ----------
    force, since, until
        As for :func:`counted`.
    stage, priority
        Which figure; priority 0 for all.
    which
        One of :data:`CHOICES`.
    """
    calls = _chained(force, since, until).filter(pl.col("origin") != OFFICER)
    found = in_stage(calls, stage, force.station.config.policy.limit_min)
    if priority != ALL:
        found = found.filter(pl.col("priority") == priority)
    if which == LATE:
        found = found.filter(pl.col("late"))
    elif which != EVERY:
        found = found.filter(pl.col("state") == which)
    by = "since_s" if which == LATE else "stage_s"
    shown = found.sort(by, "received", descending=[True, False], nulls_last=True).head(MOST_SHOWN)
    return Behind(list(shown.iter_rows(named=True)), len(found), _on_board(shown["call_id"].to_list()))


def _on_board(numbers: list[str]) -> frozenset[str]:
    """Return those of a page's numbers that are calls of the board."""
    return frozenset(Call.objects.filter(number__in=numbers).values_list("number", flat=True))
