"""Who waits: how many crews of a team are busy, how long each crew of a call is waited for, and how urgent calls fare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.queueing.hourly.scene import Totals
from qinwu.queueing.hourly.team import Team

BIN_S = 10.0
BINS = 720
"""Arrival times are kept in bins of ten seconds up to two hours."""
MOST_PRESSING = 0.9
"""Loads beyond this spread waits no further between priorities."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What is improved in turn: (N,) weights of being busy, mean way of a crew, and what crews wait for each other, seconds."""

    weight: F64
    travel_s: float
    partner_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """Crews asked for.

    ``busy`` (N + 1,) probability of each number busy, ``p_full`` that all are, ``wait_s`` (M,) mean wait for the first, second ...
    crew of a call, ``behind_s`` (M,) what the crews of a call for m + 1 wait in all for the last of them to be sent, ``outside``
    the share of crews that come from other stations, ``given_up`` of those that are no longer waited for.
    """

    busy: F64
    wait_s: F64
    behind_s: F64
    p_full: float
    outside: float
    given_up: float


def service_s(team: Team, guess: Guess) -> float:
    """Return the mean seconds that a call keeps one crew."""
    return team.handling_s + guess.travel_s + guess.partner_s


def waiting_line(team: Team, guess: Guess, asked: F64) -> Line:
    """Return how many crews are busy, and how long each crew of a call is waited for; behind others in the order of calls."""
    crews, each_s, outside_crews = team.size, service_s(team, guess), len(team.moment.outside)
    line = np.arange(1, len(asked) + len(team.beyond) + 1)
    relieved = np.minimum(line * team.relief, outside_crews / each_s)
    steps = 1.0 / (crews / each_s + relieved + (line - 1) * giving_up(team, each_s))
    until = np.append(0.0, np.cumsum(steps))
    place = np.arange(len(asked))[None, :] + np.arange(1, len(team.beyond) + 1)[:, None] - crews
    first = until[1] * (team.together - 1.0) / np.maximum(place, 1)
    waits = np.where(place > 0, until[np.maximum(place, 0)] + first, 0.0)
    behind = [
        np.minimum(waits[m] - waits[: m + 1], team.plan.dispatching.patience_s).sum(axis=0) @ asked for m in range(len(waits))
    ]
    waiting = np.maximum(np.arange(len(asked)) - crews, 0)
    came = max(float(team.call_rate.sum() * team.beyond.sum()), 1e-300)
    outside = float(np.minimum(waiting * team.relief, outside_crews / each_s) @ asked) / came
    given_up = float(waiting @ asked) * giving_up(team, each_s) / came
    busy = np.append(asked[:crews], asked[crews:].sum())
    return Line(busy, waits @ asked, np.array(behind), float(busy[-1]), min(outside, 1.0), min(given_up, 1.0))


def giving_up(team: Team, each_s: float) -> float:
    """Return how fast a crew that is waited for is no longer waited for, per second: patience with those who join ends.

    Patience runs from the arrival of the first crew, which itself may have been waited for; the share of crews that join accounts
    for first crews, which are never given up.
    """
    join = 1.0 - 1.0 / float(team.beyond.sum())
    return join / (team.plan.dispatching.patience_s + each_s / max(team.size, 1))


def partner_wait(team: Team, line: Line, sent: Totals) -> float:
    """Return how long a crew waits at the scene for the last of its call, on average over all crews sent.

    The last is sent later where crews are short (patience ends that wait), and has the longer way.
    """
    from_outside = team.patience_for_outside_s
    if len(team.beyond) < 2 or sent.joined[0] == 0.0:
        return from_outside
    centres = (np.arange(BINS) + 0.5) * BIN_S
    first_s = float(sent.times.sum(axis=0) @ centres) / max(float(sent.times.sum()), 1e-300)
    gap = max(sent.joined[1] / sent.joined[0] - first_s, 0.0)
    behind = line.behind_s + np.where(np.arange(len(team.needs)) > 0, gap, 0.0)
    return from_outside + float(team.needs @ behind / team.beyond.sum())


def waits_by_priority(team: Team, guess: Guess, line: Line, sent: Totals) -> tuple[F64, F64]:
    """Return (4,) probability of delay and mean wait by priority index.

    The mean over all calls is that of the bulk queue; its parts are as Cobham's (1954) for the same loads. Calls that may break
    into less urgent work wait only where no crew is in a stage that may be interrupted; reserves let others wait
    sooner, and so do lists that leave crews out.
    """
    reserve, crews = team.plan.dispatching.reserve, team.size
    help_too = len(team.moment.outside) if team.relief else 0
    load = team.call_rate * float(team.beyond.sum()) * service_s(team, guess) / (crews + help_too)
    sigma = np.minimum(np.append(0.0, np.cumsum(load)), MOST_PRESSING)
    shape = 1.0 / ((1.0 - sigma[:-1]) * (1.0 - sigma[1:]))
    mean = float(team.call_rate @ shape / team.call_rate.sum()) if team.call_rate.any() else 1.0
    p_delay, wait_s = np.empty(4), np.empty(4)
    for p in range(4):
        kept = int(min(reserve[p] + (reserve[p] > 0), crews))
        common = float(line.busy[crews - kept :].sum())
        some = max(float(team.call_rate[p] - sent.missed[2, p]), 1e-300)
        delayed = min(float(sent.missed[0, p]) / some, 1.0) if sent.missed[0, p] > 0.0 else common
        apart_s = float(sent.missed[1, p]) / some
        blocked = (1.0 - team.interruptible(p, guess.travel_s)) ** crews
        barred = team.barred[p]
        p_delay[p] = (1.0 - barred) * delayed * blocked + barred
        waited = (line.wait_s[0] * shape[p] / mean * common / max(line.p_full, 1e-12) + apart_s) * blocked
        wait_s[p] = (1.0 - barred) * waited + barred * (waited + team.plan.dispatching.last_s[p] / 2.0)
    return p_delay, wait_s
