"""Capability: what auxiliaries and partners may never take, and which partners of a duty file may take a call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qinwu.duty.capability import auxiliary_limit, partner_limit, partners_for
from qinwu.duty.reading import read_system
from qinwu.duty.rules import check_system
from qinwu.station.config import CallClass, Text
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample


def call_class(kind: Any, priority: Any = 4) -> CallClass:
    """Return a class of calls of a kind."""
    return CallClass(id="c", name=Text(zh="类"), kind=kind, priority=priority)


@pytest.mark.parametrize("with_sworn", [True, False])
def test_auxiliaries_never_enforce(with_sworn: bool) -> None:
    """Whoever is there, a crew of auxiliaries only does not go to enforcement."""
    assert auxiliary_limit(call_class("enforcement"), with_sworn=with_sworn) == "enforcement"


def test_auxiliaries_act_under_a_sworn_officer() -> None:
    """Elsewhere they go where a sworn officer is, and only there."""
    assert auxiliary_limit(call_class("service"), with_sworn=True) is None
    assert auxiliary_limit(call_class("service"), with_sworn=False) == "without_sworn"


@pytest.mark.parametrize(
    ("kind", "priority", "limit"),
    [
        ("enforcement", 4, "enforcement"),
        ("traffic", 4, "for_police"),
        ("venue", 4, "for_police"),
        ("service", 2, "urgent"),
        ("service", 3, None),
        ("non_police", 4, None),
        ("dispute", 3, None),
    ],
)
def test_what_partners_may_take(kind: str, priority: int, limit: str | None) -> None:
    """Nothing urgent, no enforcement, no traffic, no regulated trade."""
    assert partner_limit(call_class(kind), priority) == limit


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the 13-person station."""
    made = tmp_path_factory.mktemp("partners") / "station13"
    write_sample(made, "station13", 2024)
    return made


def test_a_partner_takes_only_what_its_filter_fits(folder: Path) -> None:
    """The service line of the sample takes calls that need no police, and no others."""
    system = read_system("one_beat", folder).system
    assert [one.id for one in partners_for(system, call_class("non_police"), 4)] == ["service_line"]
    assert list(partners_for(system, call_class("service"), 4)) == []


def test_a_file_that_hands_enforcement_over_is_refused(folder: Path) -> None:
    """Every such class is named: an error for enforcement, a warning for what is urgent or of traffic."""
    text = '[[dispatch.hand_off]]\nid = "guards"\nshare = 0.5\nto = { zh = "保安公司", en = "a guard company" }\n'
    head = 'id = "unlawful"\nname = { zh = "违法" }\nextends = ["one_beat"]\n'
    (folder / "duty" / "unlawful.toml").write_text(head + text, encoding="utf-8")
    found = [one for one in check_system(read_station(folder), read_system("unlawful", folder)) if "unlawfully" in one.code]
    severities = {one.severity for one in found}
    assert severities == {"error", "warning"}
    fight = next(one.text("en") for one in found if "Fight" in one.text("en"))
    assert "a guard company is handed calls of the class Fight. Enforcement is for sworn officers" in fight


def test_filters_of_hand_offs_name_known_calls(folder: Path) -> None:
    """A misspelt class in a hand-off is told like one in an order rule."""
    head = 'id = "misspelt"\nname = { zh = "错" }\nextends = ["one_beat"]\n'
    line = '[[dispatch.hand_off]]\nid = "x"\nshare = 0.1\nto = { zh = "x" }\ncalls = { call_class = ["noize"] }\n'
    (folder / "duty" / "misspelt.toml").write_text(head + line, encoding="utf-8")
    found = check_system(read_station(folder), read_system("misspelt", folder))
    assert "noise" in next(one.text("en") for one in found if one.code == "unknown-call-class")
