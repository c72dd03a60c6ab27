"""The rules of one person's line that look back some days, as an automaton: what matters of the past is one state.

Runs of duty and days off, nights in a row and days between shifts become states and steps; hours, weekends and numbers of a kind
are counted beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.plan.roster.problem import I32, OFF, Bool, RosterProblem

State = tuple[bool, int, int, int, tuple[int, ...]]
"""On duty; days on duty in a row; days owed to this run or to these days off; nights in a row; days until each shift may come."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """Steps between states.

    Parameters
    ----------
    step
        (A, S + 1) the next state after each shift, and last after a day off; -1 where that is not allowed.
    start
        The state before day 0.
    on
        (A,) whether a state is on duty.
    """

    step: I32
    start: int
    on: Bool


@dataclass(frozen=True, slots=True)
class _Rules:
    run_low: int
    run_high: int
    off_low: int
    night_high: int
    nights: tuple[bool, ...]
    follow: tuple[tuple[int, ...], ...]
    usable: tuple[bool, ...]

    def after(self, state: State | None, shift: int, strict: bool = True) -> State | None:
        """Return the state after one more day, None where a rule forbids it.

        A state of None is an unknown past. Without `strict` no rule forbids anything: a past is as it is.
        """
        if state is None:
            return (
                self._off(0, self._waits(None, OFF)) if shift == OFF else self._on(1, 0, 0, shift, self._waits(None, shift), strict)
            )
        on, run, owed, night_run, waits = state
        if shift == OFF:
            if strict and on and owed:
                return None
            return self._off(self.off_low - 1 if on else max(owed - 1, 0), self._waits(waits, OFF))
        if strict and (waits[shift] or (not on and owed)):
            return None
        now = self._waits(waits, shift)
        if on:
            return self._on(run + 1, max(owed - 1, 0), night_run, shift, now, strict)
        return self._on(1, self.run_low - 1, 0, shift, now, strict)

    def _off(self, owed: int, waits: tuple[int, ...]) -> State:
        return False, 0, owed, 0, waits

    def _on(self, run: int, owed: int, night_run: int, shift: int, waits: tuple[int, ...], strict: bool) -> State | None:
        night_run = min(night_run + 1, self.night_high + 1) if self.nights[shift] else 0
        if strict and (run > self.run_high or night_run > self.night_high):
            return None
        return True, min(run, self.run_high + 1), owed, night_run, waits

    def _waits(self, waits: tuple[int, ...] | None, shift: int) -> tuple[int, ...]:
        """Return how many days each shift may not come from tomorrow on; shifts nobody here may have do not matter."""
        past = waits or (0,) * len(self.usable)
        new = self.follow[shift] if shift != OFF else (1,) * len(self.usable)
        return tuple(max(wait - 1, least - 1) * use for wait, least, use in zip(past, new, self.usable, strict=True))


def automaton(problem: RosterProblem, person: int) -> Automaton:
    """Build the automaton of one person.

    Parameters
    ----------
    problem, person
        Whose rules.
    """
    rules = _rules(problem, person)
    state: State | None = None
    for shift in problem.before[person].tolist():
        state = rules.after(state, shift, strict=False)
    return _explored(rules, state)


def _rules(problem: RosterProblem, person: int) -> _Rules:
    _, days, _ = problem.shape
    usable = problem.allowed[person].any(axis=0)
    # More nights in a row than there are days need not be counted.
    nights = problem.nights & usable
    past = problem.before.shape[1]
    counted = nights.any() and problem.night_run_high[person] < days + past
    return _Rules(
        int(problem.run_low[person]),
        int(min(problem.run_high[person], days + past)),
        int(problem.off_low[person]),
        int(problem.night_run_high[person]) if counted else 1,
        tuple((problem.nights if counted else np.zeros_like(nights)).tolist()),
        tuple(map(tuple, problem.follow.tolist())),
        tuple(usable.tolist()),
    )


def _explored(rules: _Rules, start: State | None) -> Automaton:
    """Number the states that can be reached."""
    number: dict[State | None, int] = {start: 0}
    order, steps = [start], []
    shifts = [*np.flatnonzero(np.array(rules.usable)).tolist(), OFF]
    for state in order:
        row = [-1] * (len(rules.usable) + 1)
        for shift in shifts:
            later = rules.after(state, shift)
            if later is None:
                continue
            if later not in number:
                number[later] = len(order)
                order.append(later)
            row[shift] = number[later]
        steps.append(row)
    on = [state is not None and state[0] for state in order]
    return Automaton(np.array(steps, np.int32), 0, np.array(on))
