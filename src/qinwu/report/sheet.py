"""Sheet: one table with its name and headers, for Excel, the page and the terminal alike."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | float | None
"""What a cell may hold; None and nan leave it empty."""

WIDE = 26
"""Text longer than this is wrapped in its cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, lines of text above the table, headers, rows, and the width of each column."""

    name: str
    above: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    widths: tuple[int, ...]
