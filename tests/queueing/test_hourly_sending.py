"""Who is sent, against every state written down; and against the exact hypercube."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.response_plan import F64
from qinwu.queueing.cube import hypercube, preference_lists
from qinwu.queueing.hourly.scene import Asking, Ready, Rules, Totals
from qinwu.queueing.hourly.sending import arrivals, busy_shares, send, symmetric_sums
from tests.queueing.weeks import constant_calls, plan_of, settled
from tests.simulate.plans import altered, town_travel

BIN_S = 10.0


def scene(seed: int, crews: int, tiers: int) -> tuple[Asking, Ready, Rules]:
    """Return one list of calls for up to four officers, crews of one and two, in tiers; no crew moves."""
    rng = np.random.default_rng(seed)
    tier = rng.integers(-1, tiers, (2, crews)).astype(np.int8)
    tier[:, 0] = 0
    asking = Asking(
        row=np.array([0]),
        support=np.array([0]),
        atom=np.array([0]),
        wanted=np.cumsum(rng.random((1, 4, 4))[:, :, ::-1], axis=2)[:, :, ::-1].copy(),
        kept=np.zeros(4, np.int64),
    )
    busy = rng.random(crews + 1)
    ready = Ready(
        crews=np.arange(crews),
        people=rng.integers(1, 3, crews),
        place=np.tile(np.arange(crews, dtype=np.int16), (64, 1)),
        extra_s=np.zeros(crews),
        weight=rng.random(crews) + 0.2,
        busy=busy / busy.sum(),
    )
    rules = Rules(
        tier=tier,
        rank=np.zeros((2, crews), np.int16),
        opens_s=np.zeros((2, tiers)),
        delay_s=rng.random((2, tiers)) * 60.0,
        own_beat=np.arange(crews).astype(np.int16),
        beat_of=np.zeros(crews, np.int16),
        nearest=1,
        travel_to=(rng.random((crews, crews)) * 300.0).astype(np.float32),
        factor=1.0,
        noise=np.ones(1),
        release_s=1000.0,
    )
    return asking, ready, rules


def totals(crews: int) -> Totals:
    """Return totals with nothing in them."""
    return Totals(np.zeros(crews), np.zeros(crews), np.zeros((2, crews + 1)), np.zeros((4, 720)), np.zeros(2), np.zeros((5, 4)))


def by_hand(asking: Asking, ready: Ready, rules: Rules) -> tuple[F64, F64]:
    """Return who is sent how often, and calls missed by priority, state by state: some are busy, then others are sent."""
    crews = len(ready.crews)
    flow, missed = np.zeros(crews), np.zeros(4)
    states = list(product([0, 1], repeat=crews))
    weight = np.array([np.prod(ready.weight[np.array(state) == 1]) for state in states])
    count = np.array([sum(state) for state in states])
    total = np.array([weight[count == n].sum() for n in range(crews + 1)])
    chance = ready.busy[count] * weight / total[count]
    listed = [k for k in range(crews) if rules.tier[0, k] >= 0]
    order = sorted(listed, key=lambda k: (rules.tier[0, k], rules.travel_to[0, k]))
    for state, share in zip(states, chance, strict=True):
        free = [k for k in order if not state[k]]
        for p in range(4):
            if not free:
                missed[p] += share * asking.wanted[0, p, 0]
            officers = 0
            for k in free:
                if officers >= 4:
                    break
                flow[k] += share * asking.wanted[0, p, officers]
                officers += int(ready.people[k])
    return flow, missed


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 3))
def test_sending_agrees_with_every_state_written_down(seed: int, crews: int, tiers: int) -> None:
    """Crews of one and two officers, tiers, unlisted crews, calls for up to four: who is sent, and what is missed."""
    asking, ready, rules = scene(seed, crews, tiers)
    found = totals(crews)
    send(asking, ready, rules, 1, BIN_S, found)
    flow, missed = by_hand(asking, ready, rules)
    assert found.flow == pytest.approx(flow, abs=1e-6)
    assert found.missed[0] == pytest.approx(missed, abs=1e-6)
    assert found.times.sum(axis=1) + found.missed[0] == pytest.approx(asking.wanted[0, :, 0], abs=1e-6)


def test_own_beat_and_travel_of_one_crew() -> None:
    """A single crew, free half of the time, goes to half of the calls, all in its own beat, and drives its way each time."""
    asking, ready, rules = scene(1, 1, 1)
    ready = ready._replace(busy=np.array([0.5, 0.5]))
    found = totals(1)
    send(asking, ready, rules, 1, BIN_S, found)
    first = asking.wanted[0, :, 0].sum()
    assert found.own[1, 0] == pytest.approx(first / 2)
    assert found.travel_s[0] == pytest.approx(first / 2 * (rules.travel_to[0, 0] + rules.delay_s[0, 0]), rel=1e-6)


def test_reserves_keep_crews_from_less_urgent_calls() -> None:
    """With one of two crews kept for urgent calls, others find nobody unless both are free."""
    asking, ready, rules = scene(2, 2, 1)
    rules = rules._replace(tier=np.zeros((2, 2), np.int8))
    ready = ready._replace(busy=np.array([0.2, 0.5, 0.3]))
    asking = asking._replace(kept=np.array([0, 0, 1, 1]))
    found = totals(2)
    send(asking, ready, rules, 1, BIN_S, found)
    assert found.missed[0, :2] == pytest.approx(0.3 * asking.wanted[0, :2, 0])
    assert found.missed[0, 2:] == pytest.approx(0.8 * asking.wanted[0, 2:, 0])


def test_shares_of_being_busy_add_up() -> None:
    """The mean number busy is kept, and heavier crews are busier."""
    busy = np.array([0.1, 0.2, 0.3, 0.4])
    shares = busy_shares(np.array([1.0, 2.0, 4.0]), busy)
    assert shares.sum() == pytest.approx(busy @ np.arange(4))
    assert (np.diff(shares) > 0).all()
    assert symmetric_sums(np.ones(4)).tolist() == [1.0, 4.0, 6.0, 4.0, 1.0]


def test_waits_move_arrivals_back() -> None:
    """With an exponential wait of mean 600 s for half of the calls the mean arrival is 300 s later."""
    at_once = np.zeros((4, 4000))
    at_once[:, 5] = 1.0
    later = arrivals(at_once, at_once, np.full(4, 0.5), np.full(4, 600.0), BIN_S)
    bins = (np.arange(4000) + 0.5) * BIN_S
    assert later.sum(axis=1) == pytest.approx(1.0)
    assert later @ bins == pytest.approx(55.0 + 300.0, abs=6.0)


@pytest.mark.parametrize("load", [0.3, 0.6])
def test_workloads_are_near_the_exact_hypercube(load: float) -> None:
    """Six crews that wait at fixed places of a town: workloads within three points of the exact hypercube, waits as Erlang says."""
    travel = town_travel(30, seed=4)
    rng = np.random.default_rng(3)
    per_hour = np.round(rng.random(30) * 20 + 1) / 20
    mean_s = 40_000.0
    per_hour *= load * 6 * 3600.0 / mean_s / per_hour.sum()
    per_hour = np.round(per_hour * 1000) / 1000
    places = rng.choice(30, 6, replace=False)
    plan = altered(plan_of(travel, 6), crew={"slots": np.repeat(places[:, None], 64, axis=1).astype(np.int16)})
    state = settled(plan, constant_calls(per_hour, mean_s, repeat=1000))[-1]
    lists, ties = preference_lists(travel[places])
    exact = hypercube(per_hour / 3600.0, lists, np.full(6, 1.0 / mean_s), ties=ties)
    assert state.p_delay[0] == pytest.approx(exact.p_delay, abs=0.02)
    assert state.workload == pytest.approx(exact.workload, abs=0.03)
