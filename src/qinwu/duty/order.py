"""Order: the order rules of a duty system become rows of tiers, one for each priority, call class and zone.

A row depends on an atom only through its zone, so rows are made by zone and handed to atoms at the end; equal rows are one row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64, I8, I16, I32
from qinwu.duty.system import CallFilter, Coordination, Order, Tier
from qinwu.duty.who import NAMED, WORDS, Mask, Muster, Zone, crews_for, names_of, specialist
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.config import CallClass

PRIORITIES = (1, 2, 3, 4)
ASKED = " asked"


@dataclass(frozen=True, slots=True)
class Step:
    """One tier of a row: its crews, what it costs, and the tier of the order rule it comes from.

    ``source`` is the position in ``tiers`` (or ``support``) of the rule; ``asks`` whether its crews must be asked, not ordered.
    """

    source: int
    who: str
    asks: bool
    crews: bytes
    opens_s: float
    hand_over_s: float
    refusal: float
    wait_s: float


Row = tuple[str, str, tuple[Step, ...]]
"""Id of the order rule, ``tiers`` or ``support``, and the steps."""


@dataclass(frozen=True)
class Rows:
    """The rows of a plan.

    Parameters
    ----------
    row, support_row
        (4, C, Z) which row serves a priority, class and zone.
    tier, rank, opens_s, hand_over_s, refusal, wait_s
        As in :class:`qinwu.duty.response_plan.Dispatching`; tiers a row does not have open after ``inf`` seconds.
    order, words
        The order rule of each row, and for each of its tiers the key inside that rule, the word, and ``asked`` where its crews
        are on another line: ``tiers.1 station asked``.
    """

    row: I32
    support_row: I32
    tier: I8
    rank: I16
    opens_s: F64
    hand_over_s: F64
    refusal: F64
    wait_s: F64
    order: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]


def fits(calls: CallFilter, call_class: CallClass, priority: int) -> bool:
    """Return whether a filter is for calls of this class and priority."""
    return (
        (not calls.priority or priority in calls.priority)
        and (not calls.call_class or call_class.id in calls.call_class)
        and (not calls.kind or call_class.kind in calls.kind)
    )


def by_call(classes: Sequence[CallClass], rules: Sequence[tuple[CallFilter, float]], usual: float) -> F64:
    """Return (4, C) the figure of the first rule that fits each priority and class, `usual` where none does."""
    found = np.full((len(PRIORITIES), len(classes)), usual)
    for p, number in np.ndindex(*found.shape):
        fitting = (figure for calls, figure in rules if fits(calls, classes[number], PRIORITIES[p]))
        found[p, number] = next(fitting, usual)
    return found


def rule_for(orders: Sequence[Order], call_class: CallClass, priority: int) -> Order | None:
    """Return the first order rule that fits these calls."""
    return next((order for order in orders if fits(order.calls, call_class, priority)), None)


def make_rows(muster: Muster, zones: Sequence[Zone]) -> Rows:
    """Return the rows of the muster's duty system for the zones of an area."""
    maker = _Maker(muster, zones)
    shape = (len(PRIORITIES), len(muster.classes), len(zones))
    row, support = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    for place in np.ndindex(*shape):
        row[place], support[place] = maker.rows_for(*place)
    return _arrays(row, support, list(maker.number), len(muster.crews))


@dataclass
class _Maker:
    """Makes rows and numbers them, each distinct one once."""

    muster: Muster
    zones: Sequence[Zone]
    number: dict[Row, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        system = self.muster.system
        squads = {squad.id for squad in system.squad if squad.line != "command"}
        self.asked = self.muster.of_squads(squads)
        self.open_to = [np.array([priority in crew.priorities for crew in self.muster.crews], bool) for priority in PRIORITIES]
        self.hold_s = [system.dispatch.hold_s.get(priority, 0.0) for priority in PRIORITIES]
        self.made: dict[tuple[object, ...], tuple[int, int]] = {}

    def rows_for(self, p: int, number: int, place: int) -> tuple[int, int]:
        """Return the row and support row of priority index `p`, a class and a zone, both by number."""
        call_class, zone = self.muster.classes[number], self.zones[place]
        rule = rule_for(self.muster.system.dispatch.order, call_class, PRIORITIES[p])
        if rule is None:
            return self.numbered(("", "tiers", ())), self.numbered(("", "tiers", ()))
        special = specialist(self.muster, zone, call_class).tobytes() if zone.functional else b""
        same = (rule.id, self.open_to[p].tobytes(), self.hold_s[p], special, zone.beat)
        if same not in self.made:
            main = self.steps(rule.tiers, p, call_class, zone, self.hold_s[p])
            part = "support" if rule.support else "tiers"
            support = self.steps(rule.support or rule.tiers, p, call_class, zone, 0.0)
            self.made[same] = self.numbered((rule.id, "tiers", main)), self.numbered((rule.id, part, support))
        return self.made[same]

    def numbered(self, row: Row) -> int:
        return self.number.setdefault(row, len(self.number))

    def steps(self, tiers: Sequence[Tier], p: int, call_class: CallClass, zone: Zone, hold_s: float) -> tuple[Step, ...]:
        """Return the tiers that have crews; each crew stands in the first that names it.

        Tiers after that of the beat's own crew open after `hold_s` at the earliest.
        """
        waiting = self.open_to[p].copy()
        steps: list[Step] = []
        held_until = 0.0
        for source, tier in enumerate(tiers):
            crews = crews_for(self.muster, tier.who, zone, call_class) & waiting
            waiting &= ~crews
            steps.extend(self.parts(source, tier, crews, held_until))
            if tier.who == "own_beat" and crews.any():
                held_until = hold_s
        return tuple(steps)

    def parts(self, source: int, tier: Tier, crews: Mask, held_until: float) -> Iterator[Step]:
        """Yield the crews of a tier that can be ordered, then those that must be asked."""
        for asks, part in ((False, crews & ~self.asked), (True, crews & self.asked)):
            if part.any():
                hand_over_s, refusal, wait_s = cost(tier, self.muster.system.dispatch.coordination if asks else None)
                opens_s = max(tier.after_s, held_until)
                yield Step(source, tier.who, asks, part.tobytes(), opens_s, hand_over_s, refusal, wait_s)


def cost(tier: Tier, coordination: Coordination | None) -> tuple[float, float, float]:
    """Return hand-over seconds, chance of refusal and seconds to wait after one; asking adds its own to the tier's.

    >>> cost(Tier(who="station", refusal=0.5), Coordination(refusal=0.2, hand_over_s=120, wait_s=600))
    (120.0, 0.6, 600.0)
    """
    if coordination is None:
        return tier.hand_over_s, tier.refusal, tier.wait_s
    refusal = 1.0 - (1.0 - tier.refusal) * (1.0 - coordination.refusal)
    return tier.hand_over_s + coordination.hand_over_s, refusal, tier.wait_s + coordination.wait_s


def _arrays(row: I32, support: I32, rows: Sequence[Row], crews: int) -> Rows:
    """Return the rows as arrays."""
    tiers = max((len(steps) for _, _, steps in rows), default=0) or 1
    tier = np.full((len(rows), crews), -1, dtype=np.int8)
    costs = np.zeros((4, len(rows), tiers))
    costs[0] = inf
    for number, (_, _, steps) in enumerate(rows):
        for place, step in enumerate(steps):
            tier[number, np.frombuffer(step.crews, dtype=bool)] = place
            costs[:, number, place] = step.opens_s, step.hand_over_s, step.refusal, step.wait_s
    rank = np.broadcast_to(np.arange(crews, dtype=np.int16), tier.shape).copy()
    words = tuple(tuple(_words(part, step) for step in steps) for _, part, steps in rows)
    return Rows(row, support, tier, rank, costs[0], costs[1], costs[2], costs[3], tuple(rule for rule, _, _ in rows), words)


def _words(part: str, step: Step) -> str:
    return f"{part}.{step.source} {step.who}" + (ASKED if step.asks else "")


def read_words(words: str) -> tuple[str, int, str, bool]:
    """Return part, position and word of the tier that made a step, and whether its crews are asked.

    >>> read_words("tiers.1 station asked")
    ('tiers', 1, 'station', True)
    """
    key, _, who = words.partition(" ")
    part, _, source = key.partition(".")
    return part, int(source), who.removesuffix(ASKED), who.endswith(ASKED)


def check_words(muster: Muster) -> Iterator[Finding]:
    """Yield a finding for every ``who`` of a tier that means nothing."""
    for order in muster.system.dispatch.order:
        for part, tiers in (("tiers", order.tiers), ("support", order.support)):
            for number, tier in enumerate(tiers):
                yield from _check_word(muster, tier.who, f"dispatch.order.{order.id}.{part}[{number}].who")


def _check_word(muster: Muster, who: str, key: str) -> Iterator[Finding]:
    prefix, colon, name = who.partition(":")
    if prefix in NAMED and colon:
        known = names_of(muster, prefix)
        if name not in known:
            yield unknown_who(who, f"{prefix}:{near}" if (near := did_you_mean(name, known)) else "", key)
    elif who not in WORDS:
        yield unknown_who(who, did_you_mean(who, [*WORDS, *(f"{prefix}:" for prefix in NAMED)]), key)


def check_served(muster: Muster, zones: Sequence[Zone], rows: Rows, occurs: NDArray[np.bool_]) -> Iterator[Finding]:
    """Yield a finding for calls that no rule fits or that no crew ever goes to.

    `occurs` is (4, C, Z): which calls there are; among the others only those without any rule are warned of.
    """
    unserved: Mask = np.all(rows.tier < 0, axis=1).reshape(-1)
    beats = [muster.beats[zone.beat].id if zone.beat >= 0 else "-" for zone in zones]
    for p, call_class in np.ndindex(*occurs.shape[:2]):
        one, priority = muster.classes[call_class], PRIORITIES[p]
        there = np.flatnonzero(occurs[p, call_class])
        lost = there[unserved[rows.row[p, call_class, there]]]
        if rule_for(muster.system.dispatch.order, one, priority) is None:
            yield no_rule(one.id, priority, certain=len(there) > 0)
        elif len(lost):
            yield no_crew(one.id, priority, list(dict.fromkeys(beats[place] for place in lost)))


def unknown_who(who: str, near: str, key: str) -> Finding:
    """Return the finding for a word that names no crews."""
    return Finding(
        "unknown-who",
        "error",
        N_("{who} names no crews."),
        N_("Did you mean {near}?") if near else N_("Use one of: {words}."),
        Place(key=key),
        {"who": who, "near": near, "words": ", ".join([*WORDS, *(f"{prefix}:…" for prefix in NAMED)])},
    )


def no_rule(call_class: str, priority: int, certain: bool) -> Finding:
    """Return the finding for calls that no order rule fits; an error where there are such calls."""
    return Finding(
        "calls-without-order",
        "error" if certain else "warning",
        N_("No order rule fits calls of class {call_class} with priority {priority}."),
        N_("Add a last rule without a filter."),
        Place(key="dispatch.order"),
        {"call_class": call_class, "priority": priority},
    )


def no_crew(call_class: str, priority: int, beats: Sequence[str]) -> Finding:
    """Return the finding for calls whose order rule names no crew at all."""
    return Finding(
        "calls-without-crew",
        "error",
        N_("Nobody can be sent to calls of class {call_class} with priority {priority} in beats {beats}."),
        N_("Add a tier such as station or neighbour to their order rule."),
        Place(key="dispatch.order"),
        {"call_class": call_class, "priority": priority, "beats": ", ".join(beats[:8])},
    )
