"""Compiled loops of a plan's steady state: the number of busy crews, and who is sent where."""

from __future__ import annotations

import numpy as np
from numba import njit

from qinwu.duty.response_plan import F32, F64, I8, I16, I64

LONGEST_LINE = 20_000
SMALLEST = 1e-13


@njit(cache=True)
def crews_asked_for(
    rate: float, needs: F64, servers: int, service_rate: float, other: float, relief: float, outside: int, joint: bool
) -> F64:
    """Return the probabilities of 0, 1, 2 ... crews asked for, in service or waiting.

    ``needs[m]`` is the probability that a call, of `rate` a second, needs m + 1 crews. Where these leave together (`joint`), it is the
    recursion of Kaufman (1981) and Roberts (1981), i p(i) = sum of a_m m p(i - m), with no more than all servers at work; where each
    leaves on its own, the cut between i and i + 1 of a bulk queue (Kleinrock 1975, Queueing Systems I, section 4.5). `other` jobs a
    second ask for one crew and go away when none is free. Every crew that is waited for is replaced at rate `relief`, by at most
    `outside` crews at a time.
    """
    most = len(needs)
    p = np.zeros(LONGEST_LINE)
    p[0] = total = 1.0
    last = servers
    for i in range(1, LONGEST_LINE):
        up = other * p[i - 1] if i <= servers else 0.0
        for m in range(1, min(most, i) + 1):
            if joint:
                up += rate * needs[m - 1] * m * p[i - m]
            else:
                for step in range(1, m + 1):
                    up += rate * needs[m - 1] * p[i - step]
        waiting = max(i - servers, 0)
        p[i] = up / (min(i, servers) * service_rate + min(waiting * relief, outside * service_rate))
        total += p[i]
        last = i
        if total > 1e200:
            p[: i + 1] /= total
            total = 1.0
        if i > servers + most and p[i] < SMALLEST * total:
            break
    return p[: last + 1] / total


@njit(cache=True)
def symmetric_sums(weight: F64) -> F64:
    """Return (N + 1,) the elementary symmetric polynomials of the weights."""
    sums = np.zeros(len(weight) + 1)
    sums[0] = 1.0
    for k in range(len(weight)):
        for n in range(k + 1, 0, -1):
            sums[n] += sums[n - 1] * weight[k]
    return sums


@njit(cache=True)
def busy_shares(weight: F64, busy: F64) -> F64:
    """Return (N,) how much of the time each crew is busy when n are with probability ``busy[n]``, by weight."""
    shares, sums = np.zeros(len(weight)), symmetric_sums(weight)
    others = np.empty(len(weight))
    for k in range(len(weight)):
        at = 0
        for other in range(len(weight)):
            if other != k:
                others[at] = weight[other]
                at += 1
        without = symmetric_sums(others[:at])
        for n in range(1, len(weight) + 1):
            shares[k] += busy[n] * weight[k] * without[n - 1] / sums[n]
    return shares


@njit(cache=True)
def send(
    row: I64, support: I64, atom: I64, wanted: F64, weight: F64, busy: F64, kept: I64, crews: I64, people: I64, place: I16,
    draws: int, own_beat: I16, beat_of: I16, tier: I8, rank: I16, nearest: int, opens_s: F64, delay_s: F64, travel_to: F32,
    factor: float, release_s: float, noise: F64, bin_s: float, flow: F64, travel_s: F64, own: F64, times: F64, joined: F64,
) -> None:  # fmt: skip
    """Send crews to every call that finds enough crews free, and add up who goes where and when they arrive.

    States are weighted by how many crews are busy, ``busy[n]``, and which: proportional to the product of their ``weight``. Crews of
    list l are looked at in the order of its row and of how near they are, first crews by ``row``, those that join by ``support``; a
    crew goes while the officers who go before it are fewer than needed. ``wanted[l, p, q]`` is the rate of calls that need more than
    q officers; ``kept[p]`` crews are kept from priority index p. ``place`` (P, N) are atoms where the crews may be, all P equally
    likely; each list looks at `draws` of them.

    ``flow`` (N,) calls a second sent to each crew, ``travel_s`` (N,) seconds a second on the way, ``own`` (2, B + 1) first crews sent
    and those from the beat itself, by beat (last: none), ``times`` (4, T) first arrivals after dispatch by priority in bins,
    ``joined`` (2,) crews that join, and their arrival seconds.
    """
    count, needs, share = len(crews), wanted.shape[2], 1.0 / draws
    sums = symmetric_sums(weight)
    order, key, level = np.empty(count, np.int64), np.empty(count), np.empty(count, np.int64)
    after, before = np.zeros((count + 1, count + 2)), np.zeros((count + 2, needs))
    for l in range(len(row)):
        beat = beat_of[atom[l]]
        for reserve in np.unique(kept):
            most = 0
            for p in range(len(kept)):
                for q in range(needs):
                    if kept[p] == reserve and wanted[l, p, q] > 0.0:
                        most = max(most, q + 1)
            for draw in range(draws):
                at = place[(l + draw * len(place) // draws) % len(place)]
                for joining in range(min(most, 2)):
                    here = support[l] if joining == 1 else row[l]
                    listed = ordered(joining, row[l], here, atom[l], crews, at, tier, rank, nearest, travel_to, order, key, level)
                    weigh_states(order, listed, weight, busy, sums, count - reserve - (reserve > 0), after)
                    ahead = 0
                    if joining == 1 and (listed == 0 or tier[row[l], crews[order[0]]] != 0):
                        ahead = 1
                    before[:] = 0.0
                    before[0, 0] = 1.0
                    for k in range(listed):
                        crew, reach = order[k], min(needs, 2 * k + 1)
                        for q in range(reach):
                            if joining == 0 and q > 0 or joining == 1 and q + ahead == 0 or q + ahead >= most:
                                continue
                            chance = 0.0
                            for b in range(k + 1):
                                chance += before[b, q] * after[k + 1, b]
                            if chance < 1e-9:
                                continue
                            way = travel_to[atom[l], at[crew]] * factor
                            waited = delay_s[here, level[k]]
                            if joining == 0 and opens_s[here, level[k]] > 0.0 and level[0] < level[k]:
                                waited += release_s * (1.0 - np.exp(-opens_s[here, level[k]] / release_s))
                            for p in range(len(kept)):
                                if kept[p] != reserve or wanted[l, p, q + ahead] == 0.0:
                                    continue
                                sent = share * chance * wanted[l, p, q + ahead]
                                flow[crew] += sent
                                travel_s[crew] += sent * (way + delay_s[here, level[k]])
                                if joining == 1:
                                    joined[0] += sent
                                    joined[1] += sent * (way + waited)
                                    continue
                                own[0, beat] += sent
                                if beat >= 0 and own_beat[crews[crew]] == beat:
                                    own[1, beat] += sent
                                for z in range(len(noise)):
                                    when = int((waited + way * noise[z]) / bin_s)
                                    times[p, min(when, times.shape[1] - 1)] += sent / len(noise)
                        pass_on(before, k, reach, weight[crew], people[crew])


@njit(cache=True)
def weigh_states(order: I64, listed: int, weight: F64, busy: F64, sums: F64, most_busy: int, after: F64) -> None:
    """Fill ``after[k][b]``: the weight of all states in which b of the first k crews in order are busy, apart from their own weights.

    States with more than `most_busy` busy crews do not count.
    """
    rest = rest_of(order, listed, weight)
    for b in range(listed + 1):
        after[listed, b] = 0.0
        for m in range(len(rest)):
            if b + m <= most_busy:
                after[listed, b] += busy[b + m] / sums[b + m] * rest[m]
    for k in range(listed - 1, -1, -1):
        for b in range(k + 1):
            after[k, b] = after[k + 1, b] + weight[order[k]] * after[k + 1, b + 1]


@njit(cache=True)
def pass_on(before: F64, k: int, reach: int, weight: float, people: int) -> None:
    """Carry the weights by crews busy and officers sent past the k-th crew: it is busy, or free and goes with its officers."""
    for b in range(k + 1, -1, -1):
        for q in range(reach - 1, -1, -1):
            free = before[b, q]
            before[b, q] = before[b - 1, q] * weight if b > 0 else 0.0
            if free > 0.0 and q + people < before.shape[1]:
                before[b, q + people] += free


@njit(cache=True)
def ordered(
    joining: int, row: int, support: int, atom: int, crews: I64, place: I16, tier: I8, rank: I16, nearest: int, travel_to: F32,
    order: I64, key: F64, level: I64,
) -> int:  # fmt: skip
    """Fill ``order`` with the listed crews, best first, and ``level`` with their tiers; return how many there are.

    For crews that join, those of the first tier of the row stand before all others where they are listed at all: who came first is
    most often one of them.
    """
    here = support if joining == 1 else row
    listed = 0
    for k in range(len(crews)):
        stage = tier[here, crews[k]]
        if stage < 0:
            continue
        value = float(travel_to[atom, place[k]]) if nearest else float(rank[here, crews[k]])
        value += 1e7 * (stage + 1)
        if joining == 1 and tier[row, crews[k]] == 0:
            value -= 1e7 * (stage + 1)
        at = listed
        while at > 0 and key[at - 1] > value:
            key[at], order[at], level[at] = key[at - 1], order[at - 1], level[at - 1]
            at -= 1
        key[at], order[at], level[at] = value, k, stage
        listed += 1
    return listed


@njit(cache=True)
def rest_of(order: I64, listed: int, weight: F64) -> F64:
    """Return the symmetric sums of the crews that are not listed."""
    rest = np.empty(len(weight) - listed)
    at = 0
    for k in range(len(weight)):
        found = False
        for i in range(listed):
            found = found or order[i] == k
        if not found:
            rest[at] = weight[k]
            at += 1
    return symmetric_sums(rest)


@njit(cache=True)
def delayed(times: F64, p_delay: F64, wait_s: F64, bin_s: float) -> F64:
    """Return arrival times by priority with the wait for a crew added: none, or exponential with the given mean when delayed."""
    out = np.zeros_like(times)
    for p in range(len(times)):
        keep = np.exp(-bin_s / max(wait_s[p], 1e-9))
        tail = 0.0
        for i in range(times.shape[1]):
            tail = keep * tail + (1.0 - keep) * times[p, i]
            out[p, i] = (1.0 - p_delay[p]) * times[p, i] + p_delay[p] * tail
        out[p, times.shape[1] - 1] += p_delay[p] * tail * keep / max(1.0 - keep, 1e-300)
    return out
