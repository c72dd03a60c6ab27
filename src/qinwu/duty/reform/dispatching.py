"""Dispatching: steps that change who takes a call, who commands whom, and by which duty system a unit works."""

from __future__ import annotations

from collections.abc import Callable

from qinwu.duty.reform.state import State
from qinwu.duty.reform.steps import Adopt, SetDispatchLevels, SetPatrol, SetRelation, ShareNonPolice
from qinwu.duty.reform.structure import nothing_to_do
from qinwu.duty.system import DutySystem, HandOff, Squad
from qinwu.duty.units import Tie, Unit
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_

TAKEN = ("squad", "crews", "watch", "pattern", "dispatch", "work", "follow_up", "beats_per_officer", "mechanisms")
"""What a system that is adopted brings; units, beats and everything said of them stay."""


def set_relation(step: SetRelation, state: State) -> State:
    """Return the state with squads on another line, and with what a unit may do in others."""
    units, wrong = state.chosen(step.units, f"step.{step.id}.units") if step.units else ([], [])
    tied = state.chosen([step.by], f"step.{step.id}.by")[1] if step.by else []
    squads = [squad for squad in state.system.squad if squad.id in step.squads or squad.function in step.functions]
    if wrong or tied:
        return state.wrong([*wrong, *tied])
    if not squads and not (units and step.by):
        return state.wrong([nothing_to_do(step.id, ", ".join((*step.squads, *step.functions, *step.units)))])
    return state.with_system(
        squad=tuple(_on_line(squad, step) if squad in squads else squad for squad in state.system.squad),
        unit=tuple(_tied(unit, step) if unit.id in units and step.by else unit for unit in state.system.unit),
    )


def _on_line(squad: Squad, step: SetRelation) -> Squad:
    return squad.model_copy(update={"line": step.relation})


def _tied(unit: Unit, step: SetRelation) -> Unit:
    functions = step.functions or (None,)
    others = (tie for tie in unit.ties if tie.unit != step.by or tie.function not in functions)
    new = (Tie(unit=step.by, relation=step.relation, function=one) for one in functions)
    return unit.model_copy(update={"ties": (*others, *new)})


def set_dispatch_levels(step: SetDispatchLevels, state: State) -> State:
    """Return the state with another way of the call: levels that take it, each with its seconds, and levels that dispatch it."""
    dispatch = state.system.dispatch
    taking = dispatch.call_taking
    seconds = taking.seconds + (step.taking_levels - 1) * step.taking_level_s
    changes: dict[str, object] = {"levels": step.levels, "call_taking": taking.model_copy(update={"seconds": seconds})}
    if step.level_s is not None:
        changes["level_s"] = step.level_s
    return state.with_system(dispatch=dispatch.model_copy(update=changes))


def set_patrol(step: SetPatrol, state: State) -> State:
    """Return the state with crews elsewhere while free."""
    known = [rule.id for rule in state.system.crews]
    wrong = [unknown_crews(name, did_you_mean(name, known), step.id) for name in step.crews if name not in known]
    if wrong:
        return state.wrong(wrong)
    rules = (rule.model_copy(update={"patrol": step.patrol}) if rule.id in step.crews else rule for rule in state.system.crews)
    return state.with_system(crews=tuple(rules))


def share_non_police(step: ShareNonPolice, state: State) -> State:
    """Return the state with a share of the calls handed to a service line."""
    line = HandOff(id=step.id, calls=step.calls, share=step.share, to=step.to)
    dispatch = state.system.dispatch
    return state.with_system(dispatch=dispatch.model_copy(update={"hand_off": (line, *dispatch.hand_off)}))


def adopt(step: Adopt, state: State, read: Callable[[str], DutySystem]) -> State:
    """Return the state working by another system; units of that system which the chart lacks come with it, as templates."""
    other = read(step.system)
    units = tuple(unit for unit in other.unit if unit.id not in state.units) if not state.stations.several else ()
    functional = tuple(beat for beat in other.beat if beat.kind == "functional" and beat not in state.system.beat)
    taken = {name: getattr(other, name) for name in TAKEN}
    return state.with_system(**taken, unit=(*state.system.unit, *units), beat=(*state.system.beat, *functional))


def unknown_crews(name: str, near: str, step: str) -> Finding:
    """Return the finding for a crews rule that the system does not have."""
    remedy = N_("Did you mean {near}?") if near else N_("Use the id of a [[crews]] rule of the duty system.")
    message = N_("There is no crews rule {name}.")
    return Finding("unknown-crews", "error", message, remedy, Place(key=f"step.{step}.crews"), {"name": name, "near": near})
