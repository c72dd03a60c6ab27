"""Control: whether who answers for an indicator can order what moves it (M62), and how many each officer answers for (M48)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.organisation.command import commands
from qinwu.judge.targets.card import Indicator, Level
from qinwu.judge.targets.demand import SQUAD
from qinwu.judge.targets.measuring import Ledger

OWN = "own"
"""What an indicator says in ``needs`` that its owner's own work moves alone."""
DISPATCHED = ("response_s", "dispatch_s", "travel_s", "in_time")
"""Columns of calls that depend on which crew is sent."""


@dataclass(frozen=True, slots=True)
class Control:
    """What it takes to move an indicator of one owner, and which of that the owner cannot order."""

    indicator: str
    owner: str
    needs: tuple[str, ...]
    beyond: tuple[str, ...]

    @property
    def accountable(self) -> bool:
        """Whether the owner commands everything it takes."""
        return not self.beyond


@dataclass(frozen=True, slots=True)
class Answers:
    """Which indicators one officer answers for: those that count, and those only shown."""

    officer: str
    counting: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many in all."""
        return len(self.counting) + len(self.shown)


def needs_of(indicator: Indicator, ledger: Ledger) -> tuple[str, ...]:
    """Return the units and squads that move an indicator.

    Those it names; else those the duty file names for an accountability of the same id; else, for how fast calls are answered,
    every squad that has crews, and for recurring work the squad that does it. Empty: the owner's own work.
    """
    system = ledger.standing.system
    if indicator.needs:
        return tuple(one for one in indicator.needs if one != OWN)
    declared = next((one.needs for one in system.accountability if one.id == indicator.id), ())
    if declared:
        return declared
    task = next((one for one in ledger.card.task if indicator.asks is not None and one.id == indicator.asks.task), None)
    if task is not None:
        return (task.who.removeprefix(SQUAD),) if task.who.startswith(SQUAD) else ()
    formula = indicator.formula
    if formula.table == "calls" and any(column in text for column in DISPATCHED for text in formula.expressions):
        return tuple(dict.fromkeys(crew.squad for crew in ledger.standing.crews if crew.neighbour is None))
    return ()


def controls(indicator: Indicator, ledger: Ledger) -> tuple[Control, ...]:
    """Return, for every owner of an indicator, what it takes to move it and what of that the owner cannot order."""
    needs = needs_of(indicator, ledger)
    return tuple(_control(indicator, ledger, owner, needs) for owner in ledger.owners(indicator))


def _control(indicator: Indicator, ledger: Ledger, owner: str, needs: tuple[str, ...]) -> Control:
    inside = [one for one in needs if _is_of(ledger, one, owner, indicator.level)]
    return Control(
        indicator.id, owner, tuple(inside), tuple(one for one in inside if not _orders(ledger, indicator.level, owner, one))
    )


def _is_of(ledger: Ledger, needed: str, owner: str, level: Level) -> bool:
    """Return whether a squad works where the owner answers: those of other stations of the area do not."""
    squad = next((one for one in ledger.standing.system.squad if one.id == needed), None)
    stations = ledger.standing.muster.stations
    if squad is None or level != "station" or not stations.several:
        return True
    home = stations.home(squad.unit)
    return home in (owner, *stations.above(owner)) or squad.unit in stations.above(owner)


def _orders(ledger: Ledger, level: Level, owner: str, needed: str) -> bool:
    """Return whether an owner may order a unit or squad: units by command, squads themselves, officers nobody but themselves."""
    if level == "station":
        return commands(ledger.standing.system, owner, needed)
    return level == "squad" and owner == needed


def answers(ledger: Ledger) -> tuple[Answers, ...]:
    """Return, for every officer of the station, which indicators the officer answers for.

    Indicators of an officer or a beat are the accountable officer's, those of a sector its sergeant's, of a squad or a station its
    head's (the first in command where the duty file names none).
    """
    by_officer: dict[str, list[Indicator]] = {}
    for indicator in ledger.card.indicator:
        for owner in ledger.owners(indicator):
            for officer in _answering(ledger, indicator.level, owner):
                if indicator not in by_officer.setdefault(officer, []):
                    by_officer[officer].append(indicator)
    order = [one.id for one in ledger.standing.station.force if one.id in by_officer]
    return tuple(
        Answers(
            officer,
            tuple(one.id for one in by_officer[officer] if one.counts),
            tuple(one.id for one in by_officer[officer] if not one.counts),
        )
        for officer in order
    )


def _answering(ledger: Ledger, level: Level, owner: str) -> Iterator[str]:
    standing = ledger.standing
    system = standing.system
    if level == "officer":
        yield owner
    elif level == "beat":
        yield standing.officer_of_beat(owner)
    elif level == "sector":
        yield next((one.sergeant for one in system.sector if one.id == owner), "")
    elif level == "squad":
        yield next((one.head for one in system.squad if one.id == owner), "")
    else:
        head = next((one.head for one in system.unit if one.id == owner), "")
        yield head or _in_command(ledger, owner)


def _in_command(ledger: Ledger, unit: str) -> str:
    chiefs = [one.id for one in ledger.standing.station.force if one.post == "command"]
    return next((one for one in chiefs if ledger.standing.unit_of_officer(one) == unit), "")
