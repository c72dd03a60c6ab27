"""Lines: the best line of one person under given prices, all of that person's own rules kept."""

from __future__ import annotations

from dataclasses import dataclass
from threading import local
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.automaton import automaton
from qinwu.plan.roster.cost import works
from qinwu.plan.roster.hours import most_days, unit_of, units_of, weeks_of
from qinwu.plan.roster.problem import F64, I32, OFF, Bool, RosterProblem
from qinwu.plan.roster.stages import FIRST, SECOND, Stages, back, fill
from qinwu.plan.roster.tallies import Tally, counted

MOST_CELLS = 30_000_000
"""So many places of a table are filled at most: 240 MB."""
MOST_COMBINATIONS = 1200
"""So many combinations of numbers of shifts are counted exactly at most."""

SLACKS = ((12, 3), (24, 6), (60, 12))
"""How far lines of very long horizons may be off an even course, narrowest first."""
IDLE = 3
"""A kind of which so many lines on end had fewer than they may is no longer counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its price; no line keeps the rules for less than `bound`, and `line` is None where none keeps them."""

    line: I32 | None
    value: float
    bound: float


class _Ready(NamedTuple):
    """What the dynamic program needs while certain numbers are counted; its table has ``cells`` for each combination of them."""

    groups: list[NDArray[np.int64]]
    possible: bool
    stages: Stages
    shape: tuple[int, ...]
    cells: int


def maker_of(problem: RosterProblem, person: int) -> LineMaker:
    """Return a maker of exact lines, or of lines near an even course where the horizon is too long for exact ones."""
    exact = LineMaker(problem, person)
    return exact if exact.cells <= MOST_CELLS else LineMaker(problem, person, SLACKS[0])


class LineMaker:
    """Makes the best lines of one person.

    Parameters
    ----------
    problem, person
        Whose rules.
    slack
        Hours, in units, and weekends by how much a line may be off an even course through the horizon; None for exact. With it
        long horizons are quick, and lines may be slightly worse than the best.
    """

    def __init__(self, problem: RosterProblem, person: int, slack: tuple[int, int] | None = None) -> None:
        self.problem, self.person, self.exact = problem, person, slack is None
        self._automaton = automaton(problem, person)
        self._unit = unit_of(problem, person)
        self._slack = slack
        self._kept: tuple[int, ...] = ()
        self._shares: tuple[Tally, ...] = ()
        self._idle = np.zeros(self._shifts, np.int32)
        self._ready: dict[tuple[int, ...], _Ready] = {}
        self._prepare()

    def widen(self) -> bool:
        """Let lines be further off an even course; return False where they are exact already."""
        if self._slack is None:
            return False
        self._slack = next((slack for slack in SLACKS if slack > self._slack), None)
        self.exact = self._slack is None
        self._ready.clear()
        self._prepare()
        return True

    def best(self, price: F64, allowed: Bool | None = None, careful: bool = True, shares: tuple[Tally, ...] | None = None) -> Line:
        """Return the cheapest line.

        Parameters
        ----------
        price
            (D, S + 1) what each shift, and last a day off, costs on each day.
        allowed
            (D, S + 1) what may be, beside the rules; None for everything.
        careful
            False for a good line, quickly, and a weaker bound, where a line with too many duties of one kind would be cheaper.
        shares
            What else a line must have, beside the rules; None for nothing.

        Returns
        -------
        Line
            With `bound` equal to `value` where it is exact. Numbers of a kind are counted only where a line has had too many
            (state space relaxation, Christofides, Mingozzi & Toth 1981, Networks 11(2)).
        """
        if (shares or ()) is not self._shares:
            self._shares = shares or ()
            self._kept = ()
            self._idle = np.zeros(self._shifts + len(self._shares), np.int32)
            self._ready.clear()
        # Without numbers of a kind a table is many times smaller, and most lines need none counted; fair shares most do.
        self._kept = tuple(which for which in self._kept if which >= self._shifts)
        self._prepare()
        may = self._may if allowed is None else self._may & allowed
        bound, tried = -np.inf, set[tuple[int, ...]]()
        while True:
            tried.add(self._kept)
            line, value = self._run(np.where(may, price, np.inf))
            bound = max(bound, value) if self.exact else -np.inf
            if line is None:
                return Line(None, np.inf, np.inf if self.exact else -np.inf)
            excess = self._excess(line)
            if not excess:
                if careful:
                    self._forget(line)
                return Line(line, value, bound)
            quick = not careful and max(excess) < self._shifts
            if quick or not (self._keep([*self._kept, *excess], tried) or self._keep(excess, tried)):
                return self._thinned(price, may, line, excess, bound)

    def _run(self, price: F64) -> tuple[I32 | None, float]:
        """Return the best line with the counts that are kept, and its cost."""
        if not self._possible:
            return None, np.inf
        days, groups = len(price), len(self._groups)
        cheap = np.full((days, groups), np.inf)
        which = np.zeros((days, groups), np.int32)
        for group, members in enumerate(self._groups):
            which[:, group] = members[np.argmin(price[:, members], axis=1)]
            cheap[:, group] = price[np.arange(days), which[:, group]]
        kinds = np.zeros(days, np.int32)
        table = _space(int(np.prod(self._shape))).reshape(self._shape)
        fill(self._stages, cheap, table)
        value = back(self._stages, cheap, table, kinds)
        if value == np.inf:
            return None, np.inf
        line = which[np.arange(days), kinds]
        return np.where(line == self._shifts, OFF, line).astype(np.int32), value

    @property
    def _shifts(self) -> int:
        return len(self.problem.shifts)

    def _tally(self, which: int) -> Tally:
        """Return what may be counted: first the shifts of which there may be too many, then the shares."""
        if which >= self._shifts:
            return self._shares[which - self._shifts]
        every = np.ones(self.problem.shape[1], np.bool_)
        return Tally(np.arange(self._shifts) == which, every, 0, int(self.problem.most[self.person, which]))

    def _excess(self, line: I32) -> list[int]:
        """Return the tallies that a line does not keep to."""
        counts = np.bincount(line[line != OFF], minlength=self._shifts)
        found = np.nonzero(counts > self.problem.most[self.person])[0].tolist()
        for place, tally in enumerate(self._shares):
            if not tally.low <= works(tally.shifts, line[tally.days]).sum() <= tally.high:
                found.append(self._shifts + place)
        return found

    def _keep(self, which: list[int], tried: set[tuple[int, ...]]) -> bool:
        """Count these from now on; return False where that would be too much, or was tried."""
        kept = tuple(sorted(set(which)))
        combinations = int(np.prod([self._tally(one).high + 1 for one in kept]))
        if kept in tried or combinations > MOST_COMBINATIONS or self.cells * combinations > MOST_CELLS:
            return False
        self._idle[[one for one in kept if one not in self._kept]] = 0
        self._kept = kept
        self._prepare()
        return True

    def _forget(self, line: I32) -> None:
        """Stop counting the shares that some lines on end have been well inside of; numbers of a kind begin anew with each line."""
        for which in self._kept:
            tally = self._tally(which)
            loose = (tally.low or -1) < works(tally.shifts, line[tally.days]).sum() < tally.high
            self._idle[which] = self._idle[which] + 1 if loose else 0
        busy = tuple(which for which in self._kept if self._idle[which] < IDLE)
        if busy != self._kept:
            self._kept = busy
            self._prepare()

    def _thinned(self, price: F64, may: Bool, line: I32, excess: list[int], bound: float) -> Line:
        """Return a good line with few enough of each kind: those too many are allowed only where they gain most."""
        may = may.copy()
        for _ in range(self._shifts):
            for shift in (one for one in excess if one < self._shifts):
                on = np.nonzero(line == shift)[0]
                gain = np.partition(np.where(may, price, np.inf)[on], 1, axis=1)[:, 1] - price[on, shift]
                keep = on[np.argsort(-gain, kind="stable")][: int(self.problem.most[self.person, shift])]
                others = np.setdiff1d(np.arange(len(may)), keep)
                may[others, shift] = False
            found, value = self._run(np.where(may, price, np.inf))
            if found is None:
                break
            line, excess = found, self._excess(found)
            if not excess:
                return Line(line, value, bound)
        return Line(None, np.inf, bound)

    def _prepare(self) -> None:
        """Make arrays for what is counted now, once for each such choice."""
        if self._kept not in self._ready:
            self._ready[self._kept] = self._made()
        self._groups, self._possible, self._stages, self._shape, self.cells = self._ready[self._kept]

    def _made(self) -> _Ready:
        problem, person = self.problem, self.person
        self._may = np.concatenate([problem.allowed[person], np.ones((problem.shape[1], 1), np.bool_)], axis=1)
        units = units_of(problem, self._unit)
        week_unit, week_high, begins = weeks_of(problem, person)
        week_units = np.append(problem.minutes // week_unit, 0) if begins.any() else 0 * units
        groups = _alike(np.concatenate([self._automaton.step, units[None], week_units[None], self._marks()[None]]), self._may)
        first = np.array([members[0] for members in groups])
        weekend, free_low, free_high = self._free_weekends()
        low, high = self._hours(units)
        possible = bool(low[0] == 0 and (low <= high).all())
        stages = Stages(
            np.ascontiguousarray(self._automaton.step[:, first]),
            self._automaton.start,
            self._automaton.on,
            units[first].astype(np.int32),
            low,
            high,
            weekend,
            free_low,
            free_high,
            *counted(self._tallies, first, len(self._may)),
            week_units[first].astype(np.int32),
            week_high,
            begins,
        )
        states = len(self._automaton.on)
        spans = (int(week_high.max()) + 1, int((free_high - free_low).max()) + 1, max(int((high - low).max()), 0) + 1)
        cells = len(low) * states * int(np.prod(spans))
        return _Ready(groups, possible, stages, (len(low), states, len(stages.enough), *spans), cells)

    @property
    def _tallies(self) -> list[Tally]:
        """Return what is counted."""
        return [self._tally(which) for which in self._kept]

    def _marks(self) -> I32:
        """Return (S + 1,) equal numbers for shifts that are counted alike."""
        marks = np.zeros(self._shifts + 1, np.int32)
        for place, tally in enumerate(self._tallies):
            marks[:-1] += tally.shifts * (1 << place)
        return marks

    def _hours(self, units: I32) -> tuple[I32, I32]:
        """Return the fewest and most hours after each day from which the rules can still be kept."""
        problem, person = self.problem, self.person
        _, days, _ = problem.shape
        if not units.any():
            return np.zeros(days + 1, np.int32), np.zeros(days + 1, np.int32)
        least = -(-int(problem.minutes_low[person]) // self._unit)
        most = int(problem.minutes_high[person]) // self._unit
        usual = [int(problem.run_high[person]), int(problem.off_low[person])]
        reach = int(units.max()) * np.array([most_days(left, *usual) for left in range(days + 1)])
        low = np.maximum(least - reach[::-1], 0)
        high = np.minimum(most, reach)
        if self._slack is not None:
            there = np.append(0, np.cumsum(problem.there[person]))
            course = there / max(1, there[-1]) * (least + most) / 2
            low = np.maximum(low, np.floor(course - self._slack[0]).astype(int))
            high = np.minimum(high, np.ceil(course + self._slack[0]).astype(int))
            low[-1], high[-1] = max(low[-1], least), min(high[-1], most)
        return low.astype(np.int32), high.astype(np.int32)

    def _free_weekends(self) -> tuple[I32, I32, I32]:
        """Return the place of each day in its weekend, and the fewest and most weekends with duty after each day."""
        problem = self.problem
        _, days, _ = problem.shape
        weekend, ends = np.zeros(days, np.int32), np.zeros(days + 1)
        for pair in problem.weekends.tolist():
            inside = [day for day in pair if day >= 0]
            for place, day in enumerate(inside):
                weekend[day] = SECOND if place else FIRST
            if inside:
                ends[inside[0] + 1 :] += 1
        most = int(problem.weekends_high[self.person])
        if most >= ends[-1]:
            zero = np.zeros(days + 1, np.int32)
            return np.zeros(days, np.int32), zero, zero.copy()
        high = np.minimum(ends, most)
        low = np.zeros(days + 1)
        if self._slack is not None:
            there = np.append(0, np.cumsum(problem.there[self.person] & (weekend > 0)))
            course = there / max(1, there[-1]) * most
            low = np.maximum(0, np.floor(course) - self._slack[1])
            low[-1] = max(0, most - self._slack[1])
        return weekend, low.astype(np.int32), high.astype(np.int32)


_OWN = local()


def _space(size: int) -> F64:
    """Return some memory of this thread: a table as large as this is costly to ask for every time."""
    space: F64 | None = getattr(_OWN, "space", None)
    if space is None or len(space) < size:
        space = _OWN.space = np.empty(size)
    return space[:size]


def _alike(columns: I32, may: Bool) -> list[NDArray[np.int64]]:
    """Return groups of shifts that do the same to a line, so that only the cheapest of each matters; the day off is the last."""
    shifts = columns.shape[1] - 1
    usable = np.nonzero(may[:, :shifts].any(axis=0))[0]
    groups: dict[bytes, list[int]] = {}
    for shift in usable.tolist():
        groups.setdefault(columns[:, shift].tobytes(), []).append(shift)
    return [np.array(members) for members in groups.values()] + [np.array([shifts])]
