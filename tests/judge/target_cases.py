"""Cards and a small station for tests of targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qinwu.duty.system import DutySystem
from qinwu.judge.targets.card import Card
from qinwu.station.station import Station
from tests.stations import calls, six_atom_system, six_atoms

DAY = 24.0
AIMS = ("few_crimes", "good_order", "stability", "satisfied")
SYSTEM = six_atom_system()


def station(rows: Sequence[tuple[float, str, str]], folder: Path | None = None) -> Station:
    """Return the six atoms with calls given as (days after Monday 2024-01-01, class, atom)."""
    hourly = calls([(day * DAY, call_class, atom) for day, call_class, atom in rows])
    return replace(six_atoms(), calls=hourly, folder=folder or Path("small"))


def spread(days: int, every: float = 0.5) -> list[tuple[float, str, str]]:
    """Return calls of every class and atom in turn, from day 0 to the last of `days`."""
    classes, atoms = ("robbery", "theft", "dispute", "help", "hotel"), ("a1", "a2", "a3", "a4", "a5", "a6")
    count = int((days - 0.01) / every) + 1
    return [(at * every, classes[at % 5], atoms[(at * 7 // 3) % 6]) for at in range(count)]


def indicator(ident: str = "calls", /, **changes: Any) -> dict[str, Any]:
    """Return an indicator as a card writes it: calls of a beat in a month, shown only."""
    usual = {
        "id": ident,
        "aim": "few_crimes",
        "name": {"zh": "警情", "en": "Calls"},
        "formula": {"table": "calls"},
        "unit": {"zh": "起", "en": "calls"},
        "level": "beat",
        "kind": "reference",
        "source": {"zh": "试"},
    }
    return {**usual, **changes}


def card(*indicators: dict[str, Any], **more: Any) -> Card:
    """Return a card with these indicators, and one shown only for each aim that is missing."""
    return Card.model_validate(written(*indicators, **more))


def written(*indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a card as plain data, as TOML would give it."""
    there = {one["aim"] for one in indicators}
    rest = [indicator(f"shown_{aim}", aim=aim) for aim in AIMS if aim not in there]
    return {"name": {"zh": "卡"}, "indicator": [*indicators, *rest], **more}


def system(**changes: Any) -> DutySystem:
    """Return the duty system of the six atoms with other tables."""
    return DutySystem.model_validate({**SYSTEM.model_dump(), **changes})
