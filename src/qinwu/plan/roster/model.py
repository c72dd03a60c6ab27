"""The roster problem as a constraint model for CP-SAT, whole or with part of a roster held fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, Literal

import numpy as np

from qinwu.plan.extra import needed
from qinwu.plan.roster.cost import cost_of, price_table
from qinwu.plan.roster.literals import Literals, Rules, cell_of, is_known, negated, truth
from qinwu.plan.roster.problem import HARD, I32, OFF, Balance, Bool, Cover, RosterProblem
from qinwu.plan.roster.scales import cost_scale, rounds, share_scale

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
WHOLE_WORKERS = 8
"""CP-SAT's ways of searching that run beside each other, also on two cores: what proves a team of six in two seconds is none of the
two that it picks for two workers, with which it proved nothing in fifteen."""


@dataclass(frozen=True)
class Solved:
    """What CP-SAT found: the roster with its cost, None and inf where none was found, and a bound of what was left free."""

    status: Status
    roster: I32 | None
    value: float
    bound: float


class RosterModel:
    """A constraint model of a roster problem.

    Parameters
    ----------
    problem
        What to keep and what it costs.
    roster, free
        (E, D) a roster of which only the cells that are `free` may change; None for everything free.
    """

    def __init__(self, problem: RosterProblem, roster: I32 | None = None, free: Bool | None = None) -> None:
        self.cp = needed("ortools.sat.python.cp_model")
        self.problem = problem
        count, days, _ = problem.shape
        self.roster = np.full((count, days), OFF, np.int32) if roster is None else roster
        self.free = np.ones((count, days), np.bool_) if free is None else free
        self.model = self.cp.CpModel()
        self._rules = Rules(self.model, self.cp.LinearExpr.sum)
        self.scale = cost_scale(problem)
        self.prices = price_table(problem)
        self.rounding = 0.0
        self._objective: list[Any] = []
        self._weights: list[int] = []
        self._fixed = 0.0
        self.cells = [[self._cell(person, day) for day in range(days)] for person in range(count)]
        for person in range(count):
            if self.free[person].any():
                self._line(person)
            else:
                self._price(person)
        self._together()
        for cover in problem.cover:
            self._cover(cover)
        for balance in problem.balance:
            self._balance(balance)
        self.model.minimize(self.cp.LinearExpr.weighted_sum(self._objective, self._weights))

    def hint(self, roster: I32) -> None:
        """Say where a good roster is."""
        for person, day in zip(*np.nonzero(self.free), strict=True):
            for shift, literal in enumerate(self.cells[person][day]):
                # A day off may be the negation of the only shift, which has its hint already.
                if not isinstance(literal, int) and literal.index >= 0:
                    self.model.add_hint(literal, shift == roster[person, day] % len(self.cells[person][day]))

    def solve(
        self,
        seconds: float,
        workers: int = WHOLE_WORKERS,
        seed: int = 1,
        stop: Event | None = None,
        on_roster: Callable[[I32], object] | None = None,
        on_bound: Callable[[float], None] | None = None,
    ) -> Solved:
        """Solve it.

        Parameters
        ----------
        seconds, workers, seed
            Longest time, threads, and the seed of the search.
        stop
            Ends the search when set; the best so far is returned.
        on_roster, on_bound
            Told of every better roster and every better bound.
        """
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        if on_bound is not None:
            solver.best_bound_callback = _after(self._exact, on_bound)
        watching = _watched(solver, stop)
        status = solver.solve(self.model, self._listener(on_roster))
        watching.set()
        if status in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            roster = self._read(solver.boolean_value)
            word: Status = "optimal" if status == self.cp.OPTIMAL else "feasible"
            return Solved(word, roster, cost_of(self.problem, roster).total, self._exact(solver.best_objective_bound))
        bound = self._exact(solver.best_objective_bound) if status == self.cp.UNKNOWN and self._objective else -np.inf
        return Solved("infeasible" if status == self.cp.INFEASIBLE else "unknown", None, np.inf, bound)

    def _exact(self, bound: float) -> float:
        return bound / self.scale + self._fixed - self.rounding

    def _listener(self, on_roster: Callable[[I32], object] | None) -> Any:
        if on_roster is None:
            return None
        read, tell = self._read, on_roster

        class Listener(self.cp.CpSolverSolutionCallback):  # type: ignore[misc, name-defined]
            def on_solution_callback(self) -> None:
                tell(read(self.boolean_value))

        return Listener()

    def _read(self, holds: Callable[[Any], bool]) -> I32:
        roster = self.roster.copy()
        shifts = len(self.problem.shifts)
        for person, day in zip(*np.nonzero(self.free), strict=True):
            cell = self.cells[person][day]
            roster[person, day] = next((s for s in range(shifts) if truth(cell[s], holds)), OFF)
        return roster

    def _cell(self, person: int, day: int) -> list[Any]:
        """Return a literal or 0 or 1 for each shift, and last for a day off."""
        shifts = len(self.problem.shifts)
        if not self.free[person, day]:
            return cell_of(int(self.roster[person, day]), shifts)
        may = self.problem.allowed[person, day]
        cell = [self.model.new_bool_var("") if may[shift] else 0 for shift in range(shifts)]
        on = [literal for literal in cell if not isinstance(literal, int)]
        if not on:
            return [*cell, 1]
        if len(on) == 1:
            return [*cell, on[0].negated()]
        off = self.model.new_bool_var("")
        self.model.add_exactly_one([*on, off])
        return [*cell, off]

    def _line(self, person: int) -> None:
        """All rules of one person, and what the duties cost."""
        problem, shifts = self.problem, len(self.problem.shifts)
        past = [cell_of(int(shift), shifts) for shift in problem.before[person]]
        row, begin = [*past, *self.cells[person]], len(past)
        off = [cell[-1] for cell in row]
        on = [negated(literal) for literal in off]
        self._price(person)
        self._follow(row, begin)
        self._longest([[literal] for literal in on], int(problem.run_high[person]), begin)
        nights = np.nonzero(problem.nights)[0].tolist()
        self._longest([[cell[shift] for shift in nights] for cell in row], int(problem.night_run_high[person]), begin)
        self._shortest(on, off, int(problem.run_low[person]), begin)
        self._shortest(off, on, int(problem.off_low[person]), begin)
        for shift in range(shifts):
            self._rules.at_most([cell[shift] for cell in self.cells[person]], int(problem.most[person, shift]))
        self._hours(person)
        self._weekends(person, on[begin:])

    def _price(self, person: int) -> None:
        for cell, prices in zip(self.cells[person], self.prices[person].tolist(), strict=True):
            for literal, price in zip(cell, prices, strict=True):
                self._pay(literal, price)

    def _pay(self, literal: Any, price: float) -> None:
        """Add a cost to the objective."""
        if isinstance(literal, int):
            self._fixed += price * literal
        elif price:
            self._objective.append(literal)
            self._weights.append(int(np.floor(price * self.scale + 1e-9)))

    def _follow(self, row: list[list[Any]], begin: int) -> None:
        """At most one of some shifts and those that may not come so soon after them."""
        for gap in range(1, int(self.problem.follow.max(initial=1))):
            blocked = self.problem.follow > gap
            for late in {tuple(mask) for mask in blocked.tolist() if any(mask)}:
                early = (blocked == np.array(late)).all(axis=1)
                for day in range(max(begin, gap), len(row)):
                    first = [row[day - gap][s] for s in np.nonzero(early)[0]]
                    self._rules.at_most_one(first, [row[day][t] for t in np.nonzero(late)[0]])

    def _longest(self, on: Sequence[Literals], most: int, begin: int) -> None:
        """No more than so many days in a row, each day on duty with any of its literals."""
        for last in range(max(begin, most), len(on)):
            self._rules.at_most([literal for day in on[last - most : last + 1] for literal in day], most)

    def _shortest(self, on: Literals, off: Literals, least: int, begin: int) -> None:
        """No stretch shorter than so many between two days of the other kind (clauses off, on ... on, off)."""
        for length in range(1, least):
            for first in range(1, len(on) - length):
                if first + length >= begin:
                    self._rules.clause([on[first - 1], *off[first : first + length], on[first + length]])

    def _hours(self, person: int) -> None:
        problem, days = self.problem, len(self.cells[person])
        total, low, high = self._minutes(person, range(days)), problem.minutes_low[person], problem.minutes_high[person]
        self.model.add_linear_constraint(total, int(low), int(high))
        for week, most in enumerate(problem.week_high[person].tolist()):
            inside = np.nonzero(problem.week_of == week)[0]
            if self.free[person, inside].any():
                self.model.add(self._minutes(person, inside) <= most)

    def _minutes(self, person: int, days: Iterable[int]) -> Any:
        literals, weights, fixed = [], [], 0
        minutes = self.problem.minutes.tolist()
        for day in days:
            for literal, length in zip(self.cells[person][day], minutes, strict=False):
                if isinstance(literal, int):
                    fixed += literal * length
                else:
                    literals.append(literal)
                    weights.append(length)
        return self.cp.LinearExpr.weighted_sum(literals, weights) + fixed

    def _weekends(self, person: int, on: Literals) -> None:
        worked = []
        for pair in self.problem.weekends.tolist():
            literals = [on[day] for day in pair if day >= 0 and not is_known(on[day], 0)]
            if any(is_known(literal, 1) for literal in literals):
                worked.append(1)
            elif len(literals) == 1:
                worked.append(literals[0])
            elif literals:
                either = self.model.new_bool_var("")
                for literal in literals:
                    self.model.add_implication(literal, either)
                worked.append(either)
        self._rules.at_most(worked, int(self.problem.weekends_high[person]))

    def _together(self) -> None:
        for one, other in self.problem.together:
            for day in np.nonzero(self.problem.there[one] & self.problem.there[other])[0].tolist():
                if self.free[one, day] or self.free[other, day]:
                    for a, b in zip(self.cells[one][day], self.cells[other][day], strict=True):
                        self._rules.clause([negated(a), b])
                        self._rules.clause([a, negated(b)])

    def _cover(self, cover: Cover) -> None:
        people, shifts = np.nonzero(cover.people)[0].tolist(), np.nonzero(cover.shifts)[0].tolist()
        for day in range(len(cover.need)):
            literals = [self.cells[person][day][shift] for person in people for shift in shifts]
            present = sum(literal for literal in literals if isinstance(literal, int))
            loose: Literals = [literal for literal in literals if not isinstance(literal, int)]
            self._need(cover, loose, int(cover.need[day]) - present)

    def _need(self, cover: Cover, loose: Literals, need: int) -> None:
        """Price or forbid too few and too many of some literals."""
        if not loose:
            self._fixed += _soft(cover.under) * max(need, 0) + _soft(cover.over) * max(-need, 0)
            return
        count = self.cp.LinearExpr.sum(loose)
        if cover.under == HARD:
            self.model.add(count >= need)
        if cover.over == HARD:
            self.model.add(count <= max(need, 0))
        short = self._slack(cover.under, max(need, 0))
        extra = self._slack(cover.over, max(len(loose) - need, 0))
        if short is not None and extra is not None:
            self.model.add(count + short - extra == need)
        elif short is not None:
            self.model.add(count + short >= need)
        elif extra is not None:
            self.model.add(count - extra <= need)

    def _slack(self, weight: float, most: int) -> Any:
        """Return a variable for what is lacking or too much, None where that costs nothing or is forbidden."""
        if weight in (0.0, HARD):
            return None
        slack = self.model.new_int_var(0, most, "")
        self._pay(slack, weight)
        return slack

    def _balance(self, balance: Balance) -> None:
        """The most and the least that anybody has, their difference priced."""
        scale = share_scale(balance)
        whole = np.round(balance.before * scale).astype(int)
        people, days = np.nonzero(balance.people)[0].tolist(), np.nonzero(balance.days)[0].tolist()
        if not people or not balance.weight:
            return
        self.rounding += balance.weight / scale if rounds(balance.before[people], scale) else 0.0
        low, high = int(whole[people].min()), int(whole[people].max()) + scale * len(days)
        top, bottom = self.model.new_int_var(low, high, ""), self.model.new_int_var(low, high, "")
        loose: list[Any] = []
        known = 0
        for person in people:
            literals = [self.cells[person][day][s] for day in days for s in np.nonzero(balance.shifts)[0].tolist()]
            fixed = sum(literal for literal in literals if isinstance(literal, int))
            own = [one for one in literals if not isinstance(one, int)]
            share = scale * self.cp.LinearExpr.sum(own) + int(whole[person]) + scale * fixed
            self.model.add(top >= share)
            self.model.add(bottom <= share)
            loose, known = loose + own, known + int(whole[person]) + scale * fixed
        if scale == 1:
            self._around_the_mean(top, bottom, self.cp.LinearExpr.sum(loose) + known, len(people), high * len(people))
        spread = self.model.new_int_var(0, high - low, "")
        self.model.add(spread == top - bottom)
        self._pay(spread, balance.weight / scale)

    def _around_the_mean(self, top: Any, bottom: Any, total: Any, count: int, most: int) -> None:
        """Say that whole shares of a total that cannot be divided evenly differ by one at least; it follows, but proves much."""
        mean, rest = self.model.new_int_var(-most, most, ""), self.model.new_int_var(0, count - 1, "")
        uneven = self.model.new_bool_var("")
        self.model.add(total == count * mean + rest)
        self.model.add(rest <= (count - 1) * uneven)
        self.model.add(bottom <= mean)
        self.model.add(top >= mean + uneven)


def _after(first: Callable[[float], float], then: Callable[[float], object]) -> Callable[[float], object]:
    return lambda bound: then(first(bound))


def _soft(weight: float) -> float:
    return 0.0 if weight == HARD else weight


def _watched(solver: Any, stop: Event | None) -> Event:
    """Watch for somebody who wants to stop; return what ends the watching."""
    done = Event()

    def watch() -> None:
        while not done.wait(0.1):
            if stop is not None and stop.is_set():
                solver.stop_search()

    Thread(target=watch, daemon=True).start()
    return done
