"""Tables: everything the board keeps can be taken out by those who may have it, and the calls go back into a station."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.board.conftest import START, clock
from tests.board.test_api import system
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Call

HOUR = timedelta(hours=1)
__all__ = ["system"]


def driven(force: InForce, **changes: Any) -> Call:
    """Take a call, send the crew proposed, stamp it through and close it."""
    from qinwu.board.dispatch import sendings

    call = taken(force, **changes)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    for minutes, stamp in enumerate(sendings.STAMPS, start=1):
        with clock(START + timedelta(minutes=minutes)):
            sendings.stamp(sending, stamp, "tester")
    sendings.close(call, "handled", "tester")
    return call


def user_of(client: Any) -> Any:
    """Return the account of a client."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=client.session["_auth_user_id"])


def test_every_model_is_a_table_with_words(force: InForce) -> None:
    """Each table of the board has a name, a title and a word for each column; a digest is in none of them."""
    from django.apps import apps

    from qinwu.board.oversight.table_words import FIELDS, TITLES
    from qinwu.board.oversight.tables import COLUMNS, tables

    found = tables()
    assert {table.model for table in found.values()} == set(apps.get_app_config("board").get_models())
    names = {column.name for table in found.values() for column in table.columns} | {
        one for each in COLUMNS.values() for one in each
    }
    assert [name for name in sorted(names) if name not in FIELDS] == []
    assert [name for name in found if name not in TITLES] == []
    assert not names & {"digest", "password", "secret", "session_data"}
    assert {"calendar_key", "token", "trail_entry"} <= found.keys()


PLANNER = {
    "booking", "bulletin", "call_entries", "calls", "campaign", "equipment", "equipment_need", "feedback", "handover", "job",
    "link", "sending", "service_point", "stages", "system_in_force", "task", "task_template", "ticket",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "left_out"), [("chief", set()), ("inspector", set()), ("planner", None), ("officer", "all"), ("sergeant", "all")]
)
def test_who_may_take_out_what(seat: Callable[..., Client], force: InForce, role: str, left_out: Any) -> None:
    """Chief and inspector take out every table, a planner none about persons, others none at all; the page says no more."""
    from qinwu.board.oversight.tables import open_to, tables

    client = seat(role)
    may = set(open_to(user_of(client)))
    everything = {"calls", "stages", *tables()}
    assert may == (set() if left_out == "all" else PLANNER if left_out is None else everything)
    for name in everything:
        status = client.get(f"/tables/{name}.csv").status_code
        assert status == (200 if name in may else 404 if left_out != "all" else 403), name


def test_a_planner_is_not_told_who(seat: Callable[..., Client], force: InForce) -> None:
    """Tables open to a planner have no column that says which officer or account; the chief's have it."""
    from qinwu.board.oversight.tables import Span, frame_of

    planner, chief = user_of(seat("planner")), user_of(seat("chief"))
    columns = {name: set(frame_of(force, planner, name, Span()).columns) for name in PLANNER}
    assert not set.union(*columns.values()) & {"officer", "by", "done_by", "opened_by", "taken_by", "signed_by", "asked_by", "user"}
    assert {"officer", "done_by"} <= set(frame_of(force, chief, "task", Span()).columns)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_the_calls_pass_the_check(
    seat: Callable[..., Client], force: InForce, station_folder: Path, tmp_path: Path, kind: str
) -> None:
    """The calls taken out, put into a copy of the station as its only call file, pass `qinwu check` with every stamp."""
    from qinwu.station.folder import read_station

    call = driven(force)
    driven(force, atom=force.plan.atoms[3])
    copy = tmp_path / "station"
    shutil.copytree(station_folder, copy, ignore=shutil.ignore_patterns("board", "calls.csv"))
    (copy / f"calls.{kind}").write_bytes(seat("chief").get(f"/tables/calls.{kind}").content)
    toml = copy / "station.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('["calls.csv"]', f'["calls.{kind}"]'), encoding="utf-8")
    station = read_station(copy)
    assert (len(station.calls), len(station.calls.rejected)) == (2, 0)
    assert [one for one in station.calls.findings if one.severity == "error"] == []
    row = station.calls.table.row(0, named=True)
    assert row["call_id"] == call.number
    assert row["arrived"] == START + timedelta(minutes=3)


def test_spans_formats_and_the_trail(seat: Callable[..., Client], force: InForce) -> None:
    """A span chooses rows by the station's days; each file is an entry of the trail; CSV opens in a spreadsheet harmlessly."""
    from qinwu.board.dispatch.sendings import send
    from qinwu.board.models import TrailEntry

    chief = seat("chief")
    call = taken(force)
    other = proposed(force, call).going[0].order
    send(force, call, [type(other)(other.crew, other.tier, other.way_s, proposed=False)], "tester", '=HYPERLINK("x")')
    none = chief.get("/tables/call_entries.parquet?until=2026-03-03")
    assert len(pl.read_parquet(BytesIO(none.content))) == 0
    day = chief.get("/tables/call_entries.parquet?since=2026-03-04&until=2026-03-04")
    assert pl.read_parquet(BytesIO(day.content))["number"].to_list() == [call.number]
    text = chief.get("/tables/sending.csv").content
    assert text.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK" in text.decode()
    assert call.number in text.decode()
    entries = TrailEntry.objects.filter(action="table.export")
    assert [entry.subject for entry in entries] == ["call_entries", "call_entries", "sending"]
    assert '"rows": 1' in entries[1].content


def test_a_workbook_speaks_the_readers_language(seat: Callable[..., Client], force: InForce) -> None:
    """Headers of a workbook are words, those of the call file are what a station reads."""
    from openpyxl import load_workbook

    from qinwu.board.models import Member

    chief = seat("chief")
    taken(force)
    Member.objects.update(language="zh")
    sheet = load_workbook(BytesIO(chief.get("/tables/call_entries.xlsx").content)).active
    assert [cell.value for cell in sheet[1]][2:5] == ["编号", "接警时间", "录入时间"]
    calls = load_workbook(BytesIO(chief.get("/tables/calls.xlsx").content)).active
    assert [cell.value for cell in calls[1]][:2] == ["call_id", "received"]


def test_wrong_questions_are_told(seat: Callable[..., Client], force: InForce) -> None:
    """No such table, no such format, a day that is none, an end before its start: told on the page with what was typed."""
    chief = seat("chief")
    assert chief.get("/tables/session.csv").status_code == 404
    assert chief.get("/tables/calls.exe").status_code == 404
    assert chief.get("/tables/calls").status_code == 404
    page = chief.get("/tables/calls.csv?since=soon")
    assert page.status_code == 422
    assert "soon is no day" in page.content.decode()
    assert chief.get("/tables/calls.csv?since=2026-03-05&until=2026-03-04").status_code == 422
    listed = chief.get("/tables").content.decode()
    assert "28 tables" in listed or "tables with" in listed


def test_other_systems_take_tables_too(system: Callable[..., Any], force: InForce) -> None:
    """With a token the same tables come by the same rights; without it none."""
    from django.test import Client

    call, client = driven(force), Client()
    planner = system("planner")
    answer = client.get("/api/tables/calls.parquet?since=2026-03-04", headers=planner)
    assert pl.read_parquet(BytesIO(answer.content))["call_id"].to_list() == [call.number]
    assert client.get("/api/tables/absence.csv", headers=planner).status_code == 404
    assert client.get("/api/tables/calls.csv?since=2026-03-05&until=2026-03-04", headers=planner).status_code == 422
    assert client.get("/api/tables/calls.csv", headers=system("officer")).status_code == 403
    assert client.get("/api/tables/calls.csv").status_code == 401
