"""Surveys: how many of those asked are satisfied, or feel safe, with the interval that a sample of that size leaves (M43, M58)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.claims.implied import Span
from qinwu.judge.claims.rates import LEVEL
from qinwu.language import N_
from qinwu.station.guards import forbidden_columns
from qinwu.station.sheet import Row, parse_date, read_sheet, read_table

FILES = ("surveys.csv", "surveys.xlsx")
HEADERS: dict[str, tuple[str, ...]] = {
    "area": ("范围", "辖区", "区域", "责任区", "社区", "派出所", "unit", "beat"),
    "question": ("问题", "指标", "项目", "题目", "item"),
    "n": ("样本量", "人数", "有效样本", "答卷数", "asked", "respondents"),
    "yes": ("肯定数", "满意数", "安全数", "满意人数", "positive"),
    "share": ("比例", "满意率", "安全感", "百分比", "percent"),
    "method": ("方法", "调查方式", "抽样方式", "方式"),
    "date": ("日期", "调查日期", "时间", "day"),
    "design_effect": ("设计效应", "deff"),
}
REQUIRED = ("area", "question", "n", "method", "date")
FEWEST = 2
"""A row about a single person is no survey."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One question asked in one area.

    Parameters
    ----------
    area, question
        Where, and what was asked, such as ``satisfied`` or ``safe``.
    n
        People asked who answered, >= 2.
    share
        Share of them who said yes, [0, 1].
    method, day
        How they were chosen and asked, and when.
    design_effect
        Variance over that of a simple random sample, >= 1; more where people were asked in clusters or weighted.
    """

    area: str
    question: str
    n: int
    share: float
    method: str
    day: date
    design_effect: float = 1.0

    @property
    def effective(self) -> float:
        """How large a simple random sample would tell as much (Kish 1965)."""
        return self.n / self.design_effect

    @property
    def span(self) -> Span:
        """The share with its 95 % interval."""
        return Span(self.share, *wilson(self.share, self.effective))


def wilson(share: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of Wilson (JASA 22 (1927) 209-212) for a share.

    Parameters
    ----------
    share
        Seen, [0, 1].
    n
        Size of the sample, or its effective size, > 0.
    level
        Coverage, (0, 1).

    Examples
    --------
    >>> [round(end, 4) for end in wilson(0.9, 50)]
    [0.7864, 0.9565]
    """
    from scipy.special import ndtri

    z = float(ndtri((1.0 + level) / 2.0))
    middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z / (1.0 + z * z / n) * math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def read_surveys(path: Path) -> tuple[tuple[Survey, ...], tuple[Finding, ...]]:
    """Return the surveys of a CSV or Excel file, one row for each area and question, and warnings.

    Parameters
    ----------
    path
        Columns area, question, n, yes or share, method, date, and design_effect where it is known. Only totals: a file with columns
        about people is refused.

    Raises
    ------
    QinwuError
        With everything that is wrong.
    """
    people = list(forbidden_columns(read_table(path)[0], path.name, kind="other"))
    if people:
        message = N_("The file has columns about people ({columns}); a survey comes as totals, without anyone's data.")
        remedy = N_("Export one row for each area and question, with how many were asked and how many said yes.")
        columns = ", ".join(one.place.key for one in people)
        raise QinwuError([Finding("survey-with-people", "error", message, remedy, Place(path.name, 1), {"columns": columns})])
    rows, found = read_sheet(path, HEADERS, REQUIRED)
    if any(one.severity == "error" for one in found):
        raise QinwuError(found)
    surveys: list[Survey] = []
    for row in rows:
        survey, wrong = _survey(row, path.name)
        found += wrong
        surveys += [survey] if survey is not None else []
    found += [*_double(surveys, path.name), *_without_effect(surveys, path.name)]
    return tuple(surveys), raise_on_errors(found)


def _survey(row: Row, file: str) -> tuple[Survey | None, list[Finding]]:
    """Return one row as a survey; None with what is wrong with it."""
    n, yes, share, effect = (_number(row[key]) for key in ("n", "yes", "share", "design_effect"))
    day = parse_date(row["date"])
    share = yes / n if yes is not None and n else share / 100.0 if share is not None and "%" in row["share"] else share
    wanted = (
        ("area", bool(row["area"]), N_("The area is not given.")),
        ("question", bool(row["question"]), N_("The question is not given.")),
        (
            "n",
            n is not None and n >= FEWEST and n == int(n),
            N_("{value} is no number of people asked: no interval."),
        ),
        ("share", share is not None and 0.0 <= share <= 1.0, N_("Neither yes nor share says how many said yes of those asked.")),
        ("method", bool(row["method"]), N_("How people were chosen and asked is not given.")),
        ("date", day is not None, N_("{value} is no date; write it as 2025-01-31.")),
        ("design_effect", effect is None or effect >= 1.0, N_("A design effect of {value} is below 1.")),
    )
    wrong = [
        Finding("bad-survey", "error", message, N_("Correct the row."), Place(file, row.number, key), {"value": row[key]})
        for key, fine, message in wanted
        if not fine
    ]
    if wrong or n is None or share is None or day is None:
        return None, wrong
    return Survey(row["area"], row["question"], int(n), share, row["method"], day, effect or 1.0), []


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "").rstrip("%")) if text else None
    except ValueError:
        return None
    return found if found is None or math.isfinite(found) else None


def _double(surveys: Sequence[Survey], file: str) -> Iterator[Finding]:
    seen: set[tuple[str, str, date]] = set()
    for one in surveys:
        key = (one.area, one.question, one.day)
        if key in seen:
            message, remedy = N_("{area} was asked {question} twice on {day}."), N_("Keep one row.")
            values = {"area": one.area, "question": one.question, "day": one.day}
            yield Finding("double-survey", "error", message, remedy, Place(file), values)
        seen.add(key)


def _without_effect(surveys: Sequence[Survey], file: str) -> Iterator[Finding]:
    plain = [one for one in surveys if one.design_effect == 1.0]
    if plain:
        message = N_("{count} of {all} surveys have no design effect above 1: intervals are those of a simple random sample.")
        remedy = N_("Where people were asked door by door, in clusters, or weighted, give design_effect; 1.5 to 3 is usual.")
        yield Finding("no-design-effect", "note", message, remedy, Place(file), {"count": len(plain), "all": len(surveys)})


def latest(surveys: Sequence[Survey], area: str, question: str) -> Survey | None:
    """Return the last survey of a question in an area; None where there is none."""
    found = [one for one in surveys if (one.area, one.question) == (area, question)]
    return max(found, key=lambda one: one.day, default=None)
