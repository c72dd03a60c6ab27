"""Column generation over whole lines: a strong proven bound, and good rosters by diving.

The linear master problem says what duties are worth, dynamic programming makes each person's best line at these prices, until no
line improves it (Burke & Curtois 2014, European Journal of Operational Research 237(1)). Prices between the last and the best so
far keep it from swinging (Wentges 1997). Every set of prices proves a bound, whether it has converged or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.roster.fair import Window
from qinwu.plan.roster.lines import Line, LineMaker
from qinwu.plan.roster.master import Master
from qinwu.plan.roster.pairs import Partners
from qinwu.plan.roster.problem import F64, I32
from qinwu.plan.roster.rows import Duals
from qinwu.plan.roster.tallies import Tally

SMOOTHING = 0.6
"""Weight of the best prices so far."""
TINY = 1e-6
SURE = 0.999
"""A line of which the linear program uses so much is fixed in a dive."""
ROUNDS, HASTY_ROUNDS = 30, 3
"""Of new lines after each fixing of a dive, at most, and where it is late."""
GRACE = 1.3
"""A dive that takes so many times as long as it should gives those still open the lines that they have."""
PART = 6
"""A sixth of those open is fixed at once at most where the dive is late."""
BLOCKS, BLOCK = 2, 4
"""Lines are made for half of the people at a time, and of at least so many."""
SWAY = 0.3
"""A dive at random takes lines for used more by up to so much."""
SETTLED, NEAR_SETTLED = 0.1, 3e-4
"""In a dive the linear program need not be nearer to its bound than this, or this share of it."""
NEAR = 0.05
"""Numbers of a kind are counted exactly once the linear program is so near to its bound,"""
IDLE = 4
"""or once the bound has not risen for so many rounds."""


class Columns:
    """Column generation on one problem.

    Parameters
    ----------
    master, makers
        The master problem and a maker of lines for each person.
    run
        The clock.
    threads
        So many lines are made at once.

    Attributes
    ----------
    hurried
        Those whose lines the last dive fixed while it was late, in that order.
    """

    def __init__(self, master: Master, makers: Sequence[LineMaker], run: Running, threads: int = 2) -> None:
        self.master, self.makers, self.run = master, makers, run
        self.bound = -np.inf
        self.converged = False
        self._centre: Duals | None = None
        self._shares: dict[int, tuple[Tally, ...]] = {}
        self.hurried: list[int] = []
        self._partners = Partners(master.problem)
        self._pool = ThreadPoolExecutor(threads)

    def lines(
        self, prices: F64, people: Iterable[int], careful: bool, fixed: Mapping[int, I32] | None = None
    ) -> list[tuple[int, Line]]:
        """Return the best line of each of some people under prices (E, D, S + 1); `fixed` lines bind their partners."""
        chosen = list(people)
        # Where `fixed` is given, a dive is on, and lines are held to its window.
        shares = self._shares if fixed is not None else {}

        def best(person: int) -> Line:
            allowed = self._partners.allowed(person, fixed) if fixed else None
            return self.makers[person].best(prices[person], allowed, careful, shares.get(person))

        return list(zip(chosen, self._pool.map(best, chosen), strict=True))

    def converge(self, done: Callable[[float], bool], until: float = np.inf) -> None:
        """Solve the linear program over all lines, everybody free, as far as time allows.

        Parameters
        ----------
        done
            Told the bound after each round, says whether it is enough.
        until
            The second of the run to stop at.
        """
        share, careful, idle = 1.0 - SMOOTHING, False, 0
        while not self.run.over and self.run.seconds < until:
            if not self.master.solve(min(self.run.left, until - self.run.seconds)):
                return
            last = self.master.duals
            prices = last if self._centre is None else self._centre.mixed(last, share)
            made = self.lines(self.master.rows.line_prices(prices), range(len(self.makers)), careful)
            bound = self.master.rows.bound(prices, np.array([line.bound for _, line in made]))
            idle = 0 if bound > self.bound else idle + 1
            if not idle or self._centre is None:
                self.bound, self._centre = max(bound, self.bound), prices
            gap = self.master.value - self.bound
            self.converged = gap <= TINY * max(1.0, abs(self.bound))
            if done(self.bound) or self.converged:
                return
            added = self._add(made, last)
            if not added and share == 1.0 and careful:
                self.converged = True
                return
            careful |= gap <= NEAR * abs(self.master.value) or idle >= IDLE or not (added or share < 1.0)
            # Prices in between may find nothing new though there is something: then the last prices themselves are asked.
            share = 1.0 - SMOOTHING if added else 1.0

    def _add(self, made: list[tuple[int, Line]], last: Duals) -> int:
        """Add the lines that are cheaper than their person's price; return how many are new."""
        prices = self.master.rows.line_prices(last)
        days = np.arange(prices.shape[1])
        found = [(person, line.line) for person, line in made if line.line is not None]
        cheap = [(person, line) for person, line in found if prices[person, days, line].sum() < last.person[person] - TINY]
        return self.master.add(cheap)

    def dive(
        self,
        people: Iterable[int],
        base: I32 | None,
        seconds: float,
        ceiling: float = np.inf,
        draw: np.random.Generator | None = None,
        window: Window | None = None,
    ) -> I32 | None:
        """Fix line after line as the linear program says, making new ones in between.

        Parameters
        ----------
        people
            Those whose lines are open.
        base
            (E, D) the lines of everybody else; None where everybody is open.
        seconds
            How long it should take: with little time more lines are fixed at once.
        ceiling
            Give up where the linear program is no better.
        window
            Fair shares that lines are held to; None for none.
        draw
            Moves at random which of the lines that are used in part is fixed next; None for the one used most.

        Returns
        -------
        (E, D) array or None
            A roster.
        """
        open_people = self._begin(people, base)
        self.hurried = []
        if not self._hold(open_people, window):
            return None
        begun, whole = self.run.seconds, len(open_people)
        ends = begun + GRACE * seconds
        fixed = {} if base is None else {person: base[person] for person in range(len(base)) if person not in open_people}
        while open_people:
            # The work of a step grows with those still open, so that time goes with the square of their share.
            soon = begun + seconds * (1.1 - (len(open_people) / whole) ** 2)
            late = self.run.seconds > soon
            if not self._settle(open_people, fixed, ceiling, soon, ends):
                self.hurried += sorted(open_people)
                return self._rounded(open_people, fixed) if self.run.over or self.run.seconds >= ends else None
            spent = (self.run.seconds - begun) / max(seconds, 1e-9)
            behind = len(open_people) - int(max(0.0, 1.0 - spent) ** 0.5 * whole) if late else 1
            # Many lines fixed at once do not go together: better to be late than to fix more than a part.
            behind = min(behind, max(1, len(open_people) // PART))
            before = set(open_people)
            if not self._fix(open_people, fixed, behind, draw):
                return None
            if late:
                self.hurried += sorted(before - open_people)
        return np.array([fixed[person] for person in range(len(self.makers))], np.int32)

    def _begin(self, people: Iterable[int], base: I32 | None) -> set[int]:
        everybody = range(len(self.makers))
        open_people = set(everybody) if base is None else set(people)
        self.master.free(everybody)
        if base is not None:
            for person in everybody:
                if person not in open_people:
                    self.master.fix(person, self.master.place_of(person, base[person]))
        return open_people

    def _hold(self, people: set[int], window: Window | None) -> bool:
        """Hold the lines of some people to fair shares; return False where somebody has none that keeps to them."""
        self._shares = (
            {person: window.tallies(person) for person in people} if window is not None and window.problem.balance else {}
        )
        if window is None or not self._shares:
            return True
        for person in sorted(people):
            places = self.master.places_of(person)
            apart = [place for place in places if not window.holds(person, self.master.line_at(place))]
            self.master.bar(apart)
            if len(apart) == len(places):
                ((_, made),) = self.lines(self.master.rows.prices, [person], False, {})
                if made.line is None:
                    return False
                self.master.add([(person, made.line)])
        return True

    def _settle(self, people: set[int], fixed: Mapping[int, I32], ceiling: float, soon: float, ends: float) -> bool:
        """Make new lines for some people; return False where the time is up or the ceiling is reached for certain."""
        careful = False
        for number in range(ROUNDS):
            late = self.run.seconds > soon
            if late and number >= HASTY_ROUNDS:
                break
            gained, added = 0.0, 0
            for block in self._blocks(people):
                left = min(self.run.left, ends - self.run.seconds)
                if self.run.over or left <= 0.0 or not self.master.solve(left):
                    return False
                last = self.master.duals
                made = self.lines(self.master.rows.line_prices(last), block, careful, fixed)
                gained += sum(max(0.0, float(last.person[person]) - line.value) for person, line in made)
                added += self._add(made, last)
            if self.master.value - gained >= ceiling - TINY:
                return False
            settled = not added or gained <= max(SETTLED, NEAR_SETTLED * abs(self.master.value))
            if settled and (careful or late):
                return True
            # Exact lines take long: they are asked for where the quick ones bring nothing more.
            careful = settled
        return not self.run.over and self.master.solve(self.run.left)

    def _rounded(self, people: set[int], fixed: Mapping[int, I32]) -> I32 | None:
        """Return a roster in which those still open get the line that the linear program uses most; None where pairs forbid it."""
        if self.master.problem.together:
            return None
        used = self.master.chosen
        found = dict(fixed)
        for person in people:
            known = [place for place in self.master.places_of(person) if place < len(used)]
            found[person] = self.master.line_at(max(known, key=lambda place: used[place]))
        return np.array([found[person] for person in range(len(self.makers))], np.int32)

    def _blocks(self, people: set[int]) -> list[list[int]]:
        """Return some people in blocks: the linear program is solved between them, so that not all go for the same duties."""
        order = sorted(people)
        size = max(BLOCK, -(-len(order) // BLOCKS))
        return [order[first : first + size] for first in range(0, len(order), size)]

    def _fix(self, people: set[int], fixed: dict[int, I32], least: int, draw: np.random.Generator | None) -> bool:
        """Fix those whom the linear program is sure about, and of the others those it is surest of until there are `least`."""
        used = self.master.chosen
        if draw is not None:
            used = used + draw.uniform(0.0, SWAY, len(used)) * (used > TINY)
        best: dict[int, int] = {}
        for person in people:
            known = [place for place in self.master.places_of(person) if place < len(used)]
            best[person] = max(known, key=lambda place: used[place])
        done = 0
        order = sorted(people, key=lambda person: (-round(used[best[person]], 9), person))
        for number, person in enumerate(order):
            if number >= least and used[best[person]] < SURE and done:
                break
            if person not in people or not self._partners.first(person, people):
                continue
            self.master.fix(person, best[person])
            fixed[person] = self.master.line_at(best[person])
            people.discard(person)
            done += 1
            if not self._bind(people, fixed, person):
                return False
        return True

    def _bind(self, people: set[int], fixed: dict[int, I32], person: int) -> bool:
        """Leave the partners of somebody just fixed only lines that go with it; return False where there are none."""
        for partner in self._partners.of(person):
            if partner in people:
                places = self.master.places_of(partner)
                apart = [
                    place
                    for place in places
                    if not self._partners.agree(person, fixed[person], partner, self.master.line_at(place))
                ]
                self.master.bar(apart)
                ((_, made),) = self.lines(self.master.rows.line_prices(self.master.duals), [partner], False, fixed)
                if made.line is None:
                    return False
                self.master.fix(partner, self.master.place_of(partner, made.line))
                fixed[partner] = made.line
                people.discard(partner)
        return True
