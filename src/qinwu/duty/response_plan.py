"""ResponsePlan: the one object that says who goes. The closed forms, the simulator and the live board all obey it.

Arrays only; every duty system is data in them, never a branch in a kernel. Axes: P priorities (4), C call classes, J atoms,
R rows, T tiers, K crews, S patrol slots, B fixed blocks, W duty windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int8]
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

PATROL_SLOTS = 64


class Dispatching(NamedTuple):
    """Who may go, in what order, after what delay, and how many are needed.

    ``row[p, c, j]`` and ``support_row[p, c, j]`` choose a row of ``tier[R, K]``, the tier in which a crew stands (-1: never).
    ``opens_s[R, T]`` is the age of the call at which a tier may first be used (at once while no crew of an earlier tier is on
    duty), ``hand_over_s`` what sending one of its crews costs, ``refusal`` the chance that a request is refused, ``wait_s`` the
    time before it may be repeated. ``rank[R, K]`` orders crews inside a tier where ``nearest`` is 0 (with ``nearest`` 1 the
    least travel time decides). ``people`` and ``sworn`` are (C, 168) by hour of the week; ``skills`` (C,) a bit mask.
    ``reserve[p]`` crews are kept free from calls of priority index p; ``last_s[p]`` bars them from crews that near the end of
    their shift. ``preempts[p]`` is 1 where priority index p may take crews from less urgent work; ``preempt_en_route``,
    ``preempt_wrap_up`` and ``preempt_on_scene`` say which work. ``handed_off[p, c]`` is the share of calls that need no crew,
    ``pace[p, c]`` what multiplies the time crews spend on one.
    """

    row: I32
    support_row: I32
    tier: I8
    rank: I16
    opens_s: F64
    hand_over_s: F64
    refusal: F64
    wait_s: F64
    people: I8
    sworn: I8
    skills: I64
    reserve: I64
    last_s: F64
    preempts: I8
    preempt_en_route: int
    preempt_wrap_up: int
    preempt_on_scene: int
    nearest: int
    all_at_once: int
    strict_fifo: int
    joint_release: int
    patience_s: float
    acknowledge_s: float
    turnout_s: float
    call_taking_s: float
    call_taking_spread: float
    takers: int
    level_s: float
    hand_over_at_end: int
    end_limit_s: float
    end_hand_over_s: float
    handed_off: F64
    pace: F64


class CrewArrays(NamedTuple):
    """What each crew is and where it is while free.

    ``slots[K, S]`` are the atoms it patrols, each as often as its share of the patrol (all the base atom where it waits);
    ``patrols`` 1 where being free means being seen in the street; ``own_beat[K]`` the geographic beat it is accountable for
    (-1: none); ``extra_travel_s`` the way from beyond the area (neighbours); ``external`` 1 for crews of other stations;
    ``flexible[K]`` seconds of flexible work (visits, inspections) that fall due per second on duty; ``dwell_s`` how long a patrol
    stays in one atom.
    """

    people: I8
    sworn: I8
    skills: I64
    base: I32
    slots: I16
    patrols: I8
    own_beat: I16
    extra_travel_s: F64
    external: I8
    reserve: I8
    flexible: F64
    dwell_s: float


class DutyArrays(NamedTuple):
    """When crews are on duty, in a cycle that repeats; all sorted by time.

    Time 0 of a cycle is a Monday 00:00 local time and ``cycle_s`` a whole number of weeks. Abutting windows of one crew are one
    window. ``event_s[2W]`` in [0, cycle), ``event_crew``, ``event_on`` (1 comes on, 0 goes off; at equal times off comes first);
    ``event_end_s[i]`` is the end, in cycle seconds, of the window that event i opens (it may exceed the cycle; 0 for off events).
    ``on_at_start[K]`` is the end of the window already open at time 0 (0: off duty, inf: always on). Fixed blocks, sorted by
    start: ``block_s[B]`` in [0, cycle), inside a window of their crew; ``block_crew``, ``block_len_s``, ``block_yields`` (least
    urgent priority 1-4 that may interrupt, 0 none), ``block_kind`` (index into ``ResponsePlan.block_kinds``), ``block_away`` (1:
    not in its own beat meanwhile).
    """

    cycle_s: float
    event_s: F64
    event_crew: I32
    event_on: I8
    event_end_s: F64
    on_at_start: F64
    block_s: F64
    block_crew: I32
    block_len_s: F64
    block_yields: I8
    block_kind: I8
    block_away: I8


class FollowUpArrays(NamedTuple):
    """Work left behind: ``owner[C, J]`` is the crew that gets it, -1 the crew that went, -2 - g the least loaded of group g.

    ``group[G, K]`` is 1 for members of group g.
    """

    owner: I32
    group: I8


class AreaArrays(NamedTuple):
    """Travel and beats: ``travel_s[J, J]``, ``hour_factor[168]``, ``beat_of[J]`` geographic beat of each atom (-1: none)."""

    travel_s: F32
    hour_factor: F64
    beat_of: I16


@dataclass(frozen=True, slots=True)
class CrewLabel:
    """Who a crew is, for people: id, squad, unit, officers, and the rule that made it."""

    id: str
    squad: str
    unit: str
    officers: tuple[str, ...]
    rule: str
    beat: str = ""


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """A duty system compiled for a station: arrays for kernels, labels for people.

    ``tier_words[r][t]`` and ``row_order[r]`` trace every tier and row back to the order rule and tier that made it, for
    ``qinwu explain``. ``crews`` lists the station's crews first, neighbours last. ``skills`` names the bits of skill masks.
    """

    system: str
    dispatching: Dispatching
    crew: CrewArrays
    duty: DutyArrays
    follow_up: FollowUpArrays
    area: AreaArrays
    crews: tuple[CrewLabel, ...]
    beats: tuple[str, ...]
    call_classes: tuple[str, ...]
    atoms: tuple[str, ...]
    block_kinds: tuple[str, ...]
    row_order: tuple[str, ...]
    tier_words: tuple[tuple[str, ...], ...]
    skills: tuple[str, ...] = ()
