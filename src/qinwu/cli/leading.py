"""``leads``: calls that look like one incident, cases that look like one series; for a human to confirm."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, between, read_with
from qinwu.cli.plans.running import Lang
from qinwu.cli.terminal import progress, say, show, show_sheet
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _
from qinwu.report.sheet import Sheet

if TYPE_CHECKING:
    from qinwu.forecast.leads.placed_calls import PlacedCalls
    from qinwu.forecast.leads.reading import ReadCases
    from qinwu.report.chapters.chapter_report import ChapterReport

MOST_PAIRS, ON_SCREEN = 5_000, 12
Kind = Literal["auto", "calls", "cases"]
ALIKE = N_("What is alike")


def leads(
    file: Annotated[Path, Parameter(help=_("Calls or cases: CSV, Excel or Parquet; a station folder means its calls."))],
    *,
    kind: Annotated[Kind, Parameter(help=_("What a row is; seen from the columns by default."))] = "auto",
    confirmed: Annotated[
        Path | None, Parameter(help=_("Pairs of cases that somebody decided about: the workbook, filled in."))
    ] = None,
    k: Annotated[int, Parameter(name="--k", help=_("How many pairs to list."))] = 50,
    coordinates: Annotated[
        str, Parameter(help=_("Coordinate system: WGS84, GCJ-02, BD-09 or EPSG:n; WGS84, or plain metres for x and y, by default."))
    ] = "",
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Find calls about one incident, or cases of one series."""
    language = lang or default_language()
    files = files.of(file if file.is_dir() else file.parent, "leads", language)
    wrong = [*files.findings(), *between("--k", k, 1, MOST_PAIRS)]
    if file.is_dir():
        report = _of_station(file, k, wrong, language)
    else:
        report = _of_file(file, kind, coordinates, confirmed, k, wrong, language)
    say(report.claim)
    say(report.speaker.sentences(report.deck))
    for shown in report.chapters[0].tables[:1]:
        show_sheet(_brief(shown.sheet, translate(ALIKE, language)))
    files.write(report, report.write_html)


def _brief(sheet: Sheet, long: str) -> Sheet:
    """Return the first rows of a table without the column whose texts are too long for a terminal."""
    kept = [at for at, head in enumerate(sheet.header) if head != long]
    rows = tuple(tuple(row[at] for at in kept) for row in sheet.rows[:ON_SCREEN])
    return Sheet(sheet.name, sheet.above, tuple(sheet.header[at] for at in kept), rows, tuple(sheet.widths[at] for at in kept))


def _of_station(folder: Path, k: int, wrong: list[Finding], language: Language) -> ChapterReport:
    """Return the duplicates among the calls of a station."""
    from qinwu.forecast.leads.placed_calls import calls_of
    from qinwu.station.folder import read_station

    station = read_with(wrong, lambda: read_station(folder))
    config = station.config
    return _duplicates(
        calls_of(station.calls, station.area), config.name.in_language(language), k, language, synthetic=config.synthetic
    )


def _of_file(
    path: Path, kind: Kind, coordinates: str, confirmed: Path | None, k: int, wrong: list[Finding], language: Language
) -> ChapterReport:
    """Return what is found in a file."""
    from qinwu.forecast.leads.reading import ReadCalls, read_leads

    read = read_with(wrong, lambda: read_leads(path, kind, coordinates))
    show([finding for finding in read.findings if finding.severity != "note"], language)
    if isinstance(read, ReadCalls):
        if confirmed is not None:
            message, remedy = (
                N_("--confirmed is about pairs of cases; this is a file of calls."),
                N_("Leave it out, or say --kind cases."),
            )
            raise QinwuError([Finding("confirmed-calls", "error", message, remedy, Place(path.name))])
        return _duplicates(read.calls, path.name, k, language)
    return _linked(read, path.name, confirmed, k, language)


def _linked(read: ReadCases, subject: str, confirmed: Path | None, k: int, language: Language) -> ChapterReport:
    from qinwu.forecast.leads.case_leads import STEPS, link_cases
    from qinwu.forecast.leads.cases import Labels
    from qinwu.forecast.leads.confirming import read_decisions
    from qinwu.report.chapters.leads import case_report

    decisions = None if confirmed is None else read_decisions(confirmed, read.cases.ids)
    together, apart = ((), ()) if decisions is None else (decisions.together, decisions.apart)
    if decisions is not None:
        show(decisions.findings, language)
    with progress(translate("Comparing cases", language), STEPS) as done:
        found = link_cases(read.cases, Labels.of(read.series, together, apart), k, done)
    show(found.findings, language)
    return case_report(found, subject, language, datetime.now().astimezone())


def _duplicates(calls: PlacedCalls, subject: str, k: int, language: Language, *, synthetic: bool = False) -> ChapterReport:
    from qinwu.forecast.leads.duplicates import STEPS, find_duplicates
    from qinwu.report.chapters.leads_calls import call_report

    with progress(translate("Comparing calls", language), STEPS) as done:
        found = find_duplicates(calls, k, done)
    return call_report(found, subject, language, datetime.now().astimezone(), synthetic=synthetic)
