"""iCalendar: what an officer has to do, as a calendar file for a telephone, in the station's time zone (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from qinwu.plan.extra import needed


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: a name that no other entry has, when it begins and ends (with a time zone), and what it says."""

    uid: str
    begin: datetime
    end: datetime
    summary: str


def calendar(title: str, product: str, events: Iterable[Event], made: datetime) -> bytes:
    """Return a calendar file.

    Parameters
    ----------
    title
        What a telephone calls it.
    product
        Which planner made it.
    events
        Its entries.
    made
        When, with a time zone.

    Raises
    ------
    QinwuError
        The ``icalendar`` library is not installed.
    """
    library = needed("icalendar")
    found = library.Calendar()
    found.add("prodid", f"-//qinwu//{product}//ZH")
    found.add("version", "2.0")
    found.add("x-wr-calname", title)
    for each in events:
        entry = library.Event()
        entry.add("uid", f"{each.uid}@qinwu")
        entry.add("dtstamp", made.astimezone(UTC))
        entry.add("dtstart", each.begin)
        entry.add("dtend", each.end)
        entry.add("summary", each.summary)
        found.add_component(entry)
    # Calendars of telephones know no zone by name alone: its rules go into the file.
    found.add_missing_timezones()
    return bytes(found.to_ical())
