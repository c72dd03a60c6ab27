"""Structure: steps that change the tree of units: levels taken out, units merged and split, outposts, beats that change hands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import floor

from qinwu.duty.reform.overhead import Overheads, settled
from qinwu.duty.reform.renaming import renamed
from qinwu.duty.reform.state import State, nobody_meant, seniority
from qinwu.duty.reform.steps import AddOutpost, CloseOutpost, Merge, MoveBeats, RemoveLevel, Split
from qinwu.duty.units import Unit
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.config import Text
from qinwu.station.force import Officer


def remove_level(step: RemoveLevel, state: State, overheads: Overheads) -> State:
    """Return the state with every unit of a level absorbed by the one above it."""
    going = [unit for unit in state.chart if unit.level == step.level and (not step.under or unit.parent in step.under)]
    if not going:
        return state.wrong([nothing_to_do(step.id, step.level)])
    if top := [unit.id for unit in going if not unit.parent]:
        return state.wrong([no_unit_above(step.id, top)])
    state = absorbed(state, {unit.id: unit.parent for unit in going}, step.id)
    return settled(state, dict.fromkeys(unit.parent for unit in going), overheads, step.id)


def merge(step: Merge, state: State, overheads: Overheads) -> State:
    """Return the state with units joined, each group into the one that stays."""
    chosen, wrong = state.chosen((*step.units, *((step.into,) if step.into else ())), f"step.{step.id}.units")
    if wrong:
        return state.wrong(wrong)
    groups = [group for group in _groups(step, chosen, state.units) if len(group) > 1]
    if not groups:
        return state.wrong([nothing_to_do(step.id, ", ".join(step.units))])
    for group in groups:
        stays = step.into if step.into in group else max(group, key=lambda unit: len(state.at(unit)))
        state = absorbed(state, {unit: stays for unit in group if unit != stays}, step.id)
        state = _called(state, stays, step.name)
        state = settled(state, [stays], overheads, step.id)
    return state


def _groups(step: Merge, chosen: list[str], units: dict[str, Unit]) -> Iterator[list[str]]:
    parents = dict.fromkeys(units[unit].parent if step.by == "parent" else "" for unit in chosen)
    for parent in parents:
        inside = [unit for unit in chosen if step.by == "all" or units[unit].parent == parent]
        yield from _evenly(inside, step.size)


def _evenly(items: list[str], size: int) -> Iterator[list[str]]:
    """Yield items in order, in as few groups of at most `size` as there can be, of sizes that differ by one at most.

    >>> list(_evenly(["a", "b", "c", "d"], 3))
    [['a', 'b'], ['c', 'd']]
    """
    count = -(-len(items) // size)
    for at in range(count):
        yield items[at * len(items) // count : (at + 1) * len(items) // count]


def _called(state: State, unit: str, name: Text | None) -> State:
    if name is None:
        return state
    old = state.units[unit].name
    new = Text(zh=name.zh.format(name=old.zh), en=name.in_language("en").format(name=old.in_language("en")))
    return _with_unit(state, unit, name=new)


def _with_unit(state: State, unit: str, **changes: object) -> State:
    return state.with_system(unit=tuple(one.model_copy(update=changes) if one.id == unit else one for one in state.system.unit))


def absorbed(state: State, into: dict[str, str], step: str) -> State:
    """Return the state with units gone into others: officers, beats, duties, units below and everything said of them.

    `into` may name a unit that goes itself; what goes follows it to the end.
    """
    into = {gone: _end(gone, into) for gone in into}
    for gone, unit in into.items():
        state = state.moved(step, state.at(gone), unit=unit)
    duties = {unit.id: unit.duties for unit in state.system.unit}
    state = replace(state, system=renamed(state.system, into))
    return state.with_system(unit=tuple(_alone(unit, duties, into) for unit in state.system.unit if unit.id not in into))


def _alone(unit: Unit, duties: dict[str, tuple[str, ...]], into: dict[str, str]) -> Unit:
    """Return a unit that remains: with the duties of those it absorbed, and neither above nor tied to itself."""
    ties = tuple(tie for tie in unit.ties if tie.unit != unit.id)
    parent = "" if unit.parent == unit.id else unit.parent
    return unit.model_copy(update={"duties": _all_duties(unit.id, duties, into), "parent": parent, "ties": ties})


def _end(unit: str, into: dict[str, str]) -> str:
    while unit in into:
        unit = into[unit]
    return unit


def _all_duties(unit: str, duties: dict[str, tuple[str, ...]], into: dict[str, str]) -> tuple[str, ...]:
    gained = (duty for gone, stays in into.items() if stays == unit for duty in duties[gone])
    return tuple(dict.fromkeys((*duties[unit], *gained)))


def split(step: Split, state: State, overheads: Overheads) -> State:
    """Return the state with a unit divided: beats, the officers who answer for them, and of the others by number of beats."""
    if wrong := [*_wrong_unit(step.unit, f"step.{step.id}.unit", state), *_wrong_beats(step, state)]:
        return state.wrong(wrong)
    old = state.units[step.unit]
    for part in step.parts:
        here = [beat.id for beat in state.system.beat if beat.unit == step.unit]
        share = len(part.beats) / len(here)
        unit = old.model_copy(update={"id": part.id, "name": part.name, "base_atom": part.base_atom or old.base_atom, "head": ""})
        state = state.with_system(unit=(*state.system.unit, unit))
        go = _following(state, step.unit, part.beats, share)
        state = beats_to(state, part.beats, part.id).moved(step.id, go, unit=part.id)
    return settled(state, [step.unit, *(part.id for part in step.parts)], overheads, step.id)


def _following(state: State, unit: str, beats: Iterable[str], share: float) -> list[Officer]:
    """Return who goes with some beats of a unit: those who answer for them, and a share of the others of each post and kind."""
    own = [one for one in state.beat_officers(beats) if one.unit == unit]
    bound = state.accountable
    others = [one for one in state.at(unit) if one.id not in bound]
    cells = dict.fromkeys((one.post, one.kind) for one in others)
    groups = [[one for one in others if (one.post, one.kind) == cell] for cell in cells]
    return own + [one for group in groups for one in group[len(group) - floor(share * len(group) + 0.5) :]]


def beats_to(state: State, beats: Iterable[str], unit: str) -> State:
    """Return the state with beats in another unit."""
    going = set(beats)
    changed = (beat.model_copy(update={"unit": unit}) if beat.id in going else beat for beat in state.system.beat)
    return state.with_system(beat=tuple(changed))


def move_beats(step: MoveBeats, state: State, overheads: Overheads) -> State:
    """Return the state with beats in another unit, and the officers who answer for them."""
    known = {beat.id: beat.unit for beat in state.system.beat}
    key = f"step.{step.id}.beats"
    wrong = [unknown_beat(beat, did_you_mean(beat, known), key) for beat in step.beats if beat not in known]
    wrong += _wrong_unit(step.to, f"step.{step.id}.to", state)
    if wrong:
        return state.wrong(wrong)
    losing = [unit for unit in dict.fromkeys(known[beat] for beat in step.beats) if unit in state.units]
    go = state.beat_officers(step.beats)
    return settled(beats_to(state, step.beats, step.to).moved(step.id, go, unit=step.to), [*losing, step.to], overheads, step.id)


def add_outpost(step: AddOutpost, state: State, overheads: Overheads) -> State:
    """Return the state with an outpost: its beats, their officers, and as many others of the hub's front line as the step says."""
    here = {beat.id: beat.unit for beat in state.system.beat}
    wrong = _wrong_unit(step.hub, f"step.{step.id}.hub", state)
    wrong += [not_its_beat(beat, step.hub, f"step.{step.id}.beats") for beat in step.beats if here.get(beat) != step.hub]
    wrong += [there_already(step.outpost, f"step.{step.id}.outpost")] if step.outpost in state.units else []
    go = [one for one in state.beat_officers(step.beats) if one.unit == step.hub]
    free = [one for one in state.at(step.hub, "front_line") if one.id not in state.accountable]
    for kind, count in (("sworn", step.sworn), ("auxiliary", step.auxiliary)):
        fitting = [one for one in seniority(free) if one.kind == kind]
        if len(fitting) < count:
            wrong.append(too_few_officers(step.id, step.hub, count, len(fitting)))
        go += fitting[len(fitting) - count :]
    if wrong:
        return state.wrong(wrong)
    unit = Unit(id=step.outpost, name=step.name, level="outpost", parent=step.hub, base_atom=step.base_atom)
    state = beats_to(state.with_system(unit=(*state.system.unit, unit)), step.beats, step.outpost)
    return settled(state.moved(step.id, go, unit=step.outpost), [step.outpost], overheads, step.id)


def close_outpost(step: CloseOutpost, state: State, overheads: Overheads) -> State:
    """Return the state with outposts closed; beats and officers are the hub's again."""
    chosen, wrong = state.chosen(step.units, f"step.{step.id}.units")
    wrong += [not_an_outpost(unit, f"step.{step.id}.units") for unit in chosen if state.units[unit].level != "outpost"]
    if wrong:
        return state.wrong(wrong)
    if not chosen:
        return state.wrong([nothing_to_do(step.id, ", ".join(step.units))])
    into = {unit: state.units[unit].parent for unit in chosen}
    return settled(absorbed(state, into, step.id), dict.fromkeys(into.values()), overheads, step.id)


def _wrong_beats(step: Split, state: State) -> Iterator[Finding]:
    beats = {beat.id: beat.unit for beat in state.system.beat}
    taken: set[str] = set()
    for part in step.parts:
        for beat in part.beats:
            if beats.get(beat) != step.unit or beat in taken:
                yield not_its_beat(beat, step.unit, f"step.{step.id}.parts.{part.id}")
            taken.add(beat)
        if part.id in state.units:
            yield there_already(part.id, f"step.{step.id}.parts")


def _wrong_unit(unit: str, key: str, state: State) -> list[Finding]:
    return [] if unit in state.units else [nobody_meant(unit, did_you_mean(unit, state.units), key)]


def nothing_to_do(step: str, what: str) -> Finding:
    """Return the finding for a step that finds nothing to change here."""
    message, remedy = N_("Step {step} finds nothing to change here: {what}."), N_("Leave it out, or choose other units.")
    return Finding("nothing-to-reform", "warning", message, remedy, Place(key=f"step.{step}"), {"step": step, "what": what})


def no_unit_above(step: str, units: Iterable[str]) -> Finding:
    """Return the finding for a level that nothing is above."""
    message, remedy = N_("Step {step}: nothing is above {units} to take over."), N_("Remove a level below the top.")
    return Finding("no-unit-above", "error", message, remedy, Place(key=f"step.{step}"), {"step": step, "units": ", ".join(units)})


def not_its_beat(beat: str, unit: str, key: str) -> Finding:
    """Return the finding for a beat that a unit cannot give away."""
    message, remedy = N_("Beat {beat} is not one of {unit}, or is given away twice."), N_("Name beats of that unit, each once.")
    return Finding("not-its-beat", "error", message, remedy, Place(key=key), {"beat": beat, "unit": unit})


def unknown_beat(beat: str, near: str, key: str) -> Finding:
    """Return the finding for a beat that is not there."""
    remedy = N_("Did you mean {near}?") if near else N_("Use the id of a beat.")
    return Finding("unknown-beat", "error", N_("There is no beat {beat}."), remedy, Place(key=key), {"beat": beat, "near": near})


def there_already(unit: str, key: str) -> Finding:
    """Return the finding for a new unit whose id is taken."""
    message, remedy = N_("There is a unit {unit} already."), N_("Give the new one another id.")
    return Finding("unit-there-already", "error", message, remedy, Place(key=key), {"unit": unit})


def too_few_officers(step: str, unit: str, wanted: int, there: int) -> Finding:
    """Return the finding for a unit that cannot give so many officers."""
    message = N_("Step {step} takes {wanted} officers of {unit}; {there} can go.")
    values = {"step": step, "unit": unit, "wanted": wanted, "there": there}
    return Finding("too-few-to-move", "error", message, N_("Take fewer, or from several units."), Place(key=f"step.{step}"), values)


def not_an_outpost(unit: str, key: str) -> Finding:
    """Return the finding for a unit that cannot be closed as an outpost."""
    message, remedy = N_("Unit {unit} is not an outpost."), N_("Merge units of other levels instead.")
    return Finding("not-an-outpost", "error", message, remedy, Place(key=key), {"unit": unit})
