"""A score sheet to be printed, read by whom it is about, objected to, and signed; and the rows behind its numbers."""

from __future__ import annotations

import polars as pl

from qinwu.judge.score.records import OBJECTIONS
from qinwu.judge.score.sheet import ScoredLine, ScoreSheet
from qinwu.language import N_
from qinwu.report.chapters.score_tables import said, shown
from qinwu.report.chapters.score_words import KINDS, Telling
from qinwu.report.chapters.targets_words import plain
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import NONE, number

MOST_EVIDENCE = 200
WIDTHS = (26, 8, 12, 14, 10, 8, 18, 60, 40, 18)


def printed(told: Telling, sheet: ScoreSheet) -> Sheet:
    """Return one sheet as it is printed: lines with number, rule and points, the sum, objections, and room to sign."""
    header = said(
        told, N_("Line"), N_("Kind"), N_("Value"), N_("Counted"), N_("Points"), N_("At most"), N_("State"),
        N_("How it comes about"), N_("Rule"), N_("Applied by"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (
            told.name(one), told.say(KINDS[one.line.kind]), told.value(one, own=True), told.out_of(one.raw), told.points(one),
            told.cap(one), told.status(one), told.explained(one), told.rule(one), one.line.applied_by,
        )
        for one in sheet.lines
    ]  # fmt: skip
    rows += [_wide(*row) for row in (*_sums(told, sheet), *_objections(told, sheet), *_signing(told, sheet))]
    name = told.say(N_("Score sheet {owner}"), owner=sheet.owner)
    return Sheet(name, tuple(_above(told, sheet)), header, tuple(rows), WIDTHS)


def _wide(first: str, second: str) -> tuple[Value, ...]:
    return first, None, None, None, second, None, None, None, None, None


def _above(told: Telling, sheet: ScoreSheet) -> list[str]:
    rules = told.scored.rules
    lines = [
        rules.name.in_language(told.language),
        told.say(
            N_("{owner} ({level}), {period}"),
            owner=told.owner(sheet.level, sheet.owner),
            level=told.level(sheet.level),
            period=sheet.period,
        ),
        told.stage(sheet),
    ]
    if rules.sample:
        lines.append(told.say(N_("The rules are a sample: nobody has decided on them.")))
    return [*lines, ""]


def _sums(told: Telling, sheet: ScoreSheet) -> list[tuple[str, str]]:
    rows = [(told.say(N_("Points of {possible} possible"), possible=plain(sheet.possible)), number(sheet.points, 1))]
    if (span := told.span(sheet)) != NONE:
        rows.append((told.say(N_("What the survey leaves")), span))
    if sheet.coefficient is not None:
        one = sheet.coefficient
        mark = told.say(N_(", a sample")) if one.sample else ""
        name = told.say(
            N_("Coefficient {factor} ({role}{mark})"), factor=f"{one.factor:g}", role=one.name.in_language(told.language), mark=mark
        )
        rows.append((name, number(sheet.weighted, 1)))
    return rows


def _objections(told: Telling, sheet: ScoreSheet) -> list[tuple[str, str]]:
    states = {"open": N_("not answered"), "upheld": N_("upheld by {by}"), "rejected": N_("rejected by {by}")}
    return [
        (
            told.say(N_("Objection {id}: {line}"), id=one.objection.id, line=told.name(one)),
            told.say(states[one.objection.state], by=one.objection.answered_by),
        )
        for one in sheet.lines
        if one.objection is not None
    ]


def _signing(told: Telling, sheet: ScoreSheet) -> list[tuple[str, str]]:
    there = {one.by: one.day.isoformat() for one in sheet.signed}
    rows = [
        (
            told.say(N_("Read by {owner}, on"), owner=told.owner(sheet.level, sheet.owner)),
            sheet.shown.isoformat() if sheet.shown else "",
        )
    ]
    return rows + [(told.say(N_("Signed by {post}, on"), post=post), there.get(post, "")) for post in sheet.signs]


def own_table(told: Telling, sheet: ScoreSheet) -> Shown:
    """Return the lines of one's own sheet, nothing left out."""
    whole = printed(told, sheet)
    keys = ("", "", *["score-number"] * 2, *["score-points"] * 2, "score-objection", "score-points")
    lines = [row[: len(keys)] for row in whole.rows[: len(sheet.lines)]]
    return shown(told.say(N_("My score sheet")), whole.header[: len(keys)], keys, lines)


def rules_table(told: Telling, sheet: ScoreSheet) -> Shown:
    """Return the rule behind every line, who applies it, and where it is from."""
    header = said(told, N_("Line"), N_("Kind"), N_("Applied by"), N_("Source"), N_("Rule"))
    rows = [
        (
            told.name(one),
            told.say(KINDS[one.line.kind]),
            one.line.applied_by,
            one.line.source.in_language(told.language),
            told.rule(one),
        )
        for one in sheet.lines
    ]
    return shown(told.say(N_("Rules of the lines")), header, ["" for _ in header], rows)


def evidence_table(told: Telling, sheet: ScoreSheet, line: ScoredLine) -> Shown | None:
    """Return the rows behind one number of one's own; None where there are none."""
    rows = told.scored.evidence(sheet, line)
    if rows is None or rows.is_empty():
        return None
    texts = rows.head(MOST_EVIDENCE).with_columns(pl.all().cast(pl.String).fill_null(""))
    kept = [name for name in texts.columns if any(texts[name])]
    name = told.say(N_("Rows behind – {line}"), line=told.name(line))
    text = N_("{count} rows, as the tables of the station have them; counted says which of them count. Something wrong? Object.")
    lead = told.say(text, count=len(rows))
    return shown(name, kept, ["" for _ in kept], list(texts.select(kept).iter_rows()), lead=lead, folded=True)


def how_to_object(told: Telling, sheet: ScoreSheet) -> str:
    """Return how one objects, and until when."""
    ids = told.speaker.listed([one.line.id for one in sheet.lines])
    text = N_(
        "To object, tell the clerk, who adds one row to {file}: number, {owner}, {period}, the line ({ids}), the reason. "
        "The line then counts as open, and nothing is final before a named post has answered."
    )
    when = (
        N_("You have {days} days from when you are shown the sheet.")
        if sheet.until is None
        else N_("You may object until {until}.")
    )
    said_when = told.say(when, days=sheet.objection_days, until=sheet.until or "")
    return told.speaker.sentences([told.say(text, file=OBJECTIONS, owner=sheet.owner, period=sheet.period, ids=ids), said_when])
