"""Sector loads: calls of each sector as the board saw them, its sergeant beside its officers, how often it covered itself (M3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from qinwu.board.access.reach import Reach, officers_of
from qinwu.board.in_force import InForce
from qinwu.board.models import Sending
from qinwu.board.roster.duty_log import duties, systems
from qinwu.board.roster.in_crew import Book
from qinwu.duty.system import Sector
from qinwu.judge.officers.sector_load import SectorLoad, Went, sector_load


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sector of the duty system in force with its load."""

    sector: Sector
    load: SectorLoad


def sector_loads(force: InForce, reach: Reach, start: datetime, end: datetime) -> list[Loaded]:
    """Return the sectors within reach with their load between two times: the station's, or those that an officer leads.

    Who was in a crew is looked up in the duty system of the time; the sectors are those in force now.
    """
    sectors = [one for one in force.loaded.system.sector if reach.everything or one.sergeant == reach.officer]
    if not sectors:
        return []
    went, duty_h = (list(_went(force, start, end)), _duty_hours(force, start, end)) if start < end else ([], {})
    officers = officers_of(force)
    return [
        Loaded(one, sector_load(went, one.beats, one.sergeant, [officers[beat] for beat in one.beats if beat in officers], duty_h))
        for one in sectors
    ]


def _went(force: InForce, start: datetime, end: datetime) -> Iterator[Went]:
    """Yield every crew that was sent and is free again, with the officers who were in it."""
    for then, since, until in systems(force, start, end)[0]:
        book = Book.of(then, since, until)
        sent = Sending.objects.filter(dispatched__gte=since, dispatched__lt=until, over__isnull=False, call__same_as__isnull=True)
        for one in sent.select_related("call").order_by("pk"):
            crew = then.crew(one.crew)
            if one.dispatched is not None and one.over is not None and crew >= 0:
                officers = book.assigned(crew, one.dispatched)
                beat = force.standing.beat_of_atom.get(one.call.atom, "")
                yield Went(one.call.number, beat, officers, one.dispatched, one.arrived, one.over)


def _duty_hours(force: InForce, start: datetime, end: datetime) -> dict[str, float]:
    found: dict[str, float] = {}
    for duty in duties(force, start, end):
        found[duty.officer] = found.get(duty.officer, 0.0) + duty.hours
    return found
