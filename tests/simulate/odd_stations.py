"""Hypothesis strategies for small stations under odd mixtures of rules.

Hypothesis chooses which rules hold and the shape of the station, numpy fills in the figures. All times are whole numbers of
half minutes and all factors powers of two: sums of them are exact in any order, and things often happen at the same time, which
is when rules about ties show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from qinwu.duty.response_plan import PATROL_SLOTS, ResponsePlan
from qinwu.simulate.arrays import SLOTS, Demand
from tests.simulate.plans import PRIORITIES, altered, bare_plan, calls

BEAT_S = 30.0
CYCLE_S = 8 * 3600.0
CYCLES = 3
Rng = np.random.Generator
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Odd:
    """Which rules hold, and the size of the station."""

    seed: int
    crews: int
    atoms: int
    classes: int
    calls: int
    rows: int
    tiers: int
    delays: bool
    refusals: bool
    several: bool
    skills: bool
    reserve: bool
    last: bool
    preempts: int
    en_route: bool
    wrap_up: bool
    on_scene: bool
    nearest: bool
    all_at_once: bool
    strict_fifo: bool
    joint: bool
    patience: int
    patrols: bool
    shifts: bool
    hand_over: bool
    blocks: int
    work: bool
    found: bool
    busy: int


odd_stations = st.builds(
    Odd,
    seed=st.integers(0, 2**16),
    crews=st.integers(1, 5),
    atoms=st.integers(1, 4),
    classes=st.integers(1, 3),
    calls=st.integers(1, 30),
    rows=st.integers(1, 3),
    tiers=st.integers(1, 3),
    delays=st.booleans(),
    refusals=st.booleans(),
    several=st.booleans(),
    skills=st.booleans(),
    reserve=st.booleans(),
    last=st.booleans(),
    preempts=st.integers(0, 3),
    en_route=st.booleans(),
    wrap_up=st.booleans(),
    on_scene=st.booleans(),
    nearest=st.booleans(),
    all_at_once=st.booleans(),
    strict_fifo=st.booleans(),
    joint=st.booleans(),
    patience=st.sampled_from([0, 4, 30, 10_000]),
    patrols=st.booleans(),
    shifts=st.booleans(),
    hand_over=st.booleans(),
    blocks=st.integers(0, 4),
    work=st.booleans(),
    found=st.booleans(),
    busy=st.integers(1, 8),
)


def _beats(rng: Rng, low: int, high: int, size: Any) -> Any:
    return rng.integers(low, high, size) * BEAT_S


def _dispatching(odd: Odd, rng: Rng) -> Fields:
    rows = (PRIORITIES, odd.classes, odd.atoms)
    steps = (odd.rows, odd.tiers)
    hours = (odd.classes, 168)
    low = -1 if odd.rows > 1 else 0
    people = rng.integers(1, 4, hours) if odd.several else np.ones(hours)
    return {
        "row": rng.integers(0, odd.rows, rows),
        "support_row": rng.integers(0, odd.rows, rows),
        "tier": rng.integers(low, odd.tiers, (odd.rows, odd.crews)),
        "rank": rng.integers(0, 3, (odd.rows, odd.crews)),
        "opens_s": _beats(rng, 0, 40, steps) * (odd.delays & (rng.random(steps) < 0.7)),
        "hand_over_s": _beats(rng, 0, 5, steps) * odd.delays,
        "refusal": rng.choice([0.0, 0.25, 0.5], steps) * odd.refusals,
        "wait_s": _beats(rng, 1, 20, steps),
        "people": people,
        "sworn": rng.integers(0, 2, hours),
        "skills": rng.integers(0, 4, odd.classes) * odd.skills,
        "reserve": rng.integers(0, 3, PRIORITIES) * odd.reserve,
        "last_s": _beats(rng, 0, 60, PRIORITIES) * odd.last,
        "preempts": np.arange(PRIORITIES) < odd.preempts,
        "preempt_en_route": int(odd.en_route),
        "preempt_wrap_up": int(odd.wrap_up),
        "preempt_on_scene": int(odd.on_scene),
        "nearest": int(odd.nearest),
        "all_at_once": int(odd.all_at_once),
        "strict_fifo": int(odd.strict_fifo),
        "joint_release": int(odd.joint),
        "patience_s": odd.patience * BEAT_S,
        "acknowledge_s": float(_beats(rng, 0, 3, ())),
        "turnout_s": float(_beats(rng, 0, 3, ())),
        "hand_over_at_end": int(odd.hand_over),
        "end_limit_s": float(_beats(rng, 0, 30, ())),
        "end_hand_over_s": float(_beats(rng, 0, 10, ())),
    }


def _crews(odd: Odd, rng: Rng) -> Fields:
    crews = odd.crews
    external = (np.arange(crews) == crews - 1) & (rng.random() < 0.3)
    return {
        "people": rng.integers(1, 3, crews),
        "sworn": rng.integers(0, 2, crews),
        "skills": rng.integers(0, 4, crews),
        "base": rng.integers(0, odd.atoms, crews),
        "slots": rng.integers(0, odd.atoms, (crews, PATROL_SLOTS)),
        "patrols": rng.integers(0, 2, crews) * odd.patrols,
        "own_beat": rng.integers(-1, 2, crews),
        "extra_travel_s": _beats(rng, 0, 10, crews) * external,
        "external": external,
        "reserve": rng.integers(0, 2, crews) * ~external,
        "flexible": rng.choice([0.0, 0.125, 0.5], crews) * odd.work,
        "dwell_s": 20 * BEAT_S,
    }


def _duty(odd: Odd, rng: Rng) -> Fields:
    """One or two windows a cycle for most crews; blocks anywhere inside them."""
    changes: list[tuple[float, int, int, float]] = []
    at_start = np.full(odd.crews, np.inf)
    open_at: list[list[tuple[float, float]]] = [[(0.0, CYCLE_S)] for _ in range(odd.crews)]
    for crew in range(odd.crews):
        if not odd.shifts or rng.random() < 0.2:
            continue
        at_start[crew] = 0.0
        cuts = np.sort(rng.choice(int(CYCLE_S / 1800), 2 * int(rng.integers(1, 3)), replace=False)) * 1800.0
        turned = np.roll(cuts, -int(rng.integers(0, 2)))
        open_at[crew] = []
        for on, off in turned.reshape(-1, 2):
            end = off if off > on else off + CYCLE_S
            open_at[crew].append((on, end))
            changes += [(on, 1, crew, end), (off, 0, crew, 0.0)]
            if end > CYCLE_S:
                at_start[crew] = end - CYCLE_S
    changes.sort()
    blocks = []
    for _ in range(odd.blocks):
        crew = int(rng.integers(odd.crews))
        on, end = open_at[crew][0]
        start = on + np.floor((end - on) * rng.random() / BEAT_S) * BEAT_S
        blocks.append((start % CYCLE_S, crew, float(_beats(rng, 1, 60, ())), int(rng.integers(0, 5)), int(rng.integers(2))))
    blocks.sort()
    time, on_off, who, until = (np.array(column) for column in zip(*changes, strict=True)) if changes else (np.zeros(0),) * 4
    at, crew_of, length, yields, away = (np.array(c) for c in zip(*blocks, strict=True)) if blocks else (np.zeros(0),) * 5
    return {
        "cycle_s": CYCLE_S, "event_s": time, "event_on": on_off, "event_crew": who, "event_end_s": until, "on_at_start": at_start,
        "block_s": at, "block_crew": crew_of, "block_len_s": length, "block_yields": yields, "block_away": away,
        "block_kind": np.zeros(len(blocks), np.int8),
    }  # fmt: skip


def odd_plan(odd: Odd) -> ResponsePlan:
    """Return the plan of an odd station."""
    rng = np.random.default_rng(odd.seed)
    group = rng.integers(0, 2, (2, odd.crews))
    group[:, 0] = 1
    return altered(
        bare_plan(_beats(rng, 0, 20, (odd.atoms, odd.atoms)), odd.crews, odd.classes),
        dispatching=_dispatching(odd, rng),
        crew=_crews(odd, rng),
        duty=_duty(odd, rng),
        follow_up={"owner": rng.integers(-3, odd.crews, (odd.classes, odd.atoms)), "group": group},
        area={"hour_factor": rng.choice([0.5, 1.0, 2.0], 168), "beat_of": rng.integers(-1, 2, odd.atoms)},
    )


def odd_calls(odd: Odd) -> Demand:
    """Return the calls of an odd station."""
    rng = np.random.default_rng(odd.seed + 1)
    n = odd.calls
    return calls(
        np.sort(_beats(rng, 0, int(CYCLES * CYCLE_S / BEAT_S / odd.busy), n)),
        call_class=rng.integers(0, odd.classes, n),
        priority=rng.integers(0, PRIORITIES, n),
        atom=rng.integers(0, odd.atoms, n),
        people=rng.integers(1, 9, n) * (odd.several & (rng.random(n) < 0.3)),
        self_initiated=odd.found & (rng.random(n) < 0.3),
        travel_noise=rng.choice([0.5, 1.0, 2.0], (n, SLOTS)),
        on_scene_s=_beats(rng, 0, 120, (n, SLOTS)),
        wrap_up_s=_beats(rng, 0, 40, (n, SLOTS)) * odd.work,
        follow_up_s=_beats(rng, 0, 120, n) * odd.work,
        key=rng.integers(0, 1000, n),
    )
