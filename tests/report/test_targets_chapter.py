"""The chapter of targets: what it says first, what it shows, what it keeps back, and that every number has its why."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qinwu.findings import Finding
from qinwu.judge.targets.attempts import Log
from qinwu.judge.targets.judging import Judged, judge_targets
from qinwu.judge.targets.reading import LoadedCard
from qinwu.language import LANGUAGES
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.judge_report import judge_report, no_scores
from qinwu.report.chapters.targets import targets_chapter
from qinwu.report.figures.targets import OVER, Hours, hours_rows
from tests.judge.target_cases import SYSTEM, card, indicator, spread, station

VISIT = {"id": "visit", "name": {"zh": "走访"}, "applies": "beat", "minutes": 60, "source": {"zh": "试"}}
FAST = {"table": "calls", "of": "in_time IS NOT NULL OR priority > 0", "counted": "priority = 1"}


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Return a card with a target that does not fit, one that beats cannot order, and one that fits."""
    visits = indicator(
        "visits", kind="target", target=800, counter="shown_stability", asks={"task": "visit"}, name={"zh": "走访", "en": "Visits"}
    )
    fast = indicator("fast", aim="good_order", kind="minimum", minimum=10, counter="visits", formula=FAST, unit={"zh": "%"})
    total = indicator("total", aim="satisfied", level="station", kind="target", target=1, counter="visits")
    one = card(visits, fast, total, task=[VISIT])
    return judge_targets(LoadedCard(one, "judge.toml"), station(spread(92, 4.0)), SYSTEM)


@pytest.fixture(scope="module")
def chapter(judged: Judged) -> Chapter:
    """Return it told in English."""
    return targets_chapter(judged, "en")


def test_the_claim_is_the_target_that_is_refused(judged: Judged, chapter: Chapter) -> None:
    """The title has the number asked for and the largest that fits; the first key figure counts what is refused."""
    largest = judged.verdicts["visits"].largest
    assert chapter.title.startswith("1 of 3 targets are refused: Visits ≥ 800 calls is too much")
    assert f"{largest:.0f} calls fits at most" in chapter.title
    assert chapter.keys[0].text == "1"


def test_what_binds_names_beat_month_and_hours(judged: Judged, chapter: Chapter) -> None:
    """The table of binding rows has the beat's officer, the month, hours required and there, as the verdict has them."""
    sheet = next(one.sheet for one in chapter.tables if one.sheet.name == "What binds")
    row = judged.verdicts["visits"].binding[0]
    first = sheet.rows[0]
    assert first[2] == row.month
    assert first[3] == round(row.required_h({"visits": 800.0}), 1)
    assert first[4] == round(row.available_h, 1)
    assert next(iter(row.group)) in str(first[1])


def test_who_cannot_order_what_moves_a_target_is_said(chapter: Chapter) -> None:
    """A beat that answers for response times is called unaccountable, with the squads it cannot order."""
    assert any(line.startswith("Unaccountable target: Calls; 3 owners") for line in chapter.lead)


def test_every_explanation_exists_and_every_text_is_in_both_languages(judged: Judged) -> None:
    """Keys of tables, drawings and figures are explained; nothing of the Chinese page is left in English."""
    for language in LANGUAGES:
        told = targets_chapter(judged, language)
        keys = {key for one in told.tables for key in one.keys if key}
        keys |= {one.why for one in told.drawings} | {one.why for one in told.keys}
        assert keys <= set(told.why)
        assert all(len(one.keys) == len(one.sheet.header) for one in told.tables)
    told = targets_chapter(judged, "zh")
    chinese = " ".join([told.title, *told.lead, *told.notes, *told.why.values(), *(one.sheet.name for one in told.tables)])
    assert not [word for word in ("target", "hours", "owner", "month") if word in chinese]


def test_figures_of_fewer_than_five_events_are_kept_back(judged: Judged, chapter: Chapter) -> None:
    """In the data no figure rests on one to four events; in the table of owners such figures are a dash."""
    small = judged.measured.filter((judged.measured["events"] > 0) & (judged.measured["events"] < 5))
    assert len(small) > 0
    assert all(row["events"] == 0 or row["events"] >= 5 for row in chapter.data["measured"])


def test_the_report_is_written_whole(judged: Judged, chapter: Chapter, tmp_path: Path) -> None:
    """Page, workbook and data are written; the data say what is refused and which rows bind."""
    report = judge_report(station(spread(31)), (chapter, no_scores("en")), "en")
    report.write_html(tmp_path / "page.html")
    report.write_json(tmp_path / "data.json")
    report.write_xlsx(tmp_path / "book.xlsx")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "800" in page
    assert "There are no score sheets" in page
    data = json.loads((tmp_path / "data.json").read_text(encoding="utf-8"))
    visits = next(one for one in data["targets"]["targets"] if one["id"] == "visits")
    assert visits["refused"] is True
    assert visits["binding"][0]["required_h"] > visits["binding"][0]["available_h"]
    assert visits["largest"] == judged.verdicts["visits"].largest


def test_hours_lacking_are_brown_and_only_they() -> None:
    """A row with enough hours has no brown; one without any hours is brown from its beginning."""
    enough = hours_rows([Hours("P1", 3.0, 5.0, "", "")], "label")
    lacking = hours_rows([Hours("P1", 6.0, 5.0, "", "")], "label")
    nothing = hours_rows([Hours("P1", 6.0, 0.0, "", "")], "label")
    assert OVER not in enough
    assert OVER in lacking
    assert OVER in nothing


def test_refused_attempts_stand_in_the_page_and_a_broken_chain_is_said(judged: Judged) -> None:
    """Each attempt is a row with file, indicator and rule; where the chain is broken the table says so."""
    entry = {"when": "2026-03-01T12:00:00+00:00", "file": "judge.toml", "indicator": "t1", "rule": "arrests", "matched": "批捕"}
    finding = Finding("broken-log", "error", "x")
    sound, broken = (replace(judged, log=Log((entry,), found, "ab" * 32)) for found in ((), (finding,)))
    shown = [next(one for one in targets_chapter(each, "en").tables if "Forbidden" in one.sheet.name) for each in (sound, broken)]
    assert shown[0].sheet.rows == ((entry["when"], "judge.toml", "t1", "arrests", "批捕"),)
    assert "abababababab" in shown[0].lead
    assert "broken" in shown[1].lead
