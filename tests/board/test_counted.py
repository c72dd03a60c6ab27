"""What is done on the board counts: at once in the period that runs, in the score once it is over, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.board.conftest import clock

if TYPE_CHECKING:
    from pathlib import Path

    from qinwu.board.in_force import InForce

APRIL = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 3, 2, 0, tzinfo=UTC)
"""Days on which no other test asks for scores."""
DAY = timedelta(days=1)


def own_beat(force: InForce) -> tuple[Any, str]:
    """Return a geographic beat and who answers for it."""
    from qinwu.board.access.reach import officers_of

    answering = officers_of(force)
    beat = next(one for one in force.standing.beats if one.id in answering)
    return beat, answering[beat.id]


def work_done(kind: str, at: datetime, result: str = "done", **more: object) -> Any:
    """Keep a piece of work that ended at a time."""
    from qinwu.board.models import Task

    words = {"title": "x", "opened": at - DAY, "opened_by": "x", "due": at + DAY, "done_by": "x", "spent": 30}
    return Task.objects.create(**words, kind=kind, done=at, result=result, **more)


@contextmanager
def used_since(first: datetime, now: datetime) -> Iterator[None]:
    """Let the board be in use since a time, and show another."""
    from qinwu.board import trail

    with clock(first):
        trail.record("chief", "account.make", "x")
    with clock(now):
        yield


def test_a_visit_done_on_the_board_counts_at_once_in_the_month_that_runs(force: InForce) -> None:
    """The month so far has the visit with the number of its task; one that found nobody does not count."""
    from qinwu.board.beat.so_far import running
    from qinwu.judge.targets.reading import load_card

    visits = load_card(force.station.folder).card.of("visits")
    beat, _officer = own_beat(force)
    with used_since(APRIL - 60 * DAY, APRIL):
        before = running(force).of(visits, beat.id, "en")
        assert before is not None
        assert (before.period, before.counted) == ("2026-04", 0)
        done = work_done("visit", APRIL - DAY, beat=beat.id, atom=beat.atoms[0])
        work_done("visit", APRIL - DAY, "nobody_there", beat=beat.id, atom=beat.atoms[0])
        work_done("visit", APRIL - 40 * DAY, beat=beat.id, atom=beat.atoms[0])
        whole = work_done("visit", APRIL - 2 * DAY, beat=beat.id)
        found = running(force).of(visits, beat.id, "en")
    assert found is not None
    assert (found.value, found.counted, found.rows) == (2.0, 2, 2)
    numbers = {row[found.header.index("task on the board")] for row in found.evidence}
    assert numbers == {f"#{done.pk}", f"#{whole.pk}"}


def test_a_month_that_is_over_is_scored_with_the_work_done_on_the_board(force: InForce) -> None:
    """April is scored from the board alone; the months of which nobody has a record are not scored at all."""
    from qinwu.board.beat import score_acts
    from qinwu.board.beat.judged import BENCH

    beat, officer = own_beat(force)
    with used_since(APRIL - 40 * DAY, MAY):
        for back in range(4):
            work_done("visit", APRIL + back * DAY, beat=beat.id, atom=beat.atoms[0])
        bench = BENCH.of(force, 300.0)
        assert bench is not None
        assert bench.numbers is not None
        scored = score_acts.sheets(force, bench)
    assert scored is not None
    names = [one.name for one in bench.numbers.periods()]
    assert scored.period == names[-1] == "2026-04"
    assert "2026-01" not in names
    sheet = scored.of(officer)
    assert sheet is not None
    line = next(one for one in sheet.lines if one.line.indicator == "visits")
    assert line.raw is not None
    assert line.raw.events == 4


def test_inspections_and_follow_ups_of_the_board_are_rows_of_their_books(force: InForce) -> None:
    """A venue seen in time is done, one seen late or closed is not; a mediation nobody looked at again is not followed up."""
    from qinwu.board.beat.kept_here import books_between

    venue, atom = force.station.venues[0].id, force.plan.atoms[0]
    with clock(APRIL):
        work_done("inspection", APRIL - DAY, venue=venue)
        work_done("inspection", APRIL - DAY, "nobody_there", venue=venue)
        late = work_done("inspection", APRIL - DAY, venue=venue)
        late.due = APRIL - 2 * DAY
        late.save()
        work_done("inspection", APRIL - DAY)
        case = work_done("mediation", APRIL - 3 * DAY, "agreed", atom=atom)
        work_done("mediation", APRIL - 3 * DAY, "agreed", atom=atom)
        work_done("follow_up", APRIL - DAY, "kept", atom=atom, follows=case)
        books = books_between(force, None, APRIL)
    assert books["inspections"]["done"].to_list() == [True, False, False]
    assert sorted(books["disputes"]["followed"].to_list()) == [False, True]


def test_what_the_book_and_the_board_both_have_counts_once(force: InForce, tmp_path: Path) -> None:
    """Two visits of a day and place, one of them in the book too, are two; without a book the board is the book."""
    from qinwu.findings import Place
    from qinwu.judge.targets.card import OwnTable
    from qinwu.judge.targets.kept import Kept
    from qinwu.judge.targets.own_tables import own_table
    from qinwu.station.config import Text

    atom = force.plan.atoms[0]
    rows = pl.DataFrame({"day": [date(2026, 4, 1)] * 2, "atom": [atom] * 2, "beat": [None, None], "entry": ["#1", "#2"]})
    kept = Kept(books={"visits": rows.with_columns(pl.col("beat").cast(pl.String))})
    declared = OwnTable(id="visits", name=Text(zh="走访", en="Visits"), file="visits.csv", time="日期", atom="网格")
    alone = own_table(declared, tmp_path, force.standing, Place("judge.toml"), kept)
    (tmp_path / "visits.csv").write_text(f"日期,网格\n2026-04-01,{atom}\n2026-04-02,{atom}\n", encoding="utf-8")
    together = own_table(declared, tmp_path, force.standing, Place("judge.toml"), kept)
    assert len(alone.frame) == 2
    assert len(together.frame) == 3
    assert together.frame["beat"].null_count() == 0


def test_visits_of_the_month_count_what_both_have_once(force: InForce, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a beat counts a visit once that stands in the book and on the board."""
    from qinwu.board.beat import beat_work

    atom, known = force.plan.atoms[0], beat_work.books(force)
    day = APRIL.date() - DAY
    monkeypatch.setattr(beat_work, "books", lambda _force: replace(known, visits=((day, atom),)))
    with clock(APRIL):
        work_done("visit", APRIL - DAY, atom=atom)
        assert beat_work.visits_made(force, APRIL.date())[atom] == 1
        work_done("visit", APRIL - DAY, atom=atom)
        assert beat_work.visits_made(force, APRIL.date())[atom] == 2
