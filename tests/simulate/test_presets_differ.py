"""What each duty system changes against one officer, one beat, said in words and shown on the same calls.

The test town has the head count of the sample town and a quarter of its load, so that organisation shows and queues do not.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.reading import preset_ids, read_system
from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.engine import Job
from qinwu.simulate.measures import Key
from qinwu.simulate.outcome import Comparison, Difference, compare
from qinwu.simulate.run import Run, run_plan
from qinwu.simulate.stream import draw_stream
from qinwu.simulate.trial import prepare, run_trial
from qinwu.station.context import Context
from qinwu.station.demand import read_source
from qinwu.station.sample import write_sample
from qinwu.station.station import Station
from tests.stations import CALL_CLASSES, calls, town, town_base

WEEKS = 12
CALLS = 2400
FUNCTIONAL = """
[[beat]]
id = "F1"
kind = "functional"
venue_kinds = ["hotel", "scrap", "pawn"]
call_classes = ["hotel"]
officer = "P13"
"""
WHOLE = tuple(name for name in preset_ids() if name != "hub_outposts")


@cache
def light_town() -> Station:
    """Return the test town with two hundred calls a week."""
    rng = np.random.default_rng(5)
    classes = rng.choice([c.id for c in CALL_CLASSES], CALLS, p=[0.05, 0.25, 0.25, 0.35, 0.1])
    rows = sorted(zip(rng.uniform(0, 168 * WEEKS, CALLS), classes, rng.integers(1, 25, CALLS), strict=True))
    return dataclasses.replace(town(), calls=calls([(float(h), str(c), f"a{a}") for h, c, a in rows]))


@cache
def plan_of(preset: str) -> ResponsePlan:
    """Return the plan of a preset at the test town."""
    with TemporaryDirectory() as scratch:
        duty = Path(scratch) / "duty"
        duty.mkdir()
        (duty / "base.toml").write_text(town_base(), encoding="utf-8")
        functional = FUNCTIONAL if preset == "functional" else ""
        text = f'id = "{preset}"\nname = {{ zh = "试", en = "try" }}\nextends = ["base", "preset:{preset}"]\n{functional}'
        (duty / f"{preset}.toml").write_text(text, encoding="utf-8")
        return compile_plan(light_town(), read_system(preset, Path(scratch)).system)


@cache
def tried() -> Comparison:
    """Return every preset on eight common streams, one officer one beat first."""
    names = ("one_beat", *(name for name in WHOLE if name != "one_beat"))
    job = Job(tuple(plan_of(name) for name in names), read_source(light_town()), Context.of(light_town()), "weeks", 2)
    return compare(job, names, 8)


def change(system: str, measure: str, by: str = "all", group: str = "all", statistic: str = "mean") -> Difference:
    """Return a figure of `system` against one officer, one beat."""
    return tried().difference(system, measure, by, group, statistic)


def figure(system: str, *key: str) -> float:
    """Return one mean figure of `system`."""
    return tried().outcome(system).interval(*key).mean


@cache
def one_run(system: str) -> Run:
    """Return one replay of `system`."""
    return run_plan(plan_of(system), draw_stream(read_source(light_town()), "replay", 1, 0))


def test_every_preset_is_a_system_of_its_own() -> None:
    """No two presets give the same figures on the same calls."""
    key = Key("response_s", "all", "all", "mean")
    means = {name: round(float(tried().outcome(name).values(key).mean()), 6) for name in WHOLE}
    assert len(set(means.values())) == len(WHOLE), means


def test_nobody_works_longer_in_secret() -> None:
    """Officer-hours on duty a week are within a tenth of one officer, one beat: organisation is compared, not hours."""
    hours = {name: figure(name, "duty_hours") for name in WHOLE}
    assert all(abs(mine / hours["one_beat"] - 1.0) < 0.1 for mine in hours.values()), hours


def test_pairs_are_together_sooner() -> None:
    """Pairs wait less for the second officer than one officer, one beat, where he has to be borrowed."""
    assert change("pairs", "partner_wait_s").verdict == "better"


def test_sectors_cover_their_own() -> None:
    """With sergeants, more calls that the beat officer cannot take are taken by his sector."""

    def in_sector(run: Run) -> float:
        sector = np.arange(12) // 4
        order = {f"B{place:02}": number for number, place in enumerate((1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10))}
        of_beat = np.array([sector[order[name]] for name in run.plan.beats])
        calls = run.resident
        rows = calls["crew"] >= 0
        crew_beat = run.plan.crew.own_beat[calls["crew"][rows]]
        call_beat = run.plan.area.beat_of[calls["atom"][rows]]
        other = crew_beat != call_beat
        same = (crew_beat >= 0) & other & (of_beat[crew_beat] == of_beat[call_beat])
        return float(same.sum() / other.sum())

    assert in_sector(one_run("sector")) > 1.3 * in_sector(one_run("one_beat"))


def test_a_specialist_spares_the_beat_officers() -> None:
    """With a functional beat, beat officers spend less time on calls at venues: the specialist takes some of them."""

    def first_at_venues(run: Run) -> set[str]:
        hotel = [c.id for c in CALL_CLASSES].index("hotel")
        calls = run.resident
        return {run.plan.crews[k].rule for k in np.unique(calls["crew"][(calls["call_class"] == hotel) & (calls["crew"] >= 0)])}

    assert "venues" in {label.rule for label in plan_of("functional").crews}
    assert "venues" in first_at_venues(one_run("functional"))
    assert "venues" not in first_at_venues(one_run("one_beat"))


def test_split_lines_lose_time_between_lines() -> None:
    """Split lines take longer to get a call to a dispatcher than three squads under one chief, and respond later."""
    assert figure("split_lines", "taking_s") == pytest.approx(figure("three_squads", "taking_s") + 45.0, abs=1.0)
    assert figure("split_lines", "response_s") > figure("three_squads", "response_s")
    assert change("split_lines", "response_s").verdict == "worse"


def test_squads_leave_cases_to_detectives() -> None:
    """With three squads, detectives do follow-up work; with one officer, one beat, beat officers do it."""
    groups = tried().outcome("three_squads").groups("time_follow_up", "crew", "share")
    detectives = [share.mean for crew, share in groups.items() if crew.startswith("detective")]
    assert min(detectives) > 0.02
    own = tried().outcome("one_beat").groups("time_follow_up", "crew", "share")
    assert max(share.mean for crew, share in own.items() if crew.startswith("duty")) < 0.001


def test_three_squads_send_patrol_to_the_urgent() -> None:
    """With three squads the first crew at a priority 1 call is patrol, wherever a patrol crew is free."""
    run = one_run("three_squads")
    calls = run.resident
    urgent = calls["crew"][(calls["priority"] == 0) & (calls["crew"] >= 0)]
    squads = np.array([label.squad for label in run.plan.crews])
    assert (squads[urgent] == "patrol").mean() > 0.8


def test_kunming_pays_for_coordination() -> None:
    """Where the chief only coordinates, help between squads takes longer than under one chief (三队一组)."""
    assert figure("kunming", "response_s") > figure("three_squads", "response_s")


def test_the_merged_bureau_saves_a_level_and_loses_the_beat() -> None:
    """Merging saves one dispatch level of 45 seconds; nobody answers for a beat any more."""
    assert change("merged", "taking_s").change.mean == pytest.approx(-45.0, abs=1.0)
    assert figure("merged", "own_beat_share", "all", "all", "share") == 0.0
    assert figure("merged", "beat_unattended_min") == pytest.approx(1440.0)


def test_one_room_saves_a_level() -> None:
    """Two teams, one room: the station's own control room saves one dispatch level."""
    assert change("two_teams", "taking_s").change.mean == pytest.approx(-45.0, abs=1.0)


def test_outposts_answer_for_themselves(tmp_path: Path) -> None:
    """On the mountain station, hub with outposts and one officer, one beat answer the same calls differently."""
    write_sample(tmp_path / "station", "rural")
    trial = prepare(tmp_path / "station", ("hub_outposts", "one_beat"))
    found = {name: run_trial(trial, replications=3, weeks=20).outcome(name) for name in trial.names}
    own = {name: outcome.interval("own_beat_share", statistic="share").mean for name, outcome in found.items()}
    response = {name: outcome.interval("response_s").mean for name, outcome in found.items()}
    assert len({round(value, 6) for value in response.values()}) == len({"hub_outposts", "one_beat"}), (own, response)
