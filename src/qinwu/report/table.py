"""Table: systems beside each other, a measure a row, each with its paired difference from the current system."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qinwu.language import N_, Language
from qinwu.report.report import Report
from qinwu.report.words import NONE, VERDICTS, Speaker
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Difference, Interval, Verdict

Tone = Literal["better", "worse", "changed", "none"]

TONES: dict[Verdict, Tone] = {
    "better": "better",
    "worse": "worse",
    "higher": "changed",
    "lower": "changed",
    "no_difference_shown": "none",
    "one_run": "none",
}


def _all(measure: str, statistic: str = "share") -> Key:
    return Key(measure, "all", "all", statistic)


def _urgency(measure: str, priority: int, statistic: str) -> Key:
    return Key(measure, "priority", str(priority), statistic)


GROUPS: tuple[tuple[str, tuple[Key, ...]], ...] = (
    (
        N_("How soon somebody is there"),
        (
            *(_urgency("response_s", priority, statistic) for priority in (1, 2, 3, 4) for statistic in ("p50", "p90")),
            _all("within_limit"),
            _urgency("within_limit", 1, "share"),
            _all("queued_share"),
            _all("unserved_share"),
        ),
    ),
    (
        N_("Calls that need several officers"),
        (_all("full_crew_s", "p50"), _all("full_crew_s", "p90"), _all("borrow_share"), _all("under_strength_share")),
    ),
    (
        N_("The beat and the street"),
        (
            _all("own_beat_share"),
            _all("beat_unattended_min", "mean"),
            _all("patrol_passes", "mean"),
            _all("p_seen"),
            _all("fewer_than_two_free"),
        ),
    ),
    (
        N_("Load and hours"),
        (
            _all("duty_hours", "mean"),
            _all("overtime_hours", "mean"),
            _all("load_max_to_mean", "ratio"),
            _all("load_gini", "index"),
            _all("officer_min_per_call", "mean"),
            _all("visits_done"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one system and how it differs from the current one.

    Parameters
    ----------
    system
        Position of the system.
    key, label
        What the figure is, and in words.
    mean, change
        The figure and its paired difference, in the units of the outcome; nan where there is none.
    text, full, interval
        The figure in its human unit, with the unit, and the bounds of its interval.
    change_text, short_change, change_interval, word
        The difference with and without its unit, its bounds, and the verdict in words; empty for the current system.
    tone
        Which way the difference is, for colour; ``none`` where the interval includes zero or the difference rounds to nothing.
    """

    system: int
    key: Key
    label: str
    mean: float
    change: float
    text: str
    full: str
    interval: str
    change_text: str
    short_change: str
    change_interval: str
    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: its name, unit, and a cell for each system."""

    key: Key
    label: str
    unit: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


def make_table(report: Report, language: Language) -> tuple[Group, ...]:
    """Return the table of systems and measures; rows no system has a figure for are left out."""
    speaker = Speaker(language)
    groups = (Group(speaker.say(title), tuple(_rows(report, speaker, keys))) for title, keys in GROUPS)
    return tuple(group for group in groups if group.rows)


def shown_measures(table: tuple[Group, ...]) -> tuple[str, ...]:
    """Return the measures of a table, each once."""
    return tuple(dict.fromkeys(row.key.measure for group in table for row in group.rows))


def make_cell(report: Report, speaker: Speaker, at: int, key: Key) -> Cell:
    """Return the cell of one system and figure."""
    label = speaker.key(key)
    if at == 0:
        return _cell(speaker, at, key, label, report.interval(0, key), None)
    found = report.difference(at, key)
    return _cell(speaker, at, key, label, found.other, found)


def _rows(report: Report, speaker: Speaker, keys: tuple[Key, ...]) -> Iterator[Row]:
    for key in keys:
        if report.has(key):
            cells = tuple(make_cell(report, speaker, at, key) for at in range(len(report.systems)))
            yield Row(key, _label(speaker, key), speaker.unit(key.measure), cells)


def _label(speaker: Speaker, key: Key) -> str:
    """Return the name of a row; response rows say only priority and statistic, their group says the rest."""
    if key.measure == "response_s" and key.by == "priority":
        return speaker.say(N_("{priority}: {statistic}"), priority=speaker.priority(key.group), statistic=speaker.statistic(key))
    return speaker.key(key)


def _cell(speaker: Speaker, at: int, key: Key, label: str, figure: Interval, found: Difference | None) -> Cell:
    measure = key.measure
    known = found is not None and math.isfinite(found.change.mean)
    change = found.change if found is not None and known else Interval(math.nan, math.nan, math.nan)
    verdict = found.verdict if found is not None and known else None
    tiny = not any(digit in "123456789" for digit in speaker.change(measure, change.mean))
    return Cell(
        system=at,
        key=key,
        label=label,
        mean=figure.mean,
        change=change.mean,
        text=speaker.value(measure, figure.mean),
        full=speaker.amount(measure, figure.mean) if math.isfinite(figure.mean) else NONE,
        interval=speaker.range(measure, figure),
        change_text=speaker.with_unit(speaker.change(measure, change.mean), speaker.unit(measure, change=True)) if known else "",
        short_change=speaker.change(measure, change.mean) if known else "",
        change_interval=speaker.range(measure, change, signed=True) if known else "",
        word=speaker.say(_word(change, verdict, tiny)) if verdict else "",
        tone=TONES[verdict] if verdict and not tiny else "none",
    )


def _word(change: Interval, verdict: Verdict, tiny: bool) -> str:
    """Return the verdict in words.

    A figure that never differs is the same, not merely not shown to differ; a difference too small to print is hardly any.
    """
    if change.low == change.high == 0.0:
        return N_("the same")
    return N_("hardly any") if tiny and TONES[verdict] != "none" else VERDICTS[verdict]
