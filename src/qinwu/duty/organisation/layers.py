"""Layers and spans: how many levels there are, how many each leads, and what fewer levels would cost (M4, M40)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.organisation.names import Names, name_of
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import Establishment
from qinwu.duty.organisation.tree import chain_of, directly_under, layers, root_of
from qinwu.duty.system import DutySystem, Squad
from qinwu.duty.units import Level, Unit
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Text

LEVELS: tuple[Level, ...] = ("bureau", "sub_bureau", "section", "brigade", "station", "outpost", "squad")


@dataclass(frozen=True, slots=True)
class Span:
    """What one unit leads: units and squads directly under it, and its own officers to each of its command posts.

    ``officers`` counts the unit's posts that are not command; ``each`` is None where the unit has no command post.
    """

    unit: str
    name: Text
    below: int
    officers: int
    leaders: int

    @property
    def each(self) -> float | None:
        """Officers to one leader."""
        return self.officers / self.leaders if self.leaders else None


@dataclass(frozen=True, slots=True)
class Shape:
    """Layers from the top down, the deepest chain (top first), and the span of every unit."""

    layers: int
    deepest: tuple[str, ...]
    spans: tuple[Span, ...]

    @property
    def widest(self) -> int:
        """Most units and squads under one."""
        return max((span.below for span in self.spans), default=0)

    @property
    def mean(self) -> float | None:
        """Mean of units and squads under those that have any; None where none has."""
        some = [span.below for span in self.spans if span.below]
        return sum(some) / len(some) if some else None


@dataclass(frozen=True, slots=True)
class Without:
    """A chart from which one level is taken out: who was under it comes under what was above it."""

    level: Level
    units: int
    posts: int
    layers: int
    widest: int
    where: Text


def shape(system: DutySystem, establishment: Establishment) -> Shape:
    """Return layers and spans of a chart."""
    units, below = system.unit, directly_under(system.unit, system.squad)
    chains = [chain_of(units, unit.id) for unit in units]
    deepest = max(chains, key=len, default=())
    return Shape(layers(units), deepest[::-1], tuple(_span(unit, below[unit.id], establishment) for unit in units))


def _span(unit: Unit, below: int, establishment: Establishment) -> Span:
    posts = establishment.of(unit.id)
    return Span(unit.id, unit.name, below, posts.total - posts.command, posts.command)


def trade_off(system: DutySystem, establishment: Establishment) -> tuple[Without, ...]:
    """Return, for every level below the top, the layers and the widest span that would be left without it (M40)."""
    top = root_of(system.unit)
    levels = [level for level in LEVELS if any(unit.level == level and unit.id != top for unit in system.unit)]
    return tuple(_without(system, establishment, level, top) for level in levels)


def without_level(system: DutySystem, level: Level, top: str) -> tuple[tuple[Unit, ...], tuple[Squad, ...]]:
    """Return the units and squads of a chart with a level taken out, the unit `top` kept."""
    gone = {unit.id for unit in system.unit if unit.level == level and unit.id != top}

    def kept(unit: str) -> str:
        return next((above for above in chain_of(system.unit, unit) if above not in gone), unit)

    units = tuple(u.model_copy(update={"parent": kept(u.parent)}) if u.parent else u for u in system.unit if u.id not in gone)
    return units, tuple(squad.model_copy(update={"unit": kept(squad.unit)}) for squad in system.squad)


def _without(system: DutySystem, establishment: Establishment, level: Level, top: str) -> Without:
    units, squads = without_level(system, level, top)
    gone = [unit for unit in system.unit if unit.level == level and unit.id != top]
    below = directly_under(units, squads)
    where, widest = max(below.items(), key=lambda item: item[1], default=(top, 0))
    posts = sum(establishment.of(unit.id).total for unit in gone)
    return Without(level, len(gone), posts, layers(units), widest, name_of(system, where))


def span_findings(found: Shape, norms: Norms) -> Iterator[Finding]:
    """Yield a warning for every span that is too wide, and one note for all those between the norm and that."""
    units = N_("{count} units and squads are directly under {unit}; the norm is {norm} to one, at most {most}.")
    deputies = N_("Group them under leaders of their own, or give {unit} deputies who each lead some.")
    officers = N_("In {unit} one leader has {count} officers; the norm is {norm} to one, at most {most}.")
    leaders = N_("Name squad leaders in {unit}, or move a command post there.")
    for span in found.spans:
        for count, code, message, remedy in (
            (span.below, "span-too-wide", units, deputies),
            (span.each or 0.0, "span-of-officers-too-wide", officers, leaders),
        ):
            if count > norms.span_most:
                values: dict[str, object] = {"unit": span.name, "count": f"{count:.3g}", **_norm(norms)}
                yield Finding(code, "warning", message, remedy, Place(key=f"unit.{span.unit}"), values)
    wide = [span for span in found.spans if norms.span < max(span.below, span.each or 0.0) <= norms.span_most]
    if wide:
        message = N_("Over the norm of {norm} to one leader, but not over {most}: {units}.")
        remedy = N_("Nothing has to be done; look at them first when posts of leaders are given out.")
        said: dict[str, object] = {"units": Names(tuple(span.name for span in wide)), **_norm(norms)}
        yield Finding("span-over-norm", "note", message, remedy, Place(key=f"unit.{wide[0].unit}"), said)


def _norm(norms: Norms) -> dict[str, object]:
    return {"norm": f"{norms.span:g}", "most": f"{norms.span_most:g}"}
