"""Aims of rounds: how often each grade is inspected, when trades are open, who may go, what beat visits and patrols should be.

Everything here is local policy and comes from a file; the one shipped is a sample 示例, since no national frequency exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.config import Assumption, Share, Strict, Text
from qinwu.station.station import Station
from qinwu.station.toml_file import parse_toml, validate

SAMPLE = "sample.toml"
SIX_HOURS_MIN = 360.0
Clock = Annotated[str, Field(pattern=r"^([0-3]\d|4[0-7]):[0-5]\d$")]
"""A clock time; hours from 24 are those of the next day, so that 26:00 is two in the morning."""
Hours = tuple[Clock, Clock]
Draw = Literal["double", "officers", "none"]


class Grade(Strict):
    """How often venues of a grade are inspected: at least every so many days, and a share of the others drawn by lot each month."""

    id: Literal["A", "B", "C"]
    name: Text | None = None
    interval_days: Annotated[float, Field(ge=1, le=3660)]
    drawn_share: Share = 0.0


class Trade(Strict):
    """When venues of a trade can be inspected; each time takes so many minutes, or what the venues file says."""

    kind: str
    open: Hours
    minutes: Annotated[float, Field(gt=0, le=600)] | None = None


class Inspection(Strict):
    """Inspections 检查.

    ``draw`` is ``double`` 双随机 (who goes together is drawn by lot, and which of them inspects which venue), ``officers`` (who
    goes together is drawn, the routes decide the rest) or ``none``. ``late_min_per_day`` is what a day of delay is worth in
    minutes of travel. ``own_beat`` says whether the officers of a venue's own beat may inspect it.
    """

    officers: Annotated[int, Field(ge=1, le=4)] = 2
    sworn: Annotated[int, Field(ge=1, le=4)] = 2
    draw: Draw = "double"
    open: Hours = ("09:00", "18:00")
    late_min_per_day: Annotated[float, Field(ge=0, le=600)] = 20.0
    own_beat: bool = True


class BeatVisits(Strict):
    """Visits of beat officers in their beats.

    ``hours_per_week`` is a minimum for each beat officer 最低要求: a plan that cannot keep it is refused. Where it is left out, the
    hours of the duty system are a wish, and what does not fit is told. ``minutes`` is one stay in one atom.
    """

    hours_per_week: Annotated[float, Field(ge=0, le=40)] | None = None
    minutes: Annotated[float, Field(ge=10, le=240)] = 60.0
    between: Hours = ("09:00", "20:00")
    most_hours_per_day: Annotated[float, Field(gt=0, le=12)] = 6.0


class PatrolAims(Strict):
    """Patrol rounds through hot places: how many in each six hours, how long a stop, how often at least; 0 places for none.

    ``most_min`` are the most minutes of stops that one place gets in six hours: what one has too much, another has too little.
    """

    places: Annotated[int, Field(ge=0, le=60)] = 8
    stop_min: tuple[Annotated[float, Field(ge=1, le=60)], Annotated[float, Field(ge=1, le=60)]] = (10.0, 16.0)
    every_min: Annotated[float, Field(ge=30, le=720)] = 120.0
    most_min: Annotated[float, Field(ge=16, le=360)] = 96.0


class Veto(Strict):
    """An officer who may not inspect a venue, or any of a trade. Why is nobody's business and is not asked."""

    officer: str
    venue: str = ""
    kind: str = ""


class Absence(Strict):
    """Days on which an officer does no rounds; ``until`` is the first day back."""

    officer: str
    since: date
    until: date


class Aims(Strict):
    """The whole of a rounds file; ``most_share`` of an officer's expected free time is planned at most."""

    sample: bool = False
    most_share: Annotated[float, Field(gt=0, le=1)] = 0.7
    grade: Annotated[tuple[Grade, ...], Field(min_length=1)]
    trade: tuple[Trade, ...] = ()
    inspection: Inspection = Inspection()
    beat_visit: BeatVisits = BeatVisits()
    patrol: PatrolAims = PatrolAims()
    veto: tuple[Veto, ...] = ()
    absent: tuple[Absence, ...] = ()
    assumption: tuple[Assumption, ...] = ()

    def hours_of(self, kind: str) -> Hours:
        """Return when venues of a trade can be inspected."""
        return next((trade.open for trade in self.trade if trade.kind == kind), self.inspection.open)

    def minutes_of(self, kind: str, said: float) -> float:
        """Return how long inspecting a venue takes: what its trade says here, else what the venues file `said`."""
        return next((trade.minutes for trade in self.trade if trade.kind == kind and trade.minutes), said)


@cache
def sample_aims() -> Aims:
    """Return the sample that is shipped."""
    import tomllib

    return Aims.model_validate(tomllib.loads(files("qinwu.plan.rounds").joinpath(SAMPLE).read_text(encoding="utf-8")))


def read_aims(path: Path) -> Aims:
    """Return the aims of a TOML file.

    Raises
    ------
    QinwuError
        With every problem of the file.
    """
    data, text = parse_toml(path)
    aims = validate(data, Aims, path.name, text)
    wrong = list(_contradictions(aims, path.name))
    if wrong:
        raise QinwuError(wrong)
    return aims


def seconds_of_day(clock: str) -> float:
    """Return seconds since midnight of ``HH:MM``, hours from 24 included.

    >>> seconds_of_day("26:30")
    95400.0
    """
    hours, minutes = clock.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0


def _contradictions(aims: Aims, file: str) -> Iterator[Finding]:
    """Yield what is wrong between the values of one file."""
    spans = {f"trade.{trade.kind}.open": trade.open for trade in aims.trade}
    spans |= {"inspection.open": aims.inspection.open, "beat_visit.between": aims.beat_visit.between}
    for key, (opens, closes) in spans.items():
        if seconds_of_day(closes) <= seconds_of_day(opens):
            message = N_("The hours {opens} to {closes} end before they begin.")
            remedy = N_("Write hours after midnight as 24:00 and more: 26:00 is two in the morning.")
            yield Finding("hours-reversed", "error", message, remedy, Place(file, key=key), {"opens": opens, "closes": closes})
    shortest, longest = aims.patrol.stop_min
    if shortest > longest:
        message, remedy = N_("The shortest stop, {shortest} min, is longer than the longest, {longest} min."), N_("Swap them.")
        values = {"shortest": f"{shortest:g}", "longest": f"{longest:g}"}
        yield Finding("stops-reversed", "error", message, remedy, Place(file, key="patrol.stop_min"), values)
    needed = (SIX_HOURS_MIN / aims.patrol.every_min + 1.0) * longest
    if aims.patrol.most_min < needed:
        message = N_("Stops every {every} minutes take up to {needed} minutes in six hours; {most} are allowed.")
        remedy = N_("Raise most_min, or ask for fewer or shorter stops.")
        values = {"every": f"{aims.patrol.every_min:g}", "needed": f"{needed:.0f}", "most": f"{aims.patrol.most_min:g}"}
        yield Finding("stops-above-most", "error", message, remedy, Place(file, key="patrol.most_min"), values)
    if aims.inspection.sworn > aims.inspection.officers:
        message, remedy = N_("{sworn} sworn officers are asked for among {officers}."), N_("Ask for fewer, or for more officers.")
        values = {"sworn": str(aims.inspection.sworn), "officers": str(aims.inspection.officers)}
        yield Finding("sworn-above-officers", "error", message, remedy, Place(file, key="inspection.sworn"), values)
    named: dict[str, list[str]] = {"grade": [one.id for one in aims.grade], "trade": [one.kind for one in aims.trade]}
    for table, ids in named.items():
        for name in dict.fromkeys(one for one in ids if ids.count(one) > 1):
            message, remedy = N_("{name} is given twice."), N_("Keep one of them.")
            yield Finding("given-twice", "error", message, remedy, Place(file, key=table), {"name": name})


def check_aims(aims: Aims, station: Station) -> tuple[Finding, ...]:
    """Return what of the aims does not fit the station: grades without an interval, officers or venues that are not there."""
    return tuple(_misfits(aims, station))


def _misfits(aims: Aims, station: Station) -> Iterator[Finding]:
    said = {grade.id for grade in aims.grade}
    for grade in sorted({venue.grade for venue in station.venues} - said):
        count = sum(venue.grade == grade for venue in station.venues)
        message = N_("Grade {grade} has {count} venues and no interval.")
        yield Finding(
            "grade-without-interval", "error", message, N_("Add a [[grade]] for it."), Place(key="grade"), _of(grade, count)
        )
    officers = {officer.id for officer in station.force}
    venues = {venue.id for venue in station.venues}
    kinds = {venue.kind for venue in station.venues}
    for key, named in (("veto", [one.officer for one in aims.veto]), ("absent", [one.officer for one in aims.absent])):
        for name in dict.fromkeys(named):
            if name not in officers:
                yield _unknown(N_("There is no officer {value}."), name, officers, f"{key}.officer")
    for veto in aims.veto:
        if not veto.venue and not veto.kind:
            message, remedy = N_("A veto of {officer} names neither a venue nor a trade."), N_("Add venue or kind.")
            yield Finding("empty-veto", "error", message, remedy, Place(key="veto"), {"officer": veto.officer})
        if veto.venue and veto.venue not in venues:
            yield _unknown(N_("There is no venue {value}."), veto.venue, venues, "veto.venue")
        if veto.kind and veto.kind not in kinds:
            yield _unknown(N_("There is no venue of trade {value}."), veto.kind, kinds, "veto.kind")
    for absence in aims.absent:
        if absence.until <= absence.since:
            message, remedy = N_("{officer} is back before leaving."), N_("until is the first day back.")
            yield Finding("absence-reversed", "error", message, remedy, Place(key="absent"), {"officer": absence.officer})


def _of(grade: str, count: int) -> dict[str, object]:
    return {"grade": grade, "count": count}


def _unknown(message: str, value: str, known: set[str], key: str) -> Finding:
    near = did_you_mean(value, known)
    remedy = N_("Did you mean {guess}?") if near else N_("Use one of the station's files.")
    return Finding("unknown-name", "error", message, remedy, Place(key=key), {"value": value, "guess": near})
