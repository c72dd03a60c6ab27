"""Claims as plain data, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qinwu.judge.claims.checking import Account, Checked
from qinwu.judge.claims.crossing import RateTold, SameThing, StationTold
from qinwu.judge.claims.figures import Figure
from qinwu.judge.claims.implied import Span
from qinwu.judge.claims.rates import Ranked, Rate
from qinwu.judge.claims.trying import Tried
from qinwu.language import LANGUAGES
from qinwu.report.rendering import program_version
from qinwu.station.config import Text

SCHEMA = 1
"""Rises when a key changes its meaning or goes."""


def as_data(account: Account, tried: Sequence[Tried] = ()) -> dict[str, Any]:
    """Return everything found; shares and relative changes as fractions, null where nothing follows."""
    return {
        "schema": SCHEMA,
        "qinwu": program_version(),
        "title": _text(account.claims.title),
        "grades": account.grades(),
        "claims": [_checked(each) for each in account.checked],
        "parts": [
            {"part": pair.part.id, "whole": pair.whole.id, "before": _span(pair.before), "after": _span(pair.after),
             "comparable": pair.comparable, "fits": pair.fits}
            for pair in account.parts
        ],
        "same": [_same(each) for each in account.same],
        "rates": [_rate(each) for each in account.rates],
        "series": [
            {"id": series.table.id, "segments": [
                {"points": [_rate_data(rate) for rate, _ in part.points], "ratio": _span(part.ratio)} for part in series.segments
            ]}
            for series in account.series
        ],
        "leagues": [{"id": each.table.id, "rows": [_ranked(row) for row in each.rows]} for each in account.leagues],
        "stations": [_station(each) for each in account.stations],
        "tried": [_tried(each) for each in tried],
    }  # fmt: skip


def _checked(each: Checked) -> dict[str, Any]:
    claim, compared = each.claim, each.contrast
    return {
        "id": claim.id,
        "name": _text(claim.name),
        "text": _text(claim.text),
        "kind": claim.kind,
        "value": _figure(claim.value),
        "change": _figure(claim.change),
        "before": _span(each.base),
        "before_implied": claim.base_implied,
        "ratio": None if compared is None else _span(compared.ratio),
        "points": None if compared is None or claim.kind != "share" else _span(compared.points),
        "pace_a_year": each.pace,
        "years": claim.years,
        "unit": _text(claim.unit),
        "period": claim.period,
        "place": _text(claim.place),
        "grade": each.grade,
        "verdict": each.verdict,
        "weaknesses": list(each.weaknesses),
        "source": {"text": _text(claim.source.text), "kind": claim.source.kind, "mark": claim.source.mark},
        "mechanisms": list(claim.mechanisms),
        "yardstick": claim.yardstick,
    }


def _same(group: SameThing) -> dict[str, Any]:
    return {"about": group.about, "claims": [claim.id for claim in group.claims], "agree": group.agree}


def _ranked(row: Ranked) -> dict[str, Any]:
    return {"name": row.name, "rank": row.rank, "best": row.best, "worst": row.worst, **_rate_data(row.rate)}


def _rate(told: RateTold) -> dict[str, Any]:
    refused = {"refused": [finding.code for finding in told.refused], "too_small": [claim.id for claim in told.too_small]}
    return {"id": told.table.id, **refused, "rate": None if told.rate is None else _rate_data(told.rate)}


def _rate_data(rate: Rate) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "per": rate.per,
        "period": rate.period,
        "recording_rule": rate.recording_rule,
        "rate": _span(rate.span),
    }


def _station(told: StationTold) -> dict[str, Any]:
    table = told.table
    covers = [cover for cover in (told.cover, told.cover_then) if cover is not None]
    return {
        "id": table.id,
        "command": table.command,
        "office": table.office,
        "front": table.front,
        "total": told.total,
        "shares": [
            {"claim": each.claim.id, "share": each.figure.value, "giving": [heads.people for heads in each.giving],
             "nearest": [heads.people for heads in each.nearest]}
            for each in told.looked
        ],
        "cover": [
            {"front": cover.front, "crew": cover.crew, "needed": cover.needed, "gross": cover.gross, "net": cover.net,
             "feasible": cover.feasible}
            for cover in covers
        ],
    }  # fmt: skip


def _tried(tried: Tried) -> dict[str, Any]:
    figures = [
        {
            **key._asdict(),
            "before": list(found.current),
            "after": list(found.other),
            "change": list(found.change),
            "verdict": found.verdict,
        }
        for key, found in tried.figures
    ]
    names = {"sample": _text(tried.sample), "before": _text(tried.before), "after": _text(tried.after)}
    return {"claim": tried.claim, **names, "replications": tried.replications, "seed": tried.seed, "figures": figures}


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    return None if figure is None else {"value": figure.value, "low": figure.low, "high": figure.high, "written": figure.written}


def _span(span: Span | None) -> dict[str, float] | None:
    return None if span is None else span._asdict()


def _text(text: Text) -> dict[str, str]:
    return {language: text.in_language(language) for language in LANGUAGES}
