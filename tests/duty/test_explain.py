"""Explain: who would go, in words, with file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from qinwu.duty.calendar import on_duty
from qinwu.duty.compile import compile_plan
from qinwu.duty.explain import crews_on_duty, explain, seconds_since_start
from qinwu.duty.reading import LoadedSystem, read_system
from qinwu.duty.system import DutySystem
from qinwu.duty.telling import source_text, time_text, who_text
from qinwu.findings import QinwuError
from tests.duty.small_systems import named, order, quarters, squad
from tests.stations import calls, nine_atoms

TUESDAY_TEN = datetime(2024, 1, 2, 10)

FILE = """\
id = "columns"
name = { zh = "两区", en = "Two beats" }

[[squad]]
id = "community"
name = { zh = "社区队", en = "Community" }
function = "community"
staff = { sworn = "beats" }

[[squad]]
id = "patrol"
name = { zh = "巡警队", en = "Patrol" }
function = "patrol"
line = "coordinate"
staff = { sworn = "rest", auxiliary = "rest" }

[[beat]]
id = "west"
atoms = ["a1", "a2", "a4", "a5", "a7", "a8"]
officer = "P01"

[[beat]]
id = "east"
atoms = ["a3", "a6", "a9"]
officer = "P02"

[[watch]]
id = "day"
start = "08:00"
hours = 12

[[pattern]]
id = "days"
days = ["day"]

[[crews]]
id = "beat"
squad = "community"
form = "beat"
pattern = "days"

[[crews]]
id = "car"
squad = "patrol"
form = "team"
people = 2
pattern = "days"

[dispatch]
hold_s = { 2 = 300 }

[[dispatch.complement]]
calls = { kind = ["dispute"] }
between = ["22:00", "06:00"]
officers = 3

[[dispatch.order]]
id = "all"
tiers = [
  { who = "own_beat" },
  { who = "sector" },
  { who = "squad:patrol", hand_over_s = 60 },
  { who = "neighbour", after_s = 900 },
]
"""


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedSystem:
    """Return the duty file above, read from a station folder."""
    (tmp_path / "duty").mkdir()
    (tmp_path / "duty" / "columns.toml").write_text(FILE, encoding="utf-8")
    return read_system("columns", tmp_path)


def test_words_name_tiers_costs_and_lines(loaded: LoadedSystem) -> None:
    """The order, the hold, the request and every line of the file are in the text."""
    station = nine_atoms()
    found = explain(station, loaded, compile_plan(station, loaded.system), "a3", "dispute", TUESDAY_TEN)
    file = "duty/columns.toml, line"
    cars = [f"   car-A{n} (P0{n + 2}, A0{n}): about 2 min away" for n in (1, 2, 3, 4, 5, 6)]
    assert found.text("en").splitlines() == [
        "Dispute, priority 2, atom a3, beat east, Tuesday 2024-01-02 10:00.",
        "It needs 2 officers, 1 of them sworn. [station.toml, call_class.dispute.officers]",
        "A dispatcher chooses 60 s after the call; a crew drives off 75 s after it is chosen.",
        f"Order rule all applies: [{file} 57]",
        f"1. the beat's own officer, at once [{file} 60]",
        "   beat-east (P02): about 2 min away",
        f"2. squad Patrol, after 5 min, for so long the call is kept for its own beat [{file} 50], asked, not ordered [{file} 14] "
        f"[{file} 49], hand-over 3 min, refused with a chance of 20%, asked again after 10 min [{file} 62]",
        *cars,
        f"3. a neighbouring station, after 15 min [{file} 63]",
        "   neighbour-next-1: about 7 min away",
        f"   Nobody here for: crews of the sector. [{file} 61]",
        "When more officers are needed, these join:",
        f"1. the beat's own officer, at once [{file} 60]",
        "   beat-east (P02): about 2 min away",
        f"2. squad Patrol, at once, asked, not ordered [{file} 14] [{file} 49], hand-over 3 min, refused with a chance of 20%, "
        f"asked again after 10 min [{file} 62]",
        *cars,
        f"3. a neighbouring station, after 15 min [{file} 63]",
        "   neighbour-next-1: about 7 min away",
    ]


def test_at_night_more_are_needed_and_nobody_is_on_duty(loaded: LoadedSystem) -> None:
    """At 23:00 the complement rule binds, and the crews are told to be off duty."""
    station = nine_atoms()
    found = explain(station, loaded, compile_plan(station, loaded.system), "a3", "dispute", datetime(2024, 1, 2, 23))
    assert (found.people, found.need_source.line) == (3, 52)
    assert [one.on_duty for tier in found.tiers for one in tier.crews] == [False] * 7 + [True]
    assert "Off duty then: car-A1, car-A2, car-A3, car-A4, car-A5, car-A6." in found.text("en")


def test_times_with_a_zone_are_on_the_stations_clock(loaded: LoadedSystem) -> None:
    """02:00 UTC is 10:00 in Shanghai."""
    station = nine_atoms()
    found = explain(station, loaded, compile_plan(station, loaded.system), "a3", "dispute", datetime(2024, 1, 2, 2, tzinfo=UTC))
    assert found.when == TUESDAY_TEN


def test_another_priority_may_be_asked(loaded: LoadedSystem) -> None:
    """With priority 1 there is no hold."""
    station = nine_atoms()
    plan = compile_plan(station, loaded.system)
    usual = explain(station, loaded, plan, "a3", "dispute", TUESDAY_TEN)
    urgent = explain(station, loaded, plan, "a3", "dispute", TUESDAY_TEN, priority=1)
    assert [bool(tier.held) for tier in usual.tiers] == [False, True, False]
    assert [bool(tier.held) for tier in urgent.tiers] == [False, False, False]


def test_unknown_atoms_and_classes_are_told_together(loaded: LoadedSystem) -> None:
    """A wrong atom and a wrong class are two findings with the nearest words."""
    station = nine_atoms()
    with pytest.raises(QinwuError) as caught:
        explain(station, loaded, compile_plan(station, loaded.system), "a33", "disputes", TUESDAY_TEN)
    assert [finding.values["near"] for finding in caught.value.findings] == ["a3", "dispute"]


def test_crews_are_named_nearest_first_and_those_at_a_meal_say_so() -> None:
    """Of two crews the one whose patrol is nearer comes first; a crew at its meal is still listed."""
    station = nine_atoms()
    system = quarters(work=[named("meal", kind="meal", at="10:00", minutes=30, who="officer:P06")])
    found = explain(station, LoadedSystem(system), compile_plan(station, system), "a3", "dispute", TUESDAY_TEN)
    last = found.tiers[-1]
    travel = [one.travel_s for one in last.crews if one.on_duty]
    assert travel == sorted(travel)
    assert {one.crew.id: one.work for one in last.crews if one.work} == {"duty-B1": "meal"}
    assert ", then at: meal break" in found.text("en")


def test_the_same_order_for_who_joins_is_said_once() -> None:
    """Without support rules and hold, the text does not repeat itself."""
    station = nine_atoms()
    system = quarters(dispatch={"order": [order("own_beat", "station")]})
    text = explain(station, LoadedSystem(system), compile_plan(station, system), "a1", "dispute", TUESDAY_TEN).text("en")
    assert text.endswith("Who joins when more officers are needed is found in the same order.")
    assert "[duty" not in text


def test_the_cycle_starts_on_the_monday_before_the_first_call() -> None:
    """A first call on Wednesday 3 January 2024 makes Tuesday 10:00 the 34th hour of the cycle."""
    assert seconds_since_start(calls([(50.0, "theft", "a1")]), TUESDAY_TEN) == 34 * 3600
    assert seconds_since_start(calls(), datetime(2000, 1, 3, 1)) == 3600


def test_who_is_on_duty_agrees_with_the_roster() -> None:
    """The events of a plan say the same as the windows they were made of, at any minute of the cycle."""
    plan = compile_plan(nine_atoms(), quarters())
    duty = plan.duty
    for time in np.arange(0.0, duty.cycle_s, 5400.0):
        on = crews_on_duty(duty, float(time))
        first = on_duty(
            np.array([[8 * 3600.0 + day * 86400, 32 * 3600.0 + day * 86400] for day in range(0, 14, 2)]),
            np.array([time]),
            duty.cycle_s,
        )
        assert on[0] == first[0]
        assert on[1] != on[0]
        assert on[-1]


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("own_beat", "the beat's own officer"),
        ("squad:community", "squad Community"),
        ("unit:station", "unit Small station"),
        ("function:patrol", "all squads for patrol"),
        ("crew:duty", "crew duty"),
        ("squad:gone", "squad gone"),
        ("riddle", "riddle"),
    ],
)
def test_words_as_people_say_them(who: str, text: str) -> None:
    """Names of squads and units stand for their ids."""
    assert who_text(who, quarters(), "en") == text


def test_lengths_of_time_are_rounded_for_people() -> None:
    """Seconds below two minutes, minutes with one decimal above."""
    assert [time_text(seconds, "en") for seconds in (0, 119, 120, 485)] == ["0 s", "119 s", "2 min", "8.1 min"]


def test_a_system_from_no_file_has_no_source() -> None:
    """Where a system was made in memory, the text names no file."""
    assert source_text(LoadedSystem(DutySystem.model_validate(squadless())).source("dispatch"), "en") == ""


def squadless() -> dict[str, object]:
    return {"id": "x", "name": {"zh": "空"}, "squad": [squad("one")]}
