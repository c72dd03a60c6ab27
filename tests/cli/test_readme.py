"""What the pages tell a reader to type is accepted, and the files they show are right."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from qinwu.cli import app
from tests.cli.folders import run

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh.md", "docs/tutorial/first-report.md")


def commands(page: str) -> list[str]:
    """Return what a page tells to type after ``uv run qinwu``."""
    return re.findall(r"^(?:`)?(?:\d+\. `)?uv run qinwu ([^`#\n]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("page", "line"), [(page, line) for page in PAGES for line in commands(page)])
def test_commands_are_understood(page: str, line: str) -> None:
    """Every command a page shows exists, with every option it is given."""
    command, bound, _ = app.parse_args(shlex.split(line), exit_on_error=False, print_error=False)
    assert callable(command)
    assert bound is not None


@pytest.mark.parametrize("page", PAGES[:2])
def test_the_duty_file_shown_is_right(page: str, station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The duty system printed in the README, saved as it stands, passes the check and shows pairs at night."""
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    (station / "duty" / "pairs_by_night.toml").write_text(text, encoding="utf-8")
    checked = run(capsys, "check", station)
    assert checked.code == 0, checked.err
    asked = ("explain", station, "pairs_by_night", "--atom", "G1", "--class", "help", "--at")
    assert "It needs 2 officers" in run(capsys, *asked, "2025-03-05T23:30").out
    assert "It needs 1 officers" in run(capsys, *asked, "2025-03-05T13:30").out
