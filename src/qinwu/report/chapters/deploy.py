"""Chapter about deployment: duty beside demand by place and hour, the index and what luck makes of it, moves, gaps in cover."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.forecast.deploy.deployment import Deployment
from qinwu.language import N_, Language
from qinwu.plan.deploy.answer import Moves
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.deploy_tables import as_data, gaps_table, moves_table, places_table
from qinwu.report.chapters.deploy_words import WHY
from qinwu.report.figures.bars import legend
from qinwu.report.figures.heat import week_figure
from qinwu.report.figures.place_hours import place_hours
from qinwu.report.figures.scale import FROM_SOON_TO_LATE, LOAD, Shades, shades
from qinwu.report.plans.plan_report import Drawing, Picture, Shown
from qinwu.report.small_cells import FEWEST
from qinwu.report.spans import hour_name, spans
from qinwu.report.words import SHORT_DAYS, Speaker, number

HOURS_NAMED = 12
MOST_ROWS = 40
"""Places drawn at most, those with most calls."""


def deploy_chapter(told: Deployment, language: Language, moves: Moves | None = None) -> Chapter:
    """Return the chapter.

    Parameters
    ----------
    told
        Duty beside demand.
    language
        In which it is told.
    moves
        Moves of crews, with their gain and cost; None leaves them out.
    """
    speaker = Speaker(language)
    return Chapter(
        id="deploy",
        title=_title(told, speaker),
        lead=tuple(_lead(told, moves, speaker)),
        keys=tuple(_keys(told, speaker)),
        drawings=(_week(told, speaker), *_places(told, speaker)),
        tables=tuple(_tables(told, moves, speaker)),
        why={key: speaker.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told, moves, speaker)),
        data=as_data(told, moves),
    )


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _title(told: Deployment, speaker: Speaker) -> str:
    if not told.shown:
        return speaker.say(N_("Duty follows demand as closely as {calls} calls can tell"), calls=f"{len(told.calls):,}")
    text = N_("{share} of duty hours are at another hour or place than calls ask for")
    return speaker.say(text, share=_percent(told.found.overall))


def _lead(told: Deployment, moves: Moves | None, speaker: Speaker) -> Iterator[str]:
    found, chance = told.found, told.chance
    if told.silent_hours:
        text = N_("The record has no call at all in {count} of the 168 hours of a week: it does not seem to hold all calls.")
        yield speaker.say(text, count=told.silent_hours)
    text = N_(
        "Index of mismatch {index} (95 % interval {low} to {high}); luck alone would show {floor}, in 95 of 100 draws less than"
        " {most}."
    )
    yield speaker.say(
        text, index=number(found.overall, 3), low=number(chance.low.overall, 3), high=number(chance.high.overall, 3),
        floor=number(chance.floor.overall, 3), most=number(chance.floor_high.overall, 3),
    )  # fmt: skip
    if told.shown:
        text = N_("{hours} of it is a matter of hours, {places} of places.")
        parts = {"hours": found.hour_part / found.overall, "places": found.place_part / found.overall}
        yield speaker.say(text, **{name: _percent(part) for name, part in parts.items()})
        off = told.excess().sum(axis=0)
        few, many = (sorted(np.argsort(sign * off, kind="stable")[:HOURS_NAMED].tolist()) for sign in (1.0, -1.0))
        text = N_("Fewest officers beside their calls: {few}. Most: {many}.")
        yield speaker.say(text, few=spans(few, speaker), many=spans(many, speaker))
    yield _gaps_said(told, speaker)
    if moves is not None:
        yield _moves_said(moves, speaker)


def _gaps_said(told: Deployment, speaker: Speaker) -> str:
    if not told.gaps:
        return speaker.say(N_("Every post has {least} officers on duty at every minute of the week."), least=told.least)
    text = N_(
        "Posts are below {least} officers for {minutes} minutes a week in all; closing that costs {hours} officer-hours a week."
    )
    minutes, hours = (sum(getattr(gap, name) for gap in told.gaps) for name in ("minutes_per_week", "officer_hours"))
    return speaker.say(text, least=told.least, minutes=number(minutes, 0), hours=number(hours, 0))


def _moves_said(moves: Moves, speaker: Speaker) -> str:
    look = moves.outlook
    if not moves.moves:
        return speaker.say(N_("No move of whole crews was found that shows a gain."))
    text = N_(
        "{count} moves, {officers} officers, {hours} officer-hours a week: the weighted mean response falls from {before} to"
        " {after} minutes by the closed forms"
    )
    said = speaker.say(
        text, count=len(moves.moves), officers=moves.people, hours=number(moves.moved_h, 0),
        before=number(look.response_min[0], 1), after=number(look.response_min[1], 1),
    )  # fmt: skip
    if not np.isfinite(look.change_min.low):
        return speaker.say(N_("{said}."), said=said)
    more = N_("{said}, in {runs} paired simulations by {change} minutes ({low} to {high}).")
    low, high = (number(-value, 1) for value in (look.change_min.high, look.change_min.low))
    return speaker.say(more, said=said, runs=look.replications, change=number(-look.change_min.mean, 1), low=low, high=high)


def _keys(told: Deployment, speaker: Speaker) -> Iterator[KeyFigure]:
    found = told.found
    remark = speaker.say(N_("by chance up to {most}"), most=_percent(told.chance.floor_high.overall))
    yield KeyFigure(speaker.say(N_("duty hours at the wrong hour or place")), _percent(found.overall), remark, "deploy.index")
    minutes = sum(gap.minutes_per_week for gap in told.gaps)
    label = speaker.say(N_("minutes a week below {least} officers"), least=told.least)
    yield KeyFigure(label, number(minutes, 0), speaker.say(N_("all posts together")), "deploy.gap")


def _week(told: Deployment, speaker: Speaker) -> Drawing:
    """Return the officers on duty and those asked for, hour by hour of the week, in the same colours."""
    staffed, asked = told.staff.by_hour, told.demanded.sum(axis=0)
    colours = shades([*staffed.tolist(), *asked.tolist(), 0.0], LOAD)
    days = [speaker.say(day) for day in SHORT_DAYS]
    pictures = []
    for name, values in ((N_("Officers on duty"), staffed), (N_("Officers calls keep busy"), asked)):
        tips = [f"{hour_name(hour, speaker)}: {number(value, 1)}" for hour, value in enumerate(values.tolist())]
        said = speaker.say(name)
        remark = speaker.say(N_("{hours} officer-hours a week"), hours=number(float(values.sum()), 0))
        pictures.append(Picture(said, remark, week_figure(values.tolist(), colours, days, tips, said)))
    title = speaker.say(N_("Officers on duty beside those that calls keep busy"))
    lead = speaker.say(N_("Both should be dark in the same hours; how dark the second may be is another question."))
    return Drawing(title, lead, tuple(pictures), "deploy.staffed", legend(colours.colours, _edges(colours), title))


def _places(told: Deployment, speaker: Speaker) -> Iterator[Drawing]:
    """Yield where and when there are more or fewer officers than the share of calls would bring, by place and hour of the day."""
    if len(told.places) < 2:
        return
    calls = told.calls.table().sum(axis=1)
    drawn = np.argsort(-calls, kind="stable")[:MOST_ROWS]
    off = _by_clock(told.excess())[drawn]
    off[calls[drawn] < FEWEST] = np.nan
    colours = _around_zero(off)
    names = [told.places.names[at].in_language(speaker.language) for at in drawn.tolist()]
    text = N_("{place}, {hour}:00: {officers} officers beyond its share")
    tips = [
        [speaker.say(text, place=name, hour=hour, officers=number(value, 1, signed=True)) for hour, value in enumerate(row)]
        for name, row in zip(names, off.tolist(), strict=True)
    ]
    title = speaker.say(N_("Where and when there are too many officers, and too few"))
    lead = speaker.say(
        N_("Officers on duty less those its share of the calls would bring, on a mean day. Blue: too many. Brown: too few.")
    )
    picture = Picture("", "", place_hours(off.tolist(), names, colours, tips, title))
    yield Drawing(title, speaker.say(lead), (picture,), "deploy.index", legend(colours.colours, _edges(colours), title), wide=True)


def _by_clock(table: F64) -> F64:
    """Return (P, 24) the mean day of (P, 168) hours of the week."""
    return np.asarray(table.reshape(len(table), 7, 24).mean(axis=1))


def _around_zero(values: F64) -> Shades:
    """Return five colours around zero, from too few (brown) to too many (blue)."""
    most = max(float(np.nanmax(np.abs(values), initial=0.0)), 0.1)
    edges = (-most, -most / 2, -most / 8, most / 8, most / 2, most)
    return Shades(edges, FROM_SOON_TO_LATE[::-1])


def _edges(colours: Shades) -> list[str]:
    return [number(edge, 1) for edge in colours.edges]


def _tables(told: Deployment, moves: Moves | None, speaker: Speaker) -> Iterator[Shown]:
    if moves is not None and moves.moves:
        lead = speaker.say(N_("Whole crews only; hours a week, rules of rest and the least cover stay as they are."))
        yield moves_table(moves.moves, speaker.say(N_("Moves proposed")), speaker, lead=lead)
    if moves is not None and moves.dropped:
        name = speaker.say(N_("Moves looked at and dropped"))
        yield moves_table(moves.dropped, name, speaker, lead=speaker.say(N_("They showed no gain.")), folded=True)
    yield places_table(told, speaker)
    if told.gaps:
        yield gaps_table(told, speaker)


def _notes(told: Deployment, moves: Moves | None, speaker: Speaker) -> Iterator[str]:
    yield speaker.say(N_("Follow-up is done between 08:00 and 20:00: an assumption; it can wait, calls cannot."))
    if told.calls.outside:
        text = N_("{count} calls lie in no place and are not counted.")
        yield speaker.say(text, count=told.calls.outside)
    if told.calls.expected is not None:
        yield speaker.say(N_("The hours of calls are those foretold; places and kinds of calls are those of the record."))
    if moves is not None:
        yield speaker.say(
            N_("Callers are taken to give up after two hours where nobody comes, when moves are chosen: an assumption.")
        )
        yield from (note.text(speaker.language) for note in moves.notes)
