"""Score lines: a sheet as the page shows it, every line with its number, rule, points, rows behind it, and what may be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from qinwu.board.beat.evidence_words import cell_words, column_words
from qinwu.board.beat.so_far import SoFar, running
from qinwu.board.in_force import InForce
from qinwu.board.models import Objection
from qinwu.judge.score.scored import Scored
from qinwu.judge.score.sheet import ScoredLine, ScoreSheet
from qinwu.language import Language
from qinwu.report.chapters.score_print import evidence_table
from qinwu.report.chapters.score_words import KINDS, Telling
from qinwu.report.chapters.targets_words import plain
from qinwu.report.sheet import Sheet
from qinwu.report.words import number

FULL = 100.0


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
    so_far: SoFar | None
    so_far_value: str


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


def sheet_shown(force: InForce, scored: Scored, sheet: ScoreSheet, language: Language, *, own: bool) -> SheetShown:
    """Return a sheet as its own officer (`own`), or somebody else, reads it."""
    told = Telling(scored, language)
    lines = tuple(_lines(force, told, sheet, own=own))
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


def _lines(force: InForce, told: Telling, sheet: ScoreSheet, *, own: bool) -> Iterator[LineShown]:
    kept = {}
    for each in Objection.objects.filter(period=sheet.period).order_by("at", "id"):
        if each.officer in (sheet.owner, told.scored.standing.officer_of_beat(sheet.owner)):
            kept[each.line] = each
    told_of: set[str] = set()
    for one in sheet.lines:
        evidence = evidence_table(told, sheet, one)
        latest = _so_far(force, told, sheet, one) if own and one.line.indicator not in told_of else None
        told_of.add(one.line.indicator)
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
            evidence=in_words(force, evidence.sheet, told.language) if evidence is not None else None,
            rows=evidence.lead if evidence is not None else "",
            objection=kept.get(one.line.id),
            so_far=latest,
            so_far_value=_figure(told, one, latest),
        )


def _so_far(force: InForce, told: Telling, sheet: ScoreSheet, line: ScoredLine) -> SoFar | None:
    """Return what is counted for a line in the period that is not over; None for lines without an indicator."""
    if not line.line.indicator:
        return None
    indicator = told.scored.numbers.indicator(line.line.indicator, sheet.level)
    return running(force).of(indicator, sheet.owner, told.language)


def _figure(told: Telling, line: ScoredLine, latest: SoFar | None) -> str:
    if latest is None or latest.value is None:
        return ""
    unit = told.scored.numbers.ledger.card.of(line.line.indicator).unit.in_language(told.language)
    return told.speaker.with_unit(plain(latest.value), unit)


def in_words(force: InForce, sheet: Sheet, language: Language) -> Sheet:
    """Return rows of evidence with their columns and cells in words where the board has some."""
    rows = tuple(cell_words(force, sheet.header, row, language) for row in sheet.rows)
    return replace(sheet, header=column_words(sheet.header, language), rows=rows)


def _share(line: ScoredLine, points: float) -> float:
    return FULL * points / line.cap if line.cap > 0.0 else 0.0
