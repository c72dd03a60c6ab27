"""``analyse`` and ``staff`` from the command line to the files, and everything that can be asked wrongly."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from qinwu.cli.terminal import fitted, lines_of
from qinwu.station.sample import write_sample
from tests.cli.folders import contents, english_in, run

WIDTH = 80


@pytest.fixture(scope="module")
def thirteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample station of thirteen."""
    folder = tmp_path_factory.mktemp("answers") / "thirteen"
    write_sample(folder, "station13")
    return folder


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of eighty columns."""
    monkeypatch.setenv("COLUMNS", str(WIDTH))


def tables(text: str) -> list[str]:
    """Return the lines of tables, which start with a blank."""
    return [line for line in text.splitlines() if line.startswith(" ") and not line.startswith("  1") and "─" not in line]


def test_analyse_writes_page_workbook_and_data(thirteen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The terminal has the headline, the day and the crews; the page is written without being asked for."""
    book, data = tmp_path / "new" / "a.xlsx", tmp_path / "a.json"
    ran = run(capsys, "analyse", thirteen, "--xlsx", book, "--json", data)
    assert ran.code == 0, ran.err
    page = thirteen / "reports" / "analyse.en.html"
    assert "nobody can be sent at once" in ran.out.splitlines()[0]
    assert all(f"Written: {path}" in ran.out for path in (page, book, data))
    assert "beat-B01" in ran.out
    assert "</html>" in page.read_text("utf-8")
    assert len(list(openpyxl.load_workbook(book)["Hours of the week"].iter_rows())) == 168 + 3
    assert len(json.loads(data.read_text("utf-8"))["hours"]) == 168


def test_analyse_in_chinese_fits_the_terminal(thirteen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Day, week and one hour are Chinese, and no line of a table is wider than the terminal."""
    for more in ((), ("--week",), ("--hour", 20)):
        ran = run(capsys, "analyse", thirteen, *more, language="zh")
        assert ran.code == 0, ran.err
        assert not english_in(ran.out)
        assert max(cell_len(line) for line in tables(ran.out)) <= WIDTH
    assert "周一 20:00" in ran.out
    assert (thirteen / "reports" / "analyse.zh.html").exists()


def test_headers_are_broken_between_words_only(thirteen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The header of the day in English is whole words, and of the week too."""
    for more in ((), ("--week",)):
        ran = run(capsys, "analyse", thirteen, *more)
        head = ran.out.split("─")[0].splitlines()[2:]
        words = {
            "crews",
            "on",
            "duty",
            "calls",
            "an",
            "hour",
            "busy",
            "%",
            "nobody",
            "to",
            "send",
            "wait",
            "P1",
            "P3",
            "min",
            "90%",
        }
        assert {word for line in head for word in line.split()} <= words | {"within", "other", "beat's", "crew", "patrol", "passes"}


def test_another_system_by_name(thirteen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A system of the folder is analysed instead of the current one, and its page goes where it is asked for."""
    ran = run(capsys, "analyse", thirteen, "pairs", "--html", tmp_path / "pairs.html")
    assert ran.code == 0, ran.err
    assert (tmp_path / "pairs.html").exists()
    assert ran.out != run(capsys, "analyse", thirteen).out


def test_staff_says_no_and_what_would_help(thirteen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The station of thirteen is 138 hours short; three changes follow, and the page is written without being asked for."""
    book = tmp_path / "s.xlsx"
    for language, verdict in (("en", "Infeasible: 138"), ("zh", "不可行：每周还缺 138 工时")):
        ran = run(capsys, "staff", thirteen, "--replications", 1, "--xlsx", book, language=language)
        assert ran.code == 0, ran.err
        assert ran.out.startswith(verdict)
        assert all(f"\n  {number}. " in ran.out for number in (1, 2, 3))
        assert max(cell_len(line) for line in tables(ran.out) if not line.startswith("  ")) <= WIDTH
        assert "138" in (thirteen / "reports" / f"staff.{language}.html").read_text("utf-8")
    assert not english_in(ran.out)


def test_staff_takes_targets_and_numbers(thirteen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Targets in either language, crews of three, the station's own hours: the data says what was asked and found."""
    data = tmp_path / "s.json"
    words = ("--target", "一级 响应 p90 不超过 8分钟", "--target", "delay <= 40%", "--crew", 3, "--hours", 44, "--away", 0.1)
    ran = run(capsys, "staff", thirteen, *words, "--replications", 0, "--json", data)
    assert ran.code == 0, ran.err
    found = json.loads(data.read_text("utf-8"))
    assert (found["people_per_crew"], found["gross_officer_hours"]) == (3, 264.0)
    assert found["net_officer_hours"] == pytest.approx(264.0 * 0.9)
    assert [target["text"] for target in found["targets"]] == ["一级 响应 p90 不超过 8分钟", "delay <= 40%"]
    assert [target["simulated"] for target in found["targets"]] == [None, None]


def test_all_that_is_wrong_is_told_at_once(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers, targets, files and systems are checked together before anything runs; nothing is written."""
    (station / "taken").mkdir()
    before = contents(station)
    asked = {
        "analyse": (
            ("preset:pears", "--hour", 168, "--html", station / "taken"),
            ("--hour must be from 0 to 167, not 168.", "There is no duty system preset:pears.", "This is a folder, not a file."),
        ),
        "staff": (
            (
                "curent", "--target", "nonsense", "--target", "p9 response <= 5min", "--crew", 0, "--least", 0, "--hours", 0,
                "--away", 1, "--replications", -1, "--seed", -1, "--json", station / "calls.csv" / "a.json",
            ),
            (
                "nonsense is no target.", "p9 is not understood here.", "--crew must be from 1 to 6, not 0.", "--least must be",
                "--hours must be", "--away must be from 0 to 0.9, not 1.", "--replications must be", "--seed must be",
                "There is no duty system curent.", "calls.csv is a file, not a folder.",
            ),
        ),
    }  # fmt: skip
    for command, (words, says) in asked.items():
        ran, chinese = (run(capsys, command, station, *words, language=language) for language in ("en", "zh"))
        assert (ran.code, chinese.code) == (2, 2)
        assert not [said for said in says if said not in ran.err], ran.err
        assert not english_in(chinese.text), chinese.text
        assert len(chinese.err.splitlines()) == len(ran.err.splitlines())
    assert contents(station) == before


def test_a_target_out_of_reach_is_told(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No number of crews arrives before the phone is answered."""
    ran = run(capsys, "staff", station, "--target", "response p50 <= 1s", language="zh")
    assert ran.code == 2
    assert "response p50 <= 1s" in ran.err
    assert not english_in(ran.err.replace("response p50 <= 1s", ""))


def test_headers_take_one_line_where_there_is_room() -> None:
    """With room nothing is broken; without, the widest first, and Chinese only between words of two or three."""
    heads = ("hour", "calls an hour", "nobody to send %")
    assert fitted(heads, (5, 3, 2), 80) == list(heads)
    assert fitted(heads, (5, 3, 2), 24) == ["hour", "calls\nan\nhour", "nobody\nto\nsend %"]
    assert lines_of("每小时警情") == ["每小时", "警情"]
    assert lines_of("busy ≤ 60%") == ["busy", "≤ 60%"]
