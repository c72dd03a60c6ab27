"""Each officer's inspections and beat visits as a calendar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from qinwu.language import N_, Language, translate
from qinwu.plan.calendar_file import Event, calendar
from qinwu.plan.rounds.answer import Rounds
from qinwu.plan.rounds.visits import Visit

SUMMARY = {"inspection": N_("Inspection {where} with {others}"), "beat_visit": N_("Beat visit {where}")}


def calendar_of(rounds: Rounds, officer: str, zone: str, language: Language, made: datetime) -> bytes:
    """Return the visits of one officer as a calendar.

    Parameters
    ----------
    rounds
        The month.
    officer
        Whose visits; only those who go along are named besides.
    zone
        IANA name of the station's time zone.
    language
        Of the titles.
    made
        When it was made, with a time zone.

    Raises
    ------
    QinwuError
        The ``icalendar`` library is not installed.
    """
    zone_info, title = ZoneInfo(zone), translate(N_("Rounds"), language) + f" {officer}"
    events = (_event(visit, officer, zone_info, language) for visit in rounds.visits if officer in visit.officers)
    return calendar(title, "rounds", events, made)


def _event(visit: Visit, officer: str, zone: ZoneInfo, language: Language) -> Event:
    uid = f"{visit.start:%Y%m%d}-{visit.id}-{officer}"
    return Event(uid, visit.start.replace(tzinfo=zone), visit.end.replace(tzinfo=zone), _summary(visit, officer, language))


def _summary(visit: Visit, officer: str, language: Language) -> str:
    others = " ".join(one for one in visit.officers if one != officer)
    return translate(SUMMARY[visit.kind], language).format(where=visit.venue or visit.atom, others=others)
