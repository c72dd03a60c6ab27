"""Each officer's duties as a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from qinwu.duty.roster_rules.watches import start_of
from qinwu.language import Language, translate
from qinwu.plan.calendar_file import Event, calendar
from qinwu.plan.roster.needs import Needs
from qinwu.plan.roster.roster import Duty, Roster
from qinwu.station.config import Text


def calendar_of(roster: Roster, needs: Needs, officer: str, zone: str, language: Language, made: datetime) -> bytes:
    """Return the duties of one officer as a calendar.

    Parameters
    ----------
    roster, needs
        The roster, and the posts it fills.
    officer
        Whose duties; nobody else is named in it.
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
    events = (_event(duty, needs, ZoneInfo(zone), language) for duty in roster.duties() if duty.officer == officer)
    return calendar(translate("Roster", language) + f" {officer}", "roster", events, made)


def _event(duty: Duty, needs: Needs, zone: ZoneInfo, language: Language) -> Event:
    post = next((post.name for post in needs.posts if post.id == duty.post), Text(zh=duty.post))
    watch = duty.watch.name or Text(zh=duty.watch.id)
    begin = datetime.combine(duty.day, datetime.min.time(), zone) + timedelta(hours=start_of(duty.watch))
    # Hours on duty are hours that pass, also in the night on which clocks are changed.
    end = (begin.astimezone(UTC) + timedelta(hours=duty.watch.hours)).astimezone(zone)
    uid = f"{duty.day:%Y%m%d}-{duty.officer}-{duty.post}"
    return Event(uid, begin, end, f"{watch.in_language(language)} {post.in_language(language)}")
