"""Varying: a reform, or the system it starts from, with one assumption changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qinwu.duty.reform.reform import Reform, Vary
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_

STEP, OVERHEAD = "step.", "overhead."


def of_reform(key: str) -> bool:
    """Return whether a key is of a step or an overhead of the reform, not of the duty system."""
    return key.startswith((STEP, OVERHEAD))


def varied_reforms(reforms: Sequence[Reform], vary: Vary, value: float) -> tuple[Reform, ...]:
    """Return reforms with one assumption of theirs changed."""
    return tuple(_with(reform, vary.key, value) if _has(reform, vary.key) else reform for reform in reforms)


def varied_system(system: DutySystem, vary: Vary, value: float) -> DutySystem:
    """Return a duty system with one figure changed.

    Raises
    ------
    QinwuError
        The system has no such figure.
    """
    changed: DutySystem = _with(system, vary.key, value)
    return changed


def value_of(thing: Reform | DutySystem, key: str) -> int | float:
    """Return the figure a key stands for."""
    data: Any = thing.model_dump(mode="json")
    for word in key.split("."):
        data = _inside(data, word)
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise QinwuError([no_such_figure(key)])
    return data


def _has(thing: Reform | DutySystem, key: str) -> bool:
    try:
        value_of(thing, key)
    except QinwuError:
        return False
    return True


def _with(thing: Any, key: str, value: float) -> Any:
    whole = isinstance(value_of(thing, key), int)
    data = thing.model_dump(mode="json", exclude_none=True)
    _set(data, key.split("."), round(value) if whole else value, key)
    return type(thing).model_validate(data)


def _set(data: Any, words: list[str], value: float, key: str) -> None:
    for word in words[:-1]:
        data = _inside(data, word)
    if not isinstance(data, dict):
        raise QinwuError([no_such_figure(key)])
    last = next((name for name in data if str(name) == words[-1]), words[-1])
    data[last] = value


def _inside(data: Any, word: str) -> Any:
    if isinstance(data, Mapping):
        return next((value for name, value in data.items() if str(name) == word), None)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return next((item for item in data if isinstance(item, Mapping) and word in (item.get("id"), item.get("level"))), None)
    return None


def vary_findings(reforms: Sequence[Reform], after: DutySystem) -> Iterator[Finding]:
    """Yield what is wrong with the assumptions of reforms: keys that stand for no figure, ranges without width."""
    for reform in reforms:
        for vary in reform.vary:
            there = any(_has(each, vary.key) for each in reforms) if of_reform(vary.key) else _has(after, vary.key)
            if not there:
                yield no_such_figure(vary.key)
            if vary.low >= vary.high:
                yield no_range(vary)


def no_range(vary: Vary) -> Finding:
    """Return the finding for a range that holds nothing."""
    message, remedy = N_("The range of {key} is from {low} to {high}."), N_("Give low a smaller figure than high.")
    values = {"key": vary.key, "low": vary.low, "high": vary.high}
    return Finding("empty-range", "error", message, remedy, Place(key=f"vary.{vary.key}"), values)


def no_such_figure(key: str) -> Finding:
    """Return the finding for a key that stands for no number."""
    message = N_("{key} is no figure of the reform or of the duty system.")
    remedy = N_("Write step.ID.field, overhead.LEVEL.field, or a key of the duty file such as dispatch.level_s.")
    return Finding("no-such-figure", "error", message, remedy, Place(key=f"vary.{key}"), {"key": key})
