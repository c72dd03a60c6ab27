"""Drawings of a roster: the wall sheet in colour, officers on duty by hour before and after, who has how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qinwu.duty.roster_rules.watches import is_long, is_night, start_of
from qinwu.duty.system import Watch
from qinwu.language import N_
from qinwu.plan.roster.fairness import Share
from qinwu.plan.roster.gaps import hourly, needed_by_minute, on_by_minute
from qinwu.plan.roster.needs import LEAD, Post
from qinwu.plan.roster.people import WHY
from qinwu.report.figures.bars import swatch
from qinwu.report.figures.day import Series, day_figure
from qinwu.report.figures.shares import Column, Group, columns_figure
from qinwu.report.figures.wall import Band, Day, Row, Square, wall_figure
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.words import SHORT_DAYS, number

if TYPE_CHECKING:
    from qinwu.report.plans.roster import Told

DAYTIME, EVENING, NIGHT, LONG, LEADING = "#e7b583", "#a1c5d8", "#12506f", "#7f3a12", "#6b5a7e"
DARK = (NIGHT, LONG, LEADING)
NOON = 13.0


def colour_of(watch: Watch, post: str) -> str:
    """Return the colour of a watch: sand by day, pale blue in the evening, deep blue at night, brown for long duty."""
    if post == LEAD:
        return LEADING
    if is_long(watch):
        return LONG
    if is_night(watch):
        return NIGHT
    return EVENING if start_of(watch) >= NOON else DAYTIME


class RosterDrawings:
    """The drawings of one roster."""

    def __init__(self, told: Told) -> None:
        self.told, self.say = told, told.speaker.say
        self.roster, self.question = told.roster, told.plan.asked
        self.changed = {(change.officer, change.day) for change in told.changes or ()}

    def wall(self) -> Drawing:
        """Return the wall sheet."""
        days = [
            Day(
                str(day.day),
                self.say(SHORT_DAYS[day.weekday()])[-1 if self.told.language == "zh" else slice(None)],
                day.weekday() >= 5,
            )
            for day in (self.roster.day(number) for number in range(self.roster.days))
        ]
        title = self.say(N_("The wall sheet"))
        svg = wall_figure(tuple(self._bands()), days, self.say(N_("h/week")), title)
        lead = self.say(N_("One square is one officer on one day; weekends are shaded, those away are hatched."))
        return Drawing(title, lead, (Picture("", "", svg),), "wall", self._legend(), wide=True)

    def _legend(self) -> str:
        """Return the colours with the names of their watches."""
        seen: dict[str, list[str]] = {}
        for shift in self.roster.shifts[: len(self.question.needs.needs)]:
            names = seen.setdefault(colour_of(shift.watch, shift.post), [])
            name = self._watch(shift.watch)
            if name not in names:
                names.append(name)
        return " ".join(f'<span class="legend-word">{swatch(colour)} {", ".join(names)}</span>' for colour, names in seen.items())

    def _watch(self, watch: Watch) -> str:
        return watch.name.in_language(self.told.language) if watch.name else watch.id

    def _bands(self) -> Iterator[Band]:
        """Yield the officers of each post, each officer once, under the first post."""
        row = {name: number for number, name in enumerate(self.roster.officers)}
        shares = {share.officer: share for share in self.told.plan.shares}
        done: set[str] = set()
        for post in self.question.needs.posts:
            names = [name for name in post.members if name in row and name not in done]
            if names and self.question.needs.of(post.id):
                done.update(names)
                rows = tuple(Row(name, tuple(self._squares(name, row[name])), number(shares[name].week_h, 1)) for name in names)
                yield Band(post.name.in_language(self.told.language), rows)

    def _squares(self, name: str, row: int) -> Iterator[Square]:
        for at in range(self.roster.days):
            day, shift = self.roster.day(at), self.roster.shift(row, at)
            away = self.question.people.away(name, day)
            if shift is None:
                why = self.say(WHY[away.why]) if away else ""
                yield Square(away=away is not None, tip=f"{name} {day.isoformat()} {why}" if why else "")
                continue
            colour, watch = colour_of(shift.watch, shift.post), self._watch(shift.watch)
            mark = "●" if (name, day) in self.changed else watch[:1]
            yield Square(colour, mark, colour in DARK, tip=f"{name} {day.isoformat()} {watch} {shift.watch.start}")

    def cover(self) -> Drawing:
        """Return officers on duty by hour of each post, before and after."""
        pictures = tuple(self._cover_of(post) for post in self.question.needs.posts if self.question.needs.of(post.id))
        title = self.say(N_("Who is there at which hour"))
        lead = self.say(N_("Blue: this roster. Black line: what is wanted, as the system in force has it. Dotted: the least."))
        return Drawing(title, lead, pictures, "cover")

    def _cover_of(self, post: Post) -> Picture:
        needs = self.question.needs
        on = hourly(on_by_minute([*self.question.people.before, *self.roster.duties()], self.roster, post.id))
        before = hourly(needed_by_minute(needs, self.roster, post.id, "wanted"))
        least = float(needed_by_minute(needs, self.roster, post.id).min())
        series = [
            Series("busy", self.say(N_("this roster")), tuple(on.tolist()), filled=True),
            Series("now", self.say(N_("wanted")), tuple(before.tolist())),
        ]
        name = post.name.in_language(self.told.language)
        svg = day_figure(series, self.say(N_("officers")), name, (least, self.say(N_("at least"))) if least else None)
        return Picture(name, "", svg)

    def shares(self) -> Drawing:
        """Return hours, nights and weekend days of each officer, by post and kind."""
        parts = (
            (N_("hours a week"), lambda share: share.week_h),
            (N_("nights"), lambda share: float(share.nights)),
            (N_("weekend days"), lambda share: float(share.weekends)),
        )
        pictures = []
        for name, figure in parts:
            groups = [
                Group(label, tuple(Column(figure(one), f"{one.officer}: {number(figure(one), 1)}") for one in members))
                for label, members in self._alike()
            ]
            pictures.append(Picture(self.say(name), "", columns_figure(groups, self.say(name))))
        title = self.say(N_("Is it shared fairly?"))
        lead = self.say(N_("One column is one officer; the line is the mean of those with the same post and kind."))
        return Drawing(title, lead, tuple(pictures), "nights", wide=True)

    def _alike(self) -> Iterator[tuple[str, list[Share]]]:
        kinds = {"sworn": N_("sworn"), "auxiliary": N_("auxiliary")}
        for post in self.question.needs.posts:
            for kind, word in kinds.items():
                members = [share for share in self.told.plan.shares if share.posts[:1] == (post.id,) and share.kind == kind]
                if members:
                    name = post.name.in_language(self.told.language)
                    yield f"{name} {self.say(word)}", members
