"""Beat targets: "is this feasible, was it counted?" for the targets an officer answers for (M9, M62, M66).

Beside the last period that is over stands the one that is not, as far as it has come: what was done today is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from qinwu.board.beat.evidence_words import rows_in_words
from qinwu.board.beat.so_far import Running, SoFar, running
from qinwu.board.in_force import InForce
from qinwu.judge.targets.card import Indicator
from qinwu.judge.targets.judging import Judged
from qinwu.language import Language
from qinwu.report.chapters.targets_words import Telling

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class TargetShown:
    """One target of one owner: value and what is asked, verdict and reasons, and the rows that were looked at."""

    name: str
    owner: str
    period: str
    value: str
    asked: str
    met: bool | None
    verdict: str
    refused: bool
    hours: str
    largest: str
    history: str
    control: str
    rule: str
    counted: int
    rows: int
    header: tuple[str, ...]
    evidence: tuple[tuple[str, ...], ...]
    so_far: SoFar | None
    so_far_value: str


def targets_of(force: InForce, judged: Judged, officer: str, beats: frozenset[str], language: Language) -> tuple[TargetShown, ...]:
    """Return the targets and minimums that an officer or the officer's beats answer for."""
    return tuple(_targets(judged, officer, beats, running(force), language))


def _targets(judged: Judged, officer: str, beats: frozenset[str], now: Running, language: Language) -> Iterator[TargetShown]:
    told = Telling(judged, language)
    for indicator in judged.counting:
        mine = {officer} if indicator.level == "officer" else beats if indicator.level == "beat" else frozenset()
        for owner in [one for one in judged.ledger.owners(indicator) if one in mine]:
            yield _target(judged, told, indicator, owner, now)


def _target(judged: Judged, told: Telling, indicator: Indicator, owner: str, now: Running) -> TargetShown:
    last = judged.measured.filter((pl.col("indicator") == indicator.id) & (pl.col("owner") == owner)).tail(1)
    value = last["value"][0] if len(last) else None
    period = str(last["period"][0]) if len(last) else ""
    rows = judged.ledger.evidence(indicator, owner, period) if period else pl.DataFrame()
    header, evidence = rows_in_words(now.force, rows.head(MOST_ROWS), told.language)
    latest = now.of(indicator, owner, told.language)
    asked = indicator.asked
    above = value is not None and asked is not None and (value >= asked if indicator.better == "more" else value <= asked)
    past = next((one for one in judged.history[indicator.id] if one.owner == owner), judged.history[indicator.id][0])
    return TargetShown(
        name=told.name(indicator),
        owner=told.owner(indicator, owner),
        period=period,
        value=told.figure(indicator, value),
        asked=told.asked(indicator),
        met=above if value is not None else None,
        verdict=told.verdict(indicator),
        refused=judged.refused(indicator),
        hours=told.hours(indicator),
        largest=told.largest(indicator),
        history=told.history(past),
        control=told.control(indicator),
        rule=indicator.rule(told.language),
        counted=int(rows["counted"].sum()) if "counted" in rows.columns else len(rows),
        rows=len(rows),
        header=header,
        evidence=evidence,
        so_far=latest,
        so_far_value=told.figure(indicator, latest.value) if latest else "",
    )
