"""Copies of the board: everything comes back, nothing that was changed does."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import PASSWORD
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce


def filled(force: InForce) -> str:
    """Fill the board with an account, a call and a crew sent to it; return the number of the call."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.views.account import make_account

    make_account("wang", PASSWORD, ["dispatcher"])
    call = taken(force)
    sendings.send(force, call, [proposed(force, call).going[0].order], "wang")
    return call.number


def emptied() -> None:
    """Empty the database."""
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)


def test_everything_comes_back(force: InForce, tmp_path: Path) -> None:
    """After copy, loss and return the call, its crew, the account and the whole trail are there, and the chain goes on."""
    from django.test import Client

    from qinwu.board import trail
    from qinwu.board.models import Call
    from qinwu.board.oversight.keeping import read_copy, write_copy

    number = filled(force)
    entries = write_copy(tmp_path / "copy.gz")
    emptied()
    assert not Call.objects.exists()
    assert read_copy(tmp_path / "copy.gz") == entries == trail.verify().entries
    assert Call.objects.get().sendings.count() == 1
    client = Client()
    assert client.post("/login", {"username": "wang", "password": PASSWORD}).status_code == 302
    assert number in client.get("/").content.decode()
    taken(force)
    assert trail.verify().broken_at is None


def test_a_changed_copy_is_refused(force: InForce, tmp_path: Path) -> None:
    """A copy with one letter changed, a file that is none, and a database that is not empty are refused; nothing is read."""
    from qinwu.board.models import Call
    from qinwu.board.oversight.keeping import read_copy, write_copy

    filled(force)
    path = tmp_path / "copy.gz"
    write_copy(path)
    with pytest.raises(QinwuError, match="not empty"):
        read_copy(path)
    emptied()
    text = gzip.decompress(path.read_bytes()).decode()
    path.write_bytes(gzip.compress(text.replace('"wang"', '"wong"').encode()))
    with pytest.raises(QinwuError, match="no copy"):
        read_copy(path)
    (tmp_path / "other.gz").write_bytes(b"nothing")
    with pytest.raises(QinwuError, match="no copy"):
        read_copy(tmp_path / "other.gz")
    assert not Call.objects.exists()


def test_a_broken_trail_is_not_copied(force: InForce, tmp_path: Path) -> None:
    """Where somebody changed the database by another way no copy is made, and the entry is named."""
    from qinwu.board.models import TrailEntry
    from qinwu.board.oversight.keeping import write_copy

    filled(force)
    TrailEntry.objects.filter(number=2).update(actor="nobody")
    with pytest.raises(QinwuError, match="broken at entry 2"):
        write_copy(tmp_path / "copy.gz")
    assert list(tmp_path.iterdir()) == []
