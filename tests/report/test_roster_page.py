"""The page of a roster in both languages: every officer-day once, away hatched, nothing left in English on a Chinese page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from qinwu.language import LANGUAGES, Language
from qinwu.plan.effort import Effort
from qinwu.plan.roster.people import Absence, Wish
from qinwu.plan.roster.planning import RosterPlan, plan_roster
from qinwu.report.plans.page import page
from qinwu.report.plans.roster import WHY, Told, roster_report
from qinwu.station.force import Force
from tests.plan.roster_cases import DAY, NIGHT, day, need, officers, pack, question
from tests.stations import grid_area, station

PEOPLE = officers(6, 2)
STATION = station(grid_area(2, 2), Force(PEOPLE))


@pytest.fixture(scope="module")
def plan() -> RosterPlan:
    """Two weeks of eight officers, one on leave, one wish."""
    rules = pack(
        {"kind": "rest", "least": 11},
        {"kind": "comp_time", "beyond": 30},
        {"kind": "wishes", "weight": 5},
        {"kind": "fair", "what": "nights", "weight": 2},
        {"kind": "duty_length", "most": 8, "weight": 1},
    )
    away = [Absence("S1", "secondment", day(2), day(6), "7号")]
    asked = question(rules, [need(DAY, 2, 1), need(NIGHT, 1)], PEOPLE, 14, crew=2, absences=away, wishes=[Wish("S2", day(0))])
    return plan_roster(asked, Effort(seconds=3.0))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_officer_day(plan: RosterPlan, language: Language) -> None:
    """Eight rows of fourteen squares, five of them hatched, and an explanation for whatever can be touched."""
    report = roster_report(Told(STATION, plan, language))
    html = page(report)
    wall = re.search(r'<svg[^>]*class="figure wall".*?</svg>', html, re.DOTALL)
    assert wall is not None
    assert len(re.findall(r'rx="1.5"', wall[0])) == 8 * 14
    assert len(re.findall(r'fill="url\(#away\)"', wall[0])) == 5
    assert set(report.why) == set(WHY)
    assert all(shown.keys and len(shown.keys) == len(shown.sheet.header) for shown in report.tables)
    assert report.proof_sheet is not None


def test_the_chinese_page_is_chinese(plan: RosterPlan) -> None:
    """No key, heading, header or note of the report is left in English."""
    report = roster_report(Told(STATION, plan, "zh"))
    said = [report.claim, *report.deck, *report.notes, *(key.label for key in report.keys)]
    said += [word for shown in report.tables for word in (shown.sheet.name, *shown.sheet.header)]
    said += [text for drawing in report.drawings for text in (drawing.title, drawing.lead)]
    assert not [text for text in said if re.search(r"[A-Za-z]{4,}", text.replace("last", ""))]


def test_what_is_broken_is_in_the_claim(plan: RosterPlan) -> None:
    """A roster from elsewhere with a hard rule broken is not praised, and gaps are listed with what they cost."""
    roster = plan.roster
    empty = replace(roster, at=roster.at * 0 - 1)
    report = roster_report(Told(STATION, replace(plan, roster=empty, proof=None), "en"))
    assert "breaks hard rules" in report.claim
    gaps = next(shown.sheet for shown in report.tables if shown.sheet.name == "Gaps")
    # Two by day and one at night, twelve hours each; the last night's eight after midnight lie beyond the roster.
    assert sum(float(row[4] or 0) for row in gaps.rows) == pytest.approx(14 * (2 * 12 + 12) - 8)


def test_secondments_say_what_they_cost(plan: RosterPlan) -> None:
    """Five of seven days of a 40-hour week are 28.6 hours; whoever is away, on what order and when back, stands in a table."""
    report = roster_report(Told(STATION, plan, "en"))
    assert any("Secondments cost 29 duty hours" in line for line in report.deck)
    away = next(shown.sheet for shown in report.tables if shown.sheet.name == "Away")
    assert away.rows == (("S1", "secondment", "2026-01-07", "2026-01-11", "2026-01-12", "7号", "", 28.6),)
