"""Page of an evaluation: the claim, the two series, every method beside the one that decides, stretches, placebos, doubts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qinwu.judge.evaluate.estimate import Estimate, Interval
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure, framed
from qinwu.report.evaluation import EvaluationReport
from qinwu.report.evaluation_figures import Line, Mark, forest, heap_figure, series_figure, stretches_figure
from qinwu.report.evaluation_words import METHODS, RULES, ShareSpeaker
from qinwu.report.words import NONE, Speaking, number

WHY = {
    "counted": N_("Events of the treated places from the start to the end of the file, added up as they stand there."),
    "smallest": N_(
        "The smallest fall that this comparison shows with a chance of 80%: quantiles of Student's t (97.5% and 80%) times the "
        "error of the test that decides."
    ),
    "places": N_(
        "As many untreated places as were treated are taken as if treated, all ways or {most} drawn, and the same test is made; p "
        "is the share of ways, the real one among them, that depart at least as far (Fisher's randomisation test)."
    ),
    "series": N_(
        "Events by period. Expected: the untreated places together, multiplied so that both have as many before the start."
    ),
    "stretches": N_(
        "Each stretch of time against all time before the start, treated over untreated places, by the test that decides. Before "
        "the start nothing should depart."
    ),
    "quotient": N_(
        "Weighted displacement quotient (Bowers & Johnson 2003): the neighbours' change against the treated places', both as "
        "shares of the untreated ones. Above 0 the neighbours gained too, below 0 events moved, below -1 more moved than were "
        "gained. None where the treated places did not gain."
    ),
}


def page(report: EvaluationReport) -> str:
    """Return the page as text."""
    drawn = EvaluationPage(report, report.language)
    return framed(
        "evaluation.html.j2",
        report,
        report.file,
        drawn.why(),
        kind="evaluation",
        kicker=report.say(N_("A reform evaluated")),
        claim=report.claim(),
        deck=list(report.deck()),
        report=report,
        drawn=drawn,
    )


class Row(NamedTuple):
    """One method of the forest: id, name, drawing, change, bounds, p, remark, and whether it decides or compares."""

    method: str
    name: str
    svg: str
    change: str
    bounds: str
    p: str
    remark: str
    decides: bool
    compared: bool


@dataclass(frozen=True)
class EvaluationPage(Speaking):
    """Draws the page of one evaluation."""

    report: EvaluationReport
    language: Language

    @property
    def speaker(self) -> ShareSpeaker:
        """The words."""
        return ShareSpeaker(self.language)

    def why(self) -> dict[str, str]:
        """Return how each kind of number is computed, from which numbers, and after whom."""
        inputs = {each.method: self.inputs(each) for each in self.report.estimates}
        rules = {method: self.speaker.sentences([self.say(RULES[method]), said]) for method, said in inputs.items()}
        source = self.say(N_("From {file}, {first} to {last}."), file=self.report.file, first=self.labels[0], last=self.labels[-1])
        kinds = {name: self.say(text, most="4,999") if "{most}" in text else self.say(text) for name, text in WHY.items()}
        return {name: self.speaker.sentences([text, source]) for name, text in (rules | kinds).items()}

    def inputs(self, estimate: Estimate) -> str:
        """Return the numbers that an estimate was made of."""
        detail = estimate.detail
        if estimate.method == "ratio":
            return self.say(
                N_(
                    "Counted {after}, expected {expected}, before {before}; drift of places {drift}, error {error}, {freedom} "
                    "degrees."
                ),
                after=number(detail["after"], 0),
                expected=number(detail["expected"], 0),
                before=number(detail["before"], 0),
                drift=self.speaker.percent(detail["drift"]),
                error=self.speaker.percent(detail["error"]),
                freedom=number(detail["freedom"], 0),
            )
        if "events" in detail:
            text = N_("{events} events, standard error {error}; spread {spread} times Poisson.")
            events, error = number(detail["events"], 1, signed=True), number(detail["error"], 1)
            return self.say(text, events=events, error=error, spread=number(detail["spread"], 1))
        if "effect" in detail:
            text = N_("{effect} events a place and period, standard error {error}.")
            return self.say(text, effect=number(detail["effect"], 3, signed=True), error=number(detail["error"], 3))
        if "donors" in detail:
            text = N_("{weighted} of {donors} untreated places have weight; misfit after is {ratio} times that before.")
            donors, weighted = number(detail["donors"], 0), number(detail["weighted"], 0)
            return self.say(text, weighted=weighted, donors=donors, ratio=number(detail["ratio"], 2))
        return ""

    @cached_property
    def labels(self) -> list[str]:
        """Names of the periods."""
        panel = self.report.found.design.panel
        return [panel.label(at) for at in range(panel.periods)]

    def keys(self) -> tuple[KeyFigure, ...]:
        """Return the numbers at the top."""
        found, detail = self.report.found, self.report.found.decides.detail
        share = found.decides.share
        keys = [
            KeyFigure(
                self.say(N_("beside what was expected")),
                self.speaker.percent(share.change, signed=True),
                self.say(N_("95%: {bounds}"), bounds=self.speaker.bounds(share)),
                "ratio",
            ),
            KeyFigure(
                self.say(N_("counted after the start")),
                number(detail["after"], 0),
                self.say(N_("{expected} expected"), expected=number(detail["expected"], 0)),
                "counted",
            ),
            KeyFigure(
                self.say(N_("chance of such a difference without any")),
                self.speaker.chance(found.decides.p),
                self.say(N_("the test that decides, at 5%")),
                "ratio",
            ),
            KeyFigure(
                self.say(N_("the same among untreated places")),
                self.speaker.chance(found.places.p),
                self.say(N_("of {count} taken as if treated"), count=number(float(found.places.t.size), 0)),
                "places",
            ),
            KeyFigure(
                self.say(N_("smallest fall that would be shown")),
                self.speaker.percent(found.smallest),
                self.say(N_("four times in five")),
                "smallest",
            ),
        ]
        return tuple(keys)

    def series(self) -> str:
        """Return the two series."""
        design = self.report.found.design
        own = [float(each) for each in design.series(design.treated)[0]]
        expected = Line(self.report.expected(), "now", self.say(N_("expected")))
        lines = (expected, Line(own, "other on", self.say(N_("counted"))))
        label = self.say(N_("Events by period: treated places, and what was expected"))
        return series_figure(lines, self.labels, design.start, self.report.start, label, self.say(N_("events")))

    def rows(self) -> tuple[Row, ...]:
        """Return the forest: the method that decides, those with comparison, and those without."""
        ranked = sorted(self.report.estimates, key=lambda each: (each.method != "ratio", not each.compared))
        drawn, _ = forest([self.mark(each) for each in ranked])
        return tuple(self.row(each, svg) for each, svg in zip(ranked, drawn, strict=True))

    def zero(self) -> float:
        """Return where no difference lies in the forest."""
        return forest([self.mark(each) for each in self.report.estimates])[1]

    def mark(self, estimate: Estimate) -> Mark:
        """Return the mark of a method; only those that compare may stand out."""
        name = self.say(METHODS[estimate.method])
        kind = "changed" if estimate.compared and estimate.shown else "none"
        return Mark(name, *estimate.share, kind, f"{name}: {self.change(estimate.share)}")

    def row(self, estimate: Estimate, svg: str) -> Row:
        """Return one line of the forest."""
        return Row(
            estimate.method,
            self.say(METHODS[estimate.method]),
            svg,
            self.speaker.percent(estimate.share.change, signed=True),
            self.speaker.bounds(estimate.share),
            self.speaker.chance(estimate.p) if math.isfinite(estimate.p) else NONE,
            self.report.remark(estimate),
            estimate.method == "ratio",
            estimate.compared,
        )

    def change(self, share: Interval) -> str:
        """Return a change with its interval."""
        return f"{self.speaker.percent(share.change, signed=True)} ({self.speaker.bounds(share)})"

    def stretches(self) -> str:
        """Return the event study."""
        found = self.report.found
        marks = []
        for each in found.events.stretches:
            name = self.labels[each.first] if each.first == each.last else f"{self.labels[each.first]} – {self.labels[each.last]}"
            apart = each.share.low > 0.0 or each.share.high < 0.0
            kind = "changed" if apart else "none"
            marks.append(Mark(self.labels[each.first], *each.share, kind, f"{name}: {self.change(each.share)}"))
        first = sum(not each.after for each in found.events.stretches)
        return stretches_figure(marks, first, self.say(N_("start")), self.say(N_("Treated against untreated places by stretch")))

    def stretches_title(self) -> str:
        """Return whether the places ran alike before, as a title."""
        alike = not {"unlike_before", "moving_before"} & set(self.report.found.doubts)
        if not math.isfinite(self.report.found.events.before.p_apart):
            return self.say(N_("Before the start and after, stretch by stretch"))
        return self.say(
            N_("Before the start they differed no more than others do") if alike else N_("Before the start they did not run alike")
        )

    def heap(self) -> str:
        """Return the placebos in space; nothing where there are too few."""
        found = self.report.found
        if not found.places.t.size:
            return ""
        from qinwu.judge.evaluate.ratio import plain

        design = found.design
        own = float(plain(design, design.treated, design.totals()).t[0])
        texts = (self.report.treated, self.say(N_("standard errors")))
        return heap_figure(
            found.places.t.tolist(),
            own,
            "changed" if found.decides.shown else "none",
            texts,
            self.say(N_("The test on untreated places")),
        )

    def heap_title(self) -> str:
        """Return how unusual the treated places are among untreated ones, as a title."""
        places = self.report.found.places
        beyond, count = round(places.p / places.smallest) - 1 if places.t.size else 0, int(places.t.size)
        text = N_("Of {count} untreated places taken as if treated, {beyond} depart as far")
        if self.report.found.design.treated.size > 1:
            text = N_("Of {count} sets of untreated places taken as if treated, {beyond} depart as far")
        return self.say(text, count=number(float(count), 0), beyond=number(float(beyond), 0))

    def difference(self, estimate: Estimate) -> str:
        """Return a weighted displacement difference in events, with its standard error."""
        events, error = number(estimate.detail["events"], 0, signed=True), number(estimate.detail["error"], 0)
        return self.say(N_("{events} (standard error {error})"), events=events, error=error)

    def displacement(self) -> tuple[tuple[str, str, str], ...]:
        """Return what became of the neighbours: name, number, and which explanation it has."""
        moved = self.report.found.moved
        if moved is None:
            return ()
        quotient = number(moved.quotient, 2, signed=True)
        return (
            (self.say(N_("neighbours beside what was expected")), self.change(moved.neighbours.share), "ratio"),
            (self.say(N_("treated places and neighbours together")), self.change(moved.total.share), "ratio"),
            (self.say(N_("displacement quotient")), quotient, "quotient"),
            (self.say(N_("weighted displacement difference, neighbours included")), self.difference(moved.difference), "wdd"),
        )
