"""Drawn: the drawings of a page made whole, with the rules of its style sheets inside, for programs that know no pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qinwu.report.rendering import asset

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"var\((--[\w-]+)(?:,\s*([^)]+))?\)")
DRAWN = ("fill", "stroke", "font-size", "font-weight", "opacity", "stroke-width", "stroke-dasharray", "text-anchor")
_STRIP = re.compile(r'width="100%" height="([\d.]+)"')
STRIP = 520
"""Width given to drawings that are as wide as their column."""
PLAIN = re.compile(r"^[\w.# -]+$")
"""Selectors of classes, elements and what is inside them; others mean states of a page."""


def whole(svg: str, styles: Iterable[str], font: str) -> str:
    """Return a drawing with the style rules it needs, its own name space, and a font for its words.

    Parameters
    ----------
    svg
        A drawing of a page.
    styles
        Style sheets among the templates.
    font
        Family of every text.
    """
    rules = "".join(_rules(styles))
    style = f"<style>text{{font-family:'{font}';font-size:12px;fill:#1c1b19}}{rules}</style>"
    svg = _STRIP.sub(rf'viewBox="0 0 {STRIP} \1" height="\1"', svg, count=1)
    spaced = svg if "xmlns=" in svg[:200] else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return re.sub(r"(<svg[^>]*>)", rf"\g<1>{style}", spaced, count=1)


def proportion(svg: str) -> float:
    """Return the height of a drawing for each unit of its width.

    >>> proportion('<svg viewBox="0 0 200 50"></svg>')
    0.25
    """
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    return float(found[2]) / float(found[1]) if found else 0.0


def _rules(styles: Iterable[str]) -> Iterator[str]:
    """Yield the rules of style sheets that say how something is drawn, variables filled in, without those for certain media."""
    text = _COMMENT.sub("", "".join(asset(name) for name in styles))
    values = dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", text))
    for selectors, declarations in _RULE.findall(_without_media(text)):
        kept = [each for each in declarations.split(";") if each.partition(":")[0].strip() in DRAWN]
        plain = [each.strip() for each in selectors.split(",") if PLAIN.match(each.strip())]
        if kept and plain:
            filled = _VARIABLE.sub(lambda found: str(values.get(found[1]) or found[2] or "currentColor").strip(), ";".join(kept))
            yield f"{','.join(plain)}{{{filled}}}"


def _without_media(text: str) -> str:
    """Return a style sheet without its blocks for certain media."""
    kept, depth, skipping = [], 0, False
    for piece in re.split(r"([{}])", text):
        if depth == 0 and "@" in piece:
            kept.append(piece.partition("@")[0])
            skipping = True
            continue
        depth += (piece == "{") - (piece == "}")
        if not skipping:
            kept.append(piece)
        skipping = skipping and depth > 0
    return "".join(kept)
