"""The wall: large, without forms, with the day's figures; and the line of time of a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.board.conftest import START, clock
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Sending

Seat = Callable[..., "Client"]


def answered(force: InForce, minutes: float, received: int = 0) -> Sending:
    """Return the sending of a call that came so many minutes before ten, was answered after `minutes`, and is over."""
    from qinwu.board.dispatch import sendings

    call = taken(force, received=START - timedelta(minutes=received))
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    sending.dispatched = call.received
    sending.save()
    sendings.stamp(sending, "arrived", "tester", at=call.received + timedelta(minutes=minutes))
    return sendings.stamp(sending, "over", "tester", at=call.received + timedelta(minutes=minutes + 5))


def test_the_day_is_counted_from_midnight(force: InForce) -> None:
    """Calls, answered calls, median, nine tenths and those in time; yesterday's calls and repeats are left out."""
    from qinwu.board.dispatch import calls
    from qinwu.board.dispatch.figures import day_figures

    for minutes in (10.0, 20.0, 60.0):
        answered(force, minutes, received=120)
    answered(force, 1.0, received=11 * 60)
    calls.repeats(taken(force), taken(force), "tester")
    whole, *each = day_figures(force, START)
    assert (whole.calls, whole.answered) == (4, 3)
    assert (whole.median_min, whole.p90_min) == (20.0, 52.0)
    assert [(one.priority, one.calls) for one in each] == [(3, 4)]
    limit = force.station.config.policy.limit_min[3]
    assert (each[0].limit_min, each[0].within) == (limit, sum(minutes <= limit for minutes in (10.0, 20.0, 60.0)))


def test_a_day_without_calls_has_no_times(force: InForce) -> None:
    """Nothing is made up of nothing."""
    from qinwu.board.dispatch.figures import day_figures

    whole, *each = day_figures(force, START)
    assert (whole.calls, whole.answered, whole.median_min, whole.p90_min, each) == (0, 0, None, None, [])


def test_the_wall_has_nothing_to_press(force: InForce, seat: Seat) -> None:
    """Queue, crews, map and figures; no form and no button; dark where asked for."""
    call = taken(force)
    desk = seat("inspector")
    page = desk.get("/wall").content.decode()
    assert call.number in page
    assert 'id="map"' in page
    assert "since midnight" in page
    assert "Calls waiting for a crew: 1" in page
    assert "<form" not in page
    assert "<button" not in page
    assert 'class="wall dark"' in desk.get("/wall?dark").content.decode()


def test_the_headline_tells_what_matters_most(force: InForce, seat: Seat) -> None:
    """Late calls before waiting ones; a quiet board says that it is quiet."""
    desk = seat("dispatcher")
    assert "No call is open" in desk.get("/").content.decode()
    taken(force)
    with clock(START + timedelta(hours=2)):
        assert "Calls waiting longer than promised: 1" in desk.get("/").content.decode()


def test_a_line_of_time_shows_delays_and_what_is_missing(force: InForce, seat: Seat) -> None:
    """Stamps that were given with the delay of each; one that was skipped is missing, those ahead are to come while it is open."""
    from qinwu.board.views.calls import chain_of

    sending = answered(force, 6.0, received=60)
    stages = {stage.word: stage for stage in chain_of(force, sending.call)}
    assert list(stages) == ["received", "sent", "acknowledged", "drove off", "arrived", "free"]
    assert stages["arrived"].delay == "6:00"
    assert stages["free"].delay == "5:00"
    assert (stages["acknowledged"].x, stages["acknowledged"].to_come) == (None, False)
    assert stages["free"].x == 1000.0
    page = seat("dispatcher").get(f"/calls/{sending.call.number}").content.decode()
    assert page.count('class="missing"') == 2
    open_call = taken(force)
    assert chain_of(force, open_call) == []
    from qinwu.board.dispatch import sendings

    sendings.send(force, open_call, [proposed(force, open_call).going[0].order], "tester")
    assert [stage.to_come for stage in chain_of(force, open_call)] == [False, False, True, True, True, True]


def test_no_question_to_the_database_for_each_call(force: InForce, seat: Seat) -> None:
    """Thirty open calls are drawn with as many questions as three; so is the page of one of them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from qinwu.board.dispatch import sendings
    from qinwu.board.dispatch.live_parts import NAMES, draw

    def questions() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as drawn:
            draw(NAMES, "en")
        with CaptureQueriesContext(connection) as opened:
            desk.get(f"/calls/{first.number}")
        return len(drawn), len(opened)

    desk = seat("dispatcher")
    first = taken(force)
    sendings.send(force, first, [proposed(force, first).going[0].order], "tester")
    for _ in range(2):
        taken(force)
    draw(NAMES, "en")
    desk.get("/")
    few = questions()
    for number in range(27):
        taken(force, atom=force.plan.atoms[number % len(force.plan.atoms)])
    assert questions() == few


def test_the_demonstration_has_people_who_are_somebody(force: InForce) -> None:
    """The officer's account owns a beat, the sergeant's leads a sector; made twice, they are there once."""
    from django.contrib.auth import get_user_model

    from qinwu.board.access.reach import beats_of, reach_of
    from qinwu.board.demo.day import make_accounts

    assert [name for name, *_rest in make_accounts("en")] == [name for name, *_rest in make_accounts("en")]
    users = get_user_model().objects
    assert users.count() == 8
    officer, sergeant = users.get(username="officer"), users.get(username="sergeant")
    assert beats_of(force, officer.member.officer)
    leads = next(one for one in force.loaded.system.sector if one.sergeant == sergeant.member.officer)
    assert set(leads.beats) <= reach_of(force, sergeant).beats
