"""Markup: a document in the language of typst; every word of it stands in a string, so that no sign in it means anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qinwu.report.answer_page import KeyFigure, text_rows
from qinwu.report.rendering import unbroken
from qinwu.report.sheet import Sheet
from qinwu.report.typeset.document import Document, Figure
from qinwu.report.typeset.drawn import proportion, whole

MANY_COLUMNS = 6
PAGE_MM, GUTTER_MM, TALLEST_MM = 178.0, 4.0, 178.0
"""Width of what is printed, room between two drawings, and the most height of one."""
LONG = 40
"""Cells longer than this share what is left of the width."""


def markup(document: Document, serif: Sequence[str], sans: Sequence[str]) -> str:
    """Return a document as typst source.

    Parameters
    ----------
    document
        What it holds.
    serif, sans
        Families to set it in, the first that has a letter is used.
    """
    return "\n".join([*_head(document, serif, sans), *_body(document, sans[0])])


def quoted(text: str) -> str:
    r"""Return text as a string of typst.

    >>> quoted('a "b" \\ c')
    '"a \\"b\\" \\\\ c"'
    """
    said = unbroken(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{said}"'


def _families(names: Sequence[str]) -> str:
    return "(" + "".join(f"{quoted(name)}, " for name in names) + ")"


def _head(document: Document, serif: Sequence[str], sans: Sequence[str]) -> Iterator[str]:
    yield f'#set document(title: {quoted(document.claim)}, author: "Qinwu")'
    yield '#let small(body) = text(size: 7.5pt, fill: rgb("#635e56"), body)'
    foot = f'context small[#{quoted(document.footer)} #h(1fr) #counter(page).display("1 / 1", both: true)]'
    yield f'#set page(paper: "a4", margin: (x: 16mm, top: 15mm, bottom: 16mm), footer: {foot})'
    yield f'#set text(font: {_families(sans)}, size: 9.2pt, lang: "{document.language}", fill: rgb("#1c1b19"))'
    yield "#set par(leading: 0.62em, justify: false)"
    yield f"#show heading: set text(font: {_families(serif)}, weight: 700)"
    yield "#show heading.where(level: 1): set text(size: 17pt)"
    yield "#show heading.where(level: 2): set text(size: 12pt)"
    yield "#show heading.where(level: 2): set block(above: 1.3em, below: 0.6em)"
    yield "#show table.cell.where(y: 0): set text(weight: 600, size: 7.4pt)"
    yield '#let quiet(body) = text(size: 8.2pt, fill: rgb("#635e56"), body)'


def _body(document: Document, font: str) -> Iterator[str]:
    yield f"#quiet[#strong({quoted(document.kicker)}) #h(0.8em) #{quoted(document.subject)}]"
    yield f"#heading(level: 1, {quoted(document.claim)})"
    yield from (f"#block(spacing: 0.55em, {quoted(said)})" for said in document.deck if said)
    if document.keys:
        yield _keys(document.keys)
    for figure in document.figures:
        yield from _figure(figure, document.styles, font)
    for sheet in document.tables:
        yield from _table(sheet)
    if document.notes:
        yield f"#v(0.8em)#list({', '.join(f'quiet({quoted(note)})' for note in document.notes)})"
    if document.sign:
        words = " #h(1fr) ".join(
            f"#{quoted(word)} #box(width: 3.2cm, stroke: (bottom: 0.5pt), height: 1em)" for word in document.sign[1:]
        )
        yield f"#v(1.4em)#block(breakable: false)[#{quoted(document.sign[0])} #h(1em) {words}]"


def _keys(keys: Sequence[KeyFigure]) -> str:
    cells = ", ".join(
        f"[#quiet({quoted(key.label)}) \\ #text(size: 14pt, weight: 700, {quoted(key.text)}) \\ #quiet({quoted(key.remark)})]"
        for key in keys
    )
    return f"#v(0.4em)#grid(columns: (1fr,) * {len(keys)}, column-gutter: 10pt, {cells})"


def _figure(figure: Figure, styles: Sequence[str], font: str) -> Iterator[str]:
    yield f"#heading(level: 2, {quoted(figure.title)})"
    if figure.lead:
        yield f"#quiet({quoted(figure.lead)})"
    columns = 1 if figure.wide else min(len(figure.drawings), 2)
    across = (PAGE_MM - GUTTER_MM * (columns - 1)) / columns
    drawn = [_drawing(name, whole(svg, styles, font), across) for name, svg in figure.drawings]
    yield f"#block(breakable: false, grid(columns: (1fr,) * {columns}, gutter: {GUTTER_MM}mm, {', '.join(drawn)}))"


def _drawing(name: str, svg: str, across: float) -> str:
    """Return one drawing with its name, as wide as its column unless it were too tall for the page."""
    size = f"height: {TALLEST_MM}mm" if proportion(svg) * across > TALLEST_MM else "width: 100%"
    return f'[#quiet(strong({quoted(name)})) #image(bytes({_raw(svg)}), format: "svg", {size})]'


def _raw(text: str) -> str:
    said = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{said}"'


def _table(sheet: Sheet) -> Iterator[str]:
    rows = text_rows(sheet)
    yield f"#heading(level: 2, {quoted(sheet.name)})"
    if not rows:
        yield '#quiet("–")'
        return
    longest = [max(len(row[at]) for row in (sheet.header, *rows)) for at in range(len(sheet.header))]
    widths = ", ".join("1fr" if each > LONG else "auto" for each in longest) + ","
    if all(each <= LONG for each in longest):
        widths = "1fr, " + ", ".join("auto" for _ in longest[1:]) + ","
    size = "7pt" if len(sheet.header) > MANY_COLUMNS else "8pt"
    yield (
        f"#[#set text(size: {size})\n#table(columns: ({widths}), inset: (x: 3.5pt, y: 2.6pt), "
        'stroke: (x, y) => (bottom: if y == 0 { 0.7pt } else { 0.3pt + rgb("#ddd6c9") }), '
        f"table.header({', '.join(quoted(cell) for cell in sheet.header)}), "
        f"{', '.join(quoted(cell) for row in rows for cell in row)})]"
    )
