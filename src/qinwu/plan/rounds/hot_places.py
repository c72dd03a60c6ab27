"""Hot places: where residents call from most, by six hours of the day; places and hours only, never people.

Only calls of residents count: what officers find themselves says where officers were (Ensign et al. 2018, PMLR 81: 160-171), and
patrols sent by it would send themselves there again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.calendar import DAY_S, HOUR_S
from qinwu.plan.rounds.routing import F64, I64
from qinwu.station.demand import CallSource

PART_S = 6.0 * HOUR_S
PARTS = 4


@dataclass(frozen=True)
class HotPlaces:
    """Atoms by position, most calls first, and their calls a week, for each six hours of the day from midnight."""

    atoms: tuple[I64, ...]
    calls_per_week: tuple[F64, ...]
    share: tuple[float, ...]


def hot_places(source: CallSource, atoms: int, most: int) -> HotPlaces:
    """Return the atoms with most calls of residents in each six hours of the day.

    Parameters
    ----------
    source
        The calls.
    atoms
        How many atoms the area has.
    most
        How many to return at most; atoms without a call are never hot.
    """
    resident = source.self_initiated == 0
    part = ((source.time_s % DAY_S) // PART_S).astype(np.int64)[resident]
    cell = part * atoms + source.atom[resident]
    count = np.bincount(cell, minlength=PARTS * atoms).reshape(PARTS, atoms) / max(source.weeks, 1)
    order = np.argsort(-count, axis=1, kind="stable")[:, :most]
    hot = [row[count[number, row] > 0.0] for number, row in enumerate(order)]
    calls = [count[number, row] for number, row in enumerate(hot)]
    share = [float(one.sum() / max(count[number].sum(), 1e-300)) for number, one in enumerate(calls)]
    return HotPlaces(tuple(hot), tuple(calls), tuple(share))
