"""Contiguity by cuts: where a district falls apart, the inequalities that say so, and the first ones of all.

A lot j is served from centre c only if, of any lots that separate j from c, at least one is, too (Carvajal et al. 2013; Validi,
Buchanan & Lykhovyd 2022, the CUT formulation). A separator found for one centre serves every centre on its far side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry
from qinwu.plan.beats.graph import pieces, reached

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Sparse rows ``low <= values x <= high`` over columns: ``start`` (N + 1,), ``column``, ``value``, ``low``, ``high`` (N,)."""

    start: I64
    column: I32
    value: F64
    low: F64
    high: F64

    @classmethod
    def of(cls, row: NDArray[np.integer], column: NDArray[np.integer], value: F64, low: F64, high: F64) -> Rows:
        """Return rows from entries in any order; ``low`` and ``high`` say how many rows there are."""
        order = np.argsort(row, kind="stable")
        start = np.zeros(len(low) + 1, np.int64)
        np.cumsum(np.bincount(row, minlength=len(low)), out=start[1:])
        return cls(start, np.asarray(column)[order].astype(np.int32), np.asarray(value, np.float64)[order], low, high)

    @classmethod
    def joined(cls, parts: list[Rows]) -> Rows:
        """Return all rows one after another."""
        offset = np.cumsum([0, *(part.start[-1] for part in parts)])
        start = np.concatenate([part.start[:-1] + offset[at] for at, part in enumerate(parts)] + [offset[-1:]])
        fields = ("column", "value", "low", "high")
        return cls(start, *(np.concatenate([getattr(part, field) for part in parts]) for field in fields))

    def __len__(self) -> int:
        return len(self.low)


def beside(start: I32, other: I32, site: I32, column: I32, light: Bool) -> Rows:
    """Return for every pair that its lot has a neighbour in the same district.

    Parameters
    ----------
    column
        (C, B) the variable of each pair, -1 where there is none.
    light
        (B,) lots that are too light to be a district by themselves: a centre there has a neighbour with it, too.
    """
    centre, lot = np.nonzero(column >= 0)
    touching = np.zeros(len(lot), np.bool_)
    degree = np.diff(start)
    for place, (c, j) in enumerate(zip(centre, lot, strict=True)):
        touching[place] = not light[j] if site[c] == j else site[c] in other[start[j] : start[j + 1]]
    centre, lot = centre[~touching], lot[~touching]
    rows = np.repeat(np.arange(len(lot)), degree[lot])
    at = np.concatenate([np.arange(start[j], start[j + 1]) for j in lot]) if len(lot) else np.zeros(0, np.int64)
    near = column[centre[rows], other[at]]
    real = near >= 0
    row = np.append(rows[real], np.arange(len(lot)))
    value = np.append(np.ones(int(real.sum())), -np.ones(len(lot)))
    return Rows.of(row, np.append(near[real], column[centre, lot]), value, np.zeros(len(lot)), np.full(len(lot), np.inf))


@entry
def around(start: I32, other: I32, piece: Bool, source: int) -> Bool:
    """Return (B,) the lots next to a piece from which `source` is reached without passing another of them (see graph.separator)."""
    lots = len(start) - 1
    ring = np.zeros(lots, np.bool_)
    for lot in range(lots):
        if piece[lot]:
            for at in range(start[lot], start[lot + 1]):
                if not piece[other[at]]:
                    ring[other[at]] = True
    far = reached(start, other, ~piece & ~ring, source)
    needed = np.zeros(lots, np.bool_)
    for lot in range(lots):
        if ring[lot]:
            for at in range(start[lot], start[lot + 1]):
                if far[other[at]]:
                    needed[lot] = True
    return needed


def separating(start: I32, other: I32, site: I32, column: I32, share: F64, least: float, lacking: F64, known: set[bytes]) -> Rows:
    """Return the separator rows that a solution breaks.

    A piece too light to be a district is left by every district that has a lot of it, also by one whose centre lies in it.

    Parameters
    ----------
    lacking
        (R, B) weight of each lot by the least of a district: a piece whose sum is below 1 in any row is too light.
    share
        (C, B) value of each pair, 0 where there is none; fractions allowed.
    least
        Lots with more than this value count as inside a district.
    known
        Keys of the rows made before; new ones are added.
    """
    row, col, value, count = [], [], [], 0
    for centre in np.flatnonzero(share.max(axis=1) > least):
        inside = share[centre] > least
        inside[site[centre]] = True
        apart = inside & ~reached(start, other, inside, int(site[centre]))
        if not apart.any():
            continue
        piece_of, many = pieces(start, other, np.where(apart, 0, -1).astype(np.int32))
        for number in range(many):
            piece = piece_of == number
            light = bool((lacking[:, piece].sum(axis=1) < 1.0).any())
            whole = bordering(start, other, piece)
            for goal in np.flatnonzero((column[:, piece] >= 0).any(axis=1)):
                if piece[site[goal]]:
                    if not light:
                        continue
                    ring = whole
                else:
                    if whole[site[goal]]:
                        continue
                    ring = around(start, other, piece, int(site[goal]))
                key = np.packbits(np.concatenate([ring, piece])).tobytes() + int(goal).to_bytes(4, "little")
                if key in known:
                    continue
                near = column[goal, ring]
                near = near[near >= 0]
                lots = column[goal, piece] if not piece[site[goal]] else column[goal, site[goal] : site[goal] + 1]
                lots = lots[lots >= 0]
                if goal != centre and least > 0.0:
                    worst = share[goal][piece].max() - share[goal][ring].sum()
                    if worst < 1e-6 and least < 0.5:
                        continue
                known.add(key)
                for lot in lots:
                    row.append(np.full(len(near) + 1, count))
                    col.append(np.append(near, lot))
                    value.append(np.append(np.ones(len(near)), -1.0))
                    count += 1
    none: list[F64] = [np.zeros(0)]
    return Rows.of(
        np.concatenate(row or none).astype(np.int64), np.concatenate(col or none), np.concatenate(value or none),
        np.zeros(count), np.full(count, np.inf),
    )  # fmt: skip


def bordering(start: I32, other: I32, piece: Bool) -> Bool:
    """Return (B,) the lots that border a piece."""
    ring = np.zeros(len(piece), np.bool_)
    ring[other[np.repeat(piece, np.diff(start))]] = True
    return ring & ~piece
