"""``analyse`` and ``staff``: what the closed forms answer, shown on the terminal and written to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import progress, say, show_sheet, stopped_by_ctrl_c
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language, translate
from qinwu.language import said as _

Read = TypeVar("Read")
HOURS = 168
DEFAULT_TARGET = "utilisation <= 60%"
if TYPE_CHECKING:
    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.queueing.analysis import Analysis
    from qinwu.report.printed import Report
    from qinwu.station.station import Station


@dataclass(frozen=True)
class Files:
    """Where an answer is written: the page always, into reports/ of the folder by default; workbook and data where asked for."""

    html: Annotated[Path | None, Parameter(help=_("Page; in reports/ of the folder by default."))] = None
    xlsx: Annotated[Path | None, Parameter(help=_("Excel workbook."))] = None
    json: Annotated[Path | None, Parameter(help=_("JSON file."))] = None
    pdf: Annotated[Path | None, Parameter(help=_("PDF, to print and to sign."))] = None

    def of(self, folder: Path, command: str, language: Language) -> Files:
        """Return the files of a command, its page included."""
        return replace(self, html=self.html or folder / "reports" / f"{command}.{language}.html")

    def findings(self) -> list[Finding]:
        """Return what is wrong with them."""
        return list(writable_findings(self.html, self.xlsx, self.json, self.pdf))

    def write(self, report: Report, write_html: Callable[[Path], None]) -> None:
        """Write the files, each whole or not at all."""
        writers: dict[Path | None, Callable[[Path], None]] = {
            self.html: write_html,
            self.xlsx: report.write_xlsx,
            self.json: report.write_json,
            self.pdf: partial(_print, report),
        }
        for path, write in writers.items():
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                write(path)
                say(translate("Written: {file}", report.language).format(file=path))


def _print(report: Report, path: Path) -> None:
    from qinwu.report.printed import printed
    from qinwu.report.typeset.pdf import write_pdf

    write_pdf(path, printed(report))


@dataclass(frozen=True)
class Asked:
    """What ``staff`` is asked: targets, officers in a crew and on duty at least, hours of each and the share of them away."""

    target: Annotated[
        tuple[str, ...],
        Parameter(
            help=_("What is promised, such as 'p1 response p90 <= 300s' or 'delay <= 10%'; may be given several times."),
            negative="",
            show_default=", ".join,
        ),
    ] = (DEFAULT_TARGET,)
    crew: Annotated[int, Parameter(help=_("Officers in a crew."))] = 2
    least: Annotated[int, Parameter(help=_("Officers on duty at any time."))] = 2
    hours: Annotated[float, Parameter(help=_("Hours a week of an officer."))] = 40.0
    away: Annotated[
        float,
        Parameter(help=_("Share of working days lost to leave, holidays, sickness and training."), show_default="{:.3f}".format),
    ] = 45 / 260
    replications: Annotated[int, Parameter(help=_("How often to simulate as confirmation; 0 for not at all."))] = 10
    seed: Annotated[int, Parameter(help=_("Seed of every draw."))] = 1

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [
            *between("--crew", self.crew, 1, 6),
            *between("--least", self.least, 1, 100),
            *between("--hours", self.hours, 1, 100),
            *between("--away", self.away, 0, 0.9),
            *between("--replications", self.replications, 0, 10_000),
            *between("--seed", self.seed, 0, 2**62),
        ]


PAGE_ONLY, AS_USUAL = Files(), Asked()


def analyse(folder: Path, system: str, hour: int | None, week: bool, files: Files, language: Language) -> None:
    """Analyse one duty system of a station."""
    files = files.of(folder, "analyse", language)
    wrong = [*files.findings(), *between("--hour", hour, 0, HOURS - 1)]
    from qinwu.report.analysis import AnalysisReport
    from qinwu.report.analysis_page import write_html
    from qinwu.simulate.trial import prepare_one

    station, loaded, plan = read_with(wrong, lambda: prepare_one(folder, system))
    analysed = _analysed(station, plan, _current(station, plan, system))
    report = AnalysisReport(station, loaded.system, analysed, language, datetime.now().astimezone())
    say(report.headline())
    if hour is not None:
        show_sheet(report.one_hour(hour))
        show_sheet(report.crews_of_hour(hour))
    else:
        show_sheet(report.week(brief=True) if week else report.day())
        show_sheet(report.crews())
    files.write(report, lambda path: write_html(path, report))


def staff(folder: Path, system: str, asked: Asked, files: Files, language: Language) -> None:
    """Say how many officers a station needs for its targets."""
    files = files.of(folder, "staff", language)
    wrong = [*files.findings(), *asked.findings()]
    from qinwu.duty.staffing import posted
    from qinwu.plan.staffing import Question
    from qinwu.queueing.supply import Supply
    from qinwu.queueing.targets import parse_targets
    from qinwu.report.staffing import StaffingReport
    from qinwu.report.staffing_page import write_html
    from qinwu.simulate.engine import engine_named
    from qinwu.simulate.trial import prepare_one

    try:
        targets = parse_targets(asked.target)
    except QinwuError as error:
        targets, wrong = (), [*wrong, *error.findings]
    station, loaded, plan = read_with(wrong, lambda: prepare_one(folder, system))
    supply = Supply.of(posted(station.force, loaded.system), asked.hours, asked.away)
    question = Question(station, loaded.system, plan, targets, asked.crew, asked.least, supply)
    with progress(translate("Confirming by simulation", language), max(asked.replications, 1)) as done, stopped_by_ctrl_c() as stop:
        answer = question.answer(asked.replications, asked.seed, engine_named("local", 0, stop=stop), done)
    today = _current(station, plan, system)
    analysed = _analysed(station, today, today)
    report = StaffingReport(station, loaded.system, answer, asked.least, language, analysed, datetime.now().astimezone())
    say(report.headline())
    for number, change in enumerate(report.changes(), start=1):
        say(f"  {number}. {change}")
    say(report.arithmetic())
    show_sheet(report.watches())
    show_sheet(report.checks())
    show_sheet(report.week_grid())
    for note in report.notes():
        say(note)
    files.write(report, lambda path: write_html(path, report))


def _current(station: Station, plan: ResponsePlan, system: str) -> ResponsePlan:
    """Return the plan of the duty system in force, which may be the one asked for."""
    from qinwu.simulate.trial import load_system

    return plan if system in ("", station.config.current) else load_system(station, station.config.current)[1]


def _analysed(station: Station, plan: ResponsePlan, current: ResponsePlan) -> Analysis:
    from qinwu.queueing.analysis import analyse as analysed
    from qinwu.station.demand import read_source

    return analysed(station, plan, read_source(station), current)


def read_with(wrong: Sequence[Finding], read: Callable[[], Read]) -> Read:
    """Read what is asked for, or raise everything wrong with it together with what is wrong already."""
    try:
        found = read()
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    raise_on_errors(wrong)
    return found


def between(option: str, value: float | None, least: float, most: float) -> list[Finding]:
    """Return what is wrong with a number outside its range."""
    if value is None or least <= value <= most:
        return []
    message, remedy = N_("{option} must be from {least} to {most}, not {value}."), N_("Give another number.")
    values = {"option": option, "least": f"{least:g}", "most": f"{most:g}", "value": f"{value:g}"}
    return [Finding("out-of-range", "error", message, remedy, Place(), values)]
