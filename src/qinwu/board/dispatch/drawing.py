"""Drawing: the live parts at a moment, and what a page is sent of them that saw the moment before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from difflib import SequenceMatcher

NEVER = -1
NOW = "now"
"""The board's time among the parts, in seconds of the epoch: the page's clocks go by it."""


@dataclass
class Drawing:
    """Live parts in one language as they looked at a moment, those of the drawing before, and what pages were sent of it.

    Drawings of a language are numbered.
    """

    number: int
    parts: dict[str, str]
    before: int = NEVER
    parts_before: dict[str, str] = field(default_factory=dict)
    written: dict[tuple[frozenset[str], bool], str] = field(default_factory=dict)
    changes: dict[str, list[str | list[int]]] = field(default_factory=dict)

    def told(self, wanted: frozenset[str], seen: int) -> str:
        """Return the parts wanted that a page lacks which saw drawing `seen`, as a line of the stream, or ''."""
        follows = seen == self.before
        if (wanted, follows) not in self.written:
            known = self.parts_before if follows else {}
            different = {name: self._change(name, known) for name in wanted if known.get(name) != self.parts[name]}
            line = json.dumps(different | {NOW: self.parts[NOW]}, ensure_ascii=False)
            self.written[wanted, follows] = f"event: parts\ndata: {line}\n\n" if different else ""
        return self.written[wanted, follows]

    def _change(self, name: str, known: dict[str, str]) -> str | list[str | list[int]]:
        """Return a part as what a page that knows the one before does to its lines; whole where it knows none."""
        if name not in known:
            return self.parts[name]
        if name not in self.changes:
            self.changes[name] = line_changes(known[name], self.parts[name])
        return self.changes[name]


def line_changes(before: str, after: str) -> list[str | list[int]]:
    r"""Return how a text comes of another: pieces of new lines, and from where to where lines of the old one stay.

    >>> line_changes("a\nb\nc", "a\nnew\nc")
    [[0, 1], 'new', [2, 3]]
    """
    old, new = before.split("\n"), after.split("\n")
    found: list[str | list[int]] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append([i, j])
        elif m > k:
            found.append("\n".join(new[k:m]))
    return found
