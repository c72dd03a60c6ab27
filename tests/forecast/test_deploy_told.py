"""The chapter about deployment: said in both languages, complete for the page, silent about places with few calls."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from qinwu.forecast.deploy.deployment import Deployment, foresee_deploy
from qinwu.language import LANGUAGES, Language
from qinwu.plan.deploy.planning import Question, plan_moves
from qinwu.plan.effort import Effort
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.chapters.deploy import deploy_chapter
from qinwu.report.plans.deploy import deploy_report
from qinwu.report.words import NONE
from tests.forecast.deploy_cases import columns, many_calls, quarters


def told(**asked: object) -> Deployment:
    station, system, plan = quarters()
    return foresee_deploy(station, system, plan, draws=5, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_is_whole(language: Language) -> None:
    """Every key of a table, drawing or number has its explanation, nothing is left in the other language, and it is a page."""
    chapter = deploy_chapter(told(), language)
    keys = (
        [each.why for each in chapter.keys]
        + [each.why for each in chapter.drawings]
        + [key for table in chapter.tables for key in table.keys]
    )
    assert {key for key in keys if key} <= set(chapter.why)
    assert all(key.startswith("deploy.") for key in chapter.why)
    for table in chapter.tables:
        assert all(len(row) == len(table.sheet.header) == len(table.keys) for row in table.sheet.rows)
    said = " ".join([chapter.title, *chapter.lead, *chapter.notes, *chapter.why.values()])
    assert bool(re.search("[一-鿿]", said)) == (language == "zh")
    report = ChapterReport("forecast", "x", language, chapter.title, (), (chapter,))
    assert report.sheets()
    assert report.as_data()["deploy"]["index"]["overall"] == pytest.approx(told().found.overall)


def test_places_with_few_calls_are_not_told() -> None:
    """A place with three calls has no figure of calls in tables, drawings and data; what is staffed there is no secret."""
    rows = [*(row for row in many_calls(900, 20, 3) if row[2] not in ("a3", "a6")), (5.0, "theft", "a3"), (9.0, "theft", "a6")]
    station, system, plan = columns(rows)
    chapter = deploy_chapter(foresee_deploy(station, system, plan, draws=2), "en")
    places = next(table for table in chapter.tables if table.sheet.name == "Places beside their calls")
    east = next(row for row in places.sheet.rows if row[0] == "east")
    assert east[1] == east[2] == east[3] == east[5] == east[6] == NONE
    assert east[4] != NONE
    data = {one["id"]: one for one in chapter.data["places"]}
    assert data["east"]["demanded_h"] is None
    assert data["west"]["demanded_h"] is not None


def test_moves_are_told_with_gain_and_cost() -> None:
    """A plan of moves: the claim counts crews, the table has a row for each, the data the officers by id."""
    station, system, plan = quarters(count=4)
    found = plan_moves(Question(station, system, plan, moves=1, least=0, replications=0), Effort(3.0))
    deployment = foresee_deploy(station, system, plan, draws=2)
    report = deploy_report(deployment, found, "en")
    assert found.moves
    assert str(sum(move.crews for move in found.moves)) in report.claim
    table = next(one for one in report.tables if one.sheet.name == "Moves proposed")
    assert len(table.sheet.rows) == len(found.moves)
    assert report.data["moves"][0]["officers"]
    nothing = deploy_report(deployment, replace(found, moves=(), dropped=found.moves), "en")
    assert nothing.claim.startswith("No move")
    assert any(one.sheet.name == "Moves looked at and dropped" for one in nothing.tables)
