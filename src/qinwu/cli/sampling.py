"""``audit-sample``: calls drawn at random to be checked, and the sheet read back when they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, between, read_with
from qinwu.cli.plans.running import Lang
from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import say, show, show_sheet
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _

if TYPE_CHECKING:
    import polars as pl

    from qinwu.report.chapters.chapter_report import ChapterReport
    from qinwu.station.station import Station

MOST, SHOWN_ROWS = 1_000_000, 40


@dataclass(frozen=True)
class Sample:
    """What is drawn, or which sheet is read back."""

    n: Annotated[int | None, Parameter(name="--n", help=_("How many calls to draw; set by --margin where not given."))] = None
    margin: Annotated[float, Parameter(help=_("Half of the width of the interval wanted, such as 0.05."))] = 0.05
    strata: Annotated[str, Parameter(help=_("What strata are made of: unit, class, priority, month, separated by commas."))] = (
        "unit,class"
    )
    seed: Annotated[int, Parameter(help=_("Seed of the draw; agree on it with those who are audited."))] = 1
    assumed_error: Annotated[float, Parameter(help=_("Share of wrong calls for which --margin is meant."))] = 0.1
    system: Annotated[
        str, Parameter(help=_("Duty system whose beats are the units: a name in duty/, or preset:ID; the current one by default."))
    ] = ""
    sheet: Annotated[
        Path | None, Parameter(help=_("Work sheet for the auditors; reports/audit-sheet.xlsx of the folder by default."))
    ] = None
    result: Annotated[Path | None, Parameter(help=_("A work sheet that was filled in: say what it shows."))] = None

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [
            *between("--n", self.n, 1, MOST),
            *between("--margin", self.margin, 0.005, 0.5),
            *between("--assumed-error", self.assumed_error, 0.0, 1.0),
            *between("--seed", self.seed, 0, 2**62),
        ]

    @property
    def by(self) -> tuple[str, ...]:
        """What strata are made of."""
        return tuple(part.strip() for part in self.strata.replace("，", ",").split(",") if part.strip())


AS_USUAL = Sample()


def audit_sample(
    folder: Annotated[Path, Parameter(help=_("The station folder."))],
    *,
    sample: Annotated[Sample, Parameter(name="*")] = AS_USUAL,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Draw a sample of calls, or read it back."""
    language = lang or default_language()
    report = _result(folder, sample, files, language) if sample.result else _drawn(folder, sample, files, language)
    say(report.headline())
    for shown in report.chapters[0].tables:
        if len(shown.sheet.rows) <= SHOWN_ROWS:
            show_sheet(shown.sheet)
    name = "audit-result" if sample.result else "audit-sample"
    files.of(folder, name, language).write(report, report.write_html)


def _drawn(folder: Path, sample: Sample, files: Files, language: Language) -> ChapterReport:
    """Draw, and write the work sheet."""
    from qinwu.judge.integrity.sampling import draw, size_for
    from qinwu.report.audit_sheet import write_audit_sheet
    from qinwu.report.chapters.audit_sample import draw_report

    sheet = sample.sheet or folder / "reports" / "audit-sheet.xlsx"
    wrong = [*files.findings(), *sample.findings(), *writable_findings(sheet)]
    if sheet.exists():
        message, remedy = (
            N_("There is a work sheet already; it may hold answers."),
            N_("Give another one with --sheet, or move it away."),
        )
        wrong.append(Finding("sheet-exists", "error", message, remedy, Place(sheet.as_posix())))
    station, calls = read_with(wrong, lambda: _calls(folder, sample.system, sample.by))
    n = sample.n or size_for(sample.margin, sample.assumed_error, len(calls))
    drawn = draw(calls, n, sample.by, sample.seed)
    sheet.parent.mkdir(parents=True, exist_ok=True)
    write_audit_sheet(sheet, drawn, sample.system, language)
    say(translate("Written: {file}", language).format(file=sheet))
    if sample.n:
        asked = translate("The number of calls was given.", language)
    else:
        words = translate("Enough for ± {margin} where {errors} of calls are wrong.", language)
        asked = words.format(margin=f"{sample.margin:.1%}", errors=f"{sample.assumed_error:.0%}")
    return draw_report(station, drawn, asked, language, datetime.now().astimezone())


def _result(folder: Path, sample: Sample, files: Files, language: Language) -> ChapterReport:
    """Read a work sheet back."""
    from qinwu.judge.integrity.audit import audit, read_design
    from qinwu.report.chapters.audit_sample import result_report

    assert sample.result is not None
    path, wrong = sample.result, files.findings()
    try:
        design = read_design(path)
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    station, calls = read_with(wrong, lambda: _calls(folder, design.system, design.by))
    found = audit(path, calls, design)
    show(found.findings, language)
    return result_report(station, found, language, datetime.now().astimezone())


def _calls(folder: Path, system: str, by: tuple[str, ...]) -> tuple[Station, pl.DataFrame]:
    """Return the station and its calls with their strata."""
    from qinwu.judge.integrity.sampling import population
    from qinwu.simulate.trial import prepare_one

    station, loaded, _plan = prepare_one(folder, system)
    return station, population(station, loaded.system, by)
