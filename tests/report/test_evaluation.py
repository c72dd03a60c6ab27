"""Evaluations told: what may be said, in both languages, and that it is the same on page, workbook and in data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Browser

from qinwu.judge.evaluate.estimate import COMPARED
from qinwu.judge.evaluate.evaluation import Evaluation, evaluate
from qinwu.judge.evaluate.power import plan_pilot
from qinwu.language import Language
from qinwu.report.evaluation import EvaluationReport
from qinwu.report.evaluation_figures import Mark, forest
from qinwu.report.evaluation_page import EvaluationPage, page
from qinwu.report.evaluation_plan import PilotReport
from qinwu.report.evaluation_words import METHODS, RULES
from tests.cli.folders import english_in
from tests.judge.evaluation_cases import design_of, drawn, panel_of
from tests.report.browsing import chromium, in_browser, opened

TAGS = re.compile(r"<(style|script)[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)


def found(fall: float = 0.0, *, places: int = 24, level: float = 60.0, buffer: tuple[str, ...] = ("丙所",)) -> Evaluation:
    """Return the evaluation of drawn places."""
    return evaluate(design_of(drawn(places, level=level, fall=fall), buffer=buffer))


def report(fall: float = 0.0, language: Language = "en", **asked: int) -> EvaluationReport:
    """Return its report."""
    return EvaluationReport(found(fall, **asked), "counts.csv", "ab" * 32, language)  # type: ignore[arg-type]


def pilot(language: Language) -> PilotReport:
    """Return the report of a pilot planned."""
    panel = drawn(months=48)
    return PilotReport(plan_pilot(panel, [0.2, 0.5], [6, 12], [1, 3], draws=40), panel, "counts.csv", "ab" * 32, language)


def words_of(html: str) -> str:
    """Return the text of a page without tags, styles and scripts."""
    return TAGS.sub(" ", html)


@pytest.mark.parametrize(
    ("fall", "says", "verdict"),
    [(0.4, "fewer than untreated places lead one to expect", "fewer"), (-0.6, "more than untreated", "more")],
)
def test_a_difference_is_told_against_untreated_places(fall: float, says: str, verdict: str) -> None:
    """What is claimed is a difference from untreated places, with its interval."""
    told = report(fall)
    assert told.found.verdict == verdict
    assert says in told.claim()
    assert re.search(r"\([−+]\d+% to [−+]\d+%\)", told.claim())


def test_no_difference_shown_comes_with_the_smallest_that_would_be() -> None:
    """An interval around zero is no proof: the claim gives the interval, the deck what would have been missed."""
    told = report()
    assert told.found.verdict == "no_difference_shown"
    assert "no difference shown" in told.claim()
    smallest = told.speaker.percent(told.found.smallest)
    assert any(f"a fall of less than {smallest} would have been missed" in line for line in told.deck())


def test_too_few_places_are_not_judged() -> None:
    """Two untreated places: it cannot be judged, and the page can still be made."""
    told = EvaluationReport(evaluate(design_of(drawn(3, fall=0.4))), "a.csv", "", "en")
    assert told.found.verdict == "too_few_places"
    assert "cannot be judged with 2 untreated places" in told.claim()
    assert "few_places" in told.found.doubts
    assert len(page(told)) > 10_000


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("fall", [0.0, 0.4])
def test_it_never_says_that_a_reform_worked(language: Language, fall: float) -> None:
    """No page says worked, success, effective, proof of cause or their Chinese; before and after alone is never the claim."""
    text = words_of(page(report(fall, language)))
    for word in ("worked", "success", "effective", "caused", "奏效", "成功", "见效", "成效", "显著降低", "证明有效"):
        assert word not in text
    assert not english_in(text.replace("SHA-256", "")) or language == "en"


def test_the_verdict_is_that_of_the_one_test() -> None:
    """Whatever the other methods say, claim and verdict follow the first alone."""
    told = found(0.4)
    turned = replace(told, others=tuple(replace(each, p=0.9) for each in told.others))
    assert turned.verdict == told.verdict == "fewer"
    undecided = replace(told, decides=replace(told.decides, p=0.2))
    assert undecided.verdict == "no_difference_shown"


def test_every_method_has_a_name_a_rule_and_stands_in_the_forest() -> None:
    """All methods are shown, the one that decides first, those without comparison last and never coloured."""
    drawn_page = EvaluationPage(report(0.4), "en")
    rows = drawn_page.rows()
    assert {row.method for row in rows} == set(METHODS) == set(RULES)
    assert rows[0].decides
    assert [row.compared for row in rows] == sorted((row.compared for row in rows), reverse=True)
    alone = [each for each in drawn_page.report.estimates if each.method not in COMPARED]
    assert {drawn_page.mark(each).kind for each in alone} == {"none"}


def test_each_number_has_its_rule_inputs_and_source() -> None:
    """Whatever can be touched has an explanation, with the file it comes from."""
    told = report(0.4)
    html = page(told)
    why = EvaluationPage(told, "en").why()
    keys = set(re.findall(r'data-w="([^"]*)"', html)) - {""}
    assert keys <= set(why)
    assert all("counts.csv, 2020-01 to 2022-12" in text for text in why.values())
    assert "expected" in why["ratio"]
    assert "before/after" not in html
    assert "34% to 38%" in why["before_after"]


def test_workbook_and_data_say_what_the_page_says(tmp_path: Path) -> None:
    """The change is the same number everywhere; the data are plain JSON without nan."""
    told = report(0.4)
    told.write_xlsx(tmp_path / "a.xlsx")
    told.write_json(tmp_path / "a.json")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [row for row in book["Methods"].iter_rows(values_only=True) if row[0] == METHODS["ratio"]]
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert cells[0][1] == pytest.approx(100 * data["estimates"][0]["change"], abs=0.06)
    assert len(book.sheetnames) == 5
    assert data["placebo_places"]["choices"] == 22


def test_expected_series_has_the_level_of_the_treated() -> None:
    """Before the start, what was expected adds up to what was counted."""
    told = report(0.4)
    expected = told.expected()
    counted = told.found.design.series(told.found.design.treated)[0]
    assert sum(expected[:24]) == pytest.approx(counted[:24].sum())
    assert sum(expected[24:]) > counted[24:].sum()


def test_people_scale_the_series() -> None:
    """With a population, what was expected follows the treated place's own people."""
    panel = drawn(6)
    people = np.full(panel.counts.shape, 500.0)
    people[0] = 1000.0
    told = EvaluationReport(evaluate(design_of(panel_of(panel.counts, exposure=people))), "a.csv", "", "en")
    assert sum(told.expected()[:24]) == pytest.approx(panel.counts[0, :24].sum())


def test_forest_holds_all_intervals() -> None:
    """Zero and every point lie on the scale; a method without a figure has no drawing."""
    marks = [Mark("a", -0.2, -0.4, 0.1, "none", "a"), Mark("b", float("nan"), float("nan"), float("nan"), "none", "b")]
    svgs, zero = forest(marks)
    assert svgs[0].startswith("<svg")
    assert svgs[1] == ""
    assert 0.5 < zero < 1.0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pilot_is_told(language: Language, tmp_path: Path) -> None:
    """The plan's page and workbook are made in both languages, the claim with places and months."""
    told = pilot(language)
    told.write_html(tmp_path / "a.html")
    told.write_xlsx(tmp_path / "a.xlsx")
    told.write_json(tmp_path / "a.json")
    text = words_of((tmp_path / "a.html").read_text("utf-8"))
    assert re.search(r"\d+", told.claim())
    assert language == "en" or not english_in(text)
    assert len(json.loads((tmp_path / "a.json").read_text("utf-8"))["pilots"]) == 4


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium() as opened_browser:
        yield opened_browser


@pytest.mark.browser
@in_browser[1]
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["evaluation", "pilot"])
def test_in_a_browser(browser: Browser, tmp_path: Path, width: int, name: str) -> None:
    """Nothing is asked for, nothing scrolls sideways, and numbers explain themselves."""
    told = report(0.4, "zh") if name == "evaluation" else pilot("zh")
    told.write_html(tmp_path / "a.html")
    with opened(browser, tmp_path / "a.html", width) as shown:
        shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        card = shown.locator("#why")
        for what in (".big >> nth=0", ".n >> nth=8"):
            shown.locator(what).click()
            assert "怎么算" in card.inner_text()
            shown.keyboard.press("Escape")
            assert card.is_hidden()
