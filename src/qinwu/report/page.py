"""Page: one self-contained HTML file; Chinese or English, for screen, phone and paper, without a single request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qinwu.language import Language
from qinwu.report.account import assumptions, circled, data_health, explanations, method
from qinwu.report.beat_maps import LOADS, MORE, WAITS, BeatMaps
from qinwu.report.charts import Charts
from qinwu.report.choice import HOURS, focus, ranking_key
from qinwu.report.closed_forms import BOUNDS, ClosedForms
from qinwu.report.described import describe
from qinwu.report.headlines import OWN_BEAT, with_overload
from qinwu.report.rendering import environment
from qinwu.report.report import Report
from qinwu.report.table import Cell, make_cell, make_table, shown_measures
from qinwu.report.titles import Titles
from qinwu.report.words import Speaker
from qinwu.report.writing import write_whole
from qinwu.simulate.measures.value import Key

CHART_MEASURES = (
    "response_curve",
    "response_clock",
    "officer_call_hours",
    "officer_duty_hours",
    "time_share",
    "fewer_than_two_free",
)


def write_html(path: Path, report: Report, language: Language) -> None:
    """Write the report as one HTML file.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    write_whole(path, render(report, language).encode("utf-8"))


def render(report: Report, language: Language) -> str:
    """Return the page as text."""
    return environment().get_template("report.html.j2").render(_context(report, language))


def _context(report: Report, language: Language) -> dict[str, Any]:
    """Return everything the template shows."""
    speaker, shown, table = Speaker(language), focus(report), make_table(report, language)
    measures = tuple(dict.fromkeys((*shown_measures(table), *CHART_MEASURES, *(bound.key.measure for bound in BOUNDS))))
    charts, titles = Charts(report, language), Titles(report, language)
    return {
        "_": speaker.say,
        "sentences": speaker.sentences,
        "language": language,
        "report": report,
        "station": report.station.config.name.in_language(language),
        "circled": circled,
        "names": [report.name(at, language) for at in range(len(report.systems))],
        "focus": shown,
        "headline": with_overload(report, language),
        "keys": [_keys(report, speaker, at) for at in range(len(report.systems))],
        "table": table,
        "charts": charts,
        "titles": titles,
        **_maps(BeatMaps(report, language), titles),
        "promise": report.station.config.policy.limit_min.get(1),
        "descriptions": describe(report, language),
        "assumptions": assumptions(report, language),
        "health": data_health(report, language),
        "closed": ClosedForms(report, language),
        "method": list(method(report, language)),
        "explanations": explanations(language, measures),
        "why": {each.id: [each.name, each.how] for each in explanations(language, measures)},
    }


def _keys(report: Report, speaker: Speaker, at: int) -> list[Cell]:
    """Return the key numbers of one system."""
    return [make_cell(report, speaker, at, key) for key in key_figures(report) if report.has(key)]


def key_figures(report: Report) -> tuple[Key, ...]:
    """Return the figures at the top of the page: what people wait, what was promised, the partner, the beat, and the price."""
    return (
        ranking_key(report),
        Key("within_limit", "all", "all", "share"),
        Key("full_crew_s", "all", "all", "p90"),
        OWN_BEAT,
        HOURS,
    )


def _maps(maps: BeatMaps, titles: Titles) -> dict[str, Any]:
    """Return the maps, nothing where no system has beats."""
    if not maps.possible:
        return {"maps": [], "more_maps": [], "outlines": "", "ruler": ""}
    names = maps.names(0)
    heads = (titles.waits(maps.values(0, WAITS), names), titles.loads(maps.loads(0), names))
    return {
        "maps": list(zip(heads, (maps.maps(WAITS), maps.maps(LOADS)), strict=True)),
        "more_maps": [maps.maps(subject) for subject in MORE],
        "outlines": maps.outlines,
        "ruler": maps.ruler(),
    }
