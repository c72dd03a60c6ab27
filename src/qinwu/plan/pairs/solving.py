"""Solving a pairing problem: stable where it can be, else the fewest blocking pairs; the cheapest of those."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.pairs.almost import Relaxed, strike
from qinwu.plan.pairs.clauses import cheapest_stable
from qinwu.plan.pairs.matching import cheapest_matching
from qinwu.plan.pairs.problem import ALONE, I32, REFUSED, Bool, PairProblem
from qinwu.plan.pairs.program import StableProgram, pairs_of
from qinwu.plan.pairs.ties import broken_well

MOST_EXACT = 4_000
"""Pairs up to which everything is put into one program: 90 officers who accept each other."""
MOST_ROWS = 400_000
"""Entries of rows up to which blocking pairs are watched in a larger program."""
SHARE_FOR_TIES = 0.3
"""This share of the time left is spent on breaking ties well."""
CHEAP = 6
"""So many of the cheapest partners of each are in a larger program besides those who want each other."""

Found = Literal["table", "program", "sparse", "struck", "earlier"]


@dataclass(frozen=True)
class PairSolution:
    """Partners, and what is known of them.

    Parameters
    ----------
    mate
        (n,) the partner of each, -1 for none.
    cost, cost_bound
        What the pairs cost together; no pairing with as few blocking pairs (and as many pairs) costs less than the bound.
    blocking
        (B, 2) pairs who would both rather have each other.
    blocking_bound
        No pairing has fewer.
    cheapest
        What the cheapest pairing of all costs, however unstable; nan where there was no time.
    found
        How: in the table that Irving's proposals leave, by the full program, by one over the likely pairs, by striking pairs, or
        kept from an earlier plan.
    """

    mate: I32
    cost: float
    cost_bound: float
    blocking: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    blocking_bound: int
    cheapest: float
    found: Found

    @property
    def stable(self) -> bool:
        """Whether no two would rather have each other."""
        return len(self.blocking) == 0


def solve_pairs(problem: PairProblem, running: Running, start: I32 | None = None) -> PairSolution:
    """Pair people: as few blocking pairs as possible, then as cheap as possible.

    Ties stay ties: two people block only where both truly prefer each other (weak stability), so what nobody said is not held
    against a pairing. With strict preferences Irving's algorithm says whether a stable pairing exists, and the cheapest is found
    among the pairs its proposals leave (every stable pairing is made of those: Gusfield & Irving 1989, *The Stable Marriage
    Problem*, section 4.2). With ties, or where everybody must have a partner, up to `MOST_EXACT` pairs are put into one program;
    beyond, ties are broken by the cost, or better, and the result is bounded by the cheapest pairing of all.

    Parameters
    ----------
    problem
        Who may pair with whom.
    running
        Time and seed.
    start
        (n,) an earlier pairing: never given up for a worse one.
    """
    relaxed = strike(problem.places(), running)
    found = _from_table(problem, relaxed, running)
    full = int(problem.allowed.sum()) // 2 <= MOST_EXACT
    if not (problem.strict and found.stable and _complete(problem, found)):
        found = _exactly(problem, found, running) if full else _widely(problem, found, running)
    if start is not None:
        found = _kept(problem, found, start)
    return _priced(problem, found, running)


def _complete(problem: PairProblem, found: PairSolution) -> bool:
    """Return whether nobody is left without a partner who must not be."""
    return not problem.everybody or int((found.mate == ALONE).sum()) == int(problem.odd)


def _score(problem: PairProblem, found: PairSolution) -> tuple[int, int, float]:
    alone = int((found.mate == ALONE).sum()) if problem.everybody else 0
    return alone, len(found.blocking), found.cost


def _solution(problem: PairProblem, mate: I32, bound: float, least: int, found: Found) -> PairSolution:
    return PairSolution(mate, problem.total(mate), bound, problem.blocking(mate), least, np.nan, found)


def _from_table(problem: PairProblem, relaxed: Relaxed, running: Running) -> PairSolution:
    """Return the cheapest stable pairing of the preferences that striking left."""
    mate, least = _mates_of(relaxed), relaxed.least if problem.strict and not problem.everybody else 0
    if problem.strict and problem.everybody and bool(problem.allowed.sum() == len(problem) * (len(problem) - 1)):
        least = relaxed.least
    if not relaxed.partition.odd():
        table = _table(relaxed)
        inner = PairProblem(relaxed.places, problem.cost, everybody=False)
        program = StableProgram(inner, pairs_of(table), pairs_of(table), may_yield=False)
        mate, proven = cheapest_stable(program, running, mate)
        if problem.strict and not relaxed.let_down:
            return _solution(problem, mate, problem.total(mate) if proven else -np.inf, least, "table")
    return _solution(problem, mate, -np.inf, least, "struck")


def _mates_of(relaxed: Relaxed) -> I32:
    """Return the partners of the stable partition: cycles of two; even cycles split; odd parties lose one member."""
    from qinwu.plan.pairs.irving import cycles

    mate = np.full(len(relaxed.places), ALONE, dtype=np.int32)
    for cycle in cycles(relaxed.partition.after):
        for one, two in zip(cycle[::2], cycle[1::2], strict=False):
            mate[one], mate[two] = two, one
    return mate


def _table(relaxed: Relaxed) -> Bool:
    """Return (n, n) the pairs that the proposals leave: all stable pairings are made of them."""
    within = (relaxed.places >= 0) & (relaxed.places <= relaxed.partition.worst[:, None])
    return within & within.T


def _exactly(problem: PairProblem, known: PairSolution, running: Running) -> PairSolution:
    """Return the best pairing of all: first the fewest blocking pairs, then the least cost."""
    program = StableProgram(problem, pairs_of(problem.allowed), pairs_of(problem.may_block & problem.allowed), may_yield=True)
    start = known.mate if _complete(problem, known) else None
    fewest, least = len(known.blocking), known.blocking_bound
    if start is None or fewest > least:
        solved = program.fewest_blocking(running, start)
        least = max(least, int(np.ceil(solved.bound - 1e-6)) if np.isfinite(solved.bound) else 0)
        better = program.mates(solved)
        if better is not None:
            start, fewest = better, len(problem.blocking(better))
    if start is None:
        return known
    solved = program.cheapest(fewest, running, start)
    better = program.mates(solved)
    mate = start if better is None else better
    bound = problem.total(mate) if solved.optimal else -np.inf
    return _solution(problem, mate, bound, least, "program")


def _widely(problem: PairProblem, known: PairSolution, running: Running) -> PairSolution:
    """Return a good pairing of many: ties broken in several ways, then a program over the pairs that are likely."""
    best = known
    if not problem.strict and not best.stable:
        until = running.seconds + running.left * SHARE_FOR_TIES
        again = _from_table(problem, strike(broken_well(problem, running, until), running), running)
        best = min(best, again, key=lambda one: _score(problem, one))
    if not _complete(problem, best):
        best = min(best, _completed(problem, best, running), key=lambda one: _score(problem, one))
    watched = pairs_of(problem.may_block & problem.allowed)
    edges = _likely(problem, best.mate)
    if problem.strict or len(watched) * len(edges) / max(len(problem), 1) > MOST_ROWS:
        return best
    program = StableProgram(problem, edges, watched, may_yield=len(best.blocking) > 0)
    for fewest in (not best.stable, False):
        solved = program.fewest_blocking(running, best.mate) if fewest else program.cheapest(len(best.blocking), running, best.mate)
        better = program.mates(solved)
        if better is not None:
            again = _solution(problem, better, -np.inf, best.blocking_bound, "sparse")
            best = min(best, again, key=lambda one: _score(problem, one))
    return best


def _completed(problem: PairProblem, known: PairSolution, running: Running) -> PairSolution:
    """Return a pairing of everybody that keeps as many of the pairs known as it can."""
    keep = np.where(problem.allowed, 1.0 + problem.cost / max(1.0, float(problem.cost.max())), 1e4)
    one = np.flatnonzero(known.mate >= 0)
    keep[one, known.mate[one]] = 0.0
    mate = cheapest_matching(keep, running).mate
    return _solution(problem, _only_allowed(problem, mate), -np.inf, known.blocking_bound, "struck")


def _only_allowed(problem: PairProblem, mate: I32) -> I32:
    people = np.arange(len(mate))
    fine = (mate >= 0) & (problem.levels[people, mate] > REFUSED)
    return np.where(fine, mate, ALONE).astype(np.int32)


def _likely(problem: PairProblem, mate: I32) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the pairs known, those of whom one wants the other, and the cheapest of each."""
    likely = problem.allowed & (problem.levels < problem.worst[:, None])
    apart = np.where(problem.allowed, problem.cost, np.inf)
    near = np.argpartition(apart, CHEAP, axis=1)[:, :CHEAP]
    np.put_along_axis(likely, near, values=True, axis=1)
    one = np.flatnonzero(mate >= 0)
    likely[one, mate[one]] = True
    return pairs_of((likely | likely.T) & problem.allowed)


def _kept(problem: PairProblem, found: PairSolution, start: I32) -> PairSolution:
    """Return the earlier pairing where it is still allowed and better."""
    earlier = _solution(problem, _only_allowed(problem, start), -np.inf, found.blocking_bound, "earlier")
    return earlier if _score(problem, earlier) < _score(problem, found) else found


def _priced(problem: PairProblem, found: PairSolution, running: Running) -> PairSolution:
    """Add what the cheapest pairing of all costs, which also bounds this one where everybody has a partner."""
    if running.over or len(problem) < 2:
        return found
    far = 1e3 * max(1.0, float(problem.cost.max()))
    matching = cheapest_matching(np.where(problem.allowed, problem.cost, far), running)
    cheapest = matching.cost if matching.cost < far else np.nan
    bound = max(found.cost_bound, matching.bound) if _complete(problem, found) and problem.everybody else found.cost_bound
    return replace(found, cheapest=cheapest, cost_bound=min(bound, found.cost))
