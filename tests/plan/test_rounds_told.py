"""Rounds told and asked: the page, the workbook and the command say what the plan says, in both languages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qinwu.findings import QinwuError
from qinwu.language import Language
from qinwu.plan.effort import Effort
from qinwu.plan.rounds.answer import Rounds
from qinwu.plan.rounds.asking import Asking, read_tours, tours_as_data
from qinwu.plan.rounds.calendars import calendar_of
from qinwu.plan.rounds.month import month_of
from qinwu.plan.rounds.planning import plan_rounds
from qinwu.plan.rounds.question import Question
from qinwu.report.figures.calendar import Day, calendar
from qinwu.report.plans.plan_report import PlanReport
from qinwu.report.plans.rounds import rounds_report
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample
from tests.cli.folders import run
from tests.plan.rounds_cases import free, last_inspected, sample
from tests.report.browsing import CHROMIUM, chromium, opened


@pytest.fixture(scope="module")
def thirteen() -> Rounds:
    station, system, plan = sample("station13")
    last = last_inspected(station.venues, date(2025, 12, 1))
    return plan_rounds(
        Question(station, system, plan, month=month_of("2026-03"), last=last, spans=free("station13", "2026-03")), Effort(0.6)
    )


def told(rounds: Rounds, language: Language) -> PlanReport:
    return rounds_report(sample("station13")[0], rounds, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_holds_every_visit_and_needs_nothing(thirteen: Rounds, tmp_path: Path, language: Language) -> None:
    """Calendar, routes, loads and stops are drawn; every inspection stands in the table; nothing is asked of the network."""
    told(thirteen, language).write_html(tmp_path / "rounds.html")
    page = (tmp_path / "rounds.html").read_text(encoding="utf-8")
    assert all(name in page for name in ("figure calendar", "route-stop", "figure load", "figure stops"))
    assert all(visit.venue in page for visit in thirteen.inspections)
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_the_tables_add_up_to_the_plan(thirteen: Rounds) -> None:
    """As many rows as inspections; the hours of officers are those of the tours."""
    sheets = {shown.sheet.name: shown.sheet for shown in told(thirteen, "en").tables}
    assert len(sheets["Inspections"].rows) == len(thirteen.inspections)
    assert len(sheets["Beat visits"].rows) == len(thirteen.beat_visits)
    assert len(sheets["Overdue when the month began"].rows) == len(thirteen.overdue)
    hours = sum(float(str(row[3])) + float(str(row[6])) for row in sheets["Officers"].rows)
    assert hours == pytest.approx(sum(tour.officer_hours for tour in thirteen.tours), abs=1.0)


def test_the_claim_names_what_is_late(thirteen: Rounds) -> None:
    """Venues not seen since 1 December are overdue, and their number stands in the headline of the page."""
    late = sum(visit.late_days > 0 for visit in thirteen.inspections)
    assert late > 0
    assert f"{late} inspections come after their day" in told(thirteen, "en").claim
    assert max(visit.late_days for visit in thirteen.inspections) >= max(one.days for one in thirteen.overdue)


def test_tours_come_back_from_the_data_file(thirteen: Rounds, tmp_path: Path) -> None:
    """What the JSON file holds is what was planned, to the second."""
    told(thirteen, "zh").write_json(tmp_path / "rounds.json")
    assert read_tours(tmp_path / "rounds.json") == thirteen.tours
    assert tours_as_data(thirteen.tours)[0]["visits"]


@pytest.mark.parametrize("content", ["", "[]", '{"tours": [{"day": "x"}]}', '{"plan": "beats"}'])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: str) -> None:
    """Empty, a list, broken, another plan: told, never a traceback."""
    (tmp_path / "other.json").write_text(content, encoding="utf-8")
    with pytest.raises(QinwuError, match="not a plan of rounds"):
        read_tours(tmp_path / "other.json")


def test_a_calendar_begins_on_its_weekday() -> None:
    """A month that begins on a Sunday needs six rows for 31 days, five for 29."""
    days = [Day(number, (6 + number - 1) % 7, "", (), "#fff", False, "") for number in range(1, 32)]
    names = ["1", "2", "3", "4", "5", "6", "7"]
    tall = [float(calendar(some, names, "month").split('viewBox="0 0 ')[1].split()[1].rstrip('"')) for some in (days, days[:29])]
    assert tall[0] - tall[1] == pytest.approx(57.0)


def test_the_command_plans_takes_up_again_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A month from the command line that can be tried; from the tenth on anew with what was done kept; wrong options at once."""
    folder = tmp_path / "s"
    write_sample(folder, "station13")
    first, again = tmp_path / "first.json", tmp_path / "again.json"
    base = ["plan", "rounds", folder, "--month", "2026-03", "--seconds", "0.5"]
    assert run(capsys, *base, "--json", first).code == 0
    assert (folder / "reports" / "plan-rounds.en.html").is_file()
    _, loaded, plan = prepare_one(folder, "plan_rounds")
    assert sum(work.kind == "beat_visit" for work in loaded.system.work) == 6
    assert plan.crew.flexible.max() > 0.0
    assert run(capsys, *base, "--json", again, "--start", first, "--today", "2026-03-10", "--seed", "5").code == 0
    before, after = (json.loads(path.read_text(encoding="utf-8"))["tours"] for path in (first, again))
    assert [one for one in after if one["day"] < "2026-03-10"] == [one for one in before if one["day"] < "2026-03-10"]
    wrong = ["--month", "2026-15", "--today", "soon", "--last", tmp_path / "none.csv", "--start", tmp_path / "none.json"]
    refused = run(capsys, "plan", "rounds", folder, *wrong)
    assert refused.code == 2
    assert all(word in refused.text for word in ("2026-15", "soon", "none.csv", "none.json"))


def test_calendars_hold_each_officers_visits(thirteen: Rounds) -> None:
    """Read back by the library: as many events as visits, at their local times, in the station's zone."""
    from icalendar import Calendar

    made = datetime(2026, 2, 20, tzinfo=UTC)
    officer = thirteen.inspections[0].officers[0]
    mine = [visit for visit in thirteen.visits if officer in visit.officers]
    read = Calendar.from_ical(calendar_of(thirteen, officer, "Asia/Shanghai", "zh", made))
    events = list(read.walk("VEVENT"))
    assert [event.decoded("dtstart").replace(tzinfo=None) for event in events] == [visit.start for visit in mine]
    assert {str(event.decoded("dtstart").utcoffset()) for event in events} == {"8:00:00"}


def test_a_roster_sheet_says_who_is_on_duty(tmp_path: Path) -> None:
    """A list of dates, officers and watches becomes duty times; an unknown watch is told."""
    station, system, _ = sample("station13")
    sheet = tmp_path / "roster.csv"
    sheet.write_text(
        "date,officer_id,watch\n2026-03-02,P008,day12\n2026-03-03,P008,night12\n2026-03-02,P009,day13\n", encoding="utf-8"
    )
    asking = Asking(station)
    times = asking.roster(sheet, system, date(2026, 4, 1))
    assert times == {
        "P008": [
            (datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 20)),
            (datetime(2026, 3, 3, 20), datetime(2026, 3, 4, 8)),
        ]
    }
    assert [finding.code for finding in asking.findings] == ["unknown-watch"]


def test_an_earlier_plan_must_be_of_the_month_and_hold_what_is_kept(thirteen: Rounds, tmp_path: Path) -> None:
    """The plan of March is refused for May; an id that it does not have is told with the nearest."""
    told(thirteen, "zh").write_json(tmp_path / "march.json")
    asking = Asking(sample("station13")[0])
    assert asking.earlier(tmp_path / "march.json", month_of("2026-05")) == ()
    tours = asking.earlier(tmp_path / "march.json", month_of("2026-03"))
    asking.kept([thirteen.visits[0].id, "V999#9"], tours)
    assert tours == thirteen.tours
    assert [finding.code for finding in asking.findings] == ["other-month", "unknown-visit"]


def test_without_calls_the_month_must_be_said() -> None:
    """Nobody can tell which month is next at a station without calls."""
    station, _, _ = sample("station13")
    bare = replace(station, calls=replace(station.calls, table=station.calls.table.clear()))
    asking = Asking(bare)
    asking.month("")
    assert asking.month("2026-12") == month_of("2026-12")
    assert [finding.code for finding in asking.findings] == ["no-month"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("width", [1100, 390])
def test_the_page_opens_in_a_browser(thirteen: Rounds, tmp_path: Path, width: int) -> None:
    """Wide and narrow: no request, no complaint, nothing wider than the screen; a drawing explains itself when touched."""
    told(thirteen, "zh").write_html(tmp_path / "rounds.html")
    with chromium() as browser, opened(browser, tmp_path / "rounds.html", width) as page:
        assert page.locator("svg.calendar .day-box").count() == 31
        assert page.locator("svg.stops .stop").count() > 5
        assert page.evaluate("document.documentElement.scrollWidth") <= width
