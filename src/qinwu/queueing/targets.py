"""Targets: what people are promised, in one line: ``p1 response p90 <= 300s``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.queueing.analysis import mean_of, quantile_of
from qinwu.queueing.hourly.state import HourState

FIGURES = {
    "response": "response_s",
    "响应": "response_s",
    "wait": "queue_s",
    "等待": "queue_s",
    "delay": "queued_share",
    "无人可派": "queued_share",
    "无警可派": "queued_share",
    "utilisation": "utilisation",
    "饱和度": "utilisation",
    "officers": "officers",
    "人数": "officers",
}
"""What may be asked for, in both languages, and how the simulator names it."""
UNITS = {"s": 1.0, "秒": 1.0, "min": 60.0, "分": 60.0, "分钟": 60.0, "%": 0.01}
MOST_WORDS = 2
PRIORITY_WORDS = {"p1": 1, "p2": 2, "p3": 3, "p4": 4, "一级": 1, "二级": 2, "三级": 3, "四级": 4}
STATISTICS = ("mean", "p50", "p75", "p80", "p90", "p95", "p99")
STATISTIC_WORDS = {**dict.fromkeys(STATISTICS, ""), "平均": "mean", "中位": "p50"}
_LINE = re.compile(
    r"^(?P<words>[^<>=≤≥]+?)\s*(?P<relation><=|>=|≤|≥|不超过|不少于)\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>[a-z%秒分钟人]*)$"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a figure.

    Parameters
    ----------
    text
        As it was asked.
    measure
        ``response_s``, ``queue_s``, ``queued_share``, ``utilisation`` or ``officers``.
    priority
        1-4; 0 for all calls.
    statistic
        ``mean`` or a percentile such as ``p90``; of times only.
    most
        Whether the bound is from above.
    value
        The bound, in seconds, as a share, or in officers.
    """

    text: str
    measure: str
    priority: int
    statistic: str
    most: bool
    value: float

    def met_by(self, found: float) -> bool:
        """Return whether a figure is within the bound; one that does not exist is."""
        return bool(np.isnan(found)) or (found <= self.value if self.most else found >= self.value)

    def of(self, states: Sequence[HourState], taking_s: float, people: int) -> float:
        """Return the figure over some hours; nan where there are no calls of the kind.

        Parameters
        ----------
        states
            The hours.
        taking_s
            Seconds from the ring of the phone until a dispatcher may act.
        people
            Officers in a crew.
        """
        if self.measure == "officers":
            return float(min(state.crews_on_duty for state in states) * people)
        if self.measure == "utilisation":
            return float(np.sum([state.offered for state in states]) / np.sum([state.crews_on_duty for state in states]))
        some = slice(None) if self.priority == 0 else slice(self.priority - 1, self.priority)
        calls = np.sum([state.calls[some] for state in states], axis=0)
        if not calls.any():
            return float("nan")
        if self.measure == "response_s":
            times = np.sum([state.times[some].sum(axis=0) for state in states], axis=0)
            return taking_s + (
                mean_of(times) if self.statistic == "mean" else quantile_of(times, float(self.statistic[1:]) / 100.0)
            )
        name = "p_delay" if self.measure == "queued_share" else "wait_s"
        return float(np.sum([state.calls[some] @ getattr(state, name)[some] for state in states]) / calls.sum())


def parse_target(text: str) -> Target:
    """Return the target that a line asks for.

    Raises
    ------
    QinwuError
        The line is no target; the finding says which part.

    Examples
    --------
    >>> target = parse_target("p1 response p90 <= 300s")
    >>> target.measure, target.priority, target.statistic, target.value
    ('response_s', 1, 'p90', 300.0)
    >>> parse_target("一级 响应 p90 不超过 5分钟").value
    300.0
    >>> parse_target("delay <= 10%").value
    0.1
    """
    found = _LINE.match(text.strip())
    if found is None:
        raise QinwuError([not_a_target(text)])
    words = found["words"].split()
    priority = PRIORITY_WORDS[words.pop(0)] if words[0] in PRIORITY_WORDS else 0
    wrong = list(_wrong_words(text, words, found["unit"] or found["value"]))
    if wrong:
        raise QinwuError(wrong)
    measure, statistic = FIGURES[words[0]], words[1] if len(words) > 1 else "mean"
    value = float(found["value"]) * UNITS.get(found["unit"], 1.0)
    most = found["relation"] in ("<=", "≤", "不超过")
    return Target(text.strip(), measure, priority, STATISTIC_WORDS[statistic] or statistic, most, value)


def parse_targets(texts: Iterable[str]) -> tuple[Target, ...]:
    """Return all targets.

    Raises
    ------
    QinwuError
        With everything wrong in every line.
    """
    targets: list[Target] = []
    wrong: list[Finding] = []
    for text in texts:
        try:
            targets.append(parse_target(text))
        except QinwuError as error:
            wrong += error.findings
    if wrong:
        raise QinwuError(wrong)
    return tuple(targets)


def _wrong_words(text: str, words: Sequence[str], unit: str) -> Iterator[Finding]:
    """Yield the words of a line that mean nothing: the figure, its statistic, its unit."""
    if not words or words[0] not in FIGURES:
        yield not_a_target(text, words[0] if words else "", ", ".join((*PRIORITY_WORDS, *FIGURES)))
        return
    measure = FIGURES[words[0]]
    statistics = {"response_s": tuple(STATISTIC_WORDS), "queue_s": ("mean", "平均")}.get(measure, ())
    for word in words[1:]:
        if word not in statistics or len(words) > MOST_WORDS:
            yield not_a_target(text, word, ", ".join(statistics) or "<=, >=")
    allowed = {"queued_share": ("%",), "utilisation": ("%",), "officers": ("人",)}.get(measure, ("s", "秒", "min", "分", "分钟"))
    if unit not in allowed and not (measure == "officers" and unit[0].isdigit()):
        yield not_a_target(text, unit, ", ".join(allowed))


def not_a_target(text: str, word: str = "", known: str = "") -> Finding:
    """Return the finding for a line that asks for nothing that can be computed."""
    return Finding(
        "not-a-target",
        "error",
        N_("{text} is no target: {word} is not understood here.") if word else N_("{text} is no target."),
        N_("Use one of: {known}.") if known else N_("Write it like: p1 response p90 <= 300s, or: delay <= 10%."),
        Place(key="--target"),
        {"text": text, "word": word, "known": known},
    )
