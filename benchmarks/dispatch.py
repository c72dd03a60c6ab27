"""Calls per second: the kernel, simpy and ciw on one model and the same calls; then the kernel with all police rules on.

The shared model has 30 crews, 200 atoms, 3 priorities, and sends the nearest free crew. With police rules there are six sectors,
each call first for its own; neighbours who may refuse; a reserve; calls for two; pre-emption; patrol by turns; three watches;
meals and visits that yield; follow-up and flexible work. What is timed is the run itself, in seconds of this process's CPU: for
the kernel with every record and total, for the peers with the time and crew of each dispatch only. Each engine's dispatches are
compared call by call before its figure counts.

Run with ``uv run python -m benchmarks.dispatch``.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from tests.simulate.plans import altered, bare_plan, poisson_calls, simulate, town_travel

from benchmarks.peers import Model, Sent, ciw_sent, simpy_sent
from qinwu.duty.response_plan import PATROL_SLOTS, ResponsePlan
from qinwu.simulate import kernel
from qinwu.simulate.arrays import ACTIVITIES, ON_DUTY, OVERTIME, SLOTS, Demand, World, build_world

CREWS, ATOMS, SECTORS = 30, 200, 6
CALLS, PEER_CALLS = 500_000, {"simpy": 50_000, "ciw": 10_000}
TARGETS = {"simpy": 20.0, "ciw": 80.0}
POLICE_TARGET = 1e6
BUSY, POLICE_BUSY = 0.6, 0.4
MEAN_ON_SCENE_S = 1200.0
ROUNDS = 3
HOUR_S, WEEK_H = 3600.0, 168
WATCHES = 3


def main() -> None:
    """Print calls per second, and the ratios."""
    plan, demand = bare_plan(town_travel(ATOMS, 1), CREWS), shared_calls(CALLS)
    simulate(plan, shared_calls(10), 1.0)
    shared = best_rate(plan, demand)
    print(f"shared model: {CREWS} crews, {ATOMS} atoms, 3 priorities, nearest free crew")
    print(f"  qinwu  {shared:12,.0f} calls/s")
    engines: dict[str, Callable[[Model], Sent]] = {"simpy": simpy_sent, "ciw": ciw_sent}
    for name, engine in engines.items():
        rate = peer_rate(plan, name, engine)
        print(
            f"  {name:6} {rate:12,.0f} calls/s   qinwu is {shared / rate:.0f} times as fast{verdict(shared / rate, TARGETS[name])}"
        )
    plan, demand = police_plan(), police_calls(CALLS)
    rate = best_rate(plan, demand)
    print(f"all police rules: {rate:,.0f} calls/s on one core{verdict(rate, POLICE_TARGET)}")
    print("\n".join(f"  {line}" for line in described(simulate(plan, demand, demand.ready_s[-1]))))


def verdict(value: float, target: float) -> str:
    """Return whether a target is met, in brackets."""
    return f" (target {target:,.0f}: {'met' if value >= target else 'MISSED'})"


def best_rate(plan: ResponsePlan, demand: Demand) -> float:
    """Return the calls per second of the best of some rounds."""
    seconds = []
    for _ in range(ROUNDS):
        world = build_world(plan, demand)
        start = time.process_time()
        kernel.run(world, float(demand.ready_s[-1] + 1e6))
        seconds.append(time.process_time() - start)
    return len(demand.ready_s) / min(seconds)


def peer_rate(plan: ResponsePlan, name: str, engine: Callable[[Model], Sent]) -> float:
    """Return the calls per second of the best of some rounds of a peer, checking that it sent the same crews as the kernel."""
    demand = shared_calls(PEER_CALLS[name])
    model = Model.of(plan, demand)
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        sent = engine(model)
        seconds.append(time.process_time() - start)
    if simulate(plan, demand, demand.ready_s[-1] + 1e6).calls["crew"].tolist() != sent.crew:
        raise SystemExit(f"{name} and the kernel do not agree: the figures would mean nothing")
    return len(demand.ready_s) / min(seconds)


def shared_calls(n: int) -> Demand:
    """Return calls of three priorities that keep 30 crews busy for some 0.6 of their time."""
    rng = np.random.default_rng(2)
    demand = poisson_calls(n, BUSY * CREWS / 1500.0, 3, MEAN_ON_SCENE_S)
    return demand._replace(priority=rng.integers(0, 3, n, np.int8), atom=rng.integers(0, ATOMS, n, np.int32))


def police_calls(n: int) -> Demand:
    """Return calls of four priorities and four classes: a third for two officers, some found, noise, writing up, follow-up."""
    rng = np.random.default_rng(4)
    demand = poisson_calls(n, POLICE_BUSY * CREWS / WATCHES / 2400.0, 5, MEAN_ON_SCENE_S)
    return demand._replace(
        priority=rng.choice(4, n, p=[0.08, 0.22, 0.4, 0.3]).astype(np.int8),
        call_class=rng.integers(0, 4, n, np.int16),
        atom=rng.integers(0, ATOMS, n, np.int32),
        self_initiated=(rng.random(n) < 0.05).astype(np.int8),
        travel_noise=rng.lognormal(0.0, 0.3, (n, SLOTS)),
        wrap_up_s=rng.exponential(300.0, (n, SLOTS)),
        follow_up_s=rng.exponential(1800.0, n) * (rng.random(n) < 0.3),
    )


def police_plan() -> ResponsePlan:
    """Return a plan with every rule in force."""
    rng = np.random.default_rng(6)
    crews = np.arange(CREWS)
    sector = crews % SECTORS
    of_atom = np.arange(ATOMS) % SECTORS
    row = np.broadcast_to(of_atom, (4, 4, ATOMS))
    tier = np.where(sector[None, :] == np.arange(SECTORS)[:, None], 0, 1)
    external = crews >= CREWS - 2
    tier[:, external] = 2
    steps = np.ones((SECTORS, 1))
    people = np.ones((4, WEEK_H), np.int8)
    people[0] = 2
    people[1, WEEK_H // 2 :] = 2
    return altered(
        bare_plan(town_travel(ATOMS, 1), CREWS, classes=4),
        dispatching={
            "row": row, "support_row": row, "tier": tier, "rank": np.tile(crews, (SECTORS, 1)),
            "opens_s": steps * [0.0, 120.0, 300.0], "hand_over_s": steps * [0.0, 30.0, 120.0], "refusal": steps * [0.0, 0.0, 0.2],
            "wait_s": steps * [0.0, 0.0, 600.0], "people": people, "sworn": np.ones_like(people), "reserve": np.array([0, 0, 1, 2]),
            "last_s": np.array([0.0, 0.0, 900.0, 1800.0]), "preempts": np.array([1, 0, 0, 0]), "preempt_en_route": 1,
            "preempt_wrap_up": 1, "acknowledge_s": 15.0, "turnout_s": 60.0, "hand_over_at_end": 1, "end_limit_s": 1800.0,
            "end_hand_over_s": 300.0,
        },
        crew={
            "slots": rng.integers(0, ATOMS // SECTORS, (CREWS, PATROL_SLOTS)) * SECTORS + sector[:, None],
            "patrols": np.ones(CREWS, np.int8), "own_beat": sector, "sworn": (crews % 5 > 0).astype(np.int8),
            "external": external, "reserve": ~external, "flexible": np.where(external, 0.0, 0.05),
            "extra_travel_s": np.where(external, 300.0, 0.0),
        },
        duty=police_duty(external),
        area={"hour_factor": 1.0 + 0.4 * (np.arange(WEEK_H) % 24 == 8), "beat_of": of_atom},
    )  # fmt: skip


def police_duty(external: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> dict[str, object]:
    """Return three watches of 8.5 hours with a meal and a beat visit in each; neighbours are always there."""
    rows: list[tuple[float, int, int, float]] = []
    blocks: list[tuple[float, int, float, int]] = []
    at_start = np.where(external, np.inf, 0.0)
    for crew in np.flatnonzero(~external):
        for day in range(7):
            on = (24 * day + 8 * (int(crew) // SECTORS % WATCHES)) * HOUR_S
            end = on + 8.5 * HOUR_S
            rows += [(on, 1, int(crew), end), (end % (WEEK_H * HOUR_S), 0, int(crew), 0.0)]
            at_start[crew] = max(at_start[crew], end - WEEK_H * HOUR_S)
            blocks += [(on + 4 * HOUR_S, int(crew), 1800.0, 2), (on + 6 * HOUR_S, int(crew), 3600.0, 4)]
    time_s, on_off, who, until = (np.array(column) for column in zip(*sorted(rows), strict=True))
    at, crew_of, length, yields = (np.array(column) for column in zip(*sorted(blocks), strict=True))
    return {
        "event_s": time_s, "event_on": on_off, "event_crew": who, "event_end_s": until, "on_at_start": at_start,
        "block_s": at, "block_crew": crew_of, "block_len_s": length, "block_yields": yields, "block_away": np.zeros(len(at)),
        "block_kind": np.zeros(len(at)),
    }  # fmt: skip


def described(world: World) -> list[str]:
    """Return how much of each rule the run saw."""
    calls, spent = world.calls, world.crew_s[world.crews["external"] == 0].sum(axis=0)
    names = ("delayed", "pre-empted", "carried over", "under strength", "forgone", "joined")
    shares = ", ".join(f"{name} {np.mean(calls['flags'] >> bit & 1):.1%}" for bit, name in enumerate(names))
    day = ", ".join(f"{name} {spent[i] / (spent[ON_DUTY] + spent[OVERTIME]):.0%}" for i, name in enumerate(ACTIVITIES))
    away = f"first crew from another sector {np.mean(calls['tier'] > 0):.1%}; {calls['crews'].mean():.2f} crews a call"
    return [f"calls: {shares}, {away}", f"time on duty: {day}"]


if __name__ == "__main__":
    main()
