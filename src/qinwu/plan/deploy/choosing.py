"""Choosing: the moves that let callers wait least, as a small program of whole numbers, solved exactly.

Callers' hours of waiting a week, weighted by urgency, are the sum over stations and hours of the week of lines in the crews on duty
there (:mod:`qinwu.plan.deploy.waiting`). A crew that moves leaves its rule from the end and joins the end of another, so that every
crew's turn is known and cover can be kept in every quarter of an hour of the cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64
from qinwu.plan.deploy.options import Option
from qinwu.plan.deploy.scene import Movable, Scene, hourly, on_of
from qinwu.plan.deploy.waiting import between, convex_waits
from qinwu.plan.effort import Running
from qinwu.plan.mip import Program, Solved, rows_of, solve
from qinwu.queueing.hourly.calls import HOURS

MOST_TOGETHER = 3
"""Crews that one move takes at most."""
GAP = 5e-3
"""The program stops when its answer is proven to be within this share of the best."""
BEGINNINGS = 12
WORTH = 2e-3
"""A crew is moved only where callers' hours fall by this share of all at least: small gains are not worth a change of habits."""


@dataclass(frozen=True)
class Choice:
    """One move: so many crews of a rule (by position in the scene) to an option, or to a station (position, -1: they stay)."""

    rule: int
    option: Option | None
    station: int
    crews: int


@dataclass(frozen=True)
class Column:
    """One variable: the move it belongs to, its place in it, and what it adds at its station.

    ``hours`` (168,) are crews on duty by hour of the week, ``officers`` (Q,) officers by quarter of an hour of the cycle.
    """

    rule: int
    option: Option | None
    station: int
    number: int
    hours: F64
    officers: F64


Row = tuple[NDArray[np.int64], F64, float, float]
"""Variables of a row of the program, their factors, and between what their sum must be."""


@dataclass(frozen=True)
class Limits:
    """What a chief accepts: so many moves at most, and officers on duty at any time at least at each station."""

    moves: int
    least: int


@dataclass(frozen=True)
class Chooser:
    """The program of a scene."""

    scene: Scene
    limits: Limits

    @cached_property
    def stations(self) -> int:
        """How many stations there are."""
        return len(self.scene.places)

    @cached_property
    def base(self) -> tuple[F64, F64]:
        """Crews on duty today, (S, 168), and officers by quarter of an hour of the cycle, (S, Q)."""
        hours = np.zeros((self.stations, HOURS))
        officers = np.zeros((self.stations, self.scene.cycle_days * 96))
        for one in self.scene.movable:
            on = on_of(self.scene, one.crews)
            at = slice(None) if one.home < 0 else one.home
            spread = 1.0 / self.stations if one.home < 0 else 1.0
            hours[at] += spread * hourly(on).sum(axis=0)
            if one.home >= 0:
                officers[at] += np.array([crew.people for crew in one.crews]) @ on
        return hours, officers

    @cached_property
    def waits(self) -> F64:
        """(S, 168, C) weighted hours of waiting a week with 0, 1, … crews on duty."""
        work = self.scene.work
        most = int(np.ceil(self.base[0].max())) + MOST_TOGETHER * self.limits.moves + 1
        each = np.array([convex_waits(load, work.service_h, most) for load in work.load.ravel().tolist()])
        return np.asarray(each.reshape(*work.load.shape, -1) * work.calls[..., None])

    def waiting(self, hours: F64) -> float:
        """Return weighted hours of waiting a week with so many crews on duty, (S, 168)."""
        return float(between(self.waits, hours).sum())

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Variables: for each move its first, second, … crew; for crews that move together one variable."""
        return tuple(column for at, one in enumerate(self.scene.movable) if one.home >= 0 for column in self._of(at, one))

    def _of(self, at: int, one: Movable) -> Iterator[Column]:
        """Yield what the crews of one rule could do."""
        options = [option for option in one.options if self.scene.fits(option)]
        if one.together:
            people = np.array([crew.people for crew in one.crews])
            now = on_of(self.scene, one.crews)
            for option in options:
                then = np.array([self.scene.on_duty(option.pattern, crew.group % option.pattern.groups) for crew in one.crews])
                yield Column(at, option, one.home, 0, hourly(then - now).sum(axis=0), people @ (then - now))
            return
        for option in options:
            for number in range(min(MOST_TOGETHER, len(one.crews))):
                on = self.scene.on_duty(option.pattern, number % option.pattern.groups)
                yield Column(at, option, one.home, number, hourly(on), one.rule.people * on)
        pattern = self.scene.patterns[one.rule.pattern]
        for station, name in enumerate(self.scene.places.ids):
            if station == one.home or not self.scene.squad_at(one.rule, name):
                continue
            there = sum(len(other.crews) for other in self.scene.movable if self._same_rule(one, other, station))
            for number in range(min(MOST_TOGETHER, len(one.crews)) if there else 0):
                on = self.scene.on_duty(pattern, (there + number) % pattern.groups)
                yield Column(at, None, station, number, hourly(on), one.rule.people * on)

    def _same_rule(self, one: Movable, other: Movable, station: int) -> bool:
        name = self.scene.places.ids[station]
        return other.home == station and other.rule.squad == self.scene.squad_at(one.rule, name) and not other.together

    @cached_property
    def leaving(self) -> tuple[Column, ...]:
        """Variables of crews that leave their rule, the last first."""
        found = []
        for at, one in enumerate(self.scene.movable):
            if one.home < 0 or one.together:
                continue
            last = list(reversed(one.crews))[: MOST_TOGETHER * self.limits.moves]
            on = on_of(self.scene, last)
            for number, crew in enumerate(last):
                found.append(Column(at, None, one.home, number, -hourly(on[number]), -crew.people * on[number]))
        return tuple(found)

    def program(self, forbidden: Sequence[F64]) -> Program:
        """Return the program; each of `forbidden` (V,) is a set of moves that must not come again."""
        every = (*self.columns, *self.leaving)
        moves, size = len(every), len(every) + self.stations * HOURS
        rows = [*self._waiting_rows(every), *self._cover_rows(every), *self._order_rows(every)]
        for x in forbidden:
            chosen = x[:moves] > 0.5
            rows.append((np.arange(moves), np.where(chosen, 1.0, -1.0), -np.inf, float(chosen.sum()) - 1.0))
        number = np.repeat(np.arange(len(rows)), [len(at) for at, _, _, _ in rows])
        entries = (np.concatenate([values for _, values, _, _ in rows]), number, np.concatenate([at for at, _, _, _ in rows]))
        whole = np.arange(size) < moves
        return Program(
            cost=np.concatenate([self.price, np.zeros(len(self.leaving)), np.ones(self.stations * HOURS)]),
            rows=rows_of(*entries, (len(rows), size)),
            low=np.array([low for _, _, low, _ in rows]),
            high=np.array([high for _, _, _, high in rows]),
            least=np.zeros(size),
            most=np.where(whole, 1.0, np.inf),
            whole=whole,
        )

    @cached_property
    def price(self) -> F64:
        """(columns,) what moving a crew must be worth, hours of waiting a week."""
        crews = [len(self.scene.movable[one.rule].crews) if self.scene.movable[one.rule].together else 1 for one in self.columns]
        return np.array(crews, dtype=np.float64) * WORTH * self.waiting(self.base[0])

    def _waiting_rows(self, every: Sequence[Column]) -> Iterator[Row]:
        """Yield that the waiting of an hour is above each of its lines."""
        for station in range(self.stations):
            mine = np.array([at for at, one in enumerate(every) if one.station == station], dtype=np.int64)
            adds = np.array([every[at].hours for at in mine.tolist()]).reshape(-1, HOURS)
            for hour, crews in enumerate(self.base[0][station].tolist()):
                some, waits = np.flatnonzero(adds[:, hour]), self.waits[station, hour]
                at = np.append(mine[some], len(every) + station * HOURS + hour)
                least = max(0, floor(crews + adds[some, hour].clip(max=0.0).sum()))
                for low in range(least, len(waits) - 1):
                    slope = float(waits[low + 1] - waits[low])
                    yield at, np.append(-slope * adds[some, hour], 1.0), float(waits[low]) + slope * (crews - low), np.inf

    def _cover_rows(self, every: Sequence[Column]) -> Iterator[Row]:
        """Yield that no station has fewer officers on duty than it must, or than it has today where that is fewer."""
        for station in range(self.stations):
            mine = np.array([at for at, one in enumerate(every) if one.station == station], dtype=np.int64)
            adds = np.array([every[at].officers for at in mine.tolist()]).reshape(len(mine), -1)
            today = self.base[1][station]
            moments = np.unique(np.vstack([adds, np.minimum(today, self.limits.least) - today]), axis=1) if len(mine) else adds
            for moment in moments.T:
                if (moment[:-1] < 0.0).any():
                    some = np.flatnonzero(moment[:-1])
                    yield mine[some], moment[some], float(moment[-1]), np.inf

    def _order_rows(self, every: Sequence[Column]) -> Iterator[Row]:
        """Yield that crews move in order, that who leaves arrives somewhere, and that there are not too many moves."""
        first = np.array([at for at, one in enumerate(self.columns) if one.number == 0], dtype=np.int64)
        yield first, np.ones(len(first)), -np.inf, float(self.limits.moves)
        for at, column in enumerate(every):
            if column.number:
                yield np.array([at - 1, at]), np.array([1.0, -1.0]), 0.0, np.inf
        for rule, one in enumerate(self.scene.movable):
            mine = np.array([at for at, column in enumerate(every) if column.rule == rule], dtype=np.int64)
            if one.together:
                yield mine, np.ones(len(mine)), -np.inf, 1.0
            else:
                yield mine, np.where(mine < len(self.columns), 1.0, -1.0), 0.0, 0.0

    def greedy(self) -> F64:
        """Return (V,) the variables of moves taken one after the other, the best next, where the program begins.

        The best first move may bar better pairs: the `BEGINNINGS` best are each tried as the first.
        """
        first = sorted(((self._gain(more, *self.base), more) for more in self._further(set())), reverse=True)
        tried = [self._followed(more, gain) for gain, more in first[:BEGINNINGS] if gain > 0.0]
        x = np.zeros(len(self.columns) + len(self.leaving))
        if tried:
            x[sorted(max(tried, key=lambda one: one[0])[1])] = 1.0
        return x

    def _followed(self, more: tuple[int, ...], gain: float) -> tuple[float, set[int]]:
        """Return the gain of a first move and those that are best after it, and the variables of all."""
        hours, officers = (amount.copy() for amount in self.base)
        chosen, total = set(more), gain
        self._add(more, hours, officers)
        for _ in range(self.limits.moves - 1):
            found = [(self._gain(each, hours, officers), each) for each in self._further(chosen)]
            gain, more = max(found, default=(0.0, ()))
            if gain <= 0.0:
                break
            chosen.update(more)
            total += gain
            self._add(more, hours, officers)
        return total, chosen

    def _further(self, chosen: set[int]) -> Iterator[tuple[int, ...]]:
        """Yield the variables of every move that may be added to those chosen, with those of the crews that leave for it."""
        offset = len(self.columns)
        taken = {self.columns[at].rule for at in chosen if at < offset}
        for at, column in enumerate(self.columns):
            one = self.scene.movable[column.rule]
            if at in chosen or column.number or (one.together and column.rule in taken):
                continue
            leaves = [offset + place for place, gone in enumerate(self.leaving) if gone.rule == column.rule]
            left = [place for place in leaves if place not in chosen]
            chain = [each for each in range(at, min(at + MOST_TOGETHER, offset)) if self._same(column, each)]
            for count in range(1, 2 if one.together else min(len(chain), len(left)) + 1):
                yield (*chain[:count], *(() if one.together else left[:count]))

    def _same(self, column: Column, at: int) -> bool:
        other = self.columns[at]
        return (other.rule, other.station, other.option) == (column.rule, column.station, column.option)

    def _add(self, some: Sequence[int], hours: F64, officers: F64) -> None:
        every = (*self.columns, *self.leaving)
        for at in some:
            hours[every[at].station] += every[at].hours
            officers[every[at].station] += every[at].officers

    def _gain(self, more: Sequence[int], hours: F64, officers: F64) -> float:
        """Return by how much waiting falls beyond what the moves must be worth; -inf where cover is not kept."""
        every = (*self.columns, *self.leaving)
        some = sorted({every[at].station for at in more})
        then, on = hours[some], officers[some]
        for at in more:
            then[some.index(every[at].station)] += every[at].hours
            on[some.index(every[at].station)] += every[at].officers
        if (on < np.minimum(self.base[1][some], self.limits.least)).any():
            return -np.inf
        waits = self.waits[some]
        price = float(sum(self.price[at] for at in more if at < len(self.columns)))
        return float((between(waits, hours[some]) - between(waits, then)).sum()) - price

    def solved(self, running: Running, forbidden: Sequence[F64] = ()) -> Solved:
        """Solve the program to within one part in two hundred, beginning with moves taken one after the other.

        Where time is up before the program has found anything better, these are the answer; `forbidden` are earlier answers.
        """
        program = self.program(forbidden)
        first = np.zeros(len(program.cost)) if forbidden else self._start(len(program.cost))
        found = solve(program, running, None if forbidden else first, tell=True, gap=GAP)
        value = float(program.cost @ first)
        if forbidden or value >= found.value:
            return found
        return Solved(first, value, found.bound, infeasible=False, row_price=np.empty(0))

    def _start(self, size: int) -> F64:
        """Return (V,) all variables of the moves of :meth:`greedy`."""
        moves = self.greedy()
        hours, officers = (amount.copy() for amount in self.base)
        self._add(np.flatnonzero(moves > 0.5).tolist(), hours, officers)
        start = np.zeros(size)
        start[: len(moves)] = moves
        start[len(moves) :] = between(self.waits, hours).ravel()
        return start

    def choices(self, x: F64) -> tuple[Choice, ...]:
        """Return the moves of an answer."""
        crews: dict[tuple[int, str, int], int] = {}
        for column, value in zip(self.columns, x[: len(self.columns)].tolist(), strict=True):
            if value > 0.5:
                key = (column.rule, column.option.pattern.id if column.option else "", column.station)
                crews[key] = crews.get(key, 0) + 1
        options = {(one.rule, one.option.pattern.id if one.option else "", one.station): one.option for one in self.columns}
        return tuple(Choice(rule, options[rule, name, at], at, count) for (rule, name, at), count in crews.items())
