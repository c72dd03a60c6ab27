"""What commands show on the terminal: words, findings, progress, data health. Findings and progress go to the error stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qinwu.findings import Finding
from qinwu.language import N_, Language, translate

if TYPE_CHECKING:
    from rich.console import Console

    from qinwu.report.sheets import Sheet
    from qinwu.station.health import DataHealth

SEVERITIES = {"error": ("bold red", N_("error")), "warning": ("yellow", N_("warning")), "note": ("dim", N_("note"))}
GAP = 2
"""Columns of the terminal between two columns of a table."""
SHORT = 7
LATIN = 0x2E80
_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def console(to_errors: bool = False) -> Console:
    """Return the standard output, or the error stream."""
    from rich.console import Console

    return Console(stderr=to_errors, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Write `text` to the standard output as it is."""
    console().print(text, markup=False)


def show(findings: Iterable[Finding], language: Language, most: int | None = None) -> None:
    """Write findings to the error stream, errors first, at most so many."""
    from rich.text import Text

    out = console(to_errors=True)
    ranked = sorted(findings, key=lambda finding: _RANKS[finding.severity])
    for finding in ranked[:most]:
        style, word = SEVERITIES[finding.severity]
        out.print(Text.assemble((translate(word, language), style), " ", finding.text(language)))
    if most is not None and len(ranked) > most:
        more = translate("… and {count} more: qinwu check shows all of them.", language)
        out.print(more.format(count=len(ranked) - most), markup=False)


def show_health(health: DataHealth, language: Language) -> None:
    """Write what the checks of the data found; checks that found nothing are only counted."""
    from rich.text import Text

    out = console()
    out.print(Text(translate("Data health", language), style="bold"))
    found = [check for check in health.checks if check.count or check.severity != "note"]
    for check in found:
        out.print(Text.assemble(("  ● ", SEVERITIES[check.severity][0]), check.text(language)))
    if len(found) < len(health.checks):
        words = translate("{count} further checks found nothing.", language)
        out.print(Text.assemble(("  ○ ", "dim"), words.format(count=len(health.checks) - len(found))))


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def show_sheet(sheet: Sheet) -> None:
    """Write a table: name, headers, rows; words to the left, numbers to the right. No word and no number is broken.

    Headers take one line where there is room for that, else a line for each word.
    """
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.soft_wrap = False
    columns = list(zip(sheet.header, *([_cell(value) for value in row] for row in sheet.rows), strict=True))
    room = sum(max(map(cell_len, column)) + GAP for column in columns) - GAP <= out.width
    table = Table(title=Text(sheet.name, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for place, (head, *cells) in enumerate(columns):
        words = all(isinstance(row[place], str | None) for row in sheet.rows)
        lines = head if room else "\n".join(lines_of(head))
        parts = [*lines.splitlines(), *(word for cell in cells for word in cell.split())]
        least = max(map(cell_len, parts), default=1)
        table.add_column(Text(lines), justify="left" if words else "right", vertical="bottom", overflow="fold", min_width=least)
    for row in sheet.rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    out.print(table)


def lines_of(head: str) -> list[str]:
    """Return a header as short lines: a word each, Chinese words cut into pieces of two or three characters.

    >>> lines_of("nobody to send %"), lines_of("每小时警情"), lines_of("一级等待 分钟")
    (['nobody', 'to send', '%'], ['每小时', '警情'], ['一级', '等待', '分钟'])
    """
    pieces: list[str] = []
    for word in head.split():
        chinese = ord(word[0]) > LATIN
        size = 2 if len(word) % 2 == 0 else 3
        pieces += [word[at : at + size] for at in range(0, len(word), size)] if chinese else [word]
    lines = pieces[:1]
    longest = max(map(len, pieces))
    for piece in pieces[1:]:
        joined = f"{lines[-1]} {piece}"
        if joined.isascii() and len(joined) <= max(longest, SHORT):
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


@contextmanager
def progress(text: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar while something runs; the value given takes how many steps are done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(to_errors=True), transient=True) as bar:
        task = bar.add_task(text, total=total)

        def done(number: int) -> None:
            bar.update(task, completed=number)

        yield done
