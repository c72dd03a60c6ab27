"""The chapter of integrity: signs with their innocent explanations, small cells hidden, every screen named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.judge.padding import KINDS
from benchmarks.judge.records import as_record, clean_station

from qinwu.judge.integrity.catalogue import BY_ID, SCREENS
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import record_of
from qinwu.judge.integrity.screening import Screened, screen
from qinwu.language import LANGUAGES, Language, translate
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.chapters.integrity import hidden, integrity_chapter


def padded() -> Screened:
    """Return a made-up station of which one unit pulled its late arrivals under the limit."""
    rows = clean_station(np.random.default_rng(3), calls=5000).with_columns(by_officer=pl.lit(value=False))
    return screen(as_record(KINDS["pulled"].plant(rows, 0.6, np.random.default_rng(1))))


def counties() -> Screened:
    """Return a circular of two rows."""
    table = pl.DataFrame({"unit": ["城", "县"], "period": ["1", "1"], "n": [1521, 1325], "hits": [940, 1324]})
    return screen(record_of("通报", totals=table))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_has_its_innocent_explanations(language: Language) -> None:
    """All explanations and the next look of each screen with a sign are printed; every screen stands in the last table."""
    screened = padded()
    chapter = integrity_chapter(screened, language)
    cells = [str(cell) for shown in chapter.tables for row in shown.sheet.rows for cell in row]
    for name in {look.screen for look in screened.signs}:
        for text in (*BY_ID[name].innocent, BY_ID[name].next):
            assert translate(text, language) in cells
    assert len(chapter.tables[-1].sheet.rows) == len(SCREENS)
    assert all(key.startswith("integrity") for key in chapter.why)
    used = {key for shown in chapter.tables for key in shown.keys if key} | {drawing.why for drawing in chapter.drawings}
    assert used <= set(chapter.why)


def test_the_strongest_sign_is_drawn_and_told_first() -> None:
    """Bunching is drawn as columns at the limit; the title names the unit; all comparisons are dots."""
    screened = padded()
    assert screened.signs[0].unit == "u1"
    chapter = integrity_chapter(screened, "en")
    assert "u1" in chapter.title
    first, last = chapter.drawings[0], chapter.drawings[-1]
    assert "10 min" in first.pictures[0].svg or "u1" in first.pictures[0].svg
    chance = [look for look in screened.looks if not look.certain]
    assert last.pictures[0].svg.count("<circle") == len(chance)


def test_a_circular_of_two_rows_is_drawn_with_both() -> None:
    """The county and the city it is held against."""
    chapter = integrity_chapter(counties(), "zh")
    assert chapter.title.startswith("有一个问题要问：县：1,325 起里 99.92%")
    assert "城" in chapter.drawings[0].pictures[0].svg


def test_nothing_found_is_no_certificate() -> None:
    """A clean station: no sign, no explanations, and the warning that small padding is not seen."""
    chapter = integrity_chapter(screen(as_record(clean_station(np.random.default_rng(1), calls=2000))), "en")
    assert chapter.title.startswith("No sign of padding in")
    assert "no certificate" in " ".join(chapter.lead)
    assert len(chapter.tables) == 1


def test_small_cells_are_hidden() -> None:
    """Two of a hundred cases of a unit are not printed; two of a hundred of the whole, or twenty, are."""

    def look(unit: str, share: float) -> Look:
        return Look("withdrawn", unit, "", "", 100, share, 0.0, 0.001, True, "")

    assert hidden(look("u1", 0.02), "2.0%") == "<5"
    assert hidden(look("u1", 0.05), "5.0%") == "5.0%"
    assert hidden(look("", 0.02), "2.0%") == "2.0%"
    assert hidden(look("u1", 0.0), "0.0%") == "0.0%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_written(tmp_path: Path, language: Language) -> None:
    """Page, workbook and data."""
    chapter = integrity_chapter(padded(), language)
    report = ChapterReport("judge", "x", language, chapter.title, chapter.lead, (chapter,))
    for name, write in (("a.html", report.write_html), ("a.xlsx", report.write_xlsx), ("a.json", report.write_json)):
        write(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 2000
