"""Duty file: part of a duty system as a file of its own, laid over the system in force, for `compare` to try and people to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qinwu.duty.system import DutySystem

Part = Mapping[str, Sequence[Mapping[str, Any]]]
"""Tables of a duty file by name, each a list of items with an ``id``: ``beat``, ``sector``, ``pair``, ``pattern``, ``crews`` ..."""


@dataclass(frozen=True, slots=True)
class DutyFile:
    """A proposed duty system.

    Parameters
    ----------
    id
        Its id, and the name of its file.
    name
        Its name by language.
    about
        What it is, by language.
    base
        The file it is laid over, as ``extends`` names it.
    part
        What it sets: tables of items as planners give them (`Part`), and any other key of a duty file.
    remarks
        Lines written above everything: when and how it was made, and that it is a proposal.
    """

    id: str
    name: Mapping[str, str]
    about: Mapping[str, str]
    base: str
    part: Mapping[str, Any]
    remarks: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the file as TOML."""
        from tomli_w import dumps

        head = {"id": self.id, "extends": [self.base], "name": dict(self.name), "about": dict(self.about)}
        tables = {name: plain(items) for name, items in self.part.items()}
        comments = "".join(f"# {line}\n" for line in self.remarks)
        return comments + dumps(head | tables)


def plain(value: Any) -> Any:
    """Return a value as TOML holds it: tuples as lists, what is None left out."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items() if inner is not None}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def replacing(part: Part, system: DutySystem, tables: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return `part` with every item of `tables` that `system` has and `part` has not taken away.

    Tables of a duty file add to those below them by ``id``; a plan of all beats must also say which old ones are gone. Beats that
    keep their id keep what `part` does not set, such as their name.

    Parameters
    ----------
    part
        What is to hold.
    system
        The system it is laid over.
    tables
        Names of the tables of which nothing else may be left, for example ``("beat", "sector", "pair")``.
    """
    whole = {name: [dict(item) for item in items] for name, items in part.items()}
    for name in tables:
        kept = {item["id"] for item in whole.get(name, [])}
        gone = [{"id": item.id, "remove": True} for item in getattr(system, name) if item.id not in kept]
        if gone or name in whole:
            whole[name] = [*gone, *whole.get(name, [])]
    return whole
