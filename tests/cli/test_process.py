"""The installed command in a process of its own: exit codes, streams, speed of starting, interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.folders import change, contents, english_in

HEAVY = (
    "numba",
    "polars",
    "scipy",
    "shapely",
    "pydantic",
    "numpy",
    "pyproj",
    "jinja2",
    "xlsxwriter",
    "qinwu.simulate",
    "qinwu.duty",
)


def qinwu(*words: object, language: str = "zh") -> subprocess.CompletedProcess[str]:
    """Run ``python -m qinwu.cli`` with `words`."""
    command = [sys.executable, "-m", "qinwu.cli", *(str(word) for word in words)]
    environment = {**os.environ, "QINWU_LANG": language, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120, check=False)


def test_help_loads_nothing_heavy() -> None:
    """``qinwu --help`` imports no compiler, table, geometry or validation library."""
    code = (
        "import sys\nfrom qinwu.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert ran.stderr.strip() == "loaded: []"


@pytest.mark.parametrize(
    "words",
    [(), *((command,) for command in ("new", "import", "check", "explain", "compare", "demo", "validate", "replay", "systems"))],
    ids=lambda words: " ".join(words) or "qinwu",
)
def test_help_is_in_one_language(words: tuple[str, ...]) -> None:
    """Help of every command is there, in Chinese without English sentences."""
    ran = qinwu(*words, "--help")
    assert ran.returncode == 0
    assert "qinwu" in ran.stdout
    assert not english_in(ran.stdout)


def test_help_is_complete_in_english() -> None:
    """English help names every command."""
    ran = qinwu("--help", language="en")
    assert ran.returncode == 0
    commands = ("check", "compare", "demo", "explain", "import", "new", "replay", "systems", "validate")
    assert all(f" {command} " in ran.stdout for command in commands)


def test_errors_go_to_the_error_stream(station: Path) -> None:
    """Errors leave with 2 on the error stream, in the language of QINWU_LANG, without a traceback; the folder stays as it was."""
    change(station / "station.toml", "time_zone", "time_zon")
    before = contents(station)
    chinese, english = qinwu("check", station), qinwu("check", station, language="en")
    assert (chinese.returncode, english.returncode) == (2, 2)
    assert chinese.stderr == "错误 station.toml，第 6 行，time_zon：不认识键 time_zon。是不是 time_zone？\n"
    assert english.stderr == "error station.toml, row 6, time_zon: The key time_zon is not known here. Did you mean time_zone?\n"
    assert contents(station) == before


def test_a_sample_stands_alone(tmp_path: Path) -> None:
    """``--sample`` without a kind makes the town, and check passes."""
    made = qinwu("new", tmp_path / "town", "--sample", language="en")
    assert made.returncode == 0, made.stderr
    assert "Sample Town Station" in (tmp_path / "town" / "station.toml").read_text("utf-8")


def test_the_version_is_told() -> None:
    """``qinwu --version`` writes it and nothing else."""
    from importlib.metadata import version

    assert qinwu("--version").stdout.strip() == version("qinwu")


def test_no_arguments_show_help() -> None:
    """``qinwu`` alone helps."""
    assert "compare" in qinwu().stdout


def test_output_survives_a_narrow_encoding(station: Path) -> None:
    """A terminal that cannot show Chinese gets replacement signs, not a traceback."""
    change(station / "station.toml", "time_zone", "time_zon")
    command = [sys.executable, "-m", "qinwu.cli", "check", str(station)]
    environment = {**os.environ, "QINWU_LANG": "zh", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def interrupted(process: subprocess.Popen[str], after_s: float, within_s: float) -> tuple[str, str]:
    """Press Ctrl-C once after a while, and return what was written, as long as it ends soon; what goes on is killed."""
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        pytest.fail(f"Ctrl-C did not end it within {within_s} s")


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
def test_ctrl_c_leaves_what_is_finished(station: Path) -> None:
    """Interrupting a long comparison ends it in order: a report of the finished replications that says so, or nothing at all."""
    page, figures = station / "p.html", station / "d.json"
    words = [
        "compare",
        station,
        "--replications",
        1_000_000,
        "--weeks",
        1,
        "--html",
        page,
        "--json",
        figures,
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "qinwu.cli", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "QINWU_LANG": "en"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    out, err = interrupted(process, after_s=4.0, within_s=60.0)
    assert "Traceback" not in err
    assert process.returncode in (0, 130)
    assert figures.exists() == (process.returncode == 0)
    if process.returncode == 0:
        data = json.loads(figures.read_text("utf-8"))
        assert data["interrupted"] is True
        assert 0 < data["replications"] < data["asked"] == 1_000_000
        assert f"the report rests on the {data['replications']} replications" in out
