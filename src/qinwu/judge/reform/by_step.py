"""By step: how much of a reform's change is there after each of its steps, so that nobody credits the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from qinwu.duty.reform.reform import Reform
from qinwu.duty.reform.steps import AnyStep
from qinwu.findings import QinwuError
from qinwu.judge.reform.sensitivity import Question, change_of
from qinwu.simulate.outcome import Interval


@dataclass(frozen=True, slots=True)
class SoFar:
    """The change after one step and all before it.

    Parameters
    ----------
    reform, step
        Which.
    change
        Of the figure the reform is judged by; None where the reform cannot be left at that.
    officer_hours
        On duty a week, more than before the reform; nan where unknown.
    """

    reform: str
    step: AnyStep
    change: Interval | None
    officer_hours: float


def by_step(question: Question, told: Callable[[], None] = lambda: None) -> tuple[SoFar, ...]:
    """Return the change after every step, in order; `told` is called after each.

    What a step adds depends on those before it; another order would share it out otherwise. Ctrl-C keeps the steps that are done.
    """
    found = []
    with suppress(KeyboardInterrupt):
        for part, step in _parts(question.reforms):
            found.append(SoFar(part[-1].id, step, *_change(question, part)))
            told()
    return tuple(found)


def _parts(reforms: Sequence[Reform]) -> Iterator[tuple[tuple[Reform, ...], AnyStep]]:
    """Yield what is done up to each step, and the step."""
    for at, reform in enumerate(reforms):
        for number, step in enumerate(reform.step, start=1):
            yield (*reforms[:at], reform.model_copy(update={"step": reform.step[:number]})), step


def _change(question: Question, part: tuple[Reform, ...]) -> tuple[Interval | None, float]:
    try:
        before, after = question.outcomes(part)
    except QinwuError:
        return None, float("nan")
    more = after.interval("duty_hours").mean - before.interval("duty_hours").mean
    return change_of(before, after), more
