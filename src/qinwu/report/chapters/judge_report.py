"""The report of ``qinwu judge``: every chapter of judging bound together, the gravest answer on top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from qinwu.language import N_, Language
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.words import Speaker
from qinwu.station.station import Station


def judge_report(
    station: Station, chapters: Sequence[Chapter], language: Language, made: datetime | None = None, kind: str = "judge"
) -> ChapterReport:
    """Return chapters as one report: the first chapter's answer is the claim, those of the others stand below it.

    Parameters
    ----------
    station
        About which station.
    chapters
        In the order of the page, at least one.
    language
        In which they are told.
    made
        When; None leaves it out.
    kind
        ``judge``, or ``own-page`` for one officer's page.
    """
    first, *others = chapters
    return ChapterReport(
        kind=kind,
        subject=station.config.name.in_language(language),
        language=language,
        claim=first.title,
        deck=(*first.lead[:1], *(chapter.title for chapter in others)),
        chapters=tuple(chapters),
        synthetic=station.config.synthetic,
        made=made,
    )


def no_scores(language: Language, officer: str = "") -> Chapter:
    """Return the chapter that says there are no score sheets, or none of an officer, and what it takes."""
    say = Speaker(language).say
    title = say(N_("Officer {officer} has no score sheet"), officer=officer) if officer else say(N_("There are no score sheets"))
    lead = say(N_("Neither the card nor a score.toml has rules that apply here: nothing is scored."))
    return Chapter(id="score", title=title, lead=(lead,))
