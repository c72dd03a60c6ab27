"""Score lines: a sheet as the page shows it, every line with its number, rule, points, rows behind it, and what may be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qinwu.board.models import Objection
from qinwu.board.oversight.table_words import FIELDS
from qinwu.judge.score.scored import Scored
from qinwu.judge.score.sheet import ScoredLine, ScoreSheet
from qinwu.language import N_, Language, translate
from qinwu.report.chapters.score_print import evidence_table
from qinwu.report.chapters.score_words import KINDS, Telling
from qinwu.report.chapters.targets_words import plain
from qinwu.report.sheet import Sheet
from qinwu.report.words import number

FULL = 100.0
COLUMNS = {
    "day": N_("Day"),
    "file_row": N_("row of the file"),
    "counted": N_("rows that count"),
    "sector": N_("sector"),
    "officer": N_("officer"),
    "followed": N_("followed up"),
}
"""Columns of the rows behind a number, before those of the board's own tables."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line: words and figures ready to read; `share` is points of the most, 0 to 100, `low` and `high` its interval."""

    id: str
    name: str
    kind: str
    value: str
    counted: str
    points: str
    cap: str
    share: float
    low: float
    high: float
    takes: bool
    status: str
    state: str
    explained: str
    rule: str
    applied_by: str
    source: str
    evidence: Sheet | None
    rows: str
    objection: Objection | None


@dataclass(frozen=True)
class SheetShown:
    """A sheet: whose, its sum and stage in words, its lines; `open` says whether its officer may object now."""

    level: str
    owner: str
    name: str
    period: str
    points: str
    possible: str
    span: str
    weighted: str
    role: str
    stage: str
    state: str
    shown: str
    until: str
    days: int
    open: bool
    missing: tuple[str, ...]
    signed: tuple[tuple[str, str], ...]
    lines: tuple[LineShown, ...]
    vetoes: tuple[LineShown, ...]


def sheet_shown(scored: Scored, sheet: ScoreSheet, language: Language, *, own: bool) -> SheetShown:
    """Return a sheet as its own officer (`own`), or somebody else, reads it."""
    told = Telling(scored, language)
    lines = tuple(_lines(told, sheet, own=own))
    proposed = {one.line.id for one in sheet.lines if one.status == "proposed"}
    role = sheet.coefficient
    return SheetShown(
        level=told.level(sheet.level),
        owner=sheet.owner,
        name=told.owner(sheet.level, sheet.owner),
        period=sheet.period,
        points=number(sheet.points, 1),
        possible=plain(sheet.possible),
        span=told.span(sheet),
        weighted=number(sheet.weighted, 1) if role is not None else "",
        role=f"{role.name.in_language(language)} × {role.factor:g}" if role is not None else "",
        stage=sheet.stage,
        state=told.stage(sheet),
        shown=sheet.shown.isoformat() if sheet.shown else "",
        until=sheet.until.isoformat() if sheet.until else "",
        days=sheet.objection_days,
        open=sheet.until is not None and sheet.today <= sheet.until and sheet.stage in ("shown", "objected"),
        missing=sheet.missing if sheet.stage == "to_sign" else (),
        signed=tuple((one.by, one.day.isoformat()) for one in sheet.signed),
        lines=lines,
        vetoes=tuple(one for one in lines if one.id in proposed) if sheet.stage == "to_sign" else (),
    )


def _lines(told: Telling, sheet: ScoreSheet, *, own: bool) -> Iterator[LineShown]:
    kept = {}
    for each in Objection.objects.filter(period=sheet.period).order_by("at", "id"):
        if each.officer in (sheet.owner, told.scored.standing.officer_of_beat(sheet.owner)):
            kept[each.line] = each
    for one in sheet.lines:
        evidence = evidence_table(told, sheet, one)
        yield LineShown(
            id=one.line.id,
            name=told.name(one),
            kind=told.say(KINDS[one.line.kind]),
            value=told.value(one, own=own),
            counted=told.out_of(one.raw),
            points=told.points(one),
            cap=told.cap(one),
            share=_share(one, one.points),
            low=_share(one, one.fewest),
            high=_share(one, one.most),
            takes=one.line.kind == "deduction",
            status=one.status,
            state=told.status(one),
            explained=told.explained(one),
            rule=told.rule(one),
            applied_by=one.line.applied_by,
            source=one.line.source.in_language(told.language),
            evidence=in_words(evidence.sheet, told.language) if evidence is not None else None,
            rows=evidence.lead if evidence is not None else "",
            objection=kept.get(one.line.id),
        )


def in_words(sheet: Sheet, language: Language) -> Sheet:
    """Return rows of evidence with their columns in words where the board has some."""
    return replace(sheet, header=column_words(sheet.header, language))


def column_words(header: Sequence[str], language: Language) -> tuple[str, ...]:
    """Return what columns of the station's tables are called, their names where nobody gave a word."""
    return tuple(translate(COLUMNS.get(name) or FIELDS.get(name, name), language) for name in header)


def _share(line: ScoredLine, points: float) -> float:
    return FULL * points / line.cap if line.cap > 0.0 else 0.0
