"""The chart drawn: units as boxes with their posts by kind, lines of command, coordination and guidance, doubtful units marked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from qinwu.duty.units import POSTS, Line, Unit
from qinwu.language import N_, Language
from qinwu.report.figures.bars import swatch
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words
from qinwu.report.organisation_layout import MOST_ROWS, Box, boxes
from qinwu.report.organisation_words import COLOURS, LINES, POST_NAMES
from qinwu.report.words import Speaker

HEIGHT, GAP, BETWEEN = 32.0, 8.0, 34.0
PAGE, HALF = 1104.0, 530.0
"""Widths of a drawing of its own, and of one beside another."""
WIDEST, LEAST = 280.0, 112.0
"""Widths of a box at most and at least."""
INSIDE = 8.0
LARGEST_CELL = 6.0
REACH = 84.0
"""Room at the right for ties."""
NARROWEST_CELL = 3.2
CHINESE, LATIN = 11.5, 6.1
"""About so wide is a letter."""


def draw_chart(
    units: Sequence[Unit], flagged: Collection[str], language: Language, *, narrow: bool = False, most: int = MOST_ROWS
) -> str:
    """Return the tree of a chart as SVG, top unit at the left.

    Parameters
    ----------
    units
        The chart, each unit with its own posts; see :func:`qinwu.duty.organisation.posts.drawn_units`.
    flagged
        Ids of units to mark.
    language
        Of names and of what pointing says.
    narrow
        For two drawings beside each other.
    most
        Rows beyond which units that are alike are drawn as one.
    """
    placed = boxes(units, flagged, most)
    columns, rows = (max((getattr(box, name) for box in placed), default=0) + 1 for name in ("column", "row"))
    reach = REACH if any(tie.unit in {box.unit.id for box in placed} for box in placed for tie in box.unit.ties) else 4.0
    room = (HALF if narrow else PAGE) - reach - (columns - 1) * BETWEEN
    width = min(max(room / columns, LEAST), WIDEST)
    painter = _Painter(placed, frozenset(flagged), Speaker(language), width)
    across = columns * width + (columns - 1) * BETWEEN + reach
    down = rows * (HEIGHT + GAP) - GAP + 4.0
    label = Speaker(language).say(N_("Organisation chart"))
    svg = drawing(across, down, label, *painter.branches(), *painter.ties(), *painter.boxes(), class_="figure chart")
    return svg.replace("<svg ", f'<svg style="max-width:{attribute(across)}px" ', 1)


def chart_legend(language: Language, *, ties: bool = True) -> str:
    """Return what colours and lines of a chart mean, as HTML to stand in a line of text."""
    speaker = Speaker(language)
    posts = [f'<span class="legend-word">{swatch(COLOURS[kind])}{speaker.say(POST_NAMES[kind])}</span>' for kind in POSTS]
    lines = [f'<span class="legend-word">{_stroke(line)}{speaker.say(name)}</span>' for line, name in LINES.items()]
    flag = f'<span class="legend-word">{_flag_mark()}{speaker.say(N_("a warning below"))}</span>'
    return "".join([*posts, *(lines if ties else []), flag])


def _stroke(line: str) -> str:
    mark = tag("line", x1=0, x2=26, y1=6, y2=6, class_=f"branch {line}")
    return tag("svg", mark, width=26, height=12, class_="swatch", aria_hidden="true")


def _flag_mark() -> str:
    return tag("svg", tag("rect", width=4, height=12, class_="flag"), width=5, height=12, class_="swatch", aria_hidden="true")


class _Painter:
    """Draws placed boxes and what joins them."""

    def __init__(self, placed: Sequence[Box], flagged: frozenset[str], speaker: Speaker, width: float) -> None:
        self.placed, self.flagged, self.speaker, self.width = placed, flagged, speaker, width
        self.at = {box.unit.id: box for box in placed}
        largest = max((box.unit.posts.total for box in placed if box.stands_for == 1), default=0)
        self.cell = min(LARGEST_CELL, (width - 2 * INSIDE) / max(largest, 1))

    def x(self, box: Box) -> float:
        return 2.0 + box.column * (self.width + BETWEEN)

    def y(self, box: Box) -> float:
        return 2.0 + box.row * (HEIGHT + GAP)

    def branches(self) -> Iterator[str]:
        """Yield the lines from parents to children."""
        for box in self.placed:
            above = self.at.get(box.unit.parent)
            if above is None or above is box:
                continue
            start, middle = self.x(above) + self.width, self.x(box) - BETWEEN / 2
            high, low = self.y(above) + HEIGHT / 2, self.y(box) + HEIGHT / 2
            path = f"M{attribute(start)} {attribute(high)}H{attribute(middle)}V{attribute(low)}H{attribute(self.x(box))}"
            yield tag("path", d=path, class_=f"branch {box.unit.relation}")

    def ties(self) -> Iterator[str]:
        """Yield the lines that reach into a unit from others than its parent, bulging to the right."""
        edge = max((self.x(box) + self.width for box in self.placed), default=0.0)
        for box in self.placed:
            for tie in box.unit.ties:
                other = self.at.get(tie.unit)
                if other is None:
                    continue
                one, two = (self.x(other) + self.width, self.y(other) + 9.0), (self.x(box) + self.width, self.y(box) + HEIGHT - 9.0)
                out = edge + min(REACH - 6.0, 16.0 + abs(two[1] - one[1]) * 0.09)
                start, *rest = (f"{attribute(x)} {attribute(y)}" for x, y in (one, (out, one[1]), (out, two[1]), two))
                names = {"one": self.name(other), "does": self.say(tie.relation), "other": self.name(box)}
                said = self.speaker.say(N_("{one} {does} {other}"), **names)
                yield tag("path", tip(said), d=f"M{start}C{' '.join(rest)}", class_=f"tie {tie.relation}")

    def say(self, line: Line) -> str:
        return self.speaker.say(LINES[line])

    def name(self, box: Box) -> str:
        return box.unit.name.in_language(self.speaker.language)

    def boxes(self) -> Iterator[str]:
        """Yield the boxes."""
        for box in self.placed:
            x, y, total = self.x(box), self.y(box), box.unit.posts.total
            marked = box.unit.id in self.flagged
            frame = tag("rect", x=x, y=y, width=self.width, height=HEIGHT, class_="unit many" if box.stands_for > 1 else "unit")
            flag = tag("rect", x=x, y=y, width=4, height=HEIGHT, class_="flag") if marked else ""
            number = (
                words(str(total), x=x + self.width - INSIDE, y=y + 14, text_anchor="end", class_="posts-number") if total else ""
            )
            room = self.width - 2 * INSIDE - 8.0 * len(str(total or "")) - 4.0
            name = words(fitted(self.name(box), room), x=x + INSIDE, y=y + 14, class_="unit-name")
            yield tag("g", tip(self.tip(box)), frame, flag, name, number, *self.cells(box), class_="unit-box")

    def cells(self, box: Box) -> Iterator[str]:
        """Yield the posts of a box, one mark for each where there is room; a box of many units has a scale of its own."""
        cell = min(self.cell, (self.width - 2 * INSIDE) / max(box.unit.posts.total, 1))
        x, y = self.x(box) + INSIDE, self.y(box) + HEIGHT - 11.0
        for kind in POSTS:
            count = getattr(box.unit.posts, kind)
            if not count:
                continue
            each = cell >= NARROWEST_CELL
            wide = cell - 1.0 if each else count * cell
            for number in range(count if each else 1):
                yield tag("rect", x=x + number * cell, y=y, width=wide, height=6, fill=COLOURS[kind])
            x += count * cell

    def tip(self, box: Box) -> str:
        """Return the name of a unit in full, and its posts."""
        kinds = [(kind, getattr(box.unit.posts, kind)) for kind in POSTS]
        said = [f"{self.speaker.say(POST_NAMES[kind])} {count}" for kind, count in kinds if count]
        return f"{self.name(box)}: {self.speaker.listed(said)}" if said else self.name(box)


def fitted(text: str, room: float) -> str:
    """Return a text cut to a width, with a sign that it goes on.

    >>> fitted("城关派出所", 100.0), fitted("城关中心派出所", 40.0), fitted("Duty squad", 200.0)
    ('城关派出所', '城关…', 'Duty squad')
    """
    used = 0.0
    for at, letter in enumerate(text):
        used += CHINESE if ord(letter) > 0x2E80 else LATIN
        if used > room and at + 1 <= len(text):
            return text[: max(at - 1, 1)].rstrip() + "…"
    return text
