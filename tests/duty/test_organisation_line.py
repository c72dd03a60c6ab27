"""Line of command: one line from the officer up, whoever heads something has it under, not above."""

from __future__ import annotations

from qinwu.duty.organisation.line import Stands, common, layers, line_of, spans
from qinwu.duty.system import DutySystem
from qinwu.station.toml_file import validate

CHART = {
    "id": "chart",
    "name": {"zh": "图"},
    "unit": [
        {"id": "bureau", "name": {"zh": "局"}, "level": "bureau", "head": "P00"},
        {"id": "sub", "name": {"zh": "分局"}, "level": "sub_bureau", "parent": "bureau", "relation": "guide"},
        {"id": "station", "name": {"zh": "所"}, "level": "station", "parent": "sub", "head": "P01"},
    ],
    "squad": [
        {"id": "community", "name": {"zh": "社区"}, "function": "community", "head": "P02"},
        {"id": "patrol", "name": {"zh": "巡逻"}, "function": "patrol"},
    ],
    "beat": [{"id": name, "officer": officer} for name, officer in (("B1", "P03"), ("B2", "P04"), ("B3", "P05"))],
    "sector": [{"id": "S1", "name": {"zh": "一区"}, "beats": ["B1", "B2"], "sergeant": "P03"}],
}
WHERE = {
    "P01": Stands((), "", "station"),
    "P02": Stands((), "community", "station"),
    "P03": Stands(("B1",), "community", "station"),
    "P04": Stands(("B2",), "community", "station"),
    "P05": Stands(("B3",), "community", "station"),
    "P06": Stands((), "patrol", "station"),
}


def chart() -> DutySystem:
    """Return the chart."""
    return validate(CHART, DutySystem, "chart.toml")


def line(officer: str) -> list[str]:
    """Return who stands above an officer, by id."""
    return [rung.id for rung in line_of(chart(), officer, WHERE[officer])]


def test_everybody_has_one_line() -> None:
    """Officer, sergeant, head of the squad, chief, and the unit above; each leader begins above what they lead."""
    assert line("P04") == ["S1", "community", "station", "sub"]
    assert line("P03") == ["community", "station", "sub"]
    assert line("P02") == ["station", "sub"]
    assert line("P01") == ["sub"]
    assert line("P05") == ["community", "station", "sub"]
    assert line("P06") == ["station", "sub"]


def test_who_is_only_guided_is_not_commanded() -> None:
    """The bureau guides the sub-bureau: no line of command goes through there."""
    assert "bureau" not in line("P04")


def test_a_unit_nobody_describes_is_still_above() -> None:
    """A chart without units has the station above everybody."""
    bare = validate({"id": "bare", "name": {"zh": "无"}}, DutySystem, "bare.toml")
    assert [rung.id for rung in line_of(bare, "P09", Stands((), "", "station"))] == ["station"]


def test_nobody_is_above_the_empty_name() -> None:
    """An order to a squad without a head goes to the unit: an empty name heads nothing."""
    assert [rung.id for rung in line_of(chart(), "", Stands((), "patrol", "patrol"))] == ["station", "sub"]


def test_the_nearest_above_two() -> None:
    """Within a sector the sergeant; with the sergeant as a party, or across sectors, whoever is next above both."""
    lines = {name: line_of(chart(), name, stands) for name, stands in WHERE.items()}
    assert common([lines["P04"], lines["P03"]])[0].id == "community"
    assert common([lines["P04"], lines["P06"]])[0].id == "station"
    assert common([]) == ()


def test_layers_and_spans() -> None:
    """Four layers from officer to chief; the head of the squad leads the sergeant and the officer of no sector."""
    lines = {name: line_of(chart(), name, stands) for name, stands in WHERE.items()}
    assert layers(lines, "station") == 4
    assert layers({}, "station") == 1
    assert {one.rung.id: one.officers for one in spans(lines)} == {
        "community": ("P03", "P05"),
        "station": ("P02", "P06"),
        "S1": ("P04",),
        "sub": ("P01",),
    }
