"""The analysis as words, tables and page: its figures are those of the closed forms, in both languages."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qinwu.language import LANGUAGES, Language
from qinwu.queueing.analysis import Analysis
from qinwu.report.analysis import AnalysisReport
from qinwu.report.analysis_page import page, write_html
from qinwu.report.columns import COLUMNS
from qinwu.report.spans import hour_name, spans
from qinwu.report.words import Speaker
from tests.cli.folders import english_in
from tests.report.answers import analysed, analysis_report, real
from tests.report.test_page import visible

BUSY = ("time_share", "all", "call", "share")
URGENT = ("response_s", "priority", "1", "p90")
SHARES = ("workload", "blocked", "free")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Both languages."""
    chosen: Language = request.param
    return chosen


@pytest.fixture(scope="module")
def crowded() -> AnalysisReport:
    """An analysis in which three hours of the week have more than can be finished."""
    (week,) = analysed().weeks
    hours = tuple(replace(state, stable=hour not in (44, 45, 117)) for hour, state in enumerate(week))
    report = analysis_report("zh")
    return replace(report, analysis=Analysis(report.analysis.plan, report.analysis.source, report.analysis.context, (hours,)))


def test_the_headline_has_the_figures_of_the_analysis(language: Language) -> None:
    """How often nobody can be sent, how busy crews are, and how soon urgent calls are reached stand in the first lines."""
    figures, said = analysed().figures, analysis_report(language).headline()
    assert f"{figures['queued_share', 'all', 'all', 'share']:.1%}" in said
    assert f"{figures[BUSY]:.1%}" in said
    assert f"{figures[URGENT] / 60.0:.1f} " in said


def test_the_week_is_the_analysis_hour_by_hour() -> None:
    """Every cell of the week is the figure of that hour in the unit of its header, empty where there is none."""
    sheet = analysis_report("en").week()
    assert len(sheet.header) == len(COLUMNS) + 2
    for hour, (name, *cells) in enumerate(sheet.rows):
        raw = analysed().hours.row(hour, named=True)
        assert name == hour_name(hour, Speaker("en"))
        for column, cell in zip(COLUMNS, cells, strict=False):
            value, half = raw[column.name] * column.factor, 0.5 * 10**-column.digits + 1e-9
            if cell is None:
                assert math.isnan(value) or raw["calls_per_h"] == 0.0
            else:
                assert cell == pytest.approx(value, abs=half)
        assert cells[-1] == ("yes" if raw["steady"] else "no")


def test_the_average_day_is_the_mean_of_seven() -> None:
    """Crews on duty at eight are the mean of the seven eights of the week; waits weigh by calls."""
    hours, row = analysed().hours[list(range(8, 168, 24))], analysis_report("en").day().rows[8]
    header = analysis_report("en").day().header
    calls, delay = hours["calls_per_h"].to_numpy(), hours["p_delay"].to_numpy()
    assert row[header.index("crews on duty")] == pytest.approx(hours["crews"].to_numpy().mean(), abs=0.051)
    assert row[header.index("nobody to send %")] == pytest.approx(100.0 * (calls @ delay) / calls.sum(), abs=0.51)


def test_crews_are_those_of_the_station(language: Language) -> None:
    """Every crew has a row whose shares are the analysis's and add up to the whole; squads have names people use."""
    rows = analysis_report(language).crews().rows
    assert len(rows) == len(analysed().crews)
    for row, raw in zip(rows, analysed().crews.iter_rows(named=True), strict=True):
        shares = [float(cell) for cell in row[4:] if cell is not None]
        assert shares == pytest.approx([100.0 * raw[name] for name in SHARES], abs=0.051)
        assert sum(shares) == pytest.approx(100.0, abs=0.2)
        assert row[1] != raw["squad"]


def test_one_hour_tells_everything(language: Language) -> None:
    """One hour has a row for each figure, and the crews on duty then."""
    report = analysis_report(language)
    assert len(report.one_hour(20).rows) == len(COLUMNS)
    assert len(report.crews_of_hour(20).rows) == analysed().at(20)[0].crews_on_duty
    assert report.one_hour(20).name == {"zh": "周一 20:00", "en": "Mon 20:00"}[language]


def test_hours_without_a_steady_state_are_named(crowded: AnalysisReport) -> None:
    """They stand in the headline by weekday, and marked in the week; where there are none nothing is said of it."""
    assert crowded.warning().endswith("周二20–22时、周五21–22时。")
    assert "Tue 20–22, Fri 21–22" in replace(crowded, language="en").warning()
    assert page(crowded).count('class="mark') == 3
    assert analysis_report("zh").warning() == ""
    assert 'class="mark' not in page(analysis_report("zh"))


@pytest.mark.parametrize(
    ("hours", "english", "chinese"),
    [
        (range(168), "every day 0–24", "每天0–24时"),
        ([23, 24], "Mon 23–24, Tue 0–1", "周一23–24时、周二0–1时"),
        ([20, 44, 68, 140], "Mon–Wed and Sat 20–21", "周一至周三、周六20–21时"),
        ([20, 44, 50], "Mon and Tue 20–21; Wed 2–3", "周一、周二20–21时；周三2–3时"),
    ],
)
def test_hours_are_named_as_people_name_them(hours: list[int], english: str, chinese: str) -> None:
    """Days with the same hours stand together, three and more in a row by the first and the last."""
    assert (spans(list(hours), Speaker("en")), spans(list(hours), Speaker("zh"))) == (english, chinese)


def test_the_page_has_every_hour(language: Language) -> None:
    """Each cell of the week says its hour and its share when pointed at."""
    text = unescape(page(analysis_report(language)))
    for name in ("utilisation", "p_delay"):
        for hour, share in enumerate(analysed().hours[name].to_list()):
            shown = f"{share:.0%}" if share == share else "–"
            assert f"<title>{hour_name(hour, Speaker(language))}  {shown}</title>" in text


def test_the_page_asks_for_nothing(language: Language) -> None:
    """Nothing in the page points anywhere but into the page; drawings parse."""
    text = page(analysis_report(language))
    assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|<link|<img|<iframe|fetch\(|XMLHttpRequest", text)
    assert "default-src 'none'" in text
    drawings = re.findall(r"<svg\b.*?</svg>", text, flags=re.DOTALL)
    assert len(drawings) > 20
    assert all(ET.fromstring(drawing).tag == "svg" for drawing in drawings)


def test_every_number_says_how_it_is_computed(language: Language) -> None:
    """Whatever can be touched has its explanation in the page, in the language of the page."""
    text = page(analysis_report(language))
    (words,) = re.findall(r'id="words">(.*?)</script>', text, flags=re.DOTALL)
    why = json.loads(words)["why"]
    asked = set(re.findall(r'data-w="([^"]+)"', text))
    assert len(asked) > 12
    assert all(why[key] for key in asked)
    assert not english_in(" ".join(why.values())) or language == "en"


def test_chinese_is_chinese() -> None:
    """The Chinese page, headline and sheets hold no English sentence; the English ones no Chinese."""
    report = analysis_report("zh")
    words = [cell for sheet in report.as_sheets() for row in (sheet.header, *sheet.rows) for cell in row if isinstance(cell, str)]
    assert not english_in(" ".join([visible(page(report)), report.headline(), *words]))
    assert not re.search(r"[\u4e00-\u9fff]", visible(page(analysis_report("en"))))


def test_a_made_up_station_says_so(language: Language) -> None:
    """Page and sheets of a synthetic station carry the label; those of a real one do not."""
    label, report = Speaker(language).say("synthetic data"), analysis_report(language)
    assert visible(page(report)).count(label) >= 2
    assert all(label in sheet.above[0] for sheet in report.as_sheets())
    assert label not in visible(page(real(report)))
    assert all(label not in sheet.above[0] for sheet in real(report).as_sheets())


def test_files_hold_what_was_said(tmp_path: Path) -> None:
    """The workbook reopened has the rows of the tables, the data the figures of the analysis, the page itself."""
    report = analysis_report("zh")
    report.write_xlsx(tmp_path / "a.xlsx")
    report.write_json(tmp_path / "a.json")
    write_html(tmp_path / "a.html", report)
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["全周", "平均一天", "一周各小时", "警组"]
    rows = list(book["一周各小时"].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "小时")
    assert [tuple(row) for row in rows[top + 1 :]] == [tuple(row) for row in report.week().rows]
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert data["synthetic"] is True
    assert [row["crews"] for row in data["hours"]] == analysed().hours["crews"].to_list()
    assert {tuple(row[name] for name in ("measure", "by", "group", "statistic")) for row in data["figures"]} == set(
        analysed().figures
    )
    assert (tmp_path / "a.html").read_text("utf-8") == page(report)
