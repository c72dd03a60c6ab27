"""Compiled: which crews are busy, who is sent to which call, and when they arrive.

Given how many crews are busy, which ones are is proportional to the product of their weights (a conditional Bernoulli
distribution, Chen, Dempster & Liu 1994, Biometrika 81(3)). Every list of crews is walked in order, with two sums: over the states
of those already passed, by how many are busy and how many officers go, and over the states of those still to come.
"""

from __future__ import annotations

import numpy as np

from qinwu.compiled import entry, inner
from qinwu.duty.response_plan import F64, I16, I64
from qinwu.queueing.hourly.scene import Asking, Ready, Rules, Totals, Walk

RARE = 1e-9
"""States less likely than this send nobody."""
NEXT_TIER = 1e7
"""More than any journey takes: crews of a later tier stand behind all of an earlier one."""


@entry
def symmetric_sums(weight: F64) -> F64:
    """Return (N + 1,) the elementary symmetric polynomials of the weights.

    >>> symmetric_sums(np.array([2.0, 3.0])).tolist()
    [1.0, 5.0, 6.0]
    """
    sums = np.zeros(len(weight) + 1)
    sums[0] = 1.0
    for k in range(len(weight)):
        for n in range(k + 1, 0, -1):
            sums[n] += sums[n - 1] * weight[k]
    return sums


@entry
def busy_shares(weight: F64, busy: F64) -> F64:
    """Return (N,) how much of the time each crew is busy when n are with probability ``busy[n]``, by weight."""
    shares, sums = np.zeros(len(weight)), symmetric_sums(weight)
    for k in range(len(weight)):
        without = symmetric_sums(np.concatenate((weight[:k], weight[k + 1 :])))
        for n in range(1, len(weight) + 1):
            shares[k] += busy[n] * weight[k] * without[n - 1] / sums[n]
    return shares


@entry
def send(asking: Asking, ready: Ready, rules: Rules, draws: int, bin_s: float, totals: Totals) -> None:
    """Send crews to every call that finds enough crews free, looking at `draws` places of the patrols for each list."""
    count, needs = len(ready.crews), asking.wanted.shape[2]
    walk = Walk(
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count),
        np.zeros((count + 1, count + 2)),
        np.zeros((count + 2, needs)),
        symmetric_sums(ready.weight),
    )
    for p in range(len(asking.kept)):
        reserve = asking.kept[p]
        if first_with(asking.kept, reserve) < p:
            continue
        for one in range(len(asking.row)):
            most = most_officers(asking, one, reserve)
            for draw in range(draws if most else 0):
                at = ready.place[(one + draw * len(ready.place) // draws) % len(ready.place)]
                send_first(asking, ready, rules, walk, one, at, reserve, 1.0 / draws, bin_s, totals)
                if most > 1:
                    send_others(asking, ready, rules, walk, one, at, reserve, most, 1.0 / draws, totals)


@inner
def first_with(kept: I64, reserve: int) -> int:
    """Return the first priority with this reserve."""
    p = 0
    while kept[p] != reserve:
        p += 1
    return p


@inner
def most_officers(asking: Asking, one: int, reserve: int) -> int:
    """Return the most officers that calls of a list ask for, of the priorities with this reserve; 0 without such calls."""
    most = 0
    for p in range(len(asking.kept)):
        for q in range(asking.wanted.shape[2]):
            if asking.kept[p] == reserve and asking.wanted[one, p, q] > 0.0:
                most = max(most, q + 1)
    return most


@inner
def send_first(
    asking: Asking,
    ready: Ready,
    rules: Rules,
    walk: Walk,
    one: int,
    at: I16,
    reserve: int,
    share: float,
    bin_s: float,
    totals: Totals,
) -> None:
    """Send the first crew to calls of one list, with the crews at the places ``at``."""
    row, atom = asking.row[one], asking.atom[one]
    beat = rules.beat_of[atom]
    listed = ordered(ready, rules, walk, row, row, -1, atom, at)
    weigh_states(ready, walk, listed, len(ready.crews) - reserve - (reserve > 0))
    walk.before[:] = 0.0
    walk.before[0, 0] = 1.0
    count_missed(asking, ready, rules, walk, one, listed, reserve, share, totals)
    for k in range(listed):
        crew, level = walk.order[k], walk.level[k]
        chance = share * chance_of(walk, k, 0)
        if chance >= RARE:
            way = (rules.travel_to[atom, at[crew]] + ready.extra_s[crew]) * rules.factor
            held = 0.0
            if rules.opens_s[row, level] > 0.0 and walk.level[0] < level:
                held = rules.release_s * (1.0 - np.exp(-rules.opens_s[row, level] / rules.release_s))
            for p in range(len(asking.kept)):
                sent = chance * asking.wanted[one, p, 0]
                if asking.kept[p] != reserve or sent == 0.0:
                    continue
                totals.flow[crew] += sent
                totals.travel_s[crew] += sent * (way + rules.delay_s[row, level])
                totals.own[0, beat] += sent
                totals.missed[3, p] += sent if held > 0.0 else 0.0
                totals.missed[4, p] += sent * held
                if beat >= 0 and rules.own_beat[ready.crews[crew]] == beat:
                    totals.own[1, beat] += sent
                for z in range(len(rules.noise)):
                    when = int((held + rules.delay_s[row, level] + way * rules.noise[z]) / bin_s)
                    totals.times[p, min(when, totals.times.shape[1] - 1)] += sent / len(rules.noise)
        pass_on(walk, k, 1, ready.weight[crew], ready.people[crew])


@inner
def send_others(
    asking: Asking, ready: Ready, rules: Rules, walk: Walk, one: int, at: I16, reserve: int, most: int, share: float, totals: Totals
) -> None:
    """Send the crews that join; ``walk`` holds the order of first crews.

    They are looked at in the order of the support row, those of the tier that goes first before all others: who came first is most
    often one of them. Where that is not in the support row at all, its officers are there already.
    """
    if len(walk.order) == 0:
        return
    lead, tier = walk.order[0], walk.level[0]
    here, atom = asking.support[one], asking.atom[one]
    ahead = ready.people[lead] if rules.tier[here, ready.crews[lead]] < 0 else 0
    listed = ordered(ready, rules, walk, asking.row[one], here, tier, atom, at)
    weigh_states(ready, walk, listed, len(ready.crews) - reserve - (reserve > 0))
    walk.before[:] = 0.0
    walk.before[0, 0] = 1.0
    for k in range(listed):
        crew, level, reach = walk.order[k], walk.level[k], min(walk.before.shape[1], 2 * k + 1)
        for q in range(0 if ahead else 1, min(reach, most - ahead)):
            chance = share * chance_of(walk, k, q)
            if chance < RARE:
                continue
            way = (rules.travel_to[atom, at[crew]] + ready.extra_s[crew]) * rules.factor + rules.delay_s[here, level]
            for p in range(len(asking.kept)):
                sent = chance * asking.wanted[one, p, q + ahead]
                if asking.kept[p] == reserve and sent > 0.0:
                    totals.flow[crew] += sent
                    totals.travel_s[crew] += sent * way
                    totals.joined[0] += sent
                    totals.joined[1] += sent * way
        pass_on(walk, k, reach, ready.weight[crew], ready.people[crew])


@inner
def count_missed(
    asking: Asking, ready: Ready, rules: Rules, walk: Walk, one: int, listed: int, reserve: int, share: float, totals: Totals
) -> None:
    """Count the calls of a list that find nobody: all crews of the list busy, or none of them on duty.

    Crews of a list that leaves others out come free one by one, the sooner the more they are and the less they have to do.
    """
    crews, free = len(ready.crews), 0.0
    kept_busy = crews - reserve - (reserve > 0)
    for n in range(crews + 1):
        free += ready.busy[n] * (crews - n) / crews
    common = ready.busy[crews]
    listed_busy = walk.after[listed, listed]
    for k in range(listed):
        listed_busy *= ready.weight[walk.order[k]]
    if reserve > 0:
        common = 0.0
        for n in range(kept_busy + 1, crews + 1):
            common += ready.busy[n]
        listed_busy += common
    for p in range(len(asking.kept)):
        wanted = share * asking.wanted[one, p, 0]
        if asking.kept[p] != reserve or wanted == 0.0:
            continue
        if listed == 0:
            totals.missed[2, p] += wanted
            continue
        totals.missed[0, p] += wanted * listed_busy
        totals.missed[1, p] += wanted * max(listed_busy - common, 0.0) * rules.release_s / (listed * max(free, 0.05))


@inner
def chance_of(walk: Walk, k: int, q: int) -> float:
    """Return the probability that the k-th crew of the order is free and q officers go before it."""
    chance = 0.0
    for b in range(k + 1):
        chance += walk.before[b, q] * walk.after[k + 1, b]
    return chance


@inner
def weigh_states(ready: Ready, walk: Walk, listed: int, most_busy: int) -> None:
    """Fill ``after[k][b]``: the weight of all states in which b of the first k crews in order are busy, without their own weights.

    States with more than `most_busy` busy crews do not count.
    """
    if listed == len(ready.weight):
        for b in range(listed + 1):
            walk.after[listed, b] = ready.busy[b] / walk.sums[b] if b <= most_busy else 0.0
    else:
        rest = rest_of(walk.order, listed, ready.weight)
        for b in range(listed + 1):
            walk.after[listed, b] = 0.0
            for m in range(len(rest)):
                if b + m <= most_busy:
                    walk.after[listed, b] += ready.busy[b + m] / walk.sums[b + m] * rest[m]
    for k in range(listed - 1, -1, -1):
        for b in range(k + 1):
            walk.after[k, b] = walk.after[k + 1, b] + ready.weight[walk.order[k]] * walk.after[k + 1, b + 1]


@inner
def pass_on(walk: Walk, k: int, reach: int, weight: float, people: int) -> None:
    """Carry the weights by crews busy and officers sent past the k-th crew: it is busy, or free and goes with its officers."""
    before = walk.before
    for b in range(k + 1, -1, -1):
        for q in range(reach - 1, -1, -1):
            free = before[b, q]
            before[b, q] = before[b - 1, q] * weight if b > 0 else 0.0
            if free > 0.0 and q + people < before.shape[1]:
                before[b, q + people] += free


@inner
def ordered(ready: Ready, rules: Rules, walk: Walk, row: int, here: int, lead: int, atom: int, at: I16) -> int:
    """Fill ``order`` and ``level`` with the crews that row `here` lists, best first; return how many there are.

    Those of tier `lead` of `row` stand before all others; -1 for none.
    """
    listed = 0
    for k in range(len(ready.crews)):
        stage = rules.tier[here, ready.crews[k]]
        if stage < 0:
            continue
        way = rules.travel_to[atom, at[k]] + ready.extra_s[k]
        value = float(way) if rules.nearest else float(rules.rank[here, ready.crews[k]])
        if lead < 0 or rules.tier[row, ready.crews[k]] != lead:
            value += NEXT_TIER * (stage + 1)
        place = listed
        while place > 0 and walk.key[place - 1] > value:
            walk.key[place] = walk.key[place - 1]
            walk.order[place] = walk.order[place - 1]
            walk.level[place] = walk.level[place - 1]
            place -= 1
        walk.key[place], walk.order[place], walk.level[place] = value, k, stage
        listed += 1
    return listed


@inner
def rest_of(order: I64, listed: int, weight: F64) -> F64:
    """Return the symmetric sums of the crews that are not listed."""
    left = np.ones(len(weight), np.bool_)
    for i in range(listed):
        left[order[i]] = False
    return symmetric_sums(weight[left])


@entry
def arrivals(at_once: F64, late: F64, p_delay: F64, wait_s: F64, bin_s: float) -> F64:
    """Return arrival times by priority, (4, T): those of crews sent at once, or after an exponential wait with mean ``wait_s``."""
    out = np.zeros_like(at_once)
    last = at_once.shape[1] - 1
    for p in range(len(at_once)):
        keep = np.exp(-bin_s / max(wait_s[p], 1e-9))
        tail = 0.0
        for i in range(last + 1):
            tail = keep * tail + (1.0 - keep) * late[p, i]
            out[p, i] = (1.0 - p_delay[p]) * at_once[p, i] + p_delay[p] * tail
        out[p, last] += p_delay[p] * tail * keep / max(1.0 - keep, 1e-300)
    return out
