"""Workbook: the report as an Excel file. Numbers are numbers, headers stay in sight, units stand beside figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qinwu.language import Language
from qinwu.report.sheet import WIDE, Sheet, Value
from qinwu.report.writing import write_whole

if TYPE_CHECKING:
    from qinwu.report.report import Report


def write_xlsx(path: Path, report: Report, language: Language) -> None:
    """Write the report as an Excel workbook.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    from qinwu.report.sheets import sheets  # all figures of a comparison, which other workbooks do without

    write_whole(path, as_workbook(sheets(report, language)))


def as_workbook(pages: Sequence[Sheet]) -> bytes:
    """Return sheets as an Excel file."""
    from xlsxwriter import Workbook

    memory = BytesIO()
    with Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F3EEE4"}),
            "above": book.add_format({"text_wrap": False}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.00##", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
        }
        for page in pages:
            _write(book.add_worksheet(page.name[:31]), page, styles)
    return memory.getvalue()


def _write(place: Any, page: Sheet, styles: dict[str, Any]) -> None:
    """Write one sheet into a worksheet."""
    for number, line in enumerate(page.above):
        place.write_string(number, 0, line, styles["above"])
    top = len(page.above)
    place.write_row(top, 0, page.header, styles["head"])
    place.freeze_panes(top + 1, 1)
    place.autofilter(top, 0, top + max(len(page.rows), 1), len(page.header) - 1)
    for column, width in enumerate(page.widths):
        place.set_column(column, column, width)
    for row, values in enumerate(page.rows, start=top + 1):
        for column, value in enumerate(values):
            _write_cell(place, row, column, value, styles)


def _write_cell(place: Any, row: int, column: int, value: Value, styles: dict[str, Any]) -> None:
    if isinstance(value, str):
        place.write_string(row, column, value, styles["text"] if len(value) > WIDE else None)
    elif isinstance(value, int):
        place.write_number(row, column, value, styles["whole"])
    elif value is not None and math.isfinite(value):
        place.write_number(row, column, value, styles["number"])
