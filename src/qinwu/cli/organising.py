"""``organisation``: a chart or a station's duty system audited, shown on the terminal and written to files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, between
from qinwu.cli.plans.running import Lang
from qinwu.cli.terminal import say, show, show_sheet
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, default_language, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qinwu.duty.organisation.norms import Norms
    from qinwu.duty.reading import LoadedSystem
    from qinwu.station.config import CallClass, Text
    from qinwu.station.force import Force

SHOWN_TABLES = 3


@dataclass(frozen=True)
class Held:
    """What a chart is held against; empty for what Qinwu comes with."""

    span: Annotated[float | None, Parameter(help=said("Units or officers one leader should have; 5 by default."))] = None
    headquarters: Annotated[
        float | None, Parameter(help=said("Share of posts that headquarters may hold, 0 to 1; 0.5 by default."))
    ] = None
    lost: Annotated[
        float | None, Parameter(help=said("Share of hours that meetings, papers and ad-hoc work may take; 0.15 by default."))
    ] = None
    hours: Annotated[float | None, Parameter(help=said("Hours a week of an officer; 40 by default."))] = None

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [
            *between("--span", self.span, 1, 100),
            *between("--headquarters", self.headquarters, 0, 1),
            *between("--lost", self.lost, 0, 1),
            *between("--hours", self.hours, 1, 100),
        ]

    def norms(self) -> Norms:
        """Return the norms."""
        from qinwu.duty.organisation.norms import Norms

        usual = Norms()
        given = {name: value for name, value in vars(self).items() if value is not None}
        changed = replace(usual, **given)
        return replace(changed, span_most=max(changed.span_most, changed.span))


USUAL = Held()


@dataclass(frozen=True)
class Subject:
    """What is audited: the system, its officers and classes of calls, whose it is, whether it is invented, and what was noticed."""

    loaded: LoadedSystem
    force: Force | None
    classes: Sequence[CallClass]
    place: Text | None
    synthetic: bool
    findings: tuple[Finding, ...]


def organisation(
    target: Annotated[Path, Parameter(help=said("A station folder, or a chart: TOML, CSV or Excel."))],
    system: Annotated[str, Parameter(help=said("Duty system: a name in duty/, or preset:ID; the current one by default."))] = "",
    *,
    officers: Annotated[
        Path | None, Parameter(help=said("Officers file to compare the posts with; the folder's by default."))
    ] = None,
    held: Annotated[Held, Parameter(name="*")] = USUAL,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Audit a chart."""
    language = lang or default_language()
    folder, name = (target, "organisation") if target.is_dir() else (target.parent, f"organisation-{target.stem}")
    files = files.of(folder, name, language)
    wrong = [*files.findings(), *held.findings()]
    from qinwu.duty.organisation.audit import audit
    from qinwu.report.organisation import OrganisationReport

    try:
        subject = _station(target, system, officers) if target.is_dir() else _file(target, system, officers)
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    raise_on_errors(wrong)
    found = audit(subject.loaded.system, subject.force, held.norms(), subject.classes)
    made = datetime.now().astimezone()
    report = OrganisationReport(found, language, subject.place, subject.synthetic, subject.findings, made, subject.loaded)
    say(report.headline())
    show_sheet(report.summary())
    for shown in [each for each in report.shown() if not each.folded][:SHOWN_TABLES]:
        show_sheet(shown.sheet)
    show(report.findings, language)
    files.write(report, report.write_html)


def _station(folder: Path, system: str, officers: Path | None) -> Subject:
    """Return a duty system of a station folder; areas, roads and calls are not asked for."""
    from qinwu.duty.organisation.checks import chart_findings
    from qinwu.duty.reading import read_system
    from qinwu.station.folder import read_config
    from qinwu.station.officers import read_force

    found: list[Finding] = []
    config = read_config(folder)
    force, loaded = None, None
    sheet = officers or (folder / config.files.officers if config.files.officers else None)
    try:
        force, more = read_force(sheet) if sheet else (None, ())
        found += more
    except QinwuError as error:
        found += error.findings
    try:
        loaded = read_system(system or config.current, folder)
        found += chart_findings(loaded, force)
    except QinwuError as error:
        found += error.findings
    raise_on_errors(found)
    if loaded is None:
        raise QinwuError(found)
    return Subject(loaded, force, config.call_class, config.name, config.synthetic, tuple(found))


def _file(path: Path, system: str, officers: Path | None) -> Subject:
    """Return the chart of a file."""
    from qinwu.duty.organisation.chart import read_chart

    if system:
        message, remedy = N_("A file holds one chart; {system} is no part of it."), N_("Name a station folder, or leave it out.")
        raise QinwuError([Finding("one-chart", "error", message, remedy, Place(path.name), {"system": system})])
    chart = read_chart(path, officers)
    return Subject(chart.loaded, chart.force, (), None, False, chart.findings)
