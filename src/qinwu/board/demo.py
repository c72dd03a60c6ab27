"""Demonstration: accounts of every role, and players who take a day of the station's calls, send, drive and stamp.

The players use the same functions as people do. What they send is what the response plan proposes; how long they stay is what the
station's classes of calls say.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import numpy as np
import polars as pl
from django.contrib.auth import get_user_model
from django.db import close_old_connections, transaction

from qinwu.board import calls, sendings, trail
from qinwu.board.at_hand import at_hand
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending, TrailEntry
from qinwu.board.proposing import proposal_for
from qinwu.board.roles import ROLES
from qinwu.board.views.account import make_account
from qinwu.findings import QinwuError
from qinwu.language import Language, translate

PASSWORD = "demo-qinwu-2025"
PLAYER = "demo"
STEP_S = 0.5
SEED = 1
CLOSED_AFTER = timedelta(minutes=1)
SEEDED = "demo.seed"


def make_accounts(language: Language) -> Iterator[tuple[str, str, str]]:
    """Make an account for each role where there is none; yield name, password and role of each."""
    officers = [officer for label in in_force().plan.crews for officer in label.officers]
    for role, (name, _rights) in ROLES.items():
        if not get_user_model().objects.filter(username=role).exists():
            make_account(role, PASSWORD, [role], officer=officers[0] if role == "officer" and officers else "", language=language)
        yield role, PASSWORD, translate(name, language)


def make_day(force: InForce) -> None:
    """Let every other module ``demo_*.py`` of the board put in what its pages live from, once for a database.

    Each has a function ``seed(force)``; a new one is found by its name.
    """
    with transaction.atomic():
        trail.lock()
        if TrailEntry.objects.filter(action=SEEDED).exists():
            return
        for path in sorted(Path(__file__).parent.glob("demo_*.py")):
            import_module(f"qinwu.board.{path.stem}").seed(force)
        trail.record(PLAYER, SEEDED, "")


@dataclass(frozen=True, slots=True)
class Ring:
    """A call to come: when the phone rings, class and place."""

    at: datetime
    call_class: str
    atom: str


def rings(force: InForce, start: datetime) -> list[Ring]:
    """Return the calls of residents of one day of the record, the busiest of its last eight weeks, laid on the day from `start`."""
    table = force.station.calls.table.filter(pl.col("origin") != "officer")
    if not len(table):
        return []
    zone = force.station.config.time_zone
    days = table.with_columns(pl.col("received").dt.convert_time_zone(zone).dt.date().alias("day"))
    latest = days["day"].unique().sort().tail(56)
    counted = days.filter(pl.col("day").is_in(latest.implode())).group_by("day").len().sort("len", "day", descending=True)
    chosen = days.filter(pl.col("day") == counted["day"][0]).sort("received")
    local = start.astimezone(chosen["received"].dt.convert_time_zone(zone)[0].tzinfo)
    here = [(_same_time(local, stamp), name, atom) for stamp, name, atom in _rows(chosen, zone)]
    return [Ring(at, name, atom) for at, name, atom in sorted(here)]


def _rows(table: pl.DataFrame, zone: str) -> Iterator[tuple[datetime, str, str]]:
    local = table.with_columns(pl.col("received").dt.convert_time_zone(zone))
    yield from local.select("received", "call_class", "atom").iter_rows()


def _same_time(start: datetime, stamp: datetime) -> datetime:
    """Return the first moment from `start` on that has the time of day of `stamp`."""
    at = start.replace(hour=stamp.hour, minute=stamp.minute, second=stamp.second, microsecond=0)
    return at if at >= start else at + timedelta(days=1)


def play() -> None:
    """Play until the program ends."""
    rng = np.random.default_rng(SEED)
    coming = rings(in_force(), now())
    while True:
        close_old_connections()
        step(coming, rng)
        time.sleep(STEP_S)


def step(coming: list[Ring], rng: np.random.Generator) -> None:
    """Do everything that is due by now: take calls off `coming`, send, stamp, close."""
    force, at = in_force(), now()
    while coming and coming[0].at <= at:
        ring = coming.pop(0)
        calls.take(force, calls.Taken(uuid.uuid4(), ring.call_class, ring.atom, ring.at), PLAYER)
    for sending in Sending.objects.filter(over__isnull=True).select_related("call"):
        _drive(force, sending, at, rng)
    for call in list(at_hand(force, at).calls):
        _dispatch(force, call, at)


def _dispatch(force: InForce, call: Call, at: datetime) -> None:
    """Send what is proposed; close what everybody has left."""
    going = [each for each in call.sendings.all() if each.over is None]
    if call.sendings.exists() and not going:
        last = max(each.over for each in call.sendings.all() if each.over)
        if at - last > CLOSED_AFTER:
            sendings.close(call, "handled", PLAYER, missing="")
        return
    hand = at_hand(force, at)
    if not any(each.pk == call.pk for each in hand.calls) or any(each.arrived for each in going):
        return
    told = proposal_for(force, hand, call, "en")
    if told.going:
        try:
            sendings.send(force, call, [line.order for line in told.going], PLAYER)
        except QinwuError:
            return  # somebody at the board was quicker: it is looked at again in the next step


def _drive(force: InForce, sending: Sending, at: datetime, rng: np.random.Generator) -> None:
    """Give the stamps that are due by now, each at its own time."""
    if sending.dispatched is None:
        sendings.answer(sending, accepted=True, by=PLAYER)
        return
    stay = force.call_class(sending.call.call_class)
    arrives = sending.dispatched + timedelta(seconds=max(sending.way_s, 60.0))
    scene = timedelta(minutes=stay.on_scene_min * float(rng.gamma(4.0, 0.25)))
    if sending.acknowledged is None and at >= sending.dispatched + timedelta(seconds=20):
        sendings.stamp(sending, "acknowledged", PLAYER)
    if sending.en_route is None and at >= sending.dispatched + timedelta(seconds=60):
        sendings.stamp(sending, "en_route", PLAYER)
    if sending.arrived is None and at >= arrives:
        sendings.stamp(sending, "arrived", PLAYER)
    sending.refresh_from_db()
    if sending.arrived and sending.finished is None and at >= sending.arrived + scene:
        sendings.stamp(sending, "finished", PLAYER)
    sending.refresh_from_db()
    if sending.finished and at >= sending.finished + timedelta(minutes=stay.wrap_up_min):
        sendings.stamp(sending, "over", PLAYER)
