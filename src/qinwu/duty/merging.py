"""Merging: duty files laid over one another, each value remembering the file and line that say so.

A later file overrides an earlier one. Tables merge key by key. Arrays of tables merge by the ``id`` (or else the ``key``) of
their items: an item of the same id is merged in place, a new one is added, ``remove = true`` takes one away. Where the first
rule that fits a call is used (``FIRST_FIT``), new items of a later file come first; elsewhere they come last. Lists in
``ADD_UP`` collect. Every other array, and an empty one, replaces what was there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.toml_file import key_text
from qinwu.station.toml_lines import KeyPath, key_lines, locate

IDENTITIES = ("id", "key")
REMOVE = "remove"
FIRST_FIT = (("dispatch", "order"), ("dispatch", "complement"), ("dispatch", "hand_off"), ("dispatch", "pace"), ("follow_up",))
ADD_UP = (("mechanisms",),)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands: file, 1-based line where known, and its key in that file."""

    file: str = ""
    line: int | None = None
    key: str = ""

    def place(self) -> Place:
        """Return it as the place of a finding."""
        return Place(self.file, self.line, self.key)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is replaced as a whole."""

    value: Any
    source: Source


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    items: Mapping[str, Node]
    source: Source


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of tables."""

    items: tuple[Table, ...]
    source: Source


Node: TypeAlias = Leaf | Table | Rows


def read_tree(data: Mapping[str, Any], text: str, file: str) -> Table:
    """Return parsed TOML as a tree whose nodes know their line in `text` and their `file`."""
    lines = key_lines(text)
    lines.update(_inline_rows(data, text, lines))
    return _table(data, (), lines, file)


def _table(data: Mapping[str, Any], path: KeyPath, lines: Mapping[KeyPath, int], file: str) -> Table:
    return Table({key: _node(value, (*path, key), lines, file) for key, value in data.items()}, _source(path, lines, file))


def _node(value: Any, path: KeyPath, lines: Mapping[KeyPath, int], file: str) -> Node:
    if isinstance(value, Mapping):
        return _table(value, path, lines, file)
    if _is_rows(value):
        rows = tuple(_table(item, (*path, number), lines, file) for number, item in enumerate(value))
        return Rows(rows, _source(path, lines, file))
    return Leaf(value, _source(path, lines, file))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _source(path: KeyPath, lines: Mapping[KeyPath, int], file: str) -> Source:
    line = locate(lines, path)
    below = (number for key, number in lines.items() if key[: len(path)] == path) if path and line is None else ()
    return Source(file, min(below, default=line), key_text(path))


def _inline_rows(data: Any, text: str, lines: Mapping[KeyPath, int], path: KeyPath = ()) -> Iterator[tuple[KeyPath, int]]:
    """Yield path and line of each table written inside brackets, as in ``tiers = [{...}, {...}]``."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _inline_rows(value, text, lines, (*path, key))
    elif _is_rows(data):
        opened = [] if (*path, 0) in lines or path not in lines else _openings(text, lines[path])
        yield from (((*path, number), line) for number, line in zip(range(len(data)), opened, strict=False))
        for number, item in enumerate(data):
            yield from _inline_rows(item, text, lines, (*path, number))


def _openings(text: str, first: int) -> list[int]:
    """Return the lines of the tables inside the first array that opens on or after line `first`."""
    depth, opened, quote = 0, [], ""
    for number, line in enumerate(text.splitlines()[first - 1 :], start=first):
        for sign in line:
            if quote or sign in "\"'":
                quote = "" if sign == quote else quote or sign
            elif sign == "#":
                break
            elif sign in "[{":
                depth += 1
                opened += [number] if sign == "{" and depth == 2 else []
            elif sign in "]}":
                depth -= 1
                if depth == 0:
                    return opened
        quote = ""
    return opened


def merge(low: Table, high: Table, findings: list[Finding], path: tuple[str, ...] = ()) -> Table:
    """Return `high` laid over `low`; items to remove that are not there are told in `findings`."""
    both = {key: _merge_node(low.items.get(key), node, findings, (*path, key)) for key, node in high.items.items()}
    return Table({**low.items, **both}, high.source)


def _merge_node(low: Node | None, high: Node, findings: list[Finding], path: tuple[str, ...]) -> Node:
    if isinstance(high, Table):
        return merge(low if isinstance(low, Table) else Table({}, high.source), high, findings, path)
    if isinstance(high, Rows):
        return _merge_rows(low if isinstance(low, Rows) else Rows((), high.source), high, findings, path)
    if path in ADD_UP and isinstance(low, Leaf) and isinstance(low.value, list) and isinstance(high.value, list):
        return Leaf(_united(low.value, high.value), high.source)
    return high


def _united(low: Sequence[Any], high: Sequence[Any]) -> list[Any]:
    return [*low, *(item for item in high if item not in low)]


def _merge_rows(low: Rows, high: Rows, findings: list[Finding], path: tuple[str, ...]) -> Rows:
    name = _identity(low, high)
    if not name:
        return Rows(tuple(_kept(high.items)), high.source)
    old = {_value(item, name): item for item in low.items}
    new: dict[Any, Table] = {}
    findings.extend(_twice(item, str(_value(item, name))) for item in _repeated(high.items, name))
    for item in high.items:
        identity = _value(item, name)
        before = new.get(identity) or old.get(identity)
        if _removes(item):
            if before is None:
                findings.append(_nothing_to_remove(item, str(identity), old))
            old.pop(identity, None)
            new.pop(identity, None)
            continue
        merged = merge(before or Table({}, item.source), item, findings, path)
        (old if identity in old else new)[identity] = merged
    ordered = [*new.values(), *old.values()] if path in FIRST_FIT else [*old.values(), *new.values()]
    return Rows(tuple(ordered), high.source)


def _identity(low: Rows, high: Rows) -> str:
    """Return the key by which items of both arrays are told apart, empty where they are not."""
    items = (*low.items, *high.items)
    return next((name for name in IDENTITIES if all(isinstance(_value(item, name), str) for item in items)), "")


def _repeated(items: Sequence[Table], name: str) -> Iterator[Table]:
    """Yield the items whose identity an earlier one of the same file has."""
    seen: set[Any] = set()
    for item in items:
        if _value(item, name) in seen and not _removes(item):
            yield item
        seen.add(_value(item, name))


def _value(item: Table, key: str) -> Any:
    node = item.items.get(key)
    return node.value if isinstance(node, Leaf) else None


def _removes(item: Table) -> bool:
    return _value(item, REMOVE) is True


def _kept(items: Sequence[Table]) -> Iterator[Table]:
    return (item for item in items if not _removes(item))


def _nothing_to_remove(item: Table, name: str, known: Mapping[Any, Table]) -> Finding:
    guess = did_you_mean(name, [str(each) for each in known])
    message = N_("There is nothing called {value} to remove.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Delete this entry, or extend the file that has it.")
    return Finding("nothing-to-remove", "error", message, remedy, item.source.place(), {"value": name, "guess": guess})


def _twice(item: Table, name: str) -> Finding:
    place = item.source.place()
    return Finding(
        "duplicate-id", "error", N_("The id {value} is used twice."), N_("Rename one of the two."), place, {"value": name}
    )


def plain(node: Node) -> Any:
    """Return a tree as plain data, as ``tomllib`` would give it."""
    if isinstance(node, Table):
        return {key: plain(item) for key, item in node.items.items()}
    if isinstance(node, Rows):
        return [plain(item) for item in node.items]
    return node.value


def sources(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Source]]:
    """Yield the key path of every node in the merged data, with the source that says so."""
    yield path, node.source
    if isinstance(node, Table):
        for key, item in node.items.items():
            yield from sources(item, (*path, key))
    if isinstance(node, Rows):
        for number, item in enumerate(node.items):
            yield from sources(item, (*path, number))
