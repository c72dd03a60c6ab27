"""Decided: what people said about two calls, once and by name; which calls belong together by that, and whether the leads held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction
from django.db.models import Q

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.dispatch import calls as keeping
from qinwu.board.models import Call, Link
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.score.survey import wilson
from qinwu.language import N_, Language
from qinwu.station.guards import long_number_in, person_in

KINDS: dict[str, str] = {
    "duplicate": N_("one incident, told twice"),
    "series": N_("one series"),
    "none": N_("nothing to do with each other"),
}
REASON = 200
HEADERS = {
    "zh": ("案件一", "案件二", "是否串并", "确认民警", "确认理由"),
    "en": ("First case", "Second case", "Belong together", "Decided by", "Reason given"),
}
"""Headers that ``qinwu leads --confirmed`` reads."""
SAID = {"zh": ("是", "否"), "en": ("yes", "no")}


def decide(one: Call, two: Call, kind: str, by: str, probability: float | None, reason: str = "") -> Link:
    """Keep what somebody decided about two calls, once; a call told twice leaves the queue where no crew was sent to it.

    Raises
    ------
    QinwuError
        Somebody has decided about them already, or something is wrong with what was typed.
    """
    if kind not in KINDS or one.pk == two.pk:
        raise _refused("unknown-decision", "kind", N_("Nothing was decided."), N_("Choose one of the three."))
    _check_reason(reason)
    first, second = sorted((one, two), key=lambda call: call.pk)
    with transaction.atomic():
        trail.lock()
        known = Link.objects.filter(one=first, two=second).first()
        if known is not None:
            message = N_("{by} has decided about these two calls already.")
            raise _refused("decided", "kind", message, N_("Load the page again."), by=known.by)
        link = Link.objects.create(
            one=first, two=second, kind=kind, probability=probability, by=by, at=now(), reason=reason[:REASON]
        )
        trail.record(by, "lead.decide", first.number, two=second.number, kind=kind, probability=probability, reason=link.reason)
        if kind == "duplicate":
            earlier, later = sorted((one, two), key=lambda call: (call.received, call.pk))
            _merge(earlier, later, by)
    return link


def _check_reason(reason: str) -> None:
    number, person = long_number_in(reason), person_in(reason)
    if number or person:
        message = N_("“{words}” speaks of a person.")
        raise _refused(
            "about-person", "reason", message, N_("Say what is alike in place, time and method."), words=number or person
        )


def _merge(earlier: Call, later: Call, by: str) -> None:
    """Count the later of two calls about one incident as its repeat; one that a crew was sent to stays a call of its own."""
    of = earlier.same_as or earlier
    later.refresh_from_db()
    if later.same_as is not None or later.sendings.exists() or of.pk == later.pk:
        return
    if later.closed is None:
        keeping.repeats(later, of, by)
    else:
        later.same_as = of
        later.save(update_fields=["same_as"])
        trail.record(by, "call.repeats", later.number, of=of.number)


def _refused(code: str, key: str, message: str, remedy: str, **values: object) -> QinwuError:
    return QinwuError([Finding(code, "error", message, remedy, Place(key=key), values)])


@dataclass(frozen=True, slots=True)
class Together:
    """A call that belongs to another: which, and as what."""

    call: Call
    kind: str


def together_with(call: Call) -> list[Together]:
    """Return the calls that people confirmed to belong with a call, directly or by way of others, by time."""
    found: dict[int, Together] = {}
    edge = {call.pk}
    while edge:
        reached = list(_next_to(edge))
        edge = {one.call.pk for one in reached if one.call.pk != call.pk} - found.keys()
        for one in reached:
            if one.call.pk in edge:
                found.setdefault(one.call.pk, one)
    return sorted(found.values(), key=lambda one: (one.call.received, one.call.pk))


def _next_to(keys: set[int]) -> Iterator[Together]:
    said = Link.objects.exclude(kind="none").filter(Q(one__in=keys) | Q(two__in=keys)).select_related("one", "two")
    for link in said:
        yield from (Together(call, link.kind) for call in (link.one, link.two) if call.pk not in keys)
    first = Call.objects.filter(pk__in=keys, same_as__isnull=False).values("same_as")
    for repeat in Call.objects.filter(Q(same_as__in=keys) | Q(pk__in=first)):
        yield Together(repeat, "duplicate")


@dataclass(frozen=True, slots=True)
class Held:
    """How the leads held that somebody decided about.

    Parameters
    ----------
    decided, confirmed, low, high
        How many, how many of them belong together, and the 95 % interval of that share (Wilson).
    said
        Mean probability told for those that had one; None where none had.
    by_kind
        Decisions by kind.
    """

    decided: int
    confirmed: int
    low: float
    high: float
    said: float | None
    by_kind: dict[str, int]


def held() -> Held:
    """Return how the leads held so far."""
    rows = list(Link.objects.values_list("kind", "probability"))
    confirmed = sum(kind != "none" for kind, _said in rows)
    low, high = wilson(confirmed / len(rows), len(rows)) if rows else (0.0, 1.0)
    said = [probability for _kind, probability in rows if probability is not None]
    by_kind = {name: sum(kind == name for kind, _said in rows) for name in KINDS}
    return Held(len(rows), confirmed, low, high, sum(said) / len(said) if said else None, by_kind)


@dataclass(frozen=True, slots=True)
class Entered:
    """How many calls were entered since a day, how many of them a second time, and to how many of those a crew had gone (M17)."""

    calls: int
    twice: int
    with_crew: int


def entered_twice(since: datetime) -> Entered:
    """Return how many calls were entered twice."""
    calls = Call.objects.filter(received__gte=since)
    again = set(calls.filter(same_as__isnull=False).values_list("pk", flat=True))
    for link in Link.objects.filter(kind="duplicate").select_related("one", "two"):
        later = max((link.one, link.two), key=lambda call: (call.received, call.pk))
        if later.received >= since:
            again.add(later.pk)
    sent = Call.objects.filter(pk__in=again, sendings__isnull=False).distinct().count()
    return Entered(calls.count(), len(again), sent)


def confirmed_table(language: Language) -> pl.DataFrame:
    """Return the decided pairs as ``qinwu leads --confirmed`` reads them; calls about one incident teach nothing about series."""
    rows = Link.objects.exclude(kind="duplicate").order_by("pk").values_list("one__number", "two__number", "kind", "by", "reason")
    yes, no = SAID[language]
    told = [(one, two, yes if kind == "series" else no, by, reason) for one, two, kind, by, reason in rows]
    return pl.DataFrame(told, schema=dict.fromkeys(HEADERS[language], pl.String()), orient="row")
