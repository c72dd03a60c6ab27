"""Last month: an earlier roster, from a wall sheet (officers by days) or a list (date, officer, watch), carried on from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from qinwu.duty.roster_rules.watches import end_of
from qinwu.duty.system import Watch
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.plan.roster.months import WISH_OFF
from qinwu.plan.roster.needs import Needs
from qinwu.plan.roster.people import Carried
from qinwu.plan.roster.roster import Duty
from qinwu.station.guards import forbidden_columns
from qinwu.station.officers import ID_REFERRED
from qinwu.station.sheet import clean, parse_date, read_sheet, read_table, word

LIST_HEADERS: dict[str, tuple[str, ...]] = {
    "date": ("day", "日期", "值班日期", "上班日期"),
    "officer_id": ID_REFERRED,
    "watch": ("shift", "duty", "班次", "值班", "班"),
    "post": ("岗位", "职位", "勤务"),
}
CARRIED_HEADERS: dict[str, tuple[str, ...]] = {
    "nights": ("nights carried", "夜班结转"),
    "weekends": ("weekends carried", "周末结转"),
    "duties": ("duties carried", "班次结转"),
    "owed_h": ("hours owed", "补休小时", "待补休小时", "欠休小时"),
}
FREE = (*WISH_OFF, "-", "—", "／", "/", "假", "培", "调", "病", "leave", "training", "年休", "出差")
"""Cells that mean no duty."""
LINES_ABOVE = 12
_DAY = re.compile(r"^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?:\D.*)?$")


@dataclass(frozen=True)
class LastMonth:
    """An earlier roster: its duties, what each officer brings from it, its last day, and what is wrong with the file."""

    duties: tuple[Duty, ...]
    carried: Mapping[str, Carried]
    last: date | None
    findings: tuple[Finding, ...]


def read_last(path: Path, needs: Needs, watches: Sequence[Watch], first: date, officers: Sequence[str]) -> LastMonth:
    """Return an earlier roster.

    Parameters
    ----------
    path
        A list with date, officer and watch (and post), or a wall sheet whose first column is the officer and whose other columns
        are days, headed ``2026-01-31`` or ``1月31日``; a cell names the watch, ``post/watch``, or nothing.
    needs, watches
        Posts, and the watches that may be named by id or by name.
    first
        The first day of the new roster; days without a year are taken to lie before it.
    officers
        Ids that are known; others draw a warning.

    Raises
    ------
    QinwuError
        The file cannot be read at all.
    """
    table = read_table(path)
    reader = _Reader(path.name, needs, {watch.id: watch for watch in watches}, first, tuple(officers))
    # Our own wall sheets have lines above the table: whose roster it is, and what it says.
    top = next(
        (at for at, row in enumerate(table[:LINES_ABOVE]) if sum(reader.day(clean(cell)) is not None for cell in row) >= 2), None
    )
    if top is None:
        reader.list(path)
    else:
        reader.wall(table[top:], top)
    last = max((duty.day for duty in reader.duties), default=None)
    return LastMonth(tuple(reader.duties), reader.carried, last, tuple(reader.findings))


def mid_duty(duties: Sequence[Duty], first: date, last: date | None, longest: float) -> Iterator[Finding]:
    """Yield what keeps a roster from beginning where the last one ended.

    Parameters
    ----------
    duties, last
        The earlier roster and its last day; None where there is none.
    first
        The first day of the new one.
    longest
        Hours until which the longest watch runs on into the next day; 0 where none does.
    """
    if last is None:
        if longest > 0:
            message = N_("Without last month's roster nobody is known to be on duty until the first watch of {first} begins.")
            remedy = N_("Give it with --last, so that duties that run on and rest after them count.")
            yield Finding("no-last-month", "note", message, remedy, Place(key="--last"), {"first": first.isoformat()})
        return
    if last >= first:
        message = N_("Last month's roster goes on until {last}; the new one begins on {first}.")
        remedy = N_("Begin on {after}, or use --repair to change days that are planned already.")
        values = {"last": last.isoformat(), "first": first.isoformat(), "after": (last + timedelta(days=1)).isoformat()}
        yield Finding("roster-overlaps", "error", message, remedy, Place(key="--from"), values)
    elif (first - last).days > 1:
        running = any(duty.day == last and end_of(duty.watch) > 24 for duty in duties)
        message = (
            N_("Last month's roster ends on {last} in the middle of a duty; the days until {first} are missing.")
            if running
            else N_("Last month's roster ends on {last}; the days until {first} are missing.")
        )
        values = {"last": last.isoformat(), "first": first.isoformat(), "after": (last + timedelta(days=1)).isoformat()}
        yield Finding("roster-gap", "error", message, N_("Begin on {after}."), Place(key="--from"), values)


class _Reader:
    """The reading of one file while it is under way."""

    def __init__(self, file: str, needs: Needs, watches: Mapping[str, Watch], first: date, officers: Sequence[str]) -> None:
        self.file, self.needs, self.watches, self.first, self.officers = file, needs, watches, first, officers
        self.words = {name: ((str(watch.name), watch.name.en) if watch.name else ()) for name, watch in watches.items()}
        self.duties: list[Duty] = []
        self.carried: dict[str, Carried] = {}
        self.findings: list[Finding] = []

    def day(self, text: str) -> date | None:
        """Return the date of a header; without a year, the last such day before the roster."""
        full = parse_date(text) if re.match(r"\d{4}\D", text) else None
        found = _DAY.match(text)
        if full is not None or found is None:
            return full
        try:
            day = date(int(found[1] or self.first.year), int(found[2]), int(found[3]))
        except ValueError:
            return None
        return day if found[1] or day < self.first else day.replace(year=day.year - 1)

    def wall(self, table: Sequence[Sequence[str]], above: int) -> None:
        header = [clean(cell) for cell in table[0]]
        refused = {finding.place.key for finding in forbidden_columns([name for name in header if name], self.file, kind="other")}
        self.findings += forbidden_columns([name for name in header if name], self.file, kind="other")
        days = {at: day for at, name in enumerate(header) if name not in refused and (day := self.day(name)) is not None}
        ledger = {at: figure for at, name in enumerate(header) if (figure := word(name, CARRIED_HEADERS))}
        column = next((at for at, name in enumerate(header) if word(name, {"officer": ID_REFERRED})), 0)
        for number, cells in enumerate(table[1:], start=above + 2):
            name = clean(cells[column]) if column < len(cells) else ""
            if not name or not self.known(name, number):
                continue
            for at, day in days.items():
                self.cell(name, day, clean(cells[at]) if at < len(cells) else "", number, header[at])
            figures = {ledger[at]: _number(clean(cells[at])) for at in ledger if at < len(cells)}
            if figures:
                self.carried[name] = Carried(**figures)

    def list(self, path: Path) -> None:
        rows, findings = read_sheet(path, LIST_HEADERS, ("date", "officer_id", "watch"))
        self.findings += findings
        if any(one.severity == "error" for one in findings):
            return
        for row in rows:
            day = self.day(row["date"]) or parse_date(row["date"])
            if day is None:
                message, remedy = N_("{value} is not a date."), N_("Write it as 2026-01-31.")
                place = Place(self.file, row.number, "date")
                self.findings.append(Finding("wrong-date", "error", message, remedy, place, {"value": row["date"] or '""'}))
            elif self.known(row["officer_id"], row.number):
                text = f"{row['post']}/{row['watch']}" if row["post"] else row["watch"]
                self.cell(row["officer_id"], day, text, row.number, "watch")

    def known(self, name: str, row: int) -> bool:
        if name in self.officers:
            return True
        near = did_you_mean(name, self.officers)
        message = N_("{officer} is not in this roster; the row is left out.")
        remedy = N_("Did you mean {near}?") if near else ""
        values = {"officer": name, "near": near}
        self.findings.append(Finding("officer-not-here", "warning", message, remedy, Place(self.file, row), values))
        return False

    def cell(self, officer: str, day: date, text: str, row: int, column: str) -> None:
        if not text or text.lower() in FREE:
            return
        post, _, name = text.rpartition("/")
        watch = word(name, self.words)
        if not watch:
            known = [each for key, others in self.words.items() for each in (key, *others) if each]
            guess = did_you_mean(name, known)
            message = N_("There is no watch {value}.")
            remedy = N_("Did you mean {guess}?") if guess else N_("Watches here: {known}.")
            values = {"value": text, "guess": guess, "known": ", ".join(known)}
            self.findings.append(Finding("unknown-watch", "error", message, remedy, Place(self.file, row, column), values))
            return
        self.duties.append(Duty(day, officer, self.watches[watch], self.post(officer, post, watch)))

    def post(self, officer: str, named: str, watch: str) -> str:
        """Return the post of a duty: the one named, else one of the officer's that has such a watch, else any of the officer's."""
        words = {post.id: (str(post.name), post.name.en) for post in self.needs.posts}
        own = [post.id for post in self.needs.posts if officer in post.members]
        fits = [post for post in own if any(need.watch.id == watch for need in self.needs.of(post))]
        return word(named, words) or next(iter([*fits, *own]), named)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
