"""Chapter: one question of a report and its answer, told by whoever knows it; reports bind several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qinwu.report.answer_page import KeyFigure
from qinwu.report.plans.plan_report import Drawing, Shown
from qinwu.report.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter.

    Parameters
    ----------
    id
        Word that names it in the page and in the data, such as ``integrity``.
    title
        The answer as a sentence.
    lead
        Paragraphs below it.
    keys
        Up to two numbers that stand on top of the report.
    drawings, tables
        What is shown, in order.
    why
        How each kind of number is computed; keys begin with the id of the chapter.
    notes
        What the figures rest on, what is assumed.
    data
        The chapter as plain data, for programs.
    handed
        Sheets to be printed and handed out, in the workbook only.
    """

    id: str
    title: str
    lead: tuple[str, ...] = ()
    keys: tuple[KeyFigure, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    tables: tuple[Shown, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    handed: tuple[Sheet, ...] = ()
