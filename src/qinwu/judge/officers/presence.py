"""Presence: on which days an officer could have been given a duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qinwu.judge.officers.hours import Piece
from qinwu.judge.officers.log import AWAY, DAY_H

Bool = NDArray[np.bool_]
Presence = Mapping[str, Bool]


def presence_of(pieces: Sequence[Piece], order: Mapping[date, int]) -> Presence:
    """Return (D,) for each officer of whom anything is known: not on leave, off in lieu, in training or seconded the whole day.

    Who was on duty on such a day all the same was there.
    """
    there = {officer: np.ones(len(order), dtype=np.bool_) for officer in {piece.entry.officer for piece in pieces}}
    for piece in pieces:
        day_off = piece.kind in AWAY and piece.entry.hours >= DAY_H
        if (piece.entry.whole_days or day_off) and piece.day in order:
            there[piece.entry.officer][order[piece.day]] = False
    for piece in pieces:
        if piece.entry.by_the_clock and piece.day in order:
            there[piece.entry.officer][order[piece.day]] = True
    return there


def table_of(presence: Presence, officers: Sequence[str], days: int) -> Bool:
    """Return (D, n) who of some officers was there."""
    return np.array([presence[name] for name in officers], dtype=np.bool_).reshape(len(officers), days).T
