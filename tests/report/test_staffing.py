"""The staffing answer as words, tables and page; the station of thirteen cannot do what is asked, by 138 hours a week."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from qinwu.language import LANGUAGES, Language
from qinwu.plan.staffing import Staffing
from qinwu.queueing.supply import Supply, desk_posts, long_duty
from qinwu.report.closing import Change, Closing
from qinwu.report.staffing_page import StaffingPage, page, write_html
from qinwu.report.words import Speaker
from tests.cli.folders import english_in
from tests.report.answers import HALF, URGENT, staffed, staffing_report
from tests.report.test_page import visible


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Both languages."""
    chosen: Language = request.param
    return chosen


def with_supply(supply: Supply) -> Staffing:
    """Return the answer for the station of thirteen if it had other officers; merging left out."""
    answer = replace(staffed(0, HALF), supply=supply, long_duty=None, desk_posts=None, merge=None)
    if answer.feasible:
        return answer
    return replace(answer, long_duty=long_duty(supply, answer.needed, 2), desk_posts=desk_posts(supply, answer.needed))


def changes(supply: Supply) -> list[Change]:
    """Return the ways to close the gap in English."""
    return list(Closing(with_supply(supply), Speaker("en")).changes())


def test_thirteen_cannot_do_it(language: Language) -> None:
    """336 hours are needed, 240 are there gross and 198 net: 138 are missing, the work of 4.2 officers."""
    report = staffing_report(language)
    assert not report.answer.feasible
    assert report.verdict().startswith({"zh": "不可行：", "en": "Infeasible: "}[language])
    for said in (report.headline(), visible(page(report)).replace("\u00a0", " ")):
        assert all(re.search(rf"\b{number}\b", said) for number in ("138", "336", "240", "198", r"4\.2"))
    assert {"71%", "59%", "17.3%"} <= set(re.findall(r"[\d.]+%", report.arithmetic()))


def test_three_changes_each_with_its_price(language: Language) -> None:
    """Longer duty and a merger close the gap alone, desk posts do not: the fifth post would be in command."""
    report = staffing_report(language)
    long, desk, merge = report.closing.changes()
    assert (long.enough, desk.enough, merge.enough) == (True, False, True)
    assert ("56.0" in long.what, "67.7" in long.what, "832" in long.price) == (True, True, True)
    assert desk.closes == pytest.approx(4 * 40 * (1 - 45 / 260))
    assert (long.closes, merge.closes) == (report.answer.gap, report.answer.gap)
    assert all(change.price for change in (long, desk, merge))
    assert len(report.changes()) == 3
    text = visible(page(report)).replace("\u00a0", " ")
    assert all(part in text for change in (long, desk, merge) for part in (change.name, change.what, change.price, change.verdict))


def test_enough_officers_need_no_change(language: Language) -> None:
    """With eighteen on the front line hours are left, nothing is priced, and no bar is short."""
    report = staffing_report(language, with_supply(Supply(18, 4, 3, 18)))
    assert report.verdict().startswith({"zh": "可行：", "en": "Feasible: "}[language])
    assert report.changes() == []
    assert 'id="changes"' not in page(report)
    assert 'class="lacking"' not in page(report)
    assert "336" not in report.arithmetic()


@pytest.mark.parametrize(
    ("supply", "names", "enough"),
    [
        (Supply(6, 5, 3, 6), ["24-hour duty in 3 groups", "Desk posts to the street", "Merging stations"], [True, True, False]),
        (Supply(5, 2, 1, 5), ["Longer duty", "Desk posts to the street", "Merging stations"], [False, False, False]),
        (Supply(0, 0, 0, 0), ["Longer duty", "Desk posts to the street", "Merging stations"], [False, False, False]),
    ],
)
def test_changes_say_whether_they_are_enough(supply: Supply, names: list[str], enough: list[bool]) -> None:
    """A change that is not enough says so, and never closes more than the gap."""
    found = changes(supply)
    assert [change.name for change in found] == names
    assert [change.enough for change in found] == enough
    gap = with_supply(supply).gap
    assert all(0.0 <= change.closes <= gap + 1e-9 for change in found)
    assert all((change.verdict == "Enough by itself.") == change.enough for change in found)


def test_only_leave_makes_the_gap() -> None:
    """Where hours would do if nobody were ever away, longer duty is told for those who are there."""
    long, *_ = changes(Supply(9, 0, 0, 9))
    assert long.what == "45.1 hours a week for each officer who is there while others are away."
    assert "40" in long.price


def test_nobody_on_the_front_line_is_said() -> None:
    """A station without a front line is told so."""
    assert "Nobody is on the front line." in staffing_report("en", with_supply(Supply(0, 4, 3, 0))).headline()


def test_watches_are_those_of_the_answer(language: Language) -> None:
    """Each watch has its crews and officers; over the week they are the hours needed."""
    report, answer = staffing_report(language), staffed(0, HALF)
    rows = report.watches().rows
    assert [row[2] for row in rows] == [int(answer.by_watch.crews[cell[0]]) for cell in answer.by_watch.cells]
    hours = [int(str(row[3])) * len(shift.hours) * 7 for row, shift in zip(rows, answer.shifts, strict=True)]
    assert sum(hours) == answer.needed == 336.0
    assert report.watches().header[-1] == {"zh": "饱和度 ≤ 60%", "en": "busy ≤ 60%"}[language]


def test_the_week_shows_every_hour(language: Language) -> None:
    """Officers needed and on duty now stand in the cells of the two weeks."""
    report = staffing_report(language)
    grid = report.week_grid()
    assert np.array([row[1:] for row in grid.rows]).T.ravel().tolist() == report.needed_by_hour().tolist()
    drawn = StaffingPage(report)
    rows = "".join(svg for _, svg in drawn.today_week().rows)
    assert re.findall(r">(\d+)</text>", rows) == [f"{count:.0f}" for count in drawn.today]
    short = sum(now < planned for now, planned in zip(drawn.today, drawn.planned, strict=True))
    assert f" {short} " in f" {drawn.weeks_title()} "
    alone = replace(report, today=None)
    assert StaffingPage(alone).today == []
    assert page(alone).count('class="week-rows"') == 1


def test_targets_beside_the_simulation(language: Language) -> None:
    """A simulated target has its mean and interval in people's units, one that is not measured says by what it is kept."""
    answer = staffed(2, URGENT, HALF)
    report = staffing_report(language, answer)
    urgent, half = report.checks().rows
    assert urgent[0] == {"zh": "一级响应九成 ≤ 8 分钟", "en": "P1 response 9 in 10 ≤ 8 min"}[language]
    assert urgent[1] == pytest.approx(answer.checked[0].closed / 60.0, abs=0.051)
    assert urgent[2] == pytest.approx(answer.checked[0].simulated.mean / 60.0, abs=0.051)
    assert urgent[4] == {"zh": "达到", "en": "kept"}[language]
    assert half[1] == pytest.approx(answer.checked[1].closed * 100.0, abs=0.051)
    assert urgent[0] in visible(page(report)).replace("\u00a0", " ")


def test_assumptions_have_a_source_or_are_called_so(language: Language) -> None:
    """Every figure the answer rests on names its source, or is said to be an assumption; a changed one is no assumption."""
    word = {"zh": "假设", "en": "assumption"}[language]
    sources = StaffingPage(staffing_report(language)).sources()
    assert all(row.source.startswith(word) == row.assumed for row in sources)
    assert {row.value for row in sources} >= {"17.3%", "60%", "√n"}
    own = staffing_report(language, with_supply(Supply(6, 4, 3, 6, 44.0, 0.1)))
    given = {"zh": "本次指定", "en": "given for this answer"}[language]
    assert [row.source for row in StaffingPage(own).sources()][:2] == [given, given]


def test_the_page_stands_alone(language: Language) -> None:
    """No request, every touchable number explained, and the label of a made-up station."""
    report = staffing_report(language)
    text = page(report)
    assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|<link|<img|<iframe|fetch\(|XMLHttpRequest", text)
    (words,) = re.findall(r'id="words">(.*?)</script>', text, flags=re.DOTALL)
    why = json.loads(words)["why"]
    asked = set(re.findall(r'data-w="([^"]+)"', text))
    assert len(asked) > 10
    assert all(why[key] for key in asked)
    assert visible(text).count(Speaker(language).say("synthetic data")) >= 2


def test_chinese_is_chinese() -> None:
    """The Chinese page and sheets hold no English sentence; the English page no Chinese."""
    report = staffing_report("zh", staffed(2, URGENT, HALF))
    words = [
        cell
        for sheet in report.as_sheets()
        for row in (sheet.above, sheet.header, *sheet.rows)
        for cell in row
        if isinstance(cell, str)
    ]
    assert not english_in(" ".join([visible(page(report)), report.headline(), *report.changes(), *words]))
    assert not re.search(r"[\u4e00-\u9fff]", visible(page(staffing_report("en"))))


def test_files_hold_what_was_said(tmp_path: Path) -> None:
    """The workbook reopened starts with the verdict and has the watches; the data has the hours and the changes."""
    report = staffing_report("en")
    report.write_xlsx(tmp_path / "a.xlsx")
    report.write_json(tmp_path / "a.json")
    write_html(tmp_path / "a.html", report)
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["By watch", "Targets", "Officers needed by hour", "By hour"]
    rows = [tuple(row) for row in book["By watch"].iter_rows(values_only=True)]
    assert "synthetic data" in rows[0][0]
    assert rows[1][0] == report.headline()
    assert rows[-2:] == [tuple(row) for row in report.watches().rows]
    assert len(list(book["By hour"].iter_rows())) == 168 + 2
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (data["needed_officer_hours"], data["gross_officer_hours"], data["feasible"]) == (336.0, 240.0, False)
    assert data["changes"]["desk_posts"]["posts"] == 5
    assert (tmp_path / "a.html").read_text("utf-8") == page(report)


def test_merging_that_costs_no_minutes_says_what_it_costs() -> None:
    """Where nobody arrives later, the price of merging is the way of the people to their station, not a gain called a price."""
    report = staffing_report("en")
    merge = replace(report.answer.merge or pytest.fail("no merger"), arrival_s=600.0, arrival_after_s=480.0)
    price = report.closing.merged(merge).price
    assert price.startswith("people have farther to go")
    assert "8.0 min on average instead of 10.0" in price
    assert not report.closing.merged(replace(merge, arrival_after_s=660.0)).price.startswith("people")
