"""Tables of a roster: the wall sheet officers by days, the day sheet posts by watches, shares, rules, absences, gaps, changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from qinwu.duty.roster_rules.rules import Mark
from qinwu.language import N_
from qinwu.plan.roster.needs import on_dates
from qinwu.plan.roster.people import WHY
from qinwu.plan.roster.roster import Shift
from qinwu.plan.roster.wall import Crewed, crews_of
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import SHORT_DAYS

if TYPE_CHECKING:
    from qinwu.report.plans.roster import Told

MARKS: dict[Mark, str] = {
    "official": N_("official text"),
    "news": N_("news report"),
    "weak": N_("weak source"),
    "recalled": N_("from memory"),
    "sample": N_("sample, replace it"),
}
SHOWN_BROKEN = 400


class RosterTables:
    """The tables of one roster."""

    def __init__(self, told: Told) -> None:
        self.told, self.say, self.language = told, told.speaker.say, told.language
        self.roster, self.question = told.roster, told.plan.asked

    def shown(self) -> Iterator[Shown]:
        """Yield every table in order, the wall sheet first, as last month's roster is read from it."""
        yield Shown(self.wall(), ("", *("wall",) * self.roster.days, "carried", "carried", "carried", "owed"), folded=True)
        yield Shown(self.posts(), ("", "", *("cover",) * 5))
        yield Shown(self.day_sheet(), ("",) * 3 + ("crew",) * 2, folded=True)
        yield Shown(self.shares(), ("", "", "hours", "hours", "nights", "nights", "owed", "carried", "carried"), folded=True)
        yield Shown(self.rules(), ("rule",) * 6, folded=True)
        if self.told.plan.broken:
            yield Shown(self.broken(), ("rule",) * 4, folded=True)
        if self.question.people.absences:
            yield Shown(self.absences(), ("away",) * 8)
        if self.told.gaps:
            yield Shown(self.gaps(), ("gaps",) * 5)

    def posts(self) -> Sheet:
        """Return each post and watch: what must be there, what should be, what is there."""
        rows: list[tuple[Value, ...]] = []
        for number, need in enumerate(self.question.needs.needs):
            least, wanted = (on_dates(each, self.roster.first, self.roster.days) for each in (need.least, need.wanted))
            there = (self.roster.at == number).sum(axis=0)
            name = need.watch.name.in_language(self.language) if need.watch.name else need.watch.id
            post = self.question.needs.post(need.post).name.in_language(self.language)
            figures = (int(least.min()), round(float(wanted.mean()), 1), round(float(there.mean()), 1), int(there.min()))
            rows.append((post, name, *figures, round(float(there.mean()) * need.watch.hours * 7, 0)))
        header = (
            N_("post held"),
            N_("watch"),
            N_("must be there"),
            N_("wanted, mean"),
            N_("here, mean"),
            N_("here, fewest"),
            N_("officer-hours a week"),
        )
        return Sheet(
            self.say(N_("Posts and watches")),
            (),
            tuple(self.say(text) for text in header),
            tuple(rows),
            (18, 14, 10, 10, 10, 10, 12),
        )

    def wall(self) -> Sheet:
        """Return officers down, days across: watch names, as they go on the wall and are read again next month."""
        dates = [self.roster.day(number).isoformat() for number in range(self.roster.days)]
        ledger = (N_("nights carried"), N_("weekends carried"), N_("duties carried"), N_("hours owed"))
        header = (self.say(N_("who")), *dates, *(self.say(name) for name in ledger))
        shares = {share.officer: share.next for share in self.told.plan.shares}
        rows: list[tuple[Value, ...]] = []
        for row, name in enumerate(self.roster.officers):
            cells = [self._cell(name, row, day) for day in range(self.roster.days)]
            carried = shares[name]
            rows.append((name, *cells, carried.nights, carried.weekends, carried.duties, round(carried.owed_h, 1)))
        widths = (9, *(11,) * self.roster.days, 10, 10, 10, 10)
        return Sheet(self.say(N_("Wall sheet")), (), header, tuple(rows), widths)

    def _cell(self, name: str, row: int, day: int) -> str:
        shift = self.roster.shift(row, day)
        if shift is not None:
            return self._watch(shift)
        away = self.question.people.away(name, self.roster.day(day))
        return {"leave": "假", "training": "培", "secondment": "调", "sick": "病"}.get(away.why, "") if away else ""

    def _watch(self, shift: Shift) -> str:
        """Return the name of a watch; its id where two watches share the name, as the sheet is read again next month."""
        names = Counter(str(watch.name) for watch in {one.watch.id: one.watch for one in self.roster.shifts}.values())
        watch = shift.watch
        return watch.name.in_language(self.language) if watch.name and names[str(watch.name)] == 1 else watch.id

    def day_sheet(self) -> Sheet:
        """Return each day: posts by watches, with the crews."""
        rows: list[tuple[Value, ...]] = []
        for (day, post, watch), crews in groupby(crews_of(self.question, self.roster), key=_place):
            one = next(each for each in self.question.needs.posts if each.id == post)
            span = next(shift.watch for shift in self.roster.shifts if shift.watch.id == watch)
            name = span.name.in_language(self.language) if span.name else span.id
            members = " ／ ".join("+".join(crew.members) for crew in crews)
            when = f"{day.isoformat()} {self.say(SHORT_DAYS[day.weekday()])}"
            rows.append((when, one.name.in_language(self.language), name, f"{span.start}, {span.hours:g} h", members))
        header = tuple(self.say(text) for text in (N_("day of duty"), N_("post held"), N_("watch"), N_("from, for"), N_("crews")))
        return Sheet(self.say(N_("Day sheet")), (), header, tuple(rows), (16, 16, 12, 14, 60))

    def shares(self) -> Sheet:
        """Return each officer's share."""
        columns = (
            N_("who"),
            N_("days there"),
            N_("h a week"),
            N_("duties"),
            N_("nights"),
            N_("weekend days"),
            N_("hours owed"),
            N_("nights carried"),
            N_("weekends carried"),
        )
        rows = tuple(
            (
                share.officer,
                share.present_days,
                round(share.week_h, 1),
                share.duties,
                share.nights,
                share.weekends,
                round(share.owed_h, 1),
                share.next.nights,
                share.next.weekends,
            )
            for share in self.told.plan.shares
        )
        return Sheet(self.say(N_("Shares")), (), tuple(self.say(text) for text in columns), rows, (10,) * 9)

    def rules(self) -> Sheet:
        """Return every rule, its words, how sure it is, whether it is hard, and how often it is broken."""
        times = Counter(one.rule_id for one in self.told.plan.broken)
        dropped = {rule.id for rule in self.told.plan.dropped}
        rows = []
        for rule in self.question.pack.rule:
            state = N_("hard") if rule.hard else N_("not kept by all") if rule.id in dropped else N_("soft")
            text = rule.text.in_language(self.language)
            rows.append((rule.id, text, rule.source, self.say(MARKS[rule.mark]), self.say(state), times[rule.id]))
        header = (N_("rule"), N_("words"), N_("source"), N_("how sure"), N_("hard or soft"), N_("times broken"))
        return Sheet(self.say(N_("Rules")), (), tuple(self.say(text) for text in header), tuple(rows), (18, 50, 30, 12, 10, 8))

    def broken(self) -> Sheet:
        """Return everything that is broken or bent."""
        rows = [
            (one.rule_id, one.officer, one.days[0].isoformat() if one.days else "", one.finding().text(self.language))
            for one in self.told.plan.broken[:SHOWN_BROKEN]
        ]
        header = tuple(self.say(text) for text in (N_("rule"), N_("who"), N_("day of duty"), N_("what")))
        return Sheet(self.say(N_("Bent rules")), (), header, tuple(rows), (18, 10, 12, 70))

    def absences(self) -> Sheet:
        """Return who is away, why, on what order, until when, and the duty hours lost to secondments (M49)."""
        lost = self.told.lost()
        rows = [
            (
                one.officer,
                self.say(WHY[one.why]),
                one.since.isoformat(),
                one.until.isoformat(),
                one.back.isoformat(),
                one.order,
                one.reason,
                round(lost.get(one.officer, 0.0), 1) if one.why == "secondment" else None,
            )
            for one in self.question.people.absences
        ]
        columns = (
            N_("who"),
            N_("why"),
            N_("first day"),
            N_("last day"),
            N_("back on"),
            N_("order"),
            N_("reason"),
            N_("duty hours lost"),
        )
        return Sheet(
            self.say(N_("Away")), (), tuple(self.say(text) for text in columns), tuple(rows), (10, 10, 12, 12, 12, 16, 20, 10)
        )

    def gaps(self) -> Sheet:
        """Return every stretch with too few on duty and what it costs to close."""
        names = {post.id: post.name.in_language(self.language) for post in self.question.needs.posts}
        rows = [
            (names[gap.post], self._clock(gap.since), self._clock(gap.until), gap.lacking, round(gap.officer_hours, 2))
            for gap in self.told.gaps
        ]
        header = (N_("post held"), N_("begins"), N_("ends"), N_("officers lacking"), N_("officer-hours to close it"))
        return Sheet(self.say(N_("Gaps")), (), tuple(self.say(text) for text in header), tuple(rows), (16, 18, 18, 8, 12))

    def _clock(self, minute: int) -> str:
        return f"{self.roster.day(minute // 1440).isoformat()} {minute % 1440 // 60:02d}:{minute % 60:02d}"

    def changes(self) -> Sheet:
        """Return every change of a repair."""
        off = self.say(N_("off"))
        rows = [
            (
                change.day.isoformat(),
                change.officer,
                self._watch(change.before) if change.before else off,
                self._watch(change.after) if change.after else off,
                " ".join(part for part in (self.say(change.why), change.of) if part),
            )
            for change in self.told.changes or ()
        ]
        header = tuple(self.say(text) for text in (N_("day of duty"), N_("who"), N_("before"), N_("after"), N_("why")))
        return Sheet(self.say(N_("Changes")), (), header, tuple(rows), (12, 10, 14, 14, 30))


def _place(crew: Crewed) -> tuple[date, str, str]:
    return crew.day, crew.post.id, crew.watch.id
