"""Crossing told: whether the figures fit each other, as one finding each: title, what follows, and how it is worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.judge.claims.checking import Account, Checked, LeagueTold, SeriesTold
from qinwu.judge.claims.crossing import PartOfWhole, RateTold, SameThing, ShareLookedFor, StationTold
from qinwu.judge.claims.headcounts import Cover
from qinwu.judge.claims.rates import Segment
from qinwu.language import N_, Language
from qinwu.report.claims_words import FAIRNESS, WORDINGS, ClaimSpeaker
from qinwu.report.words import Speaking, number

_APART: dict[tuple[bool, int], str] = {
    (True, -1): N_("So they fell less than the whole."),
    (True, 1): N_("So they rose more than the whole."),
    (True, 0): N_("So they moved up against the whole."),
    (False, -1): N_("So they fell more than the whole."),
    (False, 1): N_("So they rose less than the whole."),
    (False, 0): N_("So they moved down against the whole."),
}
"""By whether the share rose, and which way both went."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """One finding: its kind, title, sentences, the tone (``fits``, ``open`` or ``wrong``), and how it is worked out."""

    kind: str
    title: str
    lines: tuple[str, ...]
    tone: str
    how: str


@dataclass(frozen=True)
class Crossing(Speaking):
    """Tells what the figures of an account say of each other."""

    account: Account
    language: Language

    @property
    def told(self) -> ClaimSpeaker:
        """Says figures."""
        return ClaimSpeaker(self.speaker)

    def all(self) -> Iterator[Crossed]:
        """Yield every finding: parts, claims told twice, words, rates."""
        yield from map(self.part, self.account.parts)
        yield from map(self.same, self.account.same)
        yield from (self.wording(each) for each in self.account.checked if each.fairness is not None)
        yield from (self.refused(each) for each in self.account.rates if each.rate is None)
        yield from map(self.series, self.account.series)
        yield from map(self.league, self.account.leagues)

    def part(self, pair: PartOfWhole) -> Crossed:
        """Tell a part and its whole."""
        part, whole = self.told.name(pair.part), self.told.name(pair.whole)
        title = self.say(N_("{part} within “{whole}”"), part=part, whole=whole)
        how = self.say(N_("Share = part ÷ whole, before from both figures before, with the bounds that rounding leaves."))
        if not pair.comparable:
            line = self.say(N_("Unit, place or period differ: nothing can be worked out."))
            return Crossed("part", title, (line,), "open", how)
        if not pair.fits:
            line = self.say(N_("The part is more than the whole: one of the figures is wrong, or they count different things."))
            return Crossed("part", title, (line,), "wrong", how)
        return Crossed("part", title, tuple(self._share_lines(pair)), "fits", how)

    def _share_lines(self, pair: PartOfWhole) -> Iterator[str]:
        if pair.after is None:
            return
        after = self.told.percent(pair.after.value)
        if pair.before is None:
            yield self.say(N_("Their share is {after}."), after=after)
            return
        before = self.told.percent(pair.before.value)
        yield self.say(N_("Their share went from {before} to {after}."), before=before, after=after)
        if pair.after.low <= pair.before.high and pair.before.low <= pair.after.high:
            yield self.say(N_("Rounding leaves open whether they moved apart from the whole."))
        else:
            yield self.say(_APART[pair.after.value > pair.before.value, self._direction(pair)])

    def _direction(self, pair: PartOfWhole) -> int:
        """Return 1 where part and whole both rose, -1 where both fell, 0 otherwise."""
        changes = [each.relative_change for each in (pair.part, pair.whole)]
        signs = {0 if change is None else (change.value > 0) - (change.value < 0) for change in changes}
        return signs.pop() if len(signs) == 1 else 0

    def same(self, group: SameThing) -> Crossed:
        """Tell claims about one thing side by side."""
        title = N_("{where}: told {count} times and alike") if group.agree else N_("{where}: told in {count} ways")
        values = {"where": self.told.placed(group.claims[0]), "count": len(group.claims)}
        lines = tuple(self._told_line(self.account.of(claim.id)) for claim in group.claims)
        rest = (
            N_("Rounding explains the difference.")
            if group.agree
            else N_("Rounding does not explain the difference. Both are kept.")
        )
        how = self.say(N_("Two figures agree where one number could be written as either."))
        return Crossed("same", self.say(title, **values), (*lines, self.say(rest)), "fits" if group.agree else "open", how)

    def _told_line(self, checked: Checked) -> str:
        claim = checked.claim
        before, after = self.told.base(claim, checked.base), self.told.figure(claim, claim.value)
        source = claim.source.text.in_language(self.language)
        return self.say(N_("{before} → {after}: {source}."), before=before, after=after, source=source)

    def wording(self, checked: Checked) -> Crossed:
        """Tell whether the words of a source are true of its figures."""
        compared, claim = checked.contrast, checked.claim
        if compared is None or checked.fairness is None or claim.wording is None:
            raise ValueError("Expected a claim with words for its change and both figures.")
        said = self.say(WORDINGS[claim.wording])
        values = {"where": self.told.placed(claim), "said": said, "verdict": self.say(FAIRNESS[checked.fairness])}
        title = self.say(N_("{where}, “{said}”: {verdict}"), **values)
        lines = [self._ratio_line(checked)]
        how = self.say(
            N_("Ratio = after ÷ before; relative change = ratio − 1; points = after − before. “Nearly” is fair from 0.9 of it.")
        )
        return Crossed("wording", title, tuple(lines), "fits" if checked.fairness != "too_much" else "wrong", how)

    def _ratio_line(self, checked: Checked) -> str:
        compared, claim = checked.contrast, checked.claim
        if compared is None:
            return ""
        values = {
            "before": self.told.base(claim, checked.base),
            "after": self.told.figure(claim, claim.value),
            "ratio": number(compared.ratio.value, 3),
            "percent": self.told.percent(compared.relative.value, signed=True),
            "points": number(100.0 * compared.points.value, 1, signed=True),
        }
        if claim.kind == "share":
            return self.say(N_("{before} → {after} is ×{ratio}, {percent}, or {points} percentage points."), **values)
        return self.say(N_("{before} → {after} is ×{ratio}, {percent}."), **values)

    def refused(self, rate: RateTold) -> Crossed:
        """Tell why a rate cannot be told."""
        title = self.say(N_("{name}: no rate can be told"), name=rate.table.name.in_language(self.language))
        lines = [self.say(finding.message) for finding in rate.refused]
        lines += [self._too_small_line(rate, claim.id) for claim in rate.too_small]
        how = self.say(
            N_("A rate needs numerator, denominator, period and the rule by which cases are counted. It is refused without any.")
        )
        return Crossed("rate", title, tuple(lines), "wrong", how)

    def _too_small_line(self, rate: RateTold, name: str) -> str:
        claim = self.account.of(name).claim
        values = {
            "number": number(float(rate.numerator or 0), 0),
            "other": self.told.figure(claim, claim.value),
            "name": self.told.name(claim),
        }
        return self.say(N_("It is not {name}: {number} are more than {other}, so other kinds of cases are among them."), **values)

    def series(self, series: SeriesTold) -> Crossed:
        """Tell how a series went within each part that was counted alike."""
        count = len(series.segments)
        text = N_("{name}: {count} parts that cannot be compared") if count > 1 else N_("{name}: counted alike throughout")
        title = self.say(text, name=series.table.name.in_language(self.language), count=count)
        lines = tuple(self._segment_line(segment) for segment in series.segments)
        how = N_("Cut where recording rule or boundary changes. Ratio of the last rate to the first, with its exact 95% interval.")
        return Crossed("series", title, lines, "open" if count > 1 else "fits", self.say(how))

    def _segment_line(self, segment: Segment) -> str:
        first, last = segment.points[0].rate.period, segment.points[-1].rate.period
        if segment.ratio is None:
            return self.say(N_("{first}: alone, compared with nothing."), first=first)
        value, low, high = (number(bound, 2) for bound in segment.ratio)
        return self.say(N_("{first} to {last}: ×{value} ({low}–{high})."), first=first, last=last, value=value, low=low, high=high)

    def league(self, league: LeagueTold) -> Crossed:
        """Tell what chance leaves of the ranks of a league table."""
        first = league.rows[0]
        tied = sum(row.best == 1 for row in league.rows)
        name = league.table.name.in_language(self.language)
        if tied > 1:
            title = self.say(N_("{name}: {count} places may be first"), name=name, count=tied)
        else:
            title = self.say(N_("{name}: {first} is first by more than chance"), name=name, first=first.name)
        values = {"first": first.name, "best": first.best, "worst": first.worst}
        line = self.say(N_("{first} has the lowest rate; its rank may be {best} to {worst}."), **values)
        lines = (line, self.say(N_("Ranks enter no score.")))
        how = N_("Best and worst rank that exact tests between all pairs leave open, at 95% together for one place.")
        return Crossed("league", title, lines, "open" if tied > 1 else "fits", self.say(how))

    # -- stations ------------------------------------------------------------------------------------------------------

    def station_lines(self, station: StationTold) -> list[str]:
        """Return what follows from the head-counts of a station."""
        lines = [f"{self.shares_line(station)}{self.say(N_('.'))}"]
        lines += [self.looked_line(looked, station.total) for looked in station.looked]
        return lines + [self.cover_line(cover) for cover in (station.cover, station.cover_then) if cover is not None]

    def shares_line(self, station: StationTold) -> str:
        """Return the shares of command, administration and front line."""
        table, total = station.table, station.total
        parts = (N_("command"), table.command), (N_("administration"), table.office), (N_("front line"), table.front)
        said = (
            self.say(N_("{name} {count} ({share})"), name=self.say(n), count=c, share=self.told.percent(c / total))
            for n, c in parts
        )
        return self.say(N_(", ")).join(said)

    def looked_line(self, looked: ShareLookedFor, total: int) -> str:
        """Return which head-count gives a published share, or that none does."""
        share = self.told.figure(looked.claim, looked.figure)
        found = looked.giving or looked.nearest
        heads = self.say(N_(", ")).join(f"{each.people}/{each.of} = {self.told.percent(each.share)}" for each in found)
        if looked.giving:
            return self.say(N_("{share} of {total} people: {heads}."), share=share, total=total, heads=heads)
        return self.say(
            N_("{share} of {total} people: no whole number of people gives it. Nearest: {heads}."),
            share=share,
            total=total,
            heads=heads,
        )

    def cover_line(self, cover: Cover) -> str:
        """Return whether so many officers can keep a crew out around the clock."""
        values = {"front": cover.front, "crew": cover.crew, "needed": number(cover.needed, 0), "gross": number(cover.gross, 0)}
        values |= {"net": number(cover.net, 0), "groups": cover.groups, "hours": number(cover.group_hours, 0)}
        if cover.feasible:
            return self.say(
                N_("{front} on the front line give {gross} officer-hours a week gross, {net} net; {needed} are needed: enough."),
                **values,
            )
        text = N_("{front} on the front line give {gross} officer-hours a week gross, {net} net; {needed} are needed: not enough.")
        if not cover.long_duty_enough:
            return self.say(text, **values)
        return self.speaker.sentences([self.say(text, **values), self.say(
            N_("Only {groups} groups of {crew} on 24-hour duty in turn would do, {hours} hours a week each."), **values
        )])  # fmt: skip
