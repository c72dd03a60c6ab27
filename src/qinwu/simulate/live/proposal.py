"""Proposal: whom the response plan would send to a call now, when they would be there, and why others were passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qinwu.duty.response_plan import ResponsePlan
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.simulate.arrays import BUSY, World
from qinwu.simulate.live.setting import set_world
from qinwu.simulate.live.situation import Situation

Standing = Literal["never", "off_duty", "later", "on_a_call", "at_fixed_work", "reserve", "unfit", "ready", "takeable", "declined"]
STANDINGS: tuple[Standing, ...] = (
    "never", "off_duty", "later", "on_a_call", "at_fixed_work", "reserve", "unfit", "ready", "takeable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Going:
    """A crew proposed: its position in the plan, the tier it stands in, seconds to the scene, and the call it leaves (-1)."""

    crew: int
    tier: int
    way_s: float
    taken_from: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A crew the plan lists for such a call and does not send: why, its tier, and seconds to the scene (inf: off duty)."""

    crew: int
    tier: int
    way_s: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who goes to a call now.

    Parameters
    ----------
    call
        Position in the situation.
    row
        Row of the response plan that was followed, for the words of its order rule and tiers.
    going
        Crews to send, in the order in which they were chosen.
    passed
        Crews listed and not sent, nearest tier first.
    lacking, lacking_sworn
        Officers, and sworn officers, still missing after that.
    look_again_s
        When the next tier opens or patience ends; inf where nobody more is needed or nothing will open by itself.
    blocked
        Whether it waits its turn behind another call, under strict order.
    """

    call: int
    row: int
    going: tuple[Going, ...]
    passed: tuple[Passed, ...]
    lacking: int
    lacking_sworn: int
    look_again_s: float
    blocked: bool


def propose(plan: ResponsePlan, now: Situation, call: int) -> Proposal:
    """Return whom a response plan sends to an open call now.

    Parameters
    ----------
    plan
        The duty system in force, compiled.
    now
        Crews and open calls.
    call
        Position of the call in ``now.calls``.

    Raises
    ------
    QinwuError
        The situation is not one of this plan: another number of crews, or a class, priority or place that it does not have.
    """
    _check(plan, now, call)
    from qinwu.simulate.live.deciding import decide, stand

    world = set_world(plan, now)
    declined = sorted(now.calls[call].declined)
    asked = now.calls[call]
    row = int(world.rows[int(world.calls[call]["crews_now"] > 0), asked.priority, asked.call_class, asked.atom])
    listed = world.order[0].copy()
    world.order[0][:, declined] = -1
    codes, tiers, ways = np.zeros(len(now.crews), np.int64), np.zeros(len(now.crews), np.int64), np.zeros(len(now.crews))
    stand(world, call, now.now_s, codes, tiers, ways)
    before = world.crews["call"].copy()
    blocked = _waits_its_turn(world, now, call)
    again = decide(world, call, now.now_s, blocked)
    going = _going(world, call, before, now.now_s)
    sent = {one.crew for one in going}
    passed = [
        Passed(k, int(listed[row, k]), float(ways[k]), "declined" if k in now.calls[call].declined else STANDINGS[codes[k]])
        for k in range(len(now.crews))
        if listed[row, k] >= 0 and k not in sent and before[k] != call
    ]
    left = world.calls[call]
    return Proposal(
        call=call,
        row=row,
        going=going,
        passed=tuple(sorted(passed, key=lambda one: (one.tier, one.way_s, one.crew))),
        lacking=max(0, int(left["need_people"] - left["people_now"])),
        lacking_sworn=max(0, int(left["need_sworn"] - left["sworn_now"])),
        look_again_s=again,
        blocked=blocked,
    )


def _going(world: World, call: int, before: np.ndarray[tuple[int], np.dtype[np.int32]], now_s: float) -> tuple[Going, ...]:
    """Return the crews that came to a call, by slot."""
    crews = world.crews
    new = [k for k in world.crew_at[call].tolist() if k >= 0 and before[k] != call and crews[k]["status"] == BUSY]
    rows = world.rows[:, world.calls[call]["priority"], world.calls[call]["call_class"], world.calls[call]["atom"]]
    first = not (before == call).any()
    return tuple(
        Going(k, int(world.order[0, rows[0 if first and at == 0 else 1], k]), float(crews[k]["arrive"] - now_s), int(before[k]))
        for at, k in enumerate(new)
    )


def _waits_its_turn(world: World, now: Situation, call: int) -> bool:
    """Return whether strict order keeps everybody from this call because another waits ahead of it."""
    if world.rules[0]["strict_fifo"] == 0:
        return False
    mine = now.calls[call]
    return any(
        (other.priority, other.ready_s, at) < (mine.priority, mine.ready_s, call)
        for at, other in enumerate(now.calls)
        if not other.complete
    )


def _check(plan: ResponsePlan, now: Situation, call: int) -> None:
    priorities, classes, atoms = plan.dispatching.row.shape
    wrong = len(now.crews) != len(plan.crew.people) or not 0 <= call < len(now.calls)
    wrong = wrong or any(
        not (0 <= one.call_class < classes and 0 <= one.atom < atoms and 0 <= one.priority < priorities) for one in now.calls
    )
    wrong = wrong or any(not (0 <= crew.place < atoms and crew.call < len(now.calls)) for crew in now.crews)
    if wrong:
        message = N_("The situation does not fit the duty system in force.")
        remedy = N_("Compile the duty system again after changing its files, and take crews and calls from it.")
        raise QinwuError([Finding("situation-of-another-plan", "error", message, remedy)])
