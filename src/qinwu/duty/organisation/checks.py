"""Checks: what makes a chart unusable. All of it is told at once; what is merely doubtful is the audit's business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qinwu.duty.organisation.tree import circles, home_of
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.staffing import posted
from qinwu.duty.stations import STATION
from qinwu.duty.system import DutySystem
from qinwu.duty.units import POSTS
from qinwu.findings import Finding, Place, Words, did_you_mean
from qinwu.language import N_
from qinwu.station.config import Text
from qinwu.station.force import Force

KINDS = {
    "command": N_("command posts"),
    "administration": N_("desk posts"),
    "front_line": N_("front-line posts"),
    "specialist": N_("specialist posts"),
}
"""What posts are called, by what they are for."""


def chart_findings(loaded: LoadedSystem, force: Force | None = None) -> Iterator[Finding]:
    """Yield every error of a chart: no units, no root or several, unknown names, circles, posts that are not the officers."""
    if not loaded.system.unit:
        message, remedy = N_("There is no unit in this chart."), N_("Add a [[unit]] table, or a row, for each unit.")
        yield Finding("no-units", "error", message, remedy, Place(loaded.files[-1] if loaded.files else ""))
        return
    for check in (one_root, parents_exist, units_exist, chart_names_exist):
        yield from check(loaded)
    if force is not None:
        yield from posts_are_the_officers(loaded, force)


def one_root(loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error where the tree has no root or several (M4)."""
    units = loaded.system.unit
    roots = [unit.id for unit in units if not unit.parent]
    if units and len(roots) != 1:
        message = (
            N_("The organisation has no top: every unit has a parent.")
            if not roots
            else N_("Several units have no parent: {units}.")
        )
        remedy = N_("Give every unit but one the unit above it as parent.")
        yield Finding("not-one-root", "error", message, remedy, loaded.place("unit"), {"units": ", ".join(roots)})


def parents_exist(loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for parents that do not exist, and for circles of command (M4: no cycles)."""
    known = [unit.id for unit in loaded.system.unit]
    for unit in loaded.system.unit:
        if unit.parent and unit.parent not in known:
            yield unknown_unit(unit.parent, known, ("unit", unit.id, "parent"), loaded)
    for circle in circles(loaded.system.unit):
        message, remedy = N_("These units are each above the other: {units}."), N_("Give one of them a parent outside the circle.")
        place = loaded.place("unit", circle[0], "parent")
        yield Finding("units-in-a-circle", "error", message, remedy, place, {"units": " → ".join([*circle, circle[0]])})


def units_exist(loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for squads and beats of units that do not exist (M4)."""
    known = known_units(loaded.system)
    for table, items in (("squad", loaded.system.squad), ("beat", loaded.system.beat)):
        for item in items:
            if item.unit not in known:
                yield unknown_unit(item.unit, known, (table, item.id, "unit"), loaded)


def chart_names_exist(loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for ties, duties, indicators and loads that name what does not exist (M16, M47, M62)."""
    system, known = loaded.system, known_units(loaded.system)
    for unit in system.unit:
        for number, tie in enumerate(unit.ties):
            if tie.unit not in known:
                yield unknown_unit(tie.unit, known, ("unit", unit.id, "ties", number, "unit"), loaded)
    yield from _unknown_duties(loaded)
    for each in system.accountability:
        if each.unit not in known:
            yield unknown_unit(each.unit, known, ("accountability", each.id, "unit"), loaded)
        both = [*known, *(squad.id for squad in system.squad)]
        for need in each.needs:
            if need not in both:
                yield unknown_unit(need, both, ("accountability", each.id, "needs"), loaded)
    for load in system.load:
        if load.unit not in known:
            yield unknown_unit(load.unit, known, ("load", load.id, "unit"), loaded)


def _unknown_duties(loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for duties a unit owns that the ``[[duty]]`` tables do not have, where there are any."""
    duties = [duty.id for duty in loaded.system.duty]
    for unit in loaded.system.unit:
        for duty in unit.duties:
            if duties and duty not in duties:
                guess = did_you_mean(duty, duties)
                remedy = N_("Did you mean {guess}?") if guess else N_("Add a [[duty]] with this id.")
                values = {"duty": duty, "guess": guess}
                place = loaded.place("unit", unit.id, "duties")
                yield Finding("unknown-duty", "error", N_("There is no duty {duty}."), remedy, place, values)


def posts_are_the_officers(loaded: LoadedSystem, force: Force) -> Iterator[Finding]:
    """Yield an error for every unit and kind of post where the chart and the officers file differ.

    Sworn officers count, as the duty system posts them. Where no officer says which unit is his, the chart is compared as a whole.
    """
    system = loaded.system
    sworn = [officer for officer in posted(force, system) if officer.kind == "sworn"]
    if not sworn or not any(unit.posts.total for unit in system.unit):
        return
    known, by_unit = known_units(system), any(officer.unit for officer in sworn)
    for name in dict.fromkeys(officer.unit for officer in sworn if officer.unit and officer.unit not in known):
        yield unknown_unit(name, known, ("officers",), loaded)
    home = home_of(system.unit)
    there = Counter((officer.unit or home if by_unit else "", officer.post) for officer in sworn)
    for unit in system.unit if by_unit else ():
        for kind in POSTS:
            yield from _differs(loaded, unit.id, unit.name, kind, getattr(unit.posts, kind), there[unit.id, kind])
    for kind in POSTS if not by_unit else ():
        posts = sum(getattr(unit.posts, kind) for unit in system.unit)
        yield from _differs(loaded, "", system.name, kind, posts, there["", kind])


def _differs(loaded: LoadedSystem, unit: str, name: Text, kind: str, posts: int, officers: int) -> Iterator[Finding]:
    if posts != officers:
        message = N_("{unit} has {posts} {kind} in the chart but {officers} such officers in the officers file.")
        remedy = N_("Correct the posts, or the unit and post of the officers; a vacancy is no officer and no post here.")
        values = {"unit": name, "posts": posts, "kind": Words(KINDS[kind]), "officers": officers}
        place = loaded.place("unit", unit, "posts", kind) if unit else loaded.place("unit")
        yield Finding("posts-do-not-add-up", "error", message, remedy, place, values)


def known_units(system: DutySystem) -> list[str]:
    """Return the ids that may stand for a unit: ``station`` need not be described."""
    return list(dict.fromkeys([STATION, *(unit.id for unit in system.unit)]))


def unknown_unit(unit: str, known: Sequence[str], path: tuple[str | int, ...], loaded: LoadedSystem) -> Finding:
    """Return the finding for a unit that the chart does not have."""
    guess = did_you_mean(unit, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Add a [[unit]] with this id.")
    values = {"unit": unit, "guess": guess}
    return Finding("unknown-unit", "error", N_("There is no unit {unit}."), remedy, loaded.place(*path), values)
