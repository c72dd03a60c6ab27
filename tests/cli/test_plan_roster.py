"""``qinwu plan roster`` as a user runs it: months, patterns, refusals, audit and repair of the wall sheet, and what is written."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest

from qinwu.cli import staff
from qinwu.cli.plans.staffing import staffing
from qinwu.station.sample import write_sample
from tests.cli.folders import english_in, run

SPAN = ("--from", "2025-09-01", "--days", "14", "--least", "2", "--seconds", "3")


@pytest.fixture(scope="module")
def thirteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample station of thirteen."""
    folder = tmp_path_factory.mktemp("roster") / "station13"
    write_sample(folder, "station13")
    return folder


def test_a_month_is_planned_written_audited_and_repaired(
    capsys: pytest.CaptureFixture[str], thirteen: Path, tmp_path: Path
) -> None:
    """Page, workbook, data, duty file and calendars; then the workbook is judged, and repaired for a sick call."""
    sheet, data, calendars = tmp_path / "上墙.xlsx", tmp_path / "roster.json", tmp_path / "ical"
    pattern = ("--pattern", "24/48", "--groups", "3")
    ran = run(capsys, "plan", "roster", thirteen, *SPAN, *pattern, "--xlsx", sheet, "--json", data, "--ical", calendars)
    assert ran.code == 0, ran.text
    assert "no hard rule broken" in ran.out
    told = json.loads(data.read_text(encoding="utf-8"))
    assert (told["plan"], told["days"], len(told["duties"]), told["gap_minutes_per_week"]) == ("roster", 14, 14 * 3, 0.0)
    assert len(list(calendars.glob("*.ics"))) == 9
    assert (thirteen / "duty" / "plan_roster.toml").is_file()
    ran = run(capsys, "plan", "roster", thirteen, *SPAN, *pattern, "--audit", sheet, language="zh")
    assert ran.code == 0, ran.text
    assert "硬性规定一条不破" in ran.out
    ill = next(duty for duty in told["duties"] if duty["post"] == "beat" and duty["date"] == "2025-09-10")
    leave = tmp_path / "病假.csv"
    leave.write_text(f"警号,类型,开始日期\n{ill['officer']},病假,2025-09-10\n", encoding="gb18030")
    repair = ("--repair", sheet, "--since", "2025-09-10", "--leave", leave)
    ran = run(capsys, "plan", "roster", thirteen, *SPAN, *pattern, *repair, language="zh")
    assert ran.code == 0, ran.text
    assert "个人日" in ran.out
    assert ill["officer"] in ran.out


def test_hours_that_are_lacking_are_refused_with_ways_out(capsys: pytest.CaptureFixture[str], thirteen: Path) -> None:
    """Two around the clock by six officers: no roster, and what would help."""
    ran = run(capsys, "plan", "roster", thirteen, *SPAN, language="zh")
    assert ran.code == 2
    assert "每周需要 336 个警力小时" in ran.err
    assert "3 组、每组 2 人轮值，每人每周 56 小时" in ran.err
    assert not english_in(ran.err)


def test_an_impossible_pattern_ends_with_those_that_work(capsys: pytest.CaptureFixture[str], thirteen: Path) -> None:
    """ABCD at 24/36: 2.5 groups; 24/72 and 24/48 are offered."""
    ran = run(capsys, "plan", "roster", thirteen, *SPAN, "--pattern", "24/36", "--groups", "4")
    assert ran.code == 2
    assert "60 h hold 2.5 groups" in ran.err
    assert "4 groups, 24/72: 42.0 hours" in ran.out
    assert "3 groups, 24/48: 56.0 hours" in ran.out


def test_everything_wrong_with_the_words_is_told_at_once(capsys: pytest.CaptureFixture[str], thirteen: Path) -> None:
    """Two starts, no such pack, no such pattern, days out of range."""
    ran = run(
        capsys, "plan", "roster", thirteen, "--month", "2025-09", "--from", "x", "--days", "0", "--pack", "cn", "--pattern", "abc"
    )
    assert ran.code == 2
    for part in ("--month and --from", "is not a date or month", "--days", "There is no rule pack cn", "abc is no pattern"):
        assert part in ran.err


def test_plan_staffing_is_staff(capsys: pytest.CaptureFixture[str], thirteen: Path) -> None:
    """The same options and the same refusal under both names."""
    one, other = inspect.signature(staffing), inspect.signature(staff)
    assert [(each.name, each.kind, each.default) for each in one.parameters.values()] == [
        (each.name, each.kind, each.default) for each in other.parameters.values()
    ]
    wrong = (thirteen, "--crew", "99", "--target", "nonsense")
    told = [run(capsys, *words, *wrong) for words in (("plan", "staffing"), ("staff",))]
    assert told[0].code == told[1].code == 2
    assert told[0].err == told[1].err
    assert "--crew" in told[0].err
