"""The event kernel: executes a response plan on a stream of calls, event by event.

Plain numba functions over the arrays of :class:`qinwu.simulate.arrays.World`. There is no branch here for any duty system: all
of it is data in the plan. The rules, in the order in which they bind:

* A call is served from the first tier of its row that is open and has an available crew; inside a tier the nearest goes, or
  the first listed. A tier opens at the age the plan states, at once where no crew of an earlier tier is on duty (judged whenever
  the call is tried), and later by ``wait`` for every refusal of that call.
* A crew is available when it is free, or in a fixed block that yields to the call's priority, is not about to end its shift,
  and leaves the reserve of that priority untouched.
* Crews are sent until the officers required are on their way; who joins is chosen from the support row. Work starts when all
  are there, or ``patience`` after the first arrived (under strength). Where all go at once, nobody is sent before everybody who
  is lacking is available.
* A call of a pre-empting priority that finds nobody takes the best crew of its tiers from less urgent work.
* A waiting call is tried again when a crew its row names becomes free, when a tier opens, when its patience ends, when one of
  its crews is withdrawn, and, where it may pre-empt, when less urgent work comes to a stage that may be interrupted. Under
  strict order nobody is sent to a call while another waits ahead of it.
* What an officer finds is done at once by whoever may go, or forgone.
* At the end of a shift a free crew leaves, a busy one finishes (overtime) or hands a long job over.
* Follow-up work passes to its owner once: when the first crew is done with the call, or else the last.

All random numbers are drawn outside, per call, or hashed from the call's key: compared systems meet the same luck. Functions
called once are inlined by force: handing some thirty arrays from call to call would cost more than the work.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from qinwu.compiled import entry, inner
from qinwu.duty.response_plan import PATROL_SLOTS
from qinwu.simulate.arrays import (
    AWAY,
    BLOCK,
    BLOCK_ON,
    BORROWED,
    BUSY,
    CAME_ON,
    CARRIED,
    COMING,
    COMMITTED,
    DELAYED,
    DISPATCH,
    DONE,
    FINISHED,
    FIXED,
    FLEXIBLE,
    FLEXIBLE_DUE,
    FOLLOW_UP,
    FOLLOW_UP_DUE,
    FORGONE,
    FREE,
    GIVEN_UP,
    HANDED_OVER,
    IDLE,
    LOST,
    OFF,
    ON_DUTY,
    OVERTIME,
    PLEDGED,
    PREEMPTED,
    QUEUED,
    READY,
    RELEASED,
    SCENE,
    SLOTS,
    START,
    TAKEN,
    TRAVEL,
    UNDER_STRENGTH,
    WAITING,
    WENT_OFF,
    WRAP_UP,
    World,
)

HOUR_S = 3600.0
WEEK_H = 168
NOISE, ON_SCENE, WRITE_UP = 0, 1, 2

small = inner(_nrt=False)
inlined = inner(forceinline=True, _nrt=False)


@small
def hour_of_week(t: float) -> int:
    """Return the hour 0-167 of the week at `t` seconds after a Monday 00:00."""
    return int(t / HOUR_S) % WEEK_H


@small
def hashed(a: int, b: int) -> int:
    """Return 63 mixed bits of two integers (splitmix64, Steele, Lea & Flood 2014)."""
    x = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(b) * np.uint64(0xD1B54A32D192ED03)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return int((x ^ (x >> np.uint64(31))) >> np.uint64(1))


@small
def refusals(key: int, tier: int, chance: float) -> int:
    """Return how often a request by call `key` to `tier` is refused: geometric with `chance`, hashed, hence the same every time."""
    if chance <= 0.0:
        return 0
    u = (hashed(key, 7919 + tier) + 0.5) / 9223372036854775808.0
    return int(np.log(u) / np.log(chance))


@small
def spread_hours(into: Any, start: float, end: float) -> None:
    """Add the seconds between `start` and `end` to the hours of the week they fall in."""
    t = start
    hour = int(start / HOUR_S)
    while t < end:
        stop = min((hour + 1) * HOUR_S, end)
        into[hour % WEEK_H] += stop - t
        t = stop
        hour += 1


@inner(_nrt=False, fastmath={"nnan", "nsz", "reassoc"})
def earliest(times: Any) -> float:
    """Return the least of `times`; none is nan, so that the comparison may go four at a time."""
    least = np.inf
    for k in range(len(times)):
        least = min(least, times[k])
    return least


@small
def holder(times: Any, t: float) -> int:
    """Return the first crew whose time is `t`."""
    k = 0
    while times[k] != t:
        k += 1
    return k


@small
def log(clock: Any, trace: Any, t: float, kind: int, call: int, crew: int) -> None:
    """Write one event, if there is a log; past its end only the count goes on."""
    if len(trace) == 0:
        return
    i = clock[0].logged
    clock[0].logged = i + 1
    if i < len(trace):
        trace[i].time = t
        trace[i].kind = kind
        trace[i].call = call
        trace[i].crew = crew


@small
def tick(clock: Any, short_s: Any, t: float) -> None:
    """Carry the clock to `t`, integrating waiting calls and the time with too few officers free."""
    last = clock[0].now
    if t <= last:
        return
    clock[0].waiting_s += clock[0].waiting * (t - last)
    if clock[0].free_people < 2:
        spread_hours(short_s[1], last, t)
        if clock[0].free_people == 0:
            spread_hours(short_s[0], last, t)
    clock[0].now = t


@small
def count_free(clock: Any, c: Any, sign: int) -> None:
    """Count crew `c` in (+1) or out (-1) of those that are free; other stations' crews are never counted."""
    if c.external == 0:
        clock[0].free_people += sign * c.people
        clock[0].free_reserve += sign * c.reserve


@small
def to_hand(clock: Any, at_hand: Any, k: int) -> None:
    """List crew `k` among those at hand, by number."""
    at = clock[0].at_hand
    while at > 0 and at_hand[at - 1] > k:
        at_hand[at] = at_hand[at - 1]
        at -= 1
    at_hand[at] = k
    clock[0].at_hand += 1


@small
def from_hand(clock: Any, at_hand: Any, k: int) -> None:
    """Strike crew `k` from those at hand."""
    clock[0].at_hand -= 1
    at = 0
    while at_hand[at] != k:
        at += 1
    for other in range(at, clock[0].at_hand):
        at_hand[other] = at_hand[other + 1]


@small
def close_idle(c: Any, sums: Any, patrol: Any, t: float) -> None:
    """Account the free time of crew `c` up to `t`: follow-up work first, then flexible duty, the rest patrol or waiting."""
    due = c.flexible_rate * (t - c.flexible_mark)
    c.flexible += due
    c.flexible_mark = t
    span = t - c.since
    first = min(c.follow_up, span)
    second = min(c.flexible, span - first)
    c.follow_up -= first
    c.flexible -= second
    sums[FLEXIBLE_DUE] += due
    sums[FOLLOW_UP] += first
    sums[FLEXIBLE] += second
    sums[IDLE] += span - first - second
    spread_hours(patrol, c.since + first + second, t)


@small
def close_block(c: Any, sums: Any, end: float, t: float) -> None:
    """Account the fixed block of crew `c`, due to last until `end`, up to `t`, and keep what is left of it."""
    span = t - c.since
    sums[FIXED] += span
    if c.block_away == 1:
        sums[AWAY] += span
    c.block_left = max(0.0, end - t)


@small
def close_call(c: Any, call: Any, sums: Any, beat: int, t: float) -> None:
    """Account what crew `c` did for its call up to `t`: on the way, at the scene, writing up."""
    span = t - c.since
    travel = min(t, c.arrive) - c.since
    scene = max(0.0, min(t, c.scene_end) - c.arrive)
    sums[TRAVEL] += travel
    sums[SCENE] += scene
    sums[WRAP_UP] += span - travel - scene
    if c.own_beat < 0 or beat != c.own_beat:
        sums[AWAY] += span
    call.officer_s += span * c.people


@small
def go_off(w: World, k: int, t: float) -> None:
    """Crew `k`, free and counted out, leaves: what was left of a block is lost."""
    c = w.crews[k]
    close_idle(c, w.crew_s[k], w.patrol_s[k], t)
    from_hand(w.clock, w.at_hand, k)
    w.crew_s[k, LOST] += c.block_left
    c.block_left = 0.0
    c.status = OFF
    c.leaving = 0


@inlined
def position(w: World, k: int, t: float) -> int:
    """Return the atom where available crew `k` is: where it last was until it is back, then on patrol or at its base."""
    c = w.crews[k]
    if t < c.settled:
        return c.place
    if c.patrols == 0:
        return c.base
    return w.slots[k, hashed(k, int(t / w.rules[0].dwell)) % PATROL_SLOTS]


@inlined
def whereabouts(w: World, k: int, t: float) -> int:
    """Return the atom nearest to where crew `k` is now, half a journey counting as its end."""
    c = w.crews[k]
    if c.status != BUSY:
        return position(w, k, t)
    left = c.arrive - t
    there = w.calls[c.call].atom
    if left <= 0.0 or left < 0.5 * w.travel_to[there, c.origin]:
        return there
    return c.origin


@small
def first_on_duty(tiers: Any, crews: Any) -> int:
    """Return the lowest of the crews' `tiers` in which somebody is on duty, 127 where nobody is."""
    first = 127
    for k in range(len(crews)):
        if 0 <= tiers[k] < first and crews[k].status != OFF:
            first = tiers[k]
    return first


@inlined
def opening(w: World, i: int, row: int, tier: int, first: int) -> float:
    """Return when `tier` of `row` opens for call `i`: its stated age, and a wait for every refusal.

    Nobody is waited for in vain: the age counts only where a crew of an earlier tier is on duty (`first` is the first such).
    """
    step = w.steps[row, tier]
    age = step.opens if tier > first else 0.0
    if step.refusal > 0.0:
        age += step.wait * refusals(w.calls[i].key, tier, step.refusal)
    return w.calls[i].ready + age


@inlined
def open_tiers(w: World, i: int, row: int, t: float) -> int:
    """Return which tiers of `row` are open for call `i`, one bit each."""
    opened = 0
    first = -1
    ready = w.calls[i].ready
    for tier in range(w.steps.shape[1]):
        step = w.steps[row, tier]
        if first < 0 and 0.0 < step.opens < np.inf and (ready + step.opens > t or step.refusal > 0.0):
            first = first_on_duty(w.order[0, row], w.crews)
        if step.opens < np.inf and opening(w, i, row, tier, first) <= t:
            opened |= 1 << tier
    return opened


@inlined
def current_row(w: World, i: int) -> int:
    """Return the row that says who goes next: the order of first crews, or of support once a crew is committed."""
    call = w.calls[i]
    return w.rows[1 if call.crews_now > 0 else 0, call.priority, call.call_class, call.atom]


@small
def sooner(calls: Any, i: int, j: int) -> bool:
    """Return whether the timer of call `i` comes before that of `j`; at the same time the more urgent, then the earlier call."""
    a, b = calls[i], calls[j]
    if a.timer != b.timer:
        return a.timer < b.timer
    return a.priority < b.priority or (a.priority == b.priority and i < j)


@inlined
def wake_at(w: World, i: int, when: float) -> None:
    """Set the time at which waiting call `i` is tried again (inf: never), moving it in the heap of timers."""
    if when == w.calls[i].timer:
        return
    w.calls[i].timer = when
    at = w.calls[i].timer_at
    if at < 0:
        if when == np.inf:
            return
        at = w.clock[0].timers
        w.clock[0].timers += 1
    elif when == np.inf:
        w.calls[i].timer_at = -1
        w.clock[0].timers -= 1
        if at == w.clock[0].timers:
            return
        i = w.timers[w.clock[0].timers]
    while at > 0 and sooner(w.calls, i, w.timers[(at - 1) // 2]):
        w.timers[at] = w.timers[(at - 1) // 2]
        w.calls[w.timers[at]].timer_at = at
        at = (at - 1) // 2
    while True:
        child = 2 * at + 1
        if child >= w.clock[0].timers:
            break
        if child + 1 < w.clock[0].timers and sooner(w.calls, w.timers[child + 1], w.timers[child]):
            child += 1
        if sooner(w.calls, i, w.timers[child]):
            break
        w.timers[at] = w.timers[child]
        w.calls[w.timers[at]].timer_at = at
        at = child
    w.timers[at] = i
    w.calls[i].timer_at = at


@small
def lacks(call: Any) -> bool:
    """Return whether this call still lacks officers; somebody must be there to the end."""
    return call.people_now < call.need_people or call.sworn_now < call.need_sworn or call.crews_now == 0


@inlined
def helps(w: World, i: int, k: int, t: float) -> bool:
    """Return whether crew `k`, were it available, may be sent to call `i`: skills, end of shift, and what is still lacking."""
    call = w.calls[i]
    c = w.crews[k]
    if c.sworn == 0 and call.people_now >= call.need_people and call.sworn_now < call.need_sworn:
        return False
    if call.crews_now == 0:
        wanted = w.skills[call.call_class]
        if wanted & c.skills != wanted:
            return False
    return c.duty_end - t >= w.urgency[call.priority].last


@inlined
def available(w: World, k: int, p: int) -> bool:
    """Return whether crew `k` is free for priority index `p`, with the reserve of that priority left."""
    c = w.crews[k]
    if c.status == FREE:
        return c.reserve == 0 or w.clock[0].free_reserve > w.urgency[p].reserve
    return c.status == BLOCK and p < c.block_yields


@inlined
def takeable(w: World, k: int, p: int, t: float) -> bool:
    """Return whether a call of priority index `p` may take crew `k` from the less urgent call it is on."""
    c = w.crews[k]
    if c.status != BUSY or c.leaving == 1:
        return False
    call = w.calls[c.call]
    if call.priority <= p:
        return False
    if t < c.arrive:
        return w.rules[0].take_en_route == 1
    if call.phase != COMMITTED:
        return False
    if t >= c.scene_end:
        return w.rules[0].take_wrap_up == 1
    return w.rules[0].take_on_scene == 1 and call.crews_now == 1


@inlined
def best_crew(w: World, i: int, t: float, take: int) -> int:
    """Return the crew to send to call `i` now, -1 if none: lowest open tier first, then nearest or first listed.

    With `take`, look among crews on less urgent work instead of available ones.
    """
    row = current_row(w, i)
    call = w.calls[i]
    opened = open_tiers(w, i, row, t)
    best = -1
    best_tier = 127
    best_key = np.inf
    for at in range(len(w.crews) if take == 1 else w.clock[0].at_hand):
        k = at if take == 1 else w.at_hand[at]
        tier = w.order[0, row, k]
        if tier < 0 or tier > best_tier or opened >> tier & 1 == 0:
            continue
        if (take == 1 and not takeable(w, k, call.priority, t)) or (take == 0 and not available(w, k, call.priority)):
            continue
        if not helps(w, i, k, t):
            continue
        if w.rules[0].nearest == 1:
            key = w.travel_to[call.atom, whereabouts(w, k, t)] + w.crews[k].extra_travel_s
        else:
            key = float(w.order[1, row, k])
        if tier < best_tier or key < best_key:
            best, best_tier, best_key = k, tier, key
    return best


@inlined
def enqueue(w: World, i: int) -> None:
    """Put call `i` into the queue: by priority, then by ready time."""
    at = w.clock[0].queued
    urgency = w.calls[i].priority
    while at > 0:
        j = w.queue[at - 1]
        other = w.calls[j].priority
        if other < urgency or (other == urgency and j < i):
            break
        w.queue[at] = j
        at -= 1
    w.queue[at] = i
    w.clock[0].queued += 1
    w.calls[i].phase = WAITING
    if w.calls[i].crews_now == 0:
        w.clock[0].waiting += 1
        w.calls[i].waiting_from = w.clock[0].now


@inlined
def dequeue(w: World, i: int) -> None:
    """Take call `i`, to which somebody has been sent, out of the queue."""
    at = 0
    while w.queue[at] != i:
        at += 1
    last = w.clock[0].queued - 1
    for j in range(at, last):
        w.queue[j] = w.queue[j + 1]
    w.clock[0].queued = last


@small
def next_stage(c: Any, rules: Any, t: float) -> float:
    """Return when crew `c`, on a call, next comes to a stage at which it may be taken from it (inf: at none known)."""
    if rules.take_on_scene == 1 and t < c.arrive:
        return c.arrive
    if rules.take_wrap_up == 1 and t < c.scene_end:
        return c.scene_end
    return np.inf


@inlined
def set_timer(w: World, i: int, t: float) -> None:
    """Wake waiting call `i` when its next tier opens, its patience ends, or a crew may be taken, whichever comes first."""
    when = np.inf
    row = current_row(w, i)
    call = w.calls[i]
    first = first_on_duty(w.order[0, row], w.crews)
    for tier in range(w.steps.shape[1]):
        step = w.steps[row, tier]
        if 0.0 < step.opens + step.refusal < np.inf:
            at = opening(w, i, row, tier, first)
            if t < at < when:
                when = at
    if call.crews_now > 0:
        when = min(when, call.first_arrive + w.rules[0].patience)
    if w.urgency[call.priority].preempts == 1 and call.self_initiated == 0:
        for k in range(len(w.crews)):
            c = w.crews[k]
            if c.status == BUSY and w.order[0, row, k] >= 0 and w.calls[c.call].priority > call.priority:
                when = min(when, next_stage(c, w.rules[0], t))
    wake_at(w, i, when)


@small
def free_slot(crew_at: Any, i: int) -> int:
    """Return the first slot of call `i` that no crew holds."""
    j = 0
    while crew_at[i, j] >= 0:
        j += 1
    return j


@inlined
def way_s(w: World, i: int, k: int, row: int, tier: int, origin: int, t: float) -> float:
    """Return the seconds from sending crew `k` of `tier` of `row` from `origin` to call `i` until it is there."""
    journey = w.travel_to[w.calls[i].atom, origin] * w.hour_factor[hour_of_week(t)] * w.draws[NOISE, i, free_slot(w.crew_at, i)]
    return w.steps[row, tier].hand_over + w.rules[0].turnout + journey + w.crews[k].extra_travel_s


@inlined
def send(w: World, i: int, k: int, t: float) -> None:
    """Commit crew `k` to call `i` at `t`: from here it hears, turns out and travels."""
    row = current_row(w, i)
    tier = w.order[0, row, k]
    origin = position(w, k, t)
    call = w.calls[i]
    c = w.crews[k]
    if c.status == FREE:
        close_idle(c, w.crew_s[k], w.patrol_s[k], t)
        count_free(w.clock, c, -1)
    else:
        close_block(c, w.crew_s[k], w.next_s[k], t)
    j = free_slot(w.crew_at, i)
    on_way = way_s(w, i, k, row, tier, origin, t) if call.self_initiated == 0 else 0.0
    if call.crews_now > 0:
        call.support_tier = tier
        call.flags |= BORROWED
    else:
        if call.phase == WAITING:
            w.clock[0].waiting -= 1
            call.waited += t - call.waiting_from
        if np.isnan(call.dispatched):
            call.dispatched = t
            call.crew = k
            call.tier = tier
    w.crew_at[i, j] = k
    w.next_s[k] = np.inf
    from_hand(w.clock, w.at_hand, k)
    c.status = BUSY
    c.call = i
    c.slot = j
    c.since = t
    c.origin = origin
    c.arrive = t + on_way
    c.scene_end = np.inf
    call.crews += 1
    call.people_sent += c.people
    call.crews_now += 1
    call.people_now += c.people
    call.sworn_now += c.sworn
    call.first_arrive = min(call.first_arrive, c.arrive)
    if not call.arrived <= c.arrive:
        call.arrived = c.arrive
    log(w.clock, w.trace, t, DISPATCH, i, k)


@inlined
def start_work(w: World, i: int, t: float) -> None:
    """Nobody more is sent to call `i`: fix when work starts (the last arrival, not before now) and when each crew is done."""
    call = w.calls[i]
    start = t
    for j in range(SLOTS):
        k = w.crew_at[i, j]
        if k >= 0:
            start = max(start, w.crews[k].arrive)
    if lacks(call):
        call.flags |= UNDER_STRENGTH
    elif np.isnan(call.full):
        call.full = start
    cleared = start
    for j in range(SLOTS):
        k = w.crew_at[i, j]
        if k >= 0:
            work = w.draws[ON_SCENE, i, 0 if w.rules[0].joint_release == 1 else j]
            if call.resume > 0.0:
                work = call.resume
            w.crews[k].scene_end = start + work
            w.next_s[k] = start + work + w.draws[WRITE_UP, i, j]
            cleared = max(cleared, start + work)
    call.cleared = cleared
    call.phase = COMMITTED
    log(w.clock, w.trace, start, START, i, -1)


@inlined
def pledge(w: World, i: int, k: int) -> None:
    """Count available crew `k` as if it were sent to call `i`, to see whether all that are lacking can go at once."""
    c = w.crews[k]
    if c.status == FREE:
        count_free(w.clock, c, -1)
    c.status = PLEDGED
    w.calls[i].crews_now += 1
    w.calls[i].people_now += c.people
    w.calls[i].sworn_now += c.sworn


@inlined
def enough_pledged(w: World, i: int) -> bool:
    """Release the crews pledged to call `i`; return whether they would have been enough."""
    call = w.calls[i]
    enough = not lacks(call) or call.crews_now == SLOTS
    for k in range(len(w.crews)):
        c = w.crews[k]
        if c.status == PLEDGED:
            call.crews_now -= 1
            call.people_now -= c.people
            call.sworn_now -= c.sworn
            c.status = BLOCK
            if w.next_s[k] == np.inf:
                c.status = FREE
                count_free(w.clock, c, 1)
    return enough


@inlined
def leave_call(w: World, k: int, place: int, t: float) -> None:
    """Crew `k` is no longer with its call: account it and set it free at atom `place`."""
    c = w.crews[k]
    call = w.calls[c.call]
    close_call(c, call, w.crew_s[k], w.beat_of[call.atom], t)
    w.crew_at[c.call, c.slot] = -1
    call.crews_now -= 1
    to_hand(w.clock, w.at_hand, k)
    c.status = FREE
    c.call = -1
    c.place = place
    c.settled = t + w.travel_to[c.base, place]
    c.since = t
    w.next_s[k] = np.inf


@small
def withdraw(w: World, k: int, t: float) -> None:
    """Take crew `k` off its call before the end; a call that now lacks officers goes back to the queue and is tried at once."""
    c = w.crews[k]
    i = c.call
    call = w.calls[i]
    leave_call(w, k, whereabouts(w, k, t), t)
    call.people_now -= c.people
    call.sworn_now -= c.sworn
    call.people_sent -= c.people
    call.crews -= 1
    call.first_arrive = np.inf
    for j in range(SLOTS):
        other = w.crew_at[i, j]
        if other >= 0:
            call.first_arrive = min(call.first_arrive, w.crews[other].arrive)
            w.crews[other].scene_end = np.inf
            w.next_s[other] = np.inf
    if call.phase == COMMITTED:
        call.cleared = np.nan
        if t < call.full:
            call.full = np.nan
        enqueue(w, i)
    elif call.crews_now == 0:
        w.clock[0].waiting += 1
        call.waiting_from = t
    if call.arrived > t:
        call.arrived = call.first_arrive if call.crews_now > 0 else np.nan
    wake_at(w, i, t)


@small
def least_owing(w: World, group: int, t: float) -> int:
    """Return the crew of `group` with the least follow-up work left at `t`; of equals the one given least so far."""
    best = -1
    least = np.inf
    for k in range(w.group.shape[1]):
        if w.group[group, k] == 0:
            continue
        c = w.crews[k]
        left = c.follow_up
        if c.status == FREE:
            left = max(0.0, left - (t - c.since))
        if left < least or (left == least and w.crew_s[k, FOLLOW_UP_DUE] < w.crew_s[best, FOLLOW_UP_DUE]):
            best, least = k, left
    return best


@inlined
def give_follow_up(w: World, k: int, t: float) -> None:
    """Hand the work a call leaves behind to its owner: crew `k` that went, a named crew, or the least loaded of a squad."""
    call = w.calls[w.crews[k].call]
    if call.follow_up <= 0.0 or (w.crews[k].slot != 0 and call.crews_now > 1):
        return
    owner = w.owner[call.call_class, call.atom]
    if owner < -1:
        owner = least_owing(w, -2 - owner, t)
    if owner < 0:
        owner = k
    w.crews[owner].follow_up += call.follow_up
    w.crew_s[owner, FOLLOW_UP_DUE] += call.follow_up
    call.follow_up = 0.0


@small
def part(w: World, k: int, t: float) -> None:
    """Crew `k` is done with its call, as far as it goes."""
    give_follow_up(w, k, t)
    call = w.calls[w.crews[k].call]
    leave_call(w, k, call.atom, t)
    if call.crews_now == 0:
        call.phase = DONE


@inlined
def take_crew(w: World, k: int, t: float) -> None:
    """Pre-empt crew `k`: off the way, off the scene (the rest is resumed by whoever comes), or out of its writing-up."""
    c = w.crews[k]
    call = w.calls[c.call]
    log(w.clock, w.trace, t, TAKEN, c.call, k)
    if t >= c.scene_end:
        rest = w.next_s[k] - t
        c.follow_up += rest
        w.crew_s[k, FOLLOW_UP_DUE] += rest
        part(w, k, t)
    else:
        call.flags |= PREEMPTED
        if t >= c.arrive:
            call.resume = c.scene_end - t
        withdraw(w, k, t)
    count_free(w.clock, c, 1)


@inlined
def give_up(w: World, i: int, t: float) -> None:
    """What an officer found is forgone."""
    call = w.calls[i]
    if call.phase == WAITING:
        w.clock[0].waiting -= 1
        dequeue(w, i)
    call.flags |= FORGONE
    call.phase = DONE
    log(w.clock, w.trace, t, GIVEN_UP, i, -1)


@inlined
def serve(w: World, i: int, t: float, blocked: bool) -> bool:
    """Send to call `i` whoever may go now (nobody if it is blocked by one ahead); return whether nobody more is needed."""
    call = w.calls[i]
    tries = 1 + (w.urgency[call.priority].preempts if call.self_initiated == 0 else 0)
    for rehearsal in range(w.rules[0].all_at_once, -1, -1):
        while lacks(call) and call.crews_now < SLOTS and not blocked:
            k = -1
            for take in range(1 if rehearsal == 1 else tries):
                k = best_crew(w, i, t, take)
                if k >= 0 and take == 1:
                    take_crew(w, k, t)
                if k >= 0:
                    break
            if k < 0:
                break
            if rehearsal == 1:
                pledge(w, i, k)
            else:
                send(w, i, k, t)
        if rehearsal == 1 and not enough_pledged(w, i):
            break
    if call.self_initiated == 1 and call.crews_now == 0:
        give_up(w, i, t)
        return True
    if lacks(call) and call.crews_now < SLOTS and (call.crews_now == 0 or t < call.first_arrive + w.rules[0].patience):
        return False
    if call.phase == WAITING:
        dequeue(w, i)
    start_work(w, i, t)
    return True


@inlined
def become_free(w: World, k: int, t: float) -> None:
    """Crew `k`, free and not yet counted, resumes a block that is due or waits for calls."""
    c = w.crews[k]
    if c.block_left > 0.0:
        close_idle(c, w.crew_s[k], w.patrol_s[k], t)
        c.status = BLOCK
        c.since = t
        w.next_s[k] = t + c.block_left
        c.block_left = 0.0
        log(w.clock, w.trace, t, BLOCK_ON, -1, k)
    else:
        count_free(w.clock, c, 1)
        log(w.clock, w.trace, t, RELEASED, -1, k)


@inlined
def finish(w: World, k: int, t: float) -> int:
    """The next thing of crew `k` is due: its block ends, or its call is written up. Return the crew if it stays, else -1."""
    c = w.crews[k]
    if c.status == BLOCK:
        close_block(c, w.crew_s[k], t, t)
        c.status = FREE
        c.since = t
        w.next_s[k] = np.inf
        return k
    log(w.clock, w.trace, t, FINISHED, c.call, k)
    part(w, k, t)
    if c.leaving == 0:
        return k
    w.crew_s[k, OVERTIME] += t - c.duty_end
    go_off(w, k, t)
    log(w.clock, w.trace, t, WENT_OFF, -1, k)
    return -1


@inlined
def come_on(w: World, k: int, t: float, end: float) -> int:
    """Crew `k` comes on duty until `end`. Return the crew if it is free, -1 if it is still busy with overtime."""
    c = w.crews[k]
    if c.status != OFF:
        w.crew_s[k, OVERTIME] += t - c.duty_end
    c.on_since = t
    c.duty_end = end
    c.leaving = 0
    if c.status != OFF:
        return -1
    to_hand(w.clock, w.at_hand, k)
    c.status = FREE
    c.place = c.base
    c.settled = t
    c.since = t
    c.flexible_mark = t
    log(w.clock, w.trace, t, CAME_ON, -1, k)
    return k


@inlined
def end_shift(w: World, k: int, t: float) -> None:
    """The shift of crew `k` ends: leave if free, hand a long single-crew job over where the rule says so, else finish it."""
    c = w.crews[k]
    if c.status == OFF:
        return
    w.crew_s[k, ON_DUTY] += t - c.on_since
    if c.status == FREE:
        count_free(w.clock, c, -1)
    elif c.status == BLOCK:
        close_block(c, w.crew_s[k], w.next_s[k], t)
        c.since = t
        w.next_s[k] = np.inf
    else:
        call = w.calls[c.call]
        left = c.scene_end - t
        long_job = call.crews_now == 1 and call.phase == COMMITTED and left > w.rules[0].end_limit
        if w.rules[0].hand_over_at_end == 0 or not long_job:
            c.leaving = 1
            return
        call.flags |= CARRIED
        log(w.clock, w.trace, t, HANDED_OVER, c.call, k)
        if t >= c.arrive:
            call.resume = left + w.rules[0].end_hand_over
        withdraw(w, k, t)
    go_off(w, k, t)
    log(w.clock, w.trace, t, WENT_OFF, -1, k)


@inlined
def begin_block(w: World, b: int, t: float) -> None:
    """A fixed block is due: a free crew starts it, a busy one will, one in a block adds it."""
    block = w.blocks[b]
    k = block.crew
    c = w.crews[k]
    if c.status == OFF or c.leaving == 1:
        return
    if c.status == BLOCK:
        close_block(c, w.crew_s[k], w.next_s[k], t)
        c.since = t
    c.block_left += block.length
    c.block_yields = block.yields
    c.block_away = block.away
    if c.status == FREE:
        close_idle(c, w.crew_s[k], w.patrol_s[k], t)
        count_free(w.clock, c, -1)
        c.status = BLOCK
        c.since = t
        log(w.clock, w.trace, t, BLOCK_ON, -1, k)
    if c.status == BLOCK:
        w.next_s[k] = t + c.block_left
        c.block_left = 0.0


@inlined
def receive(w: World, i: int, t: float) -> bool:
    """Call `i` is ready for dispatch: fix what it needs at this hour; return whether it must queue behind others unseen."""
    call = w.calls[i]
    hour = hour_of_week(t)
    call.need_people = call.people if call.people > 0 else w.need[0, call.call_class, hour]
    call.need_sworn = min(w.need[1, call.call_class, hour], call.need_people)
    if call.self_initiated == 1:
        call.need_people = 1
        call.need_sworn = min(call.need_sworn, 1)
    log(w.clock, w.trace, t, READY, i, -1)
    return w.rules[0].strict_fifo == 1 and w.clock[0].queued > 0 and w.calls[w.queue[0]].priority <= call.priority


@inlined
def keep_waiting(w: World, i: int, t: float) -> None:
    """Call `i` could not be met in full: queue it if it is new, and wake it when something opens."""
    call = w.calls[i]
    if call.phase == COMING:
        if call.crews_now == 0:
            call.flags |= DELAYED
        enqueue(w, i)
        log(w.clock, w.trace, t, QUEUED, i, -1)
    set_timer(w, i, t)


@inlined
def next_for(w: World, k: int, at: int) -> int:
    """Return the first place of the queue, from `at` on, whose call crew `k` may help (or whose reserve it restores); -1: none.

    Under strict order it is the head of the queue.
    """
    if w.rules[0].strict_fifo == 1:
        return 0 if w.clock[0].queued > 0 else -1
    if w.crews[k].status != FREE and w.crews[k].status != BLOCK:
        return -1
    while at < w.clock[0].queued:
        i = w.queue[at]
        if w.order[0, current_row(w, i), k] >= 0 or w.urgency[w.calls[i].priority].reserve > 0:
            return at
        at += 1
    return -1


@inlined
def close_run(w: World, t: float) -> None:
    """Account everything still going on at the end of the run, so that every second of every crew is in the totals."""
    for k in range(len(w.crews)):
        c = w.crews[k]
        sums = w.crew_s[k]
        if c.status == OFF:
            continue
        if c.status == BLOCK:
            close_block(c, sums, w.next_s[k], t)
            c.since = t
        elif c.status == BUSY:
            call = w.calls[c.call]
            close_call(c, call, sums, w.beat_of[call.atom], t)
            c.since = t
        close_idle(c, sums, w.patrol_s[k], t)
        if c.leaving == 1:
            sums[OVERTIME] += t - c.duty_end
        else:
            sums[ON_DUTY] += t - c.on_since


@entry(_nrt=False, nogil=True)
def run(w: World, end_s: float) -> None:
    """Run from time 0 to `end_s`, filling the records and totals of `w`.

    At equal times a crew's own event comes first, then the duty calendar, blocks, and calls. Every event names at most
    one crew that became available or one call to serve; dispatch then happens in one place.
    """
    for k in range(len(w.crews)):
        if w.crews[k].duty_end > 0.0:
            come_on(w, k, 0.0, w.crews[k].duty_end)
            count_free(w.clock, w.crews[k], 1)
    next_call = next_change = next_block = 0
    duty_round = block_round = 0.0
    while True:
        t_crew = earliest(w.next_s)
        t_duty = duty_round + w.changes[next_change].time if len(w.changes) > 0 else np.inf
        t_block = block_round + w.blocks[next_block].time if len(w.blocks) > 0 else np.inf
        t_timer = w.calls[w.timers[0]].timer if w.clock[0].timers > 0 else np.inf
        t_call = w.calls[next_call].ready if next_call < len(w.calls) else np.inf
        t = min(t_crew, t_duty, t_block, t_timer, t_call)
        if t >= end_s:
            break
        tick(w.clock, w.short_s, t)
        freed = -1
        call = np.int64(-1)
        blocked = False
        if t == t_crew:
            freed = finish(w, holder(w.next_s, t), t)
        elif t == t_duty:
            change = w.changes[next_change]
            if change.on == 0:
                end_shift(w, change.crew, t)
            else:
                freed = come_on(w, change.crew, t, duty_round + change.end)
            next_change += 1
            if next_change == len(w.changes):
                next_change = 0
                duty_round += w.rules[0].cycle
        elif t == t_block:
            begin_block(w, next_block, t)
            next_block += 1
            if next_block == len(w.blocks):
                next_block = 0
                block_round += w.rules[0].cycle
        elif t == t_timer:
            call = w.timers[0]
            wake_at(w, call, np.inf)
            if w.calls[call].phase != WAITING:
                continue
            blocked = w.rules[0].strict_fifo == 1 and w.queue[0] != call
        else:
            call = np.int64(next_call)
            next_call += 1
            blocked = receive(w, call, t)
        strict = w.rules[0].strict_fifo == 1
        at = 0
        if freed >= 0:
            become_free(w, freed, t)
            at = next_for(w, freed, 0)
            if at >= 0:
                call = w.queue[at]
        while call >= 0:
            served = serve(w, call, t, blocked)
            if not served:
                keep_waiting(w, call, t)
                at += 1
            call = np.int64(-1)
            blocked = False
            if served if strict else freed >= 0:
                at = next_for(w, freed, at)
                if at >= 0:
                    call = w.queue[at]
    tick(w.clock, w.short_s, end_s)
    close_run(w, end_s)
