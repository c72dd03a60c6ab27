"""Beats planned for a station: the set to choose from, sectors, and a duty file that compiles to the beats planned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qinwu.duty.reading import read_system
from qinwu.duty.rules import check_system
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.answer import BeatsAnswer
from qinwu.plan.beats.asking import borders_of, communities, number_range, pairs_of, specialists_of
from qinwu.plan.beats.duty_part import proposed
from qinwu.plan.beats.pareto import Choice, costs, proposed_of, spread_out, undominated
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.planning import BeatQuestion, plan_beats
from qinwu.plan.beats.sectors import fewest_sectors, plan_sectors
from qinwu.plan.beats.workload import workload
from qinwu.plan.duty_file import DutyFile, replacing
from qinwu.plan.effort import Effort
from qinwu.simulate.trial import prepare_one
from qinwu.station.station import Station
from tests.plan.beat_cases import every_plan, problem

TODAY = [0, 0, 0, 1, 1, 1, 2, 2, 2]
WORK = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Station, DutySystem, BeatQuestion]:
    """The sample station of thirteen, its system, and the question as the command line asks it."""
    from qinwu.station.sample import write_sample

    folder = tmp_path_factory.mktemp("sample") / "station13"
    write_sample(folder, "station13")
    there, loaded, plan = prepare_one(folder)
    question = BeatQuestion(there, workload(there, loaded.system, plan), BeatAims(within=0.2), loaded.system, plan)
    return there, loaded.system, question


@pytest.fixture(scope="module")
def answer(sample: tuple[Station, DutySystem, BeatQuestion]) -> BeatsAnswer:
    """What the planner answers in a second."""
    return plan_beats(sample[2], Effort(1.0, 3))


def test_the_set_has_no_plan_that_another_beats() -> None:
    """Of all plans of nine squares, those kept are not beaten by any, and every other is beaten by one of them."""
    plans = list(every_plan(problem(3, 3, WORK, 3, BeatAims(within=0.4), TODAY)))
    kept = undominated(plans)
    every = np.array([costs(plan) for plan in plans])
    for plan in kept:
        here = costs(plan)
        assert not ((every <= here + 1e-12).all(axis=1) & (every < here - 1e-9).any(axis=1)).any()
    best = np.array([costs(plan) for plan in kept])
    assert all((best <= one + 1e-9).all(axis=1).any() for one in every)
    assert 3 <= len(kept) < len(plans)


def test_a_set_is_thinned_to_the_best_of_each_aim_first() -> None:
    """Four plans of many hold the least of some cost."""
    kept = undominated(every_plan(problem(3, 3, WORK, 3, BeatAims(within=0.4), TODAY)))
    some = spread_out(kept, [plan.judged[0] for plan in kept], most=5)
    assert len(some) == 5
    least = np.min([costs(plan) for plan in kept], axis=0)
    assert np.min([costs(plan) for plan in some], axis=0) == pytest.approx(least)


def test_the_best_by_the_weights_is_proposed_where_closed_forms_say_nothing() -> None:
    """Without predictions the least value is proposed."""
    plan = BeatPlan.of(problem(3, 3, WORK, 3, today=TODAY), np.array(TODAY))
    assert proposed_of([Choice(plan, 1.2), Choice(plan, 1.0), Choice(plan, 1.1)]) == 1


def test_a_station_planned_whole(sample: tuple[Station, DutySystem, BeatQuestion], answer: BeatsAnswer) -> None:
    """Beats keep the rules; the duty file, laid over the system in force and read again, is the plan and breaks no rule."""
    there, system, _ = sample
    plan = answer.plan
    assert plan.contiguous
    assert plan.metrics.spread <= 0.2 + 1e-9
    assert answer.before is not None
    assert plan.judged[0] <= answer.before.value + 1e-9 or answer.before.plan.judged[1] > 0.0
    assert answer.proof.bound <= answer.proof.value * (1 + 1e-9)
    assert sum(choice.gains == () and choice.losses == () for choice in answer.choices) == 1
    part = replacing(answer.part(), system, ("beat", "sector", "pair"))
    words = {"zh": "方案", "en": "Plan"}
    file = there.folder / "duty" / "planned.toml"
    file.write_text(DutyFile("planned", words, words, there.config.current, part).text(), "utf-8")
    loaded = read_system("planned", there.folder)
    beats = {beat.id: set(beat.atoms) for beat in loaded.system.beat if beat.kind == "geographic"}
    assert beats == {name: set(atoms) for name, atoms in plan.atoms.items()}
    assert [finding for finding in check_system(there, loaded) if finding.severity == "error"] == []
    assert loaded.system.beat == proposed(there, system, plan, answer.sectors.rows if answer.sectors else ()).beat
    file.unlink()


def test_a_plan_goes_on_from_an_earlier_one(sample: tuple[Station, DutySystem, BeatQuestion], answer: BeatsAnswer) -> None:
    """Started from its own result it is never worse by the weights asked for."""
    again = plan_beats(sample[2], Effort(0.2, 2), start=answer.plan.atoms)
    assert min(choice.value for choice in again.choices) <= answer.choice.value + 1e-9


def test_a_stopped_planner_returns_the_best_so_far(sample: tuple[Station, DutySystem, BeatQuestion]) -> None:
    """Stopped before it begins, it still has a plan that keeps the rules: today's, mended."""
    effort = Effort(60.0, 1)
    effort.stop.set()
    question = sample[2]
    loose = BeatQuestion(question.station, question.work, BeatAims(within=0.5), question.system, question.plan)
    answer = plan_beats(loose, effort)
    assert answer.proof.interrupted
    assert answer.proof.seconds < 20.0
    assert answer.plan.contiguous


@pytest.mark.parametrize("count", [5, 7])
def test_fewer_beats_free_an_officer_and_more_ask_for_one(sample: tuple[Station, DutySystem, BeatQuestion], count: int) -> None:
    """Five beats leave an id out, seven have a new one and an officer who had none; two sectors each hold adjacent beats."""
    there, system, question = sample
    asked = BeatQuestion(there, question.work, BeatAims(beats=(count, count), within=0.4), system, question.plan, sectors=2)
    planned = plan_beats(asked, Effort(0.5))
    assert len(planned.plan.atoms) == count
    named = [officer for officer in planned.officers.values() if officer]
    assert len(set(named)) == len(named)
    assert len(set(planned.plan.atoms) - {beat.id for beat in system.beat}) == max(0, count - 6)
    assert planned.sectors is not None
    assert planned.sectors.plan.contiguous
    assert sorted(beat for row in planned.sectors.rows for beat in row.beats) == sorted(planned.plan.atoms)
    for row in planned.sectors.rows:
        assert row.sergeant in {planned.officers[beat] for beat in row.beats}


def test_more_sectors_than_beats_are_refused() -> None:
    """Four sectors of three beats cannot be; no fewer than three sectors keep a sergeant of twelve beats to three others."""
    beats = BeatPlan.of(problem(3, 3, WORK, 3, today=TODAY), np.array(TODAY))
    with pytest.raises(QinwuError, match="cannot be 4 sectors of 3 beats"):
        plan_sectors(beats.problem.station, None, beats, 4, Effort(1.0).begin(), {})
    assert fewest_sectors(12, 3) == 3


def test_words_of_the_command_line_become_values() -> None:
    """Ranges and pairs, and what is wrong with them all at once."""
    assert number_range("7") == (7, 7)
    assert pairs_of("--join", ["a1:b2", "c3:d4,e5:f6"], ":") == [("a1", "b2"), ("c3", "d4"), ("e5", "f6")]
    with pytest.raises(QinwuError) as error:
        pairs_of("--fix", ["a1", "a2=", "a3=B1"], "=")
    assert len(error.value.findings) == 2
    with pytest.raises(QinwuError, match="--beats many"):
        number_range("many")


def test_a_river_drawn_as_a_line_parts_what_lies_on_its_sides(tmp_path: Path) -> None:
    """A line between the first and the second column of squares parts three pairs; a property or a sheet names communities."""
    from tests.plan.beat_cases import squares

    there = squares(3, 3)
    x = 600.0 / 111_320.0
    line = f'{{"type":"LineString","coordinates":[[{x},-1.0],[{x},1.0]]}}'
    (tmp_path / "river.geojson").write_text(
        f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{line}}}]}}', "utf-8"
    )
    border = borders_of(there, [str(tmp_path / "river.geojson")])[0]
    assert border.name == "river"
    assert sorted(border.pairs) == [("a1", "a2"), ("a4", "a5"), ("a7", "a8")]
    (tmp_path / "villages.csv").write_text("atom,community\na1,north\na2,north\na9,\n", "utf-8")
    assert communities(there, str(tmp_path / "villages.csv")) == {"a1": "north", "a2": "north"}
    assert specialists_of(there, ["P01,P02"]) == ("P01", "P02")
    with pytest.raises(QinwuError, match="no sworn officer P99"):
        specialists_of(there, ["P99"])
