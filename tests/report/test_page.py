"""The page: complete in both languages, self-contained, true to the comparison."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from qinwu.findings import QinwuError
from qinwu.language import LANGUAGES, Language
from qinwu.report import Report, build_report, write_html
from qinwu.report.page import render
from qinwu.report.table import make_table
from qinwu.report.words import Speaker
from tests.report.reports import small_report, with_assumption, with_words

TEXT = re.compile(r">([^<]+)<")
NUMBER = re.compile(r'class="n [^"]*" data-s="(\d+)" data-m="([^"]+)" data-l="([^"]*)" data-v="([^"]*)" data-i="([^"]*)"')


def visible(page: str) -> str:
    """Return the text people see, without style sheet and scripts."""
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    return unescape(" ".join(TEXT.findall(body)))


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Both languages."""
    chosen: Language = request.param
    return chosen


def test_page_makes_no_request(language: Language) -> None:
    """Nothing in the page points anywhere but into the page."""
    page = render(small_report(), language)
    assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|<link|<img|<iframe|fetch\(|XMLHttpRequest", page)
    assert all(target.startswith("#") for target in re.findall(r'(?:href|src)="([^"]*)"', page))
    assert "default-src 'none'" in page


def test_every_measure_shown_is_explained(language: Language) -> None:
    """Each number names a measure whose explanation stands at the end of the page."""
    page = render(small_report(), language)
    shown = {measure for _, measure, _, _, _ in NUMBER.findall(page)}
    assert len(shown) > 15
    for measure in shown:
        assert f'id="m-{measure}"' in page
        assert Speaker(language).how(measure) in unescape(page)


def test_table_has_the_figures_of_the_comparison(language: Language) -> None:
    """Means, changes and verdicts in the table are those of the comparison."""
    report = small_report()
    for group in make_table(report, language):
        for row in group.rows:
            for cell, outcome in zip(row.cells, report.outcomes, strict=True):
                expected = outcome.interval(*row.key)
                assert cell.mean == expected.mean or (math.isnan(cell.mean) and math.isnan(expected.mean))
                if cell.system:
                    change = report.comparison.difference(outcome.system, *row.key).change.mean
                    assert cell.change == change or math.isnan(cell.change)


def test_page_prints_the_figures_of_the_table(language: Language) -> None:
    """What the table says is on the page, system by system."""
    report = small_report()
    printed = {(int(s), unescape(label), unescape(value)) for s, _, label, value, _ in NUMBER.findall(render(report, language))}
    for group in make_table(report, language):
        for row in group.rows:
            assert {(cell.system, cell.label, cell.full) for cell in row.cells} <= printed


def test_colour_only_where_the_interval_leaves_out_zero() -> None:
    """A cell has a tone only where its interval excludes zero."""
    cells = [cell for group in make_table(small_report(), "en") for row in group.rows for cell in row.cells if cell.system]
    assert {cell.tone for cell in cells} >= {"none", "better", "worse"}
    for cell in cells:
        change = small_report().comparison.difference(small_report().outcomes[cell.system].system, *cell.key).change
        if cell.tone != "none":
            assert change.low > 0.0 or change.high < 0.0


def test_every_drawing_is_well_formed(language: Language) -> None:
    """Each drawing parses as XML and all ids it uses exist."""
    page = render(small_report(), language)
    drawings = re.findall(r"<svg\b.*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) > 30
    used = {use.get("href", "") for drawing in drawings for use in ET.fromstring(drawing).iter("use")}
    assert used
    assert all(f'id="{target[1:]}"' in page for target in used)


def test_chinese_page_has_no_english_left() -> None:
    """Sentences of the English page do not turn up in the Chinese one."""
    chinese, english = visible(render(small_report(), "zh")), visible(render(small_report(), "en"))
    allowed = {"Qinwu", "SHA", "h", "km"}
    left = set(re.findall(r"[A-Za-z]{3,}(?: [a-z]+)+", chinese)) - allowed
    assert not {phrase for phrase in left if phrase in english}


def test_synthetic_station_says_so(language: Language) -> None:
    """A made-up station carries the label on top and at the bottom; a real one does not."""
    label = Speaker(language).say("synthetic data")
    report = small_report()
    assert visible(render(report, language)).count(label) >= 2
    assert label not in visible(render(with_words(report, synthetic=False), language))


def test_words_of_files_are_escaped(language: Language) -> None:
    """Text that comes from files cannot become markup."""
    page = render(with_assumption(small_report(), "<script>alert(1)</script>"), language)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(("replications", "systems"), [(1, 2), (2, 1)])
def test_odd_comparisons_make_a_page(language: Language, replications: int, systems: int) -> None:
    """One run, or the current system alone, makes a page without claims of a difference."""
    page = render(small_report(replications, systems), language)
    assert 'class="tone better"' not in page.split("<main>")[1].split('id="table"')[0]


@cache
def without_beats() -> Report:
    """Return the small report with plans that have no beats, for both languages."""
    report = small_report()
    plans = tuple(replace(plan, beats=(), area=plan.area._replace(beat_of=plan.area.beat_of * 0 - 1)) for plan in report.plans)
    return replace(report, plans=plans)


def test_page_without_beats_has_no_maps(language: Language) -> None:
    """Systems whose plans have no beats get no maps but everything else."""
    page = render(without_beats(), language)
    assert "map-waits" not in page
    assert 'id="curves"' in page


def test_same_report_same_page() -> None:
    """Nothing in the page depends on when it is made, unless a time is given."""
    assert render(small_report(), "zh") == render(small_report(), "zh")
    assert "2026-05-04 03:02" in render(replace(small_report(), made=datetime(2026, 5, 4, 3, 2, tzinfo=UTC)), "zh")


def test_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A missing folder is told with its name, and nothing is left behind."""
    write_html(tmp_path / "a.html", small_report(), "en")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == render(small_report(), "en")
    with pytest.raises(QinwuError) as caught:
        write_html(tmp_path / "none" / "a.html", small_report(), "en")
    assert caught.value.findings[0].code == "cannot-write"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_report_needs_a_plan_for_each_outcome() -> None:
    """Systems, plans and outcomes that do not match are refused."""
    report: Report = small_report()
    with pytest.raises(ValueError, match="3 outcomes, got 2 systems"):
        build_report(report.station, report.systems[:2], report.plans, report.comparison)
