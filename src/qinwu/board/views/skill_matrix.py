"""Skill matrix: officers by skills, with what holds, lapses soon, has lapsed or is to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from qinwu.board.in_force import InForce
from qinwu.board.models import Skill
from qinwu.board.roster import skills
from qinwu.duty.staffing import posted


@dataclass(frozen=True, slots=True)
class Cell:
    """One skill of one officer: ``held``, ``soon`` (lapses within 60 days), ``lapsed``, ``to_come`` or ``none``; until when."""

    state: str
    until: str
    line: Skill | None
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One officer in the matrix."""

    officer: str
    kind: str
    crews: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def idle(self) -> bool:
        """Whether the officer is in no crew and has no skill."""
        return not self.crews and all(cell.state == "none" for cell in self.cells)


def matrix(force: InForce, names: list[str], may: Mapping[str, frozenset[str]], day: date) -> Iterator[Row]:
    """Yield the rows of the matrix: officers of the file in its order, those in crews first.

    Parameters
    ----------
    force
        The duty system in force.
    names
        The skills, one a column.
    may
        What each officer may do on the day.
    day
        The day.
    """
    records: dict[tuple[str, str], list[Skill]] = {}
    for line in Skill.objects.order_by("since"):
        records.setdefault((line.officer, line.skill), []).append(line)
    crews: dict[str, list[str]] = {}
    for label in force.plan.crews:
        for officer in label.officers:
            crews.setdefault(officer, []).append(label.id)
    people = sorted(posted(force.station.force, force.loaded.system), key=lambda one: one.id not in crews)
    for one in people:
        cells = tuple(_cell(records.get((one.id, name), []), name in may[one.id], day) for name in names)
        yield Row(one.id, one.kind, tuple(crews.get(one.id, ())), cells)


def _cell(lines: list[Skill], held: bool, day: date) -> Cell:
    if not lines:
        return Cell("held" if held else "none", "", None, "")
    holding = [one for one in lines if one.since <= day and (one.until is None or one.until >= day)]
    line = max(holding, key=lambda one: one.until or date.max) if holding else lines[-1]
    until = line.until.isoformat() if line.until else ""
    title = f"{line.since}–{until} {line.certificate}"
    if not holding:
        return Cell("to_come" if line.since > day else "lapsed", line.since.isoformat() if line.since > day else until, line, title)
    soon = line.until is not None and line.until <= day + timedelta(days=skills.SOON_DAYS)
    return Cell("soon" if soon else "held", until, line, title)
