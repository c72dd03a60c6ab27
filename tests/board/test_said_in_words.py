"""Said in words: crews, keys of duty files and actions of the trail, where people read; ids stay in forms, files and exports."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]


def test_a_crew_is_called_by_its_beat_or_squad(force: InForce) -> None:
    """No name is an id in disguise, no two are alike, and a crew nobody knows keeps its id."""
    from qinwu.board.crew_names import CrewNames, crew_names

    for language in ("zh", "en"):
        names = crew_names(force, language)
        assert set(names) == {label.id for label in force.plan.crews}
        assert len(set(names.values())) == len(names)
        assert all(names[label.id] != label.id for label in force.plan.crews if label.officers)
    assert CrewNames("zh")("gone-X9") == "gone-X9"


def test_pages_name_crews_and_forms_keep_ids(force: InForce, seat: Seat) -> None:
    """The proposal shows the name of a crew and sends its id; the board and the day show names only."""
    from qinwu.board.crew_names import CrewNames

    call = taken(force)
    desk, crew = seat("dispatcher"), proposed(force, call).going[0].crew
    page = desk.get(f"/calls/{call.number}").content.decode()
    assert f'value="{crew}"' in page
    assert f">{CrewNames('en')(crew)}</label>" in page
    assert f"<b>{crew}</b>" not in desk.get("/").content.decode()


def test_keys_of_duty_files_are_said_in_words(force: InForce) -> None:
    """An item is called by its name, a field by its word; what has no word stays as it is written."""
    from qinwu.board.plans.difference_words import key_words, value_words

    system = force.loaded.system
    squad = system.squad[0]
    named = squad.name.in_language("en")
    assert key_words(f"squad[{squad.id}].line", system, system, "en") == f"Squad {named}: commanded or asked"
    assert key_words("beats_per_officer", system, system, "en") == "Beats per officer"
    assert key_words("new_field", system, system, "en") == "new_field"
    assert value_words("squad[x].line", "command", system, "en") == "commanded"
    assert value_words("crews[x].squad", squad.id, system, "en") == named
    assert value_words("dispatch.levels", 2, system, "en") == "2"
    assert value_words("dispatch.order[all].support", [], system, "en") == "–"


def test_the_trail_is_said_in_words(force: InForce, seat: Seat) -> None:
    """Action, keys and values; the export keeps what the chain was made from."""
    from qinwu.board import trail

    trail.record("somebody", "sending.stamp", "20260304-0001", stamp="arrived", crew="gone-X9", at="2026-03-04T02:00:00+00:00")
    desk = seat("inspector")
    page = desk.get("/trail").content.decode()
    assert "Crew sent: stamped" in page
    assert "arrived" in page
    assert "2026-03-04 10:00:00" in page
    assert "{&#34;" not in page
    assert '"action": "sending.stamp"' in desk.get("/trail/export?format=jsonl").content.decode()


def test_every_action_has_its_words() -> None:
    """No action that the board writes is shown as the program writes it."""
    from qinwu.board.oversight.trail_words import ACTS, KINDS

    source = "\n".join(path.read_text(encoding="utf-8") for path in (Path("src") / "qinwu" / "board").rglob("*.py"))
    written = set(re.findall(r'record\(\s*[^,]+,\s*"([a-z]+)\.([a-z_]+)"', source))
    assert len(written) > 40
    assert [f"{kind}.{act}" for kind, act in written if kind not in KINDS or act not in ACTS] == []


@pytest.mark.parametrize(("role", "begins"), [("chief", "/"), ("administrator", "/accounts")])
def test_an_account_begins_where_it_may_be(force: InForce, seat: Seat, role: str, begins: str) -> None:
    """After logging in nobody meets a refusal, and the name of the board leads back there."""
    from django.test import Client

    from tests.board.conftest import PASSWORD

    seat(role)
    desk = Client()
    assert desk.post("/login", {"username": role, "password": PASSWORD}).headers["Location"] == begins
    page = desk.get(begins)
    assert page.status_code == 200
    assert f'class="home" href="{begins}"' in page.content.decode()


def test_only_officers_are_led_to_a_score_of_their_own(force: InForce, seat: Seat) -> None:
    """An account that is no officer has no entry for a page that would be empty."""
    officer = next(iter(force.sworn))
    assert 'href="/my-score"' in seat("officer", officer).get("/today").content.decode()
    assert 'href="/my-score"' not in seat("chief").get("/today").content.decode()


def test_the_trail_says_values_in_words(force: InForce, seat: Seat) -> None:
    """What a call was about and how it was closed stand in the reader's words, not as they are kept."""
    call = taken(force)
    form = {"result": "nothing_found", "missing": "nobody went"}
    assert seat("dispatcher").post(f"/calls/{call.number}/close", form).status_code == 302
    page = seat("inspector").get(f"/trail?subject={call.number}").content.decode()
    assert "nothing found" in page
    assert "nothing_found" not in page
    assert force.classes[call.call_class].name.in_language("en") in page
