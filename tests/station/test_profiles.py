"""Reading profiles are data: shipped ones load, a station's own come first, mistakes in them are explained."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from qinwu.findings import QinwuError
from qinwu.station.calls import SCHEMA
from qinwu.station.guards import category_of
from qinwu.station.profiles import comparable, find_columns, load_profile, profile_names

SHIPPED = ("alexandria", "china_110", "detroit_components", "detroit_priority", "qinwu", "san_antonio")


def test_the_shipped_profiles_are_these() -> None:
    """Every profile named in the documentation is there."""
    assert profile_names() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_no_shipped_profile_asks_for_a_forbidden_column(name: str) -> None:
    """A profile never names a column that the guard would take away."""
    profile = load_profile(name)
    wanted = [header for headers in profile.columns.values() for header in headers]
    assert [header for header in wanted if category_of(header)] == []
    assert profile.name.zh
    assert profile.name.en


def test_the_canonical_profile_names_every_column_of_the_schema() -> None:
    """What Qinwu writes, its own profile reads."""
    assert set(SCHEMA) <= set(load_profile("qinwu").columns)


def test_a_stations_own_profile_comes_first(tmp_path: Path) -> None:
    """A file in the station's profiles folder replaces the shipped profile of that name."""
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "china_110.toml").write_text(
        'name = { zh = "本所" }\n[columns]\nreceived = ["时间"]\n', encoding="utf-8"
    )
    assert load_profile("china_110", tmp_path).columns == {"received": ("时间",)}
    assert "received" in load_profile("china_110").columns


def test_a_profile_may_be_given_as_a_file(tmp_path: Path) -> None:
    """Whoever tries a profile out need not put it into the station folder."""
    path = tmp_path / "mine.toml"
    path.write_text('name = { zh = "试用" }\n', encoding="utf-8")
    assert load_profile(str(path)).name.zh == "试用"


def test_an_unknown_profile_is_answered_with_the_nearest() -> None:
    """A misspelt profile gets a suggestion."""
    with pytest.raises(QinwuError) as caught:
        load_profile("china110")
    assert "china_110" in caught.value.findings[0].text("en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[columns]\nrecieved = ["t"]\n', "received"),
        ('time_formats = ["%Y-%m-%d"]\n', "%Y-%m-%d"),
        ('[[words.class_pattern]]\nmatch = "("\ncall_class = "x"\n', "("),
        ("colums = {}\n", "columns"),
    ],
)
def test_mistakes_in_a_profile_are_findings(tmp_path: Path, text: str, expected: str) -> None:
    """Unknown columns, formats without time of day and broken patterns are named, not raised as traces."""
    (tmp_path / "own.toml").write_text('name = { zh = "x" }\n' + text, encoding="utf-8")
    with pytest.raises(QinwuError) as caught:
        load_profile("own", tmp_path)
    assert expected in "\n".join(finding.text("en") for finding in caught.value.findings)


def test_headers_are_compared_without_case_width_and_brackets() -> None:
    """The same header written in several ways is the same header."""
    spellings = ("到达现场时间", "到达现场时间（时分）", " 到达 现场时间", "到达现场时间:")
    assert {comparable(spelling) for spelling in spellings} == {"到达现场时间"}
    assert comparable("En_Route") == comparable("ＥＮ ＲＯＵＴＥ") == comparable("en-route") == "enroute"


def test_columns_are_found_best_synonym_first() -> None:
    """Where several headers fit, they come in the order of the synonyms; the canonical name itself fits last."""
    found = find_columns(
        ["Arrived", "到达时间", "到达现场时间"], [("arrived", ("到达现场时间", "到达时间")), ("cleared", ("完毕",))]
    )
    assert found == {"arrived": ("到达现场时间", "到达时间", "Arrived")}


def test_the_classes_of_110_exports_are_those_of_the_sample_station() -> None:
    """A sample station can import a 110 export as it is; only what its classes do not cover must be mapped by hand."""
    sample = resources.files("qinwu.station.sample") / "data" / "town.toml"
    classes = {each["id"] for each in tomllib.loads(sample.read_text(encoding="utf-8"))["call_class"]}
    targets = {pattern.call_class for pattern in load_profile("china_110").words.class_pattern}
    assert targets - classes == {"invalid", "complaint", "other"}
    assert classes <= targets
