"""Leads: calls of the last days that may be about one incident or one series, likeliest first, and what is alike in them.

Calls are compared with calls, by place, time and class, never persons with persons. A lead changes nothing: a named person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, isfinite, log
from threading import Lock

import numpy as np
import polars as pl
from django.db.models import Count

from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Link
from qinwu.findings import Finding, QinwuError
from qinwu.forecast.leads.case_leads import Lead, link_cases
from qinwu.forecast.leads.cases import Cases, Labels
from qinwu.forecast.leads.duplicates import SAME_FROM, DuplicatePair, pairs_among
from qinwu.forecast.leads.grouping import groups
from qinwu.forecast.leads.linking import LEAST_GROUPS, LEAST_LINKS
from qinwu.forecast.leads.placed_calls import PlacedCalls, calls_of
from qinwu.language import N_

REPEATS_WITHIN, SERIES_WITHIN = timedelta(days=7), timedelta(days=60)
CRIMES = "enforcement"
"""Kind of the classes of calls of which several may be one series."""
FROM_RECORD = 1_500
"""Latest such calls of the station's record, which teach how rare it is that two lie so close."""
MOST = 20
LEAST_TIMES = 5.0
"""Without a probability, a pair is named from so many times rarer than chance on."""
FIRST_MONDAY = datetime(1970, 1, 5)


_LOCK = Lock()
_LAST: list[tuple[InForce, object, Found]] = []


@dataclass(frozen=True, slots=True)
class Pair:
    """Two calls to look at, the earlier first.

    Parameters
    ----------
    one, two
        Their numbers.
    probability
        That they belong together; None where nothing confirmed can say.
    times
        By how many times their likeness is rarer than chance, where there is no probability.
    evidence
        What was found alike, as the room of forecasts tells it.
    """

    one: str
    two: str
    probability: float | None
    times: float
    evidence: Lead | DuplicatePair


@dataclass(frozen=True, slots=True)
class Group:
    """Calls that look like one incident, in order of time, with the mean probability of their pairs."""

    calls: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Found:
    """What is found among the calls of the last days.

    Parameters
    ----------
    repeats, incidents
        Pairs that may be one incident, and the groups they make.
    series
        Pairs that may be one series.
    calibrated
        Whether enough is confirmed for the probability of a series.
    compared, from_record
        How many calls of the board were compared for series, and how many of the record stood beside them.
    told
        Why a list is empty.
    """

    repeats: tuple[Pair, ...]
    incidents: tuple[Group, ...]
    series: tuple[Pair, ...]
    calibrated: bool
    compared: int
    from_record: int
    told: tuple[Finding, ...]


def find(force: InForce, at: datetime) -> Found:
    """Return the pairs that nobody has decided about, likeliest first; looked for again after any change, and hourly."""
    known = Call.objects.aggregate(calls=Count("pk"), repeats=Count("same_as"))
    last = Call.objects.order_by("-pk").values_list("key", flat=True).first()
    mark = (*known.values(), last, Link.objects.count(), at.replace(minute=0, second=0, microsecond=0))
    with _LOCK:
        if not _LAST or _LAST[0][0] is not force or _LAST[0][1] != mark:
            _LAST[:] = [(force, mark, _find(force, at))]
        return _LAST[0][2]


def _find(force: InForce, at: datetime) -> Found:
    decided = _decided()
    repeats, incidents, no_repeats = _repeats(force, at, decided)
    series, calibrated, compared, beside, no_series = _series(force, at)
    return Found(repeats, incidents, series, calibrated, compared, beside, (*no_repeats, *no_series))


def _decided() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in Link.objects.values_list("one__number", "two__number"))


def _repeats(
    force: InForce, at: datetime, decided: frozenset[frozenset[str]]
) -> tuple[tuple[Pair, ...], tuple[Group, ...], tuple[Finding, ...]]:
    if force.duplicates is None:
        message = N_("The station's record is too short to say how likely two calls are one incident.")
        return (), (), (Finding("nothing-learnt", "note", message, N_("Put the calls of past months into the station's folder.")),)
    kept = list(
        _known(force, Call.objects.filter(received__gte=at - REPEATS_WITHIN, same_as__isnull=True).exclude(origin="officer"))
    )
    placed = _placed(force, kept)
    pairs = pairs_among(placed, force.duplicates)
    open_ones = [one for one in pairs if frozenset((placed.ids[one.first], placed.ids[one.second])) not in decided]
    first, second = (np.array([getattr(one, name) for one in open_ones], dtype=np.int64) for name in ("first", "second"))
    tied = groups(first, second, np.array([one.probability for one in open_ones], dtype=np.float64), SAME_FROM)
    together = tuple(_group(members, placed, open_ones) for members in tied if len(members) > 2)
    named = tuple(Pair(placed.ids[one.first], placed.ids[one.second], one.probability, 1.0, one) for one in open_ones[:MOST])
    return named, together, ()


def _group(members: tuple[int, ...], placed: PlacedCalls, pairs: Sequence[DuplicatePair]) -> Group:
    inside = [one.probability for one in pairs if one.first in members and one.second in members]
    return Group(tuple(placed.ids[at] for at in members), sum(inside) / (len(members) * (len(members) - 1) / 2))


def _series(force: InForce, at: datetime) -> tuple[tuple[Pair, ...], bool, int, int, tuple[Finding, ...]]:
    crimes = [one.id for one in force.station.config.call_class if one.kind == CRIMES]
    mine = Call.objects.filter(received__gte=at - SERIES_WITHIN, same_as__isnull=True, call_class__in=crimes).exclude(
        origin="officer"
    )
    kept = list(_known(force, mine))
    if len(kept) < 2:
        message = N_("Fewer than two calls about crimes came in the last {days} days: there is no series to look for.")
        return (), False, len(kept), 0, (Finding("no-crimes", "note", message, values={"days": SERIES_WITHIN.days}),)
    own = _placed(force, kept)
    before = _of_record(force, crimes, frozenset(own.ids))
    cases, among = _cases(own, before)
    labels = _labels(cases.ids)
    try:
        found = link_cases(cases, labels, MOST, among=among)
    except QinwuError as error:
        return (), False, len(own), len(before), error.findings
    pairs = tuple(
        Pair(
            cases.ids[lead.first],
            cases.ids[lead.second],
            lead.probability if isfinite(lead.probability) else None,
            exp(min(lead.log_odds, 20.0)),
            lead,
        )
        for lead in found.leads
        if found.linking.calibrated or lead.log_odds >= log(LEAST_TIMES)
    )
    return pairs, found.linking.calibrated, len(own), len(before), ()


def _known(force: InForce, calls: Iterable[Call]) -> Iterator[Call]:
    """Yield calls at places of the area, by time."""
    atoms = frozenset(force.plan.atoms)
    yield from sorted((call for call in calls if call.atom in atoms), key=lambda call: (call.received, call.number))


def _placed(force: InForce, calls: Sequence[Call]) -> PlacedCalls:
    """Return calls of the board as the room of forecasts knows them."""
    zone = force.zone
    places = np.array([force.atoms[call.atom] for call in calls], dtype=np.int64)
    local = [call.received.astimezone(zone).replace(tzinfo=None) for call in calls]
    return PlacedCalls(
        ids=tuple(call.number for call in calls),
        rows=(0,) * len(calls),
        received_s=np.array([(each - FIRST_MONDAY).total_seconds() for each in local], dtype=np.float64),
        x_m=force.station.area.xy_m[places, 0],
        y_m=force.station.area.xy_m[places, 1],
        kinds=tuple(call.call_class for call in calls),
    )


def _of_record(force: InForce, classes: Sequence[str], here: frozenset[str]) -> PlacedCalls:
    """Return the latest calls of some classes in the station's record that the board does not have itself."""
    calls = force.station.calls
    table = calls.table.filter(pl.col("call_class").is_in(classes), ~pl.col("call_id").is_in(list(here)))
    latest = table.sort("received", "call_id").tail(FROM_RECORD)
    return calls_of(type(calls)(latest, calls.rejected, calls.rows_read, (), calls.time_zone), force.station.area)


def _cases(own: PlacedCalls, before: PlacedCalls) -> tuple[Cases, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return calls of board and record as cases in order of time, and which of them are the board's."""
    moments = np.r_[before.received_s, own.received_s]
    ids = (*before.ids, *own.ids)
    kinds = (*before.kinds, *own.kinds)
    order = np.lexsort((np.arange(len(ids)), moments))
    cases = Cases(
        ids=tuple(ids[at] for at in order),
        rows=(0,) * len(ids),
        x_m=np.r_[before.x_m, own.x_m][order],
        y_m=np.r_[before.y_m, own.y_m][order],
        start_s=moments[order],
        end_s=moments[order],
        methods=tuple((f"class={kinds[at]}",) for at in order),
    )
    return cases, np.asarray(order >= len(before))


def _labels(ids: Sequence[str]) -> Labels:
    """Return what people decided: all calls of a confirmed series are linked, anything else they decided is apart."""
    place = {name: at for at, name in enumerate(ids)}
    together: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    for one, two, kind in Link.objects.values_list("one__number", "two__number", "kind"):
        if one in place and two in place:
            (together if kind == "series" else apart).append((place[one], place[two]))
    none: list[frozenset[str]] = [frozenset()] * len(ids)
    number = Labels.of(none, together).groups()
    tied = sorted({at for pair in together for at in pair})
    whole = [(a, b) for n, a in enumerate(tied) for b in tied[n + 1 :] if number[a] == number[b]]
    return Labels.of(none, whole, apart)


def lacking_to_learn() -> tuple[int, int]:
    """Return how many confirmed pairs, of how many series, a probability of series needs."""
    return LEAST_LINKS, LEAST_GROUPS
