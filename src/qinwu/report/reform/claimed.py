"""Claimed: what others said about a reform, beside what this run can say of it (M75)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qinwu.duty.reform.reform import Claimed
from qinwu.judge.claims.claim import Claim
from qinwu.judge.claims.grading import grade_of, verdict_of
from qinwu.judge.claims.reading import shipped_claims
from qinwu.language import N_
from qinwu.report.claims_words import VERDICTS
from qinwu.report.plans.plan_report import Shown
from qinwu.report.reform.organisation_rows import share_words
from qinwu.report.reform.telling import Telling
from qinwu.report.sheet import Sheet
from qinwu.simulate.measures import Key


def claims_table(told: Telling) -> Shown | None:
    """Return the claims about the reforms with grade and verdict, and the figure of this run; None without any."""
    rows = [(each, known[each.id]) for known in (_known(),) for each in _asked(told) if each.id in known]
    if not rows:
        return None
    header = (
        told.say(N_("What was claimed")), told.say(N_("Evidence")), told.say(N_("What may be said of it")),
        told.say(N_("What this run shows here")),
    )  # fmt: skip
    said = tuple(
        (claim.text.in_language(told.language), grade_of(claim), told.say(VERDICTS[verdict_of(claim)]), _shown(told, each.shows))
        for each, claim in rows
    )
    lead = told.say(N_("This station is not that place. The last column says what the same steps do to the calls of this one."))
    return Shown(Sheet(told.say(N_("What was claimed elsewhere")), (), header, said, (60, 10, 30, 40)), ("", *("claim",) * 3), lead)


def claims_words(told: Telling) -> Iterator[str]:
    """Yield one sentence where figures about the reform were published that nobody can check."""
    known = _known()
    graded = [grade_of(known[each.id]) for each in _asked(told) if each.id in known]
    if graded:
        weak = sum(grade in "CD" for grade in graded)
        yield told.say(N_("Of {count} published figures about it, {weak} have no comparison."), count=len(graded), weak=weak)


def _asked(told: Telling) -> list[Claimed]:
    return list({each.id: each for reform in told.tried.reforms for each in reform.claims}.values())


def _known() -> dict[str, Claim]:
    return {claim.id: claim for claim in shipped_claims().claims}


def _shown(told: Telling, what: str) -> str:
    return SHOWN[what](told)


def _front_line(told: Telling) -> str:
    return " → ".join(share_words(one.shares.front_line) for one in told.audits)


def _units(told: Telling) -> str:
    return " → ".join(str(len(one.system.unit)) for one in told.audits)


def _figure(told: Telling, measure: str) -> str:
    d = told.difference(Key(measure, "all", "all", "mean"))
    ends = " → ".join(told.speaker.value(measure, each) for each in (d.current.mean, d.other.mean))
    return told.speaker.with_unit(ends, told.speaker.unit(measure))


def _response(told: Telling) -> str:
    return _figure(told, "response_s")


def _calls(told: Telling) -> str:
    return _figure(told, "calls_per_week")


def _nothing(told: Telling) -> str:
    return told.say(N_("Nothing: calls are given here, and crime is not simulated."))


SHOWN: dict[str, Callable[[Telling], str]] = {
    "front_line": _front_line,
    "units": _units,
    "response": _response,
    "calls": _calls,
    "nothing": _nothing,
}
