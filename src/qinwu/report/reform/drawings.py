"""Drawings of a reform: the chart before and after, who gains and who loses, and what the verdict hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan

from qinwu.duty.organisation.posts import drawn_units
from qinwu.judge.reform.losers import Affected, by_chance, losing
from qinwu.judge.reform.sensitivity import Swing
from qinwu.language import N_
from qinwu.report.figures.dots import Row, dot_rows
from qinwu.report.organisation_chart import chart_legend, draw_chart
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.reform.telling import KINDS, Telling
from qinwu.report.words import NONE, number

MINUTE = 60.0
WIDE = 1080.0


def chart(told: Telling) -> Drawing:
    """Return the chart before and after."""
    before, after = told.audits
    names = (told.say(N_("Before")), told.say(N_("After")))
    pictures = tuple(
        Picture(
            name,
            told.say(N_("{units} units, {layers} layers"), units=len(one.system.unit), layers=one.shape.layers),
            draw_chart(drawn_units(one.system, one.establishment), one.flagged, told.language, narrow=True),
        )
        for name, one in zip(names, (before, after), strict=True)
    )
    lead = told.say(N_("Every box is a unit, every square a post. The same people, elsewhere."))
    return Drawing(told.say(N_("The chart")), lead, pictures, "chart", chart_legend(told.language))


def gains_and_losses(told: Telling) -> Drawing:
    """Return who waits longer and who waits less: by place, and by hour of the day."""
    pictures = []
    for name, some in ((_places_word(told), told.places), (told.say(N_("By hour of the day")), told.hours)):
        remark = told.say(
            N_("{worse} of {all} shown to wait longer; by chance alone it would be {chance}"),
            worse=len(losing(some)), all=len(some), chance=number(by_chance(some), 1),
        )  # fmt: skip
        pictures.append(Picture(name, remark, _dots(told, _in_order(some), name)))
    lead = told.say(
        N_("Change of the mean time from call to arrival, in minutes, with its 95 % interval; grey where none is shown.")
    )
    return Drawing(told.say(N_("Who gains, who loses")), lead, tuple(pictures), "loser")


def _places_word(told: Telling) -> str:
    return told.say(N_("By station, as they are today")) if told.several else told.say(N_("By beat, as they are today"))


def _in_order(some: Sequence[Affected]) -> list[Affected]:
    """Return hours in the order of the clock, places with the largest loss first."""
    return sorted(some, key=lambda one: int(one.group)) if some and some[0].by == "day_hour" else list(some)


def _dots(told: Telling, some: Sequence[Affected], label: str) -> str:
    rows = [_dot(told, one) for one in some]
    return dot_rows(rows, label, told.say(N_("wait less")), told.say(N_("wait longer")))


def _dot(told: Telling, one: Affected) -> Row:
    at, low, high = (each / MINUTE for each in one.response.change)
    text = told.speaker.with_unit(told.speaker.change("response_s", at * MINUTE), told.speaker.unit("response_s"))
    note = told.say(N_("{calls} calls a week"), calls=number(one.calls_per_week, 1))
    return Row(told.group(one), at, low, high, KINDS.get(one.verdict, "none"), text, note)


def tornado(told: Telling) -> Drawing | None:
    """Return what each assumption does to the change of the mean response, widest first; None without any."""
    swings = told.tried.swings
    if not swings:
        return None
    # The last step was run as often as the ends of the assumptions, the comparison above oftener.
    last = told.tried.so_far[-1].change
    usual = last.mean if last else nan
    rows = [_swing(told, swing, usual) for swing in swings]
    label = told.say(N_("What the verdict hangs on"))
    text = N_("Each assumption is moved over its range; the bar is how far the change of the mean response moves, in minutes.")
    lead = told.say(text)
    drawn = dot_rows(rows, label, told.say(N_("helps")), told.say(N_("harms")), WIDE, 150.0)
    return Drawing(label, lead, (Picture("", "", drawn),), "swing", wide=True)


def _swing(told: Telling, swing: Swing, usual: float) -> Row:
    ends = [one.mean / MINUTE for one in (swing.low, swing.high) if one is not None]
    turns = swing.turns_at is not None
    vary = swing.vary
    text = told.say(N_("turns at {value}"), value=turning(told, swing)) if turns else told.say(N_("does not turn it"))
    note = told.say(N_("{low} to {high} {unit}"), low=f"{vary.low:g}", high=f"{vary.high:g}", unit=vary.unit)
    low, high = (min(ends), max(ends)) if ends else (nan, nan)
    return Row(vary.name.in_language(told.language), usual / MINUTE, low, high, "worse" if turns else "none", text, note)


def turning(told: Telling, swing: Swing) -> str:
    """Return the value at which the verdict turns, with its unit."""
    if swing.turns_at is None or not isfinite(swing.turns_at):
        return NONE
    return told.speaker.with_unit(f"{swing.turns_at:.3g}", swing.vary.unit)
