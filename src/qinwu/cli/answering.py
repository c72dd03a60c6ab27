"""``analyse`` and ``staff``: what the closed forms answer, shown on the terminal and written to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import progress, say, show_sheet
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language, translate

HOURS = 168
if TYPE_CHECKING:
    from qinwu.duty.reading import LoadedSystem
    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.station.station import Station

    Prepared = tuple[Station, LoadedSystem, ResponsePlan]


def analyse(
    folder: Path, system: str, hour: int | None, week: bool, xlsx: Path | None, json: Path | None, language: Language
) -> None:
    """Analyse one duty system of a station."""
    wrong = [*writable_findings(xlsx, json), *_between("--hour", hour, 0, HOURS - 1)]
    from qinwu.queueing.analysis import analyse as analysed
    from qinwu.report.analysis import AnalysisReport
    from qinwu.simulate.trial import prepare_one
    from qinwu.station.demand import read_source

    station, loaded, plan = _read(lambda: prepare_one(folder, system), wrong)
    current = plan if system in ("", station.config.current) else prepare_one(folder)[2]
    report = AnalysisReport(station, loaded.system, analysed(station, plan, read_source(station), current), language)
    say(report.headline())
    if hour is not None:
        show_sheet(report.one_hour(hour))
        show_sheet(report.crews_of_hour(hour))
    else:
        show_sheet(report.week(brief=True) if week else report.day())
        show_sheet(report.crews())
    _write({xlsx: report.write_xlsx, json: report.write_json}, language)


def staff(
    folder: Path,
    system: str,
    targets: Sequence[str],
    people: int,
    least: int,
    hours: float,
    away: float,
    replications: int,
    seed: int,
    xlsx: Path | None,
    json: Path | None,
    language: Language,
) -> None:
    """Say how many officers a station needs for its targets."""
    wrong = [
        *writable_findings(xlsx, json),
        *_between("--crew", people, 1, 6),
        *_between("--least", least, 1, 100),
        *_between("--hours", hours, 1, 100),
        *_between("--away", away, 0, 0.9),
        *_between("--replications", replications, 0, 10_000),
        *_between("--seed", seed, 0, 2**62),
    ]
    from qinwu.plan.staffing import Question
    from qinwu.queueing.supply import Supply
    from qinwu.queueing.targets import parse_targets
    from qinwu.report.staffing import StaffingReport
    from qinwu.simulate.trial import prepare_one

    try:
        asked = parse_targets(targets)
    except QinwuError as error:
        asked, wrong = (), [*wrong, *error.findings]
    station, loaded, plan = _read(lambda: prepare_one(folder, system), wrong)
    question = Question(station, loaded.system, plan, asked, people, least, Supply.of(station.force, hours, away))
    with progress(translate("Confirming by simulation", language), max(replications, 1)) as done:
        report = StaffingReport(station, loaded.system, question.answer(replications, seed, on_done=done), language)
    say(report.headline())
    for number, change in enumerate(report.changes(), start=1):
        say(f"  {number}. {change}")
    say(report.arithmetic())
    show_sheet(report.watches())
    show_sheet(report.checks())
    show_sheet(report.week_grid())
    for note in report.notes():
        say(note)
    _write({xlsx: report.write_xlsx, json: report.write_json}, language)


def _read(read: Callable[[], Prepared], wrong: Sequence[Finding]) -> Prepared:
    """Read what is asked for, or raise everything wrong with it together with what is wrong already."""
    try:
        found = read()
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    raise_on_errors(wrong)
    return found


def _between(option: str, value: float | None, least: float, most: float) -> list[Finding]:
    """Return what is wrong with a number outside its range."""
    if value is None or least <= value <= most:
        return []
    message, remedy = N_("{option} must be from {least} to {most}, not {value}."), N_("Give another number.")
    values = {"option": option, "least": f"{least:g}", "most": f"{most:g}", "value": f"{value:g}"}
    return [Finding("out-of-range", "error", message, remedy, Place(), values)]


def _write(writers: dict[Path | None, Callable[[Path], None]], language: Language) -> None:
    """Write the files asked for, each whole or not at all."""
    for path, write in writers.items():
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
            say(translate("Written: {file}", language).format(file=path))
