"""iCalendar: each officer's inspections and beat visits as a calendar file for a telephone (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from qinwu.language import N_, Language, translate
from qinwu.plan.extra import needed
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
    library = needed("icalendar")
    calendar = library.Calendar()
    calendar.add("prodid", "-//qinwu//rounds//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", translate(N_("Rounds"), language) + f" {officer}")
    for visit in rounds.visits:
        if officer in visit.officers:
            event = library.Event()
            event.add("uid", f"{visit.start:%Y%m%d}-{visit.id}-{officer}@qinwu")
            event.add("dtstamp", made.astimezone(UTC))
            event.add("dtstart", visit.start.replace(tzinfo=ZoneInfo(zone)))
            event.add("dtend", visit.end.replace(tzinfo=ZoneInfo(zone)))
            event.add("summary", _summary(visit, officer, language))
            calendar.add_component(event)
    # Calendars of telephones know no zone by name alone: its rules go into the file.
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _summary(visit: Visit, officer: str, language: Language) -> str:
    others = " ".join(one for one in visit.officers if one != officer)
    return translate(SUMMARY[visit.kind], language).format(where=visit.venue or visit.atom, others=others)
