"""Drawings of the integrity chapter: every comparison as a dot, and the strongest sign as what it is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from qinwu.judge.integrity.catalogue import BY_ID
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.screening import Screened
from qinwu.judge.integrity.screens.bunching import Histogram, histogram_of
from qinwu.language import N_
from qinwu.report.figures.looks import MOST, Beside, Dot, beside_rows, edge_plot, strip_plot
from qinwu.report.figures.looks import Screened as Strip
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.words import Speaker

AXIS = ((0.0, N_("common")), (3.0, N_("1 in 1,000")), (6.0, N_("1 in a million")), (9.0, N_("1 in a billion")))
MOST_UNITS, MOST_DOTS = 14, 160


def drawings(screened: Screened, speaker: Speaker) -> Iterator[Drawing]:
    """Yield the drawing of the strongest sign that can be drawn, then that of all comparisons."""
    for look in screened.signs:
        drawn = _histogram(screened, look, speaker) if look.screen.startswith("bunching") else _units(screened, look, speaker)
        if drawn is not None:
            yield drawn
            break
    if any(not look.certain for look in screened.looks):
        yield _all(screened, speaker)


def _all(screened: Screened, speaker: Speaker) -> Drawing:
    """Return every comparison by its chance."""
    rows = []
    for each in screened.ran:
        looks = [look for look in screened.looks if look.screen == each.screen.id and not look.certain]
        rarest = sorted(looks, key=lambda look: look.p)[:MOST_DOTS]
        dots = tuple(Dot(_power(look.p), look.stands(screened.alpha), look.text(speaker.language)) for look in rarest)
        if dots:
            rows.append(Strip(speaker.say(each.screen.name), dots))
    label = speaker.say(N_("Every comparison, by how seldom chance makes one like it"))
    axis = [(power, speaker.say(text)) for power, text in AXIS if power <= MOST]
    lead = speaker.say(
        N_("A dot is one unit, or the whole, on one question. Brown dots stand out even among so many; touch a dot to read it.")
    )
    return Drawing(label, lead, (Picture("", "", strip_plot(rows, axis, label)),), "integrity-looks", wide=True)


def _power(p: float) -> float:
    return min(-math.log10(max(p, 1e-300)), MOST)


def _units(screened: Screened, sign: Look, speaker: Speaker) -> Drawing | None:
    """Return the units beside what is expected of each, on the question of a sign."""
    looks = [look for look in screened.looks if (look.screen, look.about, look.period) == (sign.screen, sign.about, sign.period)]
    looks = [look for look in looks if look.unit]
    if not sign.unit or (len(looks) < 2 and sign.screen != "too_good"):
        return None
    chosen = sorted(looks, key=lambda look: (not look.stands(screened.alpha), -abs(look.seen - look.expected)))[:MOST_UNITS]
    peers = [] if len(looks) > 1 else list(_alone(screened, sign))
    rows = [
        Beside(
            look.unit,
            look.seen,
            look.expected,
            look.stands(screened.alpha),
            speaker.say(N_("{seen} of {n}"), seen=look.shown(look.seen), n=f"{look.n:,}"),
            look.text(speaker.language),
        )
        for look in sorted(chosen, key=lambda look: -look.seen)
    ]
    title = speaker.say(BY_ID[sign.screen].name)
    lead = speaker.say(N_("Dot: what the record says. Tick: what the other units let one expect of this one."))
    return Drawing(
        title, lead, (Picture("", "", beside_rows(rows + peers, sign.form == "share", title)),), "integrity-expected", wide=True
    )


def _alone(screened: Screened, sign: Look) -> Iterator[Beside]:
    """Yield the peers of the only unit that could be compared: they stand in the totals of its circular."""
    for record in screened.records:
        for row in record.totals.iter_rows(named=True):
            if (row["period"] or "") == sign.period and row["unit"] != sign.unit and row["n"] and row["hits"] is not None:
                share = row["hits"] / row["n"]
                yield Beside(row["unit"], share, share, False, f"{share:.1%}", "")


def _histogram(screened: Screened, sign: Look, speaker: Speaker) -> Drawing | None:
    """Return the cases around a threshold with the smooth curve that is expected."""
    found: Histogram | None = next(filter(None, (histogram_of(record, sign) for record in screened.records)), None)
    if found is None:
        return None
    title = speaker.say(BY_ID[sign.screen].name)
    limit = str(sign.values["limit"])
    names = (speaker.say(N_("{limit} min"), limit=limit) if sign.screen == "bunching_times" else limit, speaker.say(sign.about))
    lead = speaker.say(
        N_("Columns: cases. Curve: what the cases on both sides let one expect. Brown: too many just under the threshold.")
    )
    excess = found.excess()
    smooth = found.counts if excess is None else excess.smooth
    svg = edge_plot(found.counts.tolist(), smooth.tolist(), found.edge, names, title)
    return Drawing(f"{title} · {sign.unit}" if sign.unit else title, lead, (Picture("", "", svg),), "integrity-expected", wide=True)
