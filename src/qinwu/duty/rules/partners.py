"""Partners: no call is handed to them that only the police may take."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.capability import LIMITS, partner_limit
from qinwu.duty.order import fits
from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding, Severity, Words
from qinwu.language import N_
from qinwu.station.station import Station


def partners_take_what_they_may(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every hand-off that fits calls of enforcement, a warning for other calls that are for the police (M23)."""
    for number, rule in enumerate(loaded.system.dispatch.hand_off):
        for one in station.config.call_class:
            limit = partner_limit(one, one.priority) if fits(rule.calls, one, one.priority) else None
            if limit is None:
                continue
            message = N_("{to} is handed calls of the class {call_class}. {limit}")
            remedy = N_("Name in its calls only kinds and classes that need no police.")
            values = {"to": rule.to, "call_class": one.name, "limit": Words(LIMITS[limit])}
            place = loaded.place("dispatch", "hand_off", number, "calls")
            severity: Severity = "error" if limit == "enforcement" else "warning"
            yield Finding("handed-to-partner-unlawfully", severity, message, remedy, place, values)
