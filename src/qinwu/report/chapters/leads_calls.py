"""The chapter of duplicate calls: which calls look like one incident, why, and how that was checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qinwu.forecast.leads.duplicate_model import REACH_M, WINDOW_S
from qinwu.forecast.leads.duplicates import DuplicatePair, Duplicates
from qinwu.forecast.leads.recall import DELAY_MIN, SAME_CLASS, SPREAD_M
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.chapters.leads_drawings import said_and_true
from qinwu.report.chapters.leads_words import clock_words, duplicate_words, percent, times
from qinwu.report.plans.plan_report import Drawing, Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaking, number

SHOWN_INCIDENTS, EVEN = 50, 0.5
ALIKE = N_("What is alike")
WHY = {
    "duplicates.probability": N_(
        "Calls are moved by whole days and weeks: pairs that then come close are chance. What is observed beyond chance, at such a "
        "distance, so many minutes apart, of such classes, in a place as quiet, is about one incident, or one set the other off."
    ),
    "duplicates.check": N_(
        "Learnt from the earlier days; on the later ones, the share of pairs in each class of probability that chance, counted "
        "again by moving calls, does not explain. Intervals (95 %) draw days."
    ),
    "duplicates.incident": N_(
        "Pairs tied together as long as all pairs of a group are at least even on average; all calls of a group but the first are "
        "repeats."
    ),
    "duplicates.reason": N_("By how many times each reason multiplies the odds of an average close pair."),
}


@dataclass(frozen=True)
class CallTelling(Speaking):
    """Duplicate calls, told in one language."""

    found: Duplicates
    language: Language

    def claim(self) -> str:
        """Return the answer in one sentence."""
        found = self.found
        if not found.repeated:
            return self.say(
                N_("No two of {calls} calls are likelier about one incident than not"), calls=number(len(found.calls), 0)
            )
        text = N_("{repeated} of {calls} calls ({share}) look like repeats of a call made just before")
        share = percent(found.repeated / len(found.calls))
        return self.say(text, repeated=number(found.repeated, 0), calls=number(len(found.calls), 0), share=share)

    def deck(self) -> tuple[str, ...]:
        """Return two or three sentences below it."""
        found = self.found
        text = N_("{pairs} pairs came within {metres} m and {minutes} min of each other; about {expected} are more than chance.")
        reach = {"metres": f"{REACH_M:.0f}", "minutes": f"{WINDOW_S / 60:.0f}"}
        parts = [self.say(text, pairs=number(found.close, 0), **reach, expected=number(found.expected, 0))]
        if found.check and found.check[-1].said >= EVEN:
            top = found.check[-1]
            text = N_("Of pairs said to be {said} likely, {true} ({low} to {high}) were more than chance on days not learnt from.")
            shares = {"said": top.said, "true": top.true, "low": top.low, "high": top.high}
            parts.append(self.say(text, **{name: percent(max(share, 0.0)) for name, share in shares.items()}))
        parts.append(self.say(N_("Whoever takes the call decides; no call is dropped.")))
        return tuple(parts)


def call_report(
    found: Duplicates, subject: str, language: Language, made: datetime | None = None, *, synthetic: bool = False
) -> ChapterReport:
    """Return duplicate calls as a report; parameters as in :func:`qinwu.report.chapters.leads.case_report`."""
    told = CallTelling(found, language)
    return ChapterReport("leads", subject, language, told.claim(), told.deck(), (call_chapter(told),), synthetic, made)


def call_chapter(told: CallTelling) -> Chapter:
    """Return the chapter."""
    return Chapter(
        id="duplicates",
        title=told.say(N_("Calls that look like one incident")),
        lead=(_recall(told),),
        keys=tuple(_keys(told)),
        drawings=tuple(_drawings(told)),
        tables=tuple(_tables(told)),
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told)),
        data=_data(told),
    )


def _recall(told: CallTelling) -> str:
    """Return how many planted repeats would be named, and what was planted."""
    text = N_(
        "Of repeats planted among these calls {share} would be named: on average {minutes} min after the first, within about "
        "{metres} m of it, {same} told as the same class. That is assumed, not measured."
    )
    reach = {"minutes": f"{DELAY_MIN:.0f}", "metres": "0" if told.found.calls.by_name else f"{2 * SPREAD_M:.0f}"}
    return told.say(text, share=percent(told.found.recall), same=percent(SAME_CLASS), **reach)


def _keys(told: CallTelling) -> Iterator[KeyFigure]:
    found = told.found
    remark = told.say(N_("in {count} incidents"), count=number(len(found.incidents), 0))
    yield KeyFigure(told.say(N_("Repeated calls")), number(found.repeated, 0), remark, "duplicates.incident")
    remark = told.say(N_("of all pairs that close: the base rate"))
    yield KeyFigure(told.say(N_("More than chance")), percent(found.base_rate), remark, "duplicates.probability")


def _drawings(told: CallTelling) -> Iterator[Drawing]:
    if told.found.check:
        lead = told.say(
            N_("Judged by a model of the earlier days; true is what chance, counted by moving calls, does not explain.")
        )
        title = told.say(N_("Whether probabilities came true on later days"))
        yield Drawing(title, lead, (said_and_true(told.speaker, told.found.check),), "duplicates.check")


def _tables(told: CallTelling) -> Iterator[Shown]:
    yield _pairs(told)
    if told.found.incidents:
        yield _incidents(told)
    if told.found.check:
        yield _check(told)


def _pairs(told: CallTelling) -> Shown:
    calls = told.found.calls
    header = tuple(
        told.say(text)
        for text in (
            N_("First call"), N_("Second call"), N_("time of the first"), N_("Probability"), N_("by place"), N_("by minutes"),
            N_("by class"), N_("by quiet place"), ALIKE,
        )
    )  # fmt: skip
    rows = tuple(
        (
            calls.ids[pair.first],
            calls.ids[pair.second],
            clock_words(calls.received_s[pair.first]),
            percent(pair.probability),
            *map(times, _factors(pair)),
            duplicate_words(pair, (calls.kinds[pair.first], calls.kinds[pair.second]), told.speaker),
        )
        for pair in told.found.pairs
    )
    base = told.say(N_("By lot, {rate} of close pairs are more than chance."), rate=percent(told.found.base_rate))
    sheet = Sheet(told.say(N_("The likeliest pairs of calls")), (base,), header, rows, (16, 16, 18, 10, 9, 9, 9, 10, 44))
    return Shown(sheet, ("", "", "", "duplicates.probability", *["duplicates.reason"] * 5), base)


def _factors(pair: DuplicatePair) -> tuple[float, float, float, float]:
    reasons = pair.reasons
    return reasons["distance"], reasons["minutes"], reasons["class"] + reasons["rarity"], reasons["quiet"]


def _incidents(told: CallTelling) -> Shown:
    calls = told.found.calls
    header = tuple(
        told.say(text)
        for text in (
            N_("Incident"), N_("calls about it"), N_("Mean probability"), N_("time of the first"), N_("minutes to the last"),
            N_("Classes"),
            N_("Calls in order"), N_("One incident"), N_("Decided by"),
        )
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for at, each in enumerate(told.found.incidents[:SHOWN_INCIDENTS], start=1):
        first, last = calls.received_s[each.calls[0]], calls.received_s[each.calls[-1]]
        kinds = told.speaker.listed(list(dict.fromkeys(calls.kinds[one] for one in each.calls if calls.kinds[one]))[:3])
        ids = told.speaker.listed([calls.ids[one] for one in each.calls[:8]]) + (" …" if len(each.calls) > 8 else "")
        row = (
            at,
            len(each.calls),
            percent(each.probability),
            clock_words(first),
            round((last - first) / 60.0),
            kinds,
            ids,
            None,
            None,
        )
        rows.append(row)
    lead = told.say(N_("The largest of {count}; for a human to confirm."), count=number(len(told.found.incidents), 0))
    sheet = Sheet(told.say(N_("Incidents with several calls")), (lead,), header, tuple(rows), (9, 8, 12, 18, 12, 30, 60, 12, 12))
    return Shown(sheet, ("", "duplicates.incident", "duplicates.incident", *[""] * 6), lead, folded=True)


def _check(told: CallTelling) -> Shown:
    names = (N_("Said"), N_("Pairs"), N_("by chance"), N_("came true"), N_("95 % from"), N_("95 % to"))
    rows = tuple(
        (
            percent(each.said, 1),
            each.pairs,
            number(each.by_chance, 0),
            percent(max(each.true, 0.0), 1),
            percent(max(each.low, 0.0), 1),
            percent(max(each.high, 0.0), 1),
        )
        for each in told.found.check
    )
    sheet = Sheet(
        told.say(N_("Later days, by class of probability")), (), tuple(map(told.say, names)), rows, (10, 10, 12, 12, 10, 10)
    )
    return Shown(sheet, ("duplicates.check",) * len(names))


def _notes(told: CallTelling) -> Iterator[str]:
    yield told.say(N_("No file says which calls were duplicates; more than chance is also an incident that sets another one off."))
    if told.found.calls.by_name:
        yield told.say(N_("Places are known by name only, so distance within them does not count."))
    if not told.found.check:
        yield told.say(N_("The time is too short to check probabilities on later days."))


def _data(told: CallTelling) -> dict[str, Any]:
    found = told.found
    ids = found.calls.ids
    return {
        "calls": len(ids),
        "close_pairs": found.close,
        "expected": found.expected,
        "repeated": found.repeated,
        "planted_recall": found.recall,
        "pairs": [
            {
                "first": ids[pair.first],
                "second": ids[pair.second],
                "probability": pair.probability,
                "metres": round(pair.metres, -2),
                "minutes": pair.minutes,
                "reasons": dict(pair.reasons),
            }
            for pair in found.pairs
        ],
        "incidents": [{"calls": [ids[at] for at in each.calls], "probability": each.probability} for each in found.incidents],
        "check": [
            {"said": one.said, "pairs": one.pairs, "by_chance": one.by_chance, "true": one.true, "low": one.low, "high": one.high}
            for one in found.check
        ],
    }
