"""Changed duties: which rules of a roster pack are broken because duties changed hands, and were not before (M27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from qinwu.duty.roster_rules.rules import DeepNight, DutyLength, Pack
from qinwu.duty.system import DutySystem
from qinwu.judge.officers.accounting import Sources, account_officers
from qinwu.judge.officers.breaks import Break
from qinwu.judge.officers.log import Entry, first_of, month_after
from qinwu.judge.officers.planned import Planned
from qinwu.station.station import Station

GOES_ALONG = (DutyLength, DeepNight)
"""Rules about one duty alone: whoever has it breaks them, so that giving it to another breaks nothing new."""
TINY = 1e-6
_Key = tuple[str, str, tuple[date, ...]]


def newly_broken(
    station: Station, system: DutySystem, before: Sequence[Entry], after: Sequence[Entry], pack: Pack | None = None
) -> tuple[Break, ...]:
    """Return what `after` breaks that `before` did not, or not so much; hard rules first.

    Parameters
    ----------
    station, system
        The station, and its duty system.
    before, after
        Duties, training and other work of the officers concerned, of every month that they touch.
    pack
        The rules; those that come with Qinwu by default.
    """
    zone = ZoneInfo(station.config.time_zone)
    moments = [moment.astimezone(zone).date() for entry in (*before, *after) for moment in (entry.start, entry.end)]
    if not moments:
        return ()
    months = months_between(min(moments), max(moments))
    old, new = (
        account_officers(station, system, months, Sources(planned=Planned(tuple(entries)), pack=pack)).breaks
        for entries in (before, after)
    )
    left: dict[_Key, list[float]] = {}
    for one in sorted(old, key=_excess):
        left.setdefault(_key(one), []).append(_excess(one))
    worst_first = sorted(new, key=_excess, reverse=True)
    fresh = [one for one in worst_first if _excess(one) > (left[_key(one)].pop() if left.get(_key(one)) else 0.0) + TINY]
    return tuple(one for one in new if one in fresh)


def _excess(one: Break) -> float:
    return abs(one.found - one.limit)


def _key(one: Break) -> _Key:
    return one.rule.id, "" if isinstance(one.rule, GOES_ALONG) else one.officer, one.days


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Return the first days of the months from one day to another.

    >>> months_between(date(2026, 1, 31), date(2026, 3, 1))
    (datetime.date(2026, 1, 1), datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    """
    found = [first_of(first)]
    while month_after(found[-1]) <= last:
        found.append(month_after(found[-1]))
    return tuple(found)
