"""``qinwu evaluate`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.folders import english_in, run
from tests.judge.evaluation_cases import drawn, write_table


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A file of 24 stations and three years, the first with a third fewer in the last."""
    return write_table(tmp_path / "起数.csv", drawn(level=60.0, fall=0.35))


def test_a_reform_is_evaluated(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Claim and table on the terminal, page, workbook and data on disk; Chinese by default without English sentences."""
    files = {kind: table.parent / f"a.{kind}" for kind in ("html", "xlsx", "json")}
    words = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    ran = run(capsys, "evaluate", table, "--treated", "甲所", "--start", "2022-01", *words, language="zh")
    assert ran.code == 0, ran.err
    assert "甲所自 2022-01 起，比照未改革单位少" in ran.out
    assert not english_in(ran.out)
    assert all(path.stat().st_size > 1000 for path in files.values())
    data = json.loads(files["json"].read_text("utf-8"))
    assert data["verdict"] == "fewer"
    assert data["estimates"][0]["method"] == "ratio"
    assert data["estimates"][0]["high"] < 0.0


def test_registered_then_evaluated(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Register, evaluate as registered, evaluate otherwise: the second has nothing to say, the third says what departs."""
    plan = table.parent / "plan.toml"
    asked = ("evaluate", table, "--treated", "甲所", "--start", "2022-01")
    registered = run(capsys, *asked, "--register", plan)
    assert registered.code == 0
    assert "12 periods after the start are in the file already" in registered.out
    assert "fewer" not in registered.out
    assert run(capsys, *asked, "--register", plan).code == 2
    kept = run(capsys, *asked, "--registered", plan)
    assert "Not as registered" not in kept.out
    other = run(capsys, "evaluate", table, "--treated", "甲所,乙所", "--start", "2022-01", "--registered", plan)
    assert "Not as registered: of the treated units, 乙所 were added and – left out." in other.out


def test_registering_before_it_begins(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A reform still to come can be registered, and only then."""
    asked = ("evaluate", table, "--treated", "甲所", "--start", "2023-06")
    assert run(capsys, *asked, "--register", table.parent / "plan.toml").code == 0
    assert run(capsys, *asked).code == 2


def test_a_pilot_is_planned(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--plan needs no start and writes a page."""
    ran = run(capsys, "evaluate", table, "--plan", "--draws", "40", "--months", "6", "--falls", "30,60", "--units", "1,3")
    assert ran.code == 0, ran.err
    assert "four times in five" in ran.out
    assert (table.parent / "reports" / "evaluate-plan.en.html").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--treated", "甲所"), ("When did it begin?",)),
        (("--start", "2022-01"), ("No treated unit is named.",)),
        (("--treated", "甲", "--start", "soon"), ("--start is no month: “soon”", "the file has no unit “甲”")),
        (("--treated", "甲所", "--start", "2022-01", "--columns", "a"), ("--columns does not understand “a”",)),
        (("--plan", "--falls", "ten", "--months", "0"), ("--falls: “ten” is no whole number.", "--months must be from 1 to 240")),
        (("--plan", "--treated", "无所", "--draws", "1"), ("the file has no unit “无所”", "--draws must be from 20")),
        (("--treated", "甲所", "--start", "2022-01", "--registered", "none.toml"), ("does not exist",)),
        (("--treated", "甲所", "--start", "2022-01", "--html", "."), ("This is a folder",)),
    ],
)
def test_wrong_questions(table: Path, words: tuple[str, ...], says: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """All that is wrong is told at once, with exit code 2, in both languages, and nothing is written."""
    ran = run(capsys, "evaluate", table, *words)
    assert ran.code == 2
    assert all(said in ran.err for said in says), ran.err
    chinese = run(capsys, "evaluate", table, *words, language="zh")
    assert not english_in(chinese.err)
    assert not (table.parent / "reports").exists()


def test_a_break_stops_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Units that end in the middle of the file: nothing is compared, and it says when and who."""
    panel = drawn(8)
    lines = write_table(tmp_path / "a.csv", panel).read_text("utf-8").splitlines()
    kept = [line for line in lines if not (line.startswith("辛所") and line.split(",")[1] >= "2021-06")]
    (tmp_path / "a.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    ran = run(capsys, "evaluate", tmp_path / "a.csv", "--treated", "甲所", "--start", "2022-01")
    assert ran.code == 2
    assert "The units change at 2021-06: gone 辛所" in ran.err
