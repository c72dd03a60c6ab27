"""Rounds planned: dated visits, tours, patrol stops, and what they mean for officers, beats and venues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.plan.proof import Proof
from qinwu.plan.rounds.aims import Aims
from qinwu.plan.rounds.due import DueVisit, Overdue
from qinwu.plan.rounds.hot_places import HotPlaces
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.patrol import PatrolRound, Regularity
from qinwu.plan.rounds.stop_checks import StopCheck
from qinwu.plan.rounds.visits import Tour, Visit

WORK_NAMES = {
    "inspection": {"zh": "行业场所检查（月度安排）", "en": "Venue inspections (month's plan)"},
    "beat_visit": {"zh": "走访（月度安排）", "en": "Beat visits (month's plan)"},
}


@dataclass(frozen=True, slots=True)
class Load:
    """One officer's month.

    Parameters
    ----------
    officer
        Id.
    role
        ``specialist``, ``beat`` (accountable for a geographic beat) or ``other``.
    free_h
        Hours that calls and set work are expected to leave.
    inspection_h, beat_visit_h
        Hours of visits of each kind, the way to them included.
    abroad_h
        Of the inspections, hours outside the own beat, the way left out.
    asked_h
        Hours of beat visits that the duty system or the aims ask for.
    own_h
        Hours of the inspections due at venues of the own beat, the way left out: what a beat officer would give at least if there
        were neither specialist nor draw.
    """

    officer: str
    role: str
    free_h: float
    inspection_h: float
    beat_visit_h: float
    abroad_h: float
    asked_h: float
    own_h: float

    @property
    def planned_h(self) -> float:
        """Hours planned."""
        return self.inspection_h + self.beat_visit_h


@dataclass(frozen=True, slots=True)
class Contact:
    """One beat's contact with residents (M19).

    Parameters
    ----------
    beat, officer
        Ids.
    residents
        How many live there.
    inspection_h, beat_visit_h
        Officer-hours at venues and with residents in it.
    venues, inspections
        Venues in it, and inspections made.
    atoms, atoms_visited
        Atoms in it, and those with a visit.
    """

    beat: str
    officer: str
    residents: float
    inspection_h: float
    beat_visit_h: float
    venues: int
    inspections: int
    atoms: int
    atoms_visited: int

    @property
    def hours_per_1000(self) -> float:
        """Contact hours for each thousand residents, nan where nobody is counted."""
        hours = self.inspection_h + self.beat_visit_h
        return 1000.0 * hours / self.residents if self.residents > 0.0 else float("nan")


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn by lot, so that anybody can draw it again.

    Parameters
    ----------
    seed
        Of every lot.
    mode
        ``double``, ``officers`` or ``none``.
    venues
        Venues that only the lot chose.
    teams
        How many different teams were drawn.
    free_s
        Seconds of travel and delay if routes, not the lot, said which team inspects which venue; nan where nobody looked.
    """

    seed: int
    mode: str
    venues: tuple[str, ...]
    teams: int
    free_s: float


@dataclass(frozen=True, slots=True)
class Revisit:
    """How often venues of a grade are seen: interval asked for, venues, visits, and mean and longest days between visits."""

    grade: str
    interval_days: float
    venues: int
    visits: int
    mean_days: float
    longest_days: float


@dataclass(frozen=True)
class Rounds:
    """A month's rounds.

    Parameters
    ----------
    month, aims
        What was planned, by which rules.
    tours
        Inspections and beat visits, in order of time.
    left_out
        Due visits for which no outing was found.
    overdue
        What was overdue when the month began.
    patrols
        Patrol rounds, in order of time; seconds count from 00:00 of the first day.
    hot
        Places patrols stop at; None without calls or patrols.
    regularity
        How regular the stops look.
    seen
        Chance that somebody who stays at a hot place sees a patrol there, by atom.
    loads, contacts, revisits
        By officer, beat and grade.
    draw
        What was drawn.
    beat_of_atom
        Geographic beat of each atom, by id.
    crews
        Ids of the crews that patrol stops number.
    kept
        Ids of visits taken over from an earlier plan.
    proof
        How good the routes are.
    findings
        What did not work out.
    stop_check
        What the patrol stops are, looked at afresh; None without any.
    drawn
        Places of patrol stops that a forecast drew by lot, by position.
    """

    month: Month
    aims: Aims
    tours: tuple[Tour, ...]
    left_out: tuple[DueVisit, ...]
    overdue: tuple[Overdue, ...]
    patrols: tuple[PatrolRound, ...]
    hot: HotPlaces | None
    regularity: Regularity | None
    seen: Mapping[str, float]
    loads: tuple[Load, ...]
    contacts: tuple[Contact, ...]
    revisits: tuple[Revisit, ...]
    draw: Draw
    beat_of_atom: Mapping[str, str]
    crews: tuple[str, ...]
    kept: frozenset[str]
    proof: Proof
    findings: tuple[Finding, ...]
    stop_check: StopCheck | None = None
    drawn: frozenset[int] = frozenset()

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """All visits in order of time."""
        return tuple(sorted((visit for tour in self.tours for visit in tour.visits), key=lambda one: (one.start, one.officers)))

    @property
    def inspections(self) -> tuple[Visit, ...]:
        """The inspections."""
        return tuple(visit for visit in self.visits if visit.kind == "inspection")

    @property
    def beat_visits(self) -> tuple[Visit, ...]:
        """The beat visits."""
        return tuple(visit for visit in self.visits if visit.kind == "beat_visit")

    @property
    def travel_s(self) -> float:
        """Seconds of travel of all tours."""
        return sum(tour.travel_s for tour in self.tours)

    def on(self, day: date) -> tuple[Tour, ...]:
        """Return the tours of a day."""
        return tuple(tour for tour in self.tours if tour.day == day)

    def part(self, system: DutySystem | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return the hours planned as ``[[work]]`` of a duty file, by officer; what `system` says of such work is taken away."""
        old = [work.id for work in (system.work if system else ()) if work.kind in WORK_NAMES]
        items: list[dict[str, Any]] = [{"id": name, "remove": True} for name in old]
        for load in self.loads:
            for kind, hours in (("inspection", load.inspection_h), ("beat_visit", load.beat_visit_h)):
                if hours > 0.0:
                    items.append(
                        {
                            "id": f"{kind}_{load.officer}",
                            "name": WORK_NAMES[kind],
                            "kind": kind,
                            "who": f"officer:{load.officer}",
                            "hours_per_week": round(hours / self.month.weeks, 2),
                            "where": "away" if kind == "inspection" else "beat",
                        }
                    )
        return {"work": items}
