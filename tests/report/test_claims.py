"""Claims told: sentences, tables, page and files, in Chinese and in English."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qinwu.judge.claims.checking import check
from qinwu.judge.claims.implied import Span
from qinwu.judge.claims.reading import read_claims, shipped_claims
from qinwu.language import LANGUAGES, Language
from qinwu.report.claims import ClaimsReport
from qinwu.report.claims_figures import Ends, People, dumbbell, people
from qinwu.report.claims_page import page
from qinwu.report.claims_words import FAIRNESS, GRADES, VERDICTS, WEAKNESSES
from tests.cli.folders import english_in, run
from tests.report.test_page import visible

OWN = """
title = { zh = "本局的数字", en = "Our figures" }

[[claim]]
id = "burglary"
name = { zh = "盗窃", en = "Burglaries" }
text = { zh = "试点区盗窃降三成", en = "Burglaries fell by three tenths" }
kind = "count"
value = 70
before = 100
unit = { zh = "起", en = "cases" }
period = "2024"
before_period = "2023"
comparator = "before_and_elsewhere"
source = { kind = "statistics", text = { zh = "县局统计", en = "county" } }

[[rate]]
id = "r"
name = { zh = "盗窃发案率", en = "Burglary rate" }
numerator_of = "burglary"
denominator = 60000
recording_rule = "立案"
source = { kind = "statistics", text = { zh = "县局统计", en = "county" } }

[[series]]
id = "s"
name = { zh = "立案", en = "Recorded" }
source = { kind = "statistics", text = { zh = "县局统计", en = "county" } }
point = [
  { period = "2022", numerator = 400, denominator = 60000, recording_rule = "旧" },
  { period = "2023", numerator = 380, denominator = 60000, recording_rule = "旧" },
  { period = "2024", numerator = 500, denominator = 60000, recording_rule = "新" },
]

[[league]]
id = "l"
name = { zh = "排名", en = "League" }
period = "2024"
recording_rule = "立案"
source = { kind = "statistics", text = { zh = "通报", en = "bulletin" } }
row = [
  { name = "A", numerator = 70, denominator = 60000 },
  { name = "B", numerator = 80, denominator = 61000 },
  { name = "C", numerator = 900, denominator = 61000 },
]
"""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Both languages."""
    chosen: Language = request.param
    return chosen


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A claims file of a user's own, with a rate, a series and a league table."""
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def articles(language: Language) -> ClaimsReport:
    """Return the claims of the articles, told."""
    return ClaimsReport(check(shipped_claims()), language)


def test_the_headline_is_that_nothing_was_compared(language: Language) -> None:
    """None of the eighteen was measured against a comparison; the figures before stand below."""
    report = articles(language)
    assert report.claim().startswith({"zh": "18条说法，没有一条", "en": "18 claims, and not one"}[language])
    assert all(figure in report.headline() for figure in ("3,106", "3,057–3,157", "157–162", "10,958–11,036"))


def test_the_page_says_what_follows(language: Language) -> None:
    """Ratio and points, paces, shares of the part, head-counts and hours are on the page."""
    text = visible(page(articles(language))).replace("\u00a0", " ")
    for figure in (
        "1.835",
        "+40.5",
        "−20.9%",
        "−18.0%",
        "+7.1%",
        "5.1%",
        "6.1%",
        "12/13 = 92.3%",
        "11/13 = 84.6%",
        "336",
        "240",
        "198",
    ):
        assert figure in text
    assert all(figure in text for figure in ("23%", "56%", "66%", "23.1%", "30.8%", "46.2%", "15,505"))


def test_every_number_answers_why(language: Language) -> None:
    """Every explanation that the page asks for is there; that of a figure names rule, inputs and source."""
    text = page(articles(language))
    (words,) = re.findall(r'id="words">(.*?)</script>', text, flags=re.DOTALL)
    why = json.loads(words)["why"]
    asked = set(re.findall(r'data-w="([^"]+)"', text))
    assert len(asked) > 40
    assert all(why[key] for key in asked)
    told = why["claim.daqing_eight"]
    assert all(part in told for part in ("963", "−69%", "3,057–3,157", "0.5", "M35"))
    assert {"zh": "当地媒体", "en": "local media"}[language] in told


def test_the_page_stands_alone(language: Language) -> None:
    """It asks for nothing, and equal reports give equal pages."""
    text = page(articles(language))
    assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|<link|<img|<iframe|fetch\(|XMLHttpRequest", text)
    assert text == page(articles(language))


def test_chinese_is_chinese(own: Path) -> None:
    """The Chinese page and sheets hold no English sentence; the English page of the articles no Chinese."""
    for report in (articles("zh"), ClaimsReport(check(read_claims(own)), "zh")):
        cells = [cell for sheet in report.tables.sheets() for row in (sheet.above, sheet.header, *sheet.rows) for cell in row]
        found = english_in(" | ".join([visible(page(report)), report.headline(), *(str(cell) for cell in cells)]))
        assert [words for words in found if "Econ. Stud" not in words and "Vidal" not in words] == []
    assert not re.search(r"[\u4e00-\u9fff]", visible(page(articles("en"))))


def test_no_word_says_that_it_worked() -> None:
    """Neither grades nor verdicts nor weaknesses call anything a success, in either language."""
    said = [*VERDICTS.values(), *FAIRNESS.values(), *(word for word, _ in (*GRADES.values(), *WEAKNESSES.values()))]
    assert not any(re.search(r"\bwork(s|ed)?\b|success|effective|proven", word) for word in said)
    text = visible(page(articles("zh")))
    assert not re.search(r"(?<!“)(见效|有效|成功)(?!”)", text.replace("改革成效尚不能下结论", ""))


def test_rates_series_and_leagues_are_told(own: Path, language: Language) -> None:
    """A rate has its interval, a series its break, a league table the ranks that chance leaves."""
    report = ClaimsReport(check(read_claims(own)), language)
    sheet = report.tables.rates()
    assert sheet is not None
    assert len(sheet.rows) == 1 + 3 + 3
    assert sheet.rows[0][5:8] == pytest.approx((116.667, 90.947, 147.401), abs=1e-3)
    ranks = [str(row[8]) for row in sheet.rows[-3:]]
    assert [re.findall(r"\d", rank) for rank in ranks] == [["1", "1", "2"], ["2", "1", "2"], ["3", "3", "3"]]
    titles = [each.title for each in report.crossing.all()]
    assert any({"zh": "分成2段", "en": "2 parts"}[language] in title for title in titles)
    assert any({"zh": "2个地方可能是第一", "en": "2 places may be first"}[language] in title for title in titles)
    assert "0.95" in visible(page(report))


def test_files_hold_what_was_said(tmp_path: Path) -> None:
    """The workbook reopened has the bases as numbers, the data the grades, spans and refused rates."""
    report = articles("en")
    report.write_xlsx(tmp_path / "a.xlsx")
    report.write_json(tmp_path / "a.json")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Claims", "Do the figures fit", "Grades"]
    rows = list(book["Claims"].iter_rows(values_only=True))
    eight = next(row for row in rows if row[0] == "Eight serious crimes")
    assert [round(float(str(value))) for value in eight[3:7]] == [3106, 3057, 3157, 963]
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    claims = {claim["id"]: claim for claim in data["claims"]}
    assert claims["daqing_front"]["ratio"]["value"] == pytest.approx(0.89 / 0.485)
    assert data["grades"] == {"A": 0, "B": 0, "C": 3, "D": 15}
    assert data["rates"][0]["rate"] is None
    assert data["stations"][0]["cover"][0]["needed"] == 336.0


def test_a_dumbbell_has_its_bar_of_rounding() -> None:
    """A figure that only follows is dashed and has a bar as wide as rounding leaves; an exact one has none."""
    implied = dumbbell(Span(3106, 3057, 3157), Span(963, 963, 963), 3157, Ends("3106", "963"), "eight", implied=True)
    assert implied.count("rounding") == 1
    assert "end before implied" in implied
    (x, width) = re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%"', implied)[0]
    assert (float(x), float(width)) == pytest.approx((80 * 3057 / 3157, 80 * 100 / 3157), abs=0.01)
    exact = dumbbell(Span(70, 70, 70), Span(20, 20, 20), 70, Ends("70", "20"), "units", implied=False)
    assert "rounding" not in exact


def test_a_series_is_drawn_with_its_breaks(own: Path, language: Language) -> None:
    """Three periods are three dots with intervals; the line is broken once, and no line joins the two parts."""
    text = page(ClaimsReport(check(read_claims(own)), language))
    (svg,) = re.findall(r'<svg[^>]*class="figure broken".*?</svg>', text, flags=re.DOTALL)
    lines = re.findall(r'<polyline points="([^"]+)"', svg)
    assert [len(line.split()) for line in lines] == [2, 1]
    assert (svg.count('class="cut"'), svg.count('class="whisker"'), svg.count("<circle")) == (1, 3, 3)


def test_many_people_are_a_bar() -> None:
    """Thirteen people are thirteen dots, a thousand are a bar."""
    assert people([People(6, "front", "f"), People(7, "office", "o")], "all").count("<circle") == 13
    many = people([People(600, "front", "f"), People(400, "office", "o")], "all")
    assert many.count("<circle") == 0
    assert 'width="60%"' in many


def test_the_command_writes_everything(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: Language) -> None:
    """Terminal, page, workbook and data."""
    ran = run(capsys, "claims", own, "--xlsx", tmp_path / "a.xlsx", "--json", tmp_path / "a.json", language=language)
    assert ran.code == 0, ran.err
    assert (own.parent / "reports" / f"claims.{language}.html").exists()
    assert load_workbook(tmp_path / "a.xlsx").sheetnames
    assert {"zh": "有对照可比", "en": "measured against a"}[language] in ran.out


def test_the_command_refuses_with_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong option and a missing file are told together, with exit code 2, and nothing is written."""
    ran = run(capsys, "claims", tmp_path / "none.toml", "--try", "-1")
    assert ran.code == 2
    assert "--try must be from 0" in ran.err
    assert "does not exist" in ran.err
    assert not (tmp_path / "reports").exists()
