"""Changing: a duty system with moves done, and what a duty file must say so that it comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qinwu.duty.crews import Crew
from qinwu.duty.stations import AT, template_of
from qinwu.duty.system import Crews, DutySystem, Squad, Staff
from qinwu.duty.units import Posting
from qinwu.plan.deploy.choosing import Choice
from qinwu.plan.deploy.scene import Movable, Scene

TABLES = ("watch", "pattern", "squad", "crews", "posting")
"""What moves change."""


def changed(scene: Scene, choices: Sequence[Choice]) -> DutySystem:
    """Return the duty system of a scene with moves done.

    Crews that move leave their rule from its end; those that work other hours become a rule of their own in the same squad, those
    that change stations are posted there and join its squad.
    """
    system = scene.system
    by_id: dict[str, dict[str, Any]] = {name: {one.id: one for one in getattr(system, name)} for name in TABLES}
    for at, one in enumerate(scene.movable):
        mine = [choice for choice in choices if choice.rule == at]
        if mine:
            _apply(scene, one, mine, by_id)
    return system.model_copy(update={name: tuple(items.values()) for name, items in by_id.items()})


def who_moves(one: Movable, mine: Sequence[Choice]) -> dict[Choice, tuple[Crew, ...]]:
    """Return the crews of a rule that each of its moves takes: those that change stations are the last ones."""
    if one.together:
        return dict.fromkeys(mine, one.crews)
    left = list(one.crews)[len(one.crews) - sum(choice.crews for choice in mine) :]
    found = {}
    for choice in sorted(mine, key=lambda each: each.option is None):
        found[choice], left = tuple(left[: choice.crews]), left[choice.crews :]
    return found


def _apply(scene: Scene, one: Movable, mine: Sequence[Choice], by_id: dict[str, dict[str, Any]]) -> None:
    rule = one.rule
    for choice in mine:
        if choice.option is not None:
            by_id["watch"] |= {watch.id: watch for watch in choice.option.watches}
            by_id["pattern"][choice.option.pattern.id] = choice.option.pattern
    if one.together:
        option = next(choice.option for choice in mine if choice.option is not None)
        by_id["crews"][rule.id] = rule.model_copy(update={"pattern": option.pattern.id})
        return
    who = who_moves(one, mine)
    left = len(one.crews) - sum(len(crews) for crews in who.values())
    if left:
        by_id["crews"][rule.id] = rule.model_copy(update={"count": left})
    else:
        del by_id["crews"][rule.id]
    for choice in mine:
        if choice.option is not None:
            new = _rule_of(rule, choice)
            by_id["crews"][new.id] = new
        else:
            _post(scene, one, choice, who[choice], by_id)


def _rule_of(rule: Crews, choice: Choice) -> Crews:
    """Return the rule of crews that work other hours."""
    assert choice.option is not None
    name, _, unit = rule.id.partition(AT)
    new = f"{name}_{choice.option.pattern.id}{AT}{unit}" if unit else f"{name}_{choice.option.pattern.id}"
    return rule.model_copy(update={"id": new, "pattern": choice.option.pattern.id, "count": choice.crews})


def _post(scene: Scene, one: Movable, choice: Choice, crews: Sequence[Crew], by_id: dict[str, dict[str, Any]]) -> None:
    """Post crews of a rule to another station, into its squad of the same kind."""
    station = scene.places.ids[choice.station]
    target = scene.squad_at(one.rule, station)
    going = [officer.id for crew in crews for officer in crew.officers]
    for officer in going:
        by_id["posting"][officer] = Posting(id=officer, unit=station)
    for squad in _touched(scene, one, station):
        now = by_id["squad"][squad.id]
        members = now.officers or tuple(member.id for member in scene.staffing.members[squad.id])
        stay = tuple(member for member in members if member not in going)
        come = tuple(going) if squad.id == target else ()
        by_id["squad"][squad.id] = now.model_copy(update={"officers": (*stay, *come), "staff": Staff()})
    for rule in scene.system.crews:
        if rule.squad == target and rule.form == one.rule.form and rule.count is not None:
            now = by_id["crews"].get(rule.id, rule)
            by_id["crews"][rule.id] = now.model_copy(update={"count": (now.count or 0) + choice.crews})


def _touched(scene: Scene, one: Movable, station: str) -> Iterator[Squad]:
    """Yield the squads of both stations: who is in them must be written out, since shares of a changed force would draw others."""
    homes = {scene.places.ids[one.home], station}
    yield from (squad for squad in scene.system.squad if AT in squad.id and squad.id.partition(AT)[2] in homes)


def overlay(before: DutySystem, after: DutySystem) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of a duty file that turns `before` into `after`: every changed item whole.

    Rules of a single station of several must be written whole, for the file below them knows only their template.
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    for name in TABLES:
        old = {one.id: one for one in getattr(before, name)}
        items = [one.model_dump(mode="json", exclude_none=True) for one in getattr(after, name) if old.get(one.id) != one]
        kept = {one.id for one in getattr(after, name)}
        gone = [{"id": one, "remove": True} for one in old if one not in kept and template_of(one) == one]
        if items or gone:
            tables[name] = [*gone, *items]
    return tables
