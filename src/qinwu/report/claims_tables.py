"""Tables of claims, for the terminal, the page and the workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.judge.claims.checking import Account, Checked
from qinwu.judge.claims.grading import GRADES
from qinwu.judge.claims.trying import Tried
from qinwu.language import N_, Language
from qinwu.report.claims_crossing import Crossing
from qinwu.report.claims_words import GRADES as GRADE_WORDS
from qinwu.report.claims_words import HOURS_RULE, VERDICTS, ClaimSpeaker, digits_of
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import NONE, Speaking, unit_of
from qinwu.report.words import VERDICTS as DIFFERENCES


@dataclass(frozen=True)
class ClaimTables(Speaking):
    """Makes the tables of an account, and of the claims of it that were tried."""

    account: Account
    language: Language
    tried: tuple[Tried, ...] = ()

    @property
    def told(self) -> ClaimSpeaker:
        """Says figures."""
        return ClaimSpeaker(self.speaker)

    @property
    def crossing(self) -> Crossing:
        """Whether the figures fit each other."""
        return Crossing(self.account, self.language)

    @property
    def title(self) -> str:
        """What the file is."""
        return self.account.claims.title.in_language(self.language)

    def brief(self) -> Sheet:
        """Return the claims as the terminal shows them: without units, and without yardsticks."""
        header = tuple(
            self.say(text) for text in (N_("claim"), N_("before"), N_("after"), N_("change"), N_("grade"), N_("verdict"))
        )
        rows = tuple(self._brief_row(each) for each in self.account.own)
        return Sheet(self.title, (), header, rows, (24, 20, 12, 12, 8, 30))

    def _brief_row(self, each: Checked) -> tuple[Value, ...]:
        claim, value, base = each.claim, each.claim.value, each.base
        sign = "%" if claim.kind == "share" else ""
        digits = None if claim.before is None else digits_of(claim.before)
        before = NONE if base is None else f"{self.told.bare(claim, base.value, digits)}{sign}"
        if base is not None and claim.base_implied:
            before += f" ({self.told.bare(claim, base.low)}–{self.told.bare(claim, base.high)})"
        after = NONE if value is None else f"{self.told.bare(claim, value.value, digits_of(value))}{sign}"
        place = claim.place.in_language(self.language) if claim.place.zh else ""
        name = f"{place} {self.told.name(claim)}".strip()
        change = self.told.change(claim, claim.relative_change)
        return (name, before, after, change, each.grade, self.say(VERDICTS[each.verdict]))

    def full(self) -> Sheet:
        """Return the claims with all that follows from each, numbers as numbers."""
        header = tuple(
            self.say(text)
            for text in (
                N_("claim"), N_("place"), N_("period"), N_("before"), N_("low (rounding)"), N_("high (rounding)"), N_("after"),
                N_("unit"), N_("change (%)"), N_("change (points)"), N_("ratio"), N_("a year (%)"), N_("grade"), N_("verdict"),
                N_("weaknesses"), N_("said"), N_("source"), N_("mark"), N_("mechanisms"),
            )
        )  # fmt: skip
        rows = tuple(self._full_row(each) for each in self.account.checked)
        widths = (24, 14, 14, *[12] * 9, 8, 24, 50, 50, 40, 8, 14)
        return Sheet(self.say(N_("Claims")), (self.title, ""), header, rows, widths)

    def _full_row(self, each: Checked) -> tuple[Value, ...]:
        claim, compared = each.claim, each.contrast
        factor = 100.0 if claim.kind == "share" else 1.0
        base: tuple[Value, ...] = (None, None, None) if each.base is None else tuple(factor * bound for bound in each.base)
        relative = claim.relative_change
        points = None if compared is None or claim.kind != "share" else 100.0 * compared.points.value
        if claim.change is not None and claim.change.written == "points":
            points = 100.0 * claim.change.value
        return (
            self.told.name(claim),
            claim.place.in_language(self.language) if claim.place.zh else "",
            claim.period,
            *base,
            None if claim.value is None else factor * claim.value.value,
            self.told.unit(claim),
            None if relative is None else 100.0 * relative.value,
            points,
            None if compared is None else compared.ratio.value,
            None if each.pace is None else 100.0 * each.pace,
            each.grade,
            self.say(VERDICTS[each.verdict]),
            self.told.weaknesses(each.weaknesses),
            claim.text.in_language(self.language),
            claim.source.text.in_language(self.language),
            claim.source.mark,
            ", ".join(claim.mechanisms),
        )

    def crossed(self) -> Sheet:
        """Return what the figures say of each other."""
        header = tuple(self.say(text) for text in (N_("what"), N_("finding"), N_("how it is worked out")))
        rows = [(each.title, self.speaker.sentences(each.lines), each.how) for each in self.crossing.all()]
        for station in self.account.stations:
            name = station.table.name.in_language(self.language)
            how = self.say(HOURS_RULE)
            rows += [(name, line, how) for line in self.crossing.station_lines(station)]
        return Sheet(self.say(N_("Do the figures fit")), (self.title, ""), header, tuple(rows), (40, 80, 60))

    def rates(self, *, brief: bool = False) -> Sheet | None:
        """Return rates, series and league tables with their intervals, without rules and sources in `brief`; None without any."""
        rows = [*self._rate_rows(), *self._series_rows(), *self._league_rows()]
        if not rows:
            return None
        header = tuple(
            self.say(text)
            for text in (
                N_("rate"), N_("period"), N_("cases"), N_("of"), N_("rate per"), N_("rate"), N_("low (95%)"), N_("high (95%)"),
                N_("part or rank"), N_("recording rule"), N_("source"),
            )
        )  # fmt: skip
        widths = (24, 12, *[12] * 6, 14, 40, 40)
        shown = [place for place in range(len(header)) if not brief or place not in (4, 9, 10)]
        told = (tuple(row[place] for place in shown) for row in rows)
        name, head = self.say(N_("Rates")), tuple(header[place] for place in shown)
        return Sheet(name, (self.title, ""), head, tuple(told), tuple(widths[place] for place in shown))

    def _rate_rows(self) -> Iterator[tuple[Value, ...]]:
        for told in self.account.rates:
            if told.rate is not None:
                rate, table = told.rate, told.table
                name, source = table.name.in_language(self.language), table.source.text.in_language(self.language)
                figures = (float(rate.numerator), rate.denominator, rate.per, *rate.span)
                yield (name, rate.period, *figures, "", rate.recording_rule, source)

    def _series_rows(self) -> Iterator[tuple[Value, ...]]:
        for series in self.account.series:
            name, source = series.table.name.in_language(self.language), series.table.source.text.in_language(self.language)
            for at, segment in enumerate(series.segments, start=1):
                alike = self.say(N_("part {number}"), number=at)
                for rate, _ in segment.points:
                    figures = (float(rate.numerator), rate.denominator, rate.per, *rate.span)
                    yield (name, rate.period, *figures, alike, rate.recording_rule, source)

    def _league_rows(self) -> Iterator[tuple[Value, ...]]:
        for league in self.account.leagues:
            source = league.table.source.text.in_language(self.language)
            for row in league.rows:
                figures = (float(row.rate.numerator), row.rate.denominator, row.rate.per, *row.rate.span)
                rank = self.say(N_("{rank} ({best}–{worst})"), rank=row.rank, best=row.best, worst=row.worst)
                yield (row.name, row.rate.period, *figures, rank, row.rate.recording_rule, source)

    def tries(self, *, brief: bool = False) -> Sheet | None:
        """Return the claims tried on a synthetic station, their names left out in `brief`; None where none was."""
        rows = [row for tried in self.tried for row in self._tried_rows(tried)]
        if not rows:
            return None
        header = tuple(
            self.say(text)
            for text in (N_("claim"), N_("measure"), N_("before"), N_("after"), N_("difference"), N_("low (95%)"),
                         N_("high (95%)"), N_("verdict"))
        )  # fmt: skip
        widths, first = (24, 36, *[12] * 5, 22), int(brief)
        return Sheet(self.say(N_("Tried")), (self.title, ""), header[first:], tuple(row[first:] for row in rows), widths[first:])

    def _tried_rows(self, tried: Tried) -> Iterator[tuple[Value, ...]]:
        name = self.told.name(self.account.of(tried.claim).claim)
        for key, found in tried.figures:
            unit = unit_of(key.measure)
            figures = (found.current.mean, found.other.mean, *found.change)
            shown = (round(each * unit.factor, unit.digits + 1) for each in figures)
            measure, word = self.speaker.measure(key.measure), self.speaker.unit(key.measure)
            label = self.say(N_("{name} ({unit})"), name=measure, unit=word) if word else measure
            yield (name, label, *shown, self.say(DIFFERENCES[found.verdict]))

    def sheets(self) -> tuple[Sheet, ...]:
        """Return every table for the workbook, the rule of the grades last."""
        made = (self.full(), self.crossed(), self.rates(), self.tries(), self.rule())
        return tuple(sheet for sheet in made if sheet is not None and sheet.rows)

    def rule(self) -> Sheet:
        """Return the grades, how many claims have each, and the rule."""
        header = tuple(self.say(text) for text in (N_("grade"), N_("claims"), N_("name"), N_("rule")))
        counts = self.account.grades()
        rows = tuple((grade, counts[grade], *(self.say(text) for text in GRADE_WORDS[grade])) for grade in GRADES)
        return Sheet(self.say(N_("Grades")), (self.title, ""), header, rows, (8, 8, 24, 100))
