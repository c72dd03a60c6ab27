"""Screening of the board's own record: closed calls and stamps by the integrity screens, worked out beside the pages.

The record is made from calls, stamps and trail: when a call was entered, how late a stamp was given, what was changed after a call
was closed. One worker screens at a time; a page shows what is known, and which entry of the trail it reaches to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from qinwu.board.beside import Desk
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, TrailEntry
from qinwu.board.oversight.export import calls_table
from qinwu.judge.integrity.record import Record, record_of_calls
from qinwu.judge.integrity.screening import Screened, screen

ABOUT_CALLS = ("call.", "sending.")
READING = (".view", ".export")
CLOSING = "call.close"


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a call after it had been closed: which entry of the trail, when, and hours after closing."""

    number: int
    call: str
    action: str
    at: datetime
    hours: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A screened record.

    Parameters
    ----------
    screened
        What the screens saw; None where no call is closed yet.
    changes
        Changes after closing, the newest first.
    calls
        Closed calls in the record.
    upto
        Number of the last entry of the trail about calls that it takes in.
    """

    screened: Screened | None
    changes: tuple[Change, ...]
    calls: int
    upto: int


def last_about_calls() -> int:
    """Return the number of the last entry of the trail that changed a call or a sending; 0 for none."""
    return next((number for number, *_ in _entries(newest_first=True)), 0)


def _entries(*, newest_first: bool = False) -> Iterator[tuple[int, datetime, str, str]]:
    """Yield number, time, action and call of entries that changed a call or a sending."""
    order = "-number" if newest_first else "number"
    found = TrailEntry.objects.order_by(order).values_list("number", "at", "action", "subject")
    about = found.filter(action__startswith=ABOUT_CALLS[0]) | found.filter(action__startswith=ABOUT_CALLS[1])
    for word in READING:
        about = about.exclude(action__endswith=word)
    yield from about.iterator(chunk_size=2000)


def changes_after_closing() -> list[Change]:
    """Return what was done to calls after they had been closed, the newest first."""
    closed: dict[str, datetime] = {}
    found = []
    for number, at, action, call in _entries():
        if action == CLOSING:
            closed.setdefault(call, at)
        elif call in closed:
            found.append(Change(number, call, action, at, (at - closed[call]).total_seconds() / 3600.0))
    return found[::-1]


def stamp_delays() -> dict[str, float]:
    """Return by call how much later, in seconds, than what it tells of its latest stamp was given; calls stamped at once are 0."""
    delays: dict[str, float] = {}
    stamps = TrailEntry.objects.filter(action="sending.stamp").order_by("number").values_list("subject", "content")
    for call, content in stamps.iterator(chunk_size=2000):
        said = json.loads(content)
        late = 0.0
        if "given" in said:
            late = (datetime.fromisoformat(said["given"]) - datetime.fromisoformat(said["at"])).total_seconds()
        delays[call] = max(delays.get(call, 0.0), late)
    return delays


def record(force: InForce, changes: list[Change]) -> Record | None:
    """Return the closed calls of the board as the screens want them; None where there are none."""
    table = calls_table()
    if not len(table):
        return None
    entered = dict(Call.objects.filter(closed__isnull=False).values_list("number", "entered"))
    changed, delays = {each.call for each in changes}, stamp_delays()
    numbers = table["call_id"].to_list()
    columns: dict[str, list[Any]] = {
        "entered": [entered.get(number) for number in numbers],
        "changed": [number in changed for number in numbers],
        "stamp_delay_s": [delays.get(number) for number in numbers],
    }
    more = pl.DataFrame(columns, schema={"entered": table.schema["received"], "changed": pl.Boolean, "stamp_delay_s": pl.Float64})
    config = force.station.config
    return record_of_calls(
        "board", pl.concat([table, more], how="horizontal"), config.time_zone, config.policy.limit_min, force.loaded.system
    )


def screened_now(force: InForce) -> Seen:
    """Return the board's record screened, worked out here and now."""
    upto = last_about_calls()
    changes = changes_after_closing()
    made = record(force, changes)
    return Seen(screen(made) if made is not None else None, tuple(changes), len(made.rows) if made is not None else 0, upto)


DESK: Desk[Seen] = Desk(lambda: screened_now(in_force()), last_about_calls)
"""Where pages find what the screens saw."""
