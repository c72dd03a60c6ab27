"""Page of claims: grades, the figures behind the percentages, whether they fit each other, and every claim with its weaknesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qinwu.judge.claims.checking import Checked
from qinwu.judge.claims.claim import Claim, span_of
from qinwu.judge.claims.crossing import StationTold
from qinwu.judge.claims.grading import GRADES
from qinwu.language import N_, Language
from qinwu.report.answer_page import framed
from qinwu.report.claims import ClaimsReport
from qinwu.report.claims_figures import Ends, People, dumbbell, people, scale
from qinwu.report.claims_words import GRADES as GRADE_WORDS
from qinwu.report.claims_words import HOURS_RULE, VERDICTS, WEAKNESSES, ClaimSpeaker
from qinwu.report.figures.bars import Part, stacked_bar
from qinwu.report.figures.supply import hours_bar
from qinwu.report.words import Speaking, number

COLOURS = {"A": ("#12506f", True), "B": ("#6aa2bf", False), "C": ("#e7b583", False), "D": ("#b3612a", True)}
MARKS = {
    "P": N_("rule or official text, or a study"),
    "N": N_("news report"),
    "W": N_("weak"),
    "R": N_("recalled, not verified"),
}


def page(report: ClaimsReport) -> str:
    """Return the page as text."""
    drawn = ClaimsPage(report, report.language)
    return framed(
        "claims.html.j2",
        report,
        report.title,
        drawn.why(),
        kind="claims",
        kicker=report.say(N_("Claims checked")),
        claim=report.claim(),
        deck=list(report.deck()),
        report=report,
        drawn=drawn,
    )


class Row(NamedTuple):
    """A claim with both figures: name, where, drawing, the change in words, a remark, and which explanations it has."""

    id: str
    name: str
    where: str
    grade: str
    svg: str
    change: str
    remark: str


class Bar(NamedTuple):
    """Hours as a bar."""

    name: str
    hours: str
    svg: str


class Chip(NamedTuple):
    """A weakness: its name, and why it matters."""

    key: str
    name: str


class Listed(NamedTuple):
    """A claim as the last table lists it."""

    id: str
    name: str
    where: str
    text: str
    quote: str
    grade: str
    verdict: str
    tone: str
    chips: tuple[Chip, ...]
    source: str
    yardstick: bool


@dataclass(frozen=True)
class ClaimsPage(Speaking):
    """Draws one report of claims."""

    report: ClaimsReport
    language: Language

    @property
    def told(self) -> ClaimSpeaker:
        """Says figures."""
        return self.report.told

    # -- grades --------------------------------------------------------------------------------------------------------

    def grade_bar(self) -> str:
        """Return how many claims have each grade as one bar."""
        counts, total = self.report.account.grades(), max(len(self.report.account.own), 1)
        parts = [
            Part(
                counts[grade] / total,
                f"{grade} {counts[grade]}",
                *COLOURS[grade],
                f"{grade} {self.say(GRADE_WORDS[grade][0])}: {counts[grade]}",
            )
            for grade in GRADES
            if counts[grade]
        ]
        return stacked_bar(parts, self.say(N_("Claims by grade of evidence")))

    def grade_rows(self) -> list[tuple[str, str, str, int]]:
        """Return every grade, its name, its rule, and how many claims have it."""
        counts = self.report.account.grades()
        words = GRADE_WORDS
        return [(grade, self.say(words[grade][0]), self.say(words[grade][1]), counts[grade]) for grade in GRADES]

    def missing_rows(self) -> list[tuple[str, str, int, str]]:
        """Return what is missing how often: key, name, count, and the share of all claims as a width."""
        total = max(len(self.report.account.own), 1)
        return [
            (f"weak.{key}", self.say(WEAKNESSES[key][0]), count, f"{100.0 * count / total:.1f}%")
            for key, count in self.report.missing()
        ]

    # -- before and after ----------------------------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> list[Checked]:
        """The claims of which both figures are known."""
        return [each for each in self.report.account.checked if each.contrast is not None]

    def shares(self) -> list[Row]:
        """Return shares before and after, on one scale to 100 %."""
        return [self._row(each, 1.0) for each in self.pairs if each.claim.kind == "share"]

    def numbers(self) -> list[Row]:
        """Return other figures before and after, each on a scale of its own from zero."""
        return [self._row(each, self._top(each)) for each in self.pairs if each.claim.kind != "share"]

    def share_scale(self) -> str:
        """Return the scale of the shares."""
        return scale([(at / 4.0, f"{25 * at}%") for at in range(5)], self.say(N_("share")))

    def _top(self, each: Checked) -> float:
        value = each.claim.value
        return max(each.base.high if each.base else 0.0, value.high if value else 0.0) or 1.0

    def _row(self, each: Checked, top: float) -> Row:
        claim = each.claim
        if claim.value is None or each.base is None:
            raise ValueError("Expected a claim with both figures.")
        implied = claim.base_implied
        ends = Ends(
            self.told.amount(claim, each.base.value) if implied else self.told.figure(claim, claim.before),
            self.told.figure(claim, claim.value),
        )
        label = self.say(
            N_("{name}: {before} before, {after} after"), name=self.told.name(claim), before=ends.before, after=ends.after
        )
        svg = dumbbell(each.base, span_of(claim.value), top, ends, label, implied=implied)
        change = self.told.change(claim, claim.relative_change)
        return Row(claim.id, self.told.name(claim), self.told.where(claim), each.grade, svg, change, self._remark(each))

    def _remark(self, each: Checked) -> str:
        """Return the interval of a figure before that only follows, the yearly pace, and points of shares."""
        claim, said = each.claim, []
        if claim.base_implied and each.base is not None:
            said.append(self.say(N_("before {base}"), base=self.told.base(claim, each.base)))
        if each.pace is not None and claim.years is not None:
            pace = self.told.percent(each.pace, signed=True)
            said.append(self.say(N_("{pace} a year if over {years}"), pace=pace, years=number(claim.years, 0)))
        if claim.kind == "share" and each.contrast is not None:
            said.append(self.say(N_("{points} points"), points=number(100.0 * each.contrast.points.value, 1, signed=True)))
            said.append(f"×{number(each.contrast.ratio.value, 3)}")
        return self.say(N_(", ")).join(said)

    # -- stations ------------------------------------------------------------------------------------------------------

    def crowd(self, station: StationTold) -> str:
        """Return the people of a station as dots."""
        table = station.table
        groups = [
            People(table.command, "command", self.say(N_("command"))),
            People(table.office, "office", self.say(N_("administration"))),
            People(table.front, "front", self.say(N_("front line"))),
        ]
        return people(groups, self.report.crossing.shares_line(station))

    def crowd_legend(self, station: StationTold) -> list[tuple[str, str]]:
        """Return class and words of each kind of people."""
        table, total = station.table, station.total
        kinds = (
            ("command", N_("command"), table.command),
            ("office", N_("administration"), table.office),
            ("front", N_("front line"), table.front),
        )
        return [(kind, f"{self.say(name)} {count} · {self.told.percent(count / total)}") for kind, name, count in kinds]

    def hours(self, station: StationTold) -> list[Bar]:
        """Return officer-hours a week needed and there, now and with the share looked for."""
        covers = [cover for cover in (station.cover, station.cover_then) if cover is not None]
        top = max(max(cover.needed, cover.gross) for cover in covers) * 1.02
        needed = self._bar(
            self.say(N_("needed: {crew} around the clock"), crew=station.cover.crew),
            station.cover.needed,
            station.cover.needed,
            top,
            "needed",
        )
        bars = [needed]
        for cover in covers:
            gross, net = (
                self.say(text, front=cover.front)
                for text in (N_("{front} on the front line, gross"), N_("{front} on the front line, net"))
            )
            bars += [self._bar(gross, cover.gross, cover.needed, top, "gross"), self._bar(net, cover.net, cover.needed, top, "net")]
        return bars

    def _bar(self, name: str, hours: float, needed: float, top: float, kind: str) -> Bar:
        text = self.say(N_("{hours} h"), hours=number(hours, 0))
        return Bar(name, text, hours_bar(hours, needed, top, kind, f"{name}: {text}"))

    # -- all claims ----------------------------------------------------------------------------------------------------

    def listed(self) -> list[Listed]:
        """Return every claim of the file, yardsticks last."""
        return sorted((self._listed(each) for each in self.report.account.checked), key=lambda each: each.yardstick)

    def _listed(self, each: Checked) -> Listed:
        claim, language = each.claim, self.language
        chips = tuple(Chip(f"weak.{weak}", self.say(WEAKNESSES[weak][0])) for weak in each.weaknesses)
        tone = "better" if each.grade in ("A", "B") else "worse" if each.verdict in ("does_not_add_up", "told_two_ways") else "none"
        return Listed(
            claim.id,
            self.told.name(claim),
            self.told.where(claim),
            claim.text.in_language(language),
            claim.quote if language == "zh" else "",
            each.grade,
            self.say(VERDICTS[each.verdict]),
            tone,
            chips,
            self._source(claim),
            claim.yardstick,
        )

    def _source(self, claim: Claim) -> str:
        source = claim.source
        mark = f" [{source.mark}]" if source.mark else ""
        return f"{source.text.in_language(self.language)}{mark}"

    def without_try(self) -> list[Claim]:
        """Return the claims that could be tried and were not."""
        tried = {each.claim for each in self.report.tried}
        return [each.claim for each in self.report.account.checked if each.claim.trial is not None and each.claim.id not in tried]

    # -- why -----------------------------------------------------------------------------------------------------------

    def why(self) -> dict[str, str]:
        """Return for each figure of the page its rule, inputs and source."""
        found = {f"weak.{key}": self.say(text) for key, (_, text) in WEAKNESSES.items()}
        found |= {f"grade.{grade}": self.say(rule) for grade, (_, rule) in GRADE_WORDS.items()}
        found |= {f"crossed.{at}": crossed.how for at, crossed in enumerate(self.report.crossing.all())}
        found |= {key: self.say(text) for key, text in HOW.items()}
        for each in self.report.account.checked:
            found[f"claim.{each.claim.id}"] = self._why_figure(each)
            found[f"graded.{each.claim.id}"] = self._why_grade(each)
        return found

    def _why_figure(self, each: Checked) -> str:
        return self.speaker.sentences([*self._rule_lines(each), self._source_line(each.claim)])

    def _rule_lines(self, each: Checked) -> Iterator[str]:
        claim = each.claim
        change, after = self.told.change(claim, claim.relative_change), self.told.figure(claim, claim.value)
        if claim.base_implied and claim.value is not None and claim.change is not None:
            yield self.say(
                N_("Before = after ÷ (1 + change): {after} and {change} give {base}."),
                after=after,
                change=change,
                base=self.told.base(claim, each.base),
            )
            half = self.told.percent(claim.change.step / 2.0)
            yield self.say(N_("The bounds come from rounding: the change may be {half} more or less."), half=half)
        elif claim.before is not None and claim.value is not None:
            yield self.say(
                N_("Both figures are published: {before} and {after}. Change = after ÷ before − 1."),
                before=self.told.figure(claim, claim.before),
                after=after,
            )
        else:
            yield self.say(N_("As published."))
        if each.pace is not None and claim.years is not None:
            yield self.say(
                N_("A year: (1 + change) to the power of 1/{years}, less 1; the number of years is assumed."),
                years=number(claim.years, 0),
            )

    def _source_line(self, claim: Claim) -> str:
        parts = [self.say(N_("Source: {source}."), source=claim.source.text.in_language(self.language))]
        if claim.source.mark:
            parts.append(
                self.say(N_("Mark {mark}: {meaning}."), mark=claim.source.mark, meaning=self.say(MARKS[claim.source.mark]))
            )
        if claim.mechanisms:
            parts.append(f"{' '.join(claim.mechanisms)}{self.say(N_('.'))}")
        return self.speaker.sentences(parts)

    def _why_grade(self, each: Checked) -> str:
        weak = self.told.weaknesses(each.weaknesses)
        rule = self.say(GRADE_WORDS[each.grade][1])
        inputs = self.say(N_("Found here: {weak}."), weak=weak) if weak else ""
        return self.speaker.sentences([rule, inputs, self._source_line(each.claim)])


HOW = {
    "hours": HOURS_RULE,
    "heads": N_("Head-counts of the station; shares of all its people."),
    "rates": N_("Cases ÷ denominator × per; exact Poisson interval (Garwood 1936). No cause follows from a rate."),
    "series": N_("The series is cut where the recording rule or the boundary changes; nothing is compared across a cut."),
    "ranks": N_("Best and worst rank that exact tests between all pairs leave open, at 95% together for one place."),
    "tried": N_("Both duty systems on the same calls of a synthetic station; Student's t over the replications' differences."),
}
