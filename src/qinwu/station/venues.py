"""Venues: the regulated trades and public places 特种行业 of an area; places, never people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qinwu.language import N_

INSPECTION_MIN = 40.0


@dataclass(frozen=True, slots=True)
class Venue:
    """One venue: its trade (``kind``), atom, inspection grade and the minutes one inspection takes two officers (> 0)."""

    id: str
    kind: str
    atom: str
    grade: Literal["A", "B", "C"] = "B"
    inspection_min: float = INSPECTION_MIN


TRADES: dict[str, str] = {
    "hotel": N_("hotel"),
    "internet_cafe": N_("internet café"),
    "entertainment": N_("entertainment"),
    "bath_massage": N_("bath and massage"),
    "vehicle_repair": N_("vehicle repair"),
    "scrap_metal": N_("scrap metal"),
    "phone_trade": N_("phone trade"),
    "jewellery": N_("jewellery"),
    "second_hand": N_("second-hand goods"),
    "locksmith": N_("locksmith"),
    "seal_engraving": N_("seal engraving"),
    "pawn": N_("pawnshop"),
}
"""What common trades are called; the station's own words stand for others."""
