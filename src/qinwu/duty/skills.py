"""Skills: what an officer may do on a day, what lapses soon, and who of a group of crews qualifies for what calls (M21)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qinwu.duty.response_plan import CrewLabel
from qinwu.station.config import CallClass
from qinwu.station.force import Force


@dataclass(frozen=True, slots=True)
class Certificate:
    """A line of the training record: `skill` of an officer holds from `since` to `until`, both included; None for no end."""

    officer: str
    skill: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether it holds on a day.

        >>> Certificate("P01", "driver", date(2026, 1, 1), date(2026, 1, 31)).holds(date(2026, 1, 31))
        True
        """
        return self.since <= day and (self.until is None or day <= self.until)


def held_on(force: Force, certificates: Iterable[Certificate], day: date) -> dict[str, frozenset[str]]:
    """Return what each officer of a force may do on a day.

    Parameters
    ----------
    force
        The officers as the duty system posts them.
    certificates
        The training record. Where it has a line for an officer and a skill, the record decides; for skills without one the
        officers file does.
    day
        The day.

    Examples
    --------
    >>> from qinwu.station.force import Officer
    >>> force = Force((Officer("P01", "sworn", skills=frozenset({"driver", "mediation"})),))
    >>> lapsed = Certificate("P01", "driver", date(2025, 1, 1), date(2025, 12, 31))
    >>> held_on(force, [lapsed], date(2026, 3, 1))
    {'P01': frozenset({'mediation'})}
    """
    own: dict[str, list[Certificate]] = {officer.id: [] for officer in force}
    for one in certificates:
        if one.officer in own:
            own[one.officer].append(one)
    return {
        officer.id: (officer.skills - {one.skill for one in own[officer.id]})
        | {one.skill for one in own[officer.id] if one.holds(day)}
        for officer in force
    }


def mask_of(names: Sequence[str], skills: Collection[str]) -> int:
    """Return some skills as the bit mask of a response plan whose bits have these names; skills it does not know are left out.

    >>> mask_of(("driver", "mediation", "venue"), {"venue", "driver", "swimming"})
    5
    """
    return sum(1 << bit for bit, name in enumerate(names) if name in skills)


def lapsing(certificates: Iterable[Certificate], day: date, days: int) -> list[Certificate]:
    """Return what ends within so many days from `day` and is not renewed by another line, what ends first in front.

    >>> first = Certificate("P01", "driver", date(2025, 1, 1), date(2026, 3, 20))
    >>> lapsing([first, Certificate("P01", "driver", date(2026, 3, 21))], date(2026, 3, 1), 60)
    []
    """
    lines = list(certificates)
    soon = [one for one in lines if one.until is not None and one.holds(day) and one.until <= day + timedelta(days=days)]
    kept = [one for one in soon if not any(_renews(other, one) for other in lines)]
    return sorted(kept, key=lambda one: (one.until or date.max, one.officer, one.skill))


def _renews(other: Certificate, one: Certificate) -> bool:
    if (other.officer, other.skill) != (one.officer, one.skill) or one.until is None:
        return False
    return other.since <= one.until + timedelta(days=1) and (other.until is None or other.until > one.until)


@dataclass(frozen=True, slots=True)
class Qualified:
    """Who of one group of crews may go first to one class of calls.

    Parameters
    ----------
    group
        Id of the ``[[crews]]`` table.
    call_class, skills
        The class, and every skill that the first crew must have.
    officers
        Those who have all of them alone.
    of
        How many officers the group has.
    crews, of_crews
        Crews whose members have them together, and how many crews the group has.
    """

    group: str
    call_class: str
    skills: tuple[str, ...]
    officers: tuple[str, ...]
    of: int
    crews: tuple[str, ...]
    of_crews: int


def qualified(labels: Iterable[CrewLabel], classes: Iterable[CallClass], held: Mapping[str, frozenset[str]]) -> Iterator[Qualified]:
    """Yield, for each class of calls that asks for skills and each group of crews, who qualifies.

    Parameters
    ----------
    labels
        The crews; those without named officers are left out.
    classes
        The station's classes of calls.
    held
        What each officer may do.
    """
    groups: dict[str, list[CrewLabel]] = {}
    for label in labels:
        if label.officers:
            groups.setdefault(label.rule, []).append(label)
    for one in classes:
        asked = frozenset(one.skills)
        for group, crews in groups.items() if asked else ():
            officers = dict.fromkeys(officer for crew in crews for officer in crew.officers)
            yield Qualified(
                group=group,
                call_class=one.id,
                skills=one.skills,
                officers=tuple(name for name in officers if asked <= held.get(name, frozenset())),
                of=len(officers),
                crews=tuple(crew.id for crew in crews if asked <= _together(crew.officers, held)),
                of_crews=len(crews),
            )


def _together(officers: Iterable[str], held: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*(held.get(officer, frozenset()) for officer in officers))
