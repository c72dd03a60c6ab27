"""What is sent to pages that follow the board: whole parts once, then what changed of their lines."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from qinwu.board.dispatch.drawing import NEVER, Drawing, line_changes

TEXTS = st.lists(st.sampled_from(["", "one", "two", "three", "four"]), min_size=1, max_size=12).map("\n".join)
WANTED = frozenset({"queue", "crews"})


def applied(before: str, changes: list[str | list[int]]) -> str:
    """Do what the page does with pieces: the twin of `whole` in board.js."""
    lines = before.split("\n")
    return "\n".join(one if isinstance(one, str) else "\n".join(lines[one[0] : one[1]]) for one in changes)


def said(line: str) -> dict[str, object]:
    """Return what a line of the stream tells, without the board's time."""
    told = json.loads(line.removeprefix("event: parts\ndata: "))
    assert told.pop("now") == "7.0"
    return dict(told)


@given(before=TEXTS, after=TEXTS)
def test_pieces_make_the_new_text_of_the_old_one(before: str, after: str) -> None:
    """Whatever two texts are, the pieces turn one into the other."""
    assert applied(before, line_changes(before, after)) == after


def test_a_page_is_sent_what_it_lacks() -> None:
    """Who saw the drawing before is sent pieces of what differs; who saw none, or an older one, is sent everything."""
    queue, crews = "<ol>\n<li>1\n</ol>", "<ul>\n</ul>"
    drawing = Drawing(5, {"queue": "<ol>\n<li>1\n<li>2\n</ol>", "crews": crews, "now": "7.0"}, 4, {"queue": queue, "crews": crews})
    assert said(drawing.told(WANTED, 4)) == {"queue": [[0, 2], "<li>2", [2, 3]]}
    assert said(drawing.told(WANTED, NEVER)) == said(drawing.told(WANTED, 3)) == {"queue": drawing.parts["queue"], "crews": crews}


def test_a_page_is_sent_whole_what_was_not_drawn_before() -> None:
    """A part that nobody followed until now comes whole, also to a page that saw the drawing before."""
    drawing = Drawing(2, {"queue": "<ol>", "crews": "<ul>", "now": "7.0"}, 1, {"queue": "<ol>"})
    assert said(drawing.told(WANTED, 1)) == {"crews": "<ul>"}


def test_nothing_is_sent_while_only_the_clock_runs() -> None:
    """Pages have clocks of their own."""
    parts = {"queue": "<ol>", "crews": "<ul>"}
    assert Drawing(2, parts | {"now": "7.0"}, 1, parts | {"now": "6.0"}).told(WANTED, 1) == ""
