"""Open page: what residents read of a month that is over, without a login, and nothing that tells of few."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.board.conftest import START, clock

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce

LATER = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
"""When March, in which the board begins, is over."""


@pytest.fixture
def opened(force: InForce) -> Iterator[Any]:
    """Return a client without a session, before an open page that nobody has asked for yet."""
    from django.test import Client

    from qinwu.board.oversight.opened import forget

    forget()
    yield Client()
    forget()


def calls(force: InForce, count: int, atom: str, priority: int, minutes: float, **changes: Any) -> None:
    """Keep closed calls of March that a crew reached after so many minutes."""
    from qinwu.board.models import Call, Sending

    for at in range(count):
        received = START + timedelta(hours=at, minutes=at)
        number = f"{atom}-{priority}-{minutes:g}-{at}"
        fields = {"number": number[:20], "received": received, "entered": received, "atom": atom, "priority": priority}
        call = Call.objects.create(**fields, call_class="help", closed=received + timedelta(hours=1), **changes)
        stamps = {"dispatched": received, "arrived": received + timedelta(minutes=minutes), "over": received + timedelta(hours=1)}
        Sending.objects.create(call=call, crew="x", **stamps)


def rows(client: Any) -> list[dict[str, str]]:
    """Return the lines of the table."""
    text = client.get("/open/figures.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_month_appears_when_it_is_over(opened: Any, force: InForce) -> None:
    """On its last day a month is not told of; on the first of the next it is, with the calls of the record before it."""
    from qinwu.board.oversight.opened import forget

    calls(force, 30, force.plan.atoms[0], 3, 12.0)
    with clock(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)):
        assert "2026-03" not in {row["month"] for row in rows(opened)}
    forget()
    with clock(datetime(2026, 3, 31, 16, 30, tzinfo=UTC)):  # half past midnight in Shanghai
        months = {row["month"] for row in rows(opened)}
    assert {"2026-03", "2025-12"} <= months


def test_half_and_nine_in_ten_against_the_promise(opened: Any, force: InForce) -> None:
    """Forty urgent calls, thirty of them in four minutes and ten in nine: half within 4.0, nine in ten within 9.0, 75 % kept."""
    calls(force, 30, force.plan.atoms[0], 1, 4.0)
    calls(force, 10, force.plan.atoms[0], 1, 9.0)
    calls(force, 25, force.plan.atoms[0], 3, 20.0)
    calls(force, 50, force.plan.atoms[0], 1, 99.0, origin="officer")
    with clock(LATER):
        told = next(row for row in rows(opened) if (row["month"], row["by"], row["urgency"]) == ("2026-03", "all", "urgent"))
        page = opened.get("/open/en").content.decode()
    assert (told["calls"], told["median_min"], told["nine_in_ten_min"]) == ("40", "4.0", "9.0")
    assert told["within_promise"] == "0.75"
    assert (float(told["within_low"]), float(told["within_high"])) == pytest.approx((0.598, 0.858), abs=0.001)
    assert "half of the urgent calls were reached within 4.0 minutes" in page
    assert "75%" in page


def test_few_calls_are_not_told_nor_computed_back(opened: Any, force: InForce) -> None:
    """A beat with three calls is left out, and another with it, so that total less the rest does not give the three away."""
    from qinwu.board.work.bulletins import beat_of

    by_beat: dict[str, str] = {}
    for atom in force.plan.atoms:
        by_beat.setdefault(beat_of(force, atom), atom)
    beats = [beat for beat in by_beat if beat][:4]
    for beat, count in zip(beats, (3, 9, 20, 30), strict=True):
        calls(force, count, by_beat[beat], 3, 12.0)
    with clock(LATER):
        march = [row for row in rows(opened) if row["month"] == "2026-03" and row["urgency"] == "other"]
        page = opened.get("/open").content.decode()
    total = next(int(row["calls"]) for row in march if row["by"] == "all")
    by = {row["group"]: row for row in march if row["by"] == "beat"}
    assert total == 62
    assert {beat for beat in beats if by[beat]["left_out"] == "true"} == set(beats[:2])
    assert all(not by[beat]["calls"] and not by[beat]["median_min"] for beat in beats[:2])
    assert by[beats[2]]["calls"] == "20"
    open_sum = total - sum(int(row["calls"]) for row in by.values() if row["calls"])
    assert open_sum == 12
    assert not any(1 <= int(row["calls"] or 0) <= 4 for row in rows_of(page, march))


def rows_of(_page: str, march: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the lines that are told."""
    return [row for row in march if row["left_out"] == "false"]


def test_satisfaction_from_five_answers_on(opened: Any, force: InForce) -> None:
    """Four answers are told to nobody; with ten the share comes with n and its interval."""
    from qinwu.board.models import Feedback
    from qinwu.board.oversight.opened import figures

    calls(force, 30, force.plan.atoms[0], 3, 12.0)
    for at in range(4):
        Feedback.objects.create(at=START + timedelta(hours=at), method="phone", satisfied=True)
    assert figures(force, LATER).satisfied == {}
    for at in range(6):
        Feedback.objects.create(at=START + timedelta(hours=at), method="phone", satisfied=at > 0)
    share = figures(force, LATER).satisfied[date(2026, 3, 1)]
    assert (share.n, share.value) == (10, 0.9)
    assert (share.low, share.high) == pytest.approx((0.596, 0.982), abs=0.001)


def test_visitors_ask_the_database_nothing(opened: Any, force: InForce) -> None:
    """The first visitor of a day waits for the page; the next asks nothing, and a browser that has it gets no second copy."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = opened.get("/open")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = opened.get("/open?beat=B01")
        same = opened.get("/open", headers={"If-None-Match": first["ETag"]})
    assert len(asked) == 0
    assert again.content == first.content
    assert (same.status_code, same.content) == (304, b"")
    assert "max-age=3600" in first["Cache-Control"]
    assert not first.cookies
    assert opened.post("/open").status_code == 405


def test_the_page_can_be_closed(opened: Any, force: InForce) -> None:
    """The chief closes it by a setting; a language that there is not, and a file that there is not, are not found."""
    from django.test import override_settings

    assert opened.get("/open/zh").status_code == 200
    assert opened.get("/open/fr").status_code == 404
    with override_settings(OPEN_PAGE=False):
        assert opened.get("/open").status_code == 404
        assert opened.get("/open/figures.csv").status_code == 404


def test_both_languages_say_how_numbers_are_made(opened: Any, force: InForce) -> None:
    """The page says what is counted, what a rate is a share of, and from how many calls on; nothing inline or from elsewhere."""
    english, chinese = (opened.get(f"/open/{language}").content.decode() for language in ("en", "zh"))
    for page in (english, chinese):
        assert "<script" not in page
        assert "style=" not in page
        assert "http" not in page.replace("http://www.w3.org", "")
    assert "each incident once" in english
    assert "一起事只数一次" in chinese


def test_the_board_goes_before_the_record(force: InForce) -> None:
    """A call that both have, having been taken out of the board into the record, counts once."""
    from dataclasses import replace

    from qinwu.board.oversight.export import calls_table, known_calls

    calls(force, 6, force.plan.atoms[0], 3, 12.0)
    record = force.station.calls
    both = replace(record, table=pl.concat([record.table, calls_table()]))
    told = known_calls(replace(force, station=replace(force.station, calls=both)))
    assert len(told) == len(record) + 6
