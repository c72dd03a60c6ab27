"""Ground: what a boundary reform needs to know of the area: which beats touch, and how much work each makes (M74)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from qinwu.duty.reform.overhead import Overheads, settled
from qinwu.duty.reform.state import State
from qinwu.duty.reform.steps import Rebalance
from qinwu.duty.reform.structure import beats_to, nothing_to_do
from qinwu.duty.rules.shape import clusters
from qinwu.findings import Finding, Place
from qinwu.language import N_

Borders = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Ground:
    """Officer-hours a week that calls make in each beat, and the beats that touch each beat."""

    hours: Mapping[str, float]
    borders: Borders


def rebalance(step: Rebalance, state: State, overheads: Overheads, ground: Ground | None) -> State:
    """Return the state with border beats moved, one at a time, from stations with too much work for their officers to others.

    Every move is the one that lowers the sum over stations of the squared hours per front-line officer most; it leaves no station
    without a beat or in two pieces, and the officers who answer for the beat go along. The search is greedy: `qinwu plan posts`
    finds, and proves, better boundaries.
    """
    if ground is None:
        return state.wrong([needs_ground(step.id)])
    units, wrong = state.chosen(step.units, f"step.{step.id}.units")
    if wrong:
        return state.wrong(wrong)
    moved = False
    for _ in range(step.most):
        before = _uneven(state, units, ground)
        if max(before.values()) <= (1.0 + step.within) * sum(before.values()) / len(before):
            break
        tried = (
            (sum(load**2 for load in _uneven(new, units, ground).values()), beat, new)
            for beat, new in _moves(step, state, units, ground)
        )
        least = min(tried, key=lambda one: one[:2], default=None)
        if least is None or least[0] >= sum(load**2 for load in before.values()) * (1.0 - 1e-9):
            break
        state, moved = least[2], True
    return settled(state, units, overheads, step.id) if moved else state.wrong([nothing_to_do(step.id, ", ".join(step.units))])


def _uneven(state: State, units: Collection[str], ground: Ground) -> dict[str, float]:
    """Return the hours of call work per front-line officer of each unit."""
    line = {unit: sum(one.post == "front_line" for one in state.at(unit)) for unit in units}
    hours = {unit: sum(ground.hours.get(beat.id, 0.0) for beat in state.system.beat if beat.unit == unit) for unit in units}
    return {unit: hours[unit] / max(line[unit], 1) for unit in units}


def _moves(step: Rebalance, state: State, units: Collection[str], ground: Ground) -> Iterator[tuple[str, State]]:
    """Yield every border beat that can go from a busier station to a less busy one, and the state after it."""
    of = {beat.id: beat.unit for beat in state.system.beat if beat.kind == "geographic" and beat.unit in units}
    load = _uneven(state, units, ground)
    for beat, unit in of.items():
        left = {other for other, where in of.items() if where == unit and other != beat}
        beyond = dict.fromkeys(of[other] for other in ground.borders.get(beat, ()) if other in of)
        for to in (each for each in beyond if load[each] < load[unit]):
            if left and in_one_piece(left, ground.borders):
                go = [one for one in state.beat_officers([beat]) if one.unit == unit]
                yield beat, beats_to(state, [beat], to).moved(step.id, go, unit=to)


def in_one_piece(beats: Collection[str], borders: Borders) -> bool:
    """Return whether beats hang together; no beats do."""
    touching = frozenset((beat, other) for beat in beats for other in borders.get(beat, ()))
    return len(clusters(sorted(beats), touching)) <= 1


def needs_ground(step: str) -> Finding:
    """Return the finding for a boundary reform of a chart alone."""
    message, remedy = N_("Step {step} moves boundaries, which needs a map and calls."), N_("Try it on a station folder.")
    return Finding("needs-a-map", "error", message, remedy, Place(key=f"step.{step}"), {"step": step})
