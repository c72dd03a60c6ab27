"""Mirrors: units that copy a section of the level above 上下对口, what they hold, and which could be one (M45)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qinwu.duty.organisation.names import names_of
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import Establishment, Ratio
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Unit
from qinwu.findings import Finding, Place
from qinwu.language import N_

SAME_FUNCTION, SAME_DUTY, SMALL = N_("the same function"), N_("a duty in common"), N_("few posts each")


@dataclass(frozen=True, slots=True)
class Merge:
    """Mirrored units under one parent that could be one: who they are, why, and their posts together."""

    units: tuple[str, ...]
    why: tuple[str, ...]
    posts: int


@dataclass(frozen=True, slots=True)
class Mirrors:
    """How much of a chart copies the level above: units of all units, posts of all posts, and what could be merged."""

    units: tuple[str, ...]
    count: Ratio
    staff: Ratio
    merges: tuple[Merge, ...]


def mirrors(system: DutySystem, establishment: Establishment, norms: Norms) -> Mirrors:
    """Return the units that copy the level above."""
    copies = [unit for unit in system.unit if unit.mirrors]
    posts = sum(establishment.of(unit.id).total for unit in copies)
    return Mirrors(
        tuple(unit.id for unit in copies),
        Ratio(len(copies), len(system.unit)),
        Ratio(posts, establishment.all.total),
        tuple(_merges(copies, establishment, norms)),
    )


def _merges(copies: Sequence[Unit], establishment: Establishment, norms: Norms) -> Iterator[Merge]:
    """Yield groups of units joined by a reason to merge, under one parent each."""
    open_ = list(copies)
    while open_:
        group, why = [open_.pop(0)], list[str]()
        for one in group:
            for other in [each for each in open_ if each.parent == one.parent]:
                reasons = list(_reasons(one, other, establishment, norms))
                if reasons:
                    open_.remove(other)
                    group.append(other)
                    why += reasons
        if len(group) > 1:
            posts = sum(establishment.of(unit.id).total for unit in group)
            yield Merge(tuple(unit.id for unit in group), tuple(dict.fromkeys(why)), posts)


def _reasons(one: Unit, other: Unit, establishment: Establishment, norms: Norms) -> Iterator[str]:
    if one.function and one.function == other.function:
        yield SAME_FUNCTION
    if set(one.duties) & set(other.duties):
        yield SAME_DUTY
    if one.belongs == other.belongs and all(0 < establishment.of(unit.id).total <= norms.small for unit in (one, other)):
        yield SMALL


def mirror_findings(found: Mirrors, system: DutySystem, norms: Norms) -> Iterator[Finding]:
    """Yield a warning where copies hold too much, and a note for each group that could be merged."""
    if found.staff.over(norms.mirrored) or found.count.over(norms.mirrored):
        message = N_("{part} of {units} units copy the level above and hold {posts} of {all} posts: {named}.")
        remedy = N_("Ask of each what it does that the county needs; merge the others.")
        values = {
            "part": found.count.part,
            "units": found.count.whole,
            "posts": found.staff.part,
            "all": found.staff.whole,
            "named": names_of(system, found.units),
        }
        yield Finding("mirrors-hold-too-much", "warning", message, remedy, Place(key="unit"), values)
    for merge in found.merges:
        message = N_("{named} copy the level above and could be one: {posts} posts together.")
        remedy = N_("Merge them under one head and keep one link upwards.")
        values = {"named": names_of(system, merge.units), "posts": merge.posts}
        yield Finding("could-be-merged", "note", message, remedy, Place(key=f"unit.{merge.units[0]}"), values)
