"""Compiled loops of a plan's hours: the number of busy crews, and who is sent where."""

from __future__ import annotations

import numpy as np
from numba import njit

from qinwu.duty.response_plan import F32, F64, I8, I16, I64

HOUR_S = 3600.0
WEEKS = 3
"""So many weeks are gone through: what happened three weeks ago is forgotten."""


@njit(cache=True)
def through_week(
    rate: F64, needs: F64, crews: I64, kept: I64, service_rate: F64, other: F64, relief: F64, outside: I64, quit: F64,
    joint: bool, states: int
) -> F64:
    """Return (168, states) how many crews are asked for, in service or waiting, averaged over each hour of the week.

    The Kolmogorov equations of a bulk queue whose rates change with the hour, by uniformisation (Grassmann 1977, Computers & Operations
    Research 4(1)), week after week until it repeats. In hour h calls come at ``rate[h]`` a second and need m + 1 crews with
    probability ``needs[h, m]``; each crew serves at ``service_rate[h]``, those of a call leaving together where `joint`; ``other[h]``
    jobs a second ask for one crew and go away when none is free; whoever is waited for is replaced from outside at rate ``relief[h]``,
    by at most ``outside[h]`` crews at a time, or no longer waited for at rate ``quit[h]``. ``crews[h]`` are on duty, ``kept[h]`` of them since the hour before; the others take
    their calls with them, and the new ones begin free.
    """
    average, now, later = np.zeros((168, states)), np.zeros(states), np.zeros(states)
    logs = np.zeros(states + 1)
    for n in range(1, states + 1):
        logs[n] = logs[n - 1] + np.log(n)
    now[0] = 1.0
    for week in range(WEEKS):
        for h in range(168):
            change_crews(now, later, crews[h - 1], crews[h], kept[h], logs)
            now[:] = later
            share = size_shares(needs[h], joint)
            pace = rate[h] + other[h] + crews[h] * service_rate[h]
            pace += min((states - crews[h]) * relief[h], outside[h] * service_rate[h]) + (states - crews[h]) * quit[h] + 1e-9
            amount = pace * HOUR_S
            average[h] = 0.0
            weight, done = np.exp(-amount), 0.0
            step, total = 0, np.zeros(states)
            log_weight = -amount
            while done < 1.0 - 1e-9 and step < amount + 10.0 * np.sqrt(amount) + 40.0:
                weight = np.exp(log_weight)
                done += weight
                for i in range(states):
                    total[i] += weight * now[i]
                    average[h, i] += (1.0 - done) / amount * now[i]
                one_event(
                    now, later, rate[h] / pace, needs[h], crews[h], service_rate[h] / pace, share, other[h] / pace,
                    relief[h] / pace, outside[h], quit[h] / pace,
                )  # fmt: skip
                now[:] = later
                step += 1
                log_weight += np.log(amount / step)
            now[:] = total / total.sum()
            average[h] /= average[h].sum()
    return average


@njit(cache=True)
def size_shares(needs: F64, joint: bool) -> F64:
    """Return for m = 1, 2, ... how many calls of m crews are in service per crew in service."""
    share = np.zeros(len(needs))
    mean = 0.0
    for m in range(len(needs)):
        mean += needs[m] * (m + 1)
    for m in range(len(needs)):
        share[m] = needs[m] / mean
    if not joint or mean == 0.0:
        share[:] = 0.0
        share[0] = 1.0
    return share


@njit(cache=True)
def change_crews(now: F64, later: F64, old: int, new: int, kept: int, logs: F64) -> None:
    """Let crews that go off duty take their calls along: of the busy ones as many stay as chance has it (hypergeometric)."""
    if kept >= old:
        later[:] = now
        return
    later[:] = 0.0
    for i in range(len(now)):
        busy = min(i, old)
        for stay in range(max(0, busy - (old - kept)), min(kept, busy) + 1):
            ways = logs[kept] - logs[stay] - logs[kept - stay] + logs[old - kept] - logs[busy - stay]
            ways += -logs[old - kept - busy + stay] - logs[old] + logs[busy] + logs[old - busy]
            later[i - busy + stay] += now[i] * np.exp(ways)


@njit(cache=True)
def one_event(
    now: F64, later: F64, arrive: float, needs: F64, crews: int, serve: float, share: F64, other: float, relief: float, outside: int,
    quit: float,
) -> None:
    """Carry the probabilities ``now`` over one event of the uniformised chain into ``later``; rates are probabilities here."""
    last = len(now) - 1
    later[:] = 0.0
    for i in range(len(now)):
        here = now[i]
        if here == 0.0:
            continue
        stay = 1.0
        for m in range(len(needs)):
            later[min(i + m + 1, last)] += here * arrive * needs[m]
            stay -= arrive * needs[m]
        if i < crews:
            later[i + 1] += here * other
            stay -= other
        busy = min(i, crews)
        for m in range(len(share)):
            leave = busy * serve * share[m]
            later[max(i - m - 1, i - busy)] += here * leave
            stay -= leave
        if i > crews:
            helped = min((i - crews) * relief, outside * serve) + (i - crews) * quit
            later[i - 1] += here * helped
            stay -= helped
        later[i] += here * stay


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
    extra_s: F64, draws: int, own_beat: I16, beat_of: I16, tier: I8, rank: I16, nearest: int, opens_s: F64, delay_s: F64, travel_to: F32,
    factor: float, release_s: float, noise: F64, bin_s: float, flow: F64, travel_s: F64, own: F64, times: F64, joined: F64,
) -> None:  # fmt: skip
    """Send crews to every call that finds enough crews free, and add up who goes where and when they arrive.

    States are weighted by how many crews are busy, ``busy[n]``, and which: proportional to the product of their ``weight``. Crews of
    list l are looked at in the order of its row and of how near they are, first crews by ``row``, those that join by ``support``; a
    crew goes while the officers who go before it are fewer than needed. ``wanted[l, p, q]`` is the rate of calls that need more than
    q officers; ``kept[p]`` crews are kept from priority index p. ``place`` (P, N) are atoms where the crews may be, all P equally
    likely; each list looks at `draws` of them; ``extra_s`` (N,) is their way from beyond the area.

    ``flow`` (N,) calls a second sent to each crew, ``travel_s`` (N,) seconds a second on the way, ``own`` (2, B + 1) first crews sent
    and those from the beat itself, by beat (last: none), ``times`` (4, T) first arrivals after dispatch by priority in bins,
    ``joined`` (2,) crews that join, and their arrival seconds.
    """
    count, needs, share = len(crews), wanted.shape[2], 1.0 / draws
    sums = symmetric_sums(weight)
    order, key, level = np.empty(count, np.int64), np.empty(count), np.empty(count, np.int64)
    after, before = np.zeros((count + 1, count + 2)), np.zeros((count + 2, needs))
    reserves = np.unique(kept)
    for l in range(len(row)):
        beat = beat_of[atom[l]]
        for reserve in reserves:
            most = 0
            for p in range(len(kept)):
                for q in range(needs):
                    if kept[p] == reserve and wanted[l, p, q] > 0.0:
                        most = max(most, q + 1)
            for draw in range(draws):
                at = place[(l + draw * len(place) // draws) % len(place)]
                ahead, lead = 0, -1
                for joining in range(min(most, 2)):
                    here = support[l] if joining == 1 else row[l]
                    listed = ordered(lead, row[l], here, atom[l], crews, at, extra_s, tier, rank, nearest, travel_to, order, key, level)
                    weigh_states(order, listed, weight, busy, sums, count - reserve - (reserve > 0), after)
                    if joining == 0 and listed > 0:
                        lead = level[0]
                        ahead = people[order[0]] if tier[support[l], crews[order[0]]] < 0 else 0
                    before[:] = 0.0
                    before[0, 0] = 1.0
                    for k in range(listed):
                        crew, reach = order[k], min(needs, 2 * k + 1)
                        for q in range(reach):
                            skip = q > 0 if joining == 0 else q + ahead == 0 or q + ahead >= most
                            if skip:
                                continue
                            chance = 0.0
                            for b in range(k + 1):
                                chance += before[b, q] * after[k + 1, b]
                            if chance < 1e-9:
                                continue
                            way = (travel_to[atom[l], at[crew]] + extra_s[crew]) * factor
                            waited = delay_s[here, level[k]]
                            if joining == 0 and opens_s[here, level[k]] > 0.0 and level[0] < level[k]:
                                waited += release_s * (1.0 - np.exp(-opens_s[here, level[k]] / release_s))
                            for p in range(len(kept)):
                                sent = share * chance * wanted[l, p, q + ahead * joining]
                                if kept[p] != reserve or sent == 0.0:
                                    continue
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
    lead: int, row: int, here: int, atom: int, crews: I64, place: I16, extra_s: F64, tier: I8, rank: I16, nearest: int, travel_to: F32, order: I64,
    key: F64, level: I64,
) -> int:  # fmt: skip
    """Fill ``order`` with the crews that row `here` lists, best first, and ``level`` with their tiers; return how many there are.

    For crews that join (`lead` >= 0) those of tier `lead` of `row` stand before all others: who came first is most often one of them.
    """
    listed = 0
    for k in range(len(crews)):
        stage = tier[here, crews[k]]
        if stage < 0:
            continue
        value = float(travel_to[atom, place[k]]) + extra_s[k] if nearest else float(rank[here, crews[k]])
        if lead < 0 or tier[row, crews[k]] != lead:
            value += 1e7 * (stage + 1)
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
