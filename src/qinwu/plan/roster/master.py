"""The master problem of column generation: one line for each person, chosen from those made so far, needs priced.

Its linear program is solved by HiGHS and kept warm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.extra import highs
from qinwu.plan.roster.problem import F64, I32, RosterProblem
from qinwu.plan.roster.rows import Duals, Rows

I64 = NDArray[np.int64]


class Master:
    """The linear program over lines.

    Parameters
    ----------
    problem
        What is needed.
    penalty
        What a hard need costs when it is not met; whoever uses the answer looks whether all are.
    """

    def __init__(self, problem: RosterProblem, penalty: float) -> None:
        self.problem, self.rows = problem, Rows(problem, penalty)
        self.value = np.inf
        """Cost of the last solution."""
        self._lines: list[I32] = []
        self._owner: list[int] = []
        self._costs: list[float] = []
        self._entries: list[tuple[I64, F64]] = []
        self._places: dict[tuple[int, bytes], int] = {}
        self._of: list[list[int]] = [[] for _ in problem.people]
        self._fixed: dict[int, int] = {}
        self._build()

    def _build(self) -> None:
        """Make rows and the columns that are no lines."""
        core, self._highs = highs()
        self._optimal = core.HighsModelStatus.kOptimal
        lower, upper = self.rows.limits()
        nothing = np.zeros(0, np.int32)
        self._highs.addRows(len(lower), lower, upper, 0, np.zeros(len(lower), np.int32), nothing, np.zeros(0))
        self._others = self.rows.others()
        self._columns([column[0] for column in self._others], [column[2:] for column in self._others])
        for place, (_, least, _, _) in enumerate(self._others):
            if least < 0:
                self._highs.changeColBounds(place, least, np.inf)

    def _columns(self, costs: Sequence[float], entries: Sequence[tuple[I64, F64]]) -> None:
        starts = np.cumsum([0, *(len(rows) for rows, _ in entries)])
        index = np.concatenate([rows for rows, _ in entries]).astype(np.int32)
        value = np.concatenate([values for _, values in entries])
        size, zero = len(costs), np.zeros(len(costs))
        self._highs.addCols(
            size, np.array(costs), zero, np.full(size, np.inf), len(index), starts[:-1].astype(np.int32), index, value
        )

    def add(self, made: Iterable[tuple[int, I32]]) -> int:
        """Put persons' lines among those to choose from; return how many are new."""
        new = []
        for person, line in made:
            key = (person, line.tobytes())
            if key not in self._places:
                place = self._places[key] = len(self._lines)
                new.append(place)
                self._of[person].append(place)
                self._lines.append(line)
                self._owner.append(person)
                self._costs.append(float(self.rows.prices[person, np.arange(len(line)), line].sum()))
                self._entries.append(self.rows.entries(person, line))
        if new:
            self._columns([self._costs[place] for place in new], [self._entries[place] for place in new])
            self._bounds([place for place in new if self._owner[place] in self._fixed], 0.0)
        return len(new)

    def place_of(self, person: int, line: I32) -> int:
        """Return the position of a line, put there if need be."""
        self.add([(person, line)])
        return self._places[person, line.tobytes()]

    def line_at(self, place: int) -> I32:
        """Return the line at a position."""
        return self._lines[place]

    def places_of(self, person: int) -> list[int]:
        """Return the positions of one person's lines."""
        return self._of[person]

    def __len__(self) -> int:
        return len(self._lines)

    def solve(self, seconds: float = np.inf) -> bool:
        """Solve the linear program as it is; return whether it was solved in time."""
        self._highs.setOptionValue("time_limit", float(min(self._highs.getRunTime() + max(seconds, 0.0), 1e9)))
        self._highs.run()
        solution = self._highs.getSolution()
        self._price = np.array(solution.row_dual)
        used = np.array(solution.col_value)
        self._others_used, self.chosen = used[: len(self._others)], used[len(self._others) :]
        self.value = float(self._highs.getObjectiveValue())
        return bool(self._highs.getModelStatus() == self._optimal)

    def spread(self) -> tuple[F64, F64]:
        """Return (B,) the least and the most of what is shared in the last solution."""
        balances = len(self.problem.balance)
        first = 2 * self.rows.covers
        pairs = self._others_used[first : first + 2 * balances].reshape(balances, 2)
        return pairs[:, 1], pairs[:, 0]

    @property
    def duals(self) -> Duals:
        """Prices of the last solution."""
        return self.rows.duals(self._price)

    def fix(self, person: int, place: int) -> None:
        """Give a person one of the lines, until it is freed."""
        self._bounds(self._of[person], 0.0)
        self._highs.changeColBounds(place + len(self._others), 1.0, 1.0)
        self._fixed[person] = place

    def free(self, people: Iterable[int]) -> None:
        """Let these people have any line again."""
        for person in people:
            self._bounds(self._of[person], np.inf)
            self._fixed.pop(person, None)

    def bar(self, places: Sequence[int]) -> None:
        """Let nobody have these lines, until their people are freed."""
        self._bounds(places, 0.0)

    @property
    def fixed(self) -> dict[int, int]:
        """The lines that are fixed, by person."""
        return dict(self._fixed)

    def _bounds(self, places: Sequence[int], upper: float) -> None:
        size = len(places)
        if size:
            index = (np.array(places) + len(self._others)).astype(np.int32)
            self._highs.changeColsBounds(size, index, np.zeros(size), np.full(size, upper))
