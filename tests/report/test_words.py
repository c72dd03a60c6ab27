"""Words: people's units, whole sentences, both languages complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import qinwu.report
from qinwu.language import translate
from qinwu.report.account import assumptions, data_health, method
from qinwu.report.described import describe
from qinwu.report.table import GROUPS
from qinwu.report.titles import Titles, worst_window
from qinwu.report.words import UNITS, Speaker, number
from qinwu.simulate.outcome import Interval, catalogue
from tests.report.reports import small_report, with_assumption

ROOM = Path(qinwu.report.__file__).parent


def marked_in_code() -> Iterator[str]:
    """Yield every text marked for the catalogue in the room's modules."""
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                yield ast.literal_eval(node.args[0])


def marked_in_templates() -> Iterator[str]:
    """Yield every text marked for the catalogue in the room's templates."""
    for path in (ROOM / "templates").glob("*.j2"):
        yield from re.findall(r'_\("([^"]+)"', path.read_text(encoding="utf-8"))


def test_every_text_has_its_chinese() -> None:
    """No text of the room is left untranslated, and no place in a text is lost or added."""
    texts = {*marked_in_code(), *marked_in_templates()}
    assert len(texts) > 150
    assert [text for text in sorted(texts) if translate(text, "zh") == text] == []
    for text in texts:
        assert set(re.findall(r"\{\w+\}", translate(text, "zh"))) == set(re.findall(r"\{\w+\}", text)), text


def test_every_unit_is_known() -> None:
    """Every unit of the catalogue of measures has a human form, every measure of the table a description."""
    assert {entry.unit for entry in catalogue().values()} <= set(UNITS)
    assert {key.measure for _, keys in GROUPS for key in keys} <= set(catalogue())


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [("response_s", 594.0, "9.9 min"), ("within_limit", 0.123, "12.3%"), ("beat_unattended_min", 90.0, "1.5 h a day")],
)
def test_figures_come_in_human_units(measure: str, value: float, said: str) -> None:
    """Seconds become minutes, shares per cent, minutes a day hours a day."""
    assert Speaker("en").amount(measure, value) == said


def test_numbers_have_real_signs() -> None:
    """A minus is a minus, and nothing has no sign."""
    assert number(-2.5, 1) == "−2.5"
    assert number(-0.01, 1, signed=True) == "0.0"
    assert number(12345.6, 1) == "12,346"


def test_interval_without_chance_is_not_told() -> None:
    """A figure that chance has no part in has no interval."""
    assert Speaker("en").range("duty_hours", Interval(42.0, 42.0, 42.0)) == "–"
    assert Speaker("en").range("response_s", Interval(90.0, 60.0, 120.0), signed=True) == "+1.0 to +2.0"


def test_systems_are_described_from_file_and_plan() -> None:
    """Each system tells its squads, its hours and who goes, with what the plan says it costs."""
    found = describe(small_report(), "en")
    assert [each.id for each in found] == ["solo", "quarters", "pool"]
    assert found[0].facts[0] == "Community: 4 crews, 4 officers"
    assert found[0].rules[0].calls == "all calls"
    assert (
        found[0].rules[0].steps[1].endswith("(after 5 min, hand-over 2 min, refused with a chance of 30%, asked again after 5 min)")
    )
    assert found[2].rules[0].steps == ("any crew of the station",)


def test_shared_assumptions_are_told_once() -> None:
    """An assumption shows who makes it, why, and its source; the station's own come first."""
    rows = assumptions(with_assumption(small_report(), "a guess"), "en")
    assert (rows[0].who, rows[0].key, rows[0].why, rows[0].source) == ("the station", "travel.speed_kmh", "a guess", "assumption")
    assert [(row.who, row.why) for row in rows[1:]] == [("Solo (today)", "Five minutes, estimated")]


def test_effects_of_training_stand_among_the_assumptions() -> None:
    """A declared effect is told with its factor, how many are trained, what trials count, and its source."""
    from dataclasses import replace

    from qinwu.duty.system import TrainingEffect

    report = small_report()
    effect = TrainingEffect(id="law", skill="law", factor=0.9, source="own record, 2025")
    dispatch = report.systems[1].dispatch.model_copy(update={"training": (effect,)})
    systems = (report.systems[0], report.systems[1].model_copy(update={"dispatch": dispatch}), *report.systems[2:])
    row = next(one for one in assumptions(replace(report, systems=systems), "en") if one.key == "dispatch.training.law")
    assert row.source == "own record, 2025"
    assert row.why.startswith("Officers trained in law take 0.9 times as long; 0 of ")
    assert row.why.endswith("in crews are: trials count 1.000.")


def test_health_accounts_for_every_row() -> None:
    """Rows read are rows used and rows left out."""
    found = data_health(small_report(), "zh")
    assert found.read == found.used + found.left_out == 600


def test_method_says_seed_and_replications() -> None:
    """How it was computed names replications, length, seed and kind of calls."""
    said = " ".join(method(small_report(), "en"))
    assert "3 replications of 2 weeks each, seed 7" in said
    assert "whole weeks drawn at random" in said
    assert "right-angled distance" in said


def test_titles_state_findings() -> None:
    """Titles carry figures of the comparison."""
    titles = Titles(small_report(), "en")
    assert re.search(r"\d|No alternative", titles.gains())
    for title in (titles.clock(), titles.officers(), titles.work(), titles.gaps(), titles.curve(1, 5.0)):
        assert re.search(r"\d", title), title


def test_worst_window_wraps_midnight() -> None:
    """Three bad hours around midnight are found as one."""
    week = [0.5 if hour % 24 in (23, 0, 1) else 0.1 for hour in range(168)]
    start, share = worst_window(week)
    assert start == 23
    assert share == pytest.approx(0.5)
