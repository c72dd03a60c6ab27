"""Construction: a first contiguous plan, from the beats in force or from nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.graph import hops
from qinwu.plan.beats.problem import BeatProblem

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]


def from_today(problem: BeatProblem) -> I32 | None:
    """Return (L,) the beats in force, mended: pieces joined, atoms without beat given away, new beats split off; None where
    there are none, or where they fit neither fixed lots nor the parts into which borders cut the area.
    """
    if not problem.today.ids:
        return None
    label = _of_lots(problem)
    label = _largest_pieces(problem, label)
    for beat in range(problem.beats):
        if not (label == beat).any() and not _split_off(problem, label, beat):
            return None
    fixed = problem.ground.fixed
    return grown(problem, label) if (label[fixed >= 0] == fixed[fixed >= 0]).all() else None


def from_nothing(problem: BeatProblem, rng: np.random.Generator) -> I32 | None:
    """Return (L,) beats grown from seeds far apart, the least loaded first; None where fixed lots cannot be joined.

    Parts of the area that borders cut apart get seeds by their work, at least one each.
    """
    label = joined_fixed(problem)
    if label is None:
        return None
    part, parts = problem.graph.pieces()
    free = [beat for beat in range(problem.beats) if not (label == beat).any()]
    for number, count in enumerate(seeds_by_part(problem, part, parts, label)):
        for _ in range(count):
            lot = _far(problem, label, part == number, rng)
            if lot < 0 or not free:
                return None
            label[lot] = free.pop(0)
    return None if free else grown(problem, label)


def seeds_by_part(problem: BeatProblem, part: I32, parts: int, label: I32) -> list[int]:
    """Return how many new beats each part of the area gets: by its work, by largest remainders, at least one in each."""
    work = np.bincount(part, problem.ground.work, parts)
    there = np.array([len(set(label[(part == number) & (label >= 0)].tolist())) for number in range(parts)])
    want = np.maximum(there, 1)
    due = work / max(float(work.sum()), 1e-300) * problem.beats
    while want.sum() < problem.beats:
        want[int((due - want).argmax())] += 1
    return [int(count) for count in want - there]


def joined_fixed(problem: BeatProblem) -> I32 | None:
    """Return (L,) fixed lots and the lots on short ways between those of one beat, -1 elsewhere; None where there is no way."""
    label = problem.ground.fixed.copy()
    for beat in range(problem.beats):
        while True:
            piece, _ = problem.graph.pieces(np.where(label == beat, 0, -1))
            if piece.max() < 1:
                break
            way = _way(problem, label, beat, piece)
            if way is None:
                return None
            label[way] = beat
    return label


def grown(problem: BeatProblem, label: I32) -> I32 | None:
    """Return `label` with every lot in a beat: the least loaded beat takes the cheapest lot at its border, again and again."""
    label = label.copy()
    ground = problem.ground
    work = np.bincount(label[label >= 0], ground.work[label >= 0], problem.beats)
    open_ = np.ones(problem.beats, dtype=bool)
    while (label < 0).any():
        if not open_.any():
            return None
        beat = int(np.where(open_, work, np.inf).argmin())
        edge = [lot for lot in _around(problem, label, beat) if label[lot] < 0]
        if not edge:
            open_[beat] = False
            continue
        atoms = np.flatnonzero(label[ground.lot_of] == beat)
        lot = min(edge, key=lambda one: float(ground.cost[one, atoms].min()) / max(float(ground.work[one]), 1e-9))
        label[lot] = beat
        work[beat] += ground.work[lot]
    return label


def _of_lots(problem: BeatProblem) -> I32:
    """Return (L,) the beat in force of most atoms of each lot among those that remain, fixed lots where they are fixed."""
    names = {name: number for number, name in enumerate(problem.names)}
    new = np.array([names.get(one, -1) for one in problem.today.ids] + [-1], dtype=np.int32)
    beat_of = new[problem.today.beat_of]
    label = np.full(len(problem.lots), -1, dtype=np.int32)
    for lot, atoms in enumerate(problem.lots):
        found = beat_of[atoms][beat_of[atoms] >= 0]
        label[lot] = np.bincount(found).argmax() if len(found) else -1
    fixed = problem.ground.fixed
    return np.where(fixed >= 0, fixed, label).astype(np.int32)


def _largest_pieces(problem: BeatProblem, label: I32) -> I32:
    """Return `label` with only the piece of each beat that holds its fixed lots, else the one with most work."""
    piece, count = problem.graph.pieces(label)
    work = np.bincount(piece[piece >= 0], problem.ground.work[piece >= 0], count)
    held = problem.ground.fixed >= 0
    work = work + 1e9 * np.bincount(piece[held & (piece >= 0)], minlength=count)
    kept = label.copy()
    for beat in range(problem.beats):
        pieces = np.unique(piece[label == beat])
        if len(pieces) > 1:
            kept[(label == beat) & (piece != pieces[work[pieces].argmax()])] = -1
    return kept


def _split_off(problem: BeatProblem, label: I32, beat: int) -> bool:
    """Give a beat that has no lot about half of the busiest beat that can be split; return whether there was one."""
    work = np.bincount(label[label >= 0], problem.ground.work[label >= 0], problem.beats)
    for old in np.argsort(-work).tolist():
        lots = np.flatnonzero((label == old) & (problem.ground.fixed < 0))
        if (label == old).sum() < 2 or not len(lots):
            continue
        start = int(lots[_distance(problem, lots, np.flatnonzero(label == old)).argmax()])
        steps = hops(problem.graph.start, problem.graph.other, label == old, start)
        order = [lot for lot in np.argsort(steps, kind="stable").tolist() if steps[lot] >= 0]
        for size in range(_half(problem, order), 0, -1):
            chosen = order[:size]
            rest = order[size:]
            if rest and problem.ground.fixed[chosen].max() < 0 and problem.graph.connected(rest):
                label[chosen] = beat
                return True
    return False


def _half(problem: BeatProblem, order: list[int]) -> int:
    sums = np.cumsum(problem.ground.work[order])
    return max(1, int(np.searchsorted(sums, sums[-1] / 2.0)))


def _distance(problem: BeatProblem, lots: NDArray[np.int64], others: NDArray[np.int64]) -> F64:
    """Return how far each of `lots` is from `others` on average, seconds."""
    travel = problem.station.area.travel.base_s
    first = np.array([atoms[0] for atoms in problem.lots])
    found: F64 = travel[np.ix_(first[lots], first[others])].mean(axis=1).astype(np.float64)
    return found


def _far(problem: BeatProblem, label: I32, inside: NDArray[np.bool_], rng: np.random.Generator) -> int:
    """Return a free lot of a part, drawn by work and by how far it is from lots that have a beat (k-means++); -1 for none."""
    free = np.flatnonzero(inside & (label < 0))
    if not len(free):
        return -1
    first = np.array([atoms[0] for atoms in problem.lots])
    taken = np.flatnonzero(label >= 0)
    travel = problem.station.area.travel.base_s
    far = travel[np.ix_(first[taken], first[free])].min(axis=0).astype(np.float64) if len(taken) else np.ones(len(free))
    weight = far * far * np.maximum(problem.ground.work[free], 1e-9)
    return int(rng.choice(free, p=weight / weight.sum()))


def _around(problem: BeatProblem, label: I32, beat: int) -> list[int]:
    """Return the neighbours of a beat."""
    inside = np.flatnonzero(label == beat)
    return sorted({int(near) for lot in inside for near in problem.graph.neighbours(int(lot)) if label[near] != beat})


def _way(problem: BeatProblem, label: I32, beat: int, piece: I32) -> list[int] | None:
    """Return free lots on a shortest way from the first piece of a beat to another; None where there is none."""
    open_ = (label < 0) | (label == beat)
    source = int(np.flatnonzero(piece == 0)[0])
    steps = hops(problem.graph.start, problem.graph.other, open_, source)
    others = np.flatnonzero((piece > 0) & (steps >= 0))
    if not len(others):
        return None
    here = int(others[steps[others].argmin()])
    way = []
    while here != source:
        near = problem.graph.neighbours(here)
        here = int(near[(steps[near] == steps[here] - 1) & open_[near]][0])
        way += [here] if label[here] < 0 else []
    return way
