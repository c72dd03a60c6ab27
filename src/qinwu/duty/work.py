"""Work besides calls: fixed blocks in the duty windows of crews, and the rate at which flexible work falls due."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from qinwu.duty.calendar import DAY_S, HOUR_S, WEEK_S, Calendar, Roster, hours_per_week, seconds_of
from qinwu.duty.response_plan import F64
from qinwu.duty.staffing import listed
from qinwu.duty.system import Work
from qinwu.duty.who import NAMED_WORKERS, WORKERS, Muster, squad_names, workers
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_

LONGEST_BLOCK_S = 2 * HOUR_S
SHORTEST_BLOCK_S = HOUR_S / 4
DAYTIME = (8 * HOUR_S, 20 * HOUR_S)
MOST_FLEXIBLE = 0.99
GOLDEN = 0.6180339887498949

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """A fixed block: start in seconds of the cycle (not yet wrapped into it), crew, length, and the work it is."""

    start_s: float
    crew: int
    length_s: float
    work: Work


@dataclass(frozen=True)
class WorkPlan:
    """All fixed blocks, sorted by start, and (K,) seconds of flexible work per second on duty."""

    blocks: tuple[Block, ...]
    flexible: F64
    findings: tuple[Finding, ...]


def plan_work(muster: Muster, calendar: Calendar) -> WorkPlan:
    """Return the fixed blocks and flexible work of every crew.

    Work at a clock time comes first, in file order, what nothing may interrupt before the rest: a meal gives way to a campaign,
    not a campaign to a meal. Then come hours that do not yield to every call, as blocks of up to two hours, spread evenly over the
    crew's duty and by day where there is room; the rest is flexible. A crew is out when one of its
    members is; flexible work of several members is done side by side.
    """
    diary = _Diary(muster, calendar)
    for work in sorted(muster.system.work, key=lambda work: work.yields_to > 0):
        diary.findings.extend(check_worker(muster, work))
        if work.at is not None and work.minutes > 0:
            diary.fix(work)
    for work in muster.system.work:
        if work.at is None and work.hours_per_week > 0 and work.yields_to < 4:
            diary.spread(work)
    flexible = diary.flexible()
    diary.findings.extend(diary.overworked())
    cycle_s = calendar.cycle_s
    blocks = sorted(diary.blocks, key=lambda block: (block.start_s % cycle_s, block.crew))
    return WorkPlan(tuple(blocks), flexible, tuple(diary.findings))


@dataclass
class _Diary:
    """What every crew has in its diary so far."""

    muster: Muster
    calendar: Calendar
    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        cycle_s = self.calendar.cycle_s
        spans = [_spans(roster, cycle_s) for roster in self.calendar.rosters]
        crews = len(self.muster.crews)
        stations = self.muster.stations
        self.homes = [stations.home(crew.unit) if stations.several else "" for crew in self.muster.crews]
        self.windows: list[list[Span]] = [spans[roster] for roster in self.calendar.roster_of]
        self.taken: list[list[Span]] = [[] for _ in range(crews)]
        per_week = np.array([hours_per_week(roster, cycle_s) for roster in self.calendar.rosters])
        self.duty_hours = per_week[self.calendar.roster_of]
        self.fixed_hours = np.zeros(crews)
        self.flexible_hours = np.zeros(crews)

    @property
    def weeks(self) -> float:
        return self.calendar.cycle_s / WEEK_S

    def crews_of(self, work: Work) -> list[int]:
        return np.flatnonzero(self.muster.with_officers(workers(self.muster, work.who))).tolist()

    def fix(self, work: Work) -> None:
        """Place work of a clock time in every duty window that covers it."""
        crews = self.crews_of(work)
        missed = 0
        for day in range(round(self.calendar.cycle_s / DAY_S)):
            if day % 7 in work.weekdays:
                missed += self.fix_on(day * DAY_S + seconds_of(work.at or "00:00"), work, crews)
        if missed:
            self.findings.append(does_not_fit(work, missed, self.weeks))

    def fix_on(self, at: float, work: Work, crews: Sequence[int]) -> int:
        """Place one day's blocks; return how many found no room."""
        length = work.minutes * 60.0
        out_of: dict[str, dict[int, int]] = {}
        missed = 0
        for crew in crews:
            window = self.window_at(crew, at)
            if window is None:
                continue
            self.fixed_hours[crew] += length / HOUR_S / self.weeks
            most = work.max_out if work.stagger else len(crews)
            out = out_of.setdefault(self.homes[crew], {})
            start = at if at >= window[0] else at + self.calendar.cycle_s
            slot = next((k for k in _slots(start, length, window) if self.is_free(crew, start, k, length, out, most, window)), None)
            if slot is None:
                missed += 1
            else:
                out[slot] = out.get(slot, 0) + 1
                begin = start + slot * length
                self.put(Block(begin, crew, min(length, window[1] - begin), work))
        return missed

    def is_free(self, crew: int, start: float, slot: int, length: float, out: dict[int, int], most: int, window: Span) -> bool:
        begin = start + slot * length
        return out.get(slot, 0) < most and not self.busy(crew, begin, min(begin + length, window[1]))

    def window_at(self, crew: int, at: float) -> Span | None:
        """Return the duty window that covers this time, as it stands or one cycle on."""
        windows = self.windows[crew]
        for time in (at, at + self.calendar.cycle_s):
            place = bisect_right(windows, (time, float("inf"))) - 1
            if place >= 0 and windows[place][0] <= time < windows[place][1]:
                return windows[place]
        return None

    def busy(self, crew: int, begin: float, end: float) -> bool:
        taken = self.taken[crew]
        place = bisect_right(taken, (begin, float("inf")))
        return (place > 0 and taken[place - 1][1] > begin) or (place < len(taken) and taken[place][0] < end)

    def put(self, block: Block) -> None:
        self.blocks.append(block)
        insort(self.taken[block.crew], (block.start_s, block.start_s + block.length_s))

    def spread(self, work: Work) -> None:
        """Place weekly hours as blocks."""
        for turn, crew in enumerate(self.crews_of(work)):
            self.fixed_hours[crew] += work.hours_per_week
            free = list(_without(self.windows[crew], self.taken[crew]))
            for begin, end in even_blocks(free, work.hours_per_week * HOUR_S * self.weeks, (0.5 + turn * GOLDEN) % 1.0):
                self.put(Block(begin, crew, end - begin, work))

    def flexible(self) -> F64:
        """Return (K,) seconds of flexible work per second on duty, below one."""
        hours = flexible_hours(self.muster)
        for number, crew in enumerate(self.muster.crews):
            self.flexible_hours[number] = max((hours.get(officer.id, 0.0) for officer in crew.officers), default=0.0)
        rate: F64 = self.flexible_hours / np.maximum(self.duty_hours, 1e-9)
        return np.minimum(rate, MOST_FLEXIBLE)

    def overworked(self) -> Iterator[Finding]:
        for number, crew in enumerate(self.muster.crews):
            required, available = self.fixed_hours[number] + self.flexible_hours[number], self.duty_hours[number]
            if required > available + 1e-6:
                yield more_work_than_duty([officer.id for officer in crew.officers], float(required), float(available))


def flexible_hours(muster: Muster, without: Collection[str] = ()) -> dict[str, float]:
    """Return hours a week of flexible work, by officer, that of the kinds in `without` left out."""
    hours: dict[str, float] = {}
    for work in muster.system.work:
        if work.at is None and work.yields_to == 4 and work.kind not in without:
            for officer in workers(muster, work.who):
                hours[officer] = hours.get(officer, 0.0) + work.hours_per_week
    return hours


def _spans(roster: Roster, cycle_s: float) -> list[Span]:
    """Return the windows of a roster; always on duty is one window as long as the cycle."""
    return [(float(start), float(min(end, start + cycle_s))) for start, end in roster]


def _slots(start: float, length: float, window: Span) -> Iterator[int]:
    """Yield by how many lengths a block may be shifted inside its window: not at all, later, then earlier.

    Unshifted it may be cut short by the end of the window.
    """
    yield 0
    yield from range(1, int((window[1] - start) / length + 1e-9))
    yield from range(-1, -int((start - window[0]) / length + 1e-9) - 1, -1)


def _without(windows: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of the windows; `taken` is sorted and inside them."""
    for start, end in windows:
        at = start
        for begin, finish in taken[bisect_right(taken, (start, -1.0)) :]:
            if begin >= end:
                break
            if begin > at:
                yield at, begin
            at = max(at, finish)
        if at < end:
            yield at, end


def even_blocks(free: Sequence[Span], need_s: float, offset: float) -> list[Span]:
    """Return blocks of at most two hours, `need_s` in all, evenly over the free spans, by day (08–20) where there is room.

    Where even all hours are too few, everything free is taken. `offset` in [0, 1) shifts the choice, so that crews with one
    roster are not all away at once.
    """
    by_day = list(_daytime(free))
    for spans in (by_day, free):
        length = need_s / ceil(need_s / LONGEST_BLOCK_S - 1e-9)
        while length >= min(SHORTEST_BLOCK_S, need_s) - 1e-9:
            tiles = [
                (start + k * length, start + (k + 1) * length)
                for start, end in spans
                for k in range(int((end - start) / length + 1e-9))
            ]
            count = round(need_s / length)
            if len(tiles) >= count:
                return [tiles[int((number + offset) * len(tiles) / count)] for number in range(count)]
            length /= 2
    return list(_fill(free, need_s))


def _daytime(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of spans that lie between 08:00 and 20:00."""
    for start, end in spans:
        for day in range(int(start // DAY_S), int(end // DAY_S) + 1):
            begin, finish = max(start, day * DAY_S + DAYTIME[0]), min(end, day * DAY_S + DAYTIME[1])
            if begin < finish:
                yield begin, finish


def _fill(spans: Sequence[Span], need_s: float) -> Iterator[Span]:
    """Yield the spans, in blocks of at most two hours, until the need is met."""
    for start, end in spans:
        while start < end and need_s > 1e-6:
            finish = min(start + LONGEST_BLOCK_S, start + need_s, end)
            yield start, finish
            need_s -= finish - start
            start = finish


def check_worker(muster: Muster, work: Work) -> Iterator[Finding]:
    """Yield a finding where the ``who`` of a piece of work means nobody."""
    prefix, colon, name = work.who.partition(":")
    squads = squad_names(muster.system)
    if work.who in WORKERS or (prefix == "officer" and colon):
        return
    if prefix == "squad" and colon:
        if name not in squads:
            yield unknown_worker(work, f"squad:{near}" if (near := did_you_mean(name, squads)) else "")
    else:
        yield unknown_worker(work, did_you_mean(work.who, [*WORKERS, *(f"{word}:" for word in NAMED_WORKERS)]))


def unknown_worker(work: Work, near: str) -> Finding:
    """Return the finding for a word that names no officers."""
    return Finding(
        "unknown-worker",
        "error",
        N_("{who} names no officers."),
        N_("Did you mean {near}?") if near else N_("Use one of: {words}."),
        Place(key=f"work.{work.id}.who"),
        {"who": work.who, "near": near, "words": ", ".join([*WORKERS, *(f"{word}:…" for word in NAMED_WORKERS)])},
    )


def does_not_fit(work: Work, missed: int, weeks: float) -> Finding:
    """Return the finding for blocks that no room was left for."""
    return Finding(
        "work-does-not-fit",
        "warning",
        N_("{count} blocks of {work} in {weeks} weeks found no room in the duty windows of their crews."),
        N_("Make it shorter, let more crews be out at once, or choose another time."),
        Place(key=f"work.{work.id}"),
        {"count": missed, "work": work.id, "weeks": f"{weeks:g}"},
    )


def more_work_than_duty(officers: Sequence[str], required: float, available: float) -> Finding:
    """Return the finding for officers whose set work alone is more than their duty hours."""
    return Finding(
        "more-work-than-duty-hours",
        "warning",
        N_("{officers}: {required} hours of set work a week, {available} hours on duty, before any call."),
        N_("Ask for less work, or give it to more officers."),
        Place(key="work"),
        {"officers": listed(officers), "required": f"{required:.1f}", "available": f"{available:.1f}"},
    )
