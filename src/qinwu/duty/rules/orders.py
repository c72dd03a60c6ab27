"""Order rules: each is reached, and its tiers can mean somebody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from qinwu.duty.order import PRIORITIES, fits
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.venues import functional
from qinwu.duty.stations import Stations
from qinwu.duty.system import Order
from qinwu.findings import Finding, Severity
from qinwu.language import N_
from qinwu.station.config import CallClass
from qinwu.station.station import Station

Calls = list[tuple[CallClass, int]]


def every_order_is_reached(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for order rules that earlier ones leave no calls, a note for those that fit no calls (M53)."""
    left: Calls = list(product(station.config.call_class, PRIORITIES))
    everything = list(left)
    for order in loaded.system.dispatch.order:
        if not _fitting(order, everything):
            message, remedy = N_("No calls of this station fit the order rule {order}."), N_("It does no harm.")
            yield Finding(
                "order-without-calls", "note", message, remedy, loaded.place("dispatch", "order", order.id), {"order": order.id}
            )
        elif not _fitting(order, left):
            message = N_("The order rule {order} is never used: earlier rules take all its calls.")
            remedy = N_("Put it before them, or narrow their filters.")
            place = loaded.place("dispatch", "order", order.id)
            yield Finding("order-never-used", "warning", message, remedy, place, {"order": order.id})
        left = [call for call in left if call not in _fitting(order, left)]


def _fitting(order: Order, calls: Calls) -> Calls:
    return [(one, priority) for one, priority in calls if fits(order.calls, one, priority)]


def tiers_can_mean_somebody(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a finding for every tier whose word needs something that the system does not have (M3, M5, M7)."""
    system = loaded.system
    missing = {
        "partner": (not system.pair, N_("The tier {who} means nobody: there are no pairs."), N_("Add [[pair]] tables.")),
        "sector": (not system.sector, N_("The tier {who} means nobody: there are no sectors."), N_("Add [[sector]] tables.")),
        "sergeant": (not system.sector, N_("The tier {who} means nobody: there are no sectors."), N_("Add [[sector]] tables.")),
        "specialist": (
            not functional(system),
            N_("The tier {who} means nobody: there are no functional beats."),
            N_('Add a [[beat]] with kind = "functional".'),
        ),
        "neighbour": (
            not station.config.neighbour and not Stations.of(system).several,
            N_("The tier {who} means nobody: station.toml names no neighbours."),
            N_("Add [[neighbour]] tables to station.toml, if neighbours lend crews."),
        ),
    }
    for order in system.dispatch.order:
        for part, tiers in (("tiers", order.tiers), ("support", order.support)):
            for number, tier in enumerate(tiers):
                lacking, message, remedy = missing.get(tier.who, (False, "", ""))
                if lacking:
                    severity: Severity = "note" if tier.who == "neighbour" else "warning"
                    place = loaded.place("dispatch", "order", order.id, part, number, "who")
                    yield Finding("tier-means-nobody", severity, message, remedy, place, {"who": tier.who})
