"""station.toml and every other TOML file: all problems at once, with key, line, value and remedy."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.findings import Finding, QinwuError
from qinwu.station.checks import check_config
from qinwu.station.config import StationConfig, Strict
from qinwu.station.schema import schema_of, schema_text, station_schema, write_schema
from qinwu.station.toml_file import key_text, read_toml, validate
from qinwu.station.toml_lines import key_lines, locate
from tests.station.folders import CONFIG, codes, only

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "schema" / "station.schema.json"


def problems(folder: Path, text: str) -> tuple[Finding, ...]:
    path = folder / "station.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QinwuError) as caught:
        read_toml(path, StationConfig)
    return caught.value.findings


def checked(text: str) -> tuple[Finding, ...]:
    return check_config(validate(tomllib.loads(text), StationConfig, "station.toml", text), text)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """A correct file gives the model with its defaults."""
    (tmp_path / "station.toml").write_text(CONFIG, encoding="utf-8")
    config = read_toml(tmp_path / "station.toml", StationConfig)
    assert [each.id for each in config.call_class] == ["help", "dispute"]
    assert config.call_class[0].priority == 4
    assert config.travel.hour_factor == (1.0,) * 24
    assert checked(CONFIG) == ()


def test_gb18030_is_read(tmp_path: Path) -> None:
    """A file saved by an old Chinese editor is read like any other."""
    (tmp_path / "station.toml").write_bytes(CONFIG.encode("gb18030"))
    assert read_toml(tmp_path / "station.toml", StationConfig).name.zh == "小所"


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    """Unknown keys, missing keys and wrong values in several tables are all reported, each at its line."""
    found = problems(
        tmp_path,
        CONFIG
        + '[[call_class]]\nid = 7\nname = {zh = "七"}\npriorty = 2\nofficers = 99\n'
        + '[travel]\nspeed_kmh = "quick"\nmetric = "manhatten"\n',
    )
    assert {(each.place.key, each.place.row) for each in found} == {
        ("call_class[2].id", 14),
        ("call_class[2].priorty", 16),
        ("call_class[2].officers", 17),
        ("travel.speed_kmh", 19),
        ("travel.metric", 20),
    }
    assert set(codes(found)) == {"wrong-value", "unknown-key"}


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("[travel]\nspeed_kmh = 0", "travel.speed_kmh", "0 is too small: it must be more than 0"),
        ("[travel]\nspeed_kmh = 900", "travel.speed_kmh", "900 is too large: it must be at most 200"),
        ("[travel]\nhour_factor = [1.0, 2.0]", "travel.hour_factor", "2 values were given: at least 24"),
        ("[travel]\nhour_factor = [" + "0, " * 24 + "]", "travel.hour_factor[0]", "more than 0"),
        ('[travel]\nmetric = "manhatten"', "travel.metric", "Did you mean manhattan?"),
        ('[files]\ncalls = "calls.csv"', "files.calls", "is not a list"),
        ("[patrol]\nspeed_kmh = [1]", "patrol.speed_kmh", "[1] is not a number"),
        ("files = 3", "files", "3 is not a table"),
        ("synthetic = 'maybe'", "synthetic", '"maybe" is neither true nor false'),
        ("base_atom = 12", "base_atom", "12 is not text"),
        ("[policy]\nlimit_min = {9 = 3.0}", "policy.limit_min.9", "at most 4"),
        ("timezone = 'x'", "timezone", "Did you mean time_zone?"),
        ("[policy]\nzzz = 1", "policy.zzz", "Known keys here: ladder_min, limit_min"),
        ("[[neighbour]]\nid = 'n'\nname = {zh = '邻'}", "neighbour[0].atom", "missing"),
    ],
)
def test_each_kind_of_wrong_value_is_explained(tmp_path: Path, text: str, key: str, said: str) -> None:
    """The message names the key, the value received and what was expected or nearest."""
    top, _, rest = text.partition("\n") if not text.startswith("[") else ("", "", text)
    found = problems(tmp_path, f"{top}\n{CONFIG}\n{rest}")
    assert key in {each.place.key for each in found}
    assert said in " ".join(each.text("en") for each in found)


def test_a_union_is_explained_once() -> None:
    """A value that fits no branch of a union gives one finding that lists what is allowed."""

    class Squad(Strict):
        staff: int | tuple[int, ...]

    with pytest.raises(QinwuError) as caught:
        validate({"staff": "many"}, Squad, "duty.toml")
    (finding,) = caught.value.findings
    assert finding.place.key == "staff"
    assert finding.text("en") == 'duty.toml, staff: "many" is none of int | tuple.'


@pytest.mark.parametrize(
    ("text", "row", "remedy"),
    [
        ("name = {zh = '所'}\nspeed = 30 km/h\n", 2, ""),
        ("a = 1\na = 2\n", 2, "twice"),
        ("a = [1,\n2\n", 2, ""),
        ('a = "open\n', 1, "quotation mark"),
        ("[x]\n[x]\n", 2, "two brackets"),
        ("speed = 30km\n", 1, ""),
        ("zone = Asia/Shanghai\n", 1, "quotes"),
    ],
)
def test_broken_toml_names_the_line(tmp_path: Path, text: str, row: int, remedy: str) -> None:
    """A syntax error gives file, line, the line itself and a remedy."""
    (finding,) = problems(tmp_path, text)
    assert finding.code == "broken-toml"
    assert finding.place.file == "station.toml"
    assert finding.place.row == row
    assert remedy in finding.text("en")
    assert finding.remedy


def test_a_missing_file_and_an_unreadable_one_are_findings(tmp_path: Path) -> None:
    """Neither a missing file nor bytes that are no text end in a traceback."""
    with pytest.raises(QinwuError) as missing:
        read_toml(tmp_path / "none.toml", StationConfig)
    assert codes(missing.value.findings) == ["missing-file"]
    (tmp_path / "odd.toml").write_bytes(b"\xff\xff\x00\x81")
    with pytest.raises(QinwuError) as odd:
        read_toml(tmp_path / "odd.toml", StationConfig, "duty/odd.toml")
    assert only(odd.value.findings, "unknown-encoding").place.file == "duty/odd.toml"


def test_lines_of_keys_survive_strings_and_nesting() -> None:
    """Keys inside multi-line strings are not keys, and nested arrays of tables are counted apart."""
    text = '[[a]]\nt = """\nx = 1\n"""\n[[a.b]]\nx = 2\n[[a.b]]\nx = 3\n[[a]]\n[[a.b]]\n"x" = 4\nc.d = 5\n'
    lines = key_lines(text)
    assert ("a", 0, "x") not in lines
    assert [lines["a", 0, "b", 0, "x"], lines["a", 0, "b", 1, "x"], lines["a", 1, "b", 0, "x"]] == [6, 8, 11]
    assert lines["a", 1, "b", 0, "c", "d"] == 12
    assert locate(lines, ("a", 1, "b", 0, "y")) == 10
    assert locate(lines, ("z",)) is None


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_assignment_is_found_at_its_line(tables: list[list[int]]) -> None:
    """For any array of tables, the line of each key is the line on which its value stands."""
    rows = [
        row for n, table in enumerate(tables) for row in ["[[t]]", *(f"k{i} = {value}  # {n}" for i, value in enumerate(table))]
    ]
    lines = key_lines("\n".join(rows))
    for n, table in enumerate(tables):
        for i, value in enumerate(table):
            assert rows[lines["t", n, f"k{i}"] - 1] == f"k{i} = {value}  # {n}"


def test_key_text_reads_like_the_file() -> None:
    """A key path is written with dots and positions."""
    assert key_text(("call_class", 2, "follow_up", "share")) == "call_class[2].follow_up.share"


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ('time_zone = "Asia/Shangai"', "unknown-time-zone", "time_zone"),
        ('time_zone = ""', "unknown-time-zone", "time_zone"),
        ('coordinates = "GCJ02"', "unknown-coordinates", "coordinates"),
        ('coordinates = "EPSG:99999"', "unknown-coordinates", "coordinates"),
        ('local_crs = "EPSG:4326"', "unknown-projection", "local_crs"),
        ('[calls]\ndefault_class = "hepl"', "unknown-call-class", "calls.default_class"),
        ('[calls.class_map]\n"求助" = "assist"', "unknown-call-class", "calls.class_map.求助"),
        ('[travel]\nseason = "winter"', "unknown-season", "travel.season"),
        ('[[call_class]]\nid = "help"\nname = {zh = "x"}', "duplicate-id", "call_class[2].id"),
        ('[[call_class]]\nid = "raid"\nname = {zh = "x"}\nsworn = 3', "more-sworn-than-officers", "call_class[2].sworn"),
        ('[[neighbour]]\nid = "n"\nname = {zh = "邻"}\natom = "a1"\nsworn = 3', "more-sworn-than-officers", "neighbour[0].sworn"),
    ],
)
def test_each_rule_across_keys_is_checked(text: str, code: str, key: str) -> None:
    """Every cross-key rule yields exactly one error, at its key."""
    top = re.sub(r"(?m)^time_zone.*\n", "", CONFIG) if text.startswith("time_zone") else CONFIG
    full = f"{top}\n{text}" if text.startswith("[") else f"{text}\n{top}"
    finding = only(checked(full), code)
    assert finding.severity == "error"
    assert finding.place.key == key
    assert finding.place.row is not None


def test_a_station_without_call_classes_is_refused() -> None:
    """Nothing can be tried where no class of calls is described."""
    assert codes(checked("name = {zh = '所'}")) == ["no-call-class"]


def test_several_rules_are_told_together() -> None:
    """Checks never stop at the first error."""
    text = 'time_zone = "Mars/Base"\ncoordinates = "moon"\nname = {zh = "所"}'
    assert codes(checked(text)) == ["unknown-time-zone", "unknown-coordinates", "no-call-class"]


def test_the_published_schema_is_up_to_date() -> None:
    """docs/schema/station.schema.json is what the models say today."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(station_schema())


def test_the_schema_describes_every_key() -> None:
    """Each key of station.toml is a property of the schema, and unknown keys are refused by editors too."""
    schema = station_schema()
    assert set(schema["properties"]) == set(StationConfig.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["title"] == "station.toml"


def test_any_model_can_be_published(tmp_path: Path) -> None:
    """The schema writer makes its folder and writes JSON for any model."""

    class Tiny(Strict):
        size: int = 1

    write_schema(schema_of(Tiny, "tiny.toml"), tmp_path / "deep" / "tiny.json")
    assert json.loads((tmp_path / "deep" / "tiny.json").read_text(encoding="utf-8"))["title"] == "tiny.toml"
