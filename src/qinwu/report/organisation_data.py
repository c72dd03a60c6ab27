"""Data of an audit for programs: counts and shares by name, units by id."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qinwu.duty.organisation.audit import Audit
from qinwu.duty.organisation.loads import Lost
from qinwu.duty.organisation.posts import Establishment, Ratio

RATIOS = ("front_line", "headquarters", "specialist", "grassroots", "beat", "command")


def as_plain(audit: Audit) -> dict[str, Any]:
    """Return the figures of an audit as plain data."""
    shares, shape = audit.shares, audit.shape
    return {
        "posts": posts(audit.establishment),
        "shares": {name: ratio(getattr(shares, name)) for name in RATIOS} | {"top_heavy": shares.top_heavy},
        "inversions": [{**asdict(each), "share": each.share.share, "inverted": each.inverted} for each in shares.inversions],
        "layers": shape.layers,
        "deepest": list(shape.deepest),
        "spans": [{"unit": each.unit, "below": each.below, "officers_to_one": each.each} for each in shape.spans],
        "without": [
            {"level": each.level, "units": each.units, "posts": each.posts, "layers": each.layers, "widest": each.widest}
            for each in audit.without
        ],
        "mirrors": {
            "units": list(audit.mirrors.units),
            "count": ratio(audit.mirrors.count),
            "staff": ratio(audit.mirrors.staff),
            "merges": [asdict(each) for each in audit.mirrors.merges],
        },
        "duties": [
            {"duty": each.duty, "owners": list(each.owners), "guides": list(each.guides), "overlapping": list(each.overlapping)}
            for each in audit.matrix.duties
        ],
        "basis": [{"duty": each.duty, "basis": each.basis, "status": each.status} for each in audit.basis],
        "authorities": [
            {
                "who": each.who,
                "function": each.function,
                "lead": list(each.lead),
                "coordinate": list(each.coordinate),
                "guide": list(each.guide),
                "settles": each.settles,
            }
            for each in audit.authorities
        ],
        "budget": [{"unit": each.unit, "holder": each.holder, "hops": each.hops} for each in audit.hops],
        "calls": [
            {
                "calls": each.id,
                "rule": each.rule,
                "hand_overs": each.hand_overs,
                "lost_s": each.lost_s,
                "follow_up": each.follow_up,
                "orphaned": each.orphaned,
                "senders": list(each.senders),
            }
            for each in audit.calls
        ],
        "accountability": [
            {"indicator": each.id, "unit": each.unit, "needs": list(each.needs), "beyond": list(each.beyond)}
            for each in audit.answering
        ],
        "roll_up": [{key: value for key, value in asdict(each).items() if key != "name"} for each in audit.roll_up],
        "loads": {
            "units": [lost(each) for each in audit.loads.units],
            "everybody": lost(audit.loads.whole),
            "ordered_by": [{"who": who, "hours_per_week": hours} for who, hours in audit.loads.ordered],
        },
        "diversions": [
            {"squad": each.squad, "share": each.share, "limit": each.limit, "missing": list(each.missing)}
            for each in audit.diversions
        ],
        "norms": asdict(audit.norms),
    }


def posts(establishment: Establishment) -> dict[str, Any]:
    """Return posts by unit and all of them."""
    units = {unit: each.model_dump() for unit, each in establishment.posts.items()}
    return {"source": establishment.source, "units": units, "all": establishment.all.model_dump()}


def ratio(each: Ratio) -> dict[str, Any]:
    """Return both counts and the share."""
    return {"part": each.part, "whole": each.whole, "share": each.share}


def lost(each: Lost) -> dict[str, Any]:
    """Return hours lost."""
    return {
        "unit": each.unit,
        "posts": each.posts,
        "hours_per_week": dict(each.hours),
        "each": each.each,
        "share": each.share,
        "ad_hoc_share": each.ad_hoc_share,
    }
