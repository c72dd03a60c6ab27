"""Export: the board's calls as a call file of a station, which `qinwu check` reads and the next comparison uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Sending
from qinwu.station.calls import SCHEMA


def calls_table(since: datetime | None = None, until: datetime | None = None, *, also_open: bool = False) -> pl.DataFrame:
    """Return closed calls in the schema of a station's calls, stamps of the first crew that came; repeats are left out.

    Parameters
    ----------
    since, until
        Calls received from `since` on and before `until`; all where None.
    also_open
        Whether calls that nobody has closed yet are in it, too.
    """
    calls = Call.objects.filter(same_as__isnull=True).prefetch_related("sendings").order_by("received", "pk")
    if not also_open:
        calls = calls.filter(closed__isnull=False)
    if since is not None:
        calls = calls.filter(received__gte=since)
    if until is not None:
        calls = calls.filter(received__lt=until)
    return pl.DataFrame([row_of(call) for call in calls], schema=SCHEMA, orient="row")


def known_calls(force: InForce, since: datetime | None = None, until: datetime | None = None) -> pl.DataFrame:
    """Return the calls of the station's record and of the board, open ones too: each number once, as the board has it if it does.

    Parameters
    ----------
    force
        The duty system in force, with the station.
    since, until
        Calls received from `since` on and before `until`; all where None.
    """
    board = calls_table(since, until, also_open=True)
    record = force.station.calls.table
    limits = [pl.col("received") >= since.astimezone(UTC)] if since is not None else []
    limits += [pl.col("received") < until.astimezone(UTC)] if until is not None else []
    return pl.concat([record.filter(*limits).join(board, on="call_id", how="anti"), board])


def row_of(call: Call) -> dict[str, Any]:
    """Return a call as a row of a call file, with the stamps of the first crew that came; None for those there are not."""
    done = [one for one in call.sendings.all() if one.dispatched is not None]
    first = min(done, key=_arrival, default=None)
    stamps = {name: getattr(first, name) if first else None for name in ("acknowledged", "en_route", "arrived")}
    return {
        "call_id": call.number,
        "received": call.received,
        "call_class": call.call_class,
        "priority": call.priority,
        "atom": call.atom,
        "officers_required": call.people,
        "origin": call.origin,
        "dispatched": min((one.dispatched for one in done if one.dispatched), default=None),
        **stamps,
        "cleared": max((one.over for one in done if one.over), default=None),
    }


def _arrival(sending: Sending) -> tuple[bool, datetime]:
    return sending.arrived is None, sending.arrived or sending.dispatched or sending.call.received
