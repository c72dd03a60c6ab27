"""Reports of an audit: what was drawn and what interval it will give; what auditors found and how sure that is."""

from __future__ import annotations

from datetime import datetime

from qinwu.judge.integrity.audit import CHECKS, Audit
from qinwu.judge.integrity.sampling import RATES, Drawn, Interval, expected_intervals, wilson
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.chapter_report import ChapterReport
from qinwu.report.figures.intervals import Span, interval_rows
from qinwu.report.plans.plan_report import Drawing, Picture, Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, Speaker
from qinwu.station.station import Station

MOST_STRATA = 16
SHORT = {"class_right": N_("class wrong"), "stamps_right": N_("stamps wrong"), "outcome_right": N_("outcome not backed")}
"""What it means that a question is answered with no."""
WHY = {
    "audit-size": N_(
        "The smallest sample whose Wilson interval is no wider than the margin at the assumed share of errors, the number of calls "
        "taken into account."
    ),
    "audit-interval": N_(
        "Wilson's interval, 95 %, with the effective size of the stratified sample and the finite population correction; exact "
        "(hypergeometric) where no call is wrong, and for each stratum."
    ),
    "audit-drawn": N_(
        "Calls are put in the order of the SHA-256 of seed:call and the first of each stratum are drawn: anybody can draw again."
    ),
    "audit-open": N_("As if every call that could not be checked were wrong: what the open ones may hide at most."),
}


def draw_report(station: Station, drawn: Drawn, asked: str, language: Language, made: datetime | None = None) -> ChapterReport:
    """Return the report of a draw.

    Parameters
    ----------
    station, drawn
        What was drawn from, and what.
    asked
        How the size was set, a finished sentence.
    language, made
        In which it is told, and when.
    """
    speaker = Speaker(language)
    intervals = expected_intervals(drawn)
    claim = speaker.say(
        N_("{n} of {calls} calls drawn: with one in ten wrong the audit will say {low} to {high}"),
        n=f"{drawn.n:,}",
        calls=f"{drawn.calls:,}",
        low=_percent(intervals[RATES.index(0.1)].low),
        high=_percent(intervals[RATES.index(0.1)].high),
    )
    none = speaker.say(N_("If no call is wrong, at most {high} of all calls are."), high=_percent(intervals[0].high))
    proof = speaker.say(
        N_("Drawn with seed {seed} from calls with SHA-256 {digest}…: tell both to the unit before the audit."),
        seed=drawn.seed,
        digest=drawn.digest[:16],
    )
    chapter = Chapter(
        "audit",
        claim,
        (asked, none, proof),
        (
            KeyFigure(
                speaker.say(N_("Calls to check")),
                f"{drawn.n:,}",
                speaker.say(N_("of {calls}"), calls=f"{drawn.calls:,}"),
                "audit-size",
            ),
        ),
        (_expected(intervals, speaker),),
        (_rates_table(intervals, speaker), _strata_table(drawn, speaker)),
        {key: speaker.say(text) for key, text in WHY.items()},
        (speaker.say(N_("Draw first, look afterwards: a sample drawn again until it pleases proves nothing.")),),
        {
            "drawn": drawn.n,
            "calls": drawn.calls,
            "seed": drawn.seed,
            "digest": drawn.digest,
            "strata": [{"name": each.name, "calls": each.calls, "drawn": each.drawn} for each in drawn.strata],
            "intervals": [{"errors": each.share, "low": each.low, "high": each.high} for each in intervals],
        },
    )
    return _report(station, chapter, (asked, none, proof), language, made)


def result_report(station: Station, audit: Audit, language: Language, made: datetime | None = None) -> ChapterReport:
    """Return the report of a finished audit."""
    speaker = Speaker(language)
    values = {"share": _percent(audit.share.share), "low": _percent(audit.share.low), "high": _percent(audit.share.high)}
    if audit.wrong:
        claim = speaker.say(N_("{share} of calls are recorded wrong, between {low} and {high}"), **values)
    else:
        claim = speaker.say(N_("No wrong call among {n} checked: at most {high} of all are"), n=f"{audit.answered:,}", **values)
    lead = [
        speaker.say(
            N_("{answered} of {drawn} drawn calls were checked, {wrong} of them wrong."),
            answered=audit.answered,
            drawn=audit.drawn,
            wrong=audit.wrong,
        )
    ]
    if audit.answered < audit.drawn:
        text = N_("{open} could not be checked; if all of them were wrong, it would be {share} ({low} to {high}).")
        worst = {"share": _percent(audit.worst.share), "low": _percent(audit.worst.low), "high": _percent(audit.worst.high)}
        lead.append(speaker.say(text, open=audit.drawn - audit.answered, **worst))
    remark = f"{values['low']} – {values['high']}"
    chapter = Chapter(
        "audit",
        claim,
        tuple(lead),
        (KeyFigure(speaker.say(N_("Recorded wrong")), values["share"], remark, "audit-interval"),),
        (_found(audit, speaker),),
        (_result_table(audit, speaker), _checks_table(audit, speaker)),
        {key: speaker.say(text) for key, text in WHY.items()},
        (speaker.say(N_("A call is wrong where one of the three questions is answered with no.")),),
        {
            "drawn": audit.drawn,
            "answered": audit.answered,
            "wrong": audit.wrong,
            "share": _as_data(audit.share),
            "if_open_ones_are_wrong": _as_data(audit.worst),
            "by_check": dict(audit.by_check),
            "strata": [
                {
                    "name": each.stratum.name,
                    "calls": each.stratum.calls,
                    "answered": each.answered,
                    "wrong": None if _small(each.wrong, audit) else each.wrong,
                }
                for each in audit.strata
            ],
        },
    )
    return _report(station, chapter, tuple(lead), language, made)


def _report(station: Station, chapter: Chapter, deck: tuple[str, ...], language: Language, made: datetime | None) -> ChapterReport:
    name, synthetic = station.config.name.in_language(language), station.config.synthetic
    return ChapterReport("audit-sample", name, language, chapter.title, deck, (chapter,), synthetic, made)


def _as_data(interval: Interval) -> dict[str, float]:
    return {"share": interval.share, "low": interval.low, "high": interval.high}


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _small(wrong: int, audit: Audit) -> bool:
    """Return whether a stratum's count would tell of single cases: strata of an audit are small, its total is what is published."""
    return 0 < wrong < FEWEST and len(audit.strata) > 1


def _expected(intervals: tuple[Interval, ...], speaker: Speaker) -> Drawing:
    """Return the interval that the sample will give for a range of error rates."""
    rows = [
        Span(
            speaker.say(N_("{rate} of calls wrong"), rate=f"{rate:.0%}"),
            rate,
            one.low,
            one.high,
            speaker.say(N_("{low} to {high}"), low=_percent(one.low), high=_percent(one.high)),
        )
        for rate, one in zip(RATES, intervals, strict=True)
    ]
    title = speaker.say(N_("What the audit will be able to say"))
    lead = speaker.say(N_("For each true share of wrong calls, the 95 % interval that this sample gives."))
    return Drawing(title, lead, (Picture("", "", interval_rows(rows, title)),), "audit-interval", wide=True)


def _rates_table(intervals: tuple[Interval, ...], speaker: Speaker) -> Shown:
    header = tuple(map(speaker.say, (N_("Calls wrong %"), N_("from %"), N_("to %"))))
    rows = tuple((rate * 100.0, one.low * 100.0, one.high * 100.0) for rate, one in zip(RATES, intervals, strict=True))
    sheet = Sheet(speaker.say(N_("Intervals to come")), (), header, rows, (16, 12, 12))
    return Shown(sheet, ("audit-interval",) * 3, folded=True)


def _strata_table(drawn: Drawn, speaker: Speaker) -> Shown:
    header = tuple(map(speaker.say, (N_("Stratum"), N_("Calls"), N_("Drawn"))))
    rows = tuple((_name(each.name, speaker), each.calls if each.calls >= FEWEST else "<5", each.drawn) for each in drawn.strata)
    return Shown(
        Sheet(speaker.say(N_("Strata")), (), header, rows, (40, 12, 12)), ("audit-drawn",) * 3, folded=len(rows) > MOST_STRATA
    )


def _name(stratum: str, speaker: Speaker) -> str:
    """Return the name of a stratum in words."""
    return {"": speaker.say(N_("all calls")), "…": speaker.say(N_("small strata together"))}.get(stratum, stratum)


def _found(audit: Audit, speaker: Speaker) -> Drawing:
    """Return the shares found: all, by question, and by stratum where none has so few wrong calls that it must be hidden."""
    said = N_("{share} ({low} to {high})")

    def span(name: str, one: Interval, *, total: bool = False) -> Span:
        text = speaker.say(said, share=_percent(one.share), low=_percent(one.low), high=_percent(one.high))
        return Span(name, one.share, one.low, one.high, text, total)

    calls = sum(each.stratum.calls for each in audit.strata)
    rows = [span(speaker.say(N_("all calls")), audit.share, total=True)]
    rows += [
        span(speaker.say(SHORT[check]), wilson(audit.by_check[check] / audit.answered, audit.answered, calls)) for check in CHECKS
    ]
    if not any(_small(each.wrong, audit) for each in audit.strata) and 1 < len(audit.strata) <= MOST_STRATA:
        rows += [span(_name(each.stratum.name, speaker), each.interval) for each in audit.strata if each.interval]
    title = speaker.say(N_("What the audit found"))
    lead = speaker.say(N_("Shares of wrong calls, and of each question answered with no, with 95 % intervals."))
    return Drawing(title, lead, (Picture("", "", interval_rows(rows, title)),), "audit-interval", wide=True)


def _result_table(audit: Audit, speaker: Speaker) -> Shown:
    header = (N_("Stratum"), N_("Calls"), N_("Drawn"), N_("Checked"), N_("Wrong"), N_("Wrong %"), N_("from %"), N_("to %"))
    rows: list[tuple[Value, ...]] = []
    for each in audit.strata:
        hidden = _small(each.wrong, audit)
        one = None if hidden else each.interval
        figures = (NONE,) * 3 if one is None else tuple(_percent(value) for value in (one.share, one.low, one.high))
        wrong = "<5" if hidden else str(each.wrong)
        rows.append((_name(each.stratum.name, speaker), each.stratum.calls, each.stratum.drawn, each.answered, wrong, *figures))
    sheet = Sheet(speaker.say(N_("By stratum")), (), tuple(map(speaker.say, header)), tuple(rows), (40, 10, 10, 10, 10, 10, 10, 10))
    lead = speaker.say(N_("Strata with one to four wrong calls are not printed."))
    keys = ("audit-drawn", "", "", "", "", "audit-interval", "audit-interval", "audit-interval")
    return Shown(sheet, keys, lead, folded=len(rows) > MOST_STRATA)


def _checks_table(audit: Audit, speaker: Speaker) -> Shown:
    header = tuple(map(speaker.say, (N_("Question"), N_("answered with no"))))
    rows = tuple((speaker.say(text), audit.by_check[check]) for check, text in CHECKS.items())
    return Shown(Sheet(speaker.say(N_("By question")), (), header, rows, (70, 16)), ("", ""))
