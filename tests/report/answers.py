"""The station of thirteen, analysed and staffed once for all tests that ask what is said of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.language import Language
from qinwu.plan.staffing import Question, Staffing
from qinwu.queueing.analysis import Analysis, analyse
from qinwu.queueing.supply import Supply
from qinwu.queueing.targets import parse_targets
from qinwu.report.analysis import AnalysisReport
from qinwu.report.staffing import StaffingReport
from qinwu.simulate.trial import prepare_one
from qinwu.station.demand import read_source
from qinwu.station.sample import write_sample
from qinwu.station.station import Station

LEAST = 2
HALF = "utilisation <= 60%"
URGENT = "p1 response p90 <= 480s"


@cache
def thirteen() -> tuple[Station, DutySystem, ResponsePlan]:
    """Return the sample station of thirteen, its duty system and plan."""
    folder = Path(mkdtemp()) / "station"
    write_sample(folder, "station13")
    station, loaded, plan = prepare_one(folder)
    return station, loaded.system, plan


@cache
def analysed() -> Analysis:
    """Return what the closed forms say of it."""
    station, _, plan = thirteen()
    return analyse(station, plan, read_source(station), most_weeks=1)


def analysis_report(language: Language) -> AnalysisReport:
    """Return the analysis in a language."""
    station, system, _ = thirteen()
    return AnalysisReport(station, system, analysed(), language)


@cache
def staffed(replications: int, *targets: str) -> Staffing:
    """Return how many officers it needs for some targets."""
    station, system, plan = thirteen()
    return Question(station, system, plan, parse_targets(targets), 2, LEAST, Supply.of(station.force)).answer(replications)


def staffing_report(language: Language, answer: Staffing | None = None) -> StaffingReport:
    """Return an answer in a language: that to the 60% rule alone where none is given."""
    station, system, _ = thirteen()
    return StaffingReport(station, system, answer or staffed(0, HALF), LEAST, language, analysed())


def real(report: AnalysisReport) -> AnalysisReport:
    """Return the report as that of a station that is not made up."""
    config = report.station.config.model_copy(update={"synthetic": False})
    return replace(report, station=replace(report.station, config=config))
