"""What the pages of ``analyse`` and ``staff`` share: the frame around them, cells of tables, weeks of hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from qinwu.language import Language
from qinwu.report.cells import texts
from qinwu.report.figures.scale import Shades
from qinwu.report.figures.week import Hour, day_row, hour_axis
from qinwu.report.rendering import environment, program_version
from qinwu.report.sheet import Sheet
from qinwu.report.spans import DAY_H
from qinwu.report.words import SHORT_DAYS, Speaker
from qinwu.station.station import Station


class Told(Protocol):
    """What a page tells."""

    @property
    def language(self) -> Language:
        """The language of the page."""

    @property
    def made(self) -> datetime | None:
        """When it was made; None leaves it out, so that equal answers give equal pages."""


class Answer(Told, Protocol):
    """What a page about a station tells."""

    @property
    def station(self) -> Station:
        """The station."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number at the top of a page: its name, itself with its unit, a remark, and which explanation it has."""

    label: str
    text: str
    remark: str
    why: str


@dataclass(frozen=True, slots=True)
class WeekFigure:
    """Hours of a week: a row for each day, the hours below, and a legend."""

    rows: tuple[tuple[str, str], ...]
    axis: str
    legend: str


def render(template: str, answer: Answer, why: Mapping[str, str], **values: Any) -> str:
    """Return a page about a station; `why` says in the words of the page how each kind of number is computed."""
    config = answer.station.config
    return framed(template, answer, config.name.in_language(answer.language), why, synthetic=config.synthetic, **values)


def framed(template: str, told: Told, subject: str, why: Mapping[str, str], *, synthetic: bool = False, **values: Any) -> str:
    """Return a page about a `subject` that need not be a station."""
    speaker = Speaker(told.language)
    frame = {
        "_": speaker.say,
        "language": told.language,
        "station": subject,
        "synthetic": synthetic,
        "made": told.made,
        "version": program_version(),
        "why": why,
        "text_rows": text_rows,
    }
    return environment().get_template(template).render(frame | values)


def week_figure(values: Sequence[Hour], legend: str, label: str, speaker: Speaker) -> WeekFigure:
    """Return 168 hours, Monday 00:00 first, as rows of days."""
    days = [speaker.say(day) for day in SHORT_DAYS]
    rows = tuple((day, day_row(values[at * DAY_H : (at + 1) * DAY_H], f"{label}: {day}")) for at, day in enumerate(days))
    return WeekFigure(rows, hour_axis(label), legend)


def coloured(value: float, shades: Shades, tip: str, text: str = "", *, marked: bool = False) -> Hour:
    """Return an hour in the colour of its value."""
    return Hour(shades.colour(value), text, shades.dark(value), marked, tip)


def text_rows(sheet: Sheet) -> list[tuple[str, ...]]:
    """Return the rows of a sheet as text, each column with digits of its own."""
    return list(zip(*(texts([row[place] for row in sheet.rows]) for place in range(len(sheet.header))), strict=True))
