"""Partners: two people in each row, how high each stands on the other's list, and what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qinwu.report.figures.scale import LOAD, NOTHING
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, ROW = 380.0, 30.0
LEFT, RIGHT, TEXT = 92.0, 214.0, 244.0
RADIUS = 10.0


@dataclass(frozen=True, slots=True)
class Partner:
    """One of two: name, rank the other got (0: not named), and whether he or she would rather leave."""

    name: str
    rank: int
    leaving: bool


@dataclass(frozen=True, slots=True)
class Couple:
    """One row: two partners, what joins them as a number 0 to 1, what is said beside, and what pointing says."""

    one: Partner
    two: Partner
    strength: float
    said: str
    tip: str


def partners(couples: Sequence[Couple], label: str) -> str:
    """Return pairs below each other: dark circles were first choices, pale ones late ones, grey ones not named at all."""
    rows = [tag("g", tip(each.tip), *_row(each, ROW * (number + 0.5))) for number, each in enumerate(couples)]
    return drawing(WIDTH, max(ROW * len(couples), ROW), label, *rows, class_="figure partners")


def _row(couple: Couple, y: float) -> list[str]:
    thick = 1.0 + 7.0 * min(max(couple.strength, 0.0), 1.0)
    return [
        tag("path", d=f"M{LEFT} {y}H{RIGHT}", stroke=LOAD[2], stroke_width=thick),
        *_end(couple.one, LEFT, LEFT - 18.0, y, "end"),
        *_end(couple.two, RIGHT, RIGHT + 18.0, y, "start"),
        words(couple.said, x=TEXT + 46.0, y=y + 4.0, class_="tick"),
    ]


def _end(partner: Partner, x: float, at: float, y: float, anchor: str) -> list[str]:
    fill = colour_of(partner.rank)
    ring = "#b3612a" if partner.leaving else "#12506f"
    text = str(partner.rank) if partner.rank else "–"
    light = "on light" if partner.rank in (1, 2) else "on"
    return [
        tag("circle", cx=x, cy=y, r=RADIUS, fill=fill, stroke=ring, stroke_width=2.5 if partner.leaving else 1.0),
        words(text, x=x, y=y + 4.0, text_anchor="middle", class_=light),
        words(partner.name, x=at, y=y + 4.0, text_anchor=anchor, class_="name"),
    ]


def colour_of(rank: int) -> str:
    """Return the colour of a rank: the darkest for the first choice, grey for none.

    >>> colour_of(1), colour_of(0)
    ('#12506f', '#e9e6e0')
    """
    return NOTHING if rank == 0 else LOAD[max(1, len(LOAD) - rank)]
