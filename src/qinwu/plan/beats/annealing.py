"""Annealing: flips, swaps and recombinations of a plan, taken by their gain and a falling temperature, compiled.

Contiguity is never given up; other rules may be broken on the way at a penalty, but only plans that break none are kept as best.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from qinwu.compiled import entry, inner, overwrite
from qinwu.plan.beats.moves import Ground, Tally, borders, count_beat, figures, flip, may_leave
from qinwu.plan.beats.recombine import merge_split

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

SWAPS = 0.15
"""The share of moves that exchange two lots across a border rather than move one."""


class Best(NamedTuple):
    """The best plan met: ``label`` (L,), and ``value`` (2,) what it reaches and by how much it breaks the rules."""

    label: I32
    value: F64

    @classmethod
    def none(cls, lots: int) -> Best:
        """Return no plan yet."""
        return cls(np.zeros(lots, np.int32), np.array([np.inf, np.inf]))


@inner
def keep_best(tally: Tally, best: Best, value: float, broken: float) -> None:
    """Remember a plan that breaks less than the best so far, or as little at a lower value."""
    if broken < best.value[1] or (broken == best.value[1] and value < best.value[0] - 1e-12):
        overwrite(best.label, tally.label)
        best.value[0], best.value[1] = value, broken


@entry
def anneal(ground: Ground, tally: Tally, best: Best, moves: int, warm: float, cold: float, penalty: float, rng: Generator) -> int:
    """Try `moves` flips and swaps while the temperature falls from `warm` to `cold`; return how many were taken.

    Parameters
    ----------
    ground, tally
        What is divided, and the plan to start from, which is changed.
    best
        The best plan so far, changed where a better one is met.
    moves
        How many to try, >= 1.
    warm, cold
        Temperatures in the unit of the value, > 0.
    penalty
        Value of breaking the rules by 1.
    rng
        Of every draw.
    """
    lots = len(tally.label)
    mark, queue = np.zeros(lots, np.int32), np.empty(lots, np.int32)
    stamp = 1
    value, broken = figures(ground, tally)
    keep_best(tally, best, value, broken)
    now = value + penalty * broken
    cooling = (cold / warm) ** (1.0 / moves)
    heat = warm
    taken = 0
    for _ in range(moves):
        heat *= cooling
        lot = int(rng.random() * lots)
        first, last = ground.start[lot], ground.start[lot + 1]
        if first == last:
            continue
        old, beat = tally.label[lot], tally.label[ground.other[first + int(rng.random() * (last - first))]]
        stamp = 1 if stamp > 2_000_000_000 else stamp + 2
        if stamp == 1:
            mark[:] = 0
        if beat == old or not may_leave(ground, tally, lot, mark, queue, stamp):
            continue
        flip(ground, tally, lot, beat)
        partner = -1
        if rng.random() < SWAPS:
            partner, stamp = back(ground, tally, lot, beat, old, mark, queue, stamp, rng)
            if partner >= 0:
                flip(ground, tally, partner, old)
        value, broken = figures(ground, tally)
        then = value + penalty * broken
        if then <= now or rng.random() < exp((now - then) / heat):
            now = then
            taken += 1
            keep_best(tally, best, value, broken)
            continue
        if partner >= 0:
            flip(ground, tally, partner, beat)
        flip(ground, tally, lot, old)
    return taken


@inner
def back(
    ground: Ground, tally: Tally, lot: int, beat: int, old: int, mark: I32, queue: I32, stamp: int, rng: Generator
) -> tuple[int, int]:
    """Return a lot of `beat`, other than `lot`, that may go to `old` in exchange (-1: none met), and the stamp used last."""
    lots = len(tally.label)
    first = int(rng.random() * lots)
    for step in range(lots):
        other = (first + step) % lots
        if other != lot and tally.label[other] == beat and borders(ground, tally, other, old):
            stamp += 2
            if may_leave(ground, tally, other, mark, queue, stamp):
                return other, stamp
    return -1, stamp


@entry
def recombine(ground: Ground, tally: Tally, best: Best, times: int, heat: float, penalty: float, rng: Generator) -> int:
    """Recombine random pairs of neighbouring beats `times` times, each kept by its gain and `heat`; return how many were kept."""
    value, broken = figures(ground, tally)
    keep_best(tally, best, value, broken)
    now = value + penalty * broken
    kept = 0
    before = tally.label.copy()
    for _ in range(times):
        lot = int(rng.random() * len(tally.label))
        first, last = ground.start[lot], ground.start[lot + 1]
        if first == last:
            continue
        one, two = tally.label[lot], tally.label[ground.other[first + int(rng.random() * (last - first))]]
        overwrite(before, tally.label)
        if one == two or not merge_split(ground, tally, one, two, penalty, rng):
            continue
        value, broken = figures(ground, tally)
        then = value + penalty * broken
        if then <= now or rng.random() < exp((now - then) / heat):
            now = then
            kept += 1
            keep_best(tally, best, value, broken)
        else:
            overwrite(tally.label, before)
            count_pair(ground, tally, one, two)
    return kept


@inner
def count_pair(ground: Ground, tally: Tally, one: int, two: int) -> None:
    """Count two beats, and who keeps the officer, anew."""
    count_beat(ground, tally, one)
    count_beat(ground, tally, two)
    tally.kept[0] = 0.0
    for lot in range(len(tally.label)):
        tally.kept[0] += ground.keep[lot, tally.label[lot]]
