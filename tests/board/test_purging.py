"""Purging: what was over before a day goes, what something open hangs on stays, and the trail holds."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import PASSWORD, START, clock
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce

LATER = START + timedelta(days=400)
DAY = START.date() + timedelta(days=200)


def task(call: Any, **more: Any) -> Any:
    """Return a task that came from a call."""
    from qinwu.board.models import Task

    return Task.objects.create(title="visit", kind="follow_up", call=call, opened=START, opened_by="x", due=START, **more)


def closed(force: InForce) -> Any:
    """Return a call to which a crew went, closed."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "x")[0]
    for stamp in sendings.STAMPS:
        sendings.stamp(sending, stamp, "x")
    sendings.close(call, "handled", "x")
    return call


def filled(force: InForce) -> tuple[Any, Any, Any]:
    """Fill the board; return a call that is over, one whose task is open, and one that is open itself."""
    from axes.models import AccessLog

    from qinwu.board.models import Absence, Feedback, Handover, Link

    over, held, still = closed(force), closed(force), taken(force)
    first = task(over, done=START)
    task(over, done=START, follows=first)
    task(held)
    Feedback.objects.create(call=over, at=START, method="phone", satisfied=True)
    Link.objects.create(one=over, two=held, kind="none", by="x", at=START)
    Absence.objects.create(officer="P008", kind="leave", start=START, end=START, asked_by="x")
    Absence.objects.create(officer="P008", kind="secondment", start=START, asked_by="x")
    Handover.objects.create(at=START, by="x", note="quiet")
    AccessLog.objects.create(username="x", ip_address="10.0.0.1")
    AccessLog.objects.update(attempt_time=START)
    return over, held, still


def test_what_is_over_goes_and_the_trail_holds(force: InForce) -> None:
    """First the numbers and nothing else, then just these rows; what is open stays with what it hangs on; one entry says so."""
    from qinwu.board import trail
    from qinwu.board.models import Absence, Call, Sending, Task, TrailEntry
    from qinwu.board.oversight.purging import purge

    _over, held, still = filled(force)
    with clock(LATER):
        entries = trail.verify().entries
        told = purge(DAY, force.zone, "system", really=False)
        assert (Call.objects.count(), Task.objects.count(), trail.verify().entries) == (3, 3, entries)
        assert purge(DAY, force.zone, "system", really=True) == told
        assert purge(DAY, force.zone, "system", really=False) == {}
    assert told == {
        "task": 2, "call_entries": 1, "sending": 1, "link": 1, "feedback": 1,
        "absence": 1, "handover": 1, "crew_report": 1, "logins": 1,
    }  # fmt: skip
    assert set(Call.objects.values_list("pk", flat=True)) == {held.pk, still.pk}
    assert Sending.objects.get().call_id == held.pk
    assert Absence.objects.get().kind == "secondment"
    assert trail.verify() == trail.Verified(entries + 1, None)
    assert TrailEntry.objects.filter(action="board.purge", subject=DAY.isoformat()).count() == 1


def test_no_table_is_forgotten(force: InForce) -> None:
    """Every table of the board is one from which old rows are deleted, or one of which it is said that nothing is."""
    from qinwu.board.oversight import tables
    from qinwu.board.oversight.purging import STAYS, purge
    from qinwu.board.oversight.purging import tables as purged

    assert purge(DAY - timedelta(days=999), force.zone, "system", really=False) == {}
    assert set(tables.tables()) - {tables.CALLS} == (purged(START, DAY) | STAYS) - {"logins", "sessions"}


def test_a_repeat_goes_with_the_call_it_repeats(force: InForce) -> None:
    """A call that was counted as a repeat, and closed by nobody, goes with the other one."""
    from qinwu.board.models import Call
    from qinwu.board.oversight.purging import purge

    first, second = closed(force), taken(force)
    Call.objects.filter(pk=second.pk).update(same_as=first)
    with clock(LATER):
        found = purge(DAY, force.zone, "system", really=True)
    assert found["call_entries"] == 2
    assert not Call.objects.exists()


def test_nothing_goes_where_it_must_not(force: InForce) -> None:
    """A day that is not over, and a board whose trail was changed, are refused before anything is deleted."""
    from qinwu.board.models import Call, TrailEntry
    from qinwu.board.oversight.purging import purge

    closed(force)
    with clock(LATER):
        with pytest.raises(QinwuError) as error:
            purge(LATER.date() + timedelta(days=1), force.zone, "system", really=True)
        assert error.value.findings[0].code == "not-over"
        TrailEntry.objects.filter(number=2).update(actor="nobody")
        with pytest.raises(QinwuError) as error:
            purge(DAY, force.zone, "system", really=True)
        assert error.value.findings[0].code == "broken-trail"
    assert Call.objects.count() == 1


def test_the_command_says_first_what_would_go(force: InForce, station_folder: Path) -> None:
    """``qinwu purge`` tells numbers and deletes nothing; with ``--yes`` it does."""
    from django.db import connection

    from qinwu.board.models import Handover
    from qinwu.board.views.account import make_account

    make_account("wang", PASSWORD, ["dispatcher"])
    Handover.objects.create(at=START - timedelta(days=9), by="x", note="quiet")
    connection.close()
    words = [sys.executable, "-m", "qinwu.cli", "purge", str(station_folder), "--lang", "en", "--before", "2026-03-01"]
    for more, left in ((), 1), (("--yes",), 0):
        ran = subprocess.run([*words, *more], capture_output=True, text=True, timeout=120, check=False)
        assert ran.returncode == 0, ran.stderr[-2000:]
        assert "Handover notes" in ran.stdout
        assert Handover.objects.count() == left
