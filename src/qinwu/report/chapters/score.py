"""Chapter of scores: number, rule, points and evidence; shown first to whom they are about; ranks no surer than the counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.score.scored import Scored
from qinwu.judge.score.sheet import ScoreSheet
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.score_drawings import funnels, naive_claim, places
from qinwu.report.chapters.score_print import evidence_table, how_to_object, own_table, printed, rules_table
from qinwu.report.chapters.score_tables import named, tables, told_parts, visible
from qinwu.report.chapters.score_words import Telling
from qinwu.report.chapters.targets_words import plain
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import number

ID = "score"
WHY = {
    "score-number": N_(
        "Numerator and denominator by the formula of the card, over the station's own tables, for this period. A rate is told with "
        "both, with its period and with the rule by which it is counted."
    ),
    "score-points": N_(
        "Points follow from the number by the written rule of the line, and from nothing else. Shares and rates that rest on fewer "
        "than 30 events are drawn to what all units have in common before the rule is applied. Base and bonus less deductions."
    ),
    "score-possible": N_(
        "Base points of the lines that have a number and are not objected to. What nobody could measure costs nobody."
    ),
    "score-survey": N_(
        "Interval of Wilson (1927) for the number of people asked, divided by the design effect; the rule applied to all values in "
        "it gives the fewest and the most points."
    ),
    "score-coefficient": N_(
        "Points times the coefficient of the officer's role. It recognises the work; the sum is not compared with others."
    ),
    "score-veto": N_("The condition of a veto is only proposed; it takes effect when the post that applies it has signed."),
    "score-objection": N_("A line objected to does not count before the objection is answered by a named post."),
    "score-funnel": N_(
        "Exact binomial or Poisson limits around what all units reach together (Spiegelhalter 2005). Where units differ more than "
        "chance as a whole, by the winsorised z-scores, the limits are widened by that."
    ),
    "score-rank": N_(
        "Simultaneous confidence sets for ranks (Mogstad, Romano, Shaikh & Wilhelm 2024): all pairs are tested at once, step by "
        "step, so that with 95 % certainty no set is wrong. With fewer than 30 events there is no rank."
    ),
    "score-shrunk": N_(
        "Empirical Bayes: the weight of a unit's own value grows with its events; the rest is what all units have in common "
        "(beta-binomial for shares, gamma-Poisson for rates), averaged over how alike they may be."
    ),
    "score-roll-up": N_(
        "What a beat adds is its numerator over the denominator of the station; the parts add up to the station exactly."
    ),
    "score-baseline": N_(
        "Against the same period of all earlier years together: the exact ratio of two Poisson counts, or the difference of two "
        "shares with Newcombe's interval (1998)."
    ),
}
SHOWN_CLAIMS = 2


def score_chapter(scored: Scored, language: Language) -> Chapter:
    """Return the scores of a station as a chapter.

    Sheets of officers who have not been shown theirs stand in it without points; the printed sheets that are to be handed to them
    are only in the workbook.

    Parameters
    ----------
    scored
        As :func:`qinwu.judge.score.scored.score_station` gives it.
    language
        In which it is told.
    """
    told = Telling(scored, language)
    drawings = (funnels(told, scored.leagues), places(told, scored.leagues))
    return Chapter(
        id=ID,
        title=_title(told),
        lead=tuple(_lead(told)),
        keys=tuple(_keys(told)),
        drawings=tuple(one for one in drawings if one is not None),
        tables=tables(told),
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told)),
        data=_data(scored),
        handed=tuple(printed(told, sheet) for sheet in scored.sheets),
    )


def own_score(scored: Scored, officer: str, language: Language) -> Chapter:
    """Return one officer's own sheet as a chapter: every number, its rule, the rows behind it, and how to object.

    Raises
    ------
    QinwuError
        Where the officer has no sheet.
    """
    told = Telling(scored, language)
    sheet = next((one for one in scored.sheets if one.level == "officer" and one.owner == officer), None)
    if sheet is None:
        known = [one.owner for one in scored.sheets if one.level == "officer"]
        message, remedy = N_("The officer {value} has no score sheet."), N_("Officers with one: {known}.")
        values = {"value": officer, "known": ", ".join(known), "guess": did_you_mean(officer, known)}
        raise QinwuError([Finding("no-sheet", "error", message, remedy, Place(), values)])
    by_indicator = {line.line.indicator: line for line in reversed(sheet.lines)}
    rows = (evidence_table(told, sheet, line) for line in reversed(by_indicator.values()))
    values = {"points": number(sheet.points, 1), "possible": plain(sheet.possible), "period": sheet.period}
    return Chapter(
        id=ID,
        title=told.say(
            N_("My score for {period}: {points} of {possible} points, not final")
            if sheet.stage != "final"
            else N_("My score for {period}: {points} of {possible} points"),
            **values,
        ),
        lead=(told.say(N_("This sheet: {stage}."), stage=told.stage(sheet)), how_to_object(told, sheet)),
        tables=named([own_table(told, sheet), rules_table(told, sheet), *(one for one in rows if one is not None)]),
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told)),
        data={"sheet": _sheet_data(sheet, own=True)},
        handed=(printed(told, sheet),),
    )


def _title(told: Telling) -> str:
    scored = told.scored
    sheets = [sheet for sheet in scored.sheets if sheet.level == "station"] or list(scored.sheets)
    first = sheets[0]
    values: dict[str, object] = {
        "period": scored.period,
        "owner": told.owner(first.level, first.owner),
        "points": number(first.points, 1),
    }
    values |= {"possible": plain(first.possible), "drafts": sum(not visible(sheet) for sheet in scored.sheets)}
    if len(sheets) > 1 and first.level == "station":
        values |= {"count": len(sheets), "low": number(min(one.points for one in sheets), 1)}
        text = N_("{count} stations have {low} to {high} points for {period}; not final before all were heard")
        return told.say(text, **values, high=number(max(one.points for one in sheets), 1))
    if not visible(first):
        return told.say(N_("Score sheets for {period}: {drafts} wait to be shown to the officers they are about"), **values)
    return told.say(
        N_("{owner} has {points} points for {period}, {possible} possible without bonus; not final before all were heard"),
        **values,
    )


def _lead(told: Telling) -> Iterator[str]:
    scored = told.scored
    stages = [sheet.stage for sheet in scored.sheets]
    counts = {"all": len(stages), "drafts": stages.count("draft"), "open": stages.count("objected"), "final": stages.count("final")}
    yield told.say(N_("{all} sheets: {drafts} drafts, {open} with an open objection, {final} final."), **counts)
    vetoes = sum(bool(sheet.vetoes) for sheet in scored.sheets if visible(sheet))
    if vetoes:
        yield told.say(N_("On {count} sheets the condition of a veto is met; it takes effect only with a signature."), count=vetoes)
    for league in scored.leagues[:SHOWN_CLAIMS]:
        yield naive_claim(told, league)


def _keys(told: Telling) -> Iterator[KeyFigure]:
    leagues = told.scored.leagues
    if leagues:
        beyond = sum(len(league.drawn.beyond) for league in leagues)
        units = sum(len(league.drawn.marks) for league in leagues)
        yield KeyFigure(
            told.say(N_("Differ by more than chance")),
            str(beyond),
            told.say(N_("of {all} numbers compared"), all=units),
            "score-funnel",
        )
        sure = sum(league.sure for league in leagues)
        yield KeyFigure(
            told.say(N_("Places that are sure")), str(sure), told.say(N_("of {all} in a plain ranking"), all=units), "score-rank"
        )


def _notes(told: Telling) -> Iterator[str]:
    scored = told.scored
    yield told.say(N_("Ranks give nobody points. Reference values and banned indicators are on no sheet."))
    if scored.rules.sample:
        yield told.say(N_("The rules of the score sheet are a sample: nobody has decided on them."))
    for name in dict.fromkeys(line.indicator for line in scored.rules.line if line.indicator):
        if scored.numbers.ledger.recorded(scored.numbers.ledger.card.of(name)):
            rule = scored.numbers.rule(name, told.language)
            yield told.say(N_("{indicator} is counted by: {rule}."), indicator=told.indicator(name), rule=rule)
    for source in dict.fromkeys(line.source.in_language(told.language) for line in scored.rules.line):
        lines = told.speaker.listed([line.id for line in scored.rules.line if line.source.in_language(told.language) == source])
        yield told.say(N_("Source of {lines}: {source}."), lines=lines, source=source)


def _data(scored: Scored) -> dict[str, Any]:
    """Return the chapter as plain data: no points of unseen drafts, no figure of fewer than five events."""
    leagues = []
    for one in scored.leagues:
        share = one.drawn.counts.chance == "share"
        marks = {mark.name: mark for mark in one.drawn.marks if (mark.exposure if share else mark.events) >= FEWEST}
        units = [
            {
                "unit": each.name, "value": each.value * one.scale, "naive": each.naive, "best": each.best, "worst": each.worst,
                "events": marks[each.name].events, "exposure": marks[each.name].exposure, "stand": marks[each.name].stand,
            }
            for each in one.ranks
            if each.name in marks
        ]  # fmt: skip
        spread = {"phi": one.drawn.spread.phi, "tau": one.drawn.spread.tau, "over": one.drawn.spread.over}
        leagues.append(
            {"indicator": one.indicator, "level": one.level, "target": one.drawn.target * one.scale, **spread, "units": units}
        )
    return {
        "period": scored.period,
        "sheets": [_sheet_data(sheet) for sheet in scored.sheets if visible(sheet)],
        "drafts": [sheet.owner for sheet in scored.sheets if not visible(sheet)],
        "leagues": leagues,
        "roll_ups": [
            {
                "indicator": one.indicator,
                "whole": one.whole,
                "value": one.value,
                "parts": [part._asdict() for part in told_parts(one)],
            }
            for one in scored.roll_ups
        ],
        "surveys": [
            {"area": one.area, "question": one.question, "n": one.n, "share": one.share, "low": one.span.low, "high": one.span.high}
            for one in scored.surveys
        ],
    }


def _sheet_data(sheet: ScoreSheet, *, own: bool = False) -> dict[str, Any]:
    lines = [
        {
            "line": one.line.id, "kind": one.line.kind, "points": one.points, "fewest": one.fewest, "most": one.most,
            "cap": one.cap, "status": one.status, "value": one.raw.value if one.raw and (own or one.raw.events >= FEWEST) else None,
        }
        for one in sheet.lines
    ]  # fmt: skip
    head = {"level": sheet.level, "owner": sheet.owner, "stage": sheet.stage, "points": sheet.points, "possible": sheet.possible}
    return {**head, "weighted": sheet.weighted, "vetoed": sheet.vetoed, "missing": list(sheet.missing), "lines": lines}
