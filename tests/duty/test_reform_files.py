"""Reform files: those that come with Qinwu can be read and done on the sample bureau; what is wrong with one is said at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.every_station import at_every_station
from qinwu.duty.joining import join_beats
from qinwu.duty.reading import read_system
from qinwu.duty.reform.doing import Reformed, reformed
from qinwu.duty.reform.reform import read_reform, reform_ids
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.judge.claims.reading import shipped_claims
from qinwu.judge.reform.boundaries import ground_of
from qinwu.judge.reform.varying import vary_findings
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample
from qinwu.station.station import Station

BAD = """
id = "bad"
name = { zh = "坏" }
about = { zh = "坏" }
[[step]]
id = "a"
op = "merg"
why = { zh = "x" }
[[step]]
id = "b"
op = "move_posts"
units = ["s"]
post = "desk"
cuont = 3
why = { zh = "x" }
[[step]]
id = "c"
why = { zh = "x" }
"""


@cache
def bureau() -> tuple[Station, DutySystem]:
    """Return the sample bureau and its duty system as the files state it."""
    folder = Path(mkdtemp()) / "bureau"
    write_sample(folder, "bureau")
    station = read_station(folder)
    return station, read_system(station.config.current, folder).stated


def read(name: str) -> DutySystem:
    """Return a duty system that a step adopts: the station's own where it has one of that name."""
    folder = bureau()[0].folder
    return read_system(name if (folder / "duty" / f"{name}.toml").is_file() else f"preset:{name}", folder).stated


def done(reform: str) -> Reformed:
    """Return what a reform makes of the bureau."""
    station, system = bureau()
    return reformed(system, station.force, [read_reform(reform)], read, ground_of(station, system))


@pytest.mark.parametrize("reform", reform_ids())
def test_every_reform_says_why_and_where_from(reform: str) -> None:
    """Each step, overhead and range has its reason in both languages, a source or the word assumption, and claims that exist."""
    one = read_reform(reform)
    known = {claim.id for claim in shipped_claims().claims}
    assert {claimed.id for claimed in one.claims} <= known
    for each in (*one.step, *one.overhead, *one.vary):
        assert each.why.zh
        assert each.why.en
        assert each.source
    assert one.vary
    assert one.mechanisms


@pytest.mark.slow
@pytest.mark.parametrize("reform", reform_ids())
def test_every_reform_can_be_done_on_the_bureau(reform: str) -> None:
    """Heads are the same, the assumptions stand for figures, and what comes out compiles."""
    after = done(reform)
    station, _ = bureau()
    assert {one.id for one in after.after.officers} == {one.id for one in station.force}
    assert not [*vary_findings([read_reform(reform)], after.system)]
    assert compile_plan(station, at_every_station(*join_beats(after.system, {}))[0]).crews


@pytest.mark.slow
def test_daqing_takes_a_level_out_and_frees_posts() -> None:
    """Three levels become two; the front line grows by what the overhead does not keep; sections give half of their desks."""
    after = done("daqing_2005")
    levels = {unit.level for unit in after.after.chart}
    assert "station" not in levels
    assert {"bureau", "sub_bureau"} <= levels
    line = [
        sum(one.post == "front_line" and one.kind == "sworn" for one in state.officers) for state in (after.before, after.after)
    ]
    assert line[1] > line[0] + 30


def test_all_that_is_wrong_with_a_file_is_said_at_once(tmp_path: Path) -> None:
    """A kind of step that there is not, a wrong word, a misspelt key, a step without kind: each with its line and a guess."""
    (tmp_path / "reforms").mkdir()
    (tmp_path / "reforms" / "bad.toml").write_text(BAD, encoding="utf-8")
    with pytest.raises(QinwuError) as caught:
        read_reform("bad", tmp_path)
    found = {(finding.place.key, finding.place.row): finding.values.get("guess") for finding in caught.value.findings}
    assert found == {("step[0].op", 5): "merge", ("step[1].post", 13): "", ("step[1].cuont", 14): "count", ("step[2].op", 16): ""}


def test_a_reform_of_no_such_name_is_refused_with_a_guess() -> None:
    """A slip of the pen is told."""
    with pytest.raises(QinwuError) as caught:
        read_reform("daqing2005")
    assert caught.value.findings[0].values["near"] == "daqing_2005"
