"""The workbook: numbers are numbers, and they are those of the comparison."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from qinwu.findings import QinwuError
from qinwu.language import LANGUAGES, Language, translate
from qinwu.report import write_xlsx
from qinwu.report.sheets import sheets
from qinwu.report.table import make_table
from qinwu.report.tidy import difference_table, figure_table
from qinwu.report.words import unit_of
from tests.report.reports import small_report, with_assumption

SHEETS = (
    "Summary",
    "All figures",
    "Differences",
    "Officers",
    "Beats",
    "Coverage",
    "Closed forms",
    "Assumptions",
    "Data health",
    "Method",
)


def rows_below(place: Any, first: str) -> list[tuple[Any, ...]]:
    """Return the rows under the header row that starts with `first`."""
    rows = list(place.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == first)
    return rows[top + 1 :]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The English workbook, reopened."""
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    write_xlsx(path, small_report(), "en")
    return load_workbook(path)


def test_tidy_sheets_hold_every_figure(book: Any) -> None:
    """Figures and differences come back as they were, empty where there is none."""
    for name, table in (("All figures", figure_table(small_report())), ("Differences", difference_table(small_report()))):
        rows = rows_below(book[name], "system")
        assert len(rows) == len(table)
        for row, expected in zip(rows, table.iter_rows(), strict=True):
            numbers = [value for value in expected[6:] if not isinstance(value, str)]
            found = [0.0 if value is None else value for value in row[6 : 6 + len(numbers)]]
            assert found == pytest.approx([value if value == value else 0.0 for value in numbers], rel=1e-12)


def test_summary_has_the_table_of_the_page(book: Any) -> None:
    """The summary holds the figures of the table in the units it names."""
    expected = [row for group in make_table(small_report(), "en") for row in group.rows]
    rows = rows_below(book["Summary"], "measure")
    assert [row[0] for row in rows] == [row.label for row in expected]
    for found, row in zip(rows, expected, strict=True):
        factor = unit_of(row.key.measure).factor
        for value, cell in zip(found[2:5], row.cells, strict=True):
            assert value is None or value == pytest.approx(cell.mean * factor)


def test_headers_stay_in_sight(book: Any) -> None:
    """Every sheet is frozen below its header and filtered."""
    for place in book.worksheets:
        assert place.freeze_panes
        assert place.auto_filter.ref


def test_coverage_has_every_hour_of_the_week(book: Any) -> None:
    """The coverage sheet has 168 rows of shares between 0 and 100."""
    rows = rows_below(book["Coverage"], "day")
    assert [row[1] for row in rows] == [hour % 24 for hour in range(168)]
    assert all(0.0 <= value <= 100.0 for row in rows for value in row[2:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_named_in_the_language(language: Language) -> None:
    """Sheets and headers are in the language asked for."""
    found = sheets(small_report(), language)
    assert [sheet.name for sheet in found] == [translate(name, language) for name in SHEETS]
    if language == "zh":
        assert not any(word.isascii() for sheet in found for word in (sheet.name, *sheet.header))


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    """Words from files that look like formulas stay words."""
    write_xlsx(tmp_path / "a.xlsx", with_assumption(small_report(), "=1+1"), "en")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert "=1+1" in book.read("xl/sharedStrings.xml").decode()
        assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_synthetic_station_says_so_in_every_sheet() -> None:
    """Every sheet of a made-up station starts with the label."""
    assert all("synthetic data" in sheet.above[0] for sheet in sheets(small_report(), "en"))


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """A workbook that cannot be written is told, not half written."""
    with pytest.raises(QinwuError):
        write_xlsx(tmp_path / "none" / "a.xlsx", small_report(), "zh")
