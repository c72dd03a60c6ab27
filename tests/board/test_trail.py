"""The trail: a chain without gap, broken by any change that did not come through it; reading is written too."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce


def test_every_entry_is_in_its_place(force: InForce) -> None:
    """Entries count from 1 and each holds the hash of the one before."""
    from qinwu.board import trail
    from qinwu.board.models import TrailEntry

    for n in range(5):
        trail.record("tester", "note", str(n), value=n)
    assert trail.verify() == trail.Verified(6, None)
    entries = list(TrailEntry.objects.all())
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert all(one.hash == other.before for one, other in pairwise(entries))


@pytest.mark.parametrize("change", ["value", "removed", "actor"])
def test_a_change_breaks_the_chain_where_it_was_made(force: InForce, change: str) -> None:
    """A changed value, another actor, a removed entry: the first entry that no longer holds is named."""
    from qinwu.board import trail
    from qinwu.board.models import TrailEntry

    for n in range(5):
        trail.record("tester", "note", str(n), value=n)
    third = TrailEntry.objects.filter(number=4)
    if change == "removed":
        third.delete()
    else:
        third.update(**({"content": '{"value": 99}'} if change == "value" else {"actor": "somebody else"}))
    assert trail.verify().broken_at == 4


def test_what_fails_leaves_no_entry(force: InForce) -> None:
    """A call that is refused is not in the trail; one that is kept is, with its values."""
    from qinwu.board.models import TrailEntry
    from qinwu.findings import QinwuError

    with pytest.raises(QinwuError):
        taken(force, atom="nowhere")
    assert not TrailEntry.objects.filter(action="call.take").exists()
    call = taken(force)
    assert TrailEntry.objects.get(action="call.take").subject == call.number


def test_looking_is_written(seat: Callable[..., Client], force: InForce) -> None:
    """Who opens a call is in the trail, and so is the inspector who reads it; the button says that the chain holds."""
    from qinwu.board.models import TrailEntry

    call = taken(force)
    seat("officer").get(f"/calls/{call.number}")
    inspector = seat("inspector")
    assert "call.view" in inspector.get("/trail").content.decode()
    assert "every one in its place" in inspector.post("/trail/verify").content.decode()
    actions = list(TrailEntry.objects.values_list("action", flat=True))
    assert {"call.view", "trail.view", "trail.verify"} <= set(actions)
