"""Confirming: the workbook that the command writes is filled in by a human and read back; what is wrong with it is said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.planted_leads import plant_calls, plant_cases
from openpyxl import load_workbook

from qinwu.findings import QinwuError
from qinwu.forecast.leads.case_leads import CaseLeads, link_cases
from qinwu.forecast.leads.confirming import read_decisions
from qinwu.forecast.leads.duplicates import find_duplicates
from qinwu.language import LANGUAGES, Language
from qinwu.report.chapters.leads import case_report
from qinwu.report.chapters.leads_calls import call_report

CASES, LABELS = plant_cases(singles=60, series=16, length=3, seed=9)
HEAD = "案件一,案件二,是否串并,确认民警"


@pytest.fixture(scope="module")
def found() -> CaseLeads:
    """Return the leads of a small file of which half is open."""
    return link_cases(CASES, LABELS.without(np.arange(len(CASES)) % 2 == 1), 30)


def decided(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """Return a CSV of decided pairs."""
    path = folder / "decided.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_comes_back(found: CaseLeads, language: Language, tmp_path: Path) -> None:
    """Filled in at its empty columns, the workbook of the report gives the decisions, whichever language it is in."""
    path = tmp_path / "leads.xlsx"
    case_report(found, "cases.csv", language).write_xlsx(path)
    book = load_workbook(path)
    sheet = next(each for each in book if each.title == ("待确认清单" if language == "zh" else "List to decide"))
    head = next(row for row in sheet.iter_rows() if row[0].value in ("案件一", "First case"))
    place = {cell.value: cell.column for cell in head}
    yes, by = ("是否串并", "确认民警") if language == "zh" else ("Belong together", "Decided by")
    for offset, word in ((1, "是" if language == "zh" else "yes"), (2, "否" if language == "zh" else "no")):
        sheet.cell(head[0].row + offset, place[yes], word)
        sheet.cell(head[0].row + offset, place[by], "P07")
    book.save(path)
    read = read_decisions(path, found.cases.ids)
    assert read.together == ((found.leads[0].first, found.leads[0].second),)
    assert read.apart == ((found.leads[1].first, found.leads[1].second),)


def test_decisions_that_cannot_stand_are_all_said(tmp_path: Path) -> None:
    """Neither yes nor no, signed by nobody, and decided both ways: three findings, each with its row."""
    path = decided(tmp_path, "a,b,也许,P01", "a,c,是,", "b,c,是,P01", "c,b,否,P02", "a,zz,是,P01", "a,d,,")
    with pytest.raises(QinwuError) as caught:
        read_decisions(path, "abcd")
    said = {(finding.code, finding.place.row) for finding in caught.value.findings}
    assert said == {("bad-decision", 2), ("unsigned-decision", 3), ("decided-both-ways", 5)}


def test_good_decisions_and_unknown_cases(tmp_path: Path) -> None:
    """Pairs are read either way round; a case that the file does not have is a warning."""
    read = read_decisions(decided(tmp_path, "b,a,是,P01", "c,a,不串并,P02", "a,zz,是,P01"), "abc")
    assert (read.together, read.apart) == (((0, 1),), ((0, 2),))
    assert [finding.code for finding in read.findings] == ["unknown-case"]


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    """Without who decided, nothing is a decision; a column about offenders is refused here too."""
    for head, code in (("案件一,案件二,是否串并", "no-decisions"), (f"{HEAD},嫌疑人", "person-column")):
        with pytest.raises(QinwuError) as caught:
            read_decisions(decided(tmp_path, head=head), "ab")
        assert code in {finding.code for finding in caught.value.findings}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_tells_it_all(found: CaseLeads, language: Language, tmp_path: Path) -> None:
    """Page and data are written; the page holds the claim and the base rate, the data every pair with rounded metres."""
    report = case_report(found, "cases.csv", language)
    report.write_html(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8").replace("\u2060", "").replace("\xa0", " ")
    assert report.claim in re.sub(r"<[^>]+>", "", page)
    assert ("随机" if language == "zh" else "by lot") in page
    data = report.as_data()["leads"]
    assert len(data["pairs"]) == len(found.leads)
    assert data["test"]["base_rate"] == found.test.base_rate if found.test else data["test"] is None
    assert all(pair["metres"] % 100.0 == 0.0 for pair in data["pairs"])


def test_no_exact_place_leaves_the_page(found: CaseLeads, tmp_path: Path) -> None:
    """Neither page nor data hold a coordinate of a case: distances and points are rounded to 100 m."""
    report = case_report(found, "cases.csv", "en")
    report.write_html(tmp_path / "page.html")
    report.write_json(tmp_path / "data.json")
    written = (tmp_path / "page.html").read_text("utf-8") + (tmp_path / "data.json").read_text("utf-8")
    for lead in found.leads:
        assert f"{found.cases.x_m[lead.first]:.1f}" not in written


def test_a_report_of_calls(tmp_path: Path) -> None:
    """Duplicate calls are told with their incidents, reasons and check on later days."""
    found = find_duplicates(plant_calls(1200, 20, seed=3).calls, 20)
    for language in LANGUAGES:
        report = call_report(found, "calls.csv", language)
        report.write_xlsx(tmp_path / "calls.xlsx")
        report.write_html(tmp_path / "calls.html")
        assert len(pl.read_excel(tmp_path / "calls.xlsx", sheet_id=2)) > 5
        assert str(found.repeated) in report.claim
