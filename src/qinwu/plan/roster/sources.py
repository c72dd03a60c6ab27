"""Where needs come from: the duty system in force, the officers needed for stated targets, or a file of the station's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import lcm
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from qinwu.duty.calendar import seconds_of
from qinwu.duty.crews import Crew, form_crews
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem, Pattern, Watch
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.plan.roster.needs import WEEK_DAYS, Need, Needs, Post, day_numbers
from qinwu.queueing.staffing import Need as Staffed
from qinwu.station.config import Strict, Text
from qinwu.station.station import Station
from qinwu.station.toml_file import read_toml

RESPONSE = Text(zh="处警", en="Response")
FROM_SYSTEM = N_("needed: what the duty system in force always has on duty; wanted: what it has on each day of its cycle")
FROM_TARGETS = N_("the crews that the stated targets need in each watch, by closed forms and simulation")
FROM_FILE = N_("the station's own file of needs")


class NeedLine(Strict):
    """One line of a file of needs: so many officers of a squad in a watch, on some weekdays (0 is Monday)."""

    post: str
    watch: str
    people: Annotated[int, Field(ge=1, le=200)]
    wanted: Annotated[int, Field(ge=1, le=200)] | None = None
    sworn: Annotated[int, Field(ge=0, le=200)] = 1
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)] = (0, 1, 2, 3, 4, 5, 6)


class PostLine(Strict):
    """A post of a file of needs: whose squads fill it, officers in a crew, skills of which one is on duty in each watch."""

    id: str
    name: Text
    squads: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    crew: Annotated[int, Field(ge=1, le=8)] = 2
    skills: tuple[str, ...] = ()


class NeedsFile(Strict):
    """A file of needs."""

    post: tuple[PostLine, ...]
    need: tuple[NeedLine, ...]
    watch: tuple[Watch, ...] = ()


def needs_of_system(station: Station, system: DutySystem, on: date) -> Needs:
    """Return what a duty system provides: one post for each of its crews rules.

    Parameters
    ----------
    station, system
        What there is, and a duty system of it.
    on
        The day whose assignments hold.

    Raises
    ------
    QinwuError
        The system has no crews.
    """
    staffing = staff(station.force, system, on)
    crews, _ = form_crews(system, staffing, ())
    posts, needs = [], []
    for rule in system.crews:
        own = [crew for crew in crews if crew.rule == rule.id]
        found = list(_needs_of_rule(system, rule.id, own))
        if found:
            members = tuple(one.id for one in staffing.members[rule.squad])
            name = next((squad.name for squad in system.squad if squad.id == rule.squad), Text(zh=rule.id, en=rule.id))
            hours = sum(need.wanted_hours for need in found) / sum(crew.people for crew in own)
            posts.append(Post(rule.id, name, members, max(crew.people for crew in own), usual_h=hours))
            needs += found
    if not needs:
        message, remedy = N_("Duty system {system} has no crews to make a roster for."), N_("Add crews with a pattern to it.")
        raise QinwuError([Finding("no-crews", "error", message, remedy, Place(key="crews"), {"system": system.id})])
    return Needs(tuple(posts), tuple(needs), FROM_SYSTEM)


def _needs_of_rule(system: DutySystem, post: str, crews: Sequence[Crew]) -> Iterator[Need]:
    """Yield, for each watch of a rule's pattern, the least that starts in it on each weekday, and all days of the cycle."""
    patterns = {pattern.id: pattern for pattern in system.pattern}
    lines = [_line(patterns[crew.pattern], crew.group) for crew in crews if crew.pattern in patterns]
    for watch in system.watch:
        begins = np.array([[day == watch.id for day in line] for line in lines])
        if not begins.any():
            continue
        people = np.array([crew.people for crew in crews]) @ begins
        sworn = np.array([crew.sworn for crew in crews]) @ begins
        least, least_sworn = (each.reshape(-1, WEEK_DAYS).min(axis=0).astype(np.int32) for each in (people, sworn))
        yield Need(post, watch, least, least_sworn, people.astype(np.int32), sworn.astype(np.int32))


def _line(pattern: Pattern, group: int) -> list[str]:
    """Return the watch of each day of a group, over the shortest time after which weekdays and pattern repeat."""
    length = len(pattern.days)
    return [pattern.days[(day + group * pattern.step) % length] for day in range(lcm(WEEK_DAYS, length))]


def needs_of_targets(station: Station, staffed: Staffed, watches: Sequence[Watch], name: Text = RESPONSE) -> Needs:
    """Return what stated targets need: one post of the whole front line, in watches around the clock.

    Parameters
    ----------
    station
        Whose front line it is.
    staffed
        Crews by hour of the week, the same within each watch, as :class:`qinwu.plan.staffing.Staffing` has in ``by_watch``.
    watches
        The watches that `staffed` was asked for.
    name
        How the post is called.
    """
    members = tuple(one.id for one in station.force if one.post == "front_line")
    needs = []
    for watch in watches:
        start = int(seconds_of(watch.start) // 3600)
        crews = np.array([staffed.crews[(day * 24 + start) % len(staffed.crews)] for day in range(WEEK_DAYS)], dtype=np.int32)
        people = crews * staffed.people
        needs.append(Need("response", watch, people, crews, people, crews))
    return Needs((Post("response", name, members, staffed.people),), tuple(needs), FROM_TARGETS)


def needs_of_file(path: Path, station: Station, system: DutySystem, on: date) -> Needs:
    """Return the needs that a file states.

    Parameters
    ----------
    path
        TOML with ``[[post]]``, ``[[need]]`` and, where the system has not all of them, ``[[watch]]``.
    station, system, on
        Whose squads and watches it names, and as of when.

    Raises
    ------
    QinwuError
        With everything that is wrong with it.
    """
    file = read_toml(path, NeedsFile)
    squads = staff(station.force, system, on).members
    watches = {watch.id: watch for watch in (*system.watch, *file.watch)}
    posts = {post.id: post for post in file.post}
    known = station.force.by_id()
    wrong = [_unknown("watch", line.watch, watches, path) for line in file.need if line.watch not in watches]
    wrong += [_unknown("post", line.post, posts, path) for line in file.need if line.post not in posts]
    wrong += [_unknown("squad", squad, squads, path) for post in file.post for squad in post.squads if squad not in squads]
    wrong += [_unknown("officer", one, known, path) for post in file.post for one in post.officers if one not in known]
    raise_on_errors(wrong)
    filled = tuple(
        Post(
            line.id,
            line.name,
            tuple(dict.fromkeys([*(one.id for squad in line.squads for one in squads[squad]), *line.officers])),
            line.crew,
            frozenset(line.skills),
        )
        for line in file.post
    )
    return Needs(filled, tuple(_need_of(line, watches[line.watch]) for line in file.need), FROM_FILE)


def _need_of(line: NeedLine, watch: Watch) -> Need:
    on = np.isin(np.arange(WEEK_DAYS), line.weekdays)
    least, sworn, wanted = (
        day_numbers((on * count).tolist()) for count in (line.people, min(line.sworn, line.people), line.wanted or line.people)
    )
    return Need(line.post, watch, least, sworn, np.maximum(wanted, least), sworn)


_MESSAGES = {
    "watch": N_("There is no watch {value}."),
    "post": N_("There is no post {value}."),
    "squad": N_("There is no squad {value}."),
    "officer": N_("There is no officer {value}."),
}


def _unknown(kind: str, value: str, known: object, path: Path) -> Finding:
    names = [str(name) for name in known] if hasattr(known, "__iter__") else []
    guess = did_you_mean(value, names)
    remedy = N_("Did you mean {guess}?") if guess else N_("Known here: {known}.")
    values = {"value": value, "guess": guess, "known": ", ".join(names[:12])}
    return Finding(f"unknown-{kind}", "error", _MESSAGES[kind], remedy, Place(path.name, key=kind), values)
