"""People: steps that change what officers do: desks to the street, training, campaigns."""

from __future__ import annotations

from dataclasses import replace
from math import floor

from qinwu.duty.reform.overhead import freed
from qinwu.duty.reform.state import State, seniority
from qinwu.duty.reform.steps import HOMES, Divert, MovePosts, Retrain
from qinwu.duty.reform.structure import nothing_to_do, too_few_officers
from qinwu.duty.system import Pace, Work
from qinwu.duty.units import Load
from qinwu.station.force import Officer

MINUTES = 60.0


def move_posts(step: MovePosts, state: State) -> State:
    """Return the state with posts of a kind turned into another: of each unit a number or a share.

    Sworn officers go first, those who answer for a beat last.
    """
    units, wrong = state.chosen(step.units, f"step.{step.id}.units")
    target, not_there = state.chosen([step.to], f"step.{step.id}.to") if step.to not in ("", HOMES) else ([], [])
    if wrong or not_there:
        return state.wrong([*wrong, *not_there])
    if not units:
        return state.wrong([nothing_to_do(step.id, ", ".join(step.units))])
    for unit in units:
        here = sorted(seniority(state.at(unit, step.post)), key=lambda one: one.id in state.accountable)
        wanted = step.count or floor(step.share * len(here) + 0.5)
        if wanted > len(here):
            state = state.wrong([too_few_officers(step.id, unit, wanted, len(here))])
        going = here[:wanted]
        if step.to == HOMES and step.becomes == "front_line":
            state = freed(state, going, unit, step.id)
        else:
            state = state.moved(step.id, going, unit=target[0] if target else "", post=step.becomes)
    return state


def retrain(step: Retrain, state: State) -> State:
    """Return the state with officers who know more, and the pace that goes with it."""
    units, wrong = state.chosen(step.units, f"step.{step.id}.units")
    if wrong:
        return state.wrong(wrong)
    below = {one for unit in units for one in state.stations.under(unit)}
    fitting = [one for one in state.officers if one.unit in below and one.post in step.posts]
    learning = {one.id for one in fitting[: floor(step.share * len(fitting) + 0.5)]}
    if not learning and not state.nameless:
        return state.wrong([nothing_to_do(step.id, ", ".join(step.units))])
    state = state.changed(step.id, lambda one: _taught(one, step.skills) if one.id in learning else one)
    if step.pace == 1.0:
        return state
    pace = Pace(id=step.id, calls=step.calls, factor=step.pace)
    dispatch = state.system.dispatch
    return state.with_system(dispatch=dispatch.model_copy(update={"pace": (pace, *dispatch.pace)}))


def _taught(officer: Officer, skills: tuple[str, ...]) -> Officer:
    return replace(officer, skills=officer.skills.union(skills))


def divert(step: Divert, state: State) -> State:
    """Return the state with officers away in a window of the week, those who answer for no beat first, the youngest first."""
    units, wrong = state.chosen(step.units, f"step.{step.id}.units")
    below = {one for unit in units for one in state.stations.under(unit)}
    fitting = seniority(one for one in state.officers if one.unit in below and one.post == step.post and one.kind == "sworn")[::-1]
    going = sorted(fitting, key=lambda one: one.id in state.accountable)[: step.officers]
    if len(going) < step.officers:
        wrong.append(too_few_officers(step.id, ", ".join(step.units), step.officers, len(going)))
    if wrong:
        return state.wrong(wrong)
    work = () if state.nameless else tuple(_away(step, one) for one in going)
    hours = step.minutes / MINUTES * len(set(step.weekdays))
    lost = {unit: hours * sum(one.unit == unit for one in going) for unit in dict.fromkeys(one.unit for one in going)}
    loads = tuple(_load(step, unit, each) for unit, each in lost.items())
    return state.with_system(work=(*state.system.work, *work), load=(*state.system.load, *loads))


def _away(step: Divert, officer: Officer) -> Work:
    return Work(
        id=f"{step.id}_{officer.id}", name=step.why, kind=step.kind, who=f"officer:{officer.id}", at=step.at, minutes=step.minutes,
        weekdays=step.weekdays, yields_to=0, where="away",
    )  # fmt: skip


def _load(step: Divert, unit: str, hours: float) -> Load:
    kind = "ad_hoc" if step.kind == "campaign" else "secondment"
    return Load(id=f"{step.id}_{unit}", name=step.why, unit=unit, kind=kind, hours_per_week=hours, ordered_by=step.ordered_by)
