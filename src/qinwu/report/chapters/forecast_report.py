"""Forecast report: what ``qinwu forecast`` writes: calls per hour, places, and duty beside demand, bound together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qinwu.language import N_, Language
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.words import Speaker
from qinwu.station.station import Station

RULES = (
    N_("Places and hours are foretold, never people. Only calls that residents made teach."),
    N_("A forecast is no target: nobody is measured by whether it comes true."),
)


def forecast_report(
    station: Station, claim: str, chapters: Sequence[Chapter], language: Language, made: datetime | None = None
) -> ChapterReport:
    """Return the report.

    Parameters
    ----------
    station
        Whose calls.
    claim
        What is foretold, in one sentence.
    chapters
        In the order of the page.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    speaker = Speaker(language)
    return ChapterReport(
        kind="forecast",
        subject=station.config.name.in_language(language),
        language=language,
        claim=claim,
        deck=tuple(speaker.say(rule) for rule in RULES),
        chapters=tuple(chapters),
        synthetic=station.config.synthetic,
        made=made,
    )
