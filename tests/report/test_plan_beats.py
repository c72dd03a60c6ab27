"""The page of a beat plan: its figures are the plan's, in both languages, and the command refuses what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qinwu.cli import main
from qinwu.duty.reading import read_system
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.answer import BeatsAnswer
from qinwu.plan.beats.planning import BeatQuestion, plan_beats
from qinwu.plan.beats.workload import workload
from qinwu.plan.effort import Effort
from qinwu.report.plans.beats import beats_report
from qinwu.report.plans.beats_tables import BeatsTables
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample station of thirteen."""
    made = tmp_path_factory.mktemp("page") / "station13"
    write_sample(made, "station13")
    return made


@pytest.fixture(scope="module")
def answer(folder: Path) -> BeatsAnswer:
    """Beats planned in a second."""
    there, loaded, plan = prepare_one(folder)
    return plan_beats(
        BeatQuestion(there, workload(there, loaded.system, plan), BeatAims(within=0.2), loaded.system, plan), Effort(1.0)
    )


def test_the_claim_is_the_plans_own_figures(answer: BeatsAnswer) -> None:
    """Beats, seconds and spread of the plan stand in the headline, and in the first row of the choices."""
    report = beats_report(answer, "en")
    m = answer.plan.metrics
    assert report.claim.startswith(f"6 beats: {m.travel_s:.0f} seconds to a call instead of")
    assert f"within {m.spread * 100:.0f}% of their mean" in report.claim
    rows = BeatsTables(answer, "en").choices().rows
    assert rows[0][1:3] == (round(m.travel_s, 1), round(m.spread * 100, 1))
    assert len(rows) == len(answer.choices) + 1


def test_every_atom_and_every_hour_is_in_the_tables(answer: BeatsAnswer) -> None:
    """Atoms of the beats are those of the area; hours of beats and atoms have one sum; atoms that move are those that differ."""
    tables = BeatsTables(answer, "zh")
    atoms = [atom for row in tables.beats().rows for atom in str(row[-1]).split()]
    assert sorted(atoms) == sorted(answer.station.area.atom_ids)
    beats = sum(float(row[3] or 0.0) for row in tables.beats().rows)
    assert beats == pytest.approx(sum(float(row[-1] or 0.0) for row in tables.atoms().rows), abs=0.5)
    assert answer.before is not None
    assert len(tables.moves().rows) == int((answer.before.plan.beat_of != answer.plan.beat_of).sum())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole(answer: BeatsAnswer, tmp_path: Path, language: str) -> None:
    """Maps before and after, the drawing of choices and every explanation asked for are on the page."""
    report = beats_report(answer, "zh" if language == "zh" else "en")
    assert [len(drawing.pictures) for drawing in report.drawings[:2]] == [2, 2]
    asked = {key for shown in report.tables for key in shown.keys if key}
    asked |= {drawing.why for drawing in report.drawings} | {figure.why for figure in report.keys}
    assert asked <= set(report.why)
    for shown in report.tables:
        assert len(shown.keys) == len(shown.sheet.header)
        assert all(len(row) == len(shown.sheet.header) for row in shown.sheet.rows)
    page = tmp_path / "page.html"
    report.write_html(page)
    text = page.read_text("utf-8")
    assert answer.before is not None
    assert text.count("<use ") == 2 * (len(answer.plan.atoms) + len(answer.before.plan.atoms))
    report.write_xlsx(tmp_path / "book.xlsx")
    assert (tmp_path / "book.xlsx").stat().st_size > 5000


def test_the_command_writes_a_file_that_can_be_planned_on(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Page, duty file and data are written; started from that file the planner goes on."""
    data = tmp_path / "beats.json"
    special = ["--specialists", "P012"]
    main(["plan", "beats", str(folder), "--seconds", "0.5", "--lang", "en", "--json", str(data), "--name", "north", *special])
    told = json.loads(data.read_text("utf-8"))
    assert told["plan"] == "beats"
    assert sorted(told["officers"]) == sorted(told["choices"][told["proposed"]]["beats"])
    functional = [beat for beat in read_system("north", folder).system.beat if beat.kind == "functional"]
    assert [(beat.id, beat.officer, beat.venue_kinds) for beat in functional] == [("F", "P012", ())]
    main(
        [
            "plan",
            "beats",
            str(folder),
            "--seconds",
            "0.2",
            "--start",
            "north",
            "--name",
            "south",
            "--html",
            str(tmp_path / "p.html"),
        ]
    )
    assert (folder / "duty" / "south.toml").is_file()
    capsys.readouterr()


def test_the_command_tells_everything_wrong_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers out of range and words that are no pairs are refused together; nothing is written."""
    with pytest.raises(SystemExit) as left:
        main(["plan", "beats", str(folder), "--within", "0", "--continuity", "3", "--fix", "A001", "--lang", "en"])
    assert left.value.code == 2
    said = capsys.readouterr()
    text = " ".join((said.out + said.err).split())
    assert "--within" in text
    assert "--continuity" in text
    assert "--fix A001 cannot be read" in text


def test_rules_in_conflict_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Loads within 8 % and nobody to change officer: both are named, with ways out."""
    with pytest.raises(SystemExit):
        main(["plan", "beats", str(folder), "--within", "0.08", "--continuity", "1", "--seconds", "2", "--lang", "en"])
    said = capsys.readouterr()
    text = " ".join((said.out + said.err).split())
    assert "The workload of every beat is within 8.0% of the mean" in text
    assert "At least 100.0% of the residents keep their officer" in text
    assert "instead of 8.0%" in text


def test_sectors_are_told_and_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes sectors that extend the system in force; page and data tell the same."""
    data = tmp_path / "sectors.json"
    page = tmp_path / "sectors.html"
    main(["plan", "sectors", str(folder), "--count", "2", "--lang", "en", "--json", str(data), "--html", str(page)])
    capsys.readouterr()
    told = json.loads(data.read_text("utf-8"))
    loaded = read_system("plan_sectors", folder)
    assert [list(one.beats) for one in loaded.system.sector] == [row["beats"] for row in told["sectors"]]
    assert "2 sectors: hours within" in page.read_text("utf-8").replace("\xa0", " ")
