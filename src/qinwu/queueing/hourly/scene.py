"""What crosses into the compiled loops that send crews, and what comes out of them: arrays with names."""

from __future__ import annotations

from typing import NamedTuple

from qinwu.duty.response_plan import F32, F64, I8, I16, I64


class Asking(NamedTuple):
    """Calls: list l of L is for calls from ``atom[l]`` that go by ``row[l]`` first and ``support[l]`` then.

    ``wanted[l, p, q]`` is the rate of calls of priority index p that need more than q officers; ``kept[p]`` crews are kept free.
    """

    row: I64
    support: I64
    atom: I64
    wanted: F64
    kept: I64


class Ready(NamedTuple):
    """Crews on duty, N of them: numbers, officers, places (P, N) where they may be with equal chance, way from beyond the area.

    ``weight`` of being busy, and ``busy`` (N + 1,) the probability of each number.
    """

    crews: I64
    people: I64
    place: I16
    extra_s: F64
    weight: F64
    busy: F64


class Rules(NamedTuple):
    """The plan: ``tier`` and ``rank`` (R, K), ``opens_s`` and ``delay_s`` (R, T) before a tier opens and before its crew sets out.

    ``nearest`` 1 where travel decides inside a tier. ``travel_to`` (J, J) by destination and start times ``factor``; ``noise``
    equally likely factors of a journey. A crew waited for comes free after ``release_s`` on average.
    """

    tier: I8
    rank: I16
    opens_s: F64
    delay_s: F64
    own_beat: I16
    beat_of: I16
    nearest: int
    travel_to: F32
    factor: float
    noise: F64
    release_s: float


class Totals(NamedTuple):
    """What is added up.

    ``flow`` (N,) calls a second sent to each crew, ``travel_s`` (N,) seconds a second on the way, ``own`` (2, B + 1) first crews
    and those from the beat itself, by beat (last: none), ``times`` (4, T) first arrivals after dispatch by priority, in bins,
    ``joined`` (2,) crews that join, and their arrival seconds. By priority, (5, 4) in ``missed``: calls that find all their crews
    busy, what those wait in all for one of theirs while others are free, calls none of whose crews is on duty, and calls held until
    a later tier opens, and for how long in all.
    """

    flow: F64
    travel_s: F64
    own: F64
    times: F64
    joined: F64
    missed: F64

    @property
    def mean_travel_s(self) -> float:
        """Mean way of a crew sent at once, hand-over and turnout included."""
        return float(self.travel_s.sum() / max(float(self.flow.sum()), 1e-300))


class Walk(NamedTuple):
    """Scratch of one list: ``order`` (N,) and ``level`` of its crews, ``key`` they are sorted by, and the sums on both sides."""

    order: I64
    level: I64
    key: F64
    after: F64
    before: F64
    sums: F64
