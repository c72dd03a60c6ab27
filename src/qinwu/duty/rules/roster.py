"""Roster patterns and work: hours that are lawful and times that make sense."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.hours import pattern_hours
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.system import Pattern
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station

MOST_HOURS = 48.0
"""Hours a week beyond which a pattern is warned of: 40 by labour law, and what presets of 42 need to be spared."""


def groups_differ(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every pattern two of whose groups have the same days (M56: no gaps between groups)."""
    message = N_("Groups {groups} of pattern {pattern} are on duty on the same days.")
    remedy = N_("Give it fewer groups, or another step.")
    for pattern in loaded.system.pattern:
        same = _same_phase(pattern)
        if same:
            values = {"groups": ", ".join(str(group + 1) for group in same), "pattern": pattern.id}
            yield Finding("groups-coincide", "warning", message, remedy, loaded.place("pattern", pattern.id, "groups"), values)


def _same_phase(pattern: Pattern) -> list[int]:
    phases = [group * pattern.step % len(pattern.days) for group in range(pattern.groups)]
    return next(([first, again] for again, phase in enumerate(phases) if (first := phases.index(phase)) != again), [])


def duty_hours_are_lawful(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every pattern in use of more than 48 hours a week (M27: rest is a hard rule)."""
    message = N_("Pattern {pattern} is {hours} hours on duty a week; more than {most} need time off in lieu.")
    used = {rule.pattern for rule in loaded.system.crews}
    for pattern in loaded.system.pattern:
        hours = pattern_hours(loaded.system, pattern)
        if pattern.id in used and hours > MOST_HOURS:
            values = {"pattern": pattern.id, "hours": f"{hours:g}", "most": f"{MOST_HOURS:g}"}
            place = loaded.place("pattern", pattern.id, "days")
            yield Finding("long-hours", "warning", message, N_("Add days off."), place, values)


def work_has_its_time(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for work that says neither hours a week nor a time with minutes, or both (M12)."""
    for work in loaded.system.work:
        fixed, weekly = work.at is not None and work.minutes > 0, work.hours_per_week > 0
        place = loaded.place("work", work.id)
        if not fixed and not weekly:
            message = N_("Work {work} takes no time: it has neither hours_per_week nor at and minutes.")
            yield Finding(
                "work-without-time", "warning", message, N_("Say how long it takes, or remove it."), place, {"work": work.id}
            )
        if work.at is not None and weekly:
            message = N_("Work {work} has a clock time, so its hours_per_week do not count.")
            yield Finding("work-with-two-times", "warning", message, N_("Keep one of the two."), place, {"work": work.id})
