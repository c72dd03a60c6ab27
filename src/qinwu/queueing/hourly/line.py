"""Compiled: how many crews are asked for through the week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qinwu.compiled import entry, inner, overwrite
from qinwu.duty.response_plan import F64, I64

HOUR_S = 3600.0
HOURS = 168
WEEKS = 2
"""So many weeks are gone through: what happened a week ago is forgotten."""
LEFT_OUT = 1e-9
"""Probability of so many events in an hour that they are not looked at."""


class Flows(NamedTuple):
    """What comes and goes in each hour of the week, (168,) each.

    Calls come at ``rate`` a second and need m + 1 crews with probability ``needs[h, m]``; each crew serves at ``service_rate``.
    ``other`` jobs a second ask for one crew and go away when none is free. Whoever is waited for is replaced from outside at rate
    ``relief``, by at most ``outside`` crews at a time, or no longer waited for at rate ``giving_up``. ``crews`` are on duty,
    ``kept`` of them since the hour before; the others take their calls with them, and the new ones begin free.
    """

    rate: F64
    needs: F64
    service_rate: F64
    other: F64
    relief: F64
    outside: I64
    giving_up: F64
    crews: I64
    kept: I64


@entry
def through_week(flows: Flows, joint: bool, states: int) -> F64:
    """Return (168, states) how many crews are asked for, in service or waiting, averaged over each hour of the week.

    The Kolmogorov equations of a bulk queue whose rates change with the hour, by uniformisation (Grassmann 1977, Computers &
    Operations Research 4(1)), week after week. The crews of a call leave together where `joint`.
    """
    average, now, later = np.zeros((HOURS, states)), np.zeros(states), np.zeros(states)
    logs = log_factorials(states)
    now[0] = 1.0
    for number in range(WEEKS * HOURS):
        h = number % HOURS
        change_crews(now, later, flows.crews[h - 1], flows.kept[h], logs)
        now, later = later, now
        crews, serve = flows.crews[h], flows.service_rate[h]
        share = calls_in_service(flows.needs[h], joint)
        waiting = max(states - crews, 0)
        pace = flows.rate[h] + flows.other[h] + crews * serve + waiting * flows.giving_up[h] + 1e-9
        pace += min(waiting * flows.relief[h], flows.outside[h] * serve)
        amount = pace * HOUR_S
        end, done, log_weight, event = np.zeros(states), 0.0, -amount, 0
        average[h] = 0.0
        while done < 1.0 - LEFT_OUT and event < amount + 10.0 * np.sqrt(amount) + 40.0:
            weight = np.exp(log_weight)
            done += weight
            for i in range(states):
                end[i] += weight * now[i]
                average[h, i] += max(1.0 - done, 0.0) / amount * now[i]
            one_event(now, later, flows, h, share, pace)
            now, later = later, now
            event += 1
            log_weight += np.log(amount / event)
        share_out(end, now)
        share_out(average[h], average[h])
    return average


@entry
def log_factorials(most: int) -> F64:
    """Return the logarithms of 0! to most!."""
    logs = np.zeros(most + 1)
    for n in range(1, most + 1):
        logs[n] = logs[n - 1] + np.log(n)
    return logs


@inner
def share_out(values: F64, into: F64) -> None:
    """Write values as shares of their sum."""
    total = values.sum()
    for i in range(len(values)):
        into[i] = values[i] / total


@inner
def calls_in_service(needs: F64, joint: bool) -> F64:
    """Return for m = 1, 2, ... how many calls of m crews are in service per crew in service; all of one where they leave singly."""
    share, mean = np.zeros(len(needs)), 0.0
    for m in range(len(needs)):
        mean += needs[m] * (m + 1)
    if not joint or mean == 0.0:
        share[0] = 1.0
        return share
    for m in range(len(needs)):
        share[m] = needs[m] / mean
    return share


@entry
def change_crews(now: F64, later: F64, old: int, kept: int, logs: F64) -> None:
    """Let crews that go off duty take their calls along: of the busy ones as many stay as chance has it (hypergeometric)."""
    if kept >= old:
        overwrite(later, now)
        return
    later[:] = 0.0
    for i in range(len(now)):
        busy = min(i, old)
        for stay in range(max(0, busy - (old - kept)), min(kept, busy) + 1):
            ways = logs[kept] - logs[stay] - logs[kept - stay] + logs[old - kept] - logs[busy - stay]
            ways += -logs[old - kept - busy + stay] - logs[old] + logs[busy] + logs[old - busy]
            later[i - busy + stay] += now[i] * np.exp(ways)


@inner
def one_event(now: F64, later: F64, flows: Flows, h: int, share: F64, pace: float) -> None:
    """Carry the probabilities ``now`` over one event of the chain of hour `h`, uniformised at `pace`, into ``later``."""
    last, crews = len(now) - 1, flows.crews[h]
    arrive, serve = flows.rate[h] / pace, flows.service_rate[h] / pace
    later[:] = 0.0
    for i in range(len(now)):
        here, gone = now[i], 0.0
        if here == 0.0:
            continue
        for m in range(flows.needs.shape[1]):
            come = arrive * flows.needs[h, m]
            later[min(i + m + 1, last)] += here * come
            gone += come
        if i < crews:
            later[min(i + 1, last)] += here * flows.other[h] / pace
            gone += flows.other[h] / pace
        busy = min(i, crews)
        for m in range(len(share)):
            leave = busy * serve * share[m]
            later[max(i - m - 1, i - busy)] += here * leave
            gone += leave
        if i > crews:
            waiting = i - crews
            helped = min(waiting * flows.relief[h] / pace, flows.outside[h] * serve) + waiting * flows.giving_up[h] / pace
            later[i - 1] += here * helped
            gone += helped
        later[i] += here * (1.0 - gone)
