"""Players: who takes, sends, drives, stamps, agrees and refuses in the demonstration, through the same functions as people.

What they send is what the response plan proposes; how long they stay is what the station's classes of calls say. A share of calls
is reported twice, a share of stamps is forgotten, some requests are refused and some get no answer: an evening as stations know it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from qinwu.board.clock import now
from qinwu.board.dispatch import calls, sendings
from qinwu.board.dispatch.at_hand import AtHand, at_hand
from qinwu.board.dispatch.proposing import proposal_for
from qinwu.board.dispatch.repeated import repeated_by
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending
from qinwu.findings import QinwuError
from qinwu.language import N_, said

PLAYER = "demo"
SEED = 1
CLOSED_AFTER = timedelta(minutes=1)
TOLD_AFTER = timedelta(seconds=50)
TWICE, FORGOTTEN = 0.06, 0.06
"""Shares of calls that a second caller reports too, and of crews that forget to acknowledge."""
LIKELY = 0.5
"""Probability from which players count a call as a repeat."""
SILENT, REFUSES = 0.1, 0.3
"""A request is not answered below the first, refused below the second of these, agreed to above."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A call to come: when the phone rings, class and place."""

    at: datetime
    call_class: str
    atom: str


def rings(force: InForce, start: datetime) -> list[Ring]:
    """Return the calls of residents of one day of the record, the busiest of its last eight weeks, laid on the day from `start`.

    A share of them comes twice, from a second caller a minute later.
    """
    table = force.station.calls.table.filter(pl.col("origin") != "officer")
    if not len(table):
        return []
    zone = force.station.config.time_zone
    days = table.with_columns(pl.col("received").dt.convert_time_zone(zone).dt.date().alias("day"))
    latest = days["day"].unique().sort().tail(56)
    counted = days.filter(pl.col("day").is_in(latest.implode())).group_by("day").len().sort("len", "day", descending=True)
    chosen = days.filter(pl.col("day") == counted["day"][0]).sort("received")
    local = start.astimezone(chosen["received"].dt.convert_time_zone(zone)[0].tzinfo)
    here = [Ring(_same_time(local, stamp), name, atom) for stamp, name, atom in _rows(chosen, zone)]
    twice = np.random.default_rng(SEED).random(len(here)) < TWICE
    again = [Ring(ring.at + TOLD_AFTER, ring.call_class, ring.atom) for ring, too in zip(here, twice, strict=True) if too]
    return sorted([*here, *again], key=lambda ring: ring.at)


def _rows(table: pl.DataFrame, zone: str) -> Iterator[tuple[datetime, str, str]]:
    local = table.with_columns(pl.col("received").dt.convert_time_zone(zone))
    yield from local.select("received", "call_class", "atom").iter_rows()


def _same_time(start: datetime, stamp: datetime) -> datetime:
    """Return the first moment from `start` on that has the time of day of `stamp`."""
    at = start.replace(hour=stamp.hour, minute=stamp.minute, second=stamp.second, microsecond=0)
    return at if at >= start else at + timedelta(days=1)


def step(coming: list[Ring]) -> None:
    """Do everything that is due by now: take calls off `coming`, answer, send, stamp, close."""
    force, at = in_force(), now()
    while coming and coming[0].at <= at:
        _take(force, coming.pop(0))
    for sending in Sending.objects.filter(over__isnull=True).select_related("call"):
        with suppress(QinwuError):  # somebody at the board was quicker
            _drive(force, sending, at)
    if not Call.objects.filter(closed__isnull=True, same_as__isnull=True).exists():
        return
    hand = at_hand(force, at)
    for call in hand.calls:
        if _dispatch(force, hand, call, at):
            hand = at_hand(force, at)


def _take(force: InForce, ring: Ring) -> None:
    """Take a call; one that is likely the same as an open one is counted as its repeat."""
    call = calls.take(force, calls.Taken(uuid.uuid4(), ring.call_class, ring.atom, ring.at), PLAYER)
    near = repeated_by(force, call, Call.objects.filter(closed__isnull=True, same_as__isnull=True).exclude(pk=call.pk))
    if near and near[0].probability is not None and near[0].probability >= LIKELY:
        calls.repeats(call, near[0].call, PLAYER)


def _dispatch(force: InForce, hand: AtHand, call: Call, at: datetime) -> bool:
    """Send what is proposed; close what everybody has left. Return whether anybody stands elsewhere now."""
    done = [each for each in hand.sent.get(call.pk, ()) if each.ended == "done"]
    going = [each for each in hand.sent.get(call.pk, ()) if each.over is None]
    if done and not going:
        if at - max(each.over for each in done if each.over) > CLOSED_AFTER:
            lacking = any(sendings.missing_stamps(each) for each in done)
            missing = said(N_("the radio was busy")) if lacking else ""
            sendings.close(call, "handled", PLAYER, missing=missing)
            return True
        return False
    if any(each.arrived for each in going) or not any(each.pk == call.pk for each in hand.calls):
        return False
    told = proposal_for(force, hand, call, "en")
    if not told.going:
        return False
    with suppress(QinwuError):  # somebody at the board was quicker: it is looked at again in the next step
        sendings.send(force, call, [line.order for line in told.going], PLAYER)
    return True


def _drive(force: InForce, sending: Sending, at: datetime) -> None:
    """Give the stamps that are due by now, each at its own time; what a crew is like depends on its sending alone."""
    rng = np.random.default_rng([SEED, sending.pk])
    mood, forgets, length = rng.random(), rng.random() < FORGOTTEN, float(rng.gamma(4.0, 0.25))
    if sending.dispatched is None:
        _answer(sending, mood, at)
        return
    classes = {one.id: one for one in force.station.config.call_class}
    stay = classes.get(sending.call.call_class)
    scene = timedelta(minutes=(stay.on_scene_min if stay else 20.0) * length)
    arrives = sending.dispatched + timedelta(seconds=max(sending.way_s, 60.0))
    due = {
        "acknowledged": None if forgets else sending.dispatched + timedelta(seconds=20),
        "en_route": sending.dispatched + timedelta(seconds=60),
        "arrived": arrives,
        "finished": arrives + scene,
        "over": arrives + scene + timedelta(minutes=stay.wrap_up_min if stay else 5.0),
    }
    for which in sendings.STAMPS:
        moment = due[which]
        if moment is not None and getattr(sending, which) is None and moment <= at:
            sendings.stamp(sending, which, PLAYER, at=moment)
            sending.refresh_from_db()


def _answer(sending: Sending, mood: float, at: datetime) -> None:
    """Answer a request after a while: most agree, some have a reason not to, some let it run out of time."""
    if mood < SILENT or sending.requested is None or at < sending.requested + timedelta(seconds=40 + 120 * mood):
        return
    reason = said(N_("its own work does not allow it")) if mood < REFUSES else ""
    try:
        sendings.answer(sending, mood >= REFUSES, PLAYER, reason)
    except QinwuError:
        return  # its time ran out between two steps
