"""Opened: what residents read about the station, made once a day from months that are over; a visitor asks the database nothing.

``QINWU_OPEN=0`` closes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from django.conf import settings

from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Feedback
from qinwu.board.oversight.export import known_calls
from qinwu.board.pages import drawn
from qinwu.findings import QinwuError
from qinwu.judge.score.survey import FILES, Survey, read_surveys
from qinwu.language import LANGUAGES, N_, Language
from qinwu.report.chapters.leads_words import percent
from qinwu.report.open_months import FEWEST_FOR_NINE, Month, Share, as_table, month_of, months_over, satisfied_of
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import Speaker

MOST_MONTHS = 13
"""A year, and the month of the year before beside the latest."""
STATION = "station"
SATISFIED = "satisfied"
ASKED_HOW = {"phone": N_("by telephone"), "counter": N_("at the counter"), "message": N_("by message")}
_LOCK = Lock()
_LAST: dict[str, Edition] = {}


@dataclass(frozen=True, slots=True)
class Edition:
    """What the open page says on one day of the station: its pages by language, its table, and the checksum of all."""

    day: date
    zone: str
    pages: Mapping[Language, bytes]
    table: bytes
    checksum: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What an edition tells: months with the newest first, answers about satisfaction by month, and the surveys of the station."""

    months: tuple[Month, ...]
    satisfied: Mapping[date, Share]
    surveys: tuple[Survey, ...]


def is_open() -> bool:
    """Return whether the page is open; the chief closes it with ``QINWU_OPEN=0``."""
    return bool(settings.OPEN_PAGE)


def edition() -> Edition:
    """Return today's edition; it is made when the first visitor of the day comes, and kept."""
    at = now()
    last = _LAST.get("")
    if last is not None and _is_of(last, at):
        return last
    with _LOCK:
        last = _LAST.get("")
        if last is None or not _is_of(last, at):
            _LAST[""] = last = _make(in_force(), at)
    return last


def _is_of(last: Edition, at: datetime) -> bool:
    return last.day == _day(at, last.zone)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def forget() -> None:
    """Forget the edition, so that the next visitor gets a new one."""
    _LAST.clear()


def _make(force: InForce, at: datetime) -> Edition:
    found = figures(force, at)
    pages = {language: _page(force, found, at, language) for language in LANGUAGES}
    memory = BytesIO()
    as_table(found.months).write_csv(memory, include_bom=True)
    checksum = hashlib.sha256(b"".join((*pages.values(), memory.getvalue()))).hexdigest()
    zone = force.station.config.time_zone
    return Edition(_day(at, zone), zone, pages, memory.getvalue(), checksum)


def figures(force: InForce, at: datetime) -> Figures:
    """Return what is told about the months that are over, from the record of the station and the calls of the board."""
    zone = force.station.config.time_zone
    table = known_calls(force)
    beats = {
        atom: force.plan.beats[beat]
        for atom, beat in zip(force.plan.atoms, force.plan.area.beat_of.tolist(), strict=True)
        if beat >= 0
    }
    limits = force.station.config.policy.limit_min
    firsts = months_over(table, zone, at, MOST_MONTHS)
    months = tuple(month_of(table, first, zone, limits, beats, force.plan.beats) for first in firsts)
    return Figures(months, _satisfied(firsts, zone), _surveys())


def _satisfied(firsts: list[date], zone: str) -> dict[date, Share]:
    """Return the share of satisfied answers of each month, months with fewer than five left out."""
    answers: dict[date, list[bool]] = {first: [] for first in firsts}
    for at, satisfied in Feedback.objects.values_list("at", "satisfied"):
        first = _day(at, zone).replace(day=1)
        if first in answers:
            answers[first].append(satisfied)
    shares = {first: satisfied_of(each) for first, each in answers.items()}
    return {first: share for first, share in shares.items() if share is not None}


def _surveys() -> tuple[Survey, ...]:
    """Return the station's surveys about satisfaction, the newest first; a file that cannot be read is told by ``qinwu judge``."""
    for name in FILES:
        path = Path(settings.STATION) / name
        if path.exists():
            try:
                asked, _findings = read_surveys(path)
            except QinwuError:
                return ()
            wanted = [one for one in asked if (one.area, one.question) == (STATION, SATISFIED) and one.n >= FEWEST]
            return tuple(sorted(wanted, key=lambda one: one.day, reverse=True))
    return ()


def _page(force: InForce, found: Figures, at: datetime, language: Language) -> bytes:
    config, speaker = force.station.config, Speaker(language)
    text = drawn(
        "board/open.html.j2",
        language,
        station=config.name.in_language(language),
        synthetic=config.synthetic,
        found=found,
        month_words={month.name: month_words(month.first, speaker) for month in found.months},
        classes={one.id: one.name.in_language(language) for one in config.call_class},
        beats={beat.id: beat.name.in_language(language) for beat in force.loaded.system.beat if beat.name},
        limits=config.policy.limit_min,
        percent=percent,
        fewest=FEWEST,
        fewest_for_nine=FEWEST_FOR_NINE,
        made=_day(at, config.time_zone),
    )
    return text.encode()


def month_words(first: date, speaker: Speaker) -> str:
    """Return a month as people write it."""
    return speaker.say(
        N_("{year}-{month}"), year=first.year, month=f"{first.month:02d}" if speaker.language == "en" else first.month
    )
