"""Chapter in place of places: a guard failed, so that none is shown; what each guard found."""

from __future__ import annotations

from collections.abc import Mapping

from qinwu.forecast.guards.guard_report import GUARDS
from qinwu.forecast.places.foreseen import Places
from qinwu.language import N_, Language
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.places_tables import guards_said
from qinwu.report.chapters.places_words import GUARD_WORDS, WHY
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaker

STOPPING = ("origin", "exploration", "cap", "urns", "small", "expiry")
"""Guards that must pass before a place is shown; unequal reporting, and need beside patrol, are told with the places to judge."""


def stopped(told: Places) -> tuple[str, ...]:
    """Return the guards that stop a list of places."""
    passed = told.guards.passed()
    return tuple(name for name in STOPPING if not passed[name])


def withheld_chapter(told: Places, language: Language, names: Mapping[str, str] | None = None) -> Chapter:
    """Return the chapter: no place, the guards that stop it, and what all of them found.

    Parameters
    ----------
    told
        Places that at least one guard stops.
    language
        In which it is told.
    names
        What the parts of the area are called.
    """
    speaker = Speaker(language)
    passed, failed = told.guards.passed(), stopped(told)
    said = guards_said(told.guards, names or {}, speaker)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (speaker.say(GUARD_WORDS[name]), text, speaker.say(N_("passed") if passed[name] else N_("failed")))
        for name, text in zip(GUARDS, said, strict=True)
    )
    header = tuple(speaker.say(word) for word in (N_("Guard"), N_("What it did"), N_("Result")))
    sheet = Sheet(speaker.say(N_("Guards")), (), header, rows, (20, 90, 12))
    listed = speaker.listed([speaker.say(GUARD_WORDS[name]) for name in failed])
    lead = N_(
        "A list of places that a guard stops would send patrol where it should not go. Look at the guard, not for another list."
    )
    return Chapter(
        id="places",
        title=speaker.say(N_("No places are shown: {count} guards failed ({names})"), count=len(failed), names=listed),
        lead=(speaker.say(lead),),
        tables=(Shown(sheet, ("", "places.guards", "places.guards")),),
        why={"places.guards": speaker.say(WHY["places.guards"])},
        data={"withheld": True, "guards": passed},
    )
