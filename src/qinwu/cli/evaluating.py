"""``evaluate``: what changed where a reform happened; what a pilot could show; what will be tested."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, between, read_with
from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import progress, say, show, show_sheet
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _

if TYPE_CHECKING:
    from qinwu.judge.evaluate.reading import Read

FALLS, MONTHS, SIZES = "10,20,30,40", "6,12,24", "1,2,4"
LONGEST_MONTHS, MOST_DRAWS = 240, 100_000


@dataclass(frozen=True)
class Question:
    """What is evaluated."""

    treated: Annotated[str, Parameter(help=_("Units that the reform changed, separated by commas."))] = ""
    start: Annotated[str, Parameter(help=_("First month of the reform, such as 2014-01."))] = ""
    buffer: Annotated[str, Parameter(help=_("Neighbouring units into which events may have moved; not compared with."))] = ""
    control: Annotated[str, Parameter(help=_("Units to compare with; all others by default."))] = ""
    columns: Annotated[
        str, Parameter(help=_("Headers of the file where it has others, such as unit=nhood,period=month,count=n."))
    ] = ""
    rows: Annotated[
        Literal["auto", "totals", "events"],
        Parameter(help=_("totals: a row for each unit and period; events: rows to be added up; auto: seen from the file.")),
    ] = "auto"
    from_: Annotated[str, Parameter(name="--from", help=_("First month to use."))] = ""
    to: Annotated[str, Parameter(help=_("Last month to use."))] = ""
    seed: Annotated[int, Parameter(help=_("Seed of every draw."))] = 1


@dataclass(frozen=True)
class Beforehand:
    """What is done before a reform."""

    register: Annotated[
        Path | None, Parameter(help=_("Write what will be tested into this file, with a checksum, and look at no result."))
    ] = None
    registered: Annotated[
        Path | None, Parameter(help=_("A file that --register wrote: say in what this evaluation departs from it."))
    ] = None
    plan: Annotated[bool, Parameter(negative="", help=_("Say what a pilot could show, from the places' own past."))] = False
    falls: Annotated[str, Parameter(help=_("With --plan: falls to be shown, in per cent."))] = FALLS
    months: Annotated[str, Parameter(help=_("With --plan: months a pilot lasts."))] = MONTHS
    units: Annotated[str, Parameter(help=_("With --plan: numbers of treated units, where none are named."))] = SIZES
    draws: Annotated[int, Parameter(help=_("With --plan: how often each pilot is played."))] = 500


QUESTION, BEFOREHAND = Question(), Beforehand()
Lang = Annotated[Language | None, Parameter(name="--lang", help=_("Language of what is written: zh or en."))]


evaluate = App(
    name="evaluate",
    help=_("Evaluate a reform that happened against places without it; or plan a pilot, or register what will be tested."),
)


@evaluate.default
def command(
    data: Annotated[Path, Parameter(help=_("Counts by unit and month, or one row an event: CSV, Excel or Parquet."))],
    *,
    question: Annotated[Question, Parameter(name="*")] = QUESTION,
    beforehand: Annotated[Beforehand, Parameter(name="*")] = BEFOREHAND,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Evaluate a reform, plan a pilot, or register what will be tested."""
    language = lang or default_language()
    verb = "evaluate-plan" if beforehand.plan else "evaluate"
    files = files.of(data.parent, verb, language)
    wrong = [*files.findings(), *between("--seed", question.seed, 0, 2**62), *writable_findings(beforehand.register)]
    read = _read(data, question, wrong)
    show([finding for finding in read.findings if finding.severity == "warning"], language)
    if beforehand.plan:
        _plan(data, read, question, beforehand, files, language)
    elif beforehand.register is not None:
        _register(read, question, beforehand.register, language, data.name)
    else:
        _judge(data, read, question, beforehand.registered, files, language)


def _read(data: Path, question: Question, wrong: list[Finding]) -> Read:
    """Return what the file holds, or raise everything wrong with the question and the file."""
    from qinwu.judge.evaluate.reading import columns_asked, months_asked, read_panel

    columns, bad = columns_asked(question.columns)
    first, bad_first = months_asked(question.from_, "--from")
    last, bad_last = months_asked(question.to, "--to", end=True)
    return read_with([*wrong, *bad, *bad_first, *bad_last], lambda: read_panel(data, columns, question.rows, first, last))


def _names(text: str) -> tuple[str, ...]:
    """Return names separated by commas of either kind."""
    return tuple(dict.fromkeys(part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()))


def _started(question: Question) -> tuple[int, list[Finding]]:
    """Return the month of the start, and what is wrong with it."""
    from qinwu.judge.evaluate.reading import months_asked

    month, wrong = months_asked(question.start, "--start")
    if month is None and not wrong:
        message, remedy = N_("When did it begin?"), N_("Say --start 2014-01: the first month of the reform.")
        wrong = [Finding("no-start", "error", message, remedy)]
    return month or 0, wrong


def _digest(data: Path) -> str:
    return hashlib.sha256(data.read_bytes()).hexdigest()


def _judge(data: Path, read: Read, question: Question, registered: Path | None, files: Files, language: Language) -> None:
    """Evaluate."""
    from qinwu.judge.evaluate.breaks import break_findings
    from qinwu.judge.evaluate.design import make_design
    from qinwu.judge.evaluate.evaluation import STEPS
    from qinwu.judge.evaluate.evaluation import evaluate as evaluated
    from qinwu.judge.evaluate.registering import departures, read_registration
    from qinwu.report.evaluation import EvaluationReport

    start, wrong = _started(question)
    wrong += break_findings(read.panel, data.name)
    registration = None
    if registered is not None:
        try:
            registration = read_registration(registered)
        except QinwuError as error:
            wrong += error.findings
    buffer = _names(question.buffer) or tuple(unit for unit in read.buffer if unit not in _names(question.treated))
    try:
        design = make_design(read.panel, _names(question.treated), start, buffer, _names(question.control), data.name)
    except QinwuError as error:
        known = {finding.code for finding in wrong}
        late = {"no-start"} & known
        raise QinwuError([*wrong, *(each for each in error.findings if not (late and each.code == "too-short-before"))]) from None
    raise_on_errors(wrong)
    departed = () if registration is None else departures(registration, design)
    with progress(translate("Comparing places", language), STEPS) as done:
        found = evaluated(design, question.seed, done)
    report = EvaluationReport(found, data.name, _digest(data), language, registration, departed, datetime.now().astimezone())
    say(report.headline())
    for line in report.doubts():
        say(f"  · {line}")
    show_sheet(report.methods(brief=True))
    files.write(report, report.write_html)


def _register(read: Read, question: Question, target: Path, language: Language, file: str) -> None:
    """Write down what will be tested, and look at nothing."""
    from qinwu.judge.evaluate.design import registrable
    from qinwu.judge.evaluate.registering import as_toml, register
    from qinwu.report.writing import write_whole

    start, wrong = _started(question)
    treated, buffer = _names(question.treated), _names(question.buffer) or read.buffer
    wrong += registrable(read.panel, treated, buffer, _names(question.control), start, file)
    if target.exists():
        message, remedy = N_("There is a registration already."), N_("It stays as it is; choose another file for another one.")
        wrong.append(Finding("registered-already", "error", message, remedy, Place(target.as_posix())))
    raise_on_errors(wrong)
    control = _names(question.control) or tuple(unit for unit in read.panel.units if unit not in {*treated, *buffer})
    made = register(read.panel, treated, control, buffer, start, datetime.now().astimezone().date())
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, as_toml(made).encode("utf-8"))
    say(translate("Registered: {file}, SHA-256 {sha}.", language).format(file=target, sha=made.sha256))
    if made.seen:
        words = translate(
            "{seen} periods after the start are in the file already: it fixes what is tested, not that nobody had looked.", language
        )
        say(words.format(seen=made.seen))


def _plan(data: Path, read: Read, question: Question, asked: Beforehand, files: Files, language: Language) -> None:
    """Say what a pilot could show."""
    from qinwu.judge.evaluate.breaks import break_findings
    from qinwu.judge.evaluate.design import unknown_units
    from qinwu.judge.evaluate.power import plan_pilot
    from qinwu.report.evaluation_plan import PilotReport

    panel, named = read.panel, _names(question.treated)
    falls, wrong = _numbers(asked.falls, "--falls", 1, 99)
    months, bad_months = _numbers(asked.months, "--months", panel.step, LONGEST_MONTHS)
    sizes, bad_sizes = _numbers(asked.units, "--units", 1, 10_000)
    wrong += [*bad_months, *bad_sizes, *between("--draws", asked.draws, 20, MOST_DRAWS), *break_findings(panel, data.name)]
    wrong += unknown_units(panel, named, "--treated", data.name)
    raise_on_errors(wrong)
    lengths = tuple(dict.fromkeys(max(month // panel.step, 1) for month in months))
    steps = len(lengths) * (1 if named else len(sizes))
    with progress(translate("Playing pilots", language), steps) as done:
        shares = [fall / 100.0 for fall in falls]
        plan = plan_pilot(panel, shares, lengths, sizes, named, asked.draws, question.seed, done)
    report = PilotReport(plan, panel, data.name, _digest(data), language, datetime.now().astimezone())
    say(report.headline())
    show_sheet(report.chances())
    files.write(report, report.write_html)


def _numbers(text: str, option: str, least: float, most: float) -> tuple[list[int], list[Finding]]:
    """Return whole numbers separated by commas, in order, and what is wrong with them."""
    found, wrong = [], []
    for part in _names(text):
        if part.rstrip("%").isdigit():
            value = int(part.rstrip("%"))
            wrong += between(option, value, least, most)
            found.append(value)
        else:
            message, remedy = (
                N_("{option}: “{value}” is no whole number."),
                N_("Write numbers separated by commas, such as 6,12,24."),
            )
            wrong.append(Finding("bad-number", "error", message, remedy, Place(), {"option": option, "value": part}))
    if not found and not wrong:
        message, remedy = N_("{option} names no number."), N_("Write numbers separated by commas, such as 6,12,24.")
        wrong.append(Finding("bad-number", "error", message, remedy, Place(), {"option": option}))
    return sorted(set(found)), wrong
