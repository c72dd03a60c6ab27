"""SVG as text: elements, escaped; lengths rounded so that a page stays small."""

from __future__ import annotations

from html import escape

Attribute = str | int | float | None


def attribute(value: str | int | float) -> str:
    """Return a value as an attribute says it: floats to two decimals, without trailing zeros.

    >>> attribute(1.50001), attribute(-0.001), attribute("a<b")
    ('1.5', '0', 'a&lt;b')
    """
    if isinstance(value, float):
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return "0" if text in ("-0", "") else text
    return escape(str(value))


def tag(name: str, *children: str, **attributes: Attribute) -> str:
    """Return one element; ``_`` in attribute names becomes ``-``, a trailing one is dropped, None leaves an attribute out.

    Children are SVG already; text goes through :func:`words`.

    >>> tag("rect", x=1.0, stroke_width=2, class_="a")
    '<rect x="1" stroke-width="2" class="a"/>'
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{attribute(value)}"' for key, value in attributes.items() if value is not None
    )
    inside = "".join(children)
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def words(text: str, **attributes: Attribute) -> str:
    """Return a text element."""
    return tag("text", escape(text), **attributes)


def tip(text: str) -> str:
    """Return the title element that browsers show while pointing; nothing for an empty text."""
    return tag("title", escape(text)) if text else ""


def drawing(width: float, height: float, label: str, *children: str, class_: str = "figure") -> str:
    """Return a drawing that scales with its column, named by `label` for those who cannot see it."""
    box = f"0 0 {attribute(float(width))} {attribute(float(height))}"
    return tag("svg", *children, viewBox=box, role="img", aria_label=label, class_=class_)


def strip(height: int, label: str, *children: str, class_: str = "strip") -> str:
    """Return a drawing as wide as its column whose horizontal lengths are per cent."""
    return tag("svg", *children, width="100%", height=height, role="img", aria_label=label, class_=class_)


def percent(share: float) -> str:
    """Return a share of the width, kept inside it.

    >>> percent(0.25)
    '25%'
    """
    return f"{attribute(float(min(max(share, 0.0), 1.0) * 100.0))}%"
