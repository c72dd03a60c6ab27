"""Stop checks: whether patrol stops are what was asked for, looked at afresh: length, interval, chance, dose.

It shares nothing with the code that plans the stops but the stops themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.rounds.aims import PatrolAims
from qinwu.plan.rounds.patrol import PatrolRound

MINUTE_S = 60.0
DAY_S = 86_400.0
SAME_S = 60.0
"""Starts within a minute of each other count as the same."""


@dataclass(frozen=True, slots=True)
class StopCheck:
    """What patrol stops are.

    Parameters
    ----------
    stops
        How many.
    shortest_min, longest_min
        Their length.
    longest_gap_min
        Longest time a place was without a stop within its round, the round's beginning and end included.
    in_time
        Share of the times without a stop that are no longer than asked.
    repeated
        Share of stops that begin within a minute of one at the same place on the day before: near 0 where nobody can tell.
    dose_min
        Most minutes of stops at one place in one round.
    """

    stops: int
    shortest_min: float
    longest_min: float
    longest_gap_min: float
    in_time: float
    repeated: float
    dose_min: float


def check_stops(rounds: Sequence[PatrolRound], every_min: float) -> StopCheck | None:
    """Return what the stops of patrol rounds are; None without any.

    Parameters
    ----------
    rounds
        Of any number of days; seconds count from 00:00 of the first day.
    every_min
        Longest time that a place may be without a stop, minutes.
    """
    lengths = [(stop.end_s - stop.start_s) / MINUTE_S for one in rounds for stop in one.stops]
    if not lengths:
        return None
    gaps = [gap for one in rounds for place in one.places for gap in _gaps(one, place)]
    doses = [_dose(one, place) for one in rounds for place in one.places]
    return StopCheck(
        len(lengths),
        min(lengths),
        max(lengths),
        max(gaps),
        sum(gap <= every_min + 1e-6 for gap in gaps) / len(gaps),
        _repeated(rounds),
        max(doses),
    )


def _gaps(one: PatrolRound, place: int) -> Iterator[float]:
    """Yield the minutes a place is without a stop, from the round's beginning to its end."""
    at = one.span[0]
    for stop in sorted((stop for stop in one.stops if stop.atom == place), key=lambda each: each.start_s):
        yield max(0.0, stop.start_s - at) / MINUTE_S
        at = max(at, stop.end_s)
    yield max(0.0, one.span[1] - at) / MINUTE_S


def _dose(one: PatrolRound, place: int) -> float:
    return sum(stop.end_s - stop.start_s for stop in one.stops if stop.atom == place) / MINUTE_S


def _repeated(rounds: Sequence[PatrolRound]) -> float:
    """Return the share of stops that begin as one did the day before, of those whose place had stops the day before."""
    clocks: dict[tuple[int, int, int], list[float]] = {}
    for one in rounds:
        day, part = int(one.span[0] // DAY_S), int(one.span[0] % DAY_S)
        for stop in one.stops:
            clocks.setdefault((part, stop.atom, day), []).append(stop.start_s - day * DAY_S)
    same = looked = 0
    for (part, atom, day), (_, _, then) in pairwise(sorted(clocks)):
        before = clocks[part, atom, day]
        after = clocks.get((part, atom, day + 1), [])
        if then == day + 1 and after:
            looked += len(after)
            same += sum(any(abs(one - other) <= SAME_S for other in before) for one in after)
    return same / looked if looked else 0.0


def stop_findings(found: StopCheck | None, aims: PatrolAims) -> Iterator[Finding]:
    """Yield what of the patrol stops is not as it was asked for."""
    if found is None:
        return
    shortest, longest = aims.stop_min
    if found.shortest_min < shortest - 1e-6 or found.longest_min > longest + 1e-6:
        message = N_("Patrol stops take {least} to {most} minutes; {shortest} to {longest} were asked for.")
        values = _minutes(least=found.shortest_min, most=found.longest_min, shortest=shortest, longest=longest)
        yield Finding("stop-length", "warning", message, values=values)
    if found.longest_gap_min > aims.every_min + 1e-6:
        message = N_("{share} of the times between patrol stops are longer than {every} minutes, the longest {gap} minutes.")
        remedy = N_("Ask for fewer places, or let more crews patrol.")
        values = _minutes(every=aims.every_min, gap=found.longest_gap_min) | {"share": f"{1.0 - found.in_time:.1%}"}
        yield Finding("stops-late", "note", message, remedy, values=values)
    if found.dose_min > aims.most_min + 1e-6:
        message = N_("One place gets {dose} minutes of patrol stops in six hours; {most} is the most.")
        yield Finding("dose-above-cap", "warning", message, values=_minutes(dose=found.dose_min, most=aims.most_min))


def _minutes(**values: float) -> dict[str, object]:
    return {name: f"{value:.0f}" for name, value in values.items()}
