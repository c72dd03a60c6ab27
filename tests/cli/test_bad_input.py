"""Bad input: every problem is told at once, with file, place, value and remedy, in both languages; nothing is written half."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.folders import append, change, contents, english_in, run
from tests.cli.spoiling import ALL, Wrong


@pytest.mark.parametrize("wrong", ALL.values(), ids=ALL.keys())
def test_what_is_wrong_is_told(station: Path, wrong: Wrong, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is wrong with a folder, check names file, place, value and remedy, leaves with 2 and touches nothing."""
    wrong.spoil(station)
    before = contents(station)
    ran = run(capsys, "check", station)
    assert ran.code == 2
    assert "Traceback" not in ran.text
    missing = [words for words in wrong.says if words not in ran.err]
    assert not missing, ran.err
    assert contents(station) == before


@pytest.mark.parametrize("wrong", ALL.values(), ids=ALL.keys())
def test_it_is_told_in_chinese(station: Path, wrong: Wrong, capsys: pytest.CaptureFixture[str]) -> None:
    """The Chinese account holds no English sentence, and as many problems as the English one."""
    wrong.spoil(station)
    chinese, english = run(capsys, "check", station, language="zh"), run(capsys, "check", station)
    assert chinese.code == 2
    assert not english_in(chinese.text)
    assert len(chinese.err.splitlines()) == len(english.err.splitlines())


def test_a_sound_folder_passes(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before it is spoiled, nothing is wrong with the folder."""
    ran = run(capsys, "check", station)
    assert (ran.code, ran.err) == (0, "")
    assert "0 errors, 0 warnings." in ran.out


@pytest.mark.parametrize("command", ["check", "compare", "explain", "validate"])
def test_all_problems_at_once(station: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems of six files are told by one run, whatever the command."""
    change(station / "station.toml", "[patrol]", "[patroll]")
    change(station / "duty" / "base.toml", "[[pair]]", "[pair]")
    change(station / "duty" / "current.toml", "extends =", "extend =")
    words = {"explain": ("current", "--atom", "G1", "--class", "help", "--at", "2025-03-05T22:30")}.get(command, ())
    ran = run(capsys, command, station, *words)
    assert ran.code == 2
    assert "Did you mean patrol?" in ran.err
    if command in ("check", "compare"):
        assert "duty/base.toml, row 6" in ran.err
        assert "Did you mean extends?" in ran.err


def test_all_files_at_once(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Atoms, officers, venues, calls and a duty file are each told about although the others are broken as well."""
    (station / "atoms.geojson").write_text("{}", encoding="utf-8")
    change(station / "officers.csv", "J04,", "J03,")
    append(station / "venues.csv", "V1,,G1,,,\n")
    (station / "calls.csv").write_text("", encoding="utf-8")
    append(station / "duty" / "current.toml", "[dispatch]\nlevls = 2\n")
    ran = run(capsys, "check", station)
    assert ran.code == 2
    told = {line.split(" ", 1)[1].split(",")[0].split(":")[0] for line in ran.err.splitlines()}
    assert {"atoms.geojson", "officers.csv", "venues.csv", "calls.csv", "duty/current.toml"} <= told


def test_some_calls_in_the_future_are_left_out(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Single calls of a later day are a warning with the row of the first; the rest of the record stands."""
    append(station / "calls.csv", "F1,2099-01-01 08:00:00,help,G1\n")
    ran = run(capsys, "check", station)
    assert ran.code == 0
    assert "calls.csv, row 562: 1 row(s) were received in the future" in ran.err


def test_columns_about_people_are_dropped_and_named(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names and identity numbers of officers are not read; the check says so without repeating a value."""
    change(station / "officers.csv", "编号,", "姓名,身份证号,编号,")
    text = (station / "officers.csv").read_text("utf-8").replace("\nJ", "\n张甲,110101199001011234,J").replace("\nF", "\n李乙,1,F")
    (station / "officers.csv").write_text(text, encoding="utf-8")
    ran = run(capsys, "check", station, language="zh")
    assert ran.code == 0
    assert "officers.csv，姓名" in ran.err
    assert "officers.csv，身份证号" in ran.err
    assert "张甲" not in ran.text
    assert "110101199001011234" not in ran.text


def test_two_officers_can_never_come(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A system whose only tier is single beat officers cannot serve calls that need two: class, need and rule are named."""
    lines = (
        'id = "alone"\nname = { zh = "单干", en = "Alone" }\nextends = ["base", "preset:one_beat"]\n'
        '[[crews]]\nid = "beat"\npeople = 1\n[[dispatch.order]]\nid = "all"\ntiers = [{ who = "own_beat" }]\nsupport = []\n'
    )
    (station / "duty" / "alone.toml").write_text(lines, encoding="utf-8")
    ran = run(capsys, "check", station)
    assert ran.code == 2
    told = "error duty/alone.toml, row 7, dispatch.order[0]: Calls of class dispute need 2 officers, 1 of them sworn; all crews"
    assert told in ran.err
    assert "class help need" not in ran.err
    assert not english_in(run(capsys, "check", station, language="zh").text)


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing folder, and a file in its place, are named; nothing is made."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for name in ("nowhere", "file"):
        for command in ("check", "compare", "validate"):
            ran = run(capsys, command, tmp_path / name)
            assert ran.code == 2
            assert f"There is no folder {(tmp_path / name).as_posix()}." in ran.err
    assert list(contents(tmp_path)) == ["file"]
