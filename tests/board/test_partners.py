"""Partners and auxiliaries: hard limits on who goes, calls handed to whom may lawfully take them, and the ledger of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]
REASON = "noise of a neighbour's works"


def of_auxiliaries(force: InForce, crew: str) -> InForce:
    """Return the same board with only auxiliaries in a crew."""
    label = next(one for one in force.plan.crews if one.id == crew)
    people = tuple(replace(one, kind="auxiliary") if one.id in label.officers else one for one in force.station.force)
    return replace(force, station=replace(force.station, force=replace(force.station.force, officers=people)))


def test_auxiliaries_alone_are_never_sent_to_enforcement(force: InForce) -> None:
    """The crew that would go, manned by auxiliaries only, is refused whatever the reason; nothing is kept."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Sending

    call = taken(force, call_class="affray")
    orders = [line.order for line in proposed(force, call).going]
    weaker = of_auxiliaries(force, orders[0].crew)
    with pytest.raises(QinwuError) as told:
        sendings.send(weaker, call, [replace(one, proposed=False) for one in orders], "x", reason="nobody else is near")
    assert [finding.code for finding in told.value.findings] == ["auxiliaries-only"]
    assert "enforcement" in told.value.findings[0].text("en")
    assert not Sending.objects.exists()


def test_auxiliaries_go_under_a_sworn_officer(force: InForce) -> None:
    """To a call for help they go where a sworn crew is on it or goes along, and not alone."""
    from qinwu.board.dispatch import sendings

    call = taken(force, call_class="help")
    told = proposed(force, call)
    first = told.going[0].order
    weaker = of_auxiliaries(force, first.crew)
    order = replace(first, proposed=False)
    with pytest.raises(QinwuError):
        sendings.send(weaker, call, [order], "x", reason="near")
    other = next(line.order for line in told.others if line.minutes is not None and line.crew != first.crew)
    assert len(sendings.send(weaker, call, [order, other], "x", reason="with a sworn crew")) == 2


def test_a_call_goes_to_the_partner_that_may_take_it(seat: Seat, force: InForce) -> None:
    """The page offers the service line; handed over, the call is closed and leaves the queue, with its reason in the trail."""
    from qinwu.board.models import TrailEntry

    call = taken(force, call_class="noise")
    desk = seat("dispatcher")
    assert "the 12345 service line" in desk.get(f"/calls/{call.number}").content.decode()
    form = {"partner": "service_line", "reason": REASON}
    assert desk.post(f"/calls/{call.number}/hand-over", form | {"reason": " "}).status_code == 409
    assert desk.post(f"/calls/{call.number}/hand-over", form).status_code == 302
    call.refresh_from_db()
    assert call.closed is not None
    assert TrailEntry.objects.filter(action="call.hand_over", subject=call.number).count() == 1
    assert "handed to a partner organisation" in desk.get(f"/calls/{call.number}").content.decode()
    assert desk.post(f"/calls/{call.number}/hand-over", form).status_code == 409


@pytest.mark.parametrize(
    ("call_class", "words"), [("affray", "Enforcement is for sworn officers"), ("traffic", "for the police by law")]
)
def test_what_is_for_the_police_stays_with_them(seat: Seat, force: InForce, call_class: str, words: str) -> None:
    """No partner is offered, the limit is said, and a form sent all the same is refused."""
    call = taken(force, call_class=call_class)
    desk = seat("dispatcher")
    page = desk.get(f"/calls/{call.number}").content.decode()
    assert words in page
    assert "/hand-over" not in page
    refused = desk.post(f"/calls/{call.number}/hand-over", {"partner": "service_line", "reason": REASON})
    assert refused.status_code == 409
    call.refresh_from_db()
    assert call.closed is None


def test_a_call_with_a_crew_on_it_is_not_handed_over(force: InForce) -> None:
    """Somebody is on the way: the crew is stamped free first. An unknown partner is told as well."""
    from qinwu.board.dispatch import partners, sendings

    call = taken(force, call_class="noise")
    sendings.send(force, call, [proposed(force, call).going[0].order], "x")
    with pytest.raises(QinwuError) as told:
        partners.hand_over(force, call, "guards", REASON, "x")
    assert {finding.code for finding in told.value.findings} == {"crew-on-call", "unknown-partner"}


def test_the_ledger_counts_what_partners_took_and_might_have(seat: Seat, force: InForce) -> None:
    """Two handed over, one of the same class answered by the police: the page of oversight says so."""
    from qinwu.board.dispatch import partners
    from qinwu.board.models import Call

    for _ in range(2):
        partners.hand_over(force, taken(force, call_class="noise"), "service_line", REASON, "x")
    kept = taken(force, call_class="noise")
    Call.objects.filter(pk=kept.pk).update(closed=START, result="handled")
    found = partners.ledger(force, START - timedelta(days=1), "en")
    assert (found.handed, found.possible, found.count) == ((("the 12345 service line", 2),), 1, 2)
    assert partners.ledger(force, START + timedelta(days=1), "en").count == 0
    page = seat("inspector").get("/oversight").content.decode()
    assert "2 calls went to partner organisations; 1 more that one of them may take" in page
