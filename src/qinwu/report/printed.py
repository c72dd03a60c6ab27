"""Printed: every report that is no plan as a document for PDF; the workbook and the page hold what is left out here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from qinwu.duty.organisation.posts import drawn_units
from qinwu.language import N_
from qinwu.report.analysis import AnalysisReport
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.claims import ClaimsReport
from qinwu.report.claims_page import ClaimsPage
from qinwu.report.evaluation import EvaluationReport
from qinwu.report.evaluation_page import EvaluationPage
from qinwu.report.evaluation_plan import PilotReport
from qinwu.report.organisation import OrganisationReport
from qinwu.report.organisation_chart import draw_chart
from qinwu.report.rendering import labelled, program_version
from qinwu.report.staffing import StaffingReport
from qinwu.report.typeset.document import MADE_WITH, Document, Figure
from qinwu.report.words import Speaking

Report = AnalysisReport | StaffingReport | ClaimsReport | EvaluationReport | PilotReport | OrganisationReport | ChapterReport
STYLES = ("report.css", "answers.css")


@singledispatch
def printed(report: Report) -> Document:
    """Return a report as it is printed."""
    raise TypeError(f"Expected a report that can be printed, not {type(report).__name__}.")


def _document(report: Speaking, kicker: str, subject: str, claim: str, **parts: Any) -> Document:
    footer = report.say(MADE_WITH, version=program_version())
    return Document(report.language, report.say(kicker), subject, claim, footer=footer, **parts)


@printed.register
def _analysis(report: AnalysisReport) -> Document:
    return _document(
        report, N_("What the duty system does, hour by hour"), labelled(report.station, report.speaker), report.claim(),
        deck=[*report.evidence(), report.warning()], tables=[report.day(), report.crews(), report.figures()],
    )  # fmt: skip


@printed.register
def _staffing(report: StaffingReport) -> Document:
    return _document(
        report, N_("Officers needed, officers there"), labelled(report.station, report.speaker), report.verdict(),
        deck=[report.evidence(), report.arithmetic(), *report.changes()], tables=[report.watches(), report.checks()],
        notes=report.notes(),
    )  # fmt: skip


@printed.register
def _claims(report: ClaimsReport) -> Document:
    page = ClaimsPage(report, report.language)
    rows = [*page.shares(), *page.numbers()]
    drawn = tuple((f"{row.where} {row.name}", row.svg) for row in rows)
    figures = [Figure(report.say(N_("Before and after")), "", drawn)] if rows else []
    tables = (report.tables.brief(), report.tables.rates(), report.tables.tries(), report.tables.crossed())
    return _document(
        report, N_("Claims checked"), report.title, report.claim(), deck=list(report.deck()), figures=figures,
        tables=[each for each in tables if each], styles=(*STYLES, "claims.css"),
    )  # fmt: skip


@printed.register
def _evaluation(report: EvaluationReport) -> Document:
    page = EvaluationPage(report, report.language)
    pairs = [(page.stretches_title(), page.stretches()), (page.heap_title(), page.heap())]
    figures = (
        Figure(report.say(N_("What was counted, and what was to be expected")), "", (("", page.series()),), wide=True),
        Figure(report.say(N_("Stretch by stretch")), "", tuple(pair for pair in pairs if pair[1])),
    )
    return _document(
        report, N_("A reform evaluated"), report.file, report.claim(), deck=list(report.deck()), keys=page.keys(),
        figures=figures, tables=[report.methods(), report.stretches()], notes=[*report.doubts(), *report.checks()],
        styles=(*STYLES, "evaluation.css"),
    )  # fmt: skip


@printed.register
def _pilot(report: PilotReport) -> Document:
    return _document(
        report, N_("A pilot planned"), report.file, report.claim(), deck=list(report.deck()), keys=report.keys(),
        tables=[report.chances(), report.rests_on()],
    )  # fmt: skip


@printed.register
def _organisation(report: OrganisationReport) -> Document:
    units = drawn_units(report.audit.system, report.audit.establishment)
    chart = draw_chart(units, report.audit.flagged, report.language)
    return _document(
        report, report.kicker, report.subject, report.claim(), deck=report.deck(), keys=report.keys(),
        figures=(Figure(report.say(N_("Who is where, and who reaches in")), "", (("", chart),), wide=True),),
        tables=[report.findings_sheet(), *_open(report)], notes=report.notes(), styles=(*STYLES, "organisation.css"),
    )  # fmt: skip


@printed.register
def _chapters(report: ChapterReport) -> Document:
    return report.document()


def _open(report: OrganisationReport) -> Sequence[Any]:
    return [shown.sheet for shown in report.shown() if not shown.folded]
