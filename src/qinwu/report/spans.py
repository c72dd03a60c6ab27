"""Spans: hours of the week as people name them, ``Tue 20–22, Fri 21–22``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qinwu.duty.calendar import runs
from qinwu.language import N_
from qinwu.report.words import SHORT_DAYS, Speaker

DAY_H = 24
EVERY_DAY = 7
FEWEST_IN_A_ROW = 3
"""So many days in a row are named by the first and the last."""


def hour_name(hour: int, speaker: Speaker) -> str:
    """Return an hour of the week, 0-167.

    >>> hour_name(20, Speaker("zh"))
    '周一 20:00'
    """
    return f"{speaker.say(SHORT_DAYS[hour // DAY_H])} {hour % DAY_H:02d}:00"


def spans(hours: Sequence[int], speaker: Speaker) -> str:
    """Return hours of the week, 0-167 in order, as spans of the clock with the days that have them.

    >>> spans([44, 45, 117], Speaker("en")), spans([44, 45, 117], Speaker("zh"))
    ('Tue 20–22, Fri 21–22', '周二20–22时、周五21–22时')
    >>> spans([0, 1, 24, 25, 48, 49, 96, 120], Speaker("en"))
    'Mon–Wed 0–2; Fri and Sat 0–1'
    """
    days_with: dict[tuple[int, int], list[int]] = {}
    for day in range(EVERY_DAY):
        for first, last in runs([hour % DAY_H for hour in hours if hour // DAY_H == day]):
            days_with.setdefault((first, last + 1), []).append(day)
    text = N_("{days} {start}–{end}")
    said = [speaker.say(text, days=_days(days, speaker), start=start, end=end) for (start, end), days in days_with.items()]
    plain = all(len(days) == 1 for days in days_with.values())
    return speaker.listed(said) if plain else speaker.say(N_("; ")).join(said)


def _days(days: Sequence[int], speaker: Speaker) -> str:
    """Return days of the week, those in a row by the first and the last."""
    if len(days) == EVERY_DAY:
        return speaker.say(N_("every day"))
    said = list(_named(days, speaker))
    if len(said) == 1:
        return said[0]
    return speaker.say(N_("{days} and {last}"), days=speaker.listed(said[:-1]), last=said[-1])


def _named(days: Sequence[int], speaker: Speaker) -> Iterator[str]:
    for first, last in runs(days):
        if last - first + 1 >= FEWEST_IN_A_ROW:
            yield speaker.say(N_("{first}–{last}"), first=speaker.say(SHORT_DAYS[first]), last=speaker.say(SHORT_DAYS[last]))
        else:
            yield from (speaker.say(SHORT_DAYS[day]) for day in range(first, last + 1))
