"""Data: the whole comparison as JSON, for programs. Equal comparisons give equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qinwu.findings import QinwuError
from qinwu.language import LANGUAGES, Language
from qinwu.report.closed_forms import Check, checks, reasons_of
from qinwu.report.headlines import headline
from qinwu.report.plain_json import plain, write_plain_json
from qinwu.report.report import Report
from qinwu.report.small_cells import FEWEST
from qinwu.report.tidy import difference_table, figure_table
from qinwu.simulate.outcome import catalogue

SCHEMA = 1
"""Rises when a key changes its meaning or goes."""


def write_json(path: Path, report: Report) -> None:
    """Write the comparison as JSON: what was compared, the headline in all languages, every figure and every difference.

    Figures stand in the units of the outcome table (``unit``); null where there is none or too few calls to tell.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    write_plain_json(path, as_data(report))


def as_data(report: Report) -> dict[str, Any]:
    """Return the comparison as plain data."""
    comparison, name = report.comparison, report.station.config.name
    data = {
        "schema": SCHEMA,
        "qinwu": report.version,
        "station": {language: name.in_language(language) for language in LANGUAGES},
        "synthetic": report.synthetic,
        "systems": [
            {"id": outcome.system, **{language: report.name(at, language) for language in LANGUAGES}}
            for at, outcome in enumerate(report.outcomes)
        ],
        "current": report.outcomes[0].system,
        "calls": comparison.mode,
        "seed": comparison.seed,
        "weeks": comparison.weeks,
        "replications": comparison.replications,
        "asked": comparison.asked,
        "interrupted": comparison.interrupted,
        "headline": {language: headline(report, language) for language in LANGUAGES},
        "fewest_calls_told": FEWEST,
        "figures": figure_table(report).to_dicts(),
        "differences": difference_table(report).to_dicts(),
        "closed_form": [_check(report, check) for check in checks(report)],
        "without_closed_form": _without_closed_form(report),
        "inputs": [{"file": file, "sha256": digest} for file, digest in report.inputs],
    }
    return dict(plain(data))


def _check(report: Report, check: Check) -> dict[str, Any]:
    """Return a figure told twice, in the unit of the outcome table; reasons by kind, and in words."""
    mean, low, high = check.simulated
    return {
        "system": report.outcomes[check.at].system,
        **check.key._asdict(),
        "unit": catalogue()[check.key.measure].unit,
        "simulated": mean,
        "low": low,
        "high": high,
        "closed_form": check.closed,
        "difference": check.difference,
        "bound": check.bound,
        "within": check.within,
        "reasons": [reason.kind for reason in check.reasons],
        "explained": {language: list(reasons_of(check, language)) for language in LANGUAGES},
    }


def _without_closed_form(report: Report) -> list[dict[str, str]]:
    """Return the systems that no closed form could be worked out for, and why."""
    return [
        {"system": outcome.system, **{language: _told(error, language) for language in LANGUAGES}}
        for outcome, error in zip(report.outcomes, report.analyses, strict=True)
        if isinstance(error, QinwuError)
    ]


def _told(error: QinwuError, language: Language) -> str:
    return " ".join(finding.text(language) for finding in error.findings)
