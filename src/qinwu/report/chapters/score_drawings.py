"""Drawings of the chapter of scores: the funnel of each indicator, and the places that chance leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.judge.score.funnel import ALARM, WARNING, Mark, sizes
from qinwu.judge.score.league import League
from qinwu.judge.score.ranks import LEAST_EVENTS, Ranked
from qinwu.language import N_
from qinwu.report.chapters.score_words import STANDS, Telling
from qinwu.report.chapters.targets_words import plain
from qinwu.report.figures.bars import swatch
from qinwu.report.figures.funnel import COLOURS, INNER, OUTER, Limits, Unit, funnel_figure
from qinwu.report.figures.places import Row, place_rows
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.small_cells import FEWEST

MOST_ROWS = 90
MOST_PICTURES = 3
"""Funnels and rankings drawn, those of most events first; every league has its table."""

FEWEST_RANKED = 2


def told_marks(league: League) -> tuple[Mark, ...]:
    """Return the units of a league that rest on enough to be told."""
    share = league.drawn.counts.chance == "share"
    return tuple(mark for mark in league.drawn.marks if (mark.exposure if share else mark.events) >= FEWEST)


def funnels(told: Telling, leagues: Sequence[League]) -> Drawing | None:
    """Return a funnel for each league; None without any."""
    pictures = tuple(picture for league in _largest(leagues) if (picture := _funnel(told, league)) is not None)
    if not pictures:
        return None
    title = told.say(N_("Units beside each other, with the room that chance leaves"))
    lead = told.say(
        N_(
            "Every dot is a unit; the line is what they reach together. Nineteen of twenty units that are no different lie in the "
            "inner funnel, 998 of a thousand in the outer one. Small units scatter more, which says nothing about their work."
        )
    )
    bands = ((INNER, "95%"), (OUTER, "99.8%"), *((COLOURS[stand], text) for stand, text in STANDS.items()))
    legend = " ".join(f"{swatch(colour)} {told.say(text)}" for colour, text in bands)
    return Drawing(title, lead, pictures, "score-funnel", legend)


def _largest(leagues: Sequence[League]) -> list[League]:
    """Return the leagues of most events."""
    return sorted(leagues, key=lambda league: -float(league.drawn.counts.events.sum()))[:MOST_PICTURES]


def _funnel(told: Telling, league: League) -> Picture | None:
    marks = told_marks(league)
    if len(marks) < 2:
        return None
    drawn, scale = league.drawn, league.scale
    along = sizes(drawn.counts)

    def limits(tail: float) -> Limits:
        low, high = (drawn.curve(each, along) * scale for each in (tail, 1.0 - tail))
        return Limits(low.tolist(), high.tolist())

    unit = told.unit_of(league.indicator)
    units = [_unit(told, league, mark) for mark in marks]
    share = drawn.counts.chance == "share"
    axes = (told.say(N_("cases") if share else N_("thousand residents")), f"{told.indicator(league.indicator)}, {unit}")
    svg = funnel_figure(
        units, along.tolist(), limits(WARNING), limits(ALARM), drawn.target * scale, axes, axes[1], scale if share else float("inf")
    )
    return Picture(f"{told.indicator(league.indicator)} · {told.level(league.level)} · {league.period}", _remark(told, league), svg)


def _remark(told: Telling, league: League) -> str:
    """Return how many are beyond chance, and whether units differ more than chance as a whole."""
    spread = league.drawn.spread
    said = [
        told.say(N_("{count} of {all} differ by more than chance."), count=len(league.drawn.beyond), all=len(league.drawn.marks))
    ]
    if spread.over:
        said.append(
            told.say(
                N_("Units differ more than chance as a whole (φ {phi}); the funnel is widened by that."), phi=f"{spread.phi:.1f}"
            )
        )
    return told.speaker.sentences(said)


def _unit(told: Telling, league: League, mark: Mark) -> Unit:
    name = told.owner(league.level, mark.name)
    unit = told.unit_of(league.indicator)
    value = told.figure(mark.value * league.scale, unit)
    tip = f"{name}: {told.counts(mark.events, mark.exposure)} = {value}; {told.say(STANDS[mark.stand])}"
    return Unit(mark.exposure, mark.value * league.scale, mark.stand, name if mark.stand == "beyond" else "", tip)


def places(told: Telling, leagues: Sequence[League]) -> Drawing | None:
    """Return the places that chance leaves open, for each league with at least one rank; None without any."""
    pictures = tuple(_places(told, league) for league in _largest(leagues) if len(league.ranked) >= FEWEST_RANKED)
    if not pictures:
        return None
    title = told.say(N_("Places that chance leaves open: no ranking is surer than this"))
    lead = told.say(
        N_(
            "A bar is every place a unit may have, for all units at once with 95 % certainty; the ring is the place that a plain "
            "ranking would claim. Nobody gets points for a place."
        )
    )
    return Drawing(title, lead, pictures, "score-rank", wide=True)


def _places(told: Telling, league: League) -> Picture:
    known = {mark.name: mark for mark in told_marks(league)}
    rows = [_row(told, league, one, known[one.name]) for one in league.ranks if one.name in known][:MOST_ROWS]
    label = f"{told.indicator(league.indicator)} · {told.level(league.level)} · {league.period}"
    without = told.say(N_("no rank: fewer than {least}"), least=LEAST_EVENTS)
    drawn = place_rows(rows, label, (told.say(N_("best")), told.say(N_("last"))), without)
    text = N_("{sure} of {all} have one place only; {without} have no rank.")
    remark = told.say(text, sure=league.sure, all=len(league.ranks), without=len(league.ranks) - len(league.ranked))
    return Picture(label, remark, drawn)


def _row(told: Telling, league: League, one: Ranked, mark: Mark) -> Row:
    name = told.owner(league.level, one.name)
    value = told.figure(one.value * league.scale, told.unit_of(league.indicator))
    text = f"{value} · {told.counts(mark.events, mark.exposure)}"
    open_ = told.say(N_("{low} to {high}"), low=one.best, high=one.worst) if one.best is not None else ""
    return Row(name, one.naive, one.best, one.worst, text, f"{name}: {text}; {open_}" if open_ else f"{name}: {text}")


def naive_claim(told: Telling, league: League) -> str:
    """Return what a plain ranking would have claimed of a league, and what the counts allow."""
    first, last = league.ranks[0], league.ranks[-1]
    text = N_("{indicator}: a plain ranking puts {first} first and {last} last; of {all} units {sure} have a sure place.")
    if not league.sure:
        text = N_("{indicator}: a plain ranking puts {first} first and {last} last; of {all} units not one has a sure place.")
    values = {"first": told.owner(league.level, first.name), "last": told.owner(league.level, last.name)}
    counts = {"all": plain(len(league.ranks)), "sure": plain(league.sure)}
    return told.say(text, indicator=told.indicator(league.indicator), **values, **counts)
