"""Crews rules: what can be said of them before anybody is placed."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station

PRIORITIES = (1, 2, 3, 4)


def crews_can_have_their_sworn_officers(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for crews of auxiliaries only, and of more sworn officers than people (M23: no enforcement by auxiliaries)."""
    for rule in loaded.system.crews:
        values = {"rule": rule.id, "sworn": rule.sworn, "people": rule.people}
        place = loaded.place("crews", rule.id, "sworn")
        if rule.sworn == 0:
            message = N_("Crews {rule} may be of auxiliaries only.")
            remedy = N_("Auxiliaries act under a sworn officer: sworn must be at least 1.")
            yield Finding("crew-without-sworn-officer", "error", message, remedy, place, values)
        if rule.sworn > rule.people:
            message = N_("Crews {rule} of {people} cannot have {sworn} sworn officers.")
            yield Finding("more-sworn-than-people", "error", message, N_("Lower sworn or raise people."), place, values)


def every_priority_has_crews(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every priority whose calls no crew may go to (M56: no gaps)."""
    message, remedy = N_("No crews go to calls of priority {priority}."), N_("Add it to priorities of some crews.")
    for priority in PRIORITIES:
        if not any(priority in rule.priorities for rule in loaded.system.crews):
            yield Finding("priority-without-crews", "error", message, remedy, loaded.place("crews"), {"priority": priority})
