"""Difference: what a file laid over one duty system must say so that another comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qinwu.duty.merging import IDENTITIES, REMOVE
from qinwu.duty.system import DutySystem

OWN = ("id", "name", "about", "extends", "layer", "quote")


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that two duty systems have differently: its key, with items by their id, and both values; None for none."""

    key: str
    before: Any
    after: Any


def difference(before: DutySystem, after: DutySystem) -> dict[str, Any]:
    """Return the tables of a duty file that turns `before` into `after`; empty where they are alike.

    What only orders items differently cannot be said by a file and is left out.
    """
    old, new = (system.model_dump(mode="json") for system in (before, after))
    return {key: change for key in new if key not in OWN and (change := _change(old[key], new[key])) is not None}


def changed(before: DutySystem, after: DutySystem) -> tuple[Changed, ...]:
    """Return every value that differs, one by one; an item that only one of the systems has is one line."""
    old, new = (system.model_dump(mode="json") for system in (before, after))
    return tuple(each for key in new if key not in OWN for each in _lines(key, old[key], new[key]))


def _lines(key: str, old: Any, new: Any) -> Iterator[Changed]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from _lines(f"{key}.{name}", old.get(name), new.get(name))
    elif (by := _identity(old) or _identity(new)) and _identity(old) in ("", by) and _identity(new) in ("", by):
        was, now = ({item[by]: item for item in items or ()} for items in (old, new))
        for name in dict.fromkeys((*was, *now)):
            if name in was and name in now:
                yield from _lines(f"{key}[{name}]", was[name], now[name])
            else:
                yield Changed(f"{key}[{name}]", was.get(name), now.get(name))
    else:
        yield Changed(key, old, new)


def _change(old: Any, new: Any) -> Any:
    """Return what to write for a value that was `old` and is to be `new`; None for nothing."""
    if old == new:
        return None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {key: change for key in new if (change := _change(old.get(key), new[key])) is not None}
    if (key := _identity(old) or _identity(new)) and _identity(old) in ("", key) and _identity(new) in ("", key):
        return _items(old or (), new or (), key)
    return new


def _identity(items: Any) -> str:
    """Return the key by which the items of a list merge; empty where they do not."""
    if not isinstance(items, Sequence) or isinstance(items, str) or not items:
        return ""
    return next((key for key in IDENTITIES if all(isinstance(item, Mapping) and key in item for item in items)), "")


def _items(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    was, now = ({item[key]: item for item in items} for items in (old, new))
    gone = [{key: name, REMOVE: True} for name in was if name not in now]
    changed = [{key: name, **change} for name in now if name in was and (change := _change(was[name], now[name]))]
    return [*gone, *changed, *(dict(item) for name, item in now.items() if name not in was)]
