"""Sectors: the sergeant's own load beside the others', calls covered in the sector, and who may look at whose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import START, clock
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]
MINUTE = timedelta(minutes=1)
DAY = f"since={START:%Y-%m-%d}&until={START:%Y-%m-%d}"


def went(force: InForce, officer: str, beat: str, minutes: float) -> Any:
    """Keep a call in a beat to which the crew of an officer went a minute after the board's clock began."""
    from qinwu.board.models import Sending

    atom = next(iter(next(one for one in force.loaded.system.beat if one.id == beat).atoms))
    call = taken(force, atom=atom)
    crew = next(label.id for label in force.plan.crews if officer in label.officers)
    began, over = START + MINUTE, START + MINUTE + minutes * MINUTE
    Sending.objects.create(call=call, crew=crew, dispatched=began, arrived=began + MINUTE, over=over)
    return call


def loads(force: InForce) -> dict[str, Any]:
    """Return the load of every sector in the first two hours, by sector."""
    from qinwu.board.access.reach import Reach
    from qinwu.board.beat.sector_loads import sector_loads

    everything = Reach("", frozenset(), frozenset(), everything=True)
    return {one.sector.id: one.load for one in sector_loads(force, everything, START, START + 120 * MINUTE)}


def test_calls_of_the_board_are_the_load(force: InForce) -> None:
    """The sergeant's crew took thirty minutes in the own sector; a crew of another sector that comes first does not cover it."""
    from qinwu.board.access.reach import officers_of

    first, second = force.loaded.system.sector[:2]
    other = officers_of(force)[next(beat for beat in second.beats if beat in officers_of(force))]
    before = loads(force)[first.id].sergeant
    assert before.calls == 0
    went(force, first.sergeant, first.beats[0], 30)
    went(force, other, first.beats[0], 20)
    found = loads(force)[first.id]
    assert (found.sergeant.calls, found.sergeant.minutes) == (1, pytest.approx(30.0))
    assert (found.covered.calls, found.covered.inside) == (2, 1)
    assert [one.minutes for one in found.outside] == [pytest.approx(20.0)]


def test_a_sergeant_sees_the_own_sector_and_a_chief_all(force: InForce, seat: Seat) -> None:
    """Others than these see no load of anybody; looking at one is an entry with the sector's name."""
    from qinwu.board.models import TrailEntry

    first, second = force.loaded.system.sector[:2]
    call = went(force, first.sergeant, first.beats[0], 30)
    sergeant, chief = seat("sergeant", officer=first.sergeant), seat("chief")
    with clock(START + 120 * MINUTE):
        page = sergeant.get(f"/sectors?{DAY}").content.decode()
    assert f'id="{first.id}"' in page
    assert f'id="{second.id}"' not in page
    assert [one.subject for one in TrailEntry.objects.filter(action="sector.view")] == [first.id]
    with clock(START + 120 * MINUTE):
        page = chief.get(f"/sectors?{DAY}").content.decode()
    assert f'id="{first.id}"' in page
    assert f'id="{second.id}"' in page
    assert call.number in page
    for role in ("officer", "dispatcher", "planner"):
        assert seat(role).get("/sectors").status_code == 403


def test_the_way_leads_from_the_pages_of_sergeant_and_chief(force: InForce, seat: Seat) -> None:
    """The page of beats and that of hours lead there; a day that cannot be read is said."""
    chief = seat("chief")
    for address in ("/my-beat", "/tasks/hours"):
        assert 'href="/sectors"' in chief.get(address).content.decode(), address
    assert chief.get("/sectors?since=never").status_code == 422


def test_the_page_of_the_beats_tells_it_in_short(force: InForce, seat: Seat) -> None:
    """A sergeant finds the own sector on the page of the own beat, a chief all of them; an officer finds none."""
    first, second = force.loaded.system.sector[:2]
    went(force, first.sergeant, first.beats[0], 30)
    sergeant, chief = seat("sergeant", officer=first.sergeant), seat("chief")
    officer = seat("officer", officer=second.sergeant)
    with clock(START + 120 * MINUTE):
        own, every, none = (one.get("/my-beat").content.decode() for one in (sergeant, chief, officer))
    assert f"/sectors#{first.id}" in own
    assert f"/sectors#{second.id}" not in own
    assert f"/sectors#{first.id}" in every
    assert f"/sectors#{second.id}" in every
    assert "/sectors#" not in none


@pytest.mark.parametrize("days", ["since=2020-01-01&until=2020-01-31", "since=2030-01-01"])
def test_days_the_board_does_not_know_have_no_load(force: InForce, seat: Seat, days: str) -> None:
    """Before the board began and after now there is nothing, and the page says so."""
    chief = seat("chief")
    with clock(START + 120 * MINUTE):
        page = chief.get(f"/sectors?{days}")
    assert page.status_code == 200
    assert "No sector had a call" in page.content.decode()
