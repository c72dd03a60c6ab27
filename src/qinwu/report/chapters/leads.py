"""The chapter of linked cases: what the list is worth, the pairs with their reasons, the series they make."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qinwu.forecast.leads.backtest import BackTest
from qinwu.forecast.leads.case_leads import CaseLeads, Lead, Series, decided
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.chapters.leads_drawings import series_drawing, worth_drawing
from qinwu.report.chapters.leads_words import by_lot, day_words, lead_words, percent, times
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import NONE, Speaking, number

SHOWN_SERIES = 20
EVEN = 0.5
ALIKE = N_("What is alike")
WHY = {
    "leads.worth": N_(
        "The earlier 60 % of the cases with a confirmed outcome teach; all pairs of the later ones are ranked, likeliest first, "
        "and only then is looked at which were confirmed. By lot, a list holds as many as its length times the share of all pairs."
    ),
    "leads.probability": N_(
        "Log-odds of place, days, hours, weekday and method, each free only to rise with likeness, learnt from confirmed series "
        "and set straight on series left out of learning. Without confirmed series there is a rank and no probability."
    ),
    "leads.reason": N_(
        "By how many times each reason multiplies the odds of an average pair. Distance counts in metres and as the share of cases "
        "that lie as near; a time known only as from-to spreads over its hours; a method counts the more the rarer it is."
    ),
    "leads.calibration": N_(
        "Pairs of the later cases in classes of probability: what was said on average, and the share that was confirmed. Intervals "
        "(95 %) draw cases, not pairs, because pairs share cases."
    ),
    "leads.series": N_(
        "Pairs tied together as long as all pairs of a group are at least even on average. Points are rounded to 100 m; bars are "
        "the hours in which a case may have happened."
    ),
}


@dataclass(frozen=True)
class CaseTelling(Speaking):
    """Leads of cases, told in one language."""

    found: CaseLeads
    language: Language

    @property
    def listed_leads(self) -> tuple[Lead, ...]:
        """The list of the page: undecided pairs, or where every pair is decided the list of the back-test."""
        return self.found.leads or self.found.tested

    def claim(self) -> str:
        """Return the answer in one sentence."""
        found, test = self.found, self.found.test
        if test is not None:
            count = min(len(found.tested), test.pairs)
            text = N_("{hits} of the {count} likeliest pairs of later cases were confirmed; by chance {chance}")
            return self.say(text, hits=int(test.hits[count - 1]), count=count, chance=by_lot(count * test.base_rate))
        if not found.leads:
            return self.say(N_("All pairs of {cases} cases are decided; there is nothing to look at"), cases=len(found.cases))
        if found.linking.calibrated:
            even = sum(lead.probability >= EVEN for lead in found.leads)
            return self.say(N_("{count} pairs of cases are as likely as not to belong together, or likelier"), count=even)
        text = N_("{count} pairs of {cases} cases are ranked; how likely they are, nothing confirmed can say")
        return self.say(text, count=len(found.leads), cases=len(found.cases))

    def deck(self) -> tuple[str, ...]:
        """Return two or three sentences below it."""
        found = self.found
        cases, leads = found.cases, found.leads
        parts = [self.say(N_("{cases} cases, {pairs} pairs not decided yet."), cases=len(cases), pairs=number(found.undecided, 0))]
        if leads and found.linking.calibrated:
            first = leads[0]
            text = N_("The likeliest: {one} and {other}, {probability}.")
            named = {"one": cases.ids[first.first], "other": cases.ids[first.second]}
            parts.append(self.say(text, **named, probability=percent(first.probability)))
        if found.series:
            parts.append(self.say(N_("Groups that look like one series each: {count}."), count=len(found.series)))
        parts.append(self.say(N_("A human confirms; cases are compared, never persons.")))
        return tuple(parts)


def case_report(found: CaseLeads, subject: str, language: Language, made: datetime | None = None) -> ChapterReport:
    """Return leads of cases as a report.

    Parameters
    ----------
    found
        What was found.
    subject
        Name of the file.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    told = CaseTelling(found, language)
    return ChapterReport("leads", subject, language, told.claim(), told.deck(), (case_chapter(told),), made=made)


def case_chapter(told: CaseTelling) -> Chapter:
    """Return the chapter."""
    found = told.found
    drawings = [*worth_drawing(told.speaker, found.test), *series_drawing(told.speaker, found)]
    return Chapter(
        id="leads",
        title=_title(told),
        lead=tuple(_lead(told)),
        keys=tuple(_keys(told)),
        drawings=tuple(drawings),
        tables=tuple(_tables(told)),
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told)),
        data=_data(told),
    )


def _title(told: CaseTelling) -> str:
    if told.found.leads:
        return told.say(N_("Pairs of cases to look at"))
    if told.found.tested:
        return told.say(N_("Every pair is decided: how a list would have done"))
    return told.say(N_("Every pair is decided"))


def _lead(told: CaseTelling) -> Iterator[str]:
    if not told.found.linking.calibrated:
        yield told.say(N_("Ranked by how rarely chance alone would bring two cases so close; no probability."))
    elif told.found.test is not None:
        test = told.found.test
        text = N_("Of {pairs} pairs of later cases {linked} were confirmed: {rate}, one in {one_in}.")
        one_in = number(1.0 / test.base_rate, 0)
        yield told.say(
            text, pairs=number(test.pairs, 0), linked=int(test.linked.sum()), rate=percent(test.base_rate, 1), one_in=one_in
        )


def _keys(told: CaseTelling) -> Iterator[KeyFigure]:
    test = told.found.test
    if test is None:
        return
    count = min(len(told.found.tested), test.pairs)
    label = told.say(N_("Confirmed of the first {count}"), count=count)
    by_lot = told.say(N_("by lot {rate}"), rate=percent(test.base_rate, 1))
    yield KeyFigure(label, percent(test.precision_at(count)), by_lot, "leads.worth")
    text = told.say(N_("chance that a confirmed pair ranks above another; 0.5 by lot"))
    yield KeyFigure(told.say(N_("Order of the list")), number(test.auc, 3), text, "leads.worth")


def _tables(told: CaseTelling) -> Iterator[Shown]:
    if told.listed_leads:
        yield _pairs(told)
    if told.found.leads:
        yield _to_decide(told)
    if told.found.series:
        yield _series(told)
    if told.found.test is not None:
        yield from _worth(told, told.found.test)


def _pairs(told: CaseTelling) -> Shown:
    found, leads = told.found, told.listed_leads
    cases, tested = found.cases, not found.leads
    confirmed = decided(found.labels, leads)
    say = told.say
    header = [
        say(N_("First case")), say(N_("Second case")), say(N_("Probability")), say(N_("by place")), say(N_("by days")),
        say(N_("by hours")), say(N_("by method")),
    ]  # fmt: skip
    header += [*([say(N_("Confirmed"))] if tested else []), say(ALIKE)]
    rows: list[tuple[Value, ...]] = []
    for lead, yes in zip(leads, confirmed, strict=True):
        reasons = lead.reasons
        factors = (
            reasons["distance"] + reasons["nearness"],
            reasons["days"],
            reasons["hour"] + reasons["weekday"],
            reasons["method"],
        )
        row = (cases.ids[lead.first], cases.ids[lead.second], percent(lead.probability), *map(times, factors))
        truth = (say(N_("yes")) if yes else say(N_("no")),) if tested else ()
        rows.append((*row, *truth, lead_words(lead, told.speaker)))
    name = say(N_("The likeliest pairs")) if found.leads else say(N_("The likeliest pairs of later cases"))
    keys = ("", "", "leads.probability", *["leads.reason"] * 4, *(["leads.worth"] if tested else []), "leads.reason")
    lead_text = _base_rate(told)
    widths = (14, 14, 10, 9, 9, 9, 9, *([10] if tested else []), 70)
    return Shown(Sheet(name, (lead_text,), tuple(header), tuple(rows), widths), keys, lead_text)


def _base_rate(told: CaseTelling) -> str:
    """Return what a list by lot would hold, which stands beside every list."""
    test, linking = told.found.test, told.found.linking
    if test is not None:
        return told.say(
            N_("By lot, {rate} of pairs belong together; × says how each reason changes the odds."), rate=percent(test.base_rate, 1)
        )
    if linking.pairs:
        rate = percent(linking.links / linking.pairs, 1)
        return told.say(N_("By lot, {rate} of pairs belong together; × says how each reason changes the odds."), rate=rate)
    return told.say(
        N_("How many of all pairs belong together is not known; × says how much rarer than by chance each likeness is.")
    )


def _to_decide(told: CaseTelling) -> Shown:
    cases = told.found.cases
    header = tuple(
        told.say(text)
        for text in (
            N_("First case"), N_("Second case"), N_("Probability"), ALIKE, N_("Belong together"), N_("Decided by"),
            N_("Reason given"),
        )
    )  # fmt: skip
    rows = tuple(
        (cases.ids[lead.first], cases.ids[lead.second], percent(lead.probability), lead_words(lead, told.speaker), None, None, None)
        for lead in told.found.leads
    )
    lead = told.say(N_("Fill in yes or no, your id and a reason, and give the workbook back with --confirmed: it learns from it."))
    sheet = Sheet(told.say(N_("List to decide")), (), header, rows, (14, 14, 10, 60, 12, 12, 24))
    return Shown(sheet, ("",) * len(header), lead, folded=True)


def _series(told: CaseTelling) -> Shown:
    found = told.found
    header = tuple(
        told.say(text)
        for text in (
            N_("Group of cases"),
            N_("cases in it"),
            N_("Mean probability"),
            N_("day of the first"),
            N_("day of the last"),
            N_("Cases in order"),
            N_("Confirmed series in it"),
        )
    )
    rows = tuple(_series_row(told, at, each) for at, each in enumerate(found.series[:SHOWN_SERIES], start=1))
    sheet = Sheet(told.say(N_("Cases that look like one series")), (), header, rows, (8, 8, 12, 12, 12, 60, 16))
    return Shown(sheet, ("", "leads.series", "leads.series", "", "", "", ""))


def _series_row(told: CaseTelling, at: int, each: Series) -> tuple[Value, ...]:
    cases = told.found.cases
    ids = told.speaker.listed([cases.ids[one] for one in each.cases])
    first, last = cases.start_s[each.cases[0]], cases.start_s[each.cases[-1]]
    return (
        at,
        len(each.cases),
        percent(each.probability),
        day_words(first),
        day_words(last),
        ids,
        told.speaker.listed([*each.confirmed]) or NONE,
    )


def _worth(told: CaseTelling, test: BackTest) -> Iterator[Shown]:
    counts = [count for count in (10, 20, 50, 100, 200, 500) if count <= test.pairs]
    header = tuple(
        told.say(text)
        for text in (N_("Length of the list"), N_("confirmed"), N_("share confirmed"), N_("by lot"), N_("share of all confirmed"))
    )
    rows = tuple(
        (
            count,
            int(test.hits[count - 1]),
            percent(test.precision_at(count)),
            by_lot(count * test.base_rate),
            percent(test.recall_at(count)),
        )
        for count in counts
    )
    yield Shown(Sheet(told.say(N_("What a list is worth")), (), header, rows, (14, 12, 14, 10, 18)), ("leads.worth",) * 5)
    if test.calibration:
        names = (N_("Said"), N_("Pairs"), N_("came true"), N_("95 % from"), N_("95 % to"))
        said = tuple(
            (percent(each.said, 1), each.pairs, percent(each.true, 1), percent(each.low, 1), percent(each.high, 1))
            for each in test.calibration
        )
        sheet = Sheet(told.say(N_("Whether probabilities came true")), (), tuple(map(told.say, names)), said, (10, 10, 12, 10, 10))
        yield Shown(sheet, ("leads.calibration",) * 5)


def _notes(told: CaseTelling) -> Iterator[str]:
    linking = told.found.linking
    if linking.calibrated:
        text = N_("Learnt from {links} confirmed pairs among {pairs}; a pair of a series of n cases counts 1/(n-1) in learning.")
        yield told.say(text, links=linking.links, pairs=number(linking.pairs, 0))
    yield told.say(N_("Only cases are compared: where, when and how. A file with a column about suspects or offenders is refused."))
    yield told.say(N_("Cases that were solved teach; series that nobody ever solves may look different."))
    for finding in told.found.findings:
        yield finding.text(told.language)


def _data(told: CaseTelling) -> dict[str, Any]:
    found, test = told.found, told.found.test
    ids = found.cases.ids
    return {
        "cases": len(found.cases),
        "undecided_pairs": found.undecided,
        "calibrated": found.linking.calibrated,
        "pairs": [_pair_data(lead, ids) for lead in told.listed_leads],
        "series": [
            {"cases": [ids[at] for at in each.cases], "probability": each.probability, "confirmed": list(each.confirmed)}
            for each in found.series
        ],
        "test": None
        if test is None
        else {
            "pairs": test.pairs,
            "linked": int(test.linked.sum()),
            "base_rate": test.base_rate,
            "auc": test.auc,
            "average_precision": test.average_precision,
            "calibration": [
                {"said": each.said, "pairs": each.pairs, "true": each.true, "low": each.low, "high": each.high}
                for each in test.calibration
            ],
        },
    }


def _pair_data(lead: Lead, ids: Sequence[str]) -> dict[str, Any]:
    metres = None if math.isnan(lead.metres) else round(lead.metres, -2)
    probability = None if math.isnan(lead.probability) else lead.probability
    named = {"first": ids[lead.first], "second": ids[lead.second], "probability": probability, "log_odds": lead.log_odds}
    return {
        **named,
        "metres": metres,
        "days": lead.days,
        "reasons": dict(lead.reasons),
        "shared": [word for word, _ in lead.shared],
    }
