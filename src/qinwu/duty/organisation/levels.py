"""Levels read off names: 分局 is a sub-bureau, 刑侦大队 a brigade. Who writes a chart by hand seldom says it otherwise."""

from __future__ import annotations

from qinwu.duty.units import Level

ENDINGS: tuple[tuple[str, Level], ...] = (
    ("看守所", "brigade"),
    ("拘留所", "brigade"),
    ("戒毒所", "brigade"),
    ("收教所", "brigade"),
    ("分驻所", "outpost"),
    ("警务站", "outpost"),
    ("检查站", "outpost"),
    ("派出所", "station"),
    ("中心所", "station"),
    ("警务室", "squad"),
    ("指挥中心", "section"),
    ("分局", "sub_bureau"),
    ("局", "bureau"),
    ("总队", "brigade"),
    ("支队", "brigade"),
    ("大队", "brigade"),
    ("中队", "squad"),
    ("小队", "squad"),
    ("警组", "squad"),
    ("队", "squad"),
    ("组", "squad"),
    ("所", "station"),
    ("科", "section"),
    ("室", "section"),
    ("处", "section"),
    ("股", "section"),
    ("部", "section"),
    ("办", "section"),
    ("办公室", "section"),
    ("中心", "section"),
    ("sub-bureau", "sub_bureau"),
    ("sub bureau", "sub_bureau"),
    ("bureau", "bureau"),
    ("section", "section"),
    ("office", "section"),
    ("brigade", "brigade"),
    ("station", "station"),
    ("outpost", "outpost"),
    ("squad", "squad"),
    ("team", "squad"),
)
"""How names end, the most telling ending first; houses of detention 看守所 are no police stations."""
GRASSROOTS: tuple[Level, ...] = ("station", "outpost", "squad")


def level_of(name: str, above: Level | None = None) -> Level | None:
    """Return the level a name means; None where its ending says nothing.

    A room or team of a station is a squad there, whatever it is called.

    >>> level_of("城关派出所"), level_of("刑侦大队"), level_of("县看守所"), level_of("综合指挥室", "station"), level_of("某某")
    ('station', 'brigade', 'brigade', 'squad', None)
    """
    plain = name.strip().lower()
    found = next((level for ending, level in ENDINGS if plain.endswith(ending)), None)
    if above in GRASSROOTS and found in ("section", "brigade"):
        return "squad"
    return found
