"""Words of leads: the reasons of a pair as a person would say them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from qinwu.forecast.leads.case_leads import Lead
from qinwu.forecast.leads.duplicates import DuplicatePair
from qinwu.language import N_
from qinwu.report.words import NONE, Speaker, number

MONDAY = datetime(1970, 1, 5)
KM = 1000.0
LEAST_RATIO = 1.5
"""Hours that agree less often than this times chance are no reason."""
MOST_TIMES = 999.0
ALMOST = 0.999


def percent(share: float, digits: int = 0) -> str:
    """Return a share in per cent, a dash for none; small shares with a digit more.

    >>> percent(0.123), percent(0.004), percent(0.9999), percent(float("nan"))
    ('12%', '0.4%', '>99.9%', '–')
    """
    if not math.isfinite(share):
        return NONE
    if ALMOST < share < 1.0:
        return f">{100.0 * ALMOST:g}%"
    finer = 0.0 < share < 0.095 or 0.995 <= share < 1.0
    return f"{number(100.0 * share, max(digits, 1 if finer else 0))}%"


def by_lot(count: float) -> str:
    """Return how many of a list lots would give, with digits enough to tell it from none.

    >>> by_lot(2.25), by_lot(0.019)
    ('2.2', '0.02')
    """
    return number(count, 1 if count >= 0.1 else 2)


def times(log_odds: float) -> str:
    """Return by what a reason multiplies the odds.

    >>> times(0.0), times(2.302585), times(50.0)
    ('×1.0', '×10', '×>999')
    """
    factor = math.exp(min(log_odds, 20.0))
    return f"×>{MOST_TIMES:.0f}" if factor > MOST_TIMES else f"×{factor:.{1 if factor < 9.95 else 0}f}"


def moment(seconds: float) -> datetime:
    """Return a moment of cases or calls on the station's clock."""
    return MONDAY + timedelta(seconds=round(seconds))


def day_words(seconds: float) -> str:
    """Return the day of a moment."""
    return moment(seconds).strftime("%Y-%m-%d")


def clock_words(seconds: float) -> str:
    """Return day and minute of a moment."""
    return moment(seconds).strftime("%Y-%m-%d %H:%M")


def distance_words(metres: float, speaker: Speaker) -> str:
    """Return a distance to a hundred metres, in kilometres from one on."""
    if metres >= KM:
        return speaker.say(N_("{km} km apart"), km=number(metres / KM, 1))
    if metres < 50.0:
        return speaker.say(N_("at the same place"))
    return speaker.say(N_("{metres} m apart"), metres=number(max(round(metres, -2), 100.0), 0))


def lead_words(lead: Lead, speaker: Speaker) -> str:
    """Return the reasons of a pair of cases in words: place, days, hours, methods."""
    parts = []
    if math.isfinite(lead.metres):
        near = speaker.say(N_("{share} of cases lie as near"), share=percent(lead.near_share))
        parts.append(f"{distance_words(lead.metres, speaker)}{_bracketed(near, speaker)}")
    parts.append(_days(lead.days, speaker))
    if lead.hour_ratio >= LEAST_RATIO:
        parts.append(
            speaker.say(N_("hours of the day agree {times} times as often as by chance"), times=number(lead.hour_ratio, 1))
        )
    for word, share in lead.shared[:3]:
        said = speaker.say(N_("{share} of cases"), share=percent(share))
        parts.append(speaker.say(N_("both {word}"), word=word.replace("=", " ")) + _bracketed(said, speaker))
    return _joined(parts, speaker)


def duplicate_words(pair: DuplicatePair, kinds: tuple[str, str], speaker: Speaker) -> str:
    """Return the reasons of a pair of calls in words."""
    parts = [distance_words(pair.metres, speaker), speaker.say(N_("{minutes} min apart"), minutes=number(pair.minutes, 0))]
    if pair.minutes < 1.0:
        parts[1] = speaker.say(N_("within a minute"))
    if kinds[0] and kinds[0] == kinds[1]:
        parts.append(speaker.say(N_("both {word}"), word=kinds[0]))
    elif all(kinds):
        parts.append(speaker.say(N_("{one} and {other}"), one=kinds[0], other=kinds[1]))
    return _joined(parts, speaker)


def _days(days: float, speaker: Speaker) -> str:
    if days < 1.0:
        return speaker.say(N_("within a day"))
    if days < 1.5:
        return speaker.say(N_("a day apart"))
    return speaker.say(N_("{days} days apart"), days=number(days, 0))


def _bracketed(text: str, speaker: Speaker) -> str:
    return f"（{text}）" if speaker.language == "zh" else f" ({text})"


def _joined(parts: Iterable[str], speaker: Speaker) -> str:
    return ("；" if speaker.language == "zh" else "; ").join(parts)
