"""Venues: the regulated trades and public places 特种行业 of an area; places, never people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

INSPECTION_MIN = 40.0


@dataclass(frozen=True, slots=True)
class Venue:
    """One venue: its trade (``kind``), atom, inspection grade and the minutes one inspection takes two officers (> 0)."""

    id: str
    kind: str
    atom: str
    grade: Literal["A", "B", "C"] = "B"
    inspection_min: float = INSPECTION_MIN
