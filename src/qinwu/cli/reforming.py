"""``qinwu reform``: reforms tried before and after on the same calls, told, and written as a duty file to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import between, read_with
from qinwu.cli.plans.running import OUT, PROPOSAL, Folder, Lang, Out, finish
from qinwu.cli.terminal import console, progress, show, stopped_by_ctrl_c
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _

if TYPE_CHECKING:
    from qinwu.duty.reading import LoadedSystem
    from qinwu.duty.reform.doing import Read
    from qinwu.duty.reform.reform import Reform
    from qinwu.duty.system import DutySystem
    from qinwu.judge.reform.tried import TriedReform
    from qinwu.plan.duty_file import DutyFile
    from qinwu.station.station import Station

PERCENT = 100
SHOWN_WARNINGS = 6


@dataclass(frozen=True)
class Tries:
    """How a reform is tried."""

    system: Annotated[
        str, Parameter(help=_("Duty system to reform: a name in duty/, or preset:ID; the current one by default."))
    ] = ""
    replications: Annotated[int, Parameter(help=_("How often to run; more gives narrower intervals."))] = 10
    swings: Annotated[
        int, Parameter(help=_("How often to run for each end of every assumption; 0 leaves the sensitivity out."))
    ] = 3
    seed: Annotated[int, Parameter(help=_("Seed: the same seed gives the same result on any engine."))] = 1
    days: Annotated[int | None, Parameter(help=_("Use only the last so many days of calls."))] = None
    weeks: Annotated[int | None, Parameter(help=_("Length of one run in weeks; that of the record by default."))] = None
    back: Annotated[bool, Parameter(negative="", help=_("Try the way back: from after the reform to before it."))] = False

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [
            *between("--replications", self.replications, 1, 10_000),
            *between("--swings", self.swings, 0, 1_000),
            *between("--seed", self.seed, 0, 2**62),
            *between("--days", self.days, 1, 100_000),
            *between("--weeks", self.weeks, 1, 10_000),
        ]


TRIES = Tries()


def reform(
    folder: Folder,
    names: Annotated[list[str] | None, Parameter(help=_("Reforms, one after the other: of Qinwu, of reforms/, or files."))] = None,
    /,
    *,
    tries: Annotated[Tries, Parameter(name="*")] = TRIES,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Try reforms on a station, one after the other, and write the page, the duty file and what else is asked for."""
    language = lang or default_language()
    if not names:
        list_reforms(language)
        return
    out = _named(out, folder, names, tries, language)
    station, loaded, reforms = read_with([*tries.findings(), *out.findings(folder)], lambda: _read(folder, names, tries.system))
    show([one for one in station.findings if one.severity != "note"], language, SHOWN_WARNINGS)
    tried = _tried(station, loaded.stated, reforms, tries, language)
    show(tried.done.findings, language)

    from qinwu.report.reform.reform_report import reform_report

    report = reform_report(tried, language, datetime.now().astimezone())
    duty = None if tries.back else _duty_file(tried, out, tries.system or station.config.current)
    finish(report, duty, folder, out)


def list_reforms(language: Language) -> None:
    """Say which reforms come with Qinwu."""
    from rich.text import Text

    from qinwu.duty.reform.reform import read_reform, reform_ids

    for name in reform_ids():
        one = read_reform(name)
        console().print(Text.assemble((name, "bold"), f"  {one.name.in_language(language)}\n    {one.about.in_language(language)}"))


def _named(out: Out, folder: Path, names: Sequence[str], tries: Tries, language: Language) -> Out:
    word = "-".join([*(Path(name).stem for name in names), *(["back"] if tries.back else [])])
    page = out.html or folder / "reports" / f"reform-{word}.{language}.html"
    return replace(out, html=page, name=out.name or f"reform_{word.replace('-', '_')}"[:60])


def _read(folder: Path, names: Sequence[str], system: str) -> tuple[Station, LoadedSystem, tuple[Reform, ...]]:
    from qinwu.duty.reform.reform import read_reform
    from qinwu.simulate.trial import prepare_one

    reforms: list[Reform] = []
    wrong: list[Finding] = []
    for name in names:
        try:
            reforms.append(read_reform(name, folder))
        except QinwuError as error:
            wrong += error.findings
    station, loaded, _plan = read_with(wrong, lambda: prepare_one(folder, system))
    return station, loaded, tuple(reforms)


def _tried(station: Station, stated: DutySystem, reforms: Sequence[Reform], tries: Tries, language: Language) -> TriedReform:
    from qinwu.judge.reform.tried import Asked, try_reform
    from qinwu.simulate.engine import engine_named

    words = translate(N_("Trying the reform and its assumptions"), language)
    with progress(words, PERCENT) as done, stopped_by_ctrl_c() as stop:
        engine = engine_named("local", 0, 2 * tries.replications * len(station.calls), stop)
        asked = Asked(tries.replications, tries.swings, tries.seed, tries.weeks, tries.days, tries.back, engine)
        return try_reform(station, stated, reforms, _reader(station.folder), asked, lambda share: done(round(share * PERCENT)))


def _reader(folder: Path) -> Read:
    """Return what finds a duty system by name: the station's own file of that name, else the preset."""
    from qinwu.duty.reading import DUTY, PRESET, SUFFIX, read_system

    def read(name: str) -> DutySystem:
        own = (folder / DUTY / f"{name}{SUFFIX}").is_file() or name.startswith(PRESET)
        return read_system(name if own else f"{PRESET}{name}", folder).stated

    return read


def _duty_file(tried: TriedReform, out: Out, base: str) -> DutyFile:
    """Return the reformed system as a file laid over the one it reforms."""
    from qinwu.duty.reform.difference import difference
    from qinwu.plan.duty_file import DutyFile

    day = datetime.now().astimezone().date().isoformat()
    remarks = (
        f"{PROPOSAL}，{day} 由 qinwu reform 生成，负责人签字后生效。",
        f"A proposal, made by qinwu reform on {day}; it takes effect when a named officer signs it.",
    )
    names = {language: "、".join(reform.name.in_language(language) for reform in tried.reforms) for language in ("zh", "en")}
    about = {language: " ".join(reform.about.in_language(language) for reform in tried.reforms) for language in ("zh", "en")}
    change = difference(tried.done.before.system, tried.done.system)
    return DutyFile(out.name or "", names, about, base, change, remarks)
