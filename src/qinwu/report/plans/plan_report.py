"""Plan report: what every planner's page holds: one claim, key figures, drawings before and after, tables, and the proof sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from qinwu.language import LANGUAGES, N_, Language
from qinwu.plan.proof import Proof
from qinwu.report.answer_page import KeyFigure
from qinwu.report.plain_json import write_plain_json
from qinwu.report.plans.proof_sheet import ProofSheet
from qinwu.report.rendering import labelled, program_version
from qinwu.report.sheet import Sheet
from qinwu.report.typeset.document import MADE_WITH, Document, Figure
from qinwu.report.words import Speaking
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole
from qinwu.station.station import Station

TITLES = {
    "beats": N_("Beats planned"),
    "sectors": N_("Sectors planned"),
    "pairs": N_("Pairs planned"),
    "staffing": N_("Officers needed, officers there"),
    "roster": N_("Roster planned"),
    "pattern": N_("Roster pattern checked"),
    "rounds": N_("Rounds planned"),
    "deploy": N_("Duty and demand"),
    "posts": N_("Posts planned"),
    "reform": N_("Reform tried"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing of several beside each other: its heading, a remark, and the finished SVG."""

    name: str
    remark: str
    svg: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One section of drawings.

    Parameters
    ----------
    title
        What it shows, as a sentence.
    lead
        How to read it.
    pictures
        Before and after, or one.
    why
        Which explanation touching it opens: a key of the report's `why`.
    legend
        SVG of the colours, or empty.
    definitions
        Invisible SVG with the outlines that several maps share, or empty.
    wide
        Whether each picture takes the whole width.
    """

    title: str
    lead: str
    pictures: tuple[Picture, ...]
    why: str
    legend: str = ""
    definitions: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One table of the page: the sheet, the explanation of each column (a key of `why`, empty for none), a lead, folded or not."""

    sheet: Sheet
    keys: tuple[str, ...]
    lead: str = ""
    folded: bool = False


@dataclass(frozen=True)
class PlanReport(Speaking):
    """What a planner answers, told.

    Parameters
    ----------
    kind
        ``beats``, ``sectors``, ``pairs``, ``roster``, ``pattern``, ``rounds``, ``deploy``, ``posts`` or ``reform``.
    station, language
        Whose plan, and in which language it is told.
    claim
        The answer in one sentence, with its most important number.
    deck
        Two or three sentences below it: the price, who loses, what remains to decide.
    keys
        Up to five numbers.
    drawings, tables
        What is shown, in order.
    proof
        How good the plan is; None for a check that plans nothing.
    why
        How each kind of number is computed.
    notes
        What the figures rest on, what is assumed.
    data
        The answer as plain data, for programs.
    made
        When; None leaves it out.
    template, styles
        Of the page; the style sheets are those its drawings need.
    """

    kind: str
    station: Station
    language: Language
    claim: str
    deck: tuple[str, ...]
    keys: tuple[KeyFigure, ...]
    drawings: tuple[Drawing, ...]
    tables: tuple[Shown, ...]
    proof: Proof | None
    why: Mapping[str, str]
    notes: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    made: datetime | None = None
    template: str = "plan.html.j2"
    styles: tuple[str, ...] = ("report.css", "answers.css")

    @property
    def kicker(self) -> str:
        """What kind of plan it is."""
        return self.say(TITLES[self.kind])

    @property
    def proof_sheet(self) -> ProofSheet | None:
        """The proof in words."""
        return None if self.proof is None else ProofSheet(self.proof, self.language)

    def headline(self) -> str:
        """Return claim and deck as text for the terminal."""
        return self.speaker.sentences([self.claim, *self.deck])

    def sheets(self) -> tuple[Sheet, ...]:
        """Return every table as it goes into the workbook, each with the station above it, and the proof last."""
        above = (labelled(self.station, self.speaker), self.claim, "")
        proof = self.proof_sheet
        sheets = [shown.sheet for shown in self.tables] + ([proof.sheet()] if proof else [])
        return tuple(Sheet(each.name, (*above, *each.above), each.header, each.rows, each.widths) for each in sheets)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        proof = self.proof_sheet
        return {
            "schema": 1,
            "plan": self.kind,
            "station": {language: self.station.config.name.in_language(language) for language in LANGUAGES},
            "synthetic": self.station.config.synthetic,
            "claim": self.claim,
            "proof": None if proof is None else proof.as_data(),
            **self.data,
        }

    def write_html(self, path: Path) -> None:
        """Write the page, self-contained."""
        from qinwu.report.plans.page import page

        write_whole(path, page(self).encode("utf-8"))

    def document(self) -> Document:
        """Return the report as it is printed: what is folded on the page is left to the workbook."""
        proof = self.proof_sheet
        figures = [
            Figure(each.title, each.lead, tuple((one.name, one.svg) for one in each.pictures), each.wide)
            for each in self.drawings
            if not each.definitions
        ]
        words = (N_("A proposal. It takes effect when a named officer signs it."), N_("Name"), N_("Date"))
        return Document(
            language=self.language,
            kicker=self.kicker,
            subject=labelled(self.station, self.speaker),
            claim=self.claim,
            deck=self.deck,
            keys=self.keys,
            figures=figures,
            tables=[each.sheet for each in self.tables if not each.folded] + ([proof.sheet()] if proof else []),
            notes=self.notes,
            footer=self.say(MADE_WITH, version=program_version()),
            sign=tuple(self.say(word) for word in words),
            styles=self.styles,
        )

    def write_pdf(self, path: Path) -> None:
        """Write the report as PDF."""
        from qinwu.report.typeset.pdf import write_pdf

        write_pdf(path, self.document())

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())
