"""Norms: what a chart is held against. Each says where it comes from; those nobody published are assumptions."""

from __future__ import annotations

from dataclasses import dataclass, fields

from qinwu.duty.rules.sectors import MOST_UNDER_ONE
from qinwu.language import N_

ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class Norms:
    """What is held to be too much.

    Parameters
    ----------
    span
        Units, squads or officers one leader should have, > 0.
    span_most
        From here on a span is called too wide, >= `span`.
    headquarters
        Share of posts in headquarters that may not be passed, 0 to 1 (M51).
    mirrored
        The same for units that copy the level above (M45).
    hours
        Hours a week of an officer.
    lost
        Share of those hours that may go to meetings, assessments and papers, 0 to 1 (M48).
    ad_hoc
        The same for ad-hoc operations and secondments (M49, M50).
    hops
        Levels a request for money may pass before the one who decides (M32).
    small
        Mirrored sections with so few posts are worth merging with a neighbour (M45).
    """

    span: float = 5.0
    span_most: float = float(MOST_UNDER_ONE)
    headquarters: float = 0.5
    mirrored: float = 0.5
    hours: float = 40.0
    lost: float = 0.15
    ad_hoc: float = 0.1
    hops: int = 1
    small: int = 5

    @property
    def changed(self) -> frozenset[str]:
        """The norms that are not those Qinwu comes with."""
        return frozenset(each.name for each in fields(self) if getattr(self, each.name) != each.default)


SOURCES: dict[str, str] = {
    "span": N_("Incident Command System: one leader to five; classic texts at most 6"),
    "span_most": N_("texts on police: 6 to 10 to one leader (Police Chief, October 2006)"),
    "headquarters": N_("机关与基层警力倒挂: headquarters outnumber the grassroots (article on station reform)"),
    "mirrored": N_("上下对口: sections and special branches hold over half of the staff (article on county bureaus)"),
    "hours": N_("Labour Law: 40 hours a week"),
    "lost": ASSUMPTION,
    "ad_hoc": ASSUMPTION,
    "hops": ASSUMPTION,
    "small": ASSUMPTION,
}
"""Where each norm comes from."""
