"""Rendering: templates with the style sheets and scripts they hold inside, and what every page and workbook says of its station."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from qinwu.language import N_
from qinwu.report.words import Speaker
from qinwu.station.station import Station


@cache
def environment() -> Environment:
    """Return the templates."""
    found = Environment(
        loader=PackageLoader("qinwu.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.globals["asset"] = asset
    found.filters["unbroken"] = unbroken
    return found


def asset(name: str) -> str:
    """Return a style sheet or script of the templates, as it is."""
    return (files("qinwu.report") / "templates" / name).read_text(encoding="utf-8")


def unbroken(text: str) -> str:
    """Return text in which no line ends between a number and its unit.

    >>> unbroken("within 8 min") == "within 8" + chr(0xA0) + "min"
    True
    """
    return re.sub(r"(?<=\d) (?=\S)", "\u00a0", text)


def labelled(station: Station, speaker: Speaker) -> str:
    """Return the name of a station, and that it is made up where it is."""
    name = station.config.name.in_language(speaker.language)
    return f"{name}  [{speaker.say(N_('synthetic data'))}]" if station.config.synthetic else name


def program_version() -> str:
    """Return the version of Qinwu, empty where it is not installed."""
    try:
        return version("qinwu")
    except PackageNotFoundError:
        return ""
