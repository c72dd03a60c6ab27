"""How every planner runs from the command line: progress, Ctrl-C without loss, what is written, and trying the plan at once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import between
from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import console, say, show_sheet, stopped_by_ctrl_c
from qinwu.findings import Finding, Place
from qinwu.language import N_, Language, said, translate

if TYPE_CHECKING:
    from qinwu.plan.duty_file import DutyFile, Part
    from qinwu.plan.effort import Effort
    from qinwu.report.plans.plan_report import PlanReport
    from qinwu.station.station import Station

LONGEST_S = 86_400.0
TRY_REPLICATIONS = 20
FILE_NAME = re.compile(r"[^\W_][\w-]{0,59}")
PROPOSAL = "建议方案"
"""How a duty file begins that a planner made and a later one may replace."""


@dataclass(frozen=True)
class Spend:
    """How long to look."""

    seconds: Annotated[
        float | None, Parameter(help=said("Longest time to look, in seconds; Ctrl-C stops earlier and keeps the best."))
    ] = None
    seed: Annotated[int, Parameter(help=said("Seed of every draw."))] = 1

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [*between("--seconds", self.seconds, 0.1, LONGEST_S), *between("--seed", self.seed, 0, 2**62)]


@dataclass(frozen=True)
class Out:
    """What is written: the page always, the duty file where the plan makes one, workbook and data where asked for."""

    name: Annotated[str | None, Parameter(help=said("Name of the duty file that is written into duty/."))] = None
    html: Annotated[Path | None, Parameter(help=said("Page; in reports/ of the folder by default."))] = None
    xlsx: Annotated[Path | None, Parameter(help=said("Excel workbook."))] = None
    json: Annotated[Path | None, Parameter(help=said("JSON file."))] = None
    pdf: Annotated[Path | None, Parameter(help=said("PDF, to print and to sign."))] = None
    try_it: Annotated[
        bool,
        Parameter(
            name="--try", negative="", help=said("Try the plan at once on the station's calls, against the system in force.")
        ),
    ] = False

    def of(self, folder: Path, kind: str, language: Language) -> Out:
        """Return what the planner `kind` writes, the page and the name of the duty file included."""
        page = self.html or folder / "reports" / f"plan-{kind}.{language}.html"
        return replace(self, html=page, name=self.name or f"plan_{kind}")

    def duty_path(self, folder: Path) -> Path:
        """Return the duty file."""
        return folder / "duty" / f"{self.name}.toml"

    def findings(self, folder: Path) -> list[Finding]:
        """Return what is wrong with the files."""
        wrong = list(writable_findings(self.html, self.xlsx, self.json, self.pdf, self.duty_path(folder)))
        name = self.name or ""
        if not FILE_NAME.fullmatch(name):
            message = N_("{option} {value} is no name of a file: use letters, digits, - and _.")
            wrong.append(Finding("bad-name", "error", message, "", Place(), {"option": "--name", "value": name}))
        elif not _may_be_replaced(self.duty_path(folder)):
            message = N_("This file was not made by qinwu plan and is not overwritten.")
            remedy = N_("Choose another name with --name.")
            wrong.append(Finding("file-exists", "error", message, remedy, Place(f"duty/{name}.toml")))
        return wrong


def _may_be_replaced(path: Path) -> bool:
    """Return whether there is no such file, or one that a planner made."""
    return not path.is_file() or path.read_bytes().startswith(f"# {PROPOSAL}".encode())


SPEND, OUT = Spend(), Out()
Folder = Annotated[Path, Parameter(help=said("The station folder."))]
Lang = Annotated[Language | None, Parameter(name="--lang", help=said("Language of what is written: zh or en."))]


@contextmanager
def running(text: str, spend: Spend, usual_s: float, language: Language) -> Iterator[Effort]:
    """Give a planner its effort, show how far it is, and turn Ctrl-C into a request to stop with the best so far.

    Parameters
    ----------
    text
        What is being planned, in the language of the terminal.
    spend
        Time and seed.
    usual_s
        Seconds allowed where none are asked for.
    language
        Of what is shown.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from qinwu.plan.effort import Effort
    from qinwu.plan.effort import Progress as Step

    allowed, started = spend.seconds or usual_s, time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[state]}"))
    with Progress(*columns, console=console(to_errors=True), transient=True) as bar:
        task = bar.add_task(text, total=allowed, state="")

        def tell(step: Step) -> None:
            bar.update(task, completed=time.monotonic() - started, state=state_of(step.value, step.bound, language))

        with stopped_by_ctrl_c() as stop:
            yield Effort(allowed, spend.seed, tell, stop)


def state_of(value: float, bound: float, language: Language) -> str:
    """Return the best value and how far it may be from the best there is, in words.

    >>> state_of(102.0, 100.0, "en"), state_of(102.0, float("-inf"), "en"), state_of(float("inf"), 3.0, "en")
    ('best 102, gap 2.0%', 'best 102', '')
    """
    if not isfinite(value):
        return ""
    if not isfinite(bound):
        return translate(N_("best {value}"), language).format(value=f"{value:,.6g}")
    gap = max(0.0, (value - bound) / max(abs(value), 1e-12))
    return translate(N_("best {value}, gap {gap}"), language).format(value=f"{value:,.6g}", gap=f"{gap:.1%}")


def proposal(
    station: Station, out: Out, part: Part, title: tuple[str, str], about: tuple[str, str], replaces: tuple[str, ...]
) -> DutyFile:
    """Return a plan as a duty file laid over the system in force.

    Parameters
    ----------
    station, out
        Whose plan, and the name of the file.
    part
        What the plan sets.
    title, about
        Name and description, Chinese and English.
    replaces
        Tables of which nothing else may be left.
    """
    from qinwu.duty.reading import read_system
    from qinwu.plan.duty_file import DutyFile, replacing

    system = read_system(station.config.current, station.folder).system
    day = datetime.now().astimezone().date().isoformat()
    remarks = (
        f"{PROPOSAL}，{day} 由 qinwu plan 生成，负责人签字后生效。",
        f"A proposal, made by qinwu plan on {day}; it takes effect when a named officer signs it.",
    )
    names, told = ({"zh": zh, "en": en} for zh, en in (title, about))
    return DutyFile(out.name or "", names, told, station.config.current, replacing(part, system, replaces), remarks)


def finish(report: PlanReport, duty: DutyFile | None, folder: Path, out: Out, *, shown: int = 2) -> None:
    """Say what was planned, write the files, and try the plan where asked to.

    Parameters
    ----------
    report, duty
        The plan told, and as a duty file; None where it is none.
    folder, out
        The station folder, and what is written.
    shown
        How many of the report's tables are shown on the terminal.
    """
    say(report.headline())
    for table in [each for each in report.tables if not each.folded][:shown]:
        show_sheet(table.sheet)
    if report.proof_sheet is not None:
        say(report.proof_sheet.verdict())
        for line in (*report.proof_sheet.binding(), *report.proof_sheet.given_up()):
            say(f"  · {line}")
    if duty is not None:
        from qinwu.report.writing import write_whole

        path = out.duty_path(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, duty.text().encode("utf-8"))
        say(translate("Written: {file}", report.language).format(file=path))
    writers = {
        out.html: report.write_html,
        out.xlsx: report.write_xlsx,
        out.json: report.write_json,
        out.pdf: report.write_pdf,
    }
    for target, write in writers.items():
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target)
            say(translate("Written: {file}", report.language).format(file=target))
    if duty is not None and out.try_it:
        try_now(folder, duty.id, report.language)


def try_now(folder: Path, name: str, language: Language) -> None:
    """Compare the duty file `name` with the system in force, on the station's own calls."""
    from qinwu.cli.comparing import Run, prepared, report_of, write_reports

    run, started = Run(TRY_REPLICATIONS), time.monotonic()
    trial = prepared(folder, name, run.findings())
    comparison = run.of(trial, language)
    page = folder / "reports" / f"compare-{name}.{language}.html"
    write_reports(report_of(trial, comparison, time.monotonic() - started), language, page, None, None)
