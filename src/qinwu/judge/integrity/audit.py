"""Audit: the sheet that auditors filled in, read back and turned into an estimate with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.integrity.sampling import Drawn, Interval, Stratum, draw, exact, none_found, wilson
from qinwu.language import N_
from qinwu.station.sheet import Row, read_sheet, word
from qinwu.station.text_file import read_bytes

CHECKS: dict[str, str] = {
    "class_right": N_("Does the class agree with what the caller said first?"),
    "stamps_right": N_("Do dispatch, arrival and clearing agree with the voice log or the terminal?"),
    "outcome_right": N_("Is the outcome (filed, not filed, withdrawn) backed by the file?"),
}
"""What is checked on each call; a call is wrong where one answer is no."""
HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("No.", "序号"),
    "call_id": ("Call", "警情编号"),
    "unit": ("Unit", "单位"),
    "call_class": ("Class", "类别"),
    "priority": ("Priority", "等级"),
    "received": ("Received", "接警时间"),
    "stratum": ("Stratum", "层"),
    "class_right": ("Does the class agree with what the caller said first?", "类别是否符合最初所述？"),
    "stamps_right": (
        "Do dispatch, arrival and clearing agree with the voice log or the terminal?",
        "派警、到达、处结时间与语音或终端记录是否一致？",
    ),
    "outcome_right": (
        "Is the outcome (filed, not filed, withdrawn) backed by the file?",
        "处理结果（立案、不立案、撤销）是否有据可查？",
    ),
}
ANSWERS: dict[str, tuple[str, ...]] = {
    "yes": ("是", "y", "1", "true"),
    "no": ("否", "n", "0", "false"),
    "unknown": ("无法核实", "?", "？"),
}
DESIGN = "design"
"""Name of the second sheet: seed, size, strata, digest."""


@dataclass(frozen=True, slots=True)
class Design:
    """How a sheet was drawn: seed, size, what strata are made of, the duty system whose beats are units, digest of all calls."""

    seed: int
    n: int
    by: tuple[str, ...]
    system: str
    digest: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One stratum as checked: drawn, answered, wrong, and the share with its interval (None for nothing answered)."""

    stratum: Stratum
    answered: int
    wrong: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of an audit.

    Parameters
    ----------
    strata
        Each as checked.
    share
        Calls that are wrong, over all strata by their size, with a 95 % interval.
    worst
        The same if every call that could not be checked were wrong: what the unanswered ones may hide.
    by_check
        Wrong calls by question.
    drawn, answered, wrong
        Calls.
    findings
        What is odd about the sheet.
    """

    strata: tuple[Checked, ...]
    share: Interval
    worst: Interval
    by_check: Mapping[str, int]
    drawn: int
    answered: int
    wrong: int
    findings: tuple[Finding, ...] = ()


def read_design(path: Path) -> Design:
    """Return how the sheet in a workbook was drawn.

    Raises
    ------
    QinwuError
        Where it is no workbook that ``audit-sample`` wrote.
    """
    content = read_bytes(path)
    try:
        table = pl.read_excel(BytesIO(content), sheet_name=DESIGN, has_header=False, infer_schema_length=0)
        said = {str(key): str(value or "") for key, value in table.select(table.columns[:2]).iter_rows()}
        return Design(
            int(said["seed"]), int(said["n"]), tuple(filter(None, said["strata"].split(","))), said["system"], said["digest"]
        )
    except Exception:  # every reader behind polars raises its own kind
        message = N_("This is no work sheet of audit-sample: its sheet “{sheet}” is missing or was changed.")
        remedy = N_("Give the workbook that qinwu audit-sample wrote, with its second sheet as it was.")
        raise QinwuError([Finding("no-design", "error", message, remedy, Place(path.name), {"sheet": DESIGN})]) from None


def audit(path: Path, calls: pl.DataFrame, design: Design) -> Audit:
    """Return what a filled-in sheet says.

    Parameters
    ----------
    path
        Workbook or CSV with the answers.
    calls
        As :func:`qinwu.judge.integrity.sampling.population` gives them: they are drawn again, and the sheet must hold that very
        sample.
    design
        How it was drawn.

    Raises
    ------
    QinwuError
        For calls that were not drawn or stand there twice, answers that are neither yes, no nor unknown, nothing answered.
    """
    drawn = draw(calls, design.n, design.by, design.seed)
    rows, found = read_sheet(path, HEADERS, ("call_id", *CHECKS))
    raise_on_errors(found)
    answers = _answers(rows, drawn, design, path.name, found)
    raise_on_errors(found)
    if not any(verdict is not None for verdict, _ in answers.values()):
        message, remedy = N_("Nothing is answered yet."), N_("Fill in 是 or 否, yes or no, for each call.")
        raise QinwuError([*found, Finding("no-answers", "error", message, remedy, Place(path.name))])
    return estimated(drawn, answers, tuple(found))


Answers = Mapping[str, tuple[bool | None, tuple[str, ...]]]
"""By call: whether it is wrong (None: could not be told), and the checks it failed."""


def _answers(rows: Sequence[Row], drawn: Drawn, design: Design, file: str, found: list[Finding]) -> Answers:
    """Return what was answered about each call; adds what is wrong with the sheet to `found`."""
    if drawn.digest != design.digest:
        message = N_("The calls of the station are not those the sample was drawn from.")
        remedy = N_("Draw again, or use the folder as it was on the day of the draw: calls were added, removed or renamed since.")
        found.append(Finding("other-calls", "error", message, remedy, Place(file, key=DESIGN)))
        return {}
    expected = set(drawn.rows["call_id"].to_list())
    answers: dict[str, tuple[bool | None, tuple[str, ...]]] = {}
    for row in rows:
        name = row["call_id"]
        if name not in expected or name in answers:
            message = N_("Call {value} was not drawn, or stands here twice.")
            remedy = N_("Check the calls that were drawn and no others: an exchanged call makes the result worthless.")
            found.append(Finding("not-drawn", "error", message, remedy, Place(file, row.number, "call_id"), {"value": name}))
            continue
        answers[name] = _verdict(row, file, found)
    lost = len(expected) - len(answers)
    if lost:
        message, remedy = N_("{count} drawn calls are not in the sheet; they count as not checked."), N_("Put them back.")
        found.append(Finding("calls-missing", "warning", message, remedy, Place(file), {"count": lost}))
    return answers


def _verdict(row: Row, file: str, found: list[Finding]) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether a call is wrong: yes where one answer is no, not told where one is open and none is no."""
    said = {}
    for check in CHECKS:
        said[check] = word(row[check], ANSWERS) if row[check] else "unknown"
        if not said[check]:
            message, remedy = N_("{value} is no answer."), N_("Write 是, 否 or 无法核实; yes, no or unknown.")
            found.append(Finding("unknown-answer", "error", message, remedy, Place(file, row.number, check), {"value": row[check]}))
    failed = tuple(check for check, answer in said.items() if answer == "no")
    return (True if failed else None if "unknown" in said.values() else False), failed


def estimated(drawn: Drawn, answers: Answers, findings: tuple[Finding, ...] = ()) -> Audit:
    """Return the stratified estimate: shares of strata weighted by their calls.

    The interval is Wilson's with the effective sample size p (1 − p) / V, V the stratified variance with the finite population
    correction (Cochran 1977, 5.6); exact where no call is wrong, and for each stratum.
    """
    where = dict(drawn.rows.select("call_id", "stratum").iter_rows())
    checked, missing = [], []
    for stratum in drawn.strata:
        verdicts = [answers.get(name, (None, ()))[0] for name, at in where.items() if at == stratum.name]
        answered, wrong = sum(each is not None for each in verdicts), sum(each is True for each in verdicts)
        interval = exact(wrong, answered, stratum.calls) if answered else None
        checked.append(Checked(stratum, answered, wrong, interval))
        missing.append(len(verdicts) - answered)
    by_check = {check: sum(check in failed for _, failed in answers.values()) for check in CHECKS}
    worst = [
        Checked(each.stratum, each.answered + open_, each.wrong + open_, None) for each, open_ in zip(checked, missing, strict=True)
    ]
    return Audit(
        tuple(checked),
        overall(checked),
        overall(worst),
        by_check,
        drawn.n,
        sum(each.answered for each in checked),
        sum(each.wrong for each in checked),
        findings,
    )


def overall(strata: Sequence[Checked]) -> Interval:
    """Return the share of all calls that are wrong, with its interval; strata without answers are taken to be like the others."""
    known = [each for each in strata if each.answered]
    calls = sum(each.stratum.calls for each in known)
    n, wrong = sum(each.answered for each in known), sum(each.wrong for each in known)
    seen = [Stratum(each.stratum.name, each.stratum.calls, each.answered) for each in known]
    if wrong == 0:
        return Interval(0.0, 0.0, none_found(seen))
    share = sum(each.stratum.calls / calls * each.wrong / each.answered for each in known)
    if wrong == n:
        return Interval(1.0, 1.0 - none_found(seen), 1.0)
    size = _effective(known, share, calls)
    return wilson(share, size) if math.isfinite(size) else Interval(share, share, share)


def _effective(known: Sequence[Checked], share: float, calls: int) -> float:
    """Return the size of a simple sample from infinitely many calls that would be as good."""
    variance = 0.0
    for each in known:
        weight, n = each.stratum.calls / calls, each.answered
        # From one call no spread can be told: that of all calls is taken.
        rate = each.wrong / n if n > 1 else share
        spread = rate * (1.0 - rate) * (n / (n - 1.0) if n > 1 else 1.0)
        variance += weight**2 * (1.0 - n / each.stratum.calls) * spread / n
    if variance == 0.0 and all(each.answered >= each.stratum.calls for each in known):
        return math.inf
    sizes = sum(each.answered for each in known)
    # Small strata that happen to be all right or all wrong look certain: never better than twice a simple sample.
    simple = sizes / max(1.0 - sizes / calls, 1e-9)
    return min(share * (1.0 - share) / variance, 2.0 * simple) if variance else 2.0 * simple
