"""Calendars: an address without a session, kept as a hash, with the duties that roster, swaps and absences leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar

from tests.board.conftest import START

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce


def address_of(client: Client) -> str:
    """Make a calendar address and return its path."""
    page = client.post("/my-calendar").content.decode()
    found = re.search(r"/calendars/[\w-]+\.ics", page)
    assert found is not None
    return found[0]


def events(address: str) -> list[Any]:
    """Return the events of a calendar as somebody without a session reads it."""
    from django.test import Client

    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_calendar_has_the_duties_of_eight_weeks(force: InForce, seat: Callable[..., Client]) -> None:
    """Every duty of the officer by the roster is an event with a name of its own, in time order, and nobody else's is."""
    from qinwu.board.roster.calendars import duties
    from qinwu.board.roster.rostered import midnight

    found = events(address_of(seat("officer", officer="P008")))
    start = midnight(force, START.date())
    wanted = duties(force, "P008", start, start + timedelta(weeks=8))
    assert wanted
    assert [(one.start, one.end) for one in wanted] == [(each["DTSTART"].dt, each["DTEND"].dt) for each in found]
    assert len({str(each["UID"]) for each in found}) == len(found)
    assert max(each["DTEND"].dt for each in found) > start + timedelta(weeks=6)


def test_swaps_move_duties_and_absences_end_them(force: InForce, seat: Callable[..., Client]) -> None:
    """A duty given away by an approved swap is in the other's calendar; what falls into leave is in nobody's."""
    from qinwu.board.models import Absence, Swap

    first, second = address_of(seat("officer", officer="P008")), address_of(seat("sergeant", officer="P009"))
    own = events(first)
    given, away = own[1], own[2]
    Swap.objects.create(
        officer="P008",
        crew=crew_of(force, "P008"),
        start=given["DTSTART"].dt,
        end=given["DTEND"].dt,
        other="P009",
        state="approved",
        asked_by="officer",
        asked_at=START,
    )
    Absence.objects.create(
        officer="P008", kind="leave", start=away["DTSTART"].dt, end=away["DTEND"].dt, state="approved", asked_by="officer"
    )
    mine = {each["DTSTART"].dt for each in events(first)}
    assert given["DTSTART"].dt not in mine
    assert away["DTSTART"].dt not in mine
    assert len(mine) == len(own) - 2
    spans = [(each["DTSTART"].dt, each["DTEND"].dt) for each in events(second)]
    assert any(begin <= given["DTSTART"].dt and given["DTEND"].dt <= end for begin, end in spans)


def crew_of(force: InForce, officer: str) -> str:
    """Return the crew of an officer."""
    return next(label.id for label in force.plan.crews if officer in label.officers)


def test_a_new_address_ends_the_one_before_and_only_hashes_are_kept(force: InForce, seat: Callable[..., Client]) -> None:
    """An old or invented address is no page; the database has no secret in it."""
    from django.test import Client

    from qinwu.board.models import CalendarKey

    client = seat("officer", officer="P008")
    old = address_of(client)
    new = address_of(client)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert Client().get("/calendars/invented.ics").status_code == 404
    secret = new.removeprefix("/calendars/").removesuffix(".ics")
    assert all(secret not in str(row) for row in CalendarKey.objects.values_list())
    assert CalendarKey.objects.filter(ended__isnull=True).count() == 1
    client.post("/my-calendar", {"end": "1"})
    assert Client().get(new).status_code == 404


def test_an_account_without_an_officer_has_no_calendar(seat: Callable[..., Client]) -> None:
    """Who is no officer of the force has no duties to show."""
    assert seat("chief").post("/my-calendar").status_code == 403
