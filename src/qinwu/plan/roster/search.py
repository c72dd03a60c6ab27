"""One search for a roster: the best so far, what is proven, and the ways to better it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.columns import Columns
from qinwu.plan.roster.cost import cost_of, is_whole, price_table
from qinwu.plan.roster.fair import around, narrowed, of_roster
from qinwu.plan.roster.insertion import Insertion
from qinwu.plan.roster.lines import maker_of
from qinwu.plan.roster.master import Master
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.neighbourhood import Neighbourhoods
from qinwu.plan.roster.pairs import Partners
from qinwu.plan.roster.problem import I32, Bool, RosterProblem
from qinwu.plan.roster.rows import penalty_of

TINY = 1e-6
CONVERGE_SHARE, DIVE_SHARE = 0.35, 0.6
"""Shares of the time left that column generation may take, and then the first dive."""
AGAIN, AGAIN_SHARE = 12, 0.6
"""So many lines fixed in a hurry are opened again at once, for so much of the time left."""
ROUND_S, LINES_S = 1.5, 3.0
"""Seconds that one opening of part of a roster should take, and of some people's whole lines."""


class Search:
    """The best roster so far and the ways to better it.

    Parameters
    ----------
    problem, hard
        The problem with hard needs priced, in which the search moves, and as it is.
    run
        The clock.
    target_gap
        Stop within this share of the best.
    """

    def __init__(self, problem: RosterProblem, hard: RosterProblem, run: Running, target_gap: float) -> None:
        self.problem, self.hard, self.run, self.target_gap = problem, hard, run, target_gap
        self.best: I32 | None = None
        self.value = np.inf
        self.roster: I32 | None = None
        self.bound = -np.inf
        self.infeasible = False
        self._whole = is_whole(hard)
        self._lined = True
        self._draw = np.random.default_rng(run.effort.seed)

    def offer(self, roster: I32) -> bool:
        """Take a roster if it is better than the best so far and breaks no rule but, at a price, needs; return whether it was."""
        value = cost_of(self.problem, roster).total
        if value >= self.value - TINY:
            return False
        # Lines of the best so far have been looked at.
        changed = None if self.best is None else np.flatnonzero((roster != self.best).any(axis=1)).tolist()
        broken = violations(self.hard, roster, changed)
        if any(one.rule not in ("under", "over") for one in broken):
            return False
        self.best, self.value = roster.copy(), value
        if not broken:
            self.roster = self.best
            self.run.tell(value, self.bound)
        return True

    def prove(self, bound: float) -> None:
        """Take a proven bound; where every roster costs a whole number, so does the best."""
        if self._whole and np.isfinite(bound):
            bound = ceil(bound - 1e-4)
        if bound > self.bound:
            self.bound = bound
            self.run.tell(self.value if self.roster is not None else np.inf, bound)

    @property
    def settled(self) -> bool:
        """Whether nothing better is wanted."""
        if self.roster is None:
            return False
        value = cost_of(self.hard, self.roster).total
        return value - self.bound <= max(TINY, self.target_gap * abs(value))

    @property
    def _exact(self) -> bool:
        return all(maker.exact for maker in self._makers)

    @property
    def _goal(self) -> float:
        """A roster that costs this or more is no better than the best so far."""
        return self.value - 1.0 + 1e-4 if self._whole else self.value

    @property
    def over(self) -> bool:
        """Whether to stop."""
        return self.run.over or self.settled

    def begin(self) -> tuple[int, ...]:
        """Make a first roster line by line; return those who have no line that keeps their own rules."""
        count, _, _ = self.problem.shape
        self._makers = [maker_of(self.problem, person) for person in range(count)]
        self._master = Master(self.problem, penalty_of(self.hard))
        self._columns = Columns(self._master, self._makers, self.run)
        self._insertion = Insertion(self._master.rows, self._makers)
        self._partners = Partners(self.problem)
        self._near = Neighbourhoods(self.problem, self._draw)
        if self._exact:
            made = self._columns.lines(price_table(self.problem), range(count), careful=True)
            self._lined = all(line.line is not None for _, line in made)
            if not self._lined:
                return tuple(person for person, line in made if line.bound == np.inf)
            self._master.add([(person, line.line) for person, line in made if line.line is not None])
        self._insert_all()
        return ()

    def _insert_all(self) -> None:
        """Put everybody's line in, one after another, then each again while that helps."""
        count, days, _ = self.problem.shape
        order = self._partners.in_order(self._draw.permutation(count).tolist())
        empty = np.full((count, days), -1, np.int32)
        roster = self._insertion.rebuild(empty, order, 0.0, self._draw) if self.best is None else self.best
        if roster is None:
            return
        self.offer(roster)
        self._master.add(list(enumerate(roster)))
        better = True
        while better and not self.over:
            better = False
            for person in self._draw.permutation(count).tolist():
                better |= not self.over and self._relined([person])
        if self.best is not None:
            self._master.add(list(enumerate(self.best)))

    def _relined(self, people: list[int], noise: float = 0.0) -> bool:
        if self.best is None:
            return False
        roster = self._insertion.rebuild(self.best, self._partners.in_order(people), noise, self._draw)
        return roster is not None and self.offer(roster)

    def converge_and_dive(self) -> None:
        """Prove a bound by column generation, and dive; horizons too long for exact lines are left to insertion."""
        if not (self._exact and self._lined):
            return

        def told(bound: float) -> bool:
            self.prove(bound)
            return self.over

        self._columns.converge(told, self.run.seconds + CONVERGE_SHARE * self.run.left)
        if not self.over:
            window = around(self.problem, *self._master.spread())
            roster = self._columns.dive(range(len(self._makers)), None, DIVE_SHARE * self.run.left, self._goal, None, window)
            if roster is not None and self.offer(roster):
                self._master.add(list(enumerate(roster)))
                self._dive_again(self._columns.hurried)

    def _dive_again(self, hurried: list[int]) -> None:
        """Open the lines that a late dive fixed in a hurry, the last first, and give them the time they need."""
        while hurried and self.best is not None and not self.over:
            people, hurried = hurried[-AGAIN:], hurried[:-AGAIN]
            window = around(self.problem, *self._master.spread())
            roster = self._columns.dive(people, self.best, AGAIN_SHARE * self.run.left, self._goal, None, window)
            if roster is not None and self.offer(roster):
                self._master.add(list(enumerate(roster)))

    def improve(self) -> None:
        """Open part of the best roster at a time until the time is up or nothing better is wanted."""
        ways: list[Callable[[], bool]] = [self._reline, self._open_lines, self._people_cells, self._window_cells]
        least = np.array([0.05, 0.3, 0.05, 0.05])
        if not (self._exact and self._lined):
            # What is too long for exact lines is too long for the others too.
            ways, least = ([self._people_cells, self._window_cells], np.ones(2)) if self._exact else ([self._reline], np.ones(1))
        self._size = {"lines": max(8.0, 0.4 * len(self._makers)), "people": 5.0, "window": 60.0}
        gain = least / least.max()
        while not self.over and self.best is not None:
            # Ways that gain more in their time are tried more often, none never (as in adaptive large neighbourhood search).
            way = int(self._draw.choice(len(ways), p=gain / gain.sum()))
            before, began = self.value, self.run.seconds
            ways[way]()
            rate = (before - self.value) / max(self.run.seconds - began, 1e-3)
            gain[way] = 0.8 * gain[way] + 0.2 * rate / max(1.0, abs(self.value)) * 1e3
            gain = np.maximum(gain, least * gain.max())

    def _reline(self) -> bool:
        """Take out some people's lines and put them in again, with prices moved at random, for a while."""
        ends, better = self.run.seconds + ROUND_S, False
        while self.best is not None and not self.over and self.run.seconds < ends:
            people = self._near.people(self.best, int(self._draw.integers(1, 5)))
            better |= self._relined(people, float(self._draw.choice([0.0, 1.0, 5.0])))
        return better

    def _open_lines(self) -> bool:
        """Open some people's lines to column generation, and dive."""
        if self.best is None:
            return False
        most, began = len(self._makers), self.run.seconds
        size = self._draw.integers(int(self._size["lines"] / 2), int(self._size["lines"]) + 1)
        people = self._near.people(self.best, min(most, int(size)))
        window = narrowed(of_roster(self.problem, self.best), self._draw)
        roster = self._columns.dive(people, self.best, 2 * LINES_S, self._goal, self._draw, window)
        better = roster is not None and self.offer(roster)
        # A size of twice everybody opens everybody half of the time.
        self._grown("lines", began, LINES_S * size / self._size["lines"], most=2 * most)
        return better

    def _people_cells(self) -> bool:
        """Open all days of some people to CP-SAT."""
        if self.best is None:
            return False
        free = np.zeros(self.best.shape, np.bool_)
        free[self._near.people(self.best, int(self._size["people"]))] = True
        return self._cells("people", free)

    def _window_cells(self) -> bool:
        """Open some days in a row to CP-SAT."""
        if self.best is None:
            return False
        return self._cells("window", self._near.window(self.best, int(self._size["window"])))

    def _cells(self, name: str, free: Bool) -> bool:
        began = self.run.seconds
        model = RosterModel(self.problem, self.best, free)
        if self.best is not None:
            model.hint(self.best)
        found = model.solve(min(3 * ROUND_S, self.run.left), 2, int(self._draw.integers(1 << 30)), self.run.effort.stop)
        better = found.roster is not None and self.offer(found.roster)
        self._grown(name, began, ROUND_S, most=free.size)
        return better

    def _grown(self, name: str, began: float, usual: float, most: int) -> None:
        """Open more next time where it went quickly, less where it took long."""
        took = self.run.seconds - began
        self._size[name] = float(np.clip(self._size[name] * (1.25 if took < usual else 0.85), 3, most))
