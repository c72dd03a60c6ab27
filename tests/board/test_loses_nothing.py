"""Nothing that was acknowledged is lost: not by a power cut, not by a second click, on whichever database is in use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

WRITERS = 200
ACKNOWLEDGED = 100


@pytest.mark.slow
def test_a_power_cut_loses_no_acknowledged_call(force: InForce) -> None:
    """200 writers, killed without warning: every key that was acknowledged is in the database, and the trail holds."""
    from qinwu.board import trail
    from qinwu.board.models import Call

    program = [sys.executable, str(Path(__file__).with_name("writer.py")), str(WRITERS)]
    writer = subprocess.Popen(program, stdout=subprocess.PIPE, env={**os.environ, "QINWU_CLOCK": ""}, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    keys: list[uuid.UUID] = []
    began = time.monotonic()
    while len(keys) < ACKNOWLEDGED and time.monotonic() - began < 300:
        keys.append(uuid.UUID(writer.stdout.readline().strip()))
    writer.send_signal(signal.SIGKILL)
    rest = writer.communicate()[0].split("\n")
    keys += [uuid.UUID(line) for line in rest if len(line) == 36]
    kept = set(Call.objects.values_list("key", flat=True))
    assert len(keys) >= ACKNOWLEDGED
    assert set(keys) <= kept
    assert len(kept) - len(set(keys)) <= WRITERS
    assert trail.verify().broken_at is None


def test_many_clicks_at_once_make_one_call(force: InForce) -> None:
    """The same form from eight threads at once is one call and one entry of the trail."""
    from django.db import connection

    from qinwu.board.models import Call, TrailEntry

    key = uuid.uuid4()

    def click(_number: int) -> str:
        try:
            return taken(force, key=key).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(click, range(8)))
    assert numbers == {Call.objects.get().number}
    assert TrailEntry.objects.filter(action="call.take").count() == 1


def test_many_dispatchers_at_once_share_no_crew(force: InForce) -> None:
    """Six calls, six dispatchers, one crew: one of them has it, five are told."""
    from django.db import connection

    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Sending
    from qinwu.findings import QinwuError

    calls = [taken(force) for _ in range(6)]
    order = proposed(force, calls[0]).going[0].order

    def send(number: int) -> str:
        try:
            sendings.send(force, calls[number], [order], f"dispatcher {number}")
        except QinwuError as error:
            return error.findings[0].code
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(send, range(6)))
    assert found == ["crew-taken"] * 5 + ["sent"]
    assert Sending.objects.count() == 1


def test_a_database_that_takes_nothing_is_told(force: InForce, seat: Callable[..., Client]) -> None:
    """Pages and the interface answer 503, in words, with when to try again, where the database cannot be written."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    from qinwu.board.clock import now
    from qinwu.board.models import Call, Token

    client = seat("dispatcher")
    client.raise_request_exception = False
    bearer = {"Authorization": f"Bearer {Token.make(get_user_model().objects.get(), 'radio', now())}"}
    form = {"call_class": "help", "atom": force.plan.atoms[0]}
    sent = form | {"key": str(uuid.uuid4()), "received": now().isoformat()}
    shut = {"sqlite": "PRAGMA query_only = {}", "postgresql": "SET default_transaction_read_only = {}"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(shut.format("ON"))
        try:
            page = client.post("/calls/new", form)
            told = Client().post("/api/calls", sent, content_type="application/json", headers=bearer)
        finally:
            cursor.execute(shut.format("OFF"))
    assert (page.status_code, told.status_code) == (503, 503)
    assert "Nothing of what was just sent was kept" in page.content.decode()
    assert told.json()[0]["code"] == "no-database"
    assert page["Retry-After"] == told["Retry-After"] == "5"
    assert not Call.objects.exists()
