"""Chapter report: chapters bound together, as a page, a workbook, plain data and print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure, framed
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.plain_json import write_plain_json
from qinwu.report.rendering import program_version
from qinwu.report.sheet import Sheet
from qinwu.report.typeset.document import MADE_WITH, Document, Figure
from qinwu.report.words import Speaking
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole

TITLES = {
    "judge": N_("Duty judged"),
    "forecast": N_("Calls foreseen"),
    "leads": N_("Leads, case to case"),
    "audit-sample": N_("Sample to audit"),
    "own-page": N_("My duty"),
}
SIGNED = (N_("A proposal. It takes effect when a named officer signs it."), N_("Name"), N_("Date"))


@dataclass(frozen=True)
class ChapterReport(Speaking):
    """A report in chapters.

    Parameters
    ----------
    kind
        A key of ``TITLES``.
    subject
        About whom: the name of a station, or of a file.
    language
        In which it is told.
    claim
        The answer in one sentence, with its most important number.
    deck
        Two or three sentences below it.
    chapters
        In the order of the page.
    synthetic
        Whether the data are made up.
    made
        When; None leaves it out.
    """

    kind: str
    subject: str
    language: Language
    claim: str
    deck: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    synthetic: bool = False
    made: datetime | None = None

    @property
    def kicker(self) -> str:
        """What kind of report it is."""
        return self.say(TITLES[self.kind])

    @property
    def keys(self) -> tuple[KeyFigure, ...]:
        """The numbers on top: those of every chapter."""
        return tuple(key for chapter in self.chapters for key in chapter.keys)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures rest on, each said once."""
        return tuple(dict.fromkeys(note for chapter in self.chapters for note in chapter.notes))

    @property
    def why(self) -> Mapping[str, str]:
        """How each kind of number is computed."""
        return {key: text for chapter in self.chapters for key, text in chapter.why.items()}

    @property
    def labelled(self) -> str:
        """The subject, and that it is made up where it is."""
        return f"{self.subject}  [{self.say(N_('synthetic data'))}]" if self.synthetic else self.subject

    def headline(self) -> str:
        """Return claim and deck as text for the terminal."""
        return self.speaker.sentences([self.claim, *self.deck])

    def sheets(self) -> tuple[Sheet, ...]:
        """Return every table as it goes into the workbook, each with the subject and its chapter above it."""
        return tuple(
            Sheet(one.name, (self.labelled, chapter.title, "", *one.above), one.header, one.rows, one.widths)
            for chapter in self.chapters
            for one in (*(shown.sheet for shown in chapter.tables), *chapter.handed)
        )

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        chapters = {chapter.id: dict(chapter.data) for chapter in self.chapters}
        head = {"schema": 1, "report": self.kind, "subject": self.subject, "synthetic": self.synthetic, "claim": self.claim}
        return {**head, **chapters}

    def write_html(self, path: Path) -> None:
        """Write the page, self-contained."""
        values = {"kind": self.kind, "kicker": self.kicker, "claim": self.claim, "deck": list(self.deck), "report": self}
        page = framed("chapters.html.j2", self, self.subject, self.why, synthetic=self.synthetic, **values)
        write_whole(path, page.encode("utf-8"))

    def document(self) -> Document:
        """Return the report as it is printed: what is folded on the page is left to the workbook."""
        return Document(
            language=self.language,
            kicker=self.kicker,
            subject=self.labelled,
            claim=self.claim,
            deck=self.deck,
            keys=self.keys,
            figures=[
                Figure(each.title, each.lead, tuple((one.name, one.svg) for one in each.pictures), each.wide)
                for chapter in self.chapters
                for each in chapter.drawings
                if not each.definitions
            ],
            tables=[each.sheet for chapter in self.chapters for each in chapter.tables if not each.folded],
            notes=self.notes,
            footer=self.say(MADE_WITH, version=program_version()),
            sign=tuple(self.say(word) for word in SIGNED),
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
