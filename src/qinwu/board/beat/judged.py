"""Judged: what takes long to judge, worked out once for each state of the station's files, beside the requests and not in them.

Score sheets and targets count what the station's files say and what was done on the board until yesterday, so they are worked out
anew every day.

Score sheets need the numbers of every indicator; whether targets can be met needs the hours of every officer over a year. On the
sample town that is one second and four (half a minute the first time kernels are compiled). Both begin when somebody asks; who
asks waits :data:`PATIENCE_S`, and is then told that it is being worked out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection, transaction

from qinwu.board import trail
from qinwu.board.beat.beat_work import today_at
from qinwu.board.beat.kept_here import until_yesterday
from qinwu.board.in_force import InForce
from qinwu.board.models import TrailEntry
from qinwu.judge.officers.accounting import OfficersAccount
from qinwu.judge.officers.sources import account_station
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.score.reading import LoadedScore
from qinwu.judge.score.records import Records, read_records
from qinwu.judge.score.scored import Scored, rules_of, surveys_of
from qinwu.judge.score.scoring import Scoring, period_named, record_findings
from qinwu.judge.score.survey import Survey
from qinwu.judge.targets.attempts import attempts_kept_by
from qinwu.judge.targets.denied import Denial
from qinwu.judge.targets.judging import Judged, judge_targets, usable_ledger
from qinwu.judge.targets.kept import Kept
from qinwu.judge.targets.reading import LoadedCard, load_card

PATIENCE_S = 1.5
REFUSED = "target.refused"
STATES_KEPT = 2
SHEETS_KEPT = 8
_POOL = ThreadPoolExecutor(2, thread_name_prefix="judging")
T = TypeVar("T")


class Once(Generic[T]):
    """Something worked out once for each state of the files, in a thread of its own.

    Parameters
    ----------
    make
        Works it out from the duty system in force and, where there is `daily`, from what that gives.
    daily
        Reads what the board has of days that are over, by whoever asks first on a day; it is worked out anew every day then.
    """

    def __init__(self, make: Callable[..., T], daily: Callable[[InForce], object] | None = None) -> None:
        self._make, self._daily = make, daily
        self._lock = Lock()
        self._kept: list[tuple[InForce, date | None, Future[T]]] = []

    def of(self, force: InForce, patience_s: float = PATIENCE_S) -> T | None:
        """Return it, None while it is being worked out.

        Raises
        ------
        QinwuError
            What was wrong with the files it rests on.
        """
        with self._lock:
            day = today_at(force) if self._daily else None
            found = next((future for known, of, future in self._kept if known is force and of == day), None)
            if found is None:
                found = _POOL.submit(self._make, force, *([self._daily(force)] if self._daily else []))
                self._kept = [(force, day, found), *self._kept][:STATES_KEPT]
        try:
            return found.result(patience_s)
        except NotYet:
            return None


@dataclass
class Bench:
    """The numbers behind score sheets and everything that sheets are made from but the records of the board.

    `loaded` and `numbers` are None where neither the card nor a ``score.toml`` has rules.
    """

    card: LoadedCard
    loaded: LoadedScore | None
    numbers: Numbers | None
    surveys: tuple[Survey, ...]
    filed: Records
    _sheets: dict[tuple[object, ...], Scored] = field(default_factory=dict)

    def scored(self, records: Records, today: date, period: str = "") -> Scored | None:
        """Return the sheets of a period, the last by default; None without rules. The same records give the same sheets at once.

        Raises
        ------
        QinwuError
            The record does not cover the period, or an objection fits no line.
        """
        if self.numbers is None or not self.numbers.periods():
            return None
        key = (period, today, records.objections, records.signatures)
        if key not in self._sheets:
            while len(self._sheets) >= SHEETS_KEPT:
                self._sheets.pop(next(iter(self._sheets)))
            self._sheets[key] = self._made(self.numbers, records, today, period)
        return self._sheets[key]

    def _made(self, numbers: Numbers, records: Records, today: date, period: str) -> Scored:
        scoring = Scoring(numbers, period_named(numbers, period), self.surveys, records, today)
        sheets = scoring.sheets()
        findings = (*record_findings(scoring, sheets), *records.findings)
        # Units beside each other are left out: nothing on the board ranks anybody.
        return Scored(numbers, scoring.period.name, sheets, (), (), (), self.surveys, records, findings)


def _record(card: str, refused: Sequence[Denial]) -> None:
    """Write an attempt to make a forbidden indicator a target into the trail, once while the card stays as it is.

    A page that is looked at writes nothing into the station folder: the log there is for the commands.
    """
    indicators = sorted({one.indicator for one in refused})
    try:
        with transaction.atomic():
            trail.lock()
            last = TrailEntry.objects.filter(action=REFUSED, subject=card).order_by("-number").first()
            if last is None or json.loads(last.content)["indicators"] != indicators:
                trail.record("system", REFUSED, card, indicators=indicators)
    finally:
        connection.close()  # this thread works for all pages and holds none


@attempts_kept_by(_record)
def _bench(force: InForce, kept: Kept) -> Bench:
    folder = force.station.folder
    card = load_card(folder)
    ledger = usable_ledger(card, force.station, force.loaded.system, kept)
    loaded = rules_of(ledger, card, folder)
    surveys, _ = surveys_of(folder)
    made = Bench(card, loaded, Numbers(ledger, loaded.rules) if loaded is not None else None, surveys, read_records(folder))
    made.scored(made.filed, date.min)
    return made


@attempts_kept_by(_record)
def _judged(force: InForce, kept: Kept) -> Judged:
    return judge_targets(load_card(force.station.folder), force.station, force.loaded.system, kept=kept)


def _account(force: InForce) -> OfficersAccount:
    return account_station(force.station, force.loaded.system)


BENCH = Once(_bench, until_yesterday)
"""What score sheets are made from."""
JUDGED = Once(_judged, until_yesterday)
"""Targets held against hours, history and command."""
ACCOUNT = Once(_account)
"""Hours of the log of duty."""
