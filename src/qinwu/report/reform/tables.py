"""Tables of a reform: figures before and after, places and hours, the organisation, the book of posts, steps and assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from qinwu.judge.reform.by_step import SoFar
from qinwu.judge.reform.losers import Affected
from qinwu.judge.reform.sensitivity import RESPONSE
from qinwu.language import N_
from qinwu.report.organisation_words import LEVELS, POST_NAMES
from qinwu.report.plans.plan_report import Shown
from qinwu.report.reform.drawings import turning
from qinwu.report.reform.organisation_rows import organisation_rows
from qinwu.report.reform.telling import MEASURES, Telling
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import NONE, VERDICTS, number
from qinwu.simulate.outcome import Interval

Rows = Iterable[tuple[Value, ...]]


def tables(told: Telling) -> Iterator[Shown]:
    """Yield every table, the most important first."""
    yield figures(told)
    yield steps(told)
    yield affected(told, told.say(N_("Who loses, by place")), told.places)
    yield affected(told, told.say(N_("Who loses, by hour")), told.hours, folded=True)
    yield organisation(told)
    yield book(told)
    yield hangs_on(told)


def _shown(name: str, header: Sequence[str], why: str, rows: Rows, *, lead: str = "", folded: bool = False) -> Shown:
    """Return a table all of whose columns but the first have one explanation."""
    widths = (34, *(16 for _ in header[1:]))
    keys = ("", *(why for _ in header[1:]))
    return Shown(Sheet(name, (), tuple(header), tuple(rows), widths), keys, lead, folded)


def _said(told: Telling, *words: str) -> tuple[str, ...]:
    return tuple(told.say(word) for word in words)


def organisation(told: Telling) -> Shown:
    """Return the organisation before and after: units, layers, shares with their counts, hand-overs, counters, costs."""
    header = _said(told, N_("Organisation"), N_("Before"), N_("After"))
    rows = tuple((row.name, row.before, row.after) for row in organisation_rows(told))
    return _shown(told.say(N_("The organisation")), header, "organisation", rows)


def figures(told: Telling) -> Shown:
    """Return the figures before and after with the paired interval of the change."""
    say, speaker = told.say, told.speaker
    header = _said(told, N_("Figure"), N_("Before"), N_("After"), N_("Change"), N_("95 % interval"), N_("Unit"), N_("Verdict"))
    rows = []
    for key in MEASURES:
        d = told.difference(key)
        if isfinite(d.current.mean) and isfinite(d.other.mean):
            rows.append((
                speaker.key(key), speaker.value(key.measure, d.current.mean), speaker.value(key.measure, d.other.mean),
                speaker.change(key.measure, d.change.mean), speaker.range(key.measure, d.change, signed=True),
                speaker.unit(key.measure), say(VERDICTS[d.verdict]),
            ))  # fmt: skip
    lead = say(N_("Both systems met the same calls and the same luck; intervals are of the paired differences."))
    return _shown(say(N_("Before and after")), header, "figure", rows, lead=lead)


def affected(told: Telling, name: str, some: Sequence[Affected], *, folded: bool = False) -> Shown:
    """Return places or hours, those that lose most first."""
    say, speaker = told.say, told.speaker
    where = N_("Where") if some and some[0].by == "place" else N_("When")
    times = (N_("Before, min"), N_("After, min"), N_("Change, min"), N_("95 % interval"))
    promise = N_("Within the promise, change in points")
    header = _said(told, where, N_("Calls a week"), *times, promise, N_("Waiting more, h a week"), N_("Verdict"))
    rows = [
        (
            told.group(one), number(one.calls_per_week, 1), speaker.value("response_s", one.response.current.mean),
            speaker.value("response_s", one.response.other.mean), speaker.change("response_s", one.response.change.mean),
            speaker.range("response_s", one.response.change, signed=True), speaker.change("within_limit", one.within.change.mean),
            number(one.waiting_h, 1, signed=True), say(VERDICTS[one.response.verdict]),
        )
        for one in some
    ]  # fmt: skip
    return _shown(name, header, "loser", rows, folded=folded)


def book(told: Telling) -> Shown:
    """Return the book of posts: every group of heads that moved, and that none was lost."""
    say = told.say
    header = (
        say(N_("Step")),
        say(N_("Heads")),
        say(N_("From")),
        say(N_("Post")),
        say(N_("To")),
        say(N_("Post")),
        say(N_("Officers")),
    )
    rows = [
        (
            move.step, str(move.count), told.place(move.from_unit), say(POST_NAMES[move.from_post]), told.place(move.to_unit),
            say(POST_NAMES[move.to_post]), "" if told.tried.done.after.nameless else ", ".join(move.officers),
        )
        for move in told.tried.done.moves
    ]  # fmt: skip
    heads = len(told.tried.done.after.officers)
    lead = say(
        N_("{heads} heads before, {heads} after. Who in particular moves is a proposal: the file can be changed."), heads=heads
    )
    return _shown(say(N_("The book of posts")), header, "book", rows, lead=lead, folded=True)


def hangs_on(told: Telling) -> Shown:
    """Return every assumption with a range: the change at either end, and where it turns."""
    say = told.say
    header = (
        say(N_("Assumption")), say(N_("As tried")), say(N_("Range")), say(N_("Change at the low end, min")),
        say(N_("Change at the high end, min")), say(N_("Turns at")), say(N_("Why this range")), say(N_("Source")),
    )  # fmt: skip
    rows = [
        (
            swing.vary.name.in_language(told.language), told.speaker.with_unit(f"{swing.usual:g}", swing.vary.unit),
            say(N_("{low} to {high}"), low=f"{swing.vary.low:g}", high=f"{swing.vary.high:g}"),
            _end(told, swing.low), _end(told, swing.high), turning(told, swing), swing.vary.why.in_language(told.language),
            _source(told, swing.vary.source),
        )
        for swing in told.tried.swings
    ]  # fmt: skip
    return _shown(say(N_("Assumptions with a range")), header, "swing", rows, folded=True)


def _end(told: Telling, change: Interval | None) -> str:
    if change is None:
        return told.say(N_("cannot be done"))
    said = told.speaker.change(RESPONSE.measure, change.mean)
    return f"{said} ({told.speaker.range(RESPONSE.measure, change, signed=True)})"


def steps(told: Telling) -> Shown:
    """Return what was done, step by step, how far the change had come after each, and on whose word."""
    header = _said(
        told, N_("Step"), N_("Why"), N_("Change of the mean wait so far, min"), N_("95 % interval"),
        N_("Officer-hours a week so far"), N_("Source"),
    )  # fmt: skip
    so_far = {(each.reform, each.step.id): each for each in told.tried.so_far}
    rows = [
        (step.id, step.why.in_language(told.language), *_so_far(told, so_far.get((reform.id, step.id))), _source(told, step.source))
        for reform in told.tried.reforms
        for step in reform.step
    ]
    rows += [
        (told.say(LEVELS[one.level]), one.why.in_language(told.language), "", "", "", _source(told, one.source))
        for reform in told.tried.reforms
        for one in reform.overhead
    ]
    lead = told.say(
        N_("What a step adds depends on those before it. Look at the hours: more people on duty is not better organisation.")
    )
    return _shown(told.say(N_("Step by step")), header, "step", rows, lead=lead)


def _so_far(told: Telling, each: SoFar | None) -> tuple[str, str, str]:
    if each is None or each.change is None:
        return NONE, NONE, NONE
    measure = RESPONSE.measure
    change = told.speaker.change(measure, each.change.mean)
    return change, told.speaker.range(measure, each.change, signed=True), number(each.officer_hours, 0, signed=True)


def _source(told: Telling, source: str) -> str:
    return told.say(N_("assumption")) if source == "assumption" else source
