"""Call flows: a duty system on one level and on two, as files that read back, compile, and differ by seconds worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qinwu.duty.reading import read_system
from qinwu.plan.call_flows import FLOWS, TAKING_LEVEL_S, Flow, call_flows, is_made, placed
from qinwu.plan.duty_file import DutyFile
from qinwu.simulate.trial import prepare, run_trial
from qinwu.station.sample import write_sample


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample station of thirteen."""
    path = tmp_path / "station"
    write_sample(path, "station13")
    return path


def kept(folder: Path, base: str) -> list[DutyFile]:
    """Write the three flows of a system into the folder."""
    files = [placed(file, folder)[0] for file in call_flows(read_system(base, folder).system, base)]
    for file in files:
        (folder / "duty" / f"{file.id}.toml").write_text(file.text(), encoding="utf-8")
    return files


@pytest.mark.parametrize("base", ["one_beat", "pairs"])
def test_flows_differ_by_what_levels_cost_and_by_nothing_else(folder: Path, base: str) -> None:
    """Seconds before anybody can be sent: taking levels at 60 s, dispatch levels at what the system says; crews and orders stay."""
    system = read_system(base, folder).system
    files = kept(folder, base)
    trial = prepare(folder, [file.id for file in files], base)
    level, first = system.dispatch.level_s, system.dispatch.call_taking.seconds
    costs = [(plan.dispatching.call_taking_s, plan.dispatching.level_s) for plan in trial.plans[1:]]
    assert costs == [(first, 0.0), (first, level), (first + TAKING_LEVEL_S, level)]
    for loaded in trial.systems[1:]:
        assert loaded.system.dispatch.order == system.dispatch.order
        assert loaded.system.crews == system.crews
    assert not [one for one in trial.findings if one.severity == "error"]


def test_every_further_level_is_waited_for(folder: Path) -> None:
    """On the same calls nobody can be sent for one dispatch level longer in 1-2 than in 1-1, for a taking level more in 2-2."""
    files = kept(folder, "one_beat")
    trial = prepare(folder, [file.id for file in files], "one_beat")
    found = run_trial(trial, replications=2, weeks=4)
    taking = [found.outcome(file.id).interval("taking_s").mean for file in files]
    level = read_system("one_beat", folder).system.dispatch.level_s
    assert taking[1] - taking[0] == pytest.approx(level, abs=2.0)
    assert taking[2] - taking[1] == pytest.approx(TAKING_LEVEL_S, abs=6.0)


def test_asked_twice_they_are_kept_once(folder: Path) -> None:
    """The same files stand in the folder already; another file of that name is not overwritten."""
    first = kept(folder, "one_beat")
    again = [placed(file, folder) for file in call_flows(read_system("one_beat", folder).system, "one_beat")]
    assert again == [(file, True) for file in first]
    other = replace(first[0], name={"zh": "别的", "en": "Other"})
    assert placed(other, folder) == (replace(other, id="one_beat_flow11_2"), False)


def test_names_tell_the_flow_and_that_it_was_made(folder: Path) -> None:
    """Kunming's flow is called as people call it."""
    assert Flow(1, 2).name() == {"zh": "一级接警、两级处警", "en": "one taking, two dispatching"}
    assert [file.id for file in kept(folder, "one_beat")] == [f"one_beat_flow{flow.taking}{flow.dispatching}" for flow in FLOWS]
    assert is_made("one_beat_flow11_2")
    assert not is_made("one_beat")


def test_the_command_keeps_what_the_board_keeps(folder: Path) -> None:
    """``compare --call-flows`` writes the same three files, once."""
    from qinwu.cli.comparing import keep_flows

    files = call_flows(read_system("one_beat", folder).system, "one_beat")
    assert keep_flows(folder, "one_beat", "en") == keep_flows(folder, "one_beat", "en") == [file.id for file in files]
    assert [(folder / "duty" / f"{file.id}.toml").read_text(encoding="utf-8") for file in files] == [file.text() for file in files]
