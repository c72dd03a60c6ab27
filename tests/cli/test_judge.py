"""``qinwu judge`` as it is typed: the report, one officer's page, and everything wrong with options, card and books at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qinwu.judge.targets.attempts import LOG, verify_log
from qinwu.judge.targets.reading import SHIPPED
from tests.cli.folders import english_in, run


def own_card(folder: Path, *changes: tuple[str, str]) -> None:
    """Copy the sample card into a folder, changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "judge.toml").write_text(text, encoding="utf-8")
    for name, header in (("visits", "日期,网格"), ("inspections", "日期,场所编号,完成"), ("disputes", "日期,网格,已回访")):
        row = {"visits": "2025-01-20,G1", "inspections": "2025-01-20,V1,是", "disputes": "2025-01-20,G1,是"}[name]
        (folder / f"{name}.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (folder / "surveys.csv").write_text(
        "日期,范围,问题,样本量,满意数,方法\n2025-02-01,station,satisfied,90,80,电话\n", encoding="utf-8"
    )


def test_everything_wrong_is_told_at_once_and_nothing_is_written(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A date that is none, a card with a forbidden target and a strange column: all are told, and the attempt is on record."""
    own_card(station, ('id = "visits"\naim', 'id = "arrests"\naim'), ('counter = "alike_soon"', 'counter = "alike_son"'))
    ran = run(capsys, "judge", station, "--month", "soon", "--html", station / "none" / "page.html")
    assert ran.code == 2
    assert "--month: soon is no date" in ran.err
    assert "arrests must not be a target" in ran.err
    assert "alike_son" in ran.err
    assert "judge.toml, row" in ran.err
    assert [entry["rule"] for entry in verify_log(station).entries] == ["arrests"]
    assert not (station / "none" / "page.html").exists()
    chinese = run(capsys, "judge", station, "--month", "soon", language="zh")
    assert not english_in(chinese.err.replace("judge.toml", ""))
    assert len((station / LOG).read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--from", "2025-02-01", "--to", "2025-01-01"], "The last day judged comes before the first."),
        (["--month", "2025-01", "--to", "2025-01-31"], "--month does not go together with --from and --to."),
        (["--card", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_wrong_options(station: Path, options: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Spans that end before they begin, two ways to give one, a card that is not there."""
    ran = run(capsys, "judge", station, *options)
    assert ran.code == 2
    assert says in ran.err


@pytest.mark.slow
def test_a_station_is_judged_and_an_officer_has_a_page(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Page, workbook, data and print are written; all chapters are there; an officer's page names nobody else's hours."""
    files = {kind: station / f"j.{kind}" for kind in ("xlsx", "json", "pdf")}
    ran = run(capsys, "judge", station, *(word for kind, path in files.items() for word in (f"--{kind}", path)))
    assert ran.code == 0, ran.err
    assert all(path.stat().st_size > 1000 for path in files.values())
    data = json.loads(files["json"].read_text(encoding="utf-8"))
    assert {"targets", "score", "integrity", "officers"} <= set(data)
    page = (station / "reports" / "judge.en.html").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in page for name in ("targets", "score", "integrity", "officers"))
    officer = next(name for name, one in data["targets"]["answers"].items() if "visits" in one["counting"])
    own = run(capsys, "judge", station, "--officer", officer)
    assert own.code == 0, own.err
    assert (station / "reports" / f"judge-{officer}.en.html").exists()
    assert officer in own.out
    nobody = run(capsys, "judge", station, "--officer", "X99")
    assert nobody.code == 2
    assert "X99" in nobody.err
