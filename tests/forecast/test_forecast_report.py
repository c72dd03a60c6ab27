"""The report of ``qinwu forecast``: a guard that fails stops the places, and the page says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qinwu.forecast.guards.guard_report import Cap, Need
from qinwu.forecast.guards.origin import weigh_by_origin
from qinwu.forecast.places.foreseeing import foresee
from qinwu.forecast.places.foreseen import Places
from qinwu.forecast.places.wish import Wish
from qinwu.report.chapters.forecast_report import forecast_report
from qinwu.report.chapters.places import places_chapter
from qinwu.report.chapters.places_withheld import stopped, withheld_chapter
from tests.forecast.place_cases import drawn, squares, uneven
from tests.stations import six_atoms

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def places() -> Places:
    """Places of sixteen squares with three hot ones."""
    ground = squares(4, 4)
    events = drawn(ground, 3.0 * uneven(ground, 3), 500.0)
    _, origin = weigh_by_origin(["resident"] * len(events.day))
    return foresee(events, origin, Wish(windows=1).fitting(len(ground)), ["west"] * 8 + ["east"] * 8)


def test_a_guard_that_fails_stops_the_places(places: Places, tmp_path: Path) -> None:
    """A place above its cap: the page names the guard and holds no place."""
    broken = replace(places, guards=replace(places.guards, cap=Cap(0.9, 0.3)))
    assert stopped(places) == ()
    assert stopped(broken) == ("cap",)
    chapter = withheld_chapter(broken, "en")
    assert chapter.title == "No places are shown: 1 guards failed (Cap for each place)"
    page = tmp_path / "page.html"
    forecast_report(six_atoms(), "Forecast.", [chapter], "en").write_html(page)
    html = page.read_text("utf-8")
    assert "No place gets more than 30.0% of patrol; the most is 90.0%." in html
    assert not any(f">{place}<" in html for place in places.whole["place"].to_list())


def test_need_beside_patrol_is_told_and_does_not_stop(places: Places) -> None:
    """That a part gets little patrol is for a human to judge: places are shown with it."""
    need = places.guards.need
    short = replace(places, guards=replace(places.guards, need=Need(need.parts, need.need, 0.0 * need.patrol, need.events)))
    assert not short.guards.passed()["need"]
    assert stopped(short) == ()
    assert places_chapter(short, "en").id == "places"
