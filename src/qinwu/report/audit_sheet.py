"""The work sheet of an audit: an Excel file with a row for each call drawn, answers to choose from, and how it was drawn."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from qinwu.judge.integrity.audit import ANSWERS, CHECKS, DESIGN, HEADERS
from qinwu.judge.integrity.sampling import Drawn
from qinwu.language import N_, Language
from qinwu.report.words import Speaker
from qinwu.report.writing import write_whole

HEAD_ROWS = 1
WIDTHS = (6, 18, 12, 16, 9, 18, 22, 26, 26, 26)
NO_NAMES = N_("Answer each question with yes, no or unknown. Write no names, numbers or addresses into this file.")


def write_audit_sheet(path: Path, drawn: Drawn, system: str, language: Language) -> None:
    """Write the work sheet.

    Parameters
    ----------
    path
        Excel file.
    drawn
        The sample.
    system
        Duty system whose beats are the units, as the command was told; empty for that in force.
    language
        Of headers and answers; both are read back.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    from xlsxwriter import Workbook

    memory = BytesIO()
    answers = [ANSWERS[word][0] if language == "zh" else word for word in ANSWERS]
    with Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F3EEE4"})
        asked = book.add_format({"bg_color": "#FFFBE6", "border": 1, "border_color": "#DDD6C9"})
        sheet = book.add_worksheet(Speaker(language).say(N_("To check")))
        sheet.write_row(0, 0, [names[1 if language == "zh" else 0] for names in HEADERS.values()], head)
        sheet.freeze_panes(HEAD_ROWS, 2)
        first = len(HEADERS) - len(CHECKS)
        for number, row in enumerate(drawn.rows.iter_rows(named=True), start=1):
            received = row["received"].strftime("%Y-%m-%d %H:%M:%S")
            cells = (row["call_id"], row["unit"], row["call_class"], str(row["priority"] or ""), received, row["stratum"])
            sheet.write_number(number, 0, number)
            for column, cell in enumerate(cells, start=1):
                sheet.write_string(number, column, cell)
            for column in range(first, len(HEADERS)):
                sheet.write_blank(number, column, None, asked)
        sheet.data_validation(HEAD_ROWS, first, max(drawn.n, 1), len(HEADERS) - 1, {"validate": "list", "source": answers})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        _write_design(book.add_worksheet(DESIGN), drawn, system, language)
    write_whole(path, memory.getvalue())


def _write_design(sheet: object, drawn: Drawn, system: str, language: Language) -> None:
    """Write how the sample was drawn: keys that are read back, then strata and a word to the auditors."""
    rows: list[tuple[str, object]] = [
        ("seed", str(drawn.seed)),
        ("n", str(drawn.n)),
        ("strata", ",".join(drawn.by)),
        ("system", system),
        ("digest", drawn.digest),
        ("calls", str(drawn.calls)),
        *((f"stratum {each.name}", f"{each.drawn} / {each.calls}") for each in drawn.strata),
        ("note", Speaker(language).say(NO_NAMES)),
    ]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)  # type: ignore[attr-defined]
    sheet.set_column(0, 1, 40)  # type: ignore[attr-defined]
