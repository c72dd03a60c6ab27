"""Single rules of the kernel, each on a story short enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.arrays import (
    BORROWED,
    CARRIED,
    DELAYED,
    DONE,
    FIXED,
    FOLLOW_UP_DUE,
    FORGONE,
    IDLE,
    LOST,
    ON_DUTY,
    OVERTIME,
    PREEMPTED,
    SLOTS,
    TRAVEL,
    UNDER_STRENGTH,
)
from tests.simulate.plans import altered, bare_plan, calls, each_slot, no_travel, simulate

END_S = 10_000.0


def one_place(crews: int, **rules: object) -> ResponsePlan:
    """Return a plan for one atom without travel."""
    return altered(bare_plan(no_travel(), crews), dispatching=rules)


def test_first_come_is_first_served() -> None:
    """One crew, three calls of 100 s at 0, 10 and 20: dispatched at 0, 100 and 200."""
    world = simulate(one_place(1), calls([0, 10, 20], on_scene_s=each_slot([100] * 3)), END_S)
    assert world.calls["dispatched"].tolist() == [0, 100, 200]
    assert world.calls["flags"].tolist() == [0, DELAYED, DELAYED]


def test_urgent_calls_overtake() -> None:
    """An emergency that waits is served before a routine call that came earlier."""
    demand = calls([0, 10, 20], on_scene_s=each_slot([100] * 3), priority=[2, 2, 0])
    assert simulate(one_place(1), demand, END_S).calls["dispatched"].tolist() == [0, 200, 100]


def test_a_tier_opens_at_its_age() -> None:
    """The second crew stands in a tier that opens after 60 s: the second call waits for that, not for the first crew."""
    plan = one_place(2, tier=np.array([[0, 1]]), opens_s=np.array([[0.0, 60.0]]), hand_over_s=np.zeros((1, 2)))
    plan = altered(plan, dispatching={"refusal": np.zeros((1, 2)), "wait_s": np.zeros((1, 2))})
    world = simulate(plan, calls([0, 10], on_scene_s=each_slot([100, 100])), END_S)
    assert world.calls["dispatched"].tolist() == [0, 70]
    assert world.calls["tier"].tolist() == [0, 1]


def test_a_refused_request_is_repeated_after_its_wait() -> None:
    """Where one request in two is refused, the age at which a tier opens is its wait times a geometric number of refusals."""
    plan = one_place(1, refusal=np.array([[0.5]]), wait_s=np.array([[100.0]]))
    n = 4000
    delay = simulate(plan, calls(np.arange(n) * 10_000.0), n * 10_000.0).calls["dispatched"] - np.arange(n) * 10_000.0
    refused = np.bincount((delay / 100.0).astype(int))
    assert np.all(delay % 100.0 == 0)
    assert refused[:4] / n == pytest.approx([0.5, 0.25, 0.125, 0.0625], abs=4 * 0.5 / np.sqrt(n))


def test_a_reserve_is_kept_from_routine_calls() -> None:
    """With one crew in reserve, the second routine call waits and the emergency goes at once."""
    plan = one_place(2, reserve=np.array([0, 0, 1, 1]))
    demand = calls([0, 10, 20], on_scene_s=each_slot([100] * 3), priority=[2, 2, 0])
    assert simulate(plan, demand, END_S).calls["dispatched"].tolist() == [0, 120, 20]


def test_two_crews_start_together() -> None:
    """A call for two starts when the second crew is there, 50 s after the first."""
    plan = one_place(2)
    demand = calls([0, 10], people=[1, 2], on_scene_s=each_slot([60, 100]))
    world = simulate(plan, demand, END_S)
    call = world.calls[1]
    assert (call["arrived"], call["full"], call["cleared"]) == (10, 60, 160)
    assert call["flags"] == BORROWED
    assert call["officer_s"] == 150 + 100


def test_patience_ends_under_strength() -> None:
    """A crew whose partner does not come starts alone when its patience ends."""
    world = simulate(one_place(1, patience_s=30.0), calls([0], people=[2], on_scene_s=each_slot([100])), END_S)
    call = world.calls[0]
    assert call["flags"] == UNDER_STRENGTH
    assert call["cleared"] == 130
    assert np.isnan(call["full"])


@pytest.mark.parametrize(("joint", "freed"), [(1, 100), (0, 40)])
def test_crews_part_together_or_each_when_done(joint: int, freed: int) -> None:
    """With 100 s for the first and 40 s for the second crew, the next call goes at 100 (joint) or 40 (independent)."""
    times = np.zeros((2, SLOTS))
    times[0, :2] = 100, 40
    world = simulate(one_place(2, joint_release=joint), calls([0, 10], people=[2, 1], on_scene_s=times), END_S)
    assert world.calls["dispatched"][1] == freed


def test_all_at_once_holds_nobody() -> None:
    """A call for two that finds one crew free leaves it free; the next call for one takes it."""
    demand = calls([0, 10, 20], people=[1, 2, 1], on_scene_s=each_slot([100, 10, 100]))
    assert simulate(one_place(2, all_at_once=1), demand, END_S).calls["dispatched"].tolist() == [0, 120, 20]
    assert simulate(one_place(2), demand, END_S).calls["dispatched"].tolist() == [0, 10, 110]


def test_all_at_once_minds_the_reserve() -> None:
    """Two crews are free but one is the reserve: a call for two gets both when the third is back, never one and then the other."""
    plan = one_place(3, all_at_once=1, reserve=np.array([0, 0, 1, 1]))
    demand = calls([0, 10], people=[1, 2], priority=[2, 2], on_scene_s=each_slot([100, 10]))
    world = simulate(plan, demand, END_S, trace_rows=100)
    assert world.calls["dispatched"].tolist() == [0, 100]


def test_strict_order_lets_nobody_overtake() -> None:
    """A call for one that comes after a waiting call for two waits behind it, though a crew is free."""
    demand = calls([0, 10, 20], people=[1, 2, 1], on_scene_s=each_slot([100, 10, 100]))
    world = simulate(one_place(2, all_at_once=1, strict_fifo=1), demand, END_S)
    assert world.calls["dispatched"].tolist() == [0, 100, 110]


def test_strict_order_starts_the_impatient() -> None:
    """A crew that waits for its partner behind a more urgent call starts alone when its patience ends."""
    plan = one_place(2, strict_fifo=1, patience_s=50.0, skills=np.array([1]))
    plan = altered(plan, crew={"skills": np.array([1, 0])})
    demand = calls([0, 10, 20], people=[3, 1, 1], priority=[2, 0, 0], on_scene_s=each_slot([100, 10, 10]))
    world = simulate(plan, demand, END_S)
    assert world.calls["cleared"].tolist() == [150, 160, 170]


def test_an_emergency_takes_the_crew_on_its_way() -> None:
    """The crew that travels to a routine call turns round; that call gets it back afterwards."""
    travel = np.array([[0, 100], [100, 0]])
    plan = altered(bare_plan(travel, 1), dispatching={"preempts": np.array([1, 0, 0, 0]), "preempt_en_route": 1})
    demand = calls([0, 10], priority=[2, 0], atom=[1, 0], on_scene_s=each_slot([50, 20]))
    world = simulate(plan, demand, END_S)
    assert world.calls["arrived"].tolist() == [130, 10]
    assert world.calls["dispatched"].tolist() == [0, 10]
    assert world.calls["flags"].tolist() == [PREEMPTED, 0]


def test_interrupted_work_is_resumed_not_repeated() -> None:
    """Taken from the scene after 30 of 100 s, the job takes 70 s more; a second crew is not needed."""
    plan = one_place(1, preempts=np.array([1, 0, 0, 0]), preempt_on_scene=1)
    world = simulate(plan, calls([0, 30], priority=[2, 0], on_scene_s=each_slot([100, 20])), END_S)
    assert world.calls["cleared"].tolist() == [120, 50]


def test_a_waiting_emergency_takes_the_crew_that_begins_to_write_up() -> None:
    """Scenes are left alone, paperwork is not: the emergency at 30 goes at 100, and the paperwork is done afterwards."""
    plan = one_place(1, preempts=np.array([1, 0, 0, 0]), preempt_wrap_up=1)
    demand = calls([0, 30], priority=[2, 0], on_scene_s=each_slot([100, 20]), wrap_up_s=each_slot([500, 0]))
    world = simulate(plan, demand, END_S)
    assert world.calls["dispatched"].tolist() == [0, 100]
    assert world.crew_s[0, FOLLOW_UP_DUE] == 500


def test_work_that_is_not_needed_any_more_does_not_start_in_the_past() -> None:
    """The slow first crew is taken on its way; the second, there since 10 and enough alone, starts when that happens."""
    plan = altered(
        bare_plan(np.array([[0, 200], [200, 0]]), 2),
        dispatching={"preempts": np.array([1, 0, 0, 0]), "preempt_en_route": 1, "nearest": 0},
        crew={"people": np.array([1, 2]), "base": np.array([1, 0])},
    )
    demand = calls([10, 100], people=[2, 1], priority=[2, 0], atom=[0, 1], on_scene_s=each_slot([30, 20]), follow_up_s=[600, 0])
    world = simulate(plan, demand, END_S)
    assert world.crew_s[:, FOLLOW_UP_DUE].tolist() == [0, 600]
    assert world.calls["cleared"][0] == 130
    assert world.calls["phase"].tolist() == [DONE, DONE]


def test_somebody_stays_to_the_end() -> None:
    """The second crew would have been enough but is done and gone when the first is taken at 50: it comes back for 50 s."""
    row = np.zeros((4, 1, 1), np.int32)
    row[0] = 1
    steps = {name: np.zeros((2, 1)) for name in ("opens_s", "hand_over_s", "refusal", "wait_s")}
    order = {"row": row, "support_row": row, "tier": np.array([[0, 0], [0, -1]]), "rank": np.array([[0, 1], [0, 1]]), "nearest": 0}
    plan = one_place(2, joint_release=0, preempts=np.array([1, 0, 0, 0]), preempt_on_scene=1, **order, **steps)
    plan = altered(plan, crew={"people": np.array([1, 2])})
    times = np.full((2, SLOTS), 100.0)
    times[0, 1] = 20.0
    world = simulate(plan, calls([0, 50], people=[2, 1], priority=[2, 0], on_scene_s=times), END_S)
    assert world.calls["cleared"].tolist() == [100, 150]
    assert world.calls["phase"].tolist() == [DONE, DONE]


def test_follow_up_work_passes_once() -> None:
    """However often crews of a call come and go, its follow-up work falls due once."""
    plan = one_place(3, joint_release=0, preempts=np.array([1, 0, 0, 0]), preempt_on_scene=1)
    times = np.full((2, SLOTS), 100.0)
    times[0, 0] = 20.0
    demand = calls([0, 50], people=[2, 2], priority=[2, 0], on_scene_s=times, follow_up_s=[600, 0])
    world = simulate(plan, demand, END_S)
    assert world.crew_s[:, FOLLOW_UP_DUE].sum() == 600


def test_follow_up_work_goes_to_the_least_loaded_of_a_group() -> None:
    """Two investigators take turns with the work that a third crew's calls leave behind."""
    plan = altered(
        one_place(3, tier=np.array([[0, -1, -1]])), follow_up={"owner": np.array([[-2]]), "group": np.array([[0, 1, 1]])}
    )
    world = simulate(plan, calls(np.arange(10) * 900.0, on_scene_s=each_slot([60] * 10), follow_up_s=[600] * 10), END_S)
    assert world.crew_s[:, FOLLOW_UP_DUE].tolist() == [0, 3000, 3000]


def test_what_nobody_is_free_for_is_forgone_for_good() -> None:
    """A found job whose crew is taken for an emergency is given up, and does not come back when the crew is free again."""
    plan = one_place(1, preempts=np.array([1, 0, 0, 0]), preempt_on_scene=1)
    demand = calls([0, 10, 40, 200], priority=[3, 0, 3, 3], self_initiated=[1, 0, 1, 0], on_scene_s=each_slot([100, 50, 10, 10]))
    world = simulate(plan, demand, END_S)
    assert (world.calls["flags"] & FORGONE > 0).tolist() == [True, False, True, False]
    assert world.calls["phase"].tolist() == [DONE] * 4
    assert world.clock["queued"][0] == world.clock["waiting"][0] == 0
    assert world.calls["dispatched"].tolist()[3] == 200


def shift_plan(**rules: object) -> ResponsePlan:
    """Return two crews at one place: one on duty from 0 to 1000, one from 1000 to 2000."""
    return altered(
        one_place(2, **rules),
        duty={
            "event_s": np.array([1000.0, 1000.0, 2000.0]), "event_crew": np.array([0, 1, 1]), "event_on": np.array([0, 1, 0]),
            "event_end_s": np.array([0.0, 2000.0, 0.0]), "on_at_start": np.array([1000.0, 0.0]),
        },
    )  # fmt: skip


def test_a_busy_crew_finishes_in_overtime() -> None:
    """A call of 500 s at 800 keeps the first crew 300 s beyond its shift."""
    world = simulate(shift_plan(), calls([800], on_scene_s=each_slot([500])), END_S)
    assert world.crew_s[:, OVERTIME].tolist() == [300, 0]
    assert world.crew_s[:, ON_DUTY].tolist() == [1000, 1000]


def test_a_long_job_is_handed_over() -> None:
    """With 300 s left at the end of the shift and a limit of 100, the next shift goes on, 60 s of telling included."""
    plan = shift_plan(hand_over_at_end=1, end_limit_s=100.0, end_hand_over_s=60.0)
    world = simulate(plan, calls([800], on_scene_s=each_slot([500])), END_S)
    assert world.crew_s[:, OVERTIME].tolist() == [0, 0]
    assert world.calls["cleared"][0] == 1360
    assert world.calls["flags"][0] == CARRIED


def test_a_job_of_just_the_limit_is_finished() -> None:
    """Only what takes longer than the limit is handed over."""
    plan = shift_plan(hand_over_at_end=1, end_limit_s=300.0, end_hand_over_s=60.0)
    assert simulate(plan, calls([800], on_scene_s=each_slot([500])), END_S).crew_s[0, OVERTIME] == 300


def test_half_a_journey_counts_as_its_start_or_end() -> None:
    """At 40 of 100 s the crew is still where it set out, at 50 too, at 60 where it was going: so long is its next journey."""
    travel = np.array([[0, 100, 30], [100, 0, 70], [30, 70, 0]])
    plan = altered(bare_plan(travel, 1), dispatching={"preempts": np.array([1, 0, 0, 0]), "preempt_en_route": 1})
    for then, journey in ((40, 30), (50, 30), (60, 70)):
        world = simulate(plan, calls([0, then], priority=[2, 0], atom=[1, 2]), END_S)
        assert world.calls["arrived"][1] == then + journey


def test_last_minutes_bar_routine_calls() -> None:
    """In its last 300 s the first crew gets no routine call: the call at 800 waits for the second shift."""
    plan = shift_plan(last_s=np.array([0.0, 0.0, 300.0, 300.0]))
    assert simulate(plan, calls([800, 801], priority=[2, 0]), END_S).calls["dispatched"].tolist() == [1000, 801]


def block_plan(yields: int) -> ResponsePlan:
    """Return one crew with 100 s of other duty due at 50."""
    return altered(
        one_place(1),
        duty={
            "block_s": np.array([50.0]), "block_crew": np.array([0]), "block_len_s": np.array([100.0]),
            "block_yields": np.array([yields]), "block_away": np.array([0]), "block_kind": np.array([0]),
        },
    )  # fmt: skip


def test_a_block_yields_to_the_urgent_and_is_made_up() -> None:
    """A block that yields to priority 1 stops for the emergency at 60, and its 90 s are done afterwards; a routine call waits."""
    world = simulate(block_plan(1), calls([60, 70], priority=[0, 2], on_scene_s=each_slot([20, 20])), END_S)
    assert world.calls["dispatched"].tolist() == [60, 170]
    assert world.crew_s[0, FIXED] == 100


def test_a_block_starts_when_the_crew_is_back() -> None:
    """A block due while the crew is at a call begins after it."""
    world = simulate(block_plan(0), calls([0, 100], on_scene_s=each_slot([80, 10])), END_S)
    assert world.calls["dispatched"].tolist() == [0, 180]


def test_what_is_left_of_a_block_at_the_end_of_the_shift_is_lost() -> None:
    """A block of 100 s that begins 60 s before the end of the shift loses 40."""
    blocks = block_plan(4).duty
    plan = shift_plan()
    plan = altered(plan, duty={name: getattr(blocks, name) for name in blocks._fields if name.startswith("block")})
    plan = altered(plan, duty={"block_s": np.array([940.0])})
    world = simulate(plan, calls([5000]), 3000.0)
    assert world.crew_s[0, [FIXED, LOST]].tolist() == [60, 40]


def test_travel_counts_the_hour_the_noise_and_the_way_from_beyond() -> None:
    """100 s of road, twice as slow at that hour, 1.5 by luck, 40 s from beyond the area, 15 + 60 s before the wheels turn."""
    plan = altered(
        bare_plan(np.array([[0, 100], [100, 0]]), 1),
        dispatching={"acknowledge_s": 15.0, "turnout_s": 60.0, "hand_over_s": np.array([[45.0]])},
        crew={"extra_travel_s": np.array([40.0])},
        area={"hour_factor": np.where(np.arange(168) == 1, 2.0, 1.0)},
    )
    world = simulate(plan, calls([3600], atom=[1], travel_noise=np.full((1, SLOTS), 1.5)), END_S)
    assert world.calls["arrived"][0] == 3600 + 15 + 60 + 45 + 40 + 100 * 2 * 1.5
    assert world.crew_s[0, TRAVEL] == 460


def test_a_free_crew_patrols_when_it_has_nothing_else() -> None:
    """In 1,000 s with 600 s of follow-up work owed from 100 on, 300 s are left for the street."""
    world = simulate(one_place(1), calls([0], on_scene_s=each_slot([100]), follow_up_s=[600]), 1000.0)
    assert world.crew_s[0, IDLE] == world.patrol_s[0].sum() == 300


def test_alarms_at_one_time_go_by_urgency() -> None:
    """Two calls wait for a tier that opens for both at 100: the later but more urgent one gets its only crew."""
    ages = np.array([[0.0, 99.0], [0.0, 50.0]])
    plan = one_place(2, tier=np.array([[0, 1], [0, 1]]), rank=np.zeros((2, 2)), opens_s=ages)
    row = np.zeros((4, 1, 1), np.int32)
    row[0] = 1
    plan = altered(plan, dispatching={"row": row, **{name: np.zeros((2, 2)) for name in ("hand_over_s", "refusal", "wait_s")}})
    demand = calls([0, 1, 50], priority=[2, 2, 0], on_scene_s=each_slot([1000, 10, 10]))
    assert simulate(plan, demand, END_S).calls["dispatched"].tolist() == [0, 110, 100]


def test_nobody_is_waited_for_in_vain() -> None:
    """A call held 600 s for its beat officer goes to the next tier at once while he is off duty, and is held when he is on."""
    plan = one_place(2, tier=np.array([[0, 1]]), opens_s=np.array([[0.0, 600.0]]), hand_over_s=np.zeros((1, 2)))
    plan = altered(plan, dispatching={"refusal": np.zeros((1, 2)), "wait_s": np.zeros((1, 2))})
    demand = calls([0, 10], on_scene_s=each_slot([5000, 100]))
    assert simulate(plan, demand, END_S).calls["dispatched"].tolist() == [0, 610]
    absent = altered(plan, duty={"on_at_start": np.array([0.0, np.inf])})
    assert simulate(absent, calls([10], on_scene_s=each_slot([100])), END_S).calls["dispatched"].tolist() == [10]
