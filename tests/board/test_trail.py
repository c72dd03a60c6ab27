"""The trail: a chain without gap, broken by any change that did not come through it; reading is written too."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce


def test_every_entry_is_in_its_place(force: InForce) -> None:
    """Entries count from 1 and each holds the hash of the one before."""
    from qinwu.board import trail
    from qinwu.board.models import TrailEntry

    for n in range(5):
        trail.record("tester", "note", str(n), value=n)
    assert trail.verify() == trail.Verified(6, None)
    entries = list(TrailEntry.objects.all())
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert all(one.hash == other.before for one, other in pairwise(entries))


@pytest.mark.parametrize("change", ["value", "removed", "actor"])
def test_a_change_breaks_the_chain_where_it_was_made(force: InForce, change: str) -> None:
    """A changed value, another actor, a removed entry: the first entry that no longer holds is named."""
    from qinwu.board import trail
    from qinwu.board.models import TrailEntry

    for n in range(5):
        trail.record("tester", "note", str(n), value=n)
    third = TrailEntry.objects.filter(number=4)
    if change == "removed":
        third.delete()
    else:
        third.update(**({"content": '{"value": 99}'} if change == "value" else {"actor": "somebody else"}))
    assert trail.verify().broken_at == 4


def test_what_fails_leaves_no_entry(force: InForce) -> None:
    """A call that is refused is not in the trail; one that is kept is, with its values."""
    from qinwu.board.models import TrailEntry
    from qinwu.findings import QinwuError

    with pytest.raises(QinwuError):
        taken(force, atom="nowhere")
    assert not TrailEntry.objects.filter(action="call.take").exists()
    call = taken(force)
    assert TrailEntry.objects.get(action="call.take").subject == call.number


def test_looking_is_written(seat: Callable[..., Client], force: InForce) -> None:
    """Who opens a call is in the trail, and so is the inspector who reads it; the button says that the chain holds."""
    from qinwu.board.models import TrailEntry

    call = taken(force)
    seat("officer").get(f"/calls/{call.number}")
    inspector = seat("inspector")
    assert "call.view" in inspector.get("/trail").content.decode()
    assert "every one in its place" in inspector.post("/trail/verify").content.decode()
    actions = list(TrailEntry.objects.values_list("action", flat=True))
    assert {"call.view", "trail.view", "trail.verify"} <= set(actions)


def filled(force: InForce) -> None:
    """Write entries of two actors about two calls, with words that are hard to write down."""
    from qinwu.board import trail

    for n in range(6):
        action = ("call.take", "call.view", "sending.stamp")[n % 3]
        trail.record(f"actor-{n % 2}", action, f"call-{n % 2}", said='“引号”, "quotes"\nline 2', n=n)


def test_the_trail_is_searched(seat: Callable[..., Client], force: InForce) -> None:
    """Subject, actor, action, its first word and span narrow the entries; a span that ends before it begins is refused."""
    from qinwu.board.oversight.trail_search import Asked, find

    filled(force)
    assert find(Asked(subject="call-1")).count() == 3
    assert find(Asked(subject="call-1", actor="actor-0")).count() == 0
    assert find(Asked(action="call")).count() == 4
    assert find(Asked(action="sending.stamp")).count() == 2
    desk = seat("inspector")
    page = desk.get("/trail?actor=actor-1&action=call").content.decode()
    assert "call-1" in page
    assert "sending.stamp</td>" not in page
    assert desk.get("/trail?since=2026-03-04T12:00&until=2026-03-04T11:00").status_code == 422
    assert desk.get("/trail?since=yesterday").status_code == 422
    assert desk.get("/trail?below=x").status_code == 422
    assert "actor-1" not in desk.get("/trail?until=2020-01-01").content.decode().split("<tbody>")[1]


def test_pages_hold_every_entry_once(force: InForce) -> None:
    """Going from the newest page to the older ones and back meets each entry once, in order."""
    from qinwu.board import trail
    from qinwu.board.oversight import trail_search
    from qinwu.board.oversight.trail_search import Asked, page

    for n in range(2 * trail_search.PAGE + 5):
        trail.record("tester", "note.make", str(n))
    first = page(Asked(action="note"))
    second = page(Asked(action="note"), below=first.older)
    third = page(Asked(action="note"), below=second.older)
    numbers = [entry.number for one in (first, second, third) for entry in one.entries]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == first.count == 2 * trail_search.PAGE + 5
    assert (first.newer, third.older) == (0, 0)
    assert page(Asked(action="note"), above=third.entries[0].number).entries == second.entries


@pytest.mark.parametrize("change", ["none", "content", "actor", "taken out"])
def test_an_export_is_verified_by_the_lines_on_the_page(
    seat: Callable[..., Client], force: InForce, tmp_path: Path, change: str
) -> None:
    """The program shown, run alone, passes an export as it is, and names the first entry that was changed."""
    from qinwu.board.oversight.trail_search import VERIFY

    filled(force)
    text = seat("inspector").get("/trail/export?format=jsonl").content.decode()
    lines = text.splitlines()
    assert len(lines) == 7
    if change == "content":
        lines[3] = lines[3].replace('\\"n\\": 2', '\\"n\\": 3')
    elif change == "actor":
        lines[3] = lines[3].replace("actor-0", "actor-1")
    elif change == "taken out":
        entry, after = json.loads(lines[3]), json.loads(lines[4])
        lines[4] = json.dumps(after | {"number": entry["number"]}, ensure_ascii=False)
        del lines[3]
    file, program = tmp_path / "trail.jsonl", tmp_path / "verify.py"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    program.write_text(VERIFY, encoding="utf-8")
    told = subprocess.run([sys.executable, str(program), str(file)], capture_output=True, text=True, check=False)
    assert (told.returncode == 0) == (change == "none"), told.stderr
    assert change == "none" or "entry 4" in told.stderr


def test_an_export_is_an_entry_and_csv_holds_the_same(seat: Callable[..., Client], force: InForce) -> None:
    """Taking entries out is written with the last number and hash that were in the file; the CSV has every hash as it is."""
    from qinwu.board.models import TrailEntry
    from qinwu.board.trail import hash_of

    filled(force)
    desk = seat("inspector")
    answer = desk.get("/trail/export?format=csv&actor=actor-1")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [row["actor"] for row in rows] == ["actor-1"] * 3
    for row in rows:
        fields = (int(row["number"]), *(row[name] for name in ("at", "actor", "action", "subject", "content", "before")))
        assert row["hash"] == hash_of(fields)
    entry = TrailEntry.objects.get(action="trail.export")
    said = json.loads(entry.content)
    assert (said["asked"]["actor"], said["entries"], said["last_hash"]) == ("actor-1", 3, rows[-1]["hash"])
    assert desk.get("/trail/export?format=pdf").status_code == 422
    assert seat("chief").get("/trail/export?format=csv").status_code == 403


def test_the_handbook_shows_the_same_program(force: InForce) -> None:
    """What the handbook tells people to run is what the page shows and the test above runs."""
    from qinwu.board.oversight.trail_search import VERIFY

    page = Path(__file__).parents[2] / "docs" / "how-to" / "oversee-a-station.md"
    assert VERIFY in page.read_text(encoding="utf-8")
