"""Land and parts: what is divided and the districts so far, and the questions every move asks of them, compiled.

District k is the lots labelled k; its centre is candidate ``centre[k]``, whose own lot never leaves it.

Numbers read from an array of 32 bits are widened at once (``int64``): each function is compiled for one kind of number only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import int64
from numpy.typing import NDArray

from qinwu.compiled import entry, inner
from qinwu.plan.beats.graph import connected_without

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


class Land(NamedTuple):
    """What is divided: the arrays of a :class:`~qinwu.plan.beats.core.Core`; ``apart`` in compressed rows, both ways."""

    start: I32
    other: I32
    cost: F64
    may: Bool
    site: I32
    weight: F64
    low: F64
    high: F64
    scale: F64
    needed: Bool
    nearer: Bool
    need: I8
    apart_start: I32
    apart_other: I32
    contiguous: bool


class Parts(NamedTuple):
    """Districts: ``label`` (B,) of each lot, ``centre`` (K,) candidates, ``load`` (R, K).

    ``mark``, ``queue`` (B,) and ``stamp`` (1,) are scratch of the searches.
    """

    label: I32
    centre: I32
    load: F64
    mark: I32
    queue: I32
    stamp: I64


@entry
def weigh(land: Land, parts: Parts) -> None:
    """Sum the loads anew."""
    parts.load[:, :] = 0.0
    for lot in range(len(parts.label)):
        if parts.label[lot] >= 0:
            for row in range(len(land.low)):
                parts.load[row, parts.label[lot]] += land.weight[row, lot]


@entry
def total_cost(land: Land, parts: Parts) -> float:
    """Return what the districts cost."""
    total = 0.0
    for lot in range(len(parts.label)):
        total += land.cost[parts.centre[parts.label[lot]], lot]
    return total


@inner
def over(land: Land, row: int, load: float) -> float:
    """Return by how much a load passes its bounds, in means of a district."""
    if load > land.high[row]:
        return (load - land.high[row]) / land.scale[row]
    if load < land.low[row]:
        return (land.low[row] - load) / land.scale[row]
    return 0.0


@entry
def total_over(land: Land, parts: Parts) -> float:
    """Return by how much all bounds are passed together; pairs kept apart that are together count 1 each."""
    total = 0.0
    for row in range(len(land.low)):
        for district in range(len(parts.centre)):
            total += over(land, row, parts.load[row, district])
    for lot in range(len(parts.label)):
        total += 0.5 * together(land, parts.label, lot, int64(parts.label[lot]))
    return total


@inner
def together(land: Land, label: I32, lot: int, district: int) -> float:
    """Return how many lots that must be apart from this one are in a district."""
    count = 0.0
    for at in range(land.apart_start[lot], land.apart_start[lot + 1]):
        count += label[land.apart_other[at]] == district
    return count


@inner
def supported(land: Land, label: I32, candidate: int, district: int, lot: int, leaving: int) -> bool:
    """Return whether a lot has the neighbours it needs in a district, `leaving` being gone (the lot itself: none is).

    True where there is no such rule.
    """
    if len(land.need) == 0:
        return True
    need = land.need[candidate, lot]
    if need == 0:
        return True
    for at in range(land.start[lot], land.start[lot + 1]):
        if land.nearer[candidate, at] and label[land.other[at]] == district and land.other[at] != leaving:
            need -= 1
            if need == 0:
                return True
    return False


@inner
def borders(land: Land, label: I32, lot: int, district: int) -> bool:
    """Return whether a lot has a neighbour in a district."""
    for at in range(land.start[lot], land.start[lot + 1]):  # noqa: SIM110 - numba compiles no generator here
        if label[land.other[at]] == district:
            return True
    return False


@inner
def may_leave(land: Land, parts: Parts, lot: int) -> bool:
    """Return whether a lot's district stays whole, and its lots supported, without it."""
    label = parts.label
    district = int64(label[lot])
    candidate = int64(parts.centre[district])
    if land.site[candidate] == lot:
        return False
    if len(land.need) > 0:
        for at in range(land.start[lot], land.start[lot + 1]):
            near = int64(land.other[at])
            kin = label[near] == district and near != land.site[candidate]
            if kin and not supported(land, label, candidate, district, near, lot):
                return False
    if land.contiguous:
        parts.stamp[0] += 2
        return connected_without(land.start, land.other, label, lot, parts.mark, parts.queue, parts.stamp[0])
    return True


@inner
def may_enter(land: Land, parts: Parts, lot: int, district: int) -> bool:
    """Return whether a lot may be served there, borders the district where it must, and has its support."""
    candidate = int64(parts.centre[district])
    if not land.may[candidate, lot]:
        return False
    if land.contiguous and not borders(land, parts.label, lot, district):
        return False
    return supported(land, parts.label, candidate, district, lot, lot)
