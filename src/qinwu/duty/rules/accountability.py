"""Accountability: every beat has exactly one officer who answers for it on every date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.staffing import posted, unknown_officer
from qinwu.duty.system import Assignment, Beat
from qinwu.findings import Finding, did_you_mean
from qinwu.language import N_
from qinwu.station.calls import Calls
from qinwu.station.force import Officer
from qinwu.station.station import Station

OPEN = "…"


def one_accountable_officer_on_every_date(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for beats that nobody or several officers answer for, with the dates (M1)."""
    since = first_day(station.calls)
    for beat in loaded.system.beat:
        spans = sorted(beat.assignments, key=lambda span: (span.since, span.until))
        if not spans and not beat.officer and beat.kind == "geographic":
            yield _nobody(beat, loaded)
        yield from _empty(beat, loaded)
        yield from (_overlap(beat, one, two, loaded) for one, two in _overlaps(spans))
        if spans and not beat.officer:
            yield from (_gap(beat, start, end, loaded) for start, end in gaps(spans, since))


def gaps(spans: list[Assignment], since: date | None) -> Iterator[tuple[date, date]]:
    """Yield the spans without anybody, from the first call (`since`) or the first assignment on, last days not included."""
    reached = min(spans[0].since, since or spans[0].since)
    for span in spans:
        if span.since > reached:
            yield reached, span.since
        reached = max(reached, span.until)
    if reached < date.max:
        yield reached, date.max


def first_day(calls: Calls) -> date | None:
    """Return the local day of the first call, None without calls."""
    days = calls.table.select(pl.col("received").dt.convert_time_zone(calls.time_zone).dt.date().min())
    day = days.item()
    return day if isinstance(day, date) else None


def beat_officers_exist(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for beat officers who do not exist, are not sworn or are not at the front line (M1)."""
    known = posted(station.force, loaded.system).by_id()
    for beat in loaded.system.beat:
        for officer, path in _named(beat):
            place = loaded.place("beat", beat.id, *path)
            if officer not in known:
                key = ".".join(("beat", beat.id, *map(str, path)))
                yield from loaded.located([unknown_officer(officer, did_you_mean(officer, known), key)])
            elif fault := _unfit(known[officer]):
                code, message, remedy = fault
                yield Finding(code, "error", message, remedy, place, {"officer": officer, "beat": beat.id})


def _named(beat: Beat) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if beat.officer:
        yield beat.officer, ("officer",)
    for number, span in enumerate(beat.assignments):
        yield span.officer, ("assignments", number, "officer")


def _unfit(officer: Officer) -> tuple[str, str, str] | None:
    if officer.kind != "sworn":
        message = N_("Officer {officer} of beat {beat} is an auxiliary.")
        return "beat-officer-not-sworn", message, N_("Only a sworn officer can answer for a beat.")
    if officer.post != "front_line":
        message = N_("Officer {officer} of beat {beat} has no front-line post.")
        return "beat-officer-not-front-line", message, N_("Name a front-line officer, or change the post in the officers file.")
    return None


def _overlaps(spans: list[Assignment]) -> Iterator[tuple[Assignment, Assignment]]:
    for number, one in enumerate(spans):
        yield from ((one, two) for two in spans[number + 1 :] if two.since < one.until and two.since < two.until)


def _day(day: date) -> str:
    return OPEN if day in (date.min, date.max) else day.isoformat()


def _nobody(beat: Beat, loaded: LoadedSystem) -> Finding:
    message, remedy = N_("Nobody answers for beat {beat}."), N_("Name its officer.")
    return Finding("beat-without-officer", "error", message, remedy, loaded.place("beat", beat.id), {"beat": beat.id})


def _empty(beat: Beat, loaded: LoadedSystem) -> Iterator[Finding]:
    message = N_("The assignment of {officer} to beat {beat} ends on {until}, before it begins.")
    remedy = N_("until is the first day no longer included and must be later than since.")
    for number, span in enumerate(beat.assignments):
        if span.until <= span.since:
            values = {"officer": span.officer, "beat": beat.id, "until": _day(span.until)}
            place = loaded.place("beat", beat.id, "assignments", number)
            yield Finding("assignment-without-days", "error", message, remedy, place, values)


def _overlap(beat: Beat, one: Assignment, two: Assignment, loaded: LoadedSystem) -> Finding:
    message = N_("Both {one} and {two} answer for beat {beat} from {since} to {until}.")
    values = {
        "one": one.officer,
        "two": two.officer,
        "beat": beat.id,
        "since": _day(two.since),
        "until": _day(min(one.until, two.until)),
    }
    remedy = N_("Let one assignment end on the day the other begins.")
    place = loaded.place("beat", beat.id, "assignments", beat.assignments.index(two))
    return Finding("beat-with-two-officers", "error", message, remedy, place, values)


def _gap(beat: Beat, start: date, end: date, loaded: LoadedSystem) -> Finding:
    message = N_("Nobody answers for beat {beat} from {since} to {until}.")
    values = {"beat": beat.id, "since": _day(start), "until": _day(end)}
    place = loaded.place("beat", beat.id, "assignments")
    return Finding(
        "beat-without-officer", "error", message, N_("Close the gap, or name an officer for all other days."), place, values
    )
