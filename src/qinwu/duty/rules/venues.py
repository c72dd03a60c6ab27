"""Venues 特种行业: where there are functional beats, every venue is in exactly one."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.staffing import listed
from qinwu.duty.system import Beat, DutySystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station
from qinwu.station.venues import Venue


def functional(system: DutySystem) -> list[Beat]:
    """Return the functional beats."""
    return [beat for beat in system.beat if beat.kind == "functional"]


def owns(beat: Beat, venue: Venue) -> bool:
    """Return whether a functional beat owns a venue: of its kinds (any where it lists none), in its atoms (anywhere likewise)."""
    return (not beat.venue_kinds or venue.kind in beat.venue_kinds) and (not beat.atoms or venue.atom in beat.atoms)


def every_venue_has_one_owner(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for venues without owner and with several (M7: each venue has exactly one owner)."""
    beats = functional(loaded.system)
    owners = {venue.id: [beat.id for beat in beats if owns(beat, venue)] for venue in station.venues} if beats else {}
    orphans = [venue for venue, names in owners.items() if not names]
    if orphans:
        message, remedy = (
            N_("{count} venues are in no functional beat: {venues}."),
            N_("Add their kinds to venue_kinds of one beat."),
        )
        values = {"count": len(orphans), "venues": listed(orphans)}
        yield Finding("venue-without-owner", "error", message, remedy, loaded.place("beat", beats[0].id), values)
    for names in dict.fromkeys(tuple(names) for names in owners.values() if len(names) > 1):
        venues = [venue for venue, owning in owners.items() if tuple(owning) == names]
        message, remedy = N_("{count} venues are in several functional beats ({beats}): {venues}."), N_("Leave them to one beat.")
        values = {"count": len(venues), "beats": ", ".join(names), "venues": listed(venues)}
        yield Finding("venue-with-two-owners", "error", message, remedy, loaded.place("beat", names[-1]), values)


def functional_beats_have_officers(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every functional beat that names nobody and for which no specialist is drawn (M7)."""
    drawn = any(rule.form == "specialist" for rule in loaded.system.crews)
    message = N_("Nobody answers for the functional beat {beat}.")
    remedy = N_("Name its officer, or add crews of form specialist.")
    for beat in functional(loaded.system):
        if not beat.officer and not beat.assignments and not drawn:
            yield Finding("beat-without-officer", "error", message, remedy, loaded.place("beat", beat.id), {"beat": beat.id})
