"""Stages 时间链: how long each part of a call's life takes, by priority and day span, and which calls are behind each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from qinwu.board import trail
from qinwu.board.access.roles import needs
from qinwu.board.in_force import InForce, in_force
from qinwu.board.oversight import stages as counting
from qinwu.board.oversight.tables import STAGES_TABLE
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.views.spans import asked_span, often, query_of, usual
from qinwu.board.views.tables import FORMAT_WORDS
from qinwu.board.views.task_lines import beat_names
from qinwu.board.words import STAMP_WORDS
from qinwu.findings import QinwuError
from qinwu.language import N_, Language, translate
from qinwu.report.figures.bars import swatch
from qinwu.report.figures.stages import COLOURS, Life, Part, life_strip, longest
from qinwu.report.open_months import FEWEST_FOR_NINE
from qinwu.station.stages import ACCEPTED, ALL, STAGES, stage_named

Rows = Mapping[tuple[str, int], Mapping[str, Any]]
"""Figures by stage and priority."""
WORDS: Mapping[str, str] = {
    "accept": N_("From the ring until the call was taken down"),
    "assign": N_("From taking it down until a crew was sent"),
    "dispatch": N_("From the ring until a crew was sent"),
    "acknowledge": N_("From sending until the crew acknowledged"),
    "turnout": N_("From acknowledging until it drove off"),
    "travel": N_("On the way, until the arrival"),
    "response": N_("From the ring until the first crew arrived"),
    "on_scene": N_("At the place, until the last crew was free"),
    "whole": N_("From the ring until the last crew was free"),
}
SHORT: Mapping[str, str] = {
    "accept": N_("until taken down"),
    "dispatch": N_("until sent"),
    "acknowledge": N_("until acknowledged"),
    "turnout": N_("until driving off"),
    "travel": N_("on the way"),
}
CHAIN_WORDS: Mapping[str, str] = {"received": STAMP_WORDS["received"], ACCEPTED: N_("taken down"), **STAMP_WORDS}
WHICH: Mapping[str, str] = {
    "all": N_("all of them"),
    "timed": N_("those with a time, the longest first"),
    "late": N_("those for which the promised time was over"),
    "lacking": N_("those without this stamp although a later one was given"),
    "no_start": N_("those with this stamp but not the one before"),
    "backwards": N_("those whose stamps run backwards"),
    "not_given": N_("those without this stamp and any later one"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A priority in the drawing: its number, its bar, and its row of the whole way to the arrival."""

    priority: int
    strip: SafeString
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A call behind a figure: its row, what it is about, its beat, when it came in, and its stamps as times ('' for none)."""

    row: Mapping[str, Any]
    about: str
    beat: str
    received: str
    stamps: list[tuple[str, str]]


@needs("see_board")
@require_GET
def stages(request: HttpRequest) -> HttpResponse:
    """Show the figures of a span of days, the last four weeks unless it is said."""
    force, language = in_force(), language_of(request)
    try:
        span, wrong = asked_span(request, force), []
    except QinwuError as error:
        span, wrong = usual(force), problems(error, language)
    found = counting.counted(force, *span.bounds(force.station.config.time_zone))
    rows = {(row["stage"], row["priority"]): row for row in found.table.iter_rows(named=True)}
    return render(
        request,
        "board/stages.html.j2",
        status=422 if wrong else 200,
        wrong=wrong,
        span=span,
        query=query_of(span),
        found=found,
        blocks=[(stage, WORDS[stage.name], [row for (name, _p), row in rows.items() if name == stage.name]) for stage in STAGES],
        drawn=_drawn(rows, language),
        legend=[(word, mark_safe(swatch(colour))) for word, colour in _shown(rows)],
        told=_told(rows),
        spans=often(force, with_record=True),
        longest=_longest_part(rows),
        formats=FORMAT_WORDS,
        table=STAGES_TABLE,
    )


def _told(rows: Rows) -> Mapping[str, Any] | None:
    """Return the row that the headline tells: the most urgent calls, all calls where those are too few for a share."""
    urgent = rows.get(("response", 1))
    return urgent if urgent and urgent["stamped"] >= FEWEST_FOR_NINE else rows.get(("response", ALL))


def _drawn(rows: Rows, language: Language) -> list[Drawn]:
    """Return the way to the arrival of all calls and of each priority as bars on one scale."""
    arrivals = [(priority, row) for (stage, priority), row in rows.items() if stage == "response" and row["timed"]]
    lives = [_life(rows, priority, row, language) for priority, row in arrivals]
    top = longest(lives)
    return [Drawn(priority, mark_safe(life_strip(life, top)), row) for (priority, row), life in zip(arrivals, lives, strict=True)]


def _life(rows: Rows, priority: int, row: Mapping[str, Any], language: Language) -> Life:
    parts = []
    for (name, word), colour in zip(SHORT.items(), COLOURS, strict=True):
        half = rows[name, priority]["since_median_s"]
        if half is not None:
            text = translate(N_("{part}: half of them within {minutes} min of the ring"), language)
            parts.append(Part(half / 60.0, text.format(part=translate(word, language), minutes=f"{half / 60.0:.1f}"), colour))
    nine = row["p90_s"] / 60.0
    said = translate(N_("nine in ten reached within {minutes} min"), language).format(minutes=f"{nine:.1f}")
    limit = row["limit_s"] / 60.0 if row["limit_s"] else None
    label = f"{parts[-1].tip}; {said}" if parts else said
    return Life(tuple(parts), nine, said, limit, label)


def _longest_part(rows: Rows) -> str:
    """Return which part of the way to the arrival is the longest for half of the most urgent calls, empty where none is known."""
    priority = 1 if ("response", 1) in rows else ALL
    # Sending includes taking down, which only the board knows of its own calls.
    known = [(rows[name, priority]["median_s"] or 0.0, name) for name in SHORT if (name, priority) in rows and name != "accept"]
    longest_s, name = max(known, default=(0.0, ""))
    return SHORT[name] if longest_s else ""


def _shown(rows: Rows) -> list[tuple[str, str]]:
    """Return the word and the colour of each part that is drawn."""
    there = {name for (name, _priority), row in rows.items() if row["timed"]}
    return [(word, colour) for (name, word), colour in zip(SHORT.items(), COLOURS, strict=True) if name in there]


@needs("see_board")
@require_GET
def stage_calls(request: HttpRequest, name: str) -> HttpResponse:
    """Show the calls behind a figure; looking at them is an entry."""
    force, language = in_force(), language_of(request)
    stage, which, asked = stage_named(name), request.GET.get("which", counting.EVERY), request.GET.get("priority", "0")
    if stage is None or which not in counting.CHOICES or asked not in ("0", "1", "2", "3", "4"):
        raise Http404
    priority = int(asked)
    try:
        span, wrong = asked_span(request, force), []
    except QinwuError as error:
        span, wrong = usual(force), problems(error, language)
    found = counting.behind(force, *span.bounds(force.station.config.time_zone), stage, priority, which)
    values = {"priority": priority, "which": which, "since": span.since, "until": span.until}
    trail.record(request.user.get_username(), "stages.view", name, **values)
    return render(
        request,
        "board/stage_calls.html.j2",
        status=422 if wrong else 200,
        wrong=wrong,
        stage=stage,
        word=WORDS[name],
        which=which,
        choices=WHICH,
        priority=priority,
        span=span,
        query=query_of(span),
        found=found,
        lines=[_line(force, row, language) for row in found.rows],
        stamps=CHAIN_WORDS,
    )


def _line(force: InForce, row: Mapping[str, Any], language: Language) -> Line:
    zone, known = force.station.config.time_zone, force.classes.get(row["call_class"])
    beat = beat_names(force, language).get(force.standing.beat_of_atom.get(row["atom"], ""), "")
    stamps = [(stamp, local(row[stamp], zone)) for stamp in CHAIN_WORDS if stamp != "received"]
    seen = local(row["received"], zone, "%Y-%m-%d %H:%M:%S")
    return Line(row, known.name.in_language(language) if known else row["call_class"], beat, seen, stamps)


ADDRESSES = [
    path("stages", stages, name="stages"),
    path("stages/<slug:name>", stage_calls, name="stage-calls"),
]
