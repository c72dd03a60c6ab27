"""Chapter about places: where residents will call from, how good such lists were, and every guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from qinwu.forecast.places.foreseen import Places
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.places_tables import places_data, places_tables
from qinwu.report.chapters.places_words import METHOD_WORDS, WHY
from qinwu.report.figures.bars import legend
from qinwu.report.figures.posts_map import Post, atom_map, borders, posts_on_map
from qinwu.report.figures.rounds import Line, rounds_figure
from qinwu.report.figures.scale import WAIT, shades
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import Speaker, number

PREFIX = "hot"
LOT = "?"


def places_chapter(told: Places, language: Language, names: Mapping[str, str] | None = None) -> Chapter:
    """Return the chapter.

    Parameters
    ----------
    told
        The places.
    language
        In which it is told.
    names
        What the parts of the area, such as beats, are called.
    """
    speaker, called = Speaker(language), names or {}
    return Chapter(
        id="places",
        title=_title(told, speaker),
        lead=tuple(_lead(told, speaker)),
        keys=tuple(_keys(told, speaker)),
        drawings=tuple(_drawings(told, called, speaker)),
        tables=places_tables(told, called, speaker),
        why={key: speaker.say(text) for key, text in WHY.items()},
        notes=(
            speaker.say(N_("Places only: no field about a person is read, and nothing is said about who calls or why.")),
            speaker.say(N_("Places drawn by lot are drawn anew for every list, by a seed that is kept.")),
            *(each.text(language) for each in told.findings),
        ),
        data=places_data(told),
    )


def _hot(told: Places) -> list[int]:
    """Return the positions of the hot places, the most expected first."""
    at = {name: number for number, name in enumerate(told.ground.ids)}
    return [at[row["place"]] for row in told.whole.iter_rows(named=True) if not row["explore"]]


def _title(told: Places, speaker: Speaker) -> str:
    scores = told.test.scores["portfolio"]
    share, area = float(scores.hits.sum() / max(scores.events.sum(), 1.0)), float(scores.area.mean())
    text = N_("{places} places with {area} of the area have had {share} of the reports of residents")
    return speaker.say(text, places=scores.chosen.shape[1], area=f"{area:.1%}", share=f"{share:.0%}")


def _lead(told: Places, speaker: Speaker) -> Iterator[str]:
    expiry, test = told.guards.expiry, told.test
    hot = float(told.expected[_hot(told)].sum())
    text = N_("In the {days} days from {first} to {last} {events} reports are expected in them.")
    yield speaker.say(text, days=told.days, first=expiry.valid_from, last=expiry.valid_to, events=number(hot, 0))
    gain, best = test.gain, speaker.say(METHOD_WORDS[test.best])
    values = {"best": best, "low": number(gain.low, 3, signed=True), "high": number(gain.high, 3, signed=True)}
    if gain.low > 0.0:
        text = N_("In past windows the portfolio hit more than the best single method ({best}): PEI {low} to {high} higher.")
    elif gain.high < 0.0:
        text = N_("In past windows one method alone ({best}) hit more than the portfolio: PEI {low} to {high}.")
    else:
        text = N_("In past windows the portfolio and the best single method ({best}) cannot be told apart: PEI {low} to {high}.")
    yield speaker.say(text, **values)
    wrong = [name for name, passed in told.guards.passed().items() if not passed]
    if wrong:
        yield speaker.say(N_("{count} of the guards ask to be looked at before this list is used."), count=len(wrong))
    else:
        yield speaker.say(N_("All {count} guards passed."), count=len(told.guards.passed()))


def _keys(told: Places, speaker: Speaker) -> Iterator[KeyFigure]:
    pei = told.test.scores["portfolio"].pei
    remark = speaker.say(N_("1 is hindsight; {low} to {high}"), low=number(pei.low, 2), high=number(pei.high, 2))
    yield KeyFigure(speaker.say(N_("of what the best choice would have hit")), number(pei.value, 2), remark, "places.hits")
    label = speaker.say(N_("of patrol goes to places drawn by lot"))
    count = speaker.say(N_("{count} places"), count=told.guards.exploration.places)
    yield KeyFigure(label, f"{told.guards.exploration.share:.0%}", count, "places.share")


def _drawings(told: Places, names: Mapping[str, str], speaker: Speaker) -> Iterator[Drawing]:
    if told.ground.kind == "atoms":
        yield _map(told, names, speaker)
    yield _urns(told, speaker)


def _map(told: Places, names: Mapping[str, str], speaker: Speaker) -> Drawing:
    """Return all atoms coloured by the reports expected, with the list on them."""
    ground, hot = told.ground, _hot(told)
    known = told.events.counts(-np.inf, np.inf) >= FEWEST
    values = np.where(known, told.expected, np.nan)
    colours = shades([0.0, *values.tolist()], WAIT)
    made = atom_map(ground.shapes, PREFIX)
    text = N_("{place}, {part}: {events} reports expected")
    tips = {
        at: speaker.say(text, place=name, part=names.get(told.parts[at], told.parts[at]), events=number(values[at], 1))
        for at, name in enumerate(ground.ids)
    }
    at = {name: number for number, name in enumerate(ground.ids)}
    lot = [at[row["place"]] for row in told.whole.iter_rows(named=True) if row["explore"]]
    posts = [Post(place, str(rank + 1), tips[place]) for rank, place in enumerate(hot)]
    posts += [Post(place, LOT, speaker.say(N_("{place}: drawn by lot"), place=ground.ids[place])) for place in lot]
    groups: dict[str, list[int]] = {}
    for number_, part in enumerate(told.parts):
        groups.setdefault(part, []).append(number_)
    lines = borders(ground.shapes, groups, made.frame) if len(groups) < len(ground) else ""
    title = speaker.say(N_("Where reports are expected"))
    lead = speaker.say(
        N_("Darker: more reports expected. Numbers: hot places, the most expected first. Question marks: places drawn by lot.")
    )
    drawn = posts_on_map(made, PREFIX, [colours.colour(value) for value in values.tolist()], tips, posts, title, lines)
    key = legend(colours.colours, [f"{edge:g}" for edge in colours.edges], title)
    return Drawing(title, lead, (Picture("", "", drawn),), "places.expected", key, made.definitions, wide=True)


def _urns(told: Places, speaker: Speaker) -> Drawing:
    """Return how far two equal places drift apart, by round."""
    urns = told.guards.urns
    lines = (
        Line(speaker.say(N_("finds of officers teach, too")), urns.unfiltered, "worse"),
        Line(speaker.say(N_("residents' reports only, as here")), urns.filtered, "better"),
    )
    title = speaker.say(N_("Two equal places stay equal only if residents alone teach"))
    lead = speaker.say(N_("Distance of a place's share of the forecast from one half, round by round of patrol, in points."))
    drawn = rounds_figure(lines, speaker.say(N_("round of patrol")), title)
    return Drawing(title, lead, (Picture("", "", drawn),), "places.urns", wide=True)
