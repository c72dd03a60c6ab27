"""What a roster costs, in all and by part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.problem import F64, HARD, I32, Balance, Cover, RosterProblem

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cost:
    """A roster's cost by part; inf where a need is hard and not met.

    Parameters
    ----------
    lines
        Duties and days off: wishes not granted and the like.
    under, over
        Too few and too many on duty.
    balance
        What is not shared fairly.
    """

    lines: float
    under: float
    over: float
    balance: float

    @property
    def total(self) -> float:
        """The sum of all parts."""
        return self.lines + self.under + self.over + self.balance


def cost_of(problem: RosterProblem, roster: I32) -> Cost:
    """Work out what a roster costs.

    Parameters
    ----------
    problem
        With E people and D days.
    roster
        (E, D) shift positions, OFF for a day off.
    """
    counts = cover_counts(problem, roster)
    short = [np.maximum(cover.need - count, 0).sum() for cover, count in zip(problem.cover, counts, strict=True)]
    extra = [np.maximum(count - cover.need, 0).sum() for cover, count in zip(problem.cover, counts, strict=True)]
    return Cost(
        float(line_costs(problem, roster).sum()),
        sum(times(cover.under, amount) for cover, amount in zip(problem.cover, short, strict=True)),
        sum(times(cover.over, amount) for cover, amount in zip(problem.cover, extra, strict=True)),
        sum(balance_cost(balance, roster) for balance in problem.balance),
    )


def price_table(problem: RosterProblem) -> F64:
    """Return (E, D, S + 1) what each shift, and last a day off, costs by itself."""
    return np.concatenate([problem.on_cost, problem.off_cost[:, :, None]], axis=2)


def line_costs(problem: RosterProblem, roster: I32) -> F64:
    """Return (E,) what each one's duties and days off cost."""
    # OFF is -1, and a day off is the last of the table.
    return np.asarray(
        np.take_along_axis(price_table(problem), roster[:, :, None] % (len(problem.shifts) + 1), axis=2).sum(axis=(1, 2))
    )


def works(shifts: NDArray[np.bool_], roster: I32) -> NDArray[np.bool_]:
    """Return, for each cell of a roster, whether it is one of some shifts."""
    return np.asarray(np.append(shifts, False)[roster])


def cover_counts(problem: RosterProblem, roster: I32) -> I64:
    """Return (C, D) how many are there for each need on each day."""
    _, days, _ = problem.shape
    counts = [cover_count(cover, roster) for cover in problem.cover]
    return np.array(counts, np.int64).reshape(len(problem.cover), days)


def cover_count(cover: Cover, roster: I32) -> I64:
    """Return (D,) how many are there for one need."""
    return np.asarray(works(cover.shifts, roster[cover.people]).sum(axis=0, dtype=np.int64))


def shares(balance: Balance, roster: I32) -> F64:
    """Return (E,) what each has of the work to be shared, with what was before; nan for those who do not share it."""
    counts = works(balance.shifts, roster[:, balance.days]).sum(axis=1)
    return np.where(balance.people, counts + balance.before, np.nan)


def balance_cost(balance: Balance, roster: I32) -> float:
    """Return what it costs that one has more than another."""
    if not balance.people.any():
        return 0.0
    share = shares(balance, roster)[balance.people]
    return balance.weight * float(share.max() - share.min())


def times(weight: float, amount: float) -> float:
    """Return weight times amount, where nothing costs nothing even if it is forbidden.

    >>> times(float("inf"), 0.0), times(2.0, 3.0)
    (0.0, 6.0)
    """
    return weight * float(amount) if amount else 0.0


def is_whole(problem: RosterProblem) -> bool:
    """Return whether every roster costs a whole number, so that a bound may be rounded up."""
    weights = [weight for cover in problem.cover for weight in (cover.under, cover.over) if weight != HARD]
    weights += [balance.weight for balance in problem.balance]
    fractions = [problem.on_cost, problem.off_cost, np.array(weights), *(balance.before for balance in problem.balance)]
    return all(bool(np.all(part == np.round(part))) for part in fractions)
