"""The interface for other systems, and the log that goes back into the station's files."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.board.conftest import PASSWORD, START, clock
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce


@pytest.fixture
def system(force: InForce) -> Callable[..., Any]:
    """Return what gives another system with the rights of a role: ``system("dispatcher")`` is its headers."""
    from qinwu.board.models import Token
    from qinwu.board.views.account import make_account

    def make(role: str) -> dict[str, str]:
        secret = Token.make(make_account(role, PASSWORD, [role]), "test", START)
        return {"Authorization": f"Bearer {secret}"}

    return make


def body(force: InForce, **changes: Any) -> dict[str, Any]:
    """Return a call as another system sends it."""
    usual = {"key": str(uuid.uuid4()), "call_class": "help", "atom": force.plan.atoms[0], "received": START.isoformat()}
    return usual | changes


def test_a_call_sent_twice_is_one(system: Callable[..., Any], force: InForce) -> None:
    """The same key gives the same number, and one call is open."""
    from django.test import Client

    headers, sent = system("dispatcher"), body(force)
    client = Client()
    answers = [client.post("/api/calls", sent, content_type="application/json", headers=headers).json() for _ in range(2)]
    assert answers[0] == answers[1]
    listed = client.get("/api/calls", headers=headers).json()
    assert [call["number"] for call in listed] == [answers[0]["number"]]


def test_wrong_calls_are_refused_in_words(system: Callable[..., Any], force: InForce) -> None:
    """An unknown place, and a time without zone, are 422 with code and field; no token is 401, no right 403."""
    from django.test import Client

    client, headers = Client(), system("dispatcher")
    wrong = client.post("/api/calls", body(force, atom="nowhere"), content_type="application/json", headers=headers)
    assert (wrong.status_code, wrong.json()[0]["code"]) == (422, "unknown-atom")
    bare = body(force, received="2026-03-04T10:00:00")
    assert client.post("/api/calls", bare, content_type="application/json", headers=headers).json()[0]["code"] == "no-time-zone"
    assert client.post("/api/calls", body(force), content_type="application/json").status_code == 401
    planner = system("planner")
    assert client.post("/api/calls", body(force), content_type="application/json", headers=planner).status_code == 403


def test_a_zone_that_no_database_knows_is_understood(system: Callable[..., Any], force: InForce) -> None:
    """A time may be told in any zone there can be; it is kept as the moment it is."""
    from django.test import Client

    client = Client()
    odd = START.astimezone(timezone(timedelta(hours=-16, minutes=-27))).isoformat()
    sent = body(force, received=odd)
    kept = client.post("/api/calls", sent, content_type="application/json", headers=system("dispatcher")).json()
    assert datetime.fromisoformat(kept["received"]) == START
    assert client.get("/api/log.parquet", {"since": odd}, headers=system("inspector")).status_code == 200


def test_an_ended_token_opens_nothing(system: Callable[..., Any], force: InForce) -> None:
    """A token that has ended, or whose account has, is refused."""
    from django.test import Client

    from qinwu.board.models import Token

    headers = system("dispatcher")
    Token.objects.update(ended=START)
    assert Client().get("/api/calls", headers=headers).status_code == 401


def test_the_log_goes_back_into_a_station(system: Callable[..., Any], force: InForce, tmp_path: Path) -> None:
    """A call from ring to free, exported, is read as a call file with every stamp in its place and nothing rejected."""
    from django.test import Client

    from qinwu.board.dispatch import sendings
    from qinwu.station.reading import read_calls

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    for minutes, stamp in enumerate(sendings.STAMPS, start=1):
        with clock(START + timedelta(minutes=minutes)):
            sendings.stamp(sending, stamp, "tester")
    sendings.close(call, "handled", "tester")
    answer = Client().get("/api/log.parquet", headers=system("inspector"))
    table = pl.read_parquet(BytesIO(answer.content))
    assert table["call_id"].to_list() == [call.number]
    (tmp_path / "log.parquet").write_bytes(answer.content)
    config = force.station.config
    files = config.files.model_copy(update={"calls": ("log.parquet",)})
    read = read_calls(tmp_path, config.model_copy(update={"files": files}), force.station.area, START + timedelta(hours=1))
    assert (len(read.table), len(read.rejected)) == (1, 0)
    assert read.table.select("arrived", "cleared").row(0) == table.select("arrived", "cleared").row(0)


@pytest.mark.parametrize("written", [0, 1.5e9, "1741046400", " 0.0", "-1e3"])
def test_a_bare_number_is_no_time(system: Callable[..., Any], force: InForce, written: object) -> None:
    """Seconds since some year are 422 wherever a time is asked for: nobody knows in which zone they were meant."""
    from django.test import Client

    client, desk = Client(), system("dispatcher")
    assert (
        client.post("/api/calls", body(force, received=written), content_type="application/json", headers=desk).status_code == 422
    )
    inspector = system("inspector")
    for address in ("/api/log.parquet", "/api/tables/calls.csv"):
        assert client.get(address, {"until": str(written)}, headers=inspector).status_code == 422, address


def test_a_nul_character_is_told_as_a_problem(system: Callable[..., Any], force: InForce) -> None:
    """Other systems read the refusal in the form of all problems, and the description names it."""
    from django.test import Client

    client, inspector = Client(), system("inspector")
    told = client.get("/api/log.parquet?until=%00", headers=inspector)
    assert (told.status_code, told.json()[0]["code"]) == (400, "nul-character")
    described = client.get("/api/openapi.json").json()["paths"]["/api/log.parquet"]["get"]["responses"]
    assert "400" in described
