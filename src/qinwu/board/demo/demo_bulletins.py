"""Demonstration of bulletins and leads: news of the last days and who read it when, break-ins at one place, a call told twice."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model

from qinwu.board.access.roles import has
from qinwu.board.clock import now, stopped_at
from qinwu.board.dispatch import calls, decided, leads, sendings
from qinwu.board.dispatch.calls import Taken
from qinwu.board.in_force import InForce
from qinwu.board.models import Bulletin, Call, Link
from qinwu.board.work import bulletins
from qinwu.board.work.bulletins import Draft
from qinwu.language import N_, said

SEED = 17
BY = "sergeant"
HOUR = timedelta(hours=1)
OLD = (
    (
        N_("Car windows smashed at night at the west gate of the market"),
        N_("Windows smashed and things taken from cars two nights running. Stop and look when you pass at night."),
        "series",
        96.0,
        3.0,
        48.0,
    ),
    (
        N_("Water on the embankment road"),
        N_("Half a metre of water in the dip after the storm. Go round by Xinhua Street."),
        "road",
        60.0,
        1.0,
        10.0,
    ),
    (
        N_("The stadium empties"),
        N_("Crowds at the north gate at the end of the match. Keep a lane open for crews."),
        "event",
        44.0,
        0.5,
        6.0,
    ),
    (
        N_("Gas leak at the filling station stopped"),
        N_("The valve on East Ring Road was replaced. Do not park within a hundred metres for now."),
        "danger",
        30.0,
        0.7,
        20.0,
    ),
)
"""Title, text, kind, hours since it happened, hours until it was put up, hours it ran."""
RUNNING = (
    (
        N_("Thefts from the garage of North Gate Court"),
        N_("Three in five days, all between two and four at night, locks cut. Look at the roller door when you pass at night."),
        "series",
        9.0,
        2.0,
        72.0,
    ),
    (
        N_("Street lamps out at the secondary school"),
        N_("Two lamps in front of the school are out. Guide the traffic when school ends."),
        "road",
        20.0,
        2.0,
        48.0,
    ),
    (
        N_("Temple fair at the weekend"),
        N_("The fair at the city temple: many people, narrow lanes. Go with two crews, from the south side."),
        "event",
        0.0,
        3.0,
        60.0,
    ),
)
EVENINGS = (20, 44, 69, 116)
"""Hours since each break-in at the place of the first running bulletin."""


def seed(force: InForce) -> None:
    """Put in what the pages of bulletins and leads live from."""
    rng = np.random.default_rng(SEED)
    at = now()
    readers = [user for user in get_user_model().objects.filter(is_active=True).order_by("pk") if has(user, "see_board")]
    beats = force.plan.beats
    for number, (title, text, kind, ago, later, hours) in enumerate((*OLD, *RUNNING)):
        atom = _atom(force) if number == len(OLD) else ""
        happened = at - timedelta(hours=ago) if ago else None
        shown = (happened or at - timedelta(hours=6)) + timedelta(hours=later)
        beat = "" if atom or kind == "event" else beats[number % len(beats)]
        with stopped_at(shown):
            draft = Draft(said(title), said(text), kind, beat, atom, happened, shown + timedelta(hours=hours))
            bulletin = bulletins.publish(force, draft, BY)
        _read(bulletin, readers, at, rng)
    _break_ins(force, at)
    _told_twice(force, at)


def _atom(force: InForce) -> str:
    """Return the place of the break-ins: the first atom of the first beat."""
    return next(atom for atom in force.plan.atoms if bulletins.beat_of(force, atom) == force.plan.beats[0])


def _read(bulletin: Bulletin, readers: Sequence[Any], at: datetime, rng: np.random.Generator) -> None:
    """Let accounts read a bulletin some hours after it was put up, a few of them never."""
    for user in readers:
        read_at = bulletin.start + timedelta(hours=float(rng.exponential(5.0)) + 0.05)
        if rng.random() < 0.8 and read_at < min(at, bulletin.end):
            with stopped_at(read_at):
                bulletins.read(bulletin, user)


def _break_ins(force: InForce, at: datetime) -> None:
    """Keep break-ins at one place, night after night, and what a sergeant decided about the first two."""
    crimes = [one.id for one in force.station.config.call_class if one.kind == leads.CRIMES]
    if not crimes:
        return
    kind = crimes[min(1, len(crimes) - 1)]
    kept = [_filed(force, kind, _atom(force), at - ago * HOUR) for ago in EVENINGS]
    with stopped_at(at - HOUR):
        decided.decide(kept[-1], kept[-2], "series", BY, None, said(N_("The same garage, the same hours")))


def _filed(force: InForce, kind: str, atom: str, received: datetime) -> Call:
    with stopped_at(received + timedelta(minutes=1)):
        call = calls.take(force, Taken(uuid.uuid4(), kind, atom, received), BY)
    with stopped_at(received + HOUR):
        sendings.close(call, "case", BY)
    return call


def _told_twice(force: InForce, at: datetime) -> None:
    """Let the latest call that nobody has looked at twice be told by another caller, three minutes later."""
    first = Call.objects.filter(same_as__isnull=True, received__lt=at - timedelta(minutes=10)).order_by("-received").first()
    if first is None or Link.objects.filter(one=first).exists() or first.atom not in force.plan.atoms:
        return
    received = first.received + timedelta(minutes=3)
    with stopped_at(received + timedelta(minutes=1)):
        calls.take(force, Taken(uuid.uuid4(), first.call_class, first.atom, received), BY)
