"""Overhead: the posts that a unit cannot do without decide how many a reform frees, or costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qinwu.duty.reform.state import State, seniority
from qinwu.duty.reform.steps import Overhead
from qinwu.duty.stations import Stations
from qinwu.duty.units import Unit
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.force import Officer, Post

Overheads = Sequence[Overhead]
KEPT: tuple[Post, ...] = ("command", "administration")


def required(unit: Unit, heads: int, overheads: Overheads) -> dict[Post, int] | None:
    """Return the command and administration posts that a unit of so many heads keeps; None where nobody says."""
    rule = next((one for one in overheads if one.level == unit.level and one.sphere in (None, unit.belongs)), None)
    if rule is None:
        return None
    desks = rule.administration + (-(-heads // rule.heads_per_desk) if rule.heads_per_desk else 0)
    return {"command": rule.command, "administration": desks}


def settled(state: State, units: Iterable[str], overheads: Overheads, step: str) -> State:
    """Return the state with what units have beyond their overhead freed for the front line, and what they lack taken from it.

    Those longest in service keep, or get, command; auxiliaries go to desks before sworn officers. Freed heads of a unit without a
    front line go to the stations below it, or below the unit above it, which have the fewest front-line officers for their beats.
    """
    for unit in units:
        need = required(state.units[unit], len(state.at(unit)), overheads)
        for post in KEPT if need else ():
            state = _with_posts(state, unit, post, need[post] if need else 0, step)
    return state


def _with_posts(state: State, unit: str, post: Post, need: int, step: str) -> State:
    here = state.at(unit, post)
    if len(here) >= need:
        return freed(state, _leaving(here, post, need), unit, step)
    line = [one for one in state.at(unit, "front_line") if one.id not in state.accountable]
    if post == "command" and not line:  # a section has nobody but its desks to be led by
        line = state.at(unit, "administration")
    fit = [one for one in line if post != "command" or one.kind == "sworn"]
    order = seniority(fit) if post == "command" else seniority(fit)[::-1]
    missing = need - len(here)
    state = state.moved(step, order[:missing], post=post)
    return state if len(order) >= missing else state.wrong([overhead_not_met(step, unit, post, need, len(here) + len(order))])


def _leaving(here: list[Officer], post: Post, need: int) -> list[Officer]:
    """Return who leaves posts of a kind: the last in service of the chiefs, the sworn officers at desks first."""
    order = seniority(here)
    return order[need:] if post == "command" else order[: len(order) - need]


def freed(state: State, who: Sequence[Officer], unit: str, step: str) -> State:
    """Return the state with heads freed for the front line, of the unit itself or of the stations it serves."""
    stations = state.stations
    if stations.home(unit) in stations.homes:
        return state.moved(step, who, post="front_line")
    for one in who:
        state = state.moved(step, [one], unit=_neediest(state, stations, unit), post="front_line")
    return state


def _neediest(state: State, stations: Stations, unit: str) -> str:
    """Return the station below or beside a unit with the fewest front-line officers for its beats; the unit itself without any."""
    beats = {home: sum(stations.home(beat.unit) == home for beat in stations.beats) for home in stations.homes}
    below = next((some for up in stations.above(unit) if (some := [home for home in beats if up in stations.above(home)])), [])
    line = {home: sum(stations.home(one.unit) == home and one.post == "front_line" for one in state.officers) for home in below}
    return min(below, key=lambda home: line[home] / beats[home], default=unit)


def overhead_not_met(step: str, unit: str, post: Post, need: int, there: int) -> Finding:
    """Return the finding for a unit that has nobody left for posts it cannot do without."""
    message = {
        "command": N_("After step {step}, {unit} needs {need} command posts and can fill {there}."),
        "administration": N_("After step {step}, {unit} needs {need} desk posts and can fill {there}."),
    }[post]
    remedy = N_("Give it more officers or beats, or lower its overhead.")
    values = {"step": step, "unit": unit, "need": need, "there": there}
    return Finding("overhead-not-met", "error", message, remedy, Place(key=f"step.{step}"), values)
