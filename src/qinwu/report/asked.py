"""Asked: targets in the words of one language, and figures in the unit people use for them."""

from __future__ import annotations

import numpy as np

from qinwu.language import N_
from qinwu.queueing.targets import Target
from qinwu.report.sheet import Value
from qinwu.report.words import NONE, Speaker, number

TIMED = ("response_s", "queue_s")
SHARED = ("queued_share", "utilisation")
MEASURES = {
    "response_s": N_("response"),
    "queue_s": N_("wait"),
    "queued_share": N_("nobody to send"),
    "utilisation": N_("busy"),
    "officers": N_("officers on duty"),
}
PRIORITIES = (N_("P1"), N_("P2"), N_("P3"), N_("P4"))
STATISTICS = {"mean": N_("mean"), "p50": N_("median"), "p90": N_("9 in 10")}


def target_words(target: Target, speaker: Speaker) -> str:
    """Return a target in words.

    >>> from qinwu.queueing.targets import parse_target
    >>> target_words(parse_target("p1 response p90 <= 480s"), Speaker("en"))
    'P1 response 9 in 10 ≤ 8 min'
    """
    parts = [speaker.say(MEASURES[target.measure])]
    if target.priority:
        parts.insert(0, speaker.say(PRIORITIES[target.priority - 1]))
    if target.measure in TIMED:
        statistic = target.statistic
        parts.append(speaker.say(STATISTICS[statistic]) if statistic in STATISTICS else f"{statistic[1:]}%")
    bound = with_unit(target, f"{factor_of(target) * target.value:g}", speaker)
    return f"{speaker.sentences(parts)} {'≤' if target.most else '≥'} {bound}"


def factor_of(target: Target) -> float:
    """Return what turns a target's figure into minutes, per cent, or officers."""
    return 1.0 / 60.0 if target.measure in TIMED else 100.0 if target.measure in SHARED else 1.0


def with_unit(target: Target, figure: str, speaker: Speaker) -> str:
    """Return a figure of a target, given as text, with its unit."""
    if target.measure in SHARED:
        return f"{figure}%"
    return speaker.with_unit(figure, speaker.say(N_("min") if target.measure in TIMED else N_("officers")))


def shown(target: Target, value: float) -> Value:
    """Return a target's figure in the unit people use, None where there is none."""
    return round(value * factor_of(target), 1) if np.isfinite(value) else None


def span(target: Target, low: float, high: float, speaker: Speaker) -> str:
    """Return the bounds of a target's figure with their unit, a dash where there are none."""
    if not np.isfinite(low):
        return NONE
    bounds = "–".join(number(bound * factor_of(target), 1) for bound in (low, high))
    return with_unit(target, bounds, speaker)


def amount(target: Target, value: float, speaker: Speaker) -> str:
    """Return a target's figure with its unit, a dash where there is none."""
    figure = number(value * factor_of(target), 1)
    return with_unit(target, figure, speaker) if np.isfinite(value) else figure
