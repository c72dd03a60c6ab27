"""Addresses of all pages; each module of views names its own."""

from __future__ import annotations

from django.urls import path

from qinwu.board.api import api
from qinwu.board.views import (
    account,
    administration,
    beat,
    board,
    bulletins,
    calendars,
    calls,
    campaigns,
    comparing,
    counter,
    crews,
    events,
    inspection,
    line,
    machine,
    maps,
    opened,
    oversight,
    partners,
    places,
    responsibilities,
    rooms,
    scores,
    sectors,
    stages,
    swaps,
    systems,
    tables,
    taking,
    tasks,
    today,
)

urlpatterns = [
    *board.ADDRESSES,
    *taking.ADDRESSES,
    *calls.ADDRESSES,
    *partners.ADDRESSES,
    *places.ADDRESSES,
    *bulletins.ADDRESSES,
    *events.ADDRESSES,
    *today.ADDRESSES,
    *swaps.ADDRESSES,
    *line.ADDRESSES,
    *campaigns.ADDRESSES,
    *crews.ADDRESSES,
    *rooms.ADDRESSES,
    *beat.ADDRESSES,
    *tasks.ADDRESSES,
    *counter.ADDRESSES,
    *scores.ADDRESSES,
    *sectors.ADDRESSES,
    *calendars.ADDRESSES,
    *maps.ADDRESSES,
    *systems.ADDRESSES,
    *comparing.ADDRESSES,
    *inspection.ADDRESSES,
    *oversight.ADDRESSES,
    *stages.ADDRESSES,
    *opened.ADDRESSES,
    *tables.ADDRESSES,
    *responsibilities.ADDRESSES,
    *administration.ADDRESSES,
    *account.ADDRESSES,
    *machine.ADDRESSES,
    path("api/", api.urls),
]
handler400 = "qinwu.board.troubles.unreadable"
handler403 = "qinwu.board.troubles.forbidden"
handler404 = "qinwu.board.troubles.not_found"
handler500 = "qinwu.board.troubles.failed"
