"""Headline: what the comparison shows, in plain words, and what it costs; never more than the intervals allow."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from qinwu.findings import QinwuError
from qinwu.language import N_, Language
from qinwu.report.choice import (
    HOURS,
    SAME_HOURS,
    Candidate,
    candidates,
    extra_hours,
    leader,
    leader_at_equal_hours,
    needs_more_hours,
    ranking_key,
)
from qinwu.report.report import Report
from qinwu.report.words import Speaker
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Interval

UNATTENDED = Key("beat_unattended_min", "all", "all", "mean")
OWN_BEAT = Key("own_beat_share", "all", "all", "share")
OVERLOADED = 0.5
"""Share of all calls that come in hours whose queue would never settle, from which on a system is said to be overloaded."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The first lines of a report.

    Parameters
    ----------
    claim
        One sentence: the finding.
    evidence
        The figures behind it; empty where there are no two to compare.
    price
        What the leading system costs, and what it does not; empty where none leads.
    same_hours
        The best without more hours on duty; empty where that is the leader or none leads.
    caveat
        How far the finding reaches.
    """

    claim: str
    evidence: str
    price: str
    same_hours: str
    caveat: str


def headline(report: Report, language: Language) -> str:
    """Return what the comparison shows in plain words: the best system, its gain with interval, its price, or no difference."""
    found = with_overload(report, language)
    return Speaker(language).sentences([found.claim, found.evidence, found.price, found.same_hours, found.caveat])


def make_headline(report: Report, language: Language) -> Headline:
    """Return the headline in its parts."""
    return _Editor(report, Speaker(language)).headline()


def with_overload(report: Report, language: Language) -> Headline:
    """Return the headline, and first in its caveat that the first system is asked for more than it can do, where it is.

    Waits in a queue that only grows say how long the run was, not how good a system is.
    """
    found, analysis, speaker = make_headline(report, language), report.analyses[0], Speaker(language)
    if isinstance(analysis, QinwuError):
        return found
    calls, hours = analysis.hours["calls_per_h"].to_numpy(), analysis.unsteady_hours
    share = float(calls[hours].sum() / max(calls.sum(), 1e-300))
    if share < OVERLOADED:
        return found
    text = N_(
        "Under {name} calls ask for more than the crews on duty can finish in {hours} hours of the week ({share} of all calls): "
        "waits grow with the length of the run, and no difference between them is to be relied on."
    )
    said = speaker.say(text, name=report.name(0, language), hours=len(hours), share=f"{share:.0%}")
    return replace(found, caveat=speaker.sentences([said, found.caveat]))


@dataclass(frozen=True, slots=True)
class _Editor:
    """Writes the headline of one report in one language."""

    report: Report
    speaker: Speaker

    def headline(self) -> Headline:
        ranked = candidates(self.report)
        if not ranked:
            return Headline(self.alone(), "", "", "", self.caveat())
        if ranked[0].standing == "one_run":
            return Headline(self.one_run(), "", "", "", "")
        best = leader(self.report)
        if best is None:
            return Headline(self.none_better(ranked), self.standing(ranked[0]), "", "", self.caveat())
        return Headline(self.claim(best), self.evidence(best), self.price(best.at), self.same_hours(best), self.caveat())

    @property
    def key(self) -> Key:
        return ranking_key(self.report)

    @property
    def calls(self) -> str:
        """The calls the ranking figure is about, in words."""
        return self.say(N_("the most urgent calls")) if self.key.by == "priority" else self.say(N_("all calls"))

    def say(self, text: str, **values: object) -> str:
        return self.speaker.say(text, **values)

    def amount(self, value: float) -> str:
        return self.speaker.amount(self.key.measure, value)

    def name(self, at: int) -> str:
        return self.report.name(at, self.speaker.language)

    def alone(self) -> str:
        now = self.amount(self.report.interval(0, self.key).mean)
        return self.say(
            N_("Under the present duty system nine in ten of {calls} are reached within {now}."), calls=self.calls, now=now
        )

    def one_run(self) -> str:
        text = N_("One run only: no difference can be told from chance. Run the comparison with more replications.")
        return self.say(text)

    def none_better(self, ranked: tuple[Candidate, ...]) -> str:
        if len(ranked) == 1:
            return self.only_one(ranked[0])
        worse = sum(each.standing == "worse" for each in ranked)
        text = N_("No difference shown: none of the {count} alternatives reaches {calls} sooner or later than today.")
        if worse == len(ranked):
            text = N_("All {count} alternatives reach {calls} later than today.")
        elif worse:
            text = N_("None of the {count} alternatives reaches {calls} sooner: {worse} later, no difference shown for {unclear}.")
        return self.say(text, count=len(ranked), calls=self.calls, worse=worse, unclear=len(ranked) - worse)

    def standing(self, nearest: Candidate) -> str:
        """Say where things stand today, and under the alternative that comes nearest to a gain."""
        text = N_("Today nine in ten are reached within {now}; under “{name}” within {then}.")
        now, then = (self.amount(self.report.interval(at, self.key).mean) for at in (0, nearest.at))
        return self.say(text, now=now, then=then, name=self.name(nearest.at))

    def only_one(self, one: Candidate) -> str:
        text = N_("No difference shown: “{name}” reaches {calls} neither sooner nor later than today.")
        if one.standing == "worse":
            text = N_("“{name}” reaches {calls} later than today.")
        return self.say(text, name=self.name(one.at), calls=self.calls)

    def claim(self, best: Candidate) -> str:
        text = N_("Under “{name}” nine in ten of {calls} are reached within {then}, {saved} sooner than today.")
        then = self.amount(self.report.interval(best.at, self.key).mean)
        return self.say(text, name=self.name(best.at), calls=self.calls, then=then, saved=self.saved(best)["saved"])

    def evidence(self, best: Candidate) -> str:
        text = N_("Today it takes {now}; the 95% interval of the difference is {range}.")
        return self.say(text, now=self.amount(self.report.interval(0, self.key).mean), range=self.saved(best)["range"])

    def saved(self, best: Candidate) -> dict[str, str]:
        """Return the time saved and its interval, as positive numbers."""
        change = best.change
        turned = Interval(-change.mean, -change.high, -change.low)
        return {
            "saved": self.amount(turned.mean),
            "range": self.speaker.with_unit(self.speaker.range(self.key.measure, turned), self.speaker.unit(self.key.measure)),
        }

    def price(self, at: int) -> str:
        """Say what a system costs, and what it does not."""
        items = [self.hours(at), *(self.other_price(at, key) for key in (UNATTENDED, OWN_BEAT) if self.report.has(key))]
        costs = [text for is_cost, text in items if is_cost and text]
        rest = [text for is_cost, text in items if not is_cost and text]
        joint = self.say(N_("; "))
        said = [self.say(N_("Its price: {items}."), items=joint.join(costs))] if costs else []
        said += [self.say(N_("Besides: {items}."), items=joint.join(rest))] if rest else []
        return self.speaker.sentences(said)

    def hours(self, at: int) -> tuple[bool, str]:
        share = extra_hours(self.report, at)
        if not math.isfinite(share):
            return False, ""
        change = self.report.difference(at, HOURS).change.mean
        values = {"share": f"{abs(share):.0%}", "hours": self.speaker.amount(HOURS.measure, abs(change))}
        if needs_more_hours(self.report, at):
            return True, self.say(N_("{share} more officer-hours on duty ({hours} more)"), **values)
        if share < -SAME_HOURS:
            return False, self.say(N_("{share} fewer officer-hours on duty ({hours} fewer)"), **values)
        return False, self.say(N_("officer-hours on duty stay the same"))

    def other_price(self, at: int, key: Key) -> tuple[bool, str]:
        found = self.report.difference(at, key)
        name = self.speaker.measure(key.measure)
        if found.verdict == "no_difference_shown":
            return False, self.say(N_("{measure}: no difference shown"), measure=name)
        if found.verdict == "one_run":
            return False, ""
        now, then = (self.speaker.amount(key.measure, each.mean) for each in (found.current, found.other))
        if now == then:  # shown to differ, and yet too little to print
            return False, self.say(N_("{measure}: hardly any difference"), measure=name)
        text = N_("{measure} {then} instead of {now}")
        return found.verdict == "worse", self.say(text, measure=name, then=then, now=now)

    def same_hours(self, best: Candidate) -> str:
        if not needs_more_hours(self.report, best.at):
            return ""
        rivals = [at for at in self.report.others if not needs_more_hours(self.report, at)]
        if not rivals:
            return self.say(N_("Every alternative needs more officer-hours on duty."))
        rival = leader_at_equal_hours(self.report)
        if rival is None:
            return self.say(N_("Without more officer-hours on duty no gain is shown ({count} alternatives)."), count=len(rivals))
        text = N_("Without more officer-hours on duty “{name}” leads: {saved} sooner (95% interval {range}).")
        return self.say(text, name=self.name(rival.at), **self.saved(rival))

    def caveat(self) -> str:
        comparison = self.report.comparison
        values = {"done": comparison.replications, "asked": comparison.asked}
        text = N_("Simulated {done} times on the same calls; the intervals tell chance, not whether the model is right.")
        stopped = self.say(N_("Stopped after {done} of {asked} replications."), **values) if comparison.interrupted else ""
        return self.speaker.sentences([self.say(text, **values), stopped])
