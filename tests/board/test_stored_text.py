"""Stored text is never HTML: marks, quotes and braces in every text people type come back as what they are, on every page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.test_doors import OPEN, pages

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce

WORDS_OF_THE_BOARD = [
    "officer",
    "other",
    "owner",
    "crew",
    "other_crew",
    "crews",
    "squad",
    "beat",
    "atom",
    "venue",
    "call_class",
    "kind",
    "state",
    "origin",
    "result",
    "ended",
    "number",
    "digest",
    "checksum",
    "hash",
    "before",
    "action",
    "content",
    "question",
    "language",
    "weekdays",
    "period",
    "act",
    "line",
    "post",
    "business",
    "method",
    "about",
    "role",
    "skill",
    "name",
    "unit",
    "code",
]
"""Fields with ids of the station's files, words from a list, or what the machine wrote: no form takes another text for them."""
ROLES = ("officer", "chief", "inspector", "administrator")
"""Together they may open everything."""
SHORTEST = 40


def fields() -> list[tuple[Any, str, int]]:
    """Return every text field of every table that people write: model, name, greatest length."""
    from django.apps import apps

    return [
        (model, field.name, field.max_length or 400)
        for model in apps.get_app_config("board").get_models()
        for field in model._meta.fields
        if field.get_internal_type() in ("CharField", "TextField") and field.name not in WORDS_OF_THE_BOARD
    ]


def hostile(n: int) -> str:
    """Return text that would run, be computed or break out of an attribute wherever it is not escaped."""
    return f"<script>x{n}()</script>{{{{7*7}}}}\"'><i>"


def filled(force: InForce) -> dict[str, str]:
    """Fill the board with a day of everything, then every text with hostile words; return those by field."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from qinwu.board.demo import day as demo
    from qinwu.board.models import Absence, Handover, Job, Token

    list(demo.make_accounts("en"))
    demo.make_day(force)
    user, at = get_user_model().objects.get(username="chief"), timezone.now()
    Token.make(user, "other", at)
    asked = json.dumps({"systems": [force.station.config.current] * 2, "checksums": ["", ""], "replications": 2, "language": "en"})
    Job.objects.create(kind="compare", question=asked, asked_by="chief", asked_at=at, state="failed", told="x", step="x")
    officer = force.station.force.officers[0].id
    Absence.objects.create(officer=officer, kind="leave", start=at, end=None, asked_by="x", state="asked")
    Handover.objects.create(by="x", note="x", open_calls="", at=at)
    words = {}
    for n, (model, name, most) in enumerate(fields()):
        if most >= SHORTEST:
            text = hostile(n)[:most]
            if model.objects.exclude(**{name: ""}).update(**{name: text}):
                words[f"{model.__name__}.{name}"] = text
    return words


def addresses(numbers: list[str]) -> list[str]:
    """Return the address of every page that can be read, with the keys of things that are there."""
    found = []
    for name, address, _view in pages():
        if name in OPEN or name == "events":
            continue
        keys = numbers if "{number}" in address else ["1", "2"] if "1" in address else [""]
        found += [re.sub(r"(?<=/)1(?=/|$|\.)", key, address).replace("{number}", key) for key in keys]
    return found


@pytest.mark.slow
def test_stored_text_is_never_html(force: InForce) -> None:
    """Every page of every role is opened: nothing hostile is in it as it was typed, most of it is there escaped, none computed."""
    from html import escape

    from django.contrib.auth import get_user_model
    from django.test import Client

    from qinwu.board.models import Call

    words = filled(force)
    assert len(words) > 15
    numbers = [call.number for call in (*Call.objects.filter(closed=None)[:2], *Call.objects.exclude(closed=None)[:2])]
    shown: set[str] = set()
    faults = []
    for role in ROLES:
        client = Client(raise_request_exception=False)
        client.force_login(get_user_model().objects.get(username=role), backend="qinwu.board.access.backend.RoleBackend")
        for address in addresses(numbers):
            answer = client.get(address)
            if answer.status_code >= 500:
                faults.append((role, address, answer.status_code))
            if answer.streaming or not answer["Content-Type"].startswith("text/html"):
                continue
            page = answer.content.decode()
            assert not re.search(r"<script>x\d", page), (role, address)
            assert not re.search(r"/script(>|&gt;)49", page), (role, address)
            assert "\"'><i>" not in page, (role, address)
            shown |= {field for field, text in words.items() if escape(text.split('"')[0]) in page}
    assert faults == []
    assert len(shown) > len(words) / 3, sorted(set(words) - shown)
