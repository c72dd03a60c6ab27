"""Patrol rounds: stops of 10 to 16 minutes at hot places, each at least every two hours, at times nobody can tell beforehand.

A crew that is free takes the next place by lot: the longer nobody was there, the likelier; but never one that would leave too
little time to be at all others before their two hours are up. Between stops it may wait, drawn too, where time allows.

References
----------
Koper 1995, Justice Quarterly 12(4): 649-672, on how long to stop and how often to return; Alpern, Morton & Papadaki 2011,
Operations Research 59(5): 1246-1257, on why a round that is always the same can be waited out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from qinwu.plan.rounds.routing import F64, I64

IN_TIME = 0.96
"""Places are due again after this part of the time they may be without a stop, so that a long way does not make them late."""
PAUSE = (0.2, 0.6)
"""After a stop a place rests for a part, drawn between these, of the time it may be without one; else few places get too many."""
EAGER = 2.0
"""Power of the time since the last stop in the chance of being next: 0 would be blind, large is clockwork."""


@dataclass(frozen=True, slots=True)
class Patrolling:
    """A crew on patrol.

    Parameters
    ----------
    crew
        Its number.
    start_s, end_s
        From when to when, seconds.
    atom
        Where it begins, by position.
    share
        Which part of the time calls leave it, above 0 to 1: after each stop it is kept free for calls in proportion.
    reach
        Atoms it may patrol, by position.
    """

    crew: int
    start_s: float
    end_s: float
    atom: int
    share: float
    reach: frozenset[int]


@dataclass(frozen=True, slots=True)
class PatrolStop:
    """One stop: crew, atom by position, beginning and end in seconds."""

    crew: int
    atom: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class PatrolRound:
    """The stops of all crews in a few hours of one day: from when to when (seconds), at which places, and the stops in order."""

    span: tuple[float, float]
    places: tuple[int, ...]
    stops: tuple[PatrolStop, ...]


@dataclass
class _Crew:
    free_s: float
    atom: int
    window: Patrolling


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How patrols stop: shortest and longest stop, longest time a place may be without one, most stopping in six hours; seconds."""

    stop_s: tuple[float, float]
    every_s: float
    most_s: float = np.inf

    @property
    def mean_stop_s(self) -> float:
        """Mean length of a stop."""
        return (self.stop_s[0] + self.stop_s[1]) / 2.0

    def ready_s(self, stopped_s: float, span_s: float) -> float:
        """Return how long after the beginning of a round a place that has had so much stopping may have another stop.

        Two of the longest stops may come at any time; what is left of the most spreads evenly, so that the last is never above it.
        """
        if np.isinf(self.most_s):
            return 0.0
        at_once = 2.0 * self.stop_s[1]
        return span_s * (stopped_s + self.stop_s[1] - at_once) / max(self.most_s - at_once, 1e-9)


def kept_up_with(windows: Sequence[Patrolling], places: I64, travel_s: F64, span: tuple[float, float], rhythm: Rhythm) -> I64:
    """Return those of `places`, hottest first, where crews can stop often enough and still choose freely.

    A place takes a stop, and the way to it, as often as it must be visited, and a third more as room for chance; that comes from
    the crews that reach it, those that reach least first, each having the time that calls leave it. A place that nobody reaches for
    more than half the time it may be without a stop is left out.
    """
    room = [max(min(one.end_s, span[1]) - max(one.start_s, span[0]), 0.0) * one.share for one in windows]
    need = (span[1] - span[0]) / rhythm.every_s * (rhythm.mean_stop_s + usual_leg(travel_s, places)) / 0.75
    kept = []
    for place in places.tolist():
        crews = [at for at, one in enumerate(windows) if place in one.reach and room[at] > 0.0]
        if _longest_without([windows[at] for at in crews], span) > rhythm.every_s / 2.0 or sum(room[at] for at in crews) < need:
            continue
        left = need
        for at in sorted(crews, key=lambda one: len(windows[one].reach)):
            used = min(left, room[at])
            room[at] -= used
            left -= used
        kept.append(place)
    return np.array(kept, dtype=np.int64)


def _longest_without(windows: Sequence[Patrolling], span: tuple[float, float]) -> float:
    """Return the longest time within `span` without any of the windows."""
    longest, at = 0.0, span[0]
    for one in sorted(windows, key=lambda one: one.start_s):
        longest = max(longest, min(one.start_s, span[1]) - at)
        at = max(at, one.end_s)
    return max(longest, span[1] - at)


def usual_leg(travel_s: F64, places: I64) -> float:
    """Return the time within which three of four ways between places are made."""
    return float(np.quantile(travel_s[np.ix_(places, places)], 0.75)) if len(places) else 0.0


def patrol_round(
    windows: Sequence[Patrolling],
    places: I64,
    travel_s: F64,
    span: tuple[float, float],
    rhythm: Rhythm,
    rng: np.random.Generator,
) -> PatrolRound:
    """Return the stops of all crews at `places` between two times.

    Parameters
    ----------
    windows
        When which crew is on patrol.
    places
        (H,) atoms by position.
    travel_s
        (J, J) seconds between atoms.
    span
        From when to when, seconds.
    rhythm
        How long to stop and how often.
    rng
        Of every draw.
    """
    crews = [_Crew(max(one.start_s, span[0]), one.atom, one) for one in windows if one.end_s > span[0] and one.start_s < span[1]]
    every_s = IN_TIME * rhythm.every_s
    last = span[0] - rng.uniform(0.0, 0.5, len(places)) * every_s
    rests = np.full(len(places), -np.inf)
    stopped = np.zeros(len(places))
    step = rhythm.stop_s[1] + usual_leg(travel_s, places)
    stops: list[PatrolStop] = []
    while crews and len(places):
        crew = min(crews, key=lambda one: one.free_s)
        end = min(crew.window.end_s, span[1])
        arrive = np.maximum(crew.free_s + travel_s[crew.atom, places], rests)
        fits = (arrive + rhythm.stop_s[0] <= end) & np.array([place in crew.window.reach for place in places.tolist()])
        if not fits.any():
            crews.remove(crew)
            continue
        pace = step / sum(one.window.share for one in crews if one.window.end_s > crew.free_s + every_s / 4 or one is crew)
        place = _next_place(arrive, np.where(fits, last, np.inf), every_s, step, pace, rng)
        slack = float((last + every_s)[fits].min() - arrive[place]) - step - pace * int(fits.sum())
        begin = float(arrive[place]) + (float(rng.uniform(0.0, min(slack, step))) if slack > 0.0 else 0.0)
        finish = min(begin + float(rng.uniform(*rhythm.stop_s)), end)
        if finish - begin < rhythm.stop_s[0] - 1e-6:
            begin = float(arrive[place])
            finish = min(begin + rhythm.stop_s[0], end)
        stops.append(PatrolStop(crew.window.crew, int(places[place]), begin, finish))
        for_calls = (
            (finish - begin + travel_s[crew.atom, places[place]]) * (1.0 / crew.window.share - 1.0) * float(rng.uniform(0.5, 1.5))
        )
        last[place], crew.free_s, crew.atom = finish, finish + for_calls, int(places[place])
        stopped[place] += finish - begin
        ready = span[0] + rhythm.ready_s(float(stopped[place]), span[1] - span[0])
        rests[place] = max(finish + float(rng.uniform(*PAUSE)) * every_s, ready)
    return PatrolRound(span, tuple(places.tolist()), tuple(sorted(stops, key=lambda stop: (stop.start_s, stop.crew))))


def _next_place(arrive: F64, last: F64, every_s: float, step_s: float, pace_s: float, rng: np.random.Generator) -> int:
    """Return the place a crew takes next: drawn among those after which all others can still be reached in time.

    The others are taken in the order in which their time is up, one every `pace_s` by all crews together, the first after `step_s`;
    where even the most urgent would come too late, it is taken. Places with an infinite `last` are out of reach.
    """
    deadline = last + every_s
    order = np.argsort(deadline, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    safe = []
    for place in np.flatnonzero(np.isfinite(last)).tolist():
        before = rank - (rank > rank[place])
        others = np.arange(len(order)) != place
        if (arrive[place] + step_s + pace_s * before <= deadline)[others].all():
            safe.append(place)
    if not safe:
        return int(order[0])
    chance = np.maximum(arrive[safe] - last[safe], 1.0) ** EAGER
    return int(rng.choice(safe, p=chance / chance.sum()))


@dataclass(frozen=True, slots=True)
class Regularity:
    """How patrol rounds look to somebody who watches a place.

    Parameters
    ----------
    stops
        How many stops.
    longest_s
        Longest time any place was without one, the beginning and end of each round included.
    kept
        Share of the times without a stop that are no longer than they may be.
    variation
        Coefficient of variation of the times between stops of one place: 0 is clockwork, 1 is pure chance.
    surprise
        Entropy of which place a crew takes next after each place, over its most: 0 always the same, 1 anything alike.
    """

    stops: int
    longest_s: float
    kept: float
    variation: float
    surprise: float


def regularity(rounds: Sequence[PatrolRound], every_s: float) -> Regularity:
    """Return how regular rounds are; nan where there are too few stops to tell.

    Parameters
    ----------
    rounds
        Of any number of days.
    every_s
        Longest time that a place may be without a stop.
    """
    edges = np.concatenate([np.zeros(0), *(_gaps(one, place, whole=True) for one in rounds for place in one.places)])
    every = sorted({place for one in rounds for place in one.places})
    inner = [np.concatenate([_gaps(one, place, whole=False) for one in rounds if place in one.places]) for place in every]
    inner = [one for one in inner if len(one) > 2 and one.mean() > 0.0]
    nan = float("nan")
    return Regularity(
        sum(len(one.stops) for one in rounds),
        float(edges.max()) if len(edges) else nan,
        float((edges <= every_s + 1.0).mean()) if len(edges) else nan,
        float(np.average([one.std() / one.mean() for one in inner], weights=[len(one) for one in inner])) if inner else nan,
        _surprise(rounds),
    )


def _gaps(one: PatrolRound, place: int, *, whole: bool) -> F64:
    """Return the times without a stop at a place, with those before the first and after the last where `whole`."""
    mine = [stop for stop in one.stops if stop.atom == place]
    ends, starts = [stop.end_s for stop in mine], [stop.start_s for stop in mine]
    if whole:
        ends, starts = [one.span[0], *ends], [*starts, one.span[1]]
    else:
        ends, starts = ends[:-1], starts[1:]
    gaps: F64 = np.array(starts, dtype=np.float64) - np.array(ends, dtype=np.float64)
    return gaps


def _surprise(rounds: Sequence[PatrolRound]) -> float:
    """Return the entropy of the next place given this one, over that of any other place alike."""
    moves: dict[int, dict[int, int]] = {}
    for one in rounds:
        for crew in {stop.crew for stop in one.stops}:
            for here, there in pairwise([stop.atom for stop in one.stops if stop.crew == crew]):
                if here != there:
                    moves.setdefault(here, {}).setdefault(there, 0)
                    moves[here][there] += 1
    places = {place for one in rounds for place in one.places}
    total = sum(sum(row.values()) for row in moves.values())
    if len(places) < 3 or not total:
        return float("nan")
    counts = [np.array(list(row.values()), dtype=np.float64) for row in moves.values()]
    entropy = sum(float(-(row * np.log(row / row.sum())).sum()) for row in counts)
    return entropy / total / float(np.log(len(places) - 1))


def chance_of_seeing(stops: Sequence[PatrolStop], span: tuple[float, float], stay_s: float) -> float:
    """Return the chance that somebody who comes to a place at any time and stays sees a stop there (M43), exactly.

    Parameters
    ----------
    stops
        Of one place.
    span
        From when to when people come, seconds.
    stay_s
        How long they stay, seconds.

    Examples
    --------
    One stop of 10 minutes in two hours; who stays half an hour sees it having come up to half an hour before it.

    >>> chance_of_seeing([PatrolStop(0, 0, 3600.0, 4200.0)], (0.0, 7200.0), 1800.0) * 120
    40.0
    """
    seen, until = 0.0, span[0]
    for stop in sorted(stops, key=lambda one: one.start_s):
        begin, end = max(stop.start_s - stay_s, until), min(stop.end_s, span[1])
        if end > begin:
            seen += end - begin
            until = end
    return seen / (span[1] - span[0])
