"""Demonstration: accounts of every role, a shift that lies behind, and players who go on with the day.

The shift before was worked under another duty system where the station has one whose crews must be asked, so that the board shows
what asking is like; the station's own is signed into force when the demonstration begins.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import close_old_connections, transaction
from django.db.models import Max

from qinwu.board import trail
from qinwu.board.access.reach import officers_of
from qinwu.board.access.roles import ROLES
from qinwu.board.clock import ENVIRONMENT, Pace, now, stopped_at
from qinwu.board.demo import demo_tasks
from qinwu.board.demo.players import PLAYER, Ring, rings, step
from qinwu.board.dispatch import sendings
from qinwu.board.dispatch.at_hand import at_hand
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending, TrailEntry
from qinwu.board.plans.signing import sign
from qinwu.board.views.account import make_account
from qinwu.findings import QinwuError
from qinwu.language import N_, Language, said, translate

PASSWORD = "demo-qinwu-2025"
STEP_S = 0.5
SEEDED = "demo.seed"
BEFORE = "split_lines"
"""Duty system of the shift before: crews of other lines are asked, not ordered."""
SHIFT, STRIDE = timedelta(hours=8), timedelta(minutes=2)


def go_on() -> None:
    """Let the clock of a demonstration that was played before go on where it ended: earlier, no stamp could follow those given."""
    last, words = TrailEntry.objects.aggregate(last=Max("at"))["last"], os.environ.get(ENVIRONMENT, "")
    if words and last is not None and last > now():
        os.environ[ENVIRONMENT] = Pace(datetime.now(UTC), last, Pace.of(words).speed).words()


def make_accounts(language: Language) -> Iterator[tuple[str, str, str]]:
    """Make an account for each role where there is none; yield name, password and role of each.

    The officer owns a beat whose crew is on duty now where there is one, the sergeant leads a sector.
    """
    force = in_force()
    officers = {"officer": _beat_officer(force), "sergeant": next((one.sergeant for one in force.loaded.system.sector), "")}
    for role, (name, _rights) in ROLES.items():
        if not get_user_model().objects.filter(username=role).exists():
            make_account(role, PASSWORD, [role], officer=officers.get(role, ""), language=language)
        yield role, PASSWORD, translate(name, language)


def _beat_officer(force: InForce) -> str:
    owners, leads = set(officers_of(force).values()), {one.sergeant for one in force.loaded.system.sector}
    crews = zip(force.plan.crews, at_hand(force, now()).situation.crews, strict=True)
    on_duty = [officer for label, crew in crews if crew.on_duty for officer in label.officers if officer in owners - leads]
    return next(iter([*on_duty, *sorted(owners - leads), *sorted(owners)]), "")


def make_day(force: InForce) -> None:
    """Play the shift before, then let every module ``demo_*.py`` of the board put in what its pages live from; once for a database.

    Each of them has a function ``seed(force)``; a new one is found by its name.
    """
    with transaction.atomic():
        trail.lock()
        if TrailEntry.objects.filter(action=SEEDED).exists():
            return
        _play_shift(now())
        for path in sorted(Path(__file__).parent.glob("demo_*.py")):
            import_module(f"{__package__}.{path.stem}").seed(force)
        trail.record(PLAYER, SEEDED, "")


def _play_shift(end: datetime) -> None:
    """Work the hours before `end` as they would have gone."""
    at, own = end - SHIFT, in_force().station.config.current
    with stopped_at(at):
        other = _signed(BEFORE, at, N_("the system before the reform"))
        coming = [ring for ring in rings(in_force(), at) if ring.at < end]
    while at < end:
        with stopped_at(at):
            step(coming)
            _order_twice()
        at += STRIDE
    if other:
        with stopped_at(end):  # playing took a while: the day signed for must not be past
            _signed(own, end, N_("one officer answers for each beat from today"))


def _signed(name: str, at: datetime, reason: str) -> bool:
    """Sign a duty system in the chief's name; return whether it fits the station."""
    try:
        sign(name, at, said(reason), get_user_model().objects.get(username="chief"))
    except QinwuError:
        return False
    return True


def _order_twice() -> None:
    """Let a second dispatcher order a crew that another call has got already, once."""
    if TrailEntry.objects.filter(action=sendings.CONFLICT).exists():
        return
    waits = Call.objects.filter(closed__isnull=True, same_as__isnull=True, sendings__isnull=True).first()
    held = Sending.objects.filter(over__isnull=True).first()
    if waits is None or held is None:
        return
    order = sendings.Order(held.crew, -1, 0.0, proposed=False)
    try:
        sendings.send(in_force(), waits, [order], "dispatcher", said(N_("it knows the place")))
    except QinwuError:
        return  # as it must be: the first order holds, and both are told


def play() -> None:
    """Play until the program ends."""
    coming: list[Ring] = rings(in_force(), now())
    while True:
        close_old_connections()
        step(coming)
        demo_tasks.step(in_force())
        time.sleep(STEP_S)
