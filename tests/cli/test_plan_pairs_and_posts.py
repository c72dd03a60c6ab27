"""``qinwu plan pairs`` and ``qinwu plan posts`` as a user runs them: pages, workbooks, data, duty files, refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qinwu.duty.reading import read_system
from qinwu.duty.rules import check_system
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample
from tests.cli.folders import FOUR_ENGLISH_WORDS, Ran, run

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
WISHES = """编号,第一志愿,第二志愿,第三志愿,不愿搭档,可值班次
P008,P009,P010,P011,,白、夜
P009,P012,P013,P010,,白、夜
P010,P008,P012,,P013,白
P011,P013,P008,P009,,白、夜
P012,P011,P010,,,夜
P013,P009,P011,,,白、夜
"""


@pytest.fixture(scope="module")
def _thirteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("thirteen") / "station"
    write_sample(folder, "station13")
    return folder


@pytest.fixture(scope="module")
def _mountains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mountains") / "station"
    write_sample(folder, "rural")
    return folder


@pytest.fixture
def thirteen(_thirteen: Path, tmp_path: Path) -> Path:
    """The sample station of thirteen, to be written into, with wishes of its beat officers."""
    folder = Path(shutil.copytree(_thirteen, tmp_path / "station"))
    (folder / "wishes.csv").write_text(WISHES, encoding="utf-8")
    return folder


@pytest.fixture
def mountains(_mountains: Path, tmp_path: Path) -> Path:
    """The sample mountain station, to be written into."""
    return Path(shutil.copytree(_mountains, tmp_path / "station"))


def planned(capsys: pytest.CaptureFixture[str], *words: object, language: str = "en") -> Ran:
    """Run ``qinwu plan`` and expect it to work."""
    ran = run(capsys, "plan", *words, language=language)
    assert ran.code == 0, ran.text
    return ran


def assert_duty_file_passes(folder: Path, name: str) -> None:
    """The duty file that was written can be compared: no rule finds an error in it."""
    found = check_system(read_station(folder), read_system(name, folder))
    assert [finding for finding in found if finding.severity == "error"] == []


def test_pairs_are_written_everywhere(thirteen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page, the workbook, the data and the duty file hold the same three pairs, and nobody would rather leave."""
    book, data = tmp_path / "pairs.xlsx", tmp_path / "pairs.json"
    ran = planned(capsys, "pairs", thirteen, "--wishes", thirteen / "wishes.csv", "--xlsx", book, "--json", data)
    quoted = (DOCS / "plan-pairs.md").read_text(encoding="utf-8")
    assert WISHES in quoted
    assert " ".join(ran.out.split(".")[:2]) in quoted.replace(".", " ")
    told = json.loads(data.read_text(encoding="utf-8"))
    assert told["would_rather_leave"] == []
    assert told["proof"]["status"] == "optimal"
    pairs = {f"{one}–{two}" for one, two in (each["officers"] for each in told["pairs"])}
    rows = {str(row[0]) for row in load_workbook(book)["Pairs planned"].iter_rows(values_only=True)}
    assert len(pairs) == 3
    assert pairs <= rows
    page = (thirteen / "reports" / "plan-pairs.en.html").read_text(encoding="utf-8")
    assert all(pair in page for pair in pairs)
    assert_duty_file_passes(thirteen, "plan_pairs")
    again = tmp_path / "again.json"
    planned(capsys, "pairs", thirteen, "--wishes", thirteen / "wishes.csv", "--start", data, "--json", again)
    assert json.loads(again.read_text(encoding="utf-8"))["pairs"] == told["pairs"]
    ran = run(capsys, "plan", "posts", thirteen, "--start", data)
    assert (ran.code, "no plan to start from" in ran.text) == (2, True)


def test_pairs_in_chinese(thirteen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on the terminal is English."""
    ran = planned(capsys, "pairs", thirteen, "--wishes", thirteen / "wishes.csv", language="zh")
    assert not FOUR_ENGLISH_WORDS.search(ran.out.replace(str(thirteen), "")), ran.out


def test_wrong_wishes_and_options_are_refused_together(thirteen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Temperament in the sheet, a negative weight and no time: one refusal, nothing written."""
    (thirteen / "wishes.csv").write_text("编号,第一志愿,性格\nP008,P009,内向\n", encoding="utf-8")
    ran = run(capsys, "plan", "pairs", thirteen, "--wishes", thirteen / "wishes.csv", "--weight-skills", "-1", "--seconds", "0")
    assert ran.code == 2
    assert "性格" in ran.text
    assert "skills" in ran.text
    assert "--seconds" in ran.text
    assert not (thirteen / "reports" / "plan-pairs.en.html").exists()


def test_posts_of_the_mountains(mountains: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a quarter of winter, posts are placed below today's response and above the bound; the file passes the checks."""
    data = tmp_path / "posts.json"
    ran = planned(capsys, "posts", mountains, "--season", "winter=0.25", "--stay", "--json", data)
    assert ran.out.strip().split("min.")[0] in (DOCS / "plan-posts.md").read_text(encoding="utf-8")
    told = json.loads(data.read_text(encoding="utf-8"))
    response = told["options"]["response"]["response_s"]
    assert told["proof"]["bound"] <= told["proof"]["value"] == pytest.approx(response / 60.0, abs=0.01)
    assert response < told["today"]["response_s"]
    assert all(response <= each["response_s"] + 1e-6 for each in told["options"].values())
    page = (mountains / "reports" / "plan-posts.en.html").read_text(encoding="utf-8")
    assert "winter" in page
    assert page.count('class="post"') == len(told["today"]["posts"]) + len(told["options"]["response"]["posts"])
    assert_duty_file_passes(mountains, "plan_posts")
    planned(capsys, "posts", mountains, "--season", "winter=0.25", "--start", data, "--seconds", "30", "--json", data)
    assert json.loads(data.read_text(encoding="utf-8"))["options"]["response"]["response_s"] <= response + 1e-3


def test_service_points_and_division_in_chinese(mountains: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both are told in Chinese, and the new areas pass the checks."""
    for words in (("--service", 3), ("--divide", 0.6)):
        ran = planned(capsys, "posts", mountains, *words, language="zh")
        assert not FOUR_ENGLISH_WORDS.search(ran.out.replace(str(mountains), "")), ran.out
    assert_duty_file_passes(mountains, "plan_stations")
    assert_duty_file_passes(mountains, "plan_service")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--posts", 99), "do not fit"),
        (("--season", "winter"), "no season"),
        (("--season", "monsoon=0.5"), "monsoon"),
        (("--at", "A999"), "A999"),
        (("--posts", 3, "--crews", 3, "--least", 2), "too few"),
        (("--divide", 2), "--divide"),
        (("--service", 0), "points"),
    ],
)
def test_what_cannot_be_is_refused(
    mountains: Path, capsys: pytest.CaptureFixture[str], words: tuple[object, ...], said: str
) -> None:
    """A contradiction leaves with code 2, says what and what to do, and writes nothing."""
    ran = run(capsys, "plan", "posts", mountains, *words)
    assert ran.code == 2
    assert said in " ".join(ran.text.split())
    assert not (mountains / "reports").exists()
