"""Bad options: what was given, what may be given, exit code 2, and nothing written."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.cli.folders import Ran, contents, english_in, run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compar"], ("There is no command compar.", "Did you mean compare?")),
        (["compare"], ("FOLDER is missing.", "qinwu compare --help")),
        (["compare", "s", "--sytems", "pairs"], ("There is no option --sytems.", "Did you mean --systems?")),
        (["compare", "s", "--replications", "many"], ("--replications must be a whole number, not many.",)),
        (["compare", "s", "t"], ("t is too much",)),
        (["new", "s", "--sample", "towm"], ("--sample cannot be towm.", "Did you mean town?")),
        (["check", "s", "--seed", "1"], ("There is no option --seed.",)),
        (
            ["explain", "s", "current", "--atom", "G1", "--class", "help", "--at", "25:00"],
            ("--at must be a time such as 2025-03-05T22:30",),
        ),
        (["explain", "s", "current", "--atom", "G1", "--class", "help"], ("--at is missing.",)),
    ],
)
def test_a_wrong_command_line(words: list[str], says: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong and what to write instead stands in one line, in either language."""
    ran = run(capsys, *words)
    assert ran.code == 2
    assert all(said in ran.err for said in says), ran.err
    chinese = run(capsys, *words, language="zh")
    assert chinese.code == 2
    assert not english_in(chinese.text)


def test_options_and_files_are_told_at_once(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers, engine, targets and systems are checked before anything runs, all of them together."""
    (station / "taken").mkdir()
    before = contents(station)
    ran = run(
        capsys, "compare", station, "--replications", 0, "--days", 0, "--weeks", -3, "--seed", -1, "--processes", -2,
        "--engine", "cloud", "--systems", "curent,preset:pears", "--html", station / "taken",
        "--json", station / "calls.csv" / "out.json",
    )  # fmt: skip
    assert ran.code == 2
    says = (
        "--replications must be at least 1, not 0.",
        "--days must be at least 1, not 0.",
        "--weeks must be at least 1, not -3.",
        "--seed must be at least 0, not -1.",
        "--processes must be at least 0, not -2.",
        "There is no engine cloud. Use local or dask://host:port.",
        "--systems: There is no duty system curent. Did you mean current?",
        "--systems: There is no duty system preset:pears. Did you mean preset:pairs?",
        "taken: This is a folder, not a file.",
        "calls.csv is a file, not a folder.",
    )
    assert not [said for said in says if said not in ran.err]
    assert contents(station) == before


def explained(capsys: pytest.CaptureFixture[str], station: Path, atom: str, class_: str, *more: str) -> Ran:
    """Ask who goes to a call on a Wednesday night."""
    return run(capsys, "explain", station, "current", "--atom", atom, "--class", class_, "--at", "2025-03-05T22:30", *more)


def test_an_unknown_question(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Explain names the atom and the class it does not know, together, and a priority that does not exist."""
    ran = explained(capsys, station, "G44", "disput")
    assert ran.code == 2
    assert "There is no atom G44. Did you mean G4?" in ran.err
    assert "There is no call class disput. Did you mean dispute?" in ran.err
    wrong = explained(capsys, station, "G4", "dispute", "--priority", "9")
    assert wrong.code == 2
    assert "9" in wrong.err


def test_an_unknown_system_in_a_question(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Explain offers the system that was meant."""
    ran = run(capsys, "explain", station, "preset:one_beet", "--atom", "G1", "--class", "help", "--at", "2025-03-05T22:30")
    assert ran.code == 2
    assert "Did you mean preset:one_beat?" in ran.err


def test_new_refuses_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds anything, and a file, stay as they are, with a sample or without."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    for more in ((), ("--sample",)):
        full, file = run(capsys, "new", tmp_path / "full", *more), run(capsys, "new", tmp_path / "full" / "mine.txt", *more)
        assert (full.code, file.code) == (2, 2)
        assert "is not empty. Choose an empty or new folder; nothing was changed." in full.err
        assert "is a file, not a folder." in file.err
    assert contents(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"not a trace", b"PAR1PAR1PAR1"])
def test_a_trace_that_is_none(station: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Replay says what it cannot use, and how a trace is made."""
    (station / "trace.parquet").write_bytes(content)
    ran = run(capsys, "replay", station / "trace.parquet", "--station", station)
    assert ran.code == 2
    assert "trace.parquet: This is not a trace that Qinwu wrote. Write one with: qinwu compare" in ran.err


def test_a_table_that_is_no_trace_and_a_trace_that_is_missing(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Any other Parquet file, a folder, and no file at all are told like garbage."""
    pl.DataFrame({"time_s": [1.0]}).write_parquet(station / "other.parquet")
    for name in ("other.parquet", "duty", "gone.parquet"):
        ran = run(capsys, "replay", station / name, "--station", station)
        assert ran.code == 2
        assert name in ran.err
        assert not english_in(run(capsys, "replay", station / name, "--station", station, language="zh").text)


def test_an_import_that_cannot_be(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unknown layout, missing file, garbage, an empty file and a list of people are refused; the folder stays as it was."""
    people, garbage, empty = station / "people.csv", station / "garbage.xlsx", station / "empty.csv"
    people.write_text("姓名,手机号码,身份证号\n甲,1,2\n", encoding="gb18030")
    garbage.write_bytes(b"\x00\x01\x02")
    empty.write_bytes(b"")
    before = contents(station)
    cases = (
        (("china110", people), "There is no reading profile called china110."),
        (("china_110", station / "gone.csv"), "gone.csv: The file does not exist"),
        (("china_110", garbage), "garbage.xlsx: The file cannot be read"),
        (("china_110", empty), "empty.csv: The file has no rows."),
        (("china_110", people), "people.csv: This looks like a list of people (姓名, 手机号码, 身份证号)"),
        (("china_110", station), "station: "),
        (("china_110",), "No call file is given."),
    )
    for words, said in cases:
        ran, chinese = (run(capsys, "import", *words, "--into", station, language=language) for language in ("en", "zh"))
        assert (ran.code, chinese.code) == (2, 2), words
        assert said in ran.err
        assert not english_in(chinese.text)
    assert contents(station) == before
    assert run(capsys, "import", "china_110", people, "--into", station / "nowhere").code == 2


def test_files_of_an_import_are_told_about_together(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two files that cannot be read give two problems."""
    ran = run(capsys, "import", "china_110", station / "one.csv", station / "two.csv", "--into", station)
    assert ran.code == 2
    assert "one.csv" in ran.err
    assert "two.csv" in ran.err


def test_a_cluster_that_is_not_there(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An address nobody answers at is named, and nothing is written."""
    before = contents(station)
    ran = run(capsys, "compare", station, "--replications", 1, "--engine", "dask://")
    assert ran.code == 2
    assert "does not answer. Check its address, and that its scheduler runs." in ran.err
    assert contents(station) == before
