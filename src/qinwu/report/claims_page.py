"""Page of claims: grades, the figures behind the percentages, whether they fit each other, and every claim with its weaknesses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qinwu.judge.claims.checking import Checked, SeriesTold
from qinwu.judge.claims.claim import Claim, span_of
from qinwu.judge.claims.crossing import StationTold
from qinwu.judge.claims.grading import GRADES, Verdict
from qinwu.judge.claims.rates import Point
from qinwu.language import N_, Language
from qinwu.report.answer_page import framed
from qinwu.report.claims import ClaimsReport
from qinwu.report.claims_figures import Dot, Ends, People, broken_line, dumbbell, people, scale
from qinwu.report.claims_why import ClaimsWhy
from qinwu.report.claims_words import GRADES as GRADE_WORDS
from qinwu.report.claims_words import VERDICTS, WEAKNESSES, ClaimSpeaker
from qinwu.report.figures.bars import Part, stacked_bar
from qinwu.report.figures.supply import hours_bar
from qinwu.report.words import Speaking, number

COLOURS = {"A": ("#12506f", True), "B": ("#6aa2bf", False), "C": ("#e7b583", False), "D": ("#b3612a", True)}

TONES: dict[Verdict, str] = {"measured_against_comparison": "better", "told_two_ways": "worse", "does_not_add_up": "worse"}


def page(report: ClaimsReport) -> str:
    """Return the page as text."""
    drawn = ClaimsPage(report, report.language)
    return framed(
        "claims.html.j2",
        report,
        report.title,
        ClaimsWhy(report, report.language).all(),
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
            said.append(self.say(N_("{pace} a year if over {years} years"), pace=pace, years=number(claim.years, 0)))
        if claim.kind == "share" and each.contrast is not None:
            said.append(self.say(N_("{points} points"), points=number(100.0 * each.contrast.points.value, 1, signed=True)))
            said.append(f"×{number(each.contrast.ratio.value, 3)}")
        return self.say(N_(", ")).join(said)

    # -- series --------------------------------------------------------------------------------------------------------

    def series(self) -> list[tuple[str, str]]:
        """Return name and drawing of every series, its line broken where it was counted otherwise."""
        return [(told.table.name.in_language(self.language), self._broken(told)) for told in self.report.account.series]

    def _broken(self, told: SeriesTold) -> str:
        parts = [[self._dot(point) for point in segment.points] for segment in told.segments]
        return broken_line(parts, told.table.name.in_language(self.language))

    def _dot(self, point: Point) -> Dot:
        rate = point.rate
        value, low, high = (number(bound, 1) for bound in rate.span)
        values = {"period": rate.period, "value": value, "low": low, "high": high, "cases": number(rate.numerator, 0)}
        said = self.say(N_("{period}: {value} ({low}–{high}), {cases} cases"), **values)
        rule = self.say(N_(", ")).join(part for part in (rate.recording_rule, point.boundary) if part)
        return Dot(rate.period, rate.span, self.say(N_("{figure}; counted by: {rule}"), figure=said, rule=rule))

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
        tone = TONES.get(each.verdict, "none")
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
