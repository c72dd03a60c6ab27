"""Sensitivity: which assumption, moved within its range, changes the verdict; and where it turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from qinwu.duty.reform.doing import Read, reformed
from qinwu.duty.reform.ground import Ground
from qinwu.duty.reform.reform import Reform, Vary
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.judge.reform.bench import Bench, whole
from qinwu.judge.reform.varying import of_reform, value_of, varied_reforms, varied_system
from qinwu.simulate.measures import Key
from qinwu.simulate.outcome import Interval, Outcome, interval

MOST_TRIES = 6


RESPONSE = Key("response_s", "all", "all", "mean")
"""The figure a reform is judged by: the mean response, of which less is better."""


def change_of(before: Outcome, after: Outcome) -> Interval:
    """Return the paired difference of the mean response, after less before."""
    return interval(after.values(RESPONSE) - before.values(RESPONSE))


@dataclass(frozen=True, slots=True)
class Swing:
    """What one assumption does to the verdict.

    Parameters
    ----------
    vary
        The assumption and its range.
    usual
        Its value in the reform as tried.
    low, high
        The change that the reform makes with the assumption at either end of its range; None where the reform cannot be done so.
    turns_at
        The value at which the change is nil; None where the range holds none.
    """

    vary: Vary
    usual: float
    low: Interval | None
    high: Interval | None
    turns_at: float | None

    @property
    def width(self) -> float:
        """How far the change moves over the range."""
        ends = [one.mean for one in (self.low, self.high) if one is not None]
        return max(ends) - min(ends) if len(ends) == 2 else 0.0


@dataclass
class Question:
    """A reform as a function of its assumptions.

    Parameters
    ----------
    bench
        Where systems are tried.
    stated
        The duty system before, as its files state it.
    reforms
        What is done to it.
    read
        How adopted systems are found.
    ground
        What steps that move boundaries go by.
    replications
        How often each is tried.
    """

    bench: Bench
    stated: DutySystem
    reforms: tuple[Reform, ...]
    read: Read
    ground: Ground | None = None
    replications: int = 5

    def __post_init__(self) -> None:
        self._known: dict[str, Outcome] = {}

    @property
    def varied(self) -> tuple[Vary, ...]:
        """All assumptions that have a range, each key once."""
        found = {vary.key: vary for reform in self.reforms for vary in reform.vary}
        return tuple(found.values())

    def swings(self, told: Callable[[], None] = lambda: None) -> tuple[Swing, ...]:
        """Return what every assumption does, widest first; `told` is called after each. Ctrl-C keeps those that are done."""
        found = []
        with suppress(KeyboardInterrupt):
            for vary in self.varied:
                found.append(self.swing(vary))
                told()
        return tuple(sorted(found, key=lambda one: -one.width))

    def swing(self, vary: Vary) -> Swing:
        """Return what one assumption does between the ends of its range."""
        usual = self.usual(vary)
        low, high = self._tried(vary, vary.low), self._tried(vary, vary.high)
        turns = self._turn(vary, low, high) if low and high else None
        return Swing(vary, usual, low, high, turns)

    def usual(self, vary: Vary) -> float:
        """Return the value an assumption has in the reform as it stands."""
        if not of_reform(vary.key):
            return value_of(self._after(self.stated, self.reforms), vary.key)
        return next(value for reform in self.reforms if (value := _value(reform, vary.key)) is not None)

    def change(self, vary: Vary, value: float) -> Interval:
        """Return the change that the reform makes with one assumption at a value.

        Raises
        ------
        QinwuError
            The reform cannot be done so.
        """
        before, reforms = self.stated, self.reforms
        if of_reform(vary.key):
            after = self._after(before, varied_reforms(reforms, vary, value))
        else:
            after = varied_system(self._after(before, reforms), vary, value)
            before = varied_system(before, vary, value) if vary.both else before
        return change_of(self._outcome(before), self._outcome(after))

    def outcomes(self, reforms: Sequence[Reform]) -> tuple[Outcome, Outcome]:
        """Return what the system does before, and after some reforms.

        Raises
        ------
        QinwuError
            They cannot be done, or what comes out cannot be compiled.
        """
        return self._outcome(self.stated), self._outcome(self._after(self.stated, reforms))

    def _tried(self, vary: Vary, value: float) -> Interval | None:
        try:
            return self.change(vary, value)
        except QinwuError:
            return None

    def _after(self, stated: DutySystem, reforms: Sequence[Reform]) -> DutySystem:
        return reformed(stated, self.bench.station.force, reforms, self.read, self.ground).system

    def _outcome(self, stated: DutySystem) -> Outcome:
        """Return the outcome of a system, tried once however often it is asked for."""
        name = stated.model_dump_json()
        if name not in self._known:
            plan: ResponsePlan = self.bench.plan(whole(stated))
            self._known[name] = self.bench.outcome(plan, self.replications)
        return self._known[name]

    def _turn(self, vary: Vary, low: Interval, high: Interval) -> float | None:
        """Return where the change is nil, by the Illinois form of false position (Dowell & Jarratt 1971); to one part in 50."""
        if low.mean * high.mean >= 0.0:
            return None
        ends = [(vary.low, low.mean), (vary.high, high.mean)]
        width = vary.high - vary.low
        value = vary.low
        for _ in range(MOST_TRIES):
            (a, fa), (b, fb) = ends
            value = b - fb * (b - a) / (fb - fa) if fb != fa else (a + b) / 2.0
            if min(abs(value - a), abs(value - b)) < width / 50.0:
                return value
            tried = self._tried(vary, value)
            if tried is None:
                return None
            f = tried.mean
            ends = [(b, fb), (value, f)] if fb * f < 0.0 else [(a, fa / 2.0), (value, f)]
        return value


def _value(reform: Reform, key: str) -> float | None:
    try:
        return value_of(reform, key)
    except QinwuError:
        return None
