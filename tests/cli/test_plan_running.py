"""How planners run from the command line: Ctrl-C, names of files, what is not overwritten."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from qinwu.cli.plans.running import Out, Spend, running

WRITTEN = "# 建议方案，2026-01-05 由 qinwu plan 生成，负责人签字后生效。\n"


def test_the_first_ctrl_c_asks_and_the_second_insists() -> None:
    """Ctrl-C sets the stop of the effort and nothing else; pressed again it interrupts as always; afterwards all is as before."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), running("planning", Spend(), 60.0, "en") as effort:  # noqa: PT012 - the second one raises
        clock = effort.begin()
        os.kill(os.getpid(), signal.SIGINT)
        assert clock.interrupted
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_time_and_seed_are_those_asked_for() -> None:
    """The effort has the time and seed asked for, and the usual time where none is asked for."""
    with running("planning", Spend(seconds=3.0, seed=7), 60.0, "en") as effort:
        assert (effort.seconds, effort.seed) == (3.0, 7)
    with running("planning", Spend(), 60.0, "zh") as effort:
        assert (effort.seconds, effort.seed) == (60.0, 1)


@pytest.mark.parametrize("name", ["", "../up", "a b", "-x", "a" * 61, "x.toml", "建议/二"])
def test_names_that_are_no_files_are_refused(name: str, tmp_path: Path) -> None:
    """A name is letters, digits, - and _, at most sixty, so that it cannot leave the folder."""
    assert "bad-name" in [found.code for found in Out(name=name).findings(tmp_path)]


@pytest.mark.parametrize("name", ["plan_beats", "方案-2", "7"])
def test_names_in_any_script_are_taken(name: str, tmp_path: Path) -> None:
    """Chinese names are names."""
    assert Out(name=name).findings(tmp_path) == []


def test_only_files_of_planners_are_overwritten(tmp_path: Path) -> None:
    """A duty file that a person wrote is not overwritten; one that a planner made is."""
    out = Out().of(tmp_path, "beats", "zh")
    path = out.duty_path(tmp_path)
    path.parent.mkdir()
    path.write_text(WRITTEN, encoding="utf-8")
    assert out.findings(tmp_path) == []
    path.write_text('id = "plan_beats"\n', encoding="utf-8")
    assert [found.code for found in out.findings(tmp_path)] == ["file-exists"]


@pytest.mark.parametrize(
    ("spend", "option"), [(Spend(seconds=0.0), "--seconds"), (Spend(seed=-1), "--seed"), (Spend(1e9), "--seconds")]
)
def test_impossible_efforts_are_refused(spend: Spend, option: str) -> None:
    """Time and seed outside their range are named."""
    assert [found.values["option"] for found in spend.findings()] == [option]
