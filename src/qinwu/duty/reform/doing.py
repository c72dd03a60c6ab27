"""Doing: a reform applied to a duty system and its officers; everything wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qinwu.duty.reform.dispatching import adopt, set_dispatch_levels, set_patrol, set_relation, share_non_police
from qinwu.duty.reform.ground import Ground, in_one_piece, rebalance
from qinwu.duty.reform.overhead import Overheads
from qinwu.duty.reform.people import divert, move_posts, retrain
from qinwu.duty.reform.reform import Reform
from qinwu.duty.reform.state import Move, State
from qinwu.duty.reform.steps import Adopt, Rebalance, Step
from qinwu.duty.reform.structure import add_outpost, close_outpost, merge, move_beats, remove_level, split
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.station.force import Force

Read = Callable[[str], DutySystem]
"""How a step finds a duty system by name, as its files state it."""

STRUCTURE: dict[str, Callable[[Any, State, Overheads], State]] = {
    "remove_level": remove_level,
    "merge": merge,
    "split": split,
    "move_beats": move_beats,
    "add_outpost": add_outpost,
    "close_outpost": close_outpost,
}
OTHERS: dict[str, Callable[[Any, State], State]] = {
    "move_posts": move_posts,
    "retrain": retrain,
    "set_relation": set_relation,
    "set_dispatch_levels": set_dispatch_levels,
    "divert": divert,
    "set_patrol": set_patrol,
    "share_non_police": share_non_police,
}


@dataclass(frozen=True)
class Reformed:
    """A duty system before and after reforms, as its files state it.

    ``moves`` is the book of who went where; ``before`` and ``after`` hold the same heads.
    """

    before: State
    after: State
    system: DutySystem

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is doubtful: steps that found nothing to change here, stations that no longer hang together."""
        return self.after.findings

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every move of heads between units and posts, in the order of the steps."""
        return self.after.moves


def reformed(system: DutySystem, force: Force, reforms: Sequence[Reform], read: Read, ground: Ground | None = None) -> Reformed:
    """Return what reforms, one after the other, make of a duty system.

    Parameters
    ----------
    system
        As its files state it: before beats are joined and squads made for each station.
    force
        The officers; without any, posts of the chart are moved instead.
    reforms
        At least one.
    read
        How a duty system that a step adopts is found.
    ground
        What steps that move boundaries go by.

    Raises
    ------
    QinwuError
        With everything wrong: steps that choose nothing, posts that cannot be filled, a unit or a function left without anybody.
    """
    before = after = State.of(system, force)
    for reform in reforms:
        for step in reform.step:
            after = _done(step, after, reform.overhead, read, ground)
    after = after.wrong([*_in_pieces(before, after, ground)])
    raise_on_errors([*after.findings, *_lost(before, after)])
    done = Reformed(before, after, after.finished(before))
    if done.system == before.finished(before):
        raise QinwuError([*after.findings, changes_nothing()])
    return done


def _done(step: Step, state: State, overheads: Overheads, read: Read, ground: Ground | None) -> State:
    if isinstance(step, Adopt):
        return adopt(step, state, read)
    if isinstance(step, Rebalance):
        return rebalance(step, state, overheads, ground)
    name = getattr(step, "op", "")
    return STRUCTURE[name](step, state, overheads) if name in STRUCTURE else OTHERS[name](step, state)


def _in_pieces(before: State, after: State, ground: Ground | None) -> Iterator[Finding]:
    """Yield a warning for every station whose beats hung together before, or that is new, and do not now."""
    borders = ground.borders if ground else {}
    was, now = (_beats_of(state) for state in (before, after))
    for home, beats in now.items() if borders else ():
        if not in_one_piece(beats, borders) and in_one_piece(was.get(home, set()), borders):
            yield in_several_pieces(home)


def _beats_of(state: State) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for beat in state.stations.beats:
        found.setdefault(state.stations.home(beat.unit), set()).add(beat.id)
    return found


def in_several_pieces(unit: str) -> Finding:
    """Return the finding for a station that a reform leaves in pieces."""
    message, remedy = (
        N_("After the reform the beats of {unit} do not hang together."),
        N_("Merge neighbours: name the units in the step."),
    )
    return Finding("station-in-pieces", "warning", message, remedy, Place(key="reform"), {"unit": unit})


def _lost(before: State, after: State) -> Iterator[Finding]:
    """Yield what a reform must not do: leave a station without front line, a duty without owner, a function without a squad."""
    if sorted(one.id for one in before.officers) != sorted(one.id for one in after.officers):
        raise RuntimeError("a reform lost or made officers")
    stations = after.stations
    for home in stations.homes:
        if after.officers and home in after.units and not _line(after, home) and _line(before, home):
            yield left_without(home, N_("Nobody is left on the front line of {unit}."))
    owned_after = {duty for unit in after.system.unit for duty in unit.duties if _manned(after, unit.id)}
    owned_before = {duty for unit in before.system.unit for duty in unit.duties if _manned(before, unit.id)}
    for duty in sorted(owned_before - owned_after):
        yield left_without(duty, N_("Nobody is left for duty {unit}: the unit that owns it has no officers."))
    for function in sorted(_functions(before) - _functions(after)):
        yield left_without(function, N_("No squad does {unit} any more."))


def _line(state: State, home: str) -> list[str]:
    line = (one for one in state.officers if one.post == "front_line" and one.kind == "sworn")
    return [one.id for one in line if state.stations.home(one.unit) == home]


def _manned(state: State, unit: str) -> bool:
    return any(one.unit in state.stations.under(unit) for one in state.officers)


def _functions(state: State) -> set[str]:
    """Return the functions that duties require and squads do."""
    required = {str(duty.function) for duty in state.system.duty if duty.function}
    return {str(squad.function) for squad in state.system.squad} & required


def left_without(what: str, message: str) -> Finding:
    """Return the finding for a unit, duty or function that a reform leaves without anybody."""
    remedy = N_("Move fewer posts, or give it somebody in another step.")
    return Finding("left-without-anybody", "error", message, remedy, Place(key="reform"), {"unit": what})


def changes_nothing() -> Finding:
    """Return the finding for a reform that leaves everything as it is."""
    message, remedy = N_("The reform changes nothing here."), N_("Choose another, or other units in its steps.")
    return Finding("reform-changes-nothing", "error", message, remedy, Place(key="reform"))


def reverse(done: Reformed) -> Reformed:
    """Return the way back: the same heads, the system there was, and every move the other way, last first."""
    back = tuple(
        Move(move.step, move.officers, move.to_unit, move.to_post, move.from_unit, move.from_post) for move in reversed(done.moves)
    )
    return Reformed(done.after, replace(done.before, moves=back), done.before.system)
