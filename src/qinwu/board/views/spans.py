"""Spans: the days a page of figures tells of: those asked for, the last four weeks where nobody asks, and those asked for often."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest

from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.oversight.tables import Span
from qinwu.board.views.tables import span_of
from qinwu.language import N_

DAYS = 28


def asked_span(request: HttpRequest, force: InForce) -> Span:
    """Return the days asked for, the usual ones where nobody asks.

    Raises
    ------
    QinwuError
        A day cannot be read, or the span ends before it begins.
    """
    asked = {name: request.GET.get(name, "") for name in ("since", "until")}
    return span_of(asked) if any(asked.values()) else usual(force)


def usual(force: InForce) -> Span:
    """Return the last four weeks."""
    return _days(_today(force), DAYS)


def often(force: InForce, *, with_record: bool = False) -> list[tuple[str, str]]:
    """Return spans that are asked for often: what each is called, and its query.

    `with_record` adds the end of the station's record where that is older than the usual span.
    """
    today = _today(force)
    found = [(N_("the present day"), _days(today, 1)), (N_("seven days"), _days(today, 7)), (N_("four weeks"), _days(today, DAYS))]
    last = force.station.calls.table["received"].max() if with_record else None
    if isinstance(last, datetime) and (day := last.astimezone(force.zone).date()) <= today - timedelta(days=DAYS):
        found.append((N_("last four weeks of the station's record"), _days(day, DAYS)))
    return [(word, query_of(span)) for word, span in found]


def query_of(span: Span) -> str:
    """Return a span as the end of an address."""
    return urlencode({"since": span.since or "", "until": span.until or ""})


def _today(force: InForce) -> date:
    return now().astimezone(force.zone).date()


def _days(last: date, count: int) -> Span:
    return Span(last - timedelta(days=count - 1), last)
