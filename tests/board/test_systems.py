"""Duty systems signed into force: the board obeys the newest whose day has come, and says who signed it and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from qinwu.board.in_force import InForce


@pytest.fixture
def chief(force: InForce) -> User:
    """Return the account of a chief."""
    from qinwu.board.views.account import make_account

    user: User = make_account("chief", "correct-horse-battery", ["chief"])
    return user


def another(force: InForce) -> str:
    """Return a duty system of the station that is not the current one."""
    from qinwu.duty.reading import list_systems

    return next(name for name in list_systems(force.station.folder) if name != force.station.config.current)


def test_the_station_obeys_what_is_signed_from_its_day(force: InForce, chief: User) -> None:
    """Signed for tomorrow, it is obeyed tomorrow and not before; the older one comes back by signing it again."""
    from qinwu.board.in_force import in_force
    from qinwu.board.plans.signing import sign

    before = force.loaded.system.id
    name = another(force)
    sign(name, START + timedelta(days=1), "trial month", chief)
    assert in_force().loaded.system.id == before
    with clock(START + timedelta(days=1, minutes=1)):
        assert in_force().loaded.system.id == name
        sign(force.station.config.current, None, "trial over", chief)
        assert in_force().loaded.system.id == before


def test_everything_wrong_with_a_signature_is_said(force: InForce, chief: User) -> None:
    """No reason, a day that is past and a system that does not exist: all said, nothing signed."""
    from qinwu.board.models import SystemInForce
    from qinwu.board.plans.signing import sign

    with pytest.raises(QinwuError) as refused:
        sign("nothing", START - timedelta(days=1), " ", chief)
    assert {"no-reason", "past-day"} <= {finding.code for finding in refused.value.findings}
    assert len(refused.value.findings) >= 3
    assert not SystemInForce.objects.exists()


def test_a_changed_file_is_noticed(force: InForce, chief: User) -> None:
    """After a file of the station changed, the page says that it is no longer what was signed."""
    from qinwu.board.plans.signing import changed_since_signed, sign

    sign(force.station.config.current, None, "as it is", chief)
    assert not changed_since_signed()
    path = force.station.folder / "officers.csv"
    kept = path.read_bytes()
    try:
        path.write_bytes(kept + b"\n")
        assert changed_since_signed()
    finally:
        path.write_bytes(kept)


def test_signing_on_the_page(seat: Callable[..., Client], force: InForce) -> None:
    """A chief signs on the page and the page shows it; an officer sees it and cannot sign."""
    desk = seat("chief")
    assert desk.post("/systems/sign", {"name": another(force), "reason": "trial"}).status_code == 302
    assert "trial" in desk.get("/systems").content.decode()
    officer = seat("officer")
    assert "trial" in officer.get("/systems").content.decode()
    assert officer.post("/systems/sign", {"name": "preset:pairs", "reason": "mine"}).status_code == 403
