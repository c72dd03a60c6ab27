"""Training on the page: hours set aside, kept and moved, groups before and since with a warning, and what trials assume."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.board.conftest import START
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]
LEARNT = date(2026, 2, 1)


def trained(force: InForce, officers: int, calls: int, minutes: tuple[float, float]) -> None:
    """Train so many officers of beats in mediation, with so many calls of each beat's crew before that day and after."""
    from qinwu.board.models import Sending, Skill

    crews = [label for label in force.plan.crews if label.officers and label.beat][:officers]
    for label in crews:
        Skill.objects.create(officer=label.officers[0], skill="mediation", since=LEARNT)
        for days, spent in ((-20, minutes[0]), (20, minutes[1])):
            for number in range(calls):
                arrived = START.replace(month=2, day=1) + timedelta(days=days, hours=number)
                call = taken(force, call_class="dispute")
                end = arrived + timedelta(minutes=spent)
                Sending.objects.create(call=call, crew=label.id, dispatched=arrived, arrived=arrived, finished=end, over=end)


def test_a_group_before_and_since(force: InForce) -> None:
    """Three officers, five calls each: 40 minutes before, 30 since."""
    from qinwu.board.clock import now
    from qinwu.board.roster.trained import groups

    trained(force, officers=3, calls=5, minutes=(40.0, 30.0))
    found = next(one for one in groups(force, now(), "en") if one.skill == "mediation").found
    assert (found.officers, found.before, found.after) == (3, 15, 15)
    assert (found.before_min, found.after_min, found.ratio) == (40.0, 30.0, 0.75)


def test_the_page_shows_groups_with_a_warning_and_no_ranking(seat: Seat, force: InForce) -> None:
    """The chief reads medians, how many calls, and that it shows no cause; officers stand in the order of their codes."""
    trained(force, officers=3, calls=5, minutes=(40.0, 30.0))
    page = seat("chief").get("/skills-and-equipment").content.decode()
    for words in ("40.0 min", "30.0 min", "0.75", "15 calls", "This shows no cause"):
        assert words in page, words
    hours = page[page.index("Hours by officer") :]
    codes = [officer for officer in force.sworn if f'<th scope="row">{officer}</th>' in hours]
    places = [hours.index(f'<th scope="row">{officer}</th>') for officer in codes]
    assert len(codes) > 2
    assert places == sorted(places)


def test_two_officers_are_not_shown(seat: Seat, force: InForce) -> None:
    """A group of two has no figure: it would be a person's."""
    trained(force, officers=2, calls=8, minutes=(40.0, 30.0))
    page = seat("chief").get("/skills-and-equipment").content.decode()
    assert "Fewer than three of them were at such calls" in page
    assert "40.0 min" not in page


def test_an_officer_reads_the_own_hours_only(seat: Seat, force: InForce) -> None:
    """No group, no total: an officer sees the own line."""
    trained(force, officers=3, calls=5, minutes=(40.0, 30.0))
    page = seat("officer", officer="P009").get("/skills-and-equipment").content.decode()
    assert "This shows no cause" not in page


def test_hours_moved_by_an_order_count_as_protected(force: InForce) -> None:
    """Training out of which an order took an officer was moved to another day: its hours are told."""
    from qinwu.board.clock import now
    from qinwu.board.roster import absences
    from qinwu.board.roster.training import training_of

    start = START - timedelta(days=2)
    course = absences.Wanted("P009", "training", start, start + timedelta(hours=3))
    absences.answer(absences.ask(force, course, "x"), approved=True, by="x")
    order = absences.Wanted("P009", "meeting", start, start + timedelta(hours=2), "bureau 7", "court", START + timedelta(days=3))
    absences.order(force, order, "x")
    assert training_of(force, now()).moved_h == 2.0
