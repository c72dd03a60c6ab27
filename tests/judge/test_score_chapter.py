"""The chapter of scores: drafts stay with the officer, few events are not told, printed sheets can be signed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qinwu.findings import QinwuError
from qinwu.judge.score.league import league
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.score.records import Objection, Records, Signature
from qinwu.judge.score.roll_up import roll_up
from qinwu.judge.score.scored import Scored, score
from qinwu.judge.score.survey import Survey
from qinwu.language import LANGUAGES, Language
from qinwu.report.chapters.judge_report import judge_report
from qinwu.report.chapters.score import own_score, score_chapter
from qinwu.report.chapters.score_tables import told_parts
from qinwu.report.figures.places import Row, place_rows
from qinwu.report.words import NONE
from tests.judge.score_cases import JANUARY, MARCH_1, calls, ledger, rules, small_station
from tests.stations import grid_area, officers, station

SHOWN = Signature("P01", JANUARY, "shown", "", "内勤", date(2024, 2, 5))
OBJECTED = Objection("1", "P01", "night", "三起不在本区", "open", "", None)
SURVEY = Survey("west", "safe", 200, 0.9, "入户", date(2024, 1, 20), 2.0)


def _scored() -> Scored:
    return score(ledger(), rules(), JANUARY, (SURVEY,), Records((OBJECTED,), (SHOWN,)), MARCH_1)


def _cells(table: object) -> list[str]:
    return [str(cell) for row in table.sheet.rows for cell in row]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_of_a_draft_stay_with_the_officer(language: Language) -> None:
    """P01 was shown the sheet and stands with points, with the beat; the others and their beats stand without any."""
    chapter = score_chapter(_scored(), language)
    rows = {row[0]: row for row in chapter.tables[0].sheet.rows}
    assert rows["P01"][5] != NONE
    assert set(rows["P02"][2:11]) == {NONE}
    assert set(chapter.data["drafts"]) == {"P02", "P03", "middle", "east"}
    assert {sheet["owner"] for sheet in chapter.data["sheets"]}.isdisjoint(chapter.data["drafts"])
    lines = {row[0] for row in chapter.tables[1].sheet.rows}
    assert "P01" in lines
    assert "P02" not in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_fits_its_header_and_has_a_name_of_its_own(language: Language, tmp_path: Path) -> None:
    """All tables and printed sheets go into one workbook, one sheet for every officer, with room for every signature."""
    import openpyxl

    small = small_station()
    report = judge_report(small, [score_chapter(_scored(), language)], language)
    for one in (*report.chapters[0].tables,):
        assert len(one.keys) == len(one.sheet.header)
        assert all(len(row) == len(one.sheet.header) for row in one.sheet.rows)
        assert all(key in report.why for key in one.keys if key)
    report.write_xlsx(tmp_path / "book.xlsx")
    report.write_html(tmp_path / "page.html")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    printed = [name for name in book.sheetnames if "P0" in name]
    assert len(printed) == 3
    text = " ".join(str(cell.value) for row in book[printed[0]].iter_rows() for cell in row if cell.value is not None)
    assert "所长" in text
    assert "教导员" in text
    assert "1.35" in text


def test_own_page_shows_number_rule_evidence_and_how_to_object() -> None:
    """One's own page has every line with its rule in words, the rows behind it, and the way to object with the last day."""
    own = own_score(_scored(), "P01", "zh")
    assert "objections.csv" in own.lead[1]
    assert "2024-02-10" in own.lead[1]
    first, second, *evidence = own.tables
    assert len(first.sheet.rows) == len(second.sheet.rows) == 2
    assert "80中的50" in _cells(first)
    assert [len(table.sheet.rows) for table in evidence] == [80, 30]
    assert own.handed[0].name.endswith("P01")
    with pytest.raises(QinwuError, match="P99"):
        own_score(_scored(), "P99", "zh")


def test_what_rests_on_few_events_is_told_to_nobody_else() -> None:
    """A beat with three calls stands without its number, in lines, league and parts; two smallest parts stand together."""
    rows = calls({"a1": (40, 20), "a2": (2, 1), "a3": (30, 30)}, 0, 31)
    small = station(grid_area(3, 2), officers(6, 3, command=1), rows=[*rows, (31 * 24.0, "help", "a1")])
    shown = tuple(Signature(officer, JANUARY, "shown", "", "内勤", date(2024, 2, 5)) for officer in ("P01", "P02", "P03"))
    scored = score(ledger(small), rules(), JANUARY, records=Records((), shown), today=MARCH_1)
    chapter = score_chapter(scored, "en")
    middle = [row for row in chapter.tables[1].sheet.rows if row[0] == "middle"]
    assert {row[3] for row in middle if row[2] == "base"} == {NONE}
    assert {row[4] for row in middle if row[2] == "base"} == {NONE}
    parts = next(one for one in scored.roll_ups if one.indicator == "by_day")
    told = told_parts(parts)
    assert [part.owner for part in told] == ["west", "*"] or [part.owner for part in told] == ["east", "*"]
    assert sum(part.adds for part in told) == pytest.approx(parts.value)
    assert all(unit["unit"] != "middle" for unit in chapter.data["leagues"][0]["units"])


def test_earlier_years_stand_beside_this_one() -> None:
    """January beside the January of the year before: 50 of 80 against 10 of 40 is shown, in the table with its interval."""
    rows = [
        *calls({"a1": (10, 30), "a2": (3, 0)}, 0, 31),
        *calls({"a1": (50, 30), "a2": (2, 1)}, 366, 31),
        (400 * 24.0, "help", "a1"),
    ]
    small = station(grid_area(3, 2), officers(6, 3, command=1), rows=rows)
    scored = score(ledger(small), rules(), "2025-01", today=date(2025, 3, 1))
    found = next(each for name, level, each in scored.baselines if (name, level) == ("by_day", "beat"))
    west = next(one for one in found if one.owner == "west")
    assert west.change.value == pytest.approx(50 / 80 - 10 / 40)
    assert west.shown
    table = next(
        one
        for one in score_chapter(scored, "en").tables
        if one.sheet.name.startswith("Earlier years") and "by_day" in one.sheet.name
    )
    assert [row[0] for row in table.sheet.rows] == ["west"]
    assert table.sheet.rows[0][1:4] == ("50 of 80", "10 of 40", "+37.5")


def test_a_median_has_neither_league_nor_parts() -> None:
    """What is no count of events has no funnel and cannot be taken apart."""
    numbers = Numbers(ledger(), rules())
    assert league(numbers, "half", "beat", JANUARY) is None
    assert roll_up(numbers, "half", numbers.ledger.standing.home, ["west"], JANUARY) is None


def test_places_are_drawn_for_units_with_a_rank() -> None:
    """A bar from the best to the worst place; words where there is no rank; names are escaped."""
    rows = [Row("<a>", 1, 1, 2, "5%", "tip"), Row("b", 2, None, None, "4%", "tip"), Row("c", 3, 3, 3, "3%", "tip")]
    drawn = place_rows(rows, "label", ("best", "last"), "no rank")
    assert drawn.count("stroke-linecap") == 2
    assert drawn.count("no rank") == 1
    assert "&lt;a&gt;" in drawn
