"""The report of a reform: the claim on top, who loses on page one, every number with its why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from qinwu.duty.reform.state import Move
from qinwu.judge.reform.losers import losing
from qinwu.judge.reform.sensitivity import Swing
from qinwu.judge.reform.tried import AFTER, TriedReform
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.plans.plan_report import PlanReport
from qinwu.report.reform.claimed import claims_table, claims_words
from qinwu.report.reform.drawings import chart, gains_and_losses, tornado, turning
from qinwu.report.reform.organisation_rows import share_words
from qinwu.report.reform.tables import tables
from qinwu.report.reform.telling import Telling
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import number
from qinwu.simulate.measures import Key

RESPONSE = Key("response_s", "all", "all", "mean")
SEEN = Key("p_seen", "all", "all", "share")
HOURS = Key("duty_hours", "all", "all", "mean")
URGENT = Key("response_s", "priority", "1", "mean")
WHY = {
    "figure": N_(
        "Both duty systems are compiled and run on the same calls with the same luck, as often as said below; the figure is the "
        "mean, the interval that of the paired differences (Student t). Where it holds zero, no difference is shown."
    ),
    "loser": N_(
        "Calls by where they happened, in the stations or beats as they are today, whoever answers after the reform; change of the "
        "mean time from the ring to the first arrival. One in forty would be shown to lose by chance even if nothing changed."
    ),
    "organisation": N_(
        "Counted on the chart before and after. Front line: posts for beats, patrol and response, case work or venues. Kilometres: "
        "hours driven times the mean speed between atoms, and hours on patrol times patrol speed. Counters: stations with a desk, "
        "and outposts."
    ),
    "book": N_(
        "Steps name posts, not people. Those longest in service keep command, sworn officers leave desks first, those who answer "
        "for a beat stay with it; the reform fails if a head is lost."
    ),
    "swing": N_(
        "The reform is tried again with the assumption at either end of its range, all else equal. Where the change has another "
        "sign at the other end, the value in between at which it is nil is searched by false position."
    ),
    "chart": N_("Units and posts as the duty files and the officers file give them, after the steps of the reform were applied."),
    "step": N_("What the reform file says. An assumption is nobody's measurement: change it and try again."),
    "claim": N_("What somebody published, its grade by rule, and what this run on this station's calls can say about it."),
}


def reform_report(tried: TriedReform, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a tried reform as a report.

    Parameters
    ----------
    tried
        What was found out.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    told = Telling(tried, language)
    drawings = [gains_and_losses(told), tornado(told), chart(told)]
    claimed = claims_table(told)
    return PlanReport(
        kind="reform",
        station=tried.station,
        language=language,
        claim=_claim(told),
        deck=tuple(_deck(told)),
        keys=tuple(_keys(told)),
        drawings=tuple(each for each in drawings if each),
        tables=(*tables(told), *((claimed,) if claimed else ())),
        proof=None,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told)),
        data=_data(told),
        made=made,
        template="reform.html.j2",
        styles=("report.css", "answers.css", "organisation.css", "reform.css"),
    )


def _claim(told: Telling) -> str:
    """Return the answer in one sentence: what happens to the mean response, with its interval."""
    d = told.difference(RESPONSE)
    values = {
        "name": told.name,
        "size": told.speaker.amount("response_s", abs(d.change.mean), change=True),
        "range": told.speaker.range("response_s", d.change, signed=True),
    }
    if d.verdict == "better":
        return told.say(N_("{name}: residents wait {size} less on average ({range})"), **values)
    if d.verdict == "worse":
        return told.say(N_("{name}: residents wait {size} longer on average ({range})"), **values)
    return told.say(N_("{name}: no difference of the mean wait is shown ({range} min)"), **values)


def _deck(told: Telling) -> Iterator[str]:
    """Yield who loses, what it frees, and what the verdict hangs on."""
    places, hours = losing(told.places), losing(told.hours)
    if places:
        worst = told.speaker.listed([told.group(one) for one in places[:3]])
        size = told.speaker.amount("response_s", places[0].response.change.mean, change=True)
        text = N_("{count} of {all} places get worse: {worst}; the first by {size}.")
        yield told.say(text, count=len(places), all=len(told.places), worst=worst, size=size)
    else:
        yield told.say(N_("No place is shown to get worse, of {all}."), all=len(told.places))
    if hours:
        clock = told.speaker.listed([told.group(one) for one in sorted(hours, key=lambda one: int(one.group))[:6]])
        yield told.say(N_("Hours of the day that get worse: {clock}."), clock=clock)
    before, after = (share_words(one.shares.front_line) for one in told.audits)
    yield told.say(N_("Front line of all heads: {before} before, {after} after."), before=before, after=after)
    joined = told.in_crews[1] - told.in_crews[0]
    if told.freed > joined:
        text = N_("Of {freed} heads freed for the front line {idle} are in no crew: the crews rules have no place for them.")
        yield told.say(text, freed=told.freed, idle=told.freed - max(joined, 0))
    more = told.difference(HOURS).change.mean
    if more > 0.0:
        text = N_("Crews are on duty {hours} officer-hours a week more: a part of the change is that, not the organisation.")
        yield told.say(text, hours=number(more, 0))
    yield from _break_even(told)
    yield from claims_words(told)


def _break_even(told: Telling) -> Iterator[str]:
    turning_points = [swing for swing in told.tried.swings if swing.turns_at is not None]
    for swing in turning_points[:2]:
        better_high = swing.high is not None and swing.high.mean < 0.0
        text = N_("It helps if {what} is more than {value}.") if better_high else N_("It helps if {what} is less than {value}.")
        yield told.say(text, what=swing.vary.name.in_language(told.language), value=turning(told, swing))
    if len(told.tried.swings) == 1 and not turning_points:
        yield told.say(N_("The assumption that was moved within its range does not turn the verdict."))
    elif told.tried.swings and not turning_points:
        text = N_("None of the {count} assumptions that were moved within their range turns the verdict.")
        yield told.say(text, count=len(told.tried.swings))


def _keys(told: Telling) -> Iterator[KeyFigure]:
    yield _key(told, N_("Mean wait"), RESPONSE)
    yield _key(told, N_("Mean wait, most urgent"), URGENT)
    lost = f"{len(losing(told.places))} / {len(told.places)}"
    yield KeyFigure(told.say(N_("Places that get worse")), lost, told.say(N_("shown, of all")), "loser")
    heads = told.say(N_("of {all} heads"), all=len(told.tried.done.after.officers))
    yield KeyFigure(told.say(N_("Freed for the front line")), number(told.freed, 0, signed=True), heads, "book")
    yield _key(told, N_("Chance to see a patrol"), SEEN)


def _key(told: Telling, label: str, key: Key) -> KeyFigure:
    d, speaker = told.difference(key), told.speaker
    before, after = (speaker.value(key.measure, each.mean) for each in (d.current, d.other))
    change = speaker.with_unit(speaker.change(key.measure, d.change.mean), speaker.unit(key.measure, change=True))
    return KeyFigure(told.say(label), change, told.say(N_("before {before}, after {after}"), before=before, after=after), "figure")


def _notes(told: Telling) -> Iterator[str]:
    comparison = told.tried.comparison
    text = N_("{count} replications of {weeks} weeks, seed {seed}; both systems met the same calls, journeys and service times.")
    yield told.say(text, count=comparison.replications, weeks=number(comparison.weeks, 0), seed=comparison.seed)
    yield told.say(
        N_("A simulation tells what the rules and figures stated here imply; it knows nothing of morale, skill or goodwill.")
    )
    if told.tried.stopped:
        yield told.say(N_("Interrupted: what is told rests on what was finished by then."))
    if told.untold:
        text = N_("{count} places or hours with fewer than {fewest} calls are left out, so that no single case can be read out.")
        yield told.say(text, count=told.untold, fewest=FEWEST)
    for finding in told.tried.done.findings:
        yield finding.text(told.language)
    for reform in told.tried.reforms:
        yield reform.about.in_language(told.language)


def _data(told: Telling) -> dict[str, Any]:
    tried = told.tried
    hidden = {(one.by, one.group) for one in (*tried.places, *tried.hours) if one.calls < FEWEST}
    differences = [row for row in tried.comparison.differences.to_dicts() if (row["by"], row["group"]) not in hidden]
    return {
        "reforms": [reform.id for reform in tried.reforms],
        "back": tried.back,
        "replications": tried.comparison.replications,
        "seed": tried.comparison.seed,
        "differences": [row for row in differences if row["system"] == AFTER],
        "moves": [_move(move) for move in tried.done.moves],
        "swings": [_swing(swing) for swing in tried.swings],
    }


def _move(move: Move) -> dict[str, Any]:
    ends = {"from": [move.from_unit, move.from_post], "to": [move.to_unit, move.to_post]}
    return {"step": move.step, "count": move.count, **ends, "officers": list(move.officers)}


def _swing(swing: Swing) -> dict[str, Any]:
    low, high = (list(end) if end else None for end in (swing.low, swing.high))
    return {"key": swing.vary.key, "usual": swing.usual, "low": low, "high": high, "turns_at": swing.turns_at}
