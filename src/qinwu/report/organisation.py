"""Organisation report: what the audit of a chart found, told in one language, for the terminal, the page, Excel and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from qinwu.duty.organisation.audit import Audit
from qinwu.duty.organisation.posts import Ratio
from qinwu.duty.organisation.shares import FRONT_LINE
from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding, Place
from qinwu.language import LANGUAGES, N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.organisation_data import as_plain
from qinwu.report.organisation_tables import Tables
from qinwu.report.organisation_why import counted, explained, norm_rows
from qinwu.report.plain_json import write_plain_json
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet
from qinwu.report.words import NONE, Speaking
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole
from qinwu.station.config import Text

SOURCES = {
    "chart": N_("Posts as the chart states them; an officer whom a street squad takes from a desk counts as front line."),
    "officers": N_("Posts counted from sworn officers, each where the duty system puts him or her."),
    "none": N_("Neither the chart nor an officers file says how many posts there are: shares cannot be given."),
}


class Told(NamedTuple):
    """A finding in words: how grave, what, what to do, and where it stands."""

    severity: str
    message: str
    remedy: str
    place: str


@dataclass(frozen=True)
class OrganisationReport(Speaking):
    """An audit, told.

    Parameters
    ----------
    audit
        What was found.
    language
        In which it is told.
    place
        Whose chart it is; the chart's own name where empty.
    synthetic
        Whether place and people are invented.
    notices
        What was noticed while reading, such as guessed levels.
    made
        When; None leaves it out.
    loaded
        The duty system with its sources, so that findings name file and line.
    """

    audit: Audit
    language: Language
    place: Text | None = None
    synthetic: bool = False
    notices: tuple[Finding, ...] = ()
    made: datetime | None = None
    loaded: LoadedSystem | None = None

    @property
    def kicker(self) -> str:
        """What kind of page it is."""
        return self.say(N_("The chart, audited"))

    @property
    def subject(self) -> str:
        """What was audited."""
        name = self.audit.system.name.in_language(self.language)
        return f"{self.place.in_language(self.language)} · {name}" if self.place else name

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is doubtful, with file and line, and what was noticed while reading."""
        found = self.loaded.located(self.audit.findings) if self.loaded else self.audit.findings
        return (*found, *self.notices)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that are warnings."""
        return tuple(each for each in self.audit.findings if each.severity == "warning")

    def claim(self) -> str:
        """Return the answer in one sentence."""
        front = self.audit.shares.front_line
        if front.share is None:
            text = N_("{units} units, {layers} layers, {warnings} warnings.")
            return self.say(text, units=len(self.audit.system.unit), layers=self.audit.shape.layers, warnings=len(self.warnings))
        values = {"part": front.part, "whole": front.whole, "share": f"{front.share:.1%}", "rest": front.whole - front.part}
        return self.say(N_("Of {whole} posts {part} are front line ({share}); {rest} are not."), **values)

    def deck(self) -> tuple[str, ...]:
        """Return what stands below the claim."""
        return (" ".join(self._state()) if self.language == "en" else "".join(self._state()), self.say(FRONT_LINE))

    def _state(self) -> Iterator[str]:
        shares, shape = self.audit.shares, self.audit.shape
        text = N_("{units} units in {layers} layers; the widest span is {widest}.")
        yield self.say(text, units=len(self.audit.system.unit), layers=shape.layers, widest=shape.widest)
        if shares.top_heavy is not None and shares.headquarters.part:
            index = f"{shares.top_heavy:.2f}"
            yield self.say(N_("To each front-line post there are {index} posts at headquarters."), index=index)
        for each in shares.inversions:
            if each.inverted and each.level == "station":
                text = N_("Inside stations command and desks ({desks}) outnumber the front line ({front}).")
                yield self.say(text, desks=each.headquarters, front=each.grassroots)
        notes = len(self.audit.findings) - len(self.warnings)
        yield self.say(N_("{warnings} warnings and {notes} notes, each with what to do."), warnings=len(self.warnings), notes=notes)

    def keys(self) -> tuple[KeyFigure, ...]:
        """Return the numbers at the top; without headquarters those of the station's own desks."""
        shares, shape, norms = self.audit.shares, self.audit.shape, self.audit.norms
        deepest = " → ".join(self.tables.name(unit) for unit in shape.deepest)
        norm = self.say(N_("norm {norm} to one, at most {most}"), norm=f"{norms.span:g}", most=f"{norms.span_most:g}")
        return (
            self._share(N_("front-line share"), shares.front_line, "front_line"),
            *(self._headquarters() if shares.headquarters.part else self._desks()),
            KeyFigure(self.say(N_("layers")), str(shape.layers), deepest, "layers"),
            KeyFigure(self.say(N_("widest span")), str(shape.widest), norm, "below"),
        )

    def _headquarters(self) -> tuple[KeyFigure, KeyFigure]:
        shares = self.audit.shares
        index = NONE if shares.top_heavy is None else f"{shares.top_heavy:.2f}"
        remark = f"{shares.headquarters.part} ÷ {shares.front_line.part}"
        heavy = KeyFigure(self.say(N_("headquarters to front line")), index, remark, "top_heavy")
        return self._share(N_("headquarters share"), shares.headquarters, "headquarters"), heavy

    def _desks(self) -> tuple[KeyFigure, KeyFigure]:
        every = self.audit.establishment.all
        desks = Ratio(every.command + every.administration, every.total)
        return self._share(N_("command and desks"), desks, "inverted"), self._share(
            N_("command posts"), self.audit.shares.command, "command"
        )

    def _share(self, name: str, ratio: Ratio, why: str) -> KeyFigure:
        text = NONE if ratio.share is None else f"{ratio.share:.1%}"
        return KeyFigure(self.say(name), text, counted(ratio, self.speaker), why)

    @property
    def tables(self) -> Tables:
        """The tables."""
        return Tables(self.audit, self.speaker)

    def shown(self) -> tuple[Shown, ...]:
        """Return all tables that have rows."""
        return self.tables.all()

    def told(self) -> tuple[Told, ...]:
        """Return all findings in words, warnings first, what was noticed while reading last."""
        return tuple(self._told(finding) for finding in self.findings)

    def _told(self, finding: Finding) -> Told:
        message = replace(finding, place=Place(), remedy="").text(self.language)
        remedy = replace(finding, place=Place(), message=finding.remedy, remedy="").text(self.language) if finding.remedy else ""
        return Told(finding.severity, message, remedy, finding.place.text(self.language))

    def notes(self) -> tuple[str, ...]:
        """Return what the figures rest on besides the norms."""
        return (self.say(SOURCES[self.audit.establishment.source]), self.say(N_("Nobody is scored: posts, units and lines are.")))

    def norms(self) -> list[tuple[str, str, str, bool]]:
        """Return what the chart is held against."""
        return norm_rows(self.audit, self.speaker)

    def why(self) -> dict[str, str]:
        """Return how every kind of figure is computed."""
        return explained(self.audit, self.speaker)

    def headline(self) -> str:
        """Return claim and deck as text for the terminal."""
        return self.speaker.sentences([self.claim(), self.deck()[0]])

    def summary(self) -> Sheet:
        """Return the shares as a table."""
        shares = self.audit.shares
        rows = [
            (self.say(name), ratio.part, ratio.whole, None if ratio.share is None else round(ratio.share * 100.0, 1))
            for name, ratio in (
                (N_("front line"), shares.front_line),
                (N_("headquarters"), shares.headquarters),
                (N_("specialist branches"), shares.specialist),
                (N_("grassroots"), shares.grassroots),
                (N_("posts that answer for a beat"), shares.beat),
                (N_("command posts"), shares.command),
            )
        ]
        header = (*(self.say(head) for head in (N_("share"), N_("posts held"), N_("of all"))), "%")
        return Sheet(self.say(N_("Where the posts are")), (), header, tuple(rows), (26, 10, 10, 10))

    def findings_sheet(self) -> Sheet:
        """Return all findings as a table."""
        header = tuple(self.say(head) for head in (N_("gravity"), N_("what"), N_("what to do"), N_("file and line")))
        names = {"warning": N_("warning"), "note": N_("note"), "error": N_("error")}
        rows = tuple((self.say(names[each.severity]), each.message, each.remedy, each.place) for each in self.told())
        return Sheet(self.say(N_("What was found")), (), header, rows, (10, 70, 60, 30))

    def sheets(self) -> tuple[Sheet, ...]:
        """Return every table as it goes into the workbook."""
        label = f"{self.subject}  [{self.say(N_('synthetic data'))}]" if self.synthetic else self.subject
        above = (label, self.claim(), "")
        norms = tuple((name, value, source) for name, value, source, _ in self.norms())
        header = tuple(self.say(head) for head in (N_("norm"), N_("value"), N_("source")))
        rests = Sheet(self.say(N_("What this rests on")), (), header, norms, (30, 10, 60))
        every = (self.summary(), self.findings_sheet(), *(shown.sheet for shown in self.shown()), rests)
        return tuple(replace(each, above=(*above, *each.above)) for each in every)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        names = {language: self.audit.system.name.in_language(language) for language in LANGUAGES}
        found = [{"code": each.code, **told._asdict()} for each, told in zip(self.findings, self.told(), strict=True)]
        return {
            "schema": 1,
            "organisation": names,
            "synthetic": self.synthetic,
            "claim": self.claim(),
            **as_plain(self.audit),
            "findings": found,
        }

    def write_html(self, path: Path) -> None:
        """Write the page, self-contained."""
        from qinwu.report.organisation_page import page

        write_whole(path, page(self).encode("utf-8"))

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())
