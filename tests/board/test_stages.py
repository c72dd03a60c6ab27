"""Stages: the time chain of the board's calls by priority, taken out as a table, with the calls behind each number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.board.conftest import START
from tests.board.test_tables import driven

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]
DAY = f"since={START:%Y-%m-%d}&until={START:%Y-%m-%d}"


def of(force: InForce, stage: str, priority: int) -> dict[str, Any]:
    """Return the figures of today's calls in one stage."""
    from qinwu.board.oversight.stages import counted

    table = counted(force, START - timedelta(hours=1), START + timedelta(hours=1)).table
    return table.row(by_predicate=(pl.col("stage") == stage) & (pl.col("priority") == priority), named=True)


def test_the_chain_of_a_driven_call(force: InForce) -> None:
    """A call stamped a minute at a time has a minute in each stage from the acknowledgement on."""
    call = driven(force)
    assert of(force, "acknowledge", call.priority)["median_s"] == pytest.approx(60.0, abs=1.0)
    assert of(force, "response", call.priority)["median_s"] == pytest.approx(180.0, abs=1.0)
    assert of(force, "response", call.priority)["in_time"] == 1
    assert of(force, "turnout", 0)["lacking"] == 0


def test_taking_a_call_down_is_a_part_of_its_own(force: InForce, seat: Seat) -> None:
    """A call that rang 30 s before the form was sent took 30 s to take down, and the list behind the number says when."""
    from qinwu.board.models import Call

    call = driven(force)
    Call.objects.filter(pk=call.pk).update(received=call.entered - timedelta(seconds=30))
    assert of(force, "accept", call.priority)["median_s"] == pytest.approx(30.0, abs=1.0)
    sent = of(force, "dispatch", call.priority)["median_s"]
    assert of(force, "assign", call.priority)["median_s"] == pytest.approx(sent - 30.0, abs=1.0)
    page = seat("chief").get(f"/stages/accept?which=timed&{DAY}").content.decode()
    assert "taken down" in page
    assert "0:30" in page


def test_a_missing_stamp_is_counted_and_its_call_is_named(force: InForce, seat: Seat) -> None:
    """Without the time of driving off one call lacks a stamp, and the list behind the number has that call and no other."""
    from qinwu.board.models import Sending

    call, other = driven(force), driven(force)
    Sending.objects.filter(call=call).update(en_route=None)
    assert of(force, "turnout", 0)["lacking"] == 1
    assert of(force, "travel", 0)["no_start"] == 1
    page = seat("chief").get(f"/stages/turnout?which=lacking&{DAY}").content.decode()
    assert call.number in page
    assert other.number not in page


def test_what_officers_began_and_repeats_are_left_out(force: InForce) -> None:
    """A call that officers began says nothing about how soon somebody is reached; a repeat is no call of its own."""
    from qinwu.board.models import Call
    from qinwu.board.oversight.stages import counted

    one, two, three = driven(force), driven(force), driven(force)
    Call.objects.filter(pk=one.pk).update(origin="officer")
    Call.objects.filter(pk=two.pk).update(same_as=three)
    found = counted(force, START - timedelta(hours=1), START + timedelta(hours=1))
    assert (found.on_board, found.by_officers) == (1, 1)
    assert of(force, "whole", 0)["calls"] == 1


def test_the_usual_span_reaches_into_the_record(force: InForce, seat: Seat) -> None:
    """The station's record is told of in its own days; a day that cannot be read is said and the usual days are shown."""
    from qinwu.board.oversight.stages import counted

    first = force.station.calls.table["received"].min()
    assert isinstance(first, datetime)
    assert counted(force, first, first + timedelta(days=28)).in_record > 50
    page = seat("dispatcher").get(f"/stages?since={first:%Y-%m-%d}&until={first + timedelta(days=28):%Y-%m-%d}")
    assert page.status_code == 200
    assert "Half of the" in page.content.decode()
    wrong = seat("planner").get("/stages?since=never")
    assert wrong.status_code == 422
    assert "is no day" in wrong.content.decode()


@pytest.mark.parametrize(("role", "table"), [("chief", True), ("planner", True), ("inspector", True), ("dispatcher", False)])
def test_who_sees_the_page_and_takes_the_table(force: InForce, seat: Seat, role: str, table: bool) -> None:
    """Four roles see the figures; who may take tables out is offered the file, and it has the page's numbers."""
    call = driven(force)
    client = seat(role)
    page = client.get(f"/stages?{DAY}").content.decode()
    assert ("/tables/stages.csv" in page) == table
    file = client.get(f"/tables/stages.parquet?{DAY}")
    assert file.status_code == (200 if table else 403)
    if table:
        taken = pl.read_parquet(BytesIO(file.content))
        row = taken.row(by_predicate=(pl.col("stage") == "response") & (pl.col("priority") == call.priority), named=True)
        assert row == of(force, "response", call.priority)


@pytest.mark.parametrize("address", ["/stages/never", "/stages/travel?which=never", "/stages/travel?priority=9"])
def test_what_there_is_not_is_not_found(force: InForce, seat: Seat, address: str) -> None:
    """A stage, a choice or a priority that there is not is no page."""
    assert seat("chief").get(address).status_code == 404


def test_looking_at_calls_is_an_entry(force: InForce, seat: Seat) -> None:
    """The list behind a number is entered in the trail; the figures, which are about nobody, are not."""
    from qinwu.board.models import TrailEntry

    driven(force)
    client = seat("inspector")
    client.get(f"/stages?{DAY}")
    assert not TrailEntry.objects.filter(action="stages.view").exists()
    client.get(f"/stages/response?which=timed&{DAY}")
    assert TrailEntry.objects.get(action="stages.view").subject == "response"
