"""Chapter of integrity: what was screened, which comparisons stand, what else may explain them, what to look at next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from qinwu.judge.integrity.catalogue import BY_ID
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.measured import Measured, measured
from qinwu.judge.integrity.screening import Screened
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.integrity_drawings import drawings
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, Speaker

ID = "integrity"
SHOWN_SIGNS = 20
NOT_PROOF = N_("A sign is a question, not a finding against anybody: each has innocent explanations, named beside it.")

WHY = {
    "integrity-signs": N_(
        "Comparisons that are large enough to matter and that chance makes so seldom that of those shown at most one in twenty is "
        "expected to be chance, all comparisons of the run counted (Benjamini and Hochberg, every screen weighing the same)."
    ),
    "integrity-looks": N_("Every screen compares every unit with the others, with its own other stamps, or with its own past."),
    "integrity-chance": N_(
        "Chance of so strange a figure, or a stranger one, where nothing is wrong; adjusted: the share of chance among all "
        "comparisons at least as strange. Sums that do not agree have none."
    ),
    "integrity-odds": N_(
        "At most so many times likelier than under chance: 1 / (−e p ln p), the bound of Sellke, Bayarri and Berger."
    ),
    "integrity-expected": N_(
        "What the other units let one expect, with the differences between honest units allowed for: beta-binomial for shares, "
        "Student's t for others; units at 97 % or more are no measure of what is possible. For changes: the time before."
    ),
    "integrity-false": N_(
        "Clean stations, made up, in which the screen saw anything: counted by the program of the benchmark, not assumed."
    ),
}


def integrity_chapter(screened: Screened, language: Language) -> Chapter:
    """Return what screens saw as a chapter.

    Parameters
    ----------
    screened
        As :func:`qinwu.judge.integrity.screening.screen_station` gives it.
    language
        In which it is told.
    """
    speaker = Speaker(language)
    rates = measured()
    tables = [_ran_table(screened, rates, speaker)]
    if screened.signs:
        tables = [_signs_table(screened, speaker), _reasons_table(screened, speaker), *tables]
    return Chapter(
        id=ID,
        title=_title(screened, speaker),
        lead=tuple(_lead(screened, speaker)),
        keys=tuple(_keys(screened, speaker)),
        drawings=tuple(drawings(screened, speaker)),
        tables=tuple(tables),
        why={key: speaker.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(rates, speaker)),
        data=_data(screened, rates),
    )


def _title(screened: Screened, speaker: Speaker) -> str:
    if not screened.looks:
        return speaker.say(N_("There is nothing here that could be screened for padding"))
    if not screened.signs:
        return speaker.say(N_("No sign of padding in {count} comparisons"), count=f"{len(screened.looks):,}")
    first = screened.signs[0].text(speaker.language).rstrip("。.")
    if len(screened.signs) == 1:
        return speaker.say(N_("One question for the record: {first}"), first=first)
    return speaker.say(N_("{signs} questions for the record, first: {first}"), signs=len(screened.signs), first=first)


def _lead(screened: Screened, speaker: Speaker) -> Iterator[str]:
    ran = sum(each.looks > 0 for each in screened.ran)
    yield speaker.say(
        N_("{ran} of {all} screens could be asked; they made {looks} comparisons."),
        ran=ran,
        all=len(screened.ran),
        looks=f"{len(screened.looks):,}",
    )
    if screened.signs:
        yield speaker.say(NOT_PROOF)
        yield speaker.say(N_("Before anybody is asked, look at raw stamps, or draw a random audit: qinwu audit-sample."))
    else:
        yield speaker.say(
            N_("That is no certificate: small padding is not seen. How much is seen, by kind and size, stands in the handbook.")
        )


def _keys(screened: Screened, speaker: Speaker) -> Iterator[KeyFigure]:
    remark = speaker.say(N_("in {looks} comparisons"), looks=f"{len(screened.looks):,}")
    yield KeyFigure(speaker.say(N_("Signs of padding")), str(len(screened.signs)), remark, "integrity-signs")


def _signs_table(screened: Screened, speaker: Speaker) -> Shown:
    """Return the signs, strongest first."""
    header = (
        N_("What is strange"),
        N_("Unit"),
        N_("When, or from when"),
        N_("Rows"),
        N_("Seen"),
        N_("Expected"),
        N_("Chance"),
        N_("Adjusted"),
        N_("Odds"),
    )
    rows = tuple(
        (
            speaker.say(BY_ID[look.screen].name),
            look.unit or speaker.say(N_("all")),
            look.period or NONE,
            look.n,
            hidden(look, look.shown(look.seen)),
            look.shown(look.expected),
            chance(look.p),
            chance(look.q),
            odds(look),
        )
        for look in screened.signs[:SHOWN_SIGNS]
    )
    name = speaker.say(N_("Signs, the strongest first"))
    more = len(screened.signs) - SHOWN_SIGNS
    lead = speaker.say(N_("{more} weaker ones are left to the data file."), more=more) if more > 0 else ""
    keys = ("integrity-signs", "", "", "", "", "integrity-expected", "integrity-chance", "integrity-chance", "integrity-odds")
    sheet = Sheet(name, (), tuple(map(speaker.say, header)), rows, (34, 16, 12, 10, 12, 12, 12, 12, 12))
    return Shown(sheet, keys, lead)


def _reasons_table(screened: Screened, speaker: Speaker) -> Shown:
    """Return the strongest case of each screen in words, what else may explain it, and what to look at next, a row each."""
    rows: list[tuple[str, str]] = []
    stop = "。" if speaker.language == "zh" else ". "
    for screen in dict.fromkeys(BY_ID[look.screen] for look in screened.signs):
        strongest = next(look for look in screened.signs if look.screen == screen.id)
        seen = f"{speaker.say(screen.name)}{stop}{strongest.text(speaker.language)}"
        rows.append((speaker.say(N_("is seen")), seen))
        rows += [(speaker.say(N_("may also be")), speaker.say(text)) for text in screen.innocent]
        rows.append((speaker.say(N_("look at")), speaker.say(screen.next)))
    header = ("", speaker.say(N_("In words")))
    sheet = Sheet(speaker.say(N_("What else it may be")), (), header, tuple(rows), (16, 140))
    return Shown(sheet, ("", ""), speaker.say(NOT_PROOF))


def _ran_table(screened: Screened, rates: Measured, speaker: Speaker) -> Shown:
    """Return every screen: comparisons, signs, rows, how often it is wrong, why it could not be asked."""
    header = (N_("Screen"), N_("Comparisons"), N_("Signs"), N_("Rows"), N_("Wrong in clean runs"), N_("Why it was not asked"))
    rows = tuple(
        (
            speaker.say(each.screen.name),
            each.looks,
            each.signs,
            each.n,
            rates.told(each.screen.id),
            speaker.say(each.why_not) if each.why_not else NONE,
        )
        for each in screened.ran
    )
    name = speaker.say(N_("Every screen"))
    sheet = Sheet(name, (), tuple(map(speaker.say, header)), rows, (46, 14, 10, 12, 18, 50))
    return Shown(sheet, ("", "integrity-looks", "integrity-signs", "", "integrity-false", ""), folded=not screened.signs)


def _notes(rates: Measured, speaker: Speaker) -> Iterator[str]:
    yield speaker.say(
        N_(
            "Screens see what is not there in {share} of clean made-up stations ({wrong} of {runs}); in real calls dealt at "
            "random to units in {real} of {of}."
        ),
        share=f"{rates.family:.1%}",
        wrong=rates.wrong,
        runs=rates.runs,
        real=rates.real_wrong,
        of=rates.real_runs,
    )
    yield speaker.say(
        N_("Calls that officers started on the spot have their arrival in the moment of dispatch: that is no padding.")
    )
    yield speaker.say(N_("Figures of a unit that rest on fewer than five cases are not printed."))


def hidden(look: Look, text: str) -> str:
    """Return a figure, or a dash where it tells of one to four cases of a unit."""
    cases = look.seen * look.n if look.form == "share" else look.seen
    return "<5" if look.unit and look.form == "share" and 0.0 < cases < FEWEST - 0.5 else text


def chance(p: float) -> str:
    """Return a chance as text; a dash for none."""
    if math.isnan(p):
        return NONE
    return f"{p:.2g}" if p >= 1e-4 else f"{p:.0e}"


def odds(look: Look) -> str:
    """Return the bound on the odds as text."""
    if math.isinf(look.odds):
        return NONE
    return f"{look.odds:,.0f}" if look.odds < 1e6 else f"{look.odds:.0e}"


def _data(screened: Screened, rates: Measured) -> dict[str, Any]:
    """Return signs and screens as plain data."""
    signs = [
        {
            "screen": look.screen,
            "unit": look.unit,
            "about": look.about,
            "period": look.period,
            "n": look.n,
            "seen": None if hidden(look, "") == "<5" else look.seen,
            "expected": look.expected,
            "p": None if look.certain else look.p,
            "q": None if look.certain else look.q,
            "words": look.text("en"),
            "innocent": list(BY_ID[look.screen].innocent),
            "next": BY_ID[look.screen].next,
        }
        for look in screened.signs
    ]
    ran = [
        {"screen": each.screen.id, "comparisons": each.looks, "signs": each.signs, "rows": each.n, "not_asked": each.why_not}
        for each in screened.ran
    ]
    return {"signs": signs, "screens": ran, "alpha": screened.alpha, "false_runs": rates.family}
