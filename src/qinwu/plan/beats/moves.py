"""Moves: what one lot changing its beat does to every figure of a plan, compiled.

A lot is an atom, or the atoms of a community that is kept whole. The figures of a plan are sums over lots by beat (a
:class:`Tally`), so that a move costs one pass over the standing places, a microsecond at a few hundred atoms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry, inner
from qinwu.plan.beats.graph import connected_without

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

KEPT_WHOLE = 1e-9
"""A rule is kept when it is broken by no more than this."""


class Ground(NamedTuple):
    """What is to be divided, L lots of J atoms into K beats.

    ``start``, ``other`` the neighbours of lots (:class:`qinwu.plan.beats.graph.Graph`); ``lot_of`` (J,) the lot of each atom;
    ``work`` (L,) hours a week; ``cost`` (L, J) seconds a week from standing atom to the calls of the lot; ``moment`` (L, 4), see
    :mod:`qinwu.plan.beats.shapes`; ``keep`` (L, K) share of all residents who keep their officer where the lot is in that beat;
    ``fixed`` (L,) the beat it must be in, -1 for any. ``low``, ``high`` hours a week of a beat; ``compact`` least compactness of a
    beat; ``stay`` least share of residents who keep their officer. ``unit_s`` turns the sum of costs into a figure near 1.
    ``aim`` (4,) what counts how much: response, balance, compactness, continuity.
    """

    start: I32
    other: I32
    lot_of: I32
    work: F64
    cost: F64
    moment: F64
    keep: F64
    fixed: I32
    low: float
    high: float
    compact: float
    stay: float
    unit_s: float
    aim: F64


class Tally(NamedTuple):
    """The figures of one plan: ``label`` (L,) the beat of each lot; by beat ``size`` in lots, ``work`` hours, ``cost`` (K, J) from
    every atom, ``moment`` (K, 4), ``near`` the least cost from an atom inside and ``centre`` that atom; ``kept`` (1,) the share of
    residents who keep their officer.
    """

    label: I32
    size: I32
    work: F64
    cost: F64
    moment: F64
    near: F64
    centre: I32
    kept: F64


def empty_tally(label: NDArray[np.integer], beats: int, atoms: int) -> Tally:
    """Return a tally of `beats` beats that has counted nothing yet; see :func:`count_all`."""
    zeros = np.zeros
    return Tally(
        np.array(label, dtype=np.int32),
        zeros(beats, np.int32),
        zeros(beats),
        zeros((beats, atoms)),
        zeros((beats, 4)),
        zeros(beats),
        zeros(beats, np.int32),
        zeros(1),
    )


def counted(ground: Ground, label: NDArray[np.integer], beats: int) -> Tally:
    """Return the tally of a labelling."""
    tally = empty_tally(label, beats, len(ground.lot_of))
    count_all(ground, tally)
    return tally


def copied(tally: Tally) -> Tally:
    """Return a tally of its own with the same figures."""
    label, size, work, cost = tally.label.copy(), tally.size.copy(), tally.work.copy(), tally.cost.copy()
    return Tally(label, size, work, cost, tally.moment.copy(), tally.near.copy(), tally.centre.copy(), tally.kept.copy())


@inner
def count_beat(ground: Ground, tally: Tally, beat: int) -> None:
    """Count one beat anew from its lots; `kept` is left as it is."""
    tally.size[beat] = 0
    tally.work[beat] = 0.0
    tally.cost[beat, :] = 0.0
    tally.moment[beat, :] = 0.0
    for lot in range(len(tally.label)):
        if tally.label[lot] == beat:
            tally.size[beat] += 1
            tally.work[beat] += ground.work[lot]
            for atom in range(len(ground.lot_of)):
                tally.cost[beat, atom] += ground.cost[lot, atom]
            for part in range(4):
                tally.moment[beat, part] += ground.moment[lot, part]
    find_centre(ground, tally, beat)


@entry
def count_all(ground: Ground, tally: Tally) -> None:
    """Count every beat anew."""
    for beat in range(len(tally.size)):
        count_beat(ground, tally, beat)
    tally.kept[0] = 0.0
    for lot in range(len(tally.label)):
        tally.kept[0] += ground.keep[lot, tally.label[lot]]


@inner
def find_centre(ground: Ground, tally: Tally, beat: int) -> None:
    """Find the atom of a beat from which its calls are nearest."""
    best, centre = np.inf, -1
    for atom in range(len(ground.lot_of)):
        if tally.label[ground.lot_of[atom]] == beat and tally.cost[beat, atom] < best:
            best, centre = tally.cost[beat, atom], atom
    tally.near[beat] = best if centre >= 0 else 0.0
    tally.centre[beat] = centre


@inner
def round_of(size: float, x: float, y: float, polar: float) -> float:
    """Return the compactness of one shape, see :func:`qinwu.plan.beats.shapes.compactness`."""
    own = polar - (x * x + y * y) / max(size, 1e-12)
    return size * size / (2.0 * np.pi * max(own, 1e-12))


@entry
def figures(ground: Ground, tally: Tally) -> tuple[float, float]:
    """Return what is minimised, and by how much the rules are broken (0: none is), as shares of what is allowed."""
    beats = len(tally.work)
    mean = tally.work.sum() / beats
    squares = 0.0
    compact = 0.0
    broken = 0.0
    for beat in range(beats):
        squares += (tally.work[beat] / mean - 1.0) ** 2
        broken += max(0.0, tally.work[beat] - ground.high) / mean + max(0.0, ground.low - tally.work[beat]) / mean
        here = round_of(tally.moment[beat, 0], tally.moment[beat, 1], tally.moment[beat, 2], tally.moment[beat, 3])
        compact += here
        broken += max(0.0, ground.compact - here)
    broken += max(0.0, ground.stay - tally.kept[0])
    value = ground.aim[0] * tally.near.sum() / ground.unit_s + ground.aim[1] * np.sqrt(squares / beats)
    value += ground.aim[2] * (1.0 - compact / beats) + ground.aim[3] * (1.0 - tally.kept[0])
    return value, broken if broken > KEPT_WHOLE else 0.0


@entry
def flip(ground: Ground, tally: Tally, lot: int, beat: int) -> None:
    """Put a lot into another beat and keep every figure of the tally right; contiguity is the caller's business."""
    old = tally.label[lot]
    tally.label[lot] = beat
    tally.kept[0] += ground.keep[lot, beat] - ground.keep[lot, old]
    tally.size[old] -= 1
    tally.size[beat] += 1
    tally.work[old] -= ground.work[lot]
    tally.work[beat] += ground.work[lot]
    for part in range(4):
        tally.moment[old, part] -= ground.moment[lot, part]
        tally.moment[beat, part] += ground.moment[lot, part]
    leave, enter = np.inf, np.inf
    at_old, at_new = -1, -1
    for atom in range(len(ground.lot_of)):
        more = ground.cost[lot, atom]
        tally.cost[old, atom] -= more
        tally.cost[beat, atom] += more
        here = tally.label[ground.lot_of[atom]]
        if here == old and tally.cost[old, atom] < leave:
            leave, at_old = tally.cost[old, atom], atom
        elif here == beat and tally.cost[beat, atom] < enter:
            enter, at_new = tally.cost[beat, atom], atom
    tally.near[old] = leave if at_old >= 0 else 0.0
    tally.near[beat] = enter
    tally.centre[old], tally.centre[beat] = at_old, at_new


@inner
def may_leave(ground: Ground, tally: Tally, lot: int, mark: I32, queue: I32, stamp: int) -> bool:
    """Return whether a lot may leave its beat: it is not fixed, not the last, and the others stay in one piece without it."""
    if ground.fixed[lot] >= 0 or tally.size[tally.label[lot]] < 2:
        return False
    return bool(connected_without(ground.start, ground.other, tally.label, lot, mark, queue, stamp))


@inner
def borders(ground: Ground, tally: Tally, lot: int, beat: int) -> bool:
    """Return whether a lot has a neighbour in a beat."""
    found = False
    for at in range(ground.start[lot], ground.start[lot + 1]):
        found |= tally.label[ground.other[at]] == beat
    return found
