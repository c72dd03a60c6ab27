"""Leads: pairs of calls that may belong together, what is alike in them, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.dispatch import decided as deciding
from qinwu.board.dispatch import leads as finding
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Link
from qinwu.board.pages import language_of, local, problems, render
from qinwu.findings import QinwuError
from qinwu.forecast.leads.case_leads import Lead
from qinwu.language import N_
from qinwu.report.chapters import leads as series_words
from qinwu.report.chapters import leads_calls as repeat_words
from qinwu.report.chapters.leads_words import duplicate_words, lead_words, percent, times
from qinwu.report.words import Speaker

SHOWN_TIME = "%m-%d %H:%M"
SHOWN = 20
ENTERED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LeadLine:
    """Two calls to decide about, told in words."""

    one: Call
    two: Call
    names: tuple[str, str]
    at: tuple[str, str]
    probability: str
    wide: float
    words: str
    factors: tuple[tuple[str, str], ...]


@needs("see_board")
@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """Show the pairs of calls that may belong together, and what was decided so far."""
    return _leads(request, [])


def _leads(request: HttpRequest, wrong: list[str], status: int = 200) -> HttpResponse:
    force, at, language = in_force(), now(), language_of(request)
    found, speaker = finding.find(force, at), Speaker(language)
    numbers = {number for pair in (*found.repeats, *found.series) for number in (pair.one, pair.two)}
    calls = {call.number: call for call in Call.objects.filter(number__in=numbers)}
    zone = force.station.config.time_zone
    held = deciding.held()
    return render(
        request,
        "board/leads.html.j2",
        status=status,
        wrong=wrong,
        repeats=[_lead_line(force, pair, calls, speaker) for pair in found.repeats],
        series=[_lead_line(force, pair, calls, speaker) for pair in found.series],
        incidents=[(group, percent(group.probability)) for group in found.incidents],
        found=found,
        told=[one.text(language) for one in found.told],
        decided=[_decided_line(link, zone) for link in Link.objects.select_related("one", "two")[:SHOWN]],
        kinds=deciding.KINDS,
        held=held,
        shares={name: percent(getattr(held, name)) for name in ("low", "high")}
        | {"confirmed": percent(held.confirmed / held.decided) if held.decided else "", "said": percent(held.said or 0.0)},
        entered=deciding.entered_twice(at - ENTERED_WITHIN),
        days={"entered": ENTERED_WITHIN.days, "repeats": finding.REPEATS_WITHIN.days, "series": finding.SERIES_WITHIN.days},
        lacking=finding.lacking_to_learn(),
        why={"repeats": repeat_words.WHY["duplicates.probability"], "series": series_words.WHY["leads.probability"]},
    )


def _decided_line(link: Link, zone: str) -> tuple[Link, str, str]:
    return link, deciding.KINDS.get(link.kind, link.kind), local(link.at, zone, SHOWN_TIME)


def _lead_line(force: InForce, pair: finding.Pair, calls: Mapping[str, Call], speaker: Speaker) -> LeadLine:
    one, two = calls[pair.one], calls[pair.two]
    zone = force.station.config.time_zone
    names = tuple(force.classes[call.call_class].name.in_language(speaker.language) for call in (one, two))
    probability = percent(pair.probability) if pair.probability is not None else ""
    wide = 100.0 * pair.probability if pair.probability is not None else 0.0
    words, factors = _evidence(pair.evidence, (names[0], names[1]), speaker)
    at = tuple(local(call.received, zone, SHOWN_TIME) for call in (one, two))
    return LeadLine(one, two, (names[0], names[1]), (at[0], at[1]), probability or times_words(pair), wide, words, factors)


def times_words(pair: finding.Pair) -> str:
    """Return by how many times the likeness of a pair is rarer than chance."""
    return f"×{pair.times:.0f}" if pair.times >= 10.0 else f"×{pair.times:.1f}"


def _evidence(evidence: Any, names: tuple[str, str], speaker: Speaker) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what is alike in a sentence, and by what each reason multiplies the odds."""
    reasons = evidence.reasons
    if isinstance(evidence, Lead):
        told = lead_words(_named(evidence, names[0]), speaker)
        parts = (
            (N_("by place"), reasons["distance"] + reasons["nearness"]),
            (N_("by days"), reasons["days"]),
            (N_("by hours"), reasons["hour"] + reasons["weekday"]),
            (N_("by class"), reasons["method"]),
        )
    else:
        told = duplicate_words(evidence, names, speaker)
        parts = (
            (N_("by place"), reasons["distance"]),
            (N_("by minutes"), reasons["minutes"]),
            (N_("by class"), reasons["class"] + reasons["rarity"]),
            (N_("by quiet place"), reasons["quiet"]),
        )
    return told, tuple((speaker.say(name), times(value)) for name, value in parts)


def _named(lead: Lead, name: str) -> Lead:
    """Return a lead whose shared word, the class of calls, is the name that people know."""
    return replace(lead, shared=tuple((name, share) for _word, share in lead.shared))


@needs("publish")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Keep what somebody decided about two calls."""
    one, two = (get_object_or_404(Call, number=request.POST.get(name, "")) for name in ("one", "two"))
    found = finding.find(in_force(), now())
    said = {frozenset((pair.one, pair.two)): pair.probability for pair in (*found.series, *found.repeats)}
    try:
        probability = said.get(frozenset((one.number, two.number)))
        by, reason = request.user.get_username(), request.POST.get("reason", "")
        deciding.decide(one, two, request.POST.get("kind", ""), by, probability, reason)
    except QinwuError as error:
        return _leads(request, problems(error, language_of(request)), status=409)
    return redirect("leads")


@needs("publish")
@require_GET
def confirmed(request: HttpRequest) -> HttpResponse:
    """Give the decided pairs as ``qinwu leads --confirmed`` reads them."""
    memory = BytesIO()
    table = deciding.confirmed_table(language_of(request))
    table.write_csv(memory, include_bom=True)
    trail.record(request.user.get_username(), "lead.export", "", rows=len(table))
    answer = HttpResponse(memory.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="confirmed.csv"'
    return answer


ADDRESSES = [
    path("leads", leads, name="leads"),
    path("leads/decide", decide, name="decide-lead"),
    path("leads/confirmed.csv", confirmed, name="confirmed-leads"),
]
