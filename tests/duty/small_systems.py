"""Duty systems for the tiny stations, as dictionaries to be changed before they are validated."""

from __future__ import annotations

from typing import Any

from qinwu.duty.system import DutySystem
from tests.stations import nine_atom_system

Table = dict[str, Any]


def quarters(**changes: Any) -> DutySystem:
    """Return the four-beat system of :func:`tests.stations.nine_atom_system` with some of its tables replaced."""
    return DutySystem.model_validate({**nine_atom_system().model_dump(), **changes})


def named(identity: str, **values: Any) -> Table:
    """Return a table with an id and a name."""
    return {"id": identity, "name": {"zh": identity, "en": identity}, **values}


def squad(identity: str, function: str = "patrol", **values: Any) -> Table:
    """Return a squad."""
    return named(identity, function=function, **values)


def always(*crews: Table) -> Table:
    """Return tables of a system whose crews are always on duty."""
    return {
        "watch": [{"id": "day", "start": "00:00", "hours": 24}],
        "pattern": [{"id": "always", "days": ["day"]}],
        "crews": [{"pattern": "always", **crew} for crew in crews],
    }


def order(*who: str | Table, **values: Any) -> Table:
    """Return an order rule with these tiers."""
    return {"id": "all", **values, "tiers": [{"who": one} if isinstance(one, str) else one for one in who]}
