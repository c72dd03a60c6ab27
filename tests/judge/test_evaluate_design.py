"""Designs: what cannot be compared is refused, with what it would take; and how registrations bind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.judge.evaluate.design import make_design
from qinwu.judge.evaluate.registering import as_toml, departures, read_registration, register
from tests.judge.evaluation_cases import START, design_of, drawn, panel_of

DAY = date(2026, 1, 5)


def refused(*words: object, **asked: object) -> dict[str, str]:
    """Return what is wrong with a design, by code, in English."""
    with pytest.raises(QinwuError) as raised:
        make_design(*words, **asked)  # type: ignore[arg-type]
    return {finding.code: finding.text("en") for finding in raised.value.findings}


def test_an_unknown_unit_is_guessed() -> None:
    """A treated unit that the file does not have is told with the nearest it has."""
    panel = panel_of(drawn(3).counts, ("North Gate", "South Gate", "Market"))
    assert "Did you mean Market?" in refused(panel, ("Markt",), START)["unknown-unit"]
    assert "It has: North Gate, South Gate, Market." in refused(panel, ("Zzz",), START)["unknown-unit"]


def test_everything_wrong_is_told_at_once() -> None:
    """Unknown units, two roles and a start too early come together."""
    found = refused(drawn(6), ("甲所", "无所"), START - 23, ("甲所",))
    assert set(found) == {"unknown-unit", "two-roles", "too-short-before"}


def test_one_period_before_is_too_few() -> None:
    """One period before is refused and says why and what it would take."""
    told = refused(drawn(6), ("甲所",), START - 23)["too-short-before"]
    assert "1 periods lie before the start" in told
    assert "two years of months" in told


def test_a_start_after_the_file_points_to_plan_and_register() -> None:
    """Nothing can be judged before it happened."""
    assert "--register" in refused(drawn(6), ("甲所",), START + 999)["no-after"]


def test_no_untreated_unit() -> None:
    """All units treated: nobody can say what would have happened."""
    panel = drawn(3)
    assert "best ten or more" in refused(panel, panel.units, START)["no-untreated"]
    assert set(refused(panel, panel.units[:2], START, panel.units[2:])) == {"no-untreated"}


@pytest.mark.parametrize("rows", [[0], [1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]])
def test_only_zeros(rows: list[int]) -> None:
    """A treated place, or all others, without any event cannot be compared."""
    counts = drawn(6).counts.copy()
    counts[rows] = 0.0
    assert set(refused(panel_of(counts), ("甲所",), START)) == {"all-zero"}


def test_nobody_treated() -> None:
    """A reform without a place is none."""
    assert set(refused(drawn(4), (), START)) == {"no-treated"}


def test_named_controls_are_the_only_ones() -> None:
    """--control takes those named; neighbours are never compared with."""
    panel = drawn(8)
    design = make_design(panel, ("甲所",), START, ("乙所",), ("丙所", "丁所", "戊所"))
    assert design.names(design.control) == ("丙所", "丁所", "戊所")
    assert "乙所" not in design_of(panel, buffer=("乙所",)).names(design_of(panel, buffer=("乙所",)).control)


# -- registering -----------------------------------------------------------------------------------------------------


def registered(tmp_path: Path, **changed: object) -> Path:
    """Write a registration of the usual design, before anything was seen."""
    panel = drawn().between(0, 24)
    treated, start = changed.get("treated", ("甲所",)), changed.get("start", START)
    rest = tuple(unit for unit in panel.units if unit not in treated)  # type: ignore[operator]
    path = tmp_path / "registered.toml"
    path.write_text(as_toml(register(panel, treated, rest, (), start, DAY)), encoding="utf-8")  # type: ignore[arg-type]
    return path


def test_a_registration_is_kept_to(tmp_path: Path) -> None:
    """Registered before the start, tested as registered: nothing to say."""
    found = read_registration(registered(tmp_path))
    assert found.seen == 0
    assert departures(found, design_of(drawn())) == ()


def test_what_departs_is_told(tmp_path: Path) -> None:
    """Another treated place, another start and corrected counts are each named."""
    found = read_registration(registered(tmp_path, treated=("乙所",), start=START - 3))
    counts = drawn().counts.copy()
    counts[5, 3] += 1.0
    told = " ".join(each.text("en") for each in departures(found, design_of(panel_of(counts))))
    for part in (
        "of the treated units, 甲所 were added and 乙所 left out",
        "the start was 2021-10, here 2022-01",
        "Counts until 2021-09 are not those",
    ):
        assert part in told
    assert "改革单位增加 甲所，去掉 乙所" in " ".join(each.text("zh") for each in departures(found, design_of(drawn())))


def test_late_registration_is_told(tmp_path: Path) -> None:
    """Registered when results were there already: it says so."""
    panel = drawn()
    path = tmp_path / "late.toml"
    path.write_text(as_toml(register(panel, ("甲所",), panel.units[1:], (), START, DAY)), encoding="utf-8")
    assert [each.code for each in departures(read_registration(path), design_of(panel))] == ["registered-late"]


@pytest.mark.parametrize(("old", "new"), [('"甲所"', '"乙所"'), ("alpha = 0.05", "alpha = 0.1"), ("2022-01", "2022-02")])
def test_a_changed_registration_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """Changing anything after the fact breaks the checksum."""
    path = registered(tmp_path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(QinwuError, match="changed after it was made"):
        read_registration(path)


@pytest.mark.parametrize("text", ["", "sha256 = 1", "no toml [", 'sha256 = "a"\n[plan]\nalpha = 1\n'])
def test_what_is_no_registration_is_refused(tmp_path: Path, text: str) -> None:
    """Other files are told from registrations."""
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QinwuError, match="This is no registration"):
        read_registration(path)


def test_layout_does_not_matter(tmp_path: Path) -> None:
    """Blank lines and remarks change nothing that was registered."""
    path = registered(tmp_path)
    path.write_text("# read on Monday\n\n" + path.read_text("utf-8").replace("\n", "\n\n"), encoding="utf-8")
    assert np.isfinite(read_registration(path).plan["alpha"])
