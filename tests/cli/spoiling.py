"""Ways in which a station folder can be wrong, each with what has to be said about it: file, place, value, remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from tests.cli.folders import append, calls_text, change

Spoil = Callable[[Path], object]
NEW_SYSTEM = 'id = "other"\nname = { zh = "另一方案", en = "Another" }\n'


@dataclass(frozen=True)
class Wrong:
    """One thing wrong with a folder, and words that ``qinwu check`` must say in English."""

    name: str
    spoil: Spoil
    says: tuple[str, ...]


def edit(file: str, old: str, new: str) -> Spoil:
    """Return a change of one text in one file."""
    return lambda folder: change(folder / file, old, new)


def add(file: str, text: str) -> Spoil:
    """Return an addition to one file."""
    return lambda folder: append(folder / file, text)


def write(file: str, content: str | bytes) -> Spoil:
    """Return the writing of one file."""
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / file).write_bytes(data)


def replace_by_folder(file: str) -> Spoil:
    """Return the replacement of a file by a folder of the same name."""

    def spoil(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return spoil


def reshape(atom: int, corners: list[list[float]]) -> Spoil:
    """Return a new outline for one atom."""

    def spoil(folder: Path) -> None:
        path = folder / "atoms.geojson"
        atoms: dict[str, Any] = json.loads(path.read_text("utf-8"))
        atoms["features"][atom]["geometry"]["coordinates"] = [[*corners, corners[0]]]
        path.write_text(json.dumps(atoms), encoding="utf-8")

    return spoil


def use_calls(name: str, content: str | bytes) -> Spoil:
    """Return the use of another call file."""

    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        change(folder / "station.toml", "calls.csv", name)

    return spoil


def wrong_parquet(folder: Path) -> None:
    """Use a Parquet file of something else."""
    pl.DataFrame({"river": ["Han"], "length_km": [1577]}).write_parquet(folder / "calls.parquet")
    change(folder / "station.toml", "calls.csv", "calls.parquet")


def circle(folder: Path) -> None:
    """Let two duty files extend each other."""
    for name, other in (("one", "two"), ("two", "one")):
        (folder / "duty" / f"{name}.toml").write_text(
            NEW_SYSTEM.replace("other", name) + f'extends = ["{other}"]\n', encoding="utf-8"
        )


TOMORROW = datetime.now() + timedelta(days=400)
OTHER = f'{NEW_SYSTEM}extends = ["base", "preset:one_beat"]\n'

STATION_FILE = (
    Wrong(
        "broken TOML",
        edit("station.toml", 'zone = "Asia/Shanghai"', "zone = Asia/Shanghai"),
        ("station.toml, row 6", "Asia/Shanghai"),
    ),
    Wrong(
        "unknown key", edit("station.toml", "time_zone", "time_zon"), ("station.toml, row 6, time_zon", "Did you mean time_zone?")
    ),
    Wrong(
        "duplicate class",
        edit("station.toml", 'id = "affray"', 'id = "dispute"'),
        ("station.toml", "call_class", "dispute", "Rename"),
    ),
    Wrong("23 hours", edit("station.toml", "  1.1, 1.0, 1.0, 1.0,", "  1.1, 1.0, 1.0,"), ("travel.hour_factor", "23", "24")),
    Wrong(
        "time zone",
        edit("station.toml", "Asia/Shanghai", "Asia/Shangai"),
        ("row 6, time_zone", "Asia/Shangai", "Did you mean Asia/Shanghai?"),
    ),
    Wrong("coordinates", edit("station.toml", '"WGS84"', '"WSG84"'), ("coordinates", "WSG84", "WGS84")),
    Wrong("no such atom", edit("station.toml", 'atom = "G2"', 'atom = "G22"'), ("neighbour[0].atom", "G22", "Did you mean G2?")),
    Wrong("unknown profile", edit("station.toml", '"qinwu" ', '"china110" '), ("calls.profile", "china110", "china_110")),
    Wrong(
        "a wrong word",
        edit("station.toml", 'metric = "manhattan"', 'metric = "manhatten"'),
        ("travel.metric", "manhatten", "Did you mean manhattan?"),
    ),
    Wrong("a folder for a file", replace_by_folder("station.toml"), ("station.toml", "it is a folder")),
    Wrong("no encoding", write("station.toml", b"\x81\xff\xff\xfe = 1\n"), ("station.toml", "UTF-8", "GB18030")),
)
ATOMS = (
    Wrong("missing file", lambda folder: (folder / "atoms.geojson").unlink(), ("atoms.geojson", "does not exist", "station.toml")),
    Wrong(
        "overlapping atoms",
        reshape(1, [[116.005, 33.0], [116.02, 33.0], [116.02, 33.01], [116.005, 33.01]]),
        ("atoms.geojson", "G1", "G2", "overlap", "redraw"),
    ),
    Wrong(
        "self-crossing polygon",
        reshape(1, [[116.01, 33.0], [116.02, 33.01], [116.02, 33.0], [116.01, 33.01]]),
        ("atoms.geojson", "crosses itself", "Draw this atom again"),
    ),
    Wrong("double id", edit("atoms.geojson", '"G2"', '"G1"'), ("atoms.geojson", "G1", "used twice", "id of its own")),
    Wrong("no GeoJSON", write("atoms.geojson", "id,lon,lat\nG1,116,33\n"), ("atoms.geojson",)),
)
PEOPLE = (
    Wrong(
        "two officers with one id",
        edit("officers.csv", "J04,", "J03,"),
        ("officers.csv, row 5, officer_id", "J03", "row 4", "rename"),
    ),
    Wrong("an unknown word", edit("officers.csv", "F01,辅警", "F01,铺警"), ("officers.csv, row 12, kind", "铺警", "辅警")),
    Wrong("a folder for a file", replace_by_folder("officers.csv"), ("officers.csv", "it is a folder")),
    Wrong("binary officers", write("officers.csv", b"\x00\xff\xff\x81\xff"), ("officers.csv", "UTF-8")),
    Wrong("a missing column", edit("officers.csv", "编号,类别", "编号,甲"), ("officers.csv, row 1", "kind", "missing", "类别")),
    Wrong("venue outside", add("venues.csv", "V1,旅馆,,110.0,20.0,一\n"), ("venues.csv, row 2", "outside", "110")),
)
CALLS = (
    Wrong(
        "missing calls",
        lambda folder: (folder / "calls.csv").unlink(),
        ("station.toml", "files.calls", "calls.csv", "qinwu import"),
    ),
    Wrong("empty call file", write("calls.csv", ""), ("calls.csv", "Export the calls again")),
    Wrong("only a header", write("calls.csv", calls_text(0)), ("rows",)),
    Wrong("all calls in the future", write("calls.csv", calls_text(20, TOMORROW)), ("calls.csv", "future")),
    Wrong("no time column", write("calls.csv", "call_id,call_class,atom\n1,help,G1\n"), ("calls.csv", "received")),
    Wrong("no known atom", write("calls.csv", calls_text(20).replace(",G", ",X")), ("calls.csv", "X1")),
    Wrong(
        "a list of people",
        use_calls("重点人员.csv", "姓名,身份证号,住址\n甲,1,乙\n"),
        ("重点人员.csv", "list of people", "one row per call"),
    ),
    Wrong("binary garbage as Excel", use_calls("calls.xlsx", b"\x00\x01\x02 not a workbook"), ("calls.xlsx",)),
    Wrong("wrong Parquet", wrong_parquet, ("calls.parquet", "river", "length_km")),
    Wrong("text as Parquet", use_calls("calls.parquet", "PAR1 but no"), ("calls.parquet",)),
    Wrong("unknown kind of file", use_calls("calls.docx", "x"), ("calls.docx", ".docx", ".csv, .xlsx or .parquet")),
)
DUTY = (
    Wrong("broken TOML", add("duty/base.toml", "[[beat]\n"), ("duty/base.toml, row", "[[beat]")),
    Wrong(
        "unknown key",
        add("duty/current.toml", "[dispatch]\nlevls = 2\n"),
        ("duty/current.toml, row", "levls", "Did you mean levels?"),
    ),
    Wrong(
        "unknown preset",
        edit("duty/current.toml", '"preset:one_beat"', '"preset:one_beet"'),
        ("duty/current.toml, row", "one_beet", "Did you mean preset:one_beat?"),
    ),
    Wrong("extends circle", circle, ("duty/one.toml", "duty/two.toml", "circle")),
    Wrong(
        "no current system", edit("station.toml", 'current = "current"', 'current = "curent"'), ("curent", "Did you mean current?")
    ),
    Wrong("missing atoms", edit("duty/base.toml", 'atoms = ["G4"]', "atoms = []"), ("B4", "duty/base.toml")),
    Wrong("an atom of no beat", edit("duty/base.toml", 'atoms = ["G4"]', 'atoms = ["G3"]'), ("G4", "G3", "duty/base.toml")),
    Wrong(
        "an unknown atom",
        edit("duty/base.toml", 'atoms = ["G4"]', 'atoms = ["G44"]'),
        ("G44", "duty/base.toml", "Did you mean G4?"),
    ),
    Wrong("a beat without officer", edit("duty/base.toml", 'officer = "J05"', ""), ("B3", "duty/base.toml")),
    Wrong("an unknown officer", edit("duty/base.toml", 'officer = "J05"', 'officer = "J55"'), ("J55", "duty/base.toml")),
    Wrong(
        "an auxiliary answers for a beat", edit("duty/base.toml", 'officer = "J05"', 'officer = "F05"'), ("F05", "duty/base.toml")
    ),
    Wrong(
        "a crew of auxiliaries only",
        write("duty/other.toml", OTHER + '[[crews]]\nid = "duty"\nsworn = 0\n'),
        ("duty/other.toml, row", "sworn"),
    ),
    Wrong(
        "two systems with one id",
        write("duty/other.toml", OTHER.replace('"other"', '"current"')),
        ("current", "Give each file its own id"),
    ),
    Wrong("no encoding", write("duty/other.toml", b"\xff\xff\x81 = 1\n"), ("duty/other.toml", "UTF-8")),
)
ALL = {
    f"{room}: {one.name}": one
    for room, part in (("station", STATION_FILE), ("atoms", ATOMS), ("people", PEOPLE), ("calls", CALLS), ("duty", DUTY))
    for one in part
}
