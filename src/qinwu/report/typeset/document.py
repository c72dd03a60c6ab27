"""Document: what a printed report holds, whichever page it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.sheet import Sheet

MADE_WITH = N_("Made with Qinwu {version}. A proposal for those who decide, not an order.")


@dataclass(frozen=True, slots=True)
class Figure:
    """Drawings under one heading: heading, how to read them, and (name, SVG) of each; `wide` ones stand below each other."""

    title: str
    lead: str
    drawings: tuple[tuple[str, str], ...]
    wide: bool = False


@dataclass(frozen=True)
class Document:
    """A report to be printed.

    Parameters
    ----------
    language
        Of everything in it.
    kicker, subject
        What kind of report, and about whom.
    claim, deck
        The answer in one sentence, and what follows it.
    keys, figures, tables, notes
        Numbers on top, drawings, tables, and what it rests on, in this order.
    footer
        A line at the foot of every page.
    sign
        Words of the line to sign on; empty for none.
    styles
        Style sheets whose rules the drawings need.
    """

    language: Language
    kicker: str
    subject: str
    claim: str
    deck: Sequence[str] = ()
    keys: Sequence[KeyFigure] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Sheet] = ()
    notes: Sequence[str] = ()
    footer: str = ""
    sign: tuple[str, ...] = ()
    styles: Sequence[str] = field(default=("report.css", "answers.css"))
