"""The report of a reform: who loses stands on top, numbers agree with the run, both languages are whole."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qinwu.language import Language
from qinwu.report.plans.page import page
from qinwu.report.plans.plan_report import PlanReport
from qinwu.report.reform.reform_report import WHY, reform_report
from tests.judge.reform_cases import MERGED, ONE_LEVEL, reform_of, tried_on_county, vary

LOSS = {"op": "move_posts", "units": ["s3"], "post": "front_line", "becomes": "administration", "count": 2}


@cache
def told(language: Language) -> PlanReport:
    """Return a reform by which one station loses two patrols and everybody saves a hand-over, with an assumption that turns it."""
    steps = (LOSS, ONE_LEVEL)
    reform = reform_of(
        *steps,
        vary=(vary("dispatch.level_s", 0.0, 90.0, both=True, unit="s"),),
        claims=[{"id": "daqing_front", "shows": "front_line"}],
    )
    return reform_report(tried_on_county(reform, replications=6, swings=2), language)


@cache
def loss_told() -> PlanReport:
    """Return a reform that only takes."""
    return reform_report(tried_on_county(reform_of(LOSS), replications=8), "en")


def table(report: PlanReport, name: str) -> dict[str, tuple[object, ...]]:
    """Return the rows of a table by their first cell."""
    sheet = next(shown.sheet for shown in report.tables if shown.sheet.name == name)
    return {str(row[0]): row[1:] for row in sheet.rows}


def test_who_loses_is_said_before_anything_else() -> None:
    """The first sentence below the claim counts and names the places that get worse, the worst first."""
    report = loss_told()
    assert "longer on average" in report.claim
    assert "of 3 places get worse: s3" in report.deck[0]


def test_the_front_line_is_given_with_both_counts() -> None:
    """14 of 40 heads before, 12 after: shares with the numbers behind them."""
    rows = table(loss_told(), "The organisation")
    assert rows["Front line, of all"] == ("14 / 40 = 35.0%", "12 / 40 = 30.0%")
    assert rows["Officers in crews"] == ("14", "12")


def test_the_book_of_posts_names_step_and_heads() -> None:
    """Two heads went from the front line to desks; all are there afterwards."""
    report = loss_told()
    rows = table(report, "The book of posts")
    assert rows["step1"][:5] == ("2", "s3", "front line", "s3", "desk")
    book = next(shown for shown in report.tables if shown.sheet.name == "The book of posts")
    assert "40 heads before, 40 after" in book.lead


def test_every_step_has_its_part() -> None:
    """After the first step residents wait longer, after the second less."""
    rows = table(told("en"), "Step by step")
    first, second = rows["step1"][1], rows["step2"][1]
    assert str(first).startswith("+")
    assert str(second).startswith("−")


def test_a_verdict_that_can_turn_says_where() -> None:
    """The saved hand-over outweighs the patrols only if it takes long enough."""
    assert any("It helps if" in sentence and "more than" in sentence for sentence in told("en").deck)


def test_claims_stand_beside_what_is_shown_here() -> None:
    """What was said of Daqing has its grade; the last column is this county's."""
    row = next(iter(table(told("en"), "What was claimed elsewhere").values()))
    assert row[0] in ("C", "D")
    assert "14 / 40" in str(row[2])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole(language: Language) -> None:
    """Every explanation is there, no catalogue place is left open, and a Chinese page has no English sentence of ours."""
    report = told(language)
    text = page(report)
    assert set(report.why) == set(WHY)
    assert "{" not in report.headline()
    if language == "zh":
        assert "residents" not in text
        assert "Who loses" not in text


def test_workbook_and_data_hold_the_same(tmp_path: Path) -> None:
    """Excel has a sheet for each table; JSON the moves and the ends of every assumption."""
    report = told("en")
    report.write_xlsx(tmp_path / "a.xlsx")
    report.write_json(tmp_path / "a.json")
    book = load_workbook(tmp_path / "a.xlsx")
    assert len(book.sheetnames) == len(report.tables)
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [move["count"] for move in data["moves"]] == [2]
    assert data["swings"][0]["turns_at"] is not None


def test_a_merger_is_told_by_the_stations_there_were() -> None:
    """Places are s1, s2 and s3 although s2 is gone."""
    report = reform_report(tried_on_county(reform_of(MERGED)), "en")
    assert set(table(report, "Who loses, by place")) == {"s1", "s2", "s3"}


def test_the_printed_report_holds_what_the_page_shows(tmp_path: Path) -> None:
    """The PDF is written, in English as in Chinese where the machine has the letters."""
    report = told("en")
    assert [figure.title for figure in report.document().figures] == [drawing.title for drawing in report.drawings]
    report.write_pdf(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_what_rests_on_fewer_than_five_calls_is_not_told() -> None:
    """A place with three calls is left out of page and data, and it is said."""
    tried = tried_on_county(reform_of(LOSS), replications=2)
    few = replace(tried, places=(replace(tried.places[0], calls=3.0), *tried.places[1:]))
    report, hidden = reform_report(few, "en"), tried.places[0].group
    assert hidden not in table(report, "Who loses, by place")
    assert not [row for row in report.data["differences"] if (row["by"], row["group"]) == ("place", hidden)]
    assert any("fewer than 5 calls" in note for note in report.notes)
