"""What commands show on the terminal: words, findings, progress, data health. Findings and progress go to the error stream."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

from qinwu.findings import Finding
from qinwu.language import N_, Language, translate

if TYPE_CHECKING:
    from rich.console import Console

    from qinwu.report.sheet import Sheet
    from qinwu.station.health import DataHealth

SEVERITIES = {"error": ("bold red", N_("error")), "warning": ("yellow", N_("warning")), "note": ("dim", N_("note"))}
GAP = 2
"""Columns of the terminal between two columns of a table."""
LATIN = 0x2E80
LONG_S = 3.0
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


def show_sheet(sheet: Sheet) -> None:
    """Write a table: name, headers, rows; words to the left, numbers to the right. No word and no number is broken."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    from qinwu.report.cells import texts

    out = console()
    out.soft_wrap = False
    columns = [texts([row[place] for row in sheet.rows]) for place in range(len(sheet.header))]
    heads = fitted(sheet.header, [max(map(cell_len, cells), default=0) for cells in columns], out.width)
    title = Text(sheet.name, style="bold")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, (head, cells) in enumerate(zip(heads, columns, strict=True)):
        words = all(isinstance(row[place], str | None) for row in sheet.rows)
        least = max(map(cell_len, [*head.splitlines(), *(word for cell in cells for word in cell.split())]), default=1)
        table.add_column(Text(head), justify="left" if words else "right", vertical="bottom", overflow="fold", min_width=least)
    for row in zip(*columns, strict=True):
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)


def fitted(heads: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
    """Return headers in as few lines as the room allows: while a table is too wide, those that gain most are broken.

    Parameters
    ----------
    heads, widths
        Of each column the header, and the width of its cells.
    room
        Width of the terminal.
    """
    from rich.cells import cell_len

    def width(head: str, cells: int) -> int:
        return max(cells, *map(cell_len, head.splitlines() or [""]))

    fitting = list(heads)
    broken = ["\n".join(lines_of(head)) for head in heads]
    while sum(width(head, cells) + GAP for head, cells in zip(fitting, widths, strict=True)) > room and fitting != broken:
        gains = [width(head, cells) - width(other, cells) for head, other, cells in zip(fitting, broken, widths, strict=True)]
        most = max(gains)
        if most <= 0:
            break
        fitting = [other if 2 * gain >= most else head for head, other, gain in zip(fitting, broken, gains, strict=True)]
    return fitting


def lines_of(head: str) -> list[str]:
    """Return a header as short lines: a word each, Chinese words cut into pieces of two or three characters.

    >>> lines_of("nobody to send %"), lines_of("每小时警情"), lines_of("一级等待 分钟")
    (['nobody', 'to', 'send %'], ['每小时', '警情'], ['一级', '等待', '分钟'])
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
        if lines[-1][-1] in "≤≥" or (joined.isascii() and len(joined) <= longest):
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


@contextmanager
def progress(text: str, total: int, patience: str = "") -> Iterator[Callable[[int], None]]:
    """Show a bar while something runs; the value given takes how many steps are done.

    Parameters
    ----------
    text, total
        What runs, and how many steps it has.
    patience
        What to say where the first step takes longer than three seconds.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Patience(ProgressColumn):
        """Words for whoever waits for the first step."""

        def render(self, task: Task) -> Text:
            return Text(patience if not task.completed and (task.elapsed or 0.0) > LONG_S else "", style="dim")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), Patience())
    with Progress(*columns, console=console(to_errors=True), transient=True) as bar:
        task = bar.add_task(text, total=total)

        def done(number: int) -> None:
            bar.update(task, completed=number)

        yield done


@contextmanager
def stopped_by_ctrl_c() -> Iterator[Event]:
    """Let the first Ctrl-C set the event given, so that a long job ends in order, and the second do what it always does."""
    stop = Event()

    def ask(_signal: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    try:
        before = signal.signal(signal.SIGINT, ask)
    except ValueError:  # only the main thread may listen
        yield stop
        return
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
