"""The commands from an empty disk to a verified trace, each seen as its user sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from qinwu.duty.reading import preset_ids
from tests.cli.folders import CLASSES, append, change, contents, english_in, run

EXPORT_HEADER = ("接警单编号", "报警时间", "警情类别", "网格编号", "到达现场时间", "处理完毕时间", "报警人", "联系电话", "报警内容")
EXPORT_WORDS = ("纠纷", "群众求助", "交通事故", "噪音扰民", "刑事")


def export_rows(count: int) -> Sequence[tuple[str, ...]]:
    """Return rows of a 110 export, one call every two hours, each reached after seven minutes and cleared after forty."""
    rows = []
    for n in range(count):
        received = datetime(2025, 3, 3) + timedelta(hours=2 * n)
        times = [f"{received + timedelta(minutes=minutes):%Y/%m/%d %H:%M:%S}" for minutes in (0, 7, 40)]
        rows.append(
            (f"J{n}", times[0], EXPORT_WORDS[n % 5], f"G{n % 4 + 1}", times[1], times[2], "张某某", "13800138000", "详细内容")
        )
    return rows


def imported(folder: Path) -> pl.DataFrame:
    """Return the calls that an import put into a station folder."""
    (path,) = (folder / "calls").glob("*.parquet")
    return pl.read_parquet(path)


def test_a_new_folder_lacks_nothing_but_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What ``qinwu new`` writes is right as it stands: check asks for calls, with a remedy, and for nothing else."""
    made, ran = run(capsys, "new", tmp_path / "所"), run(capsys, "check", tmp_path / "所")
    assert made.code == 0
    assert "README.txt" in made.out
    assert ran.code == 2
    (line,) = ran.err.splitlines()
    assert line.startswith("error station.toml, files.calls: No file matches calls/*.parquet. Put an export in with qinwu import")
    assert ran.out == "1 errors, 0 warnings.\n"


def test_every_preset_fits_a_new_folder(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A user who puts another preset into the example file gets a system that can be tried."""
    text = (station / "duty" / "current.toml").read_text("utf-8")
    for preset in preset_ids():
        own = text.replace("preset:one_beat", f"preset:{preset}").replace('id = "current"', f'id = "{preset}"')
        (station / "duty" / f"{preset}.toml").write_text(own, encoding="utf-8")
    ran = run(capsys, "check", station)
    assert ran.code == 0, ran.err
    assert "0 errors" in ran.out


def test_the_commented_examples_of_a_new_folder_work(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Taking the # away from every example line of current.toml gives a file that is right."""
    path = station / "duty" / "current.toml"
    head, examples = path.read_text("utf-8").split("# 以下各段")
    lines = re.sub(r"^# (?=[\[a-z_]+.*[\]=])", "", examples, flags=re.MULTILINE)
    path.write_text(head + "# 以下各段" + lines, encoding="utf-8")
    ran = run(capsys, "check", station)
    assert ran.code == 0, ran.err
    assert "[dispatch]\nacknowledge_s = 10" in path.read_text("utf-8")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_becomes_calls(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A 110 export, GB18030 text or workbook, is read into a new folder; contacts go, and the folder is ready to use."""
    run(capsys, "new", tmp_path / "s")
    rows = [EXPORT_HEADER, *export_rows(60)]
    if kind == "csv":
        (tmp_path / "警情.csv").write_text("\r\n".join(",".join(row) for row in rows), encoding="gb18030")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(tmp_path / "警情.xlsx")
    ran = run(capsys, "import", "china_110", tmp_path / f"警情.{kind}", "--into", tmp_path / "s")
    assert ran.code == 0, ran.err
    assert "60 of 60 rows are calls" in ran.out
    calls = imported(tmp_path / "s")
    assert calls["call_class"].to_list()[:5] == [CLASSES[n] for n in range(5)]
    assert (calls["arrived"] - calls["received"]).dt.total_minutes().unique().to_list() == [7]
    for column in ("报警人", "联系电话", "报警内容"):
        assert f"警情.{kind}, {column}: Column {column} holds" in ran.err
    kept = b"".join(data for data in contents(tmp_path / "s").values() if data)
    assert b"13800138000" not in kept
    assert "张某某".encode() not in kept
    assert run(capsys, "check", tmp_path / "s").code == 0


def test_an_import_accounts_for_every_row(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows that are no calls are counted, named by reason, and listed in a file beside the calls."""
    rows = [
        EXPORT_HEADER,
        *export_rows(20),
        ("J99", "昨天", "纠纷", "G1", "", "", "", "", ""),
        ("J98", "2025/03/09 01:00:00", "纠纷", "G9", *[""] * 5),
    ]
    (station / "x.csv").write_text("\n".join(",".join(row) for row in rows), encoding="gb18030")
    ran = run(capsys, "import", "china_110", station / "x.csv", "--into", station, language="zh")
    assert ran.code == 0
    assert not english_in(ran.text)
    (account,) = (station / "calls").glob("*.rejected.csv")
    assert pl.read_csv(account).select("row", "reason").rows() == [(22, "unreadable-time"), (23, "unknown-atom")]
    assert "files.calls" in ran.err


def test_the_sample_town_is_sound(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sample passes its own check, and the check shows the health of its calls in Chinese."""
    ran = run(capsys, "check", town, language="zh")
    assert ran.code == 0, ran.err
    assert "数据质量" in ran.out
    assert not english_in(ran.text)


def test_systems_are_listed(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every preset is listed with its name and what it is, in Chinese and English, and every system of a station."""
    english, chinese = run(capsys, "systems"), run(capsys, "systems", language="zh")
    assert english.code == chinese.code == 0
    assert all(f"preset:{preset}  " in english.out for preset in preset_ids())
    assert "One officer, one beat" in english.out
    assert "一区一警" in chinese.out
    assert not english_in(chinese.out)
    names = [line.split()[0] for line in run(capsys, "systems", town).out.splitlines() if not line.startswith(" ")]
    assert {"one_beat", "pairs", "three_squads"} <= set(names)
    assert "base" not in names


def test_explain_names_the_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who goes is told with the file and line that says so, and that line does say so."""
    from qinwu.duty.reading import PRESETS

    words = ("--atom", "A017", "--class", "dispute", "--at", "2025-03-05T22:30")
    ran, chinese = run(capsys, "explain", town, "one_beat", *words), run(capsys, "explain", town, "one_beat", *words, language="zh")
    assert ran.code == chinese.code == 0
    assert not english_in(chinese.text)
    number = re.search(r"\[preset:one_beat, line (\d+)\]", ran.out)
    assert number
    line = (PRESETS / "one_beat.toml").read_text("utf-8").splitlines()[int(number[1]) - 1]
    assert "who" in line or "order" in line


def test_explain_needs_no_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new folder can be asked who would go before it has a single call."""
    run(capsys, "new", tmp_path / "s")
    ran = run(capsys, "explain", tmp_path / "s", "current", "--atom", "G3", "--class", "dispute", "--at", "2025-03-05T22:30")
    assert ran.code == 0, ran.err
    assert "the beat's own officer" in ran.out


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory, town: Path) -> Path:
    """Everything that one comparison of the sample town writes."""
    from qinwu.cli import main

    folder = tmp_path_factory.mktemp("compared")
    files = ["--html", folder / "page.html", "--xlsx", folder / "book.xlsx", "--json", folder / "data.json"]
    options = ["--systems", "pairs", "--days", "28", "--replications", "2", "--trace", folder / "traces", "--lang", "en"]
    main([str(word) for word in ("compare", town, *options, *files)])
    return folder


def test_compare_writes_what_was_asked_for(compared: Path) -> None:
    """Page, workbook and data are there, about the systems asked for, and nothing half is left beside them."""
    assert sorted(path.name for path in compared.iterdir()) == ["book.xlsx", "data.json", "page.html", "traces"]
    page, data = (compared / "page.html").read_text("utf-8"), json.loads((compared / "data.json").read_text("utf-8"))
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert [system["id"] for system in data["systems"]] == ["one_beat", "pairs"]
    assert data["replications"] == 2
    assert data["synthetic"] is True
    book = openpyxl.load_workbook(compared / "book.xlsx", read_only=True)
    assert len(book.sheetnames) > 2
    assert sorted(path.name for path in (compared / "traces").iterdir()) == ["one_beat.parquet", "pairs.parquet"]


def test_the_same_seed_writes_the_same_data(compared: Path, town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The comparison again, in one process instead of threads, gives the same JSON byte for byte."""
    options = ["--systems", "pairs", "--days", 28, "--replications", 2, "--processes", 1]
    files = ["--json", tmp_path / "data.json", "--html", tmp_path / "page.html"]
    ran = run(capsys, "compare", town, *options, *files, language="zh")
    assert ran.code == 0
    assert (tmp_path / "data.json").read_bytes() == (compared / "data.json").read_bytes()
    assert not english_in(ran.out)


def test_a_replay_is_identical(compared: Path, town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each trace runs again event by event on the station it was made from."""
    for name in ("one_beat", "pairs"):
        ran = run(capsys, "replay", compared / "traces" / f"{name}.parquet", "--station", town)
        assert ran.code == 0
        assert re.fullmatch(r"\d+ events, every one the same\.\n", ran.out)


def test_a_replay_says_what_has_changed(station: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The replay names every file edited since; where the edit matters it leaves with 1 and tells the first event that differs."""
    made = run(
        capsys, "compare", station, "--systems", "current", "--replications", 1, "--trace", tmp_path, "--html", tmp_path / "p.html"
    )
    assert made.code == 0, made.err
    trace, duty = tmp_path / "current.parquet", station / "duty" / "current.toml"
    append(duty, "# nothing\n")
    same = run(capsys, "replay", trace, "--station", station)
    assert same.code == 0
    assert "Changed since the trace was made: duty/current.toml" in same.out
    append(duty, "[dispatch]\nturnout_s = 900\n")
    other = run(capsys, "replay", trace, "--station", station)
    assert other.code == 1
    assert re.search(r"Event \d+ differs: the trace has ", other.out)
    assert not english_in(run(capsys, "replay", trace, "--station", station, language="zh").out)


def test_the_report_lies_in_the_folder_by_default(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --html the page is written to the station's reports, named for its language; the inputs stay as they were."""
    before = contents(station)
    ran = run(capsys, "compare", station, "--replications", 2, "--weeks", 2, language="zh")
    assert ran.code == 0, ran.err
    after = contents(station)
    assert set(after) - set(before) == {"reports", "reports/compare.zh.html"}
    assert all(after[name] == data for name, data in before.items())


def test_warnings_of_a_comparison_are_few(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A comparison shows the first dozen warnings and says where the rest are."""
    change(station / "officers.csv", "编号,类别", "编号," + ",".join(f"列{n}" for n in range(15)) + ",类别")
    text = (station / "officers.csv").read_text("utf-8")
    (station / "officers.csv").write_text(re.sub(r"^([JF]\d+),", r"\1" + "," * 16, text, flags=re.MULTILINE), encoding="utf-8")
    ran = run(capsys, "compare", station, "--replications", 1, "--weeks", 1, "--html", station / "p.html")
    assert ran.code == 0, ran.err
    assert "… and 3 more: qinwu check shows all of them." in ran.err


@pytest.mark.slow
def test_validate_tells_whether_the_model_deserves_trust(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The model of the sample town is judged against its record, in both languages."""
    ran, chinese = (run(capsys, "validate", town, language=language) for language in ("en", "zh"))
    assert ran.code == chinese.code == 0
    assert "Does the model of one_beat deserve trust?" in ran.out
    words, _, lines = chinese.out.partition("要按这些数字比较")
    assert not english_in(words)
    assert "[dispatch]\n" in lines


def test_validate_needs_stamps(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record without dispatch and arrival cannot be compared with; what is missing is said."""
    ran = run(capsys, "validate", station)
    assert ran.code == 2
    assert "Map the columns of dispatch and arrival" in ran.err
