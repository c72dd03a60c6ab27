"""Hours spent 工时台账: what tasks, calls and orders from outside took, against the hours on duty (M13, M19, M34, M48, M50)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from qinwu.board.access.reach import Reach, officers_of
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Sending, Task
from qinwu.board.roster import duty_log
from qinwu.board.roster.absences import between
from qinwu.board.roster.rostered import midnight
from qinwu.board.words import CONTACT
from qinwu.board.work import tasks
from qinwu.duty.organisation.norms import Norms
from qinwu.judge.officers.displaced import lost
from qinwu.judge.officers.diversion import AD_HOC, Week
from qinwu.judge.officers.log import KINDS, Entry
from qinwu.judge.officers.spent import PAPER, Spent, ad_hoc_weeks, hours_by, monday_of, ordered_hours

WEEKS = 6
OUTSIDE = ("superior", "local_government")


@dataclass(frozen=True)
class Ledger:
    """The hours of the last weeks.

    Parameters
    ----------
    since, until
        The days looked at, `until` excluded.
    on_tasks, on_calls, away
        Officer-hours spent on tasks, on calls (their kind is that of the class), and ordered elsewhere while on duty.
    worked
        Officer-hours on duty by Monday, orders elsewhere included.
    weeks
        Ad-hoc work week by week.
    limit, paper_limit
        Shares of a week beyond which ad-hoc work, and meetings and papers, are too much.
    """

    since: date
    until: date
    on_tasks: tuple[Spent, ...]
    on_calls: tuple[Spent, ...]
    away: tuple[Spent, ...]
    worked: dict[date, float]
    weeks: tuple[Week, ...]
    limit: float
    paper_limit: float

    @property
    def duty_h(self) -> float:
        """All hours on duty."""
        return sum(self.worked.values())

    @property
    def ordered(self) -> tuple[tuple[str, float], ...]:
        """Ad-hoc hours by who ordered them, most first."""
        return ordered_hours(one for one in (*self.on_tasks, *self.away) if one.ad_hoc)

    @property
    def paper_h(self) -> float:
        """Hours of meetings, assessments and papers (M48)."""
        return sum(one.hours for one in (*self.on_tasks, *self.away) if one.kind in PAPER)

    @property
    def paper_by(self) -> tuple[tuple[str, float], ...]:
        """Those hours by who wanted them."""
        paper = [one for one in (*self.on_tasks, *self.away) if one.kind in PAPER]
        return tuple(
            sorted(hours_by(paper, lambda one: one.ordered_by or one.origin).items(), key=lambda pair: (-pair[1], pair[0]))
        )

    @property
    def by_origin(self) -> dict[str, tuple[float, float]]:
        """Hours on calls and on tasks by who wanted them (M34)."""
        calls, work = (hours_by(some, lambda one: one.origin) for some in (self.on_calls, self.on_tasks))
        return {name: (calls.get(name, 0.0), work.get(name, 0.0)) for name in dict.fromkeys((*calls, *work))}

    @property
    def by_kind_of_call(self) -> list[tuple[str, float]]:
        """Hours on calls by kind of class, most first (M13)."""
        return sorted(hours_by(self.on_calls, lambda one: one.kind).items(), key=lambda pair: -pair[1])

    def contact(self) -> dict[str, dict[str, float]]:
        """Return the hours of each beat with residents, by kind (M19)."""
        found: dict[str, dict[str, float]] = {}
        for one in self.on_tasks:
            if one.kind in CONTACT:
                mine = found.setdefault(one.beat, {})
                mine[one.kind] = mine.get(one.kind, 0.0) + one.hours
        return found


def ledger(force: InForce, reach: Reach, weeks: int = WEEKS) -> Ledger:
    """Return the ledger of the weeks up to now within reach; the week under way counts as far as it has come."""
    zone = force.zone
    today = now().astimezone(zone).date()
    first = monday_of(today) - timedelta(weeks=weeks - 1)
    start, end = midnight(force, first), now()
    work, norms = tuple(_on_tasks(force, reach, start, end)), Norms()
    duties = _duties(force, reach, start, end)
    away = tuple(_away(duties, start, end, zone))
    worked: dict[date, float] = {}
    for each in duties:
        monday = monday_of(each.start.astimezone(zone).date())
        worked[monday] = worked.get(monday, 0.0) + each.hours
    known = ad_hoc_weeks((*work, *away), worked)
    calls = tuple(_on_calls(force, reach, start, end, zone))
    return Ledger(first, today + timedelta(days=1), work, calls, away, worked, known, norms.ad_hoc, norms.lost)


def _on_tasks(force: InForce, reach: Reach, start: datetime, end: datetime) -> Iterator[Spent]:
    zone = force.zone
    ended = Task.objects.filter(tasks.within(reach), done__gte=start, done__lte=end, spent__gt=0)
    for one in ended:
        if one.done is not None and one.spent is not None:
            hours = one.spent * one.people / 60.0
            ad_hoc = one.template_id is None and one.origin in OUTSIDE
            beat = tasks.beat_of(force, one.atom) or one.beat
            yield Spent(one.done.astimezone(zone).date(), hours, beat, one.kind, one.origin, one.ordered_by, ad_hoc)


def _on_calls(force: InForce, reach: Reach, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Spent]:
    """Yield what sendings took, from being sent to being free."""
    kinds = {each.id: each.kind for each in force.station.config.call_class}
    for one in Sending.objects.filter(over__gte=start, over__lte=end, dispatched__isnull=False).select_related("call"):
        beat = tasks.beat_of(force, one.call.atom)
        if one.over is not None and one.dispatched is not None and reach.may(beat):
            hours = (one.over - one.dispatched).total_seconds() / 3600.0 * one.people
            kind = kinds.get(one.call.call_class, "other")
            yield Spent(one.over.astimezone(zone).date(), hours, beat, kind, one.call.origin)


def _duties(force: InForce, reach: Reach, start: datetime, end: datetime) -> list[Entry]:
    """Return the duties of officers within reach, swaps carried out."""
    mine = {officer for beat, officer in officers_of(force).items() if beat in reach.beats} | {reach.officer}
    return [one for one in duty_log.duties(force, start, end) if reach.everything or one.officer in mine]


def _away(duties: Sequence[Entry], start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Spent]:
    """Yield duty hours that went to meetings and to orders from elsewhere."""
    kinds = {kind: kind for kind in KINDS}
    for each in between(start, end):
        if each.kind in (*AD_HOC, "meeting"):
            entry = Entry(each.officer, kinds[each.kind], each.start, each.end or end)
            for piece in lost(duties, [entry]):
                day = piece.start.astimezone(zone).date()
                yield Spent(day, piece.hours, "", each.kind, "superior", each.ordered_by, each.kind in AD_HOC)
