"""The line of calls that need several officers, as a chain of levels (calls in line) and phases (the work, the head's need)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from qinwu.duty.response_plan import F64, I64
from qinwu.queueing.in_service import InService, refuse_beyond_most
from qinwu.queueing.levels import stationary, visits_before_down


@dataclass(frozen=True, slots=True)
class Steady:
    """Probabilities: (I,) of each composition with nobody in line; (P,) of each phase with a line, and times the calls in it.

    Steps that take no time count, so that the sums over phases are only right where the head waits.
    """

    empty: F64
    line: F64
    in_line: F64


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """The chain in steps of a constant pace, completions at rate 1 for each part in service.

    A phase is a composition with so few free that some call could not start, and the size of the head of the line. Where the head
    can start it does: such a phase is left in a step that takes no time.

    Attributes
    ----------
    work, sizes, share, load
        What is in service; the J sizes of calls, their probabilities, and how many calls come per mean service time.
    held, head, waits
        (P,) composition, index of the head's size, and whether the head must wait, of each phase.
    tight
        (T,) the compositions of phases, in order.
    same, starts
        (P, P) probabilities of steps with which the head stays, (P, T) with which it starts and leaves that composition.
    pace
        Steps per mean service time.
    """

    work: InService
    sizes: I64
    share: F64
    load: float
    held: I64
    head: I64
    waits: NDArray[np.bool_]
    tight: I64
    same: F64
    starts: F64
    pace: float

    @classmethod
    def of(cls, work: InService, sizes: I64, share: F64, load: float) -> OfficerLine:
        """Return the chain of calls of these `sizes`, which come `load` per mean service time."""
        tight = np.flatnonzero(work.free < sizes.max())
        refuse_beyond_most(len(tight) * len(sizes))
        held, head = np.repeat(tight, len(sizes)), np.tile(np.arange(len(sizes)), len(tight))
        place = np.full(len(work.free), -1)
        place[tight] = np.arange(len(tight))
        pace = load + float(work.counts.sum(axis=1).max())
        lands = work.start[held, head]
        waits = lands < 0
        same = np.diag(np.where(waits, 1.0 - (load + work.counts[held].sum(axis=1)) / pace, 0.0))
        starts = np.zeros((len(held), len(tight)))
        starts[~waits, place[lands[~waits]]] = 1.0
        for part in range(work.counts.shape[1]):
            ended, chance = work.end[held, part], work.counts[held, part] / pace
            lands = work.start[ended, head]
            stays, begins = (np.flatnonzero(waits & (ended >= 0) & (can == (lands >= 0))) for can in (False, True))
            same[stays, place[ended[stays]] * len(sizes) + head[stays]] += chance[stays]
            starts[begins, place[lands[begins]]] += chance[begins]
        return cls(work, sizes, share, load, held, head, waits, tight, same, starts, pace)

    @property
    def arrival(self) -> F64:
        """(P,) probability that the next step is a call that joins the line."""
        return np.where(self.waits, self.load / self.pace, 0.0)

    @property
    def down(self) -> F64:
        """(P, P) probabilities of steps with which the head starts and the next one becomes the head."""
        return np.asarray((self.starts[:, :, None] * self.share).reshape(len(self.held), -1))

    def capacity(self) -> float:
        """Return how many calls are started per mean service time while the line never ends."""
        enough = self.work.free[0] / (self.share @ self.sizes)
        likelihood = self.likelihood(enough)[self.held] + np.log(self.share)[self.head]
        often = int(np.argmax(np.where(self.waits, likelihood, -np.inf)))
        phases = stationary(self.same + np.diag(self.arrival) + self.down, often)
        return float(phases @ self.starts.sum(axis=1) / (phases @ self.waits) * self.pace)

    def nobody_in_line(self) -> tuple[F64, F64]:
        """Return (I, I) probabilities of steps between compositions, and (I, P) of steps to a line of one."""
        work, come = self.work, self.share * self.load / self.pace
        chain = np.diag(1.0 - (self.load + work.counts.sum(axis=1)) / self.pace)
        joins = np.zeros((len(chain), len(self.held)))
        for part in range(work.counts.shape[1]):
            has = np.flatnonzero(work.end[:, part] >= 0)
            chain[has, work.end[has, part]] += work.counts[has, part] / self.pace
        for call, chance in enumerate(come):
            can = np.flatnonzero(work.start[:, call] >= 0)
            chain[can, work.start[can, call]] += chance
        first = np.flatnonzero(self.waits)
        joins[self.held[first], first] = come[self.head[first]]
        return chain, joins

    def likelihood(self, load: float) -> F64:
        """Return (I,) logarithms of how frequent each composition would be if every call could start at once; to a constant."""
        parts = load * self.share @ self.work.counts[self.work.start[0]]
        return np.asarray((xlogy(self.work.counts, parts) - gammaln(self.work.counts + 1.0)).sum(axis=1))

    def steady(self) -> Steady:
        """Return the steady state of a line below capacity."""
        chain, joins = self.nobody_in_line()
        visits = visits_before_down(np.diag(self.arrival), self.same, self.down)
        chain[:, self.tight] += joins @ (visits @ self.starts)
        empty = stationary(chain, int(np.argmax(self.likelihood(self.load))))
        leave = np.eye(len(visits)) - (self.arrival[:, None] * visits).T
        line = np.linalg.solve(leave, empty @ joins @ visits)
        total = empty.sum() + line @ self.waits
        return Steady(empty / total, line / total, np.linalg.solve(leave, line) / total)
