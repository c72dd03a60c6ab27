"""On which line of a TOML file a key stands; ``tomllib`` keeps no positions, and a message without a line is half a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

KeyPath = tuple[str | int, ...]

_PART = r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'"""
_KEY = rf"(?:{_PART})(?:\s*\.\s*(?:{_PART}))*"
_HEADER = re.compile(rf"^\s*(?P<open>\[\[?)\s*(?P<key>{_KEY})\s*\]")
_ASSIGNMENT = re.compile(rf"^\s*(?P<key>{_KEY})\s*=")
_PARTS = re.compile(_PART)
_FENCE = re.compile(r'"""|' + r"'''")


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Return the 1-based line of every table header and assignment in TOML `text`, by key path.

    Tables of an array carry their position in the path.

    >>> key_lines('[[beat]]\nid = "a"\n[[beat]]\nid = "b"')[("beat", 1, "id")]
    4
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in _code_lines(text):
        if header := _HEADER.match(line):
            table = _open_table(_parts(header["key"]), header["open"] == "[[", counts)
            lines.setdefault(table[:-1] if isinstance(table[-1], int) else table, number)
            lines[table] = number
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault(table + _parts(assignment["key"]), number)
    return lines


def locate(lines: Mapping[KeyPath, int], path: Sequence[str | int]) -> int | None:
    """Return the line of `path`, or of its nearest enclosing table, or None."""
    wanted = tuple(path)
    return next((lines[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in lines), None)


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(key))


def _open_table(key: tuple[str, ...], is_array: bool, counts: dict[KeyPath, int]) -> KeyPath:
    """Return the path of the table a header opens, with the position of every array of tables on the way."""
    path: KeyPath = ()
    for part in key[:-1]:
        path += (part,)
        if path in counts:
            path += (counts[path],)
    path += (key[-1],)
    if not is_array:
        return path
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _code_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield numbered lines that do not lie inside a multi-line string."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            yield number, line
        inside ^= len(_FENCE.findall(line)) % 2 == 1
