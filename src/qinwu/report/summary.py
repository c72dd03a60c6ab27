"""Summary: what a comparison found, short enough to be kept for good and shown beside other things: headline and main measures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isfinite

from qinwu.language import Language
from qinwu.report.account import explanations
from qinwu.report.headlines import Headline, with_overload
from qinwu.report.page import key_figures
from qinwu.report.rendering import asset
from qinwu.report.report import Report
from qinwu.report.table import Cell, make_cell
from qinwu.report.words import Speaker
from qinwu.simulate.measures.value import Key

MORE: tuple[Key, ...] = (
    Key("response_s", "all", "all", "p50"),
    Key("unserved_share", "all", "all", "share"),
    Key("beat_unattended_min", "all", "all", "mean"),
    Key("overtime_hours", "all", "all", "mean"),
    Key("load_max_to_mean", "all", "all", "ratio"),
)
"""Measures that a summary has beside the key figures at the top of the page."""

PAGE_SCRIPTS = ("card.js", "report.js")
"""The scripts that the page of a comparison holds, one after the other, as its only one."""


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """A figure of one system with its interval, and its paired difference from the first with interval and verdict in words.

    ``bounds`` are mean and interval of that difference in the unit of the outcome table, to be drawn; empty where there is none.
    """

    text: str
    interval: str
    change: str
    change_interval: str
    word: str
    tone: str
    bounds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One measure: its name, its unit, how it is computed, and a cell for each system."""

    label: str
    unit: str
    how: str
    cells: tuple[SummaryCell, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a comparison found, in one language; the first of the systems is the one that the others are compared with."""

    systems: tuple[str, ...]
    names: tuple[str, ...]
    headline: Headline
    rows: tuple[SummaryRow, ...]
    replications: int
    asked: int


def summarise(report: Report, language: Language) -> Summary:
    """Return the summary of a comparison; figures of too few calls are left out as in every report."""
    comparison = report.comparison
    return Summary(
        systems=tuple(outcome.system for outcome in report.outcomes),
        names=tuple(report.name(at, language) for at in range(len(report.systems))),
        headline=with_overload(report, language),
        rows=tuple(_rows(report, language)),
        replications=comparison.replications,
        asked=comparison.asked,
    )


def as_data(summary: Summary) -> dict[str, object]:
    """Return a summary as plain data, to be kept as JSON."""
    return asdict(summary)


def script_hash() -> str:
    """Return the source that a content security policy names so that the script of the page runs and no other.

    >>> script_hash().startswith("sha256-")
    True
    """
    script = "".join(asset(name) for name in PAGE_SCRIPTS)
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _rows(report: Report, language: Language) -> Iterator[SummaryRow]:
    speaker = Speaker(language)
    for key in dict.fromkeys((*key_figures(report), *MORE)):
        if report.has(key):
            cells = [make_cell(report, speaker, at, key) for at in range(len(report.systems))]
            (how,) = explanations(language, (key.measure,))
            yield SummaryRow(speaker.key(key), speaker.unit(key.measure), how.how, tuple(_cell(report, cell) for cell in cells))


def _cell(report: Report, cell: Cell) -> SummaryCell:
    change = report.difference(cell.system, cell.key).change if cell.system else None
    bounds = tuple(change) if change is not None and all(isfinite(each) for each in change) else ()
    return SummaryCell(cell.text, cell.interval, cell.change_text, cell.change_interval, cell.word, cell.tone, bounds)
