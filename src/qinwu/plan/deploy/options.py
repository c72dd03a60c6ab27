"""Options: what hours a crew could work instead, as many a week as now, none that breaks a hard rule the present pattern keeps.

Watches begin up to four hours earlier or later, all of a pattern or one of them; duties of 24 hours become two of twelve or three
of eight hours at another time of day; or the crew follows another pattern of the duty system with as many hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qinwu.duty.calendar import DAY_S, HOUR_S, OFF, seconds_of
from qinwu.duty.hours import pattern_hours
from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.system import DutySystem, Pattern, Watch
from qinwu.plan.roster.pattern_check import rules_broken_by
from qinwu.plan.roster.patterns import Pattern as Turns
from qinwu.station.config import Text

SHIFTS_H = (-4, -3, -2, -1, 1, 2, 3, 4)
PART_STARTS = ("00:00", "04:00", "06:00", "08:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00")
How = Literal["shifted", "parted", "other"]
LONG_H = 24.0


@dataclass(frozen=True)
class Option:
    """Another pattern, the watches it needs that the system does not have, and how it came about."""

    pattern: Pattern
    watches: tuple[Watch, ...]
    how: How


def options_of(system: DutySystem, pattern: Pattern, pack: Pack) -> tuple[Option, ...]:
    """Return what somebody who follows `pattern` could work instead.

    Parameters
    ----------
    system
        Whose watches and patterns there are.
    pattern
        Followed now.
    pack
        Rules that no option may break unless `pattern` does.
    """
    known = {watch.id: watch for watch in system.watch}
    hours = pattern_hours(system, pattern)
    kept = _hard(pattern, known, pack)
    found: dict[str, Option] = {}
    for option in (*_shifted(pattern, known), *_parted(pattern, known), *_others(system, pattern)):
        watches = known | {watch.id: watch for watch in option.watches}
        same = sum(watches[day].hours for day in option.pattern.days if day != OFF) / len(option.pattern.days) * 7.0
        if abs(same - hours) < 1e-9 and _hard(option.pattern, watches, pack) <= kept:
            found.setdefault(option.pattern.id, option)
    return tuple(found.values())


def _hard(pattern: Pattern, watches: dict[str, Watch], pack: Pack) -> frozenset[str]:
    """Return the hard rules that everybody breaks who follows a pattern."""
    days = tuple(watches.get(day) for day in pattern.days)
    turns = Turns(pattern.name or Text(zh=pattern.id, en=pattern.id), days, pattern.groups, pattern.step)
    return frozenset(one.rule_id for one in rules_broken_by(turns, pack) if one.hard)


def moved(watch: Watch, start_s: float, hours: float | None = None) -> Watch:
    """Return a watch that begins at another time of day, and lasts as long or so many hours; its name says when.

    >>> moved(Watch(id="day12", start="08:00", hours=12), 10 * 3600.0).id
    'day12_1000'
    """
    start_s %= DAY_S
    length = watch.hours if hours is None else hours
    clock = f"{int(start_s // HOUR_S):02d}:{round(start_s % HOUR_S / 60.0):02d}"
    end_s = (start_s + length * HOUR_S) % DAY_S
    until = f"{int(end_s // HOUR_S):02d}:{round(end_s % HOUR_S / 60.0):02d}"
    return Watch(
        id=f"{watch.id}_{clock.replace(':', '')}" if hours is None else f"part{length:g}_{clock.replace(':', '')}",
        name=Text(zh=f"{clock}—{until}班", en=f"{clock}–{until}"),
        start=clock,
        hours=length,
    )


def _shifted(pattern: Pattern, known: dict[str, Watch]) -> Iterator[Option]:
    """Yield patterns some or all of whose watches begin earlier or later; those around the clock stay, for nothing would change."""
    used = [name for name in dict.fromkeys(pattern.days) if name in known and known[name].hours < LONG_H]
    sets = [tuple(used), *((name,) for name in used)] if len(used) > 1 else [tuple(used)] if used else []
    for names in sets:
        for shift in SHIFTS_H:
            new = {name: moved(known[name], seconds_of(known[name].start) + shift * HOUR_S) for name in names}
            yield _option(pattern, [new[day].id if day in new else day for day in pattern.days], list(new.values()), "shifted")


def _parted(pattern: Pattern, known: dict[str, Watch]) -> Iterator[Option]:
    """Yield patterns whose duties of 24 hours are parted into two of twelve or three of eight, spread over the days alike."""
    duties = [day for day in pattern.days if day in known]
    if not duties or any(known[day].hours != LONG_H for day in duties):
        return
    for parts in (2, 3):
        count, length = parts * len(duties), len(pattern.days)
        if count > length:
            continue
        on = [(day + 1) * count // length > day * count // length for day in range(length)]
        for start in PART_STARTS:
            watch = moved(known[duties[0]], seconds_of(start), LONG_H / parts)
            yield _option(pattern, [watch.id if here else OFF for here in on], [watch], "parted")


def _others(system: DutySystem, pattern: Pattern) -> Iterator[Option]:
    """Yield the other patterns of the system."""
    yield from (Option(other, (), "other") for other in system.pattern if other.id != pattern.id)


def _option(pattern: Pattern, days: Sequence[str], watches: Sequence[Watch], how: How) -> Option:
    clocks = "_".join(watch.id for watch in watches)
    name = Text(
        zh="、".join(watch.name.zh for watch in watches if watch.name),
        en=", ".join(watch.name.in_language("en") for watch in watches if watch.name),
    )
    groups = min(pattern.groups, _phases(days, pattern.step))
    made = Pattern(id=f"{pattern.id}_{clocks}", name=name, days=tuple(days), groups=groups, step=pattern.step)
    return Option(made, tuple(watches), how)


def _phases(days: Sequence[str], step: int) -> int:
    """Return how many groups can follow a pattern without two of them having the same days."""
    turns = [tuple(days[(at + group * step) % len(days)] for at in range(len(days))) for group in range(len(days))]
    return next((group for group in range(1, len(turns)) if turns[group] in turns[:group]), len(turns))
