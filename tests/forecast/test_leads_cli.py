"""``qinwu leads`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.planted_leads import plant_calls, plant_cases

from tests.cli.folders import english_in, run

MONDAY = np.datetime64("1970-01-05T00:00")


def cases_file(folder: Path, *, labelled: bool = True) -> Path:
    """Return a Chinese file of cases, two of three with the number of their series."""
    cases, labels = plant_cases(singles=60, series=16, length=3, seed=9)
    rows = ["案件编号,发生时间起,x,y,作案手段,串案号"]
    for at, name in enumerate(cases.ids):
        start = MONDAY + np.timedelta64(int(cases.start_s[at]), "s")
        words = ";".join(word.partition("=")[2] + word[0] for word in cases.methods[at])
        series = ";".join(sorted(labels.series[at])) if labelled and at % 3 else ""
        rows.append(f"{name},{start},{cases.x_m[at]:.0f},{cases.y_m[at]:.0f},{words},{series}")
    path = folder / "案件.csv"
    path.write_text("\n".join(rows), encoding="gb18030")
    return path


def calls_file(folder: Path) -> Path:
    """Return a file of calls, some about one incident."""
    calls = plant_calls(1200, 20, seed=3).calls
    rows = ["call_id,received,class,x,y"]
    for at, name in enumerate(calls.ids):
        received = MONDAY + np.timedelta64(int(calls.received_s[at]), "s")
        rows.append(f"{name},{received},{calls.kinds[at]},{calls.x_m[at]:.0f},{calls.y_m[at]:.0f}")
    path = folder / "calls.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_cases_are_linked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Claim and list on the terminal, page, workbook and data on disk; Chinese without English sentences."""
    path = cases_file(tmp_path)
    files = {kind: tmp_path / f"a.{kind}" for kind in ("html", "xlsx", "json")}
    words = [word for kind, target in files.items() for word in (f"--{kind}", target)]
    ran = run(capsys, "leads", path, "--k", "20", *words, language="zh")
    assert ran.code == 0, ran.err
    assert "最像的 20 对里" in ran.out
    assert not english_in(ran.out)
    assert all(target.stat().st_size > 1000 for target in files.values())
    data = json.loads(files["json"].read_text("utf-8"))
    assert (data["report"], len(data["leads"]["pairs"])) == ("leads", 20)


def test_nothing_confirmed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without numbers of series there is a rank, a warning, and no per cent beside a pair."""
    ran = run(capsys, "leads", cases_file(tmp_path, labelled=False), "--json", tmp_path / "a.json")
    assert ran.code == 0, ran.err
    assert "too few to learn from" in ran.err
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))["leads"]
    assert {pair["probability"] for pair in data["pairs"]} == {None}


def test_calls_about_one_incident(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of calls gives repeats; decisions about cases are out of place there."""
    path = calls_file(tmp_path)
    ran = run(capsys, "leads", path)
    assert ran.code == 0, ran.err
    assert "look like repeats of a call made just before" in ran.out
    assert (tmp_path / "reports" / "leads.en.html").exists()
    wrong = run(capsys, "leads", path, "--confirmed", path)
    assert wrong.code == 2
    assert "this is a file of calls" in wrong.err


def test_what_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list too long and a file that is not there are both named; a column about suspects stops everything."""
    ran = run(capsys, "leads", tmp_path / "none.csv", "--k", "0")
    assert ran.code == 2
    assert "--k must be from 1" in ran.err
    assert "does not exist" in ran.err
    path = tmp_path / "persons.csv"
    path.write_text("案件编号,发生时间,犯罪嫌疑人\nA1,2025-03-01 08:00,某\n", encoding="utf-8")
    refused = run(capsys, "leads", path, language="zh")
    assert refused.code == 2
    assert "线索只从案件到案件" in refused.err
    assert not (tmp_path / "reports").exists()


def test_one_series_only_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where every case has the same number there is nothing to learn and nothing to look at; the page says so."""
    path = tmp_path / "one.csv"
    rows = [f"c{at},2025-03-{1 + at:02d} 08:00,{at * 90},0,door,1" for at in range(20)]
    path.write_text("\n".join(["case_id,occurred,x,y,method,series", *rows]), encoding="utf-8")
    ran = run(capsys, "leads", path)
    assert ran.code == 0, ran.err
    assert "190 confirmed pairs in 1 series are too few" in ran.err
    assert "All pairs of 20 cases are decided" in ran.out
