"""Rules of score sheets: what must not be in a score is refused with its place, whatever the way in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qinwu.findings import QinwuError
from qinwu.judge.score.reading import load_score, read_score
from qinwu.judge.targets.attempts import verify_log
from qinwu.judge.targets.card import Card
from qinwu.judge.targets.reading import SHIPPED, LoadedCard, read_card
from tests.judge.score_cases import BASE, INDICATORS, NIGHT, RULES, SOURCE, SURVEY, VETO, card, indicator


def _codes(score: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with rules, and under which key."""
    with pytest.raises(QinwuError) as caught:
        read_score(card(score))
    return [(one.code, one.place.key) for one in caught.value.findings if one.severity == "error"]


def _with(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**RULES, "line": list(lines), **more}


def test_good_rules_are_read() -> None:
    """Caps default to the weight of the indicator; levels come officers first; nothing is found wrong."""
    loaded = read_score(card())
    assert loaded.rules.levels == ("officer", "beat", "station")
    assert loaded.findings == ()
    assert loaded.rules.factor("P01") is not None
    assert loaded.rules.factor("P02") is None


def test_rules_that_come_with_qinwu_fit_its_card() -> None:
    """The sample rules stand beside the sample card, and their coefficients are marked as samples."""
    shipped = read_card(SHIPPED)
    loaded = load_score(LoadedCard(shipped.card, shipped.file, shipped=True), Path("nowhere"))
    assert loaded is not None
    assert loaded.rules.sample
    assert {one.factor for one in loaded.rules.coefficient} == {1.35, 1.25, 1.2, 0.9, 0.85}
    assert all(one.sample for one in loaded.rules.coefficient)


def test_reference_values_never_enter_a_score() -> None:
    """A line on an indicator that is for guidance is refused (M11)."""
    assert _codes(_with(BASE, {**NIGHT, "indicator": "shown_only"})) == [("reference-in-score", "score.line[1].indicator")]


def test_banned_indicators_are_refused_and_logged(tmp_path: Path) -> None:
    """A line on arrests is refused by the rule that bans it, and so is one whose own words reward them; both are logged."""
    arrests = indicator("arrests", {"table": "calls"}, kind="minimum", minimum=1, target=None, unit={"zh": "人"})
    written = {"name": {"zh": "卡"}, "indicator": [*INDICATORS, arrests]}
    sly = {**NIGHT, "id": "sly", "kind": "bonus", "cap": 5, "text": {"zh": "每抓获一人加分"}, "levels": ["officer"]}
    caught_by = {**NIGHT, "id": "many", "indicator": "arrests", "cap": 5, "levels": ["officer"]}
    score = _with(BASE, sly, caught_by)
    with pytest.raises(QinwuError) as caught:
        load_score(LoadedCard(Card.model_validate({**written, "score": score}), "judge.toml"), tmp_path)
    found = [(one.code, one.place.key) for one in caught.value.findings]
    assert found == [("forbidden-indicator", "score.line[1]"), ("forbidden-indicator", "score.line[2]")]
    log = verify_log(tmp_path)
    assert log.holds
    assert [entry["rule"] for entry in log.entries] == ["arrests", "arrests"]


def test_a_deduction_may_name_what_is_banned_as_a_goal() -> None:
    """Points off for unlawful detention reward nobody for detaining."""
    unlawful = {**NIGHT, "text": {"zh": "违法拘留每起扣分"}}
    assert read_score(card(_with(BASE, unlawful))).rules.line[1].text.zh == "违法拘留每起扣分"


def test_more_points_than_the_sheet_has() -> None:
    """Base lines above the total, and bonus lines above what the sheet adds, are refused; less than the total is only warned of."""
    second = {**BASE, "id": "again", "levels": ["beat"], "cap": 30, "linear": [[0, 0], [100, 30]]}
    assert _codes(_with(BASE, second)) == [("more-points-than-sheet", "score.total")]
    assert _codes(_with(BASE, {**SURVEY, "cap": 12})) == [("more-points-than-sheet", "score.most_bonus")]
    low = {**BASE, "cap": 80, "linear": [[0, 0], [100, 80]]}
    assert [one.code for one in read_score(card(_with(low))).findings] == ["points-out-of-reach"] * 3


def test_points_above_the_cap_of_their_line() -> None:
    """Steps that give more than the cap are refused."""
    steps = {**BASE, "linear": [], "steps": [[50, 60], [80, 120]]}
    assert _codes(_with(steps)) == [("points-above-cap", "score.line[0]")]


def test_a_veto_needs_its_rule_in_words_and_one_condition() -> None:
    """Without a text, with two conditions, or with points, a veto is refused."""
    assert _codes(_with(BASE, {**VETO, "text": {"zh": ""}})) == [("veto-without-text", "score.line[1].text")]
    assert _codes(_with(BASE, {**VETO, "at_most": 3})) == [("veto-without-condition", "score.line[1]")]
    assert _codes(_with(BASE, {**VETO, "each": 1})) == [("veto-without-condition", "score.line[1]")]


def test_surveys_stay_off_officers_and_out_of_vetoes() -> None:
    """A survey line on an officer's sheet is refused (M58), and so is a survey as a veto."""
    assert _codes(_with(BASE, {**SURVEY, "levels": ["beat", "officer"]})) == [("survey-in-officer-score", "score.line[1].levels")]
    veto = {**VETO, "indicator": "", "survey": "safe"}
    assert _codes(_with(BASE, veto)) == [("survey-as-veto", "score.line[1]")]


def test_slips_of_the_pen_are_named_all_at_once() -> None:
    """Unknown indicator, two formulas, values out of order, no cap, a double id, an unknown role: one finding each."""
    lines = (
        BASE,
        {**NIGHT, "indicator": "nightli"},
        {**NIGHT, "id": "two", "steps": [[1, 1]]},
        {**NIGHT, "id": "fall", "each": None, "steps": [[5, 1], [3, 2]]},
        {**NIGHT, "id": "bare", "cap": None},
        {**NIGHT, "id": "bare"},
        {**NIGHT, "id": "none", "indicator": ""},
    )
    found = _codes(_with(*lines, roles={"P02": "expertt"}))
    assert found == [
        ("unknown-indicator", "score.line[1].indicator"),
        ("line-without-formula", "score.line[2]"),
        ("steps-out-of-order", "score.line[3].steps"),
        ("line-without-cap", "score.line[4].cap"),
        ("double-line", "score.line[5].id"),
        ("line-without-number", "score.line[6]"),
        ("unknown-role", "score.roles.P02"),
    ]


def test_keys_of_a_file_of_rules_are_placed_by_line(tmp_path: Path) -> None:
    """A wrong key and a wrong value in score.toml are told with their lines; so is a rule that the checks refuse."""
    text = (
        'name = { zh = "表" }\nsigns = ["所长"]\n\n[[line]]\nid = "day"\nkind = "base"\nindicator = "by_day"\nlevels = ["beat"]\n'
        'linear = [[0, 0], [100, 100]]\napplied_by = "所长"\nsource = { zh = "示例" }\n'
    )
    path = tmp_path / "score.toml"
    path.write_text(text + "bonus = 3\n", encoding="utf-8")
    with pytest.raises(QinwuError) as caught:
        read_score(card(), path)
    assert [(one.code, one.place.row) for one in caught.value.findings] == [("unknown-key", 12)]
    path.write_text(text.replace("by_day", "shown_only"), encoding="utf-8")
    with pytest.raises(QinwuError) as caught:
        read_score(card(), path)
    errors = [one for one in caught.value.findings if one.severity == "error"]
    assert [(one.code, one.place.row) for one in errors] == [("reference-in-score", 7), ("line-without-cap", 4)]


def test_a_card_of_ones_own_without_rules_has_no_sheets(tmp_path: Path) -> None:
    """Qinwu's sample rules never slip beside somebody's own card."""
    own = LoadedCard(Card.model_validate({"name": {"zh": "卡"}, "indicator": INDICATORS}), "judge.toml")
    assert load_score(own, tmp_path) is None
    with pytest.raises(QinwuError, match="no rules for a score sheet"):
        read_score(own)


def test_source_is_required() -> None:
    """A rule without a source is no rule."""
    bare = {key: value for key, value in BASE.items() if key != "source"}
    assert _codes(_with(bare)) == [("missing-key", "score.line[0].source")]
    assert SOURCE["zh"] == "示例"
