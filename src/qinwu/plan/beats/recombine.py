"""Recombination: two neighbouring beats joined and cut anew along a random spanning tree (DeFord, Duchin & Solomon 2021, ReCom)."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from qinwu.compiled import entry, inner
from qinwu.plan.beats.moves import Ground, Tally, count_beat, figures

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

MOST_CUTS = 8
"""So many cuts of a tree, the best balanced ones, are judged by the whole objective."""


@inner
def spanning_tree(start: I32, other: I32, lots: I32, inside: I32, rng: Generator) -> tuple[I32, I32]:
    """Return a random spanning tree of the lots of a connected set: lots in an order that parents precede, and their parents.

    Parameters
    ----------
    start, other
        The graph.
    lots
        (n,) the set.
    inside
        (L,) the place of each lot in `lots`, -1 for those outside.
    rng
        Of the weights.

    Notes
    -----
    Prim's algorithm over independent random weights of edges: the smallest spanning tree of them. Places are positions in
    `lots`; the first has parent -1. The tree is shorter than `lots` where the set is not connected.
    """
    count = len(lots)
    best = np.full(count, np.inf)
    parent = np.full(count, -1, np.int32)
    order = np.empty(count, np.int32)
    done = np.zeros(count, np.bool_)
    best[int(rng.random() * count)] = 0.0
    grown = 0
    for _ in range(count):
        here = -1
        for place in range(count):
            if not done[place] and best[place] < np.inf and (here < 0 or best[place] < best[here]):
                here = place
        if here < 0:
            break
        done[here] = True
        order[grown] = here
        grown += 1
        for at in range(start[lots[here]], start[lots[here] + 1]):
            near = inside[other[at]]
            if near >= 0 and not done[near]:
                weight = rng.random()
                if weight < best[near]:
                    best[near] = weight
                    parent[near] = here
    return order[:grown], parent


@inner
def below(order: I32, parent: I32, top: int) -> Bool:
    """Return (n,) which places hang below `top` in a tree, itself included."""
    under = np.zeros(len(parent), np.bool_)
    under[top] = True
    for place in order:
        if parent[place] >= 0 and under[parent[place]]:
            under[place] = True
    return under


@inner
def side_of(ground: Ground, lots: I32, under: Bool, one: int, two: int) -> int:
    """Return the beat that the lots `under` a cut become, `one` or `two`; -1 where lots fixed to a beat stand on both sides.

    Without fixed lots it is the way by which more residents keep their officer.
    """
    forced = -1
    gain = 0.0
    for place in range(len(lots)):
        lot = lots[place]
        if ground.fixed[lot] >= 0:
            wants = one if (ground.fixed[lot] == one) == under[place] else two
            if forced >= 0 and wants != forced:
                return -1
            forced = wants
        difference = ground.keep[lot, one] - ground.keep[lot, two]
        gain += difference if under[place] else -difference
    if forced >= 0:
        return forced
    return one if gain >= 0.0 else two


@inner
def assign(ground: Ground, tally: Tally, lots: I32, under: Bool, beat: int, rest: int) -> None:
    """Give the lots `under` a cut to `beat`, the others to `rest`, and count both."""
    for place in range(len(lots)):
        lot = lots[place]
        new = beat if under[place] else rest
        tally.kept[0] += ground.keep[lot, new] - ground.keep[lot, tally.label[lot]]
        tally.label[lot] = new
    count_beat(ground, tally, beat)
    count_beat(ground, tally, rest)


@entry
def merge_split(ground: Ground, tally: Tally, one: int, two: int, penalty: float, rng: Generator) -> bool:
    """Join two neighbouring beats and cut them anew; return whether a cut was found (the tally is unchanged otherwise).

    Of the cuts of one random tree the best balanced are counted, and that with the least value plus `penalty` times what it
    breaks is kept, better than before or not.
    """
    label = tally.label
    inside = np.full(len(label), -1, np.int32)
    lots = np.empty(tally.size[one] + tally.size[two], np.int32)
    count = 0
    for lot in range(len(label)):
        if label[lot] == one or label[lot] == two:
            lots[count] = lot
            inside[lot] = count
            count += 1
    before = label[lots]
    order, parent = spanning_tree(ground.start, ground.other, lots, inside, rng)
    if len(order) < count:
        return False
    hang = ground.work[lots]
    for at in range(count - 1, 0, -1):
        hang[parent[order[at]]] += hang[order[at]]
    uneven = np.abs(hang - hang[order[0]] / 2.0)
    uneven[order[0]] = np.inf
    best, chosen, beat_chosen = np.inf, -1, -1
    ranked = np.argsort(uneven + rng.random(count) * 1e-9)
    for top in ranked[: min(MOST_CUTS, count - 1)]:
        under = below(order, parent, top)
        beat = side_of(ground, lots, under, one, two)
        if beat < 0:
            continue
        assign(ground, tally, lots, under, beat, one + two - beat)
        value, broken = figures(ground, tally)
        if value + penalty * broken < best:
            best, chosen, beat_chosen = value + penalty * broken, top, beat
    under = below(order, parent, chosen) if chosen >= 0 else before == one
    beat = beat_chosen if chosen >= 0 else one
    assign(ground, tally, lots, under, beat, one + two - beat)
    return bool(chosen >= 0)
