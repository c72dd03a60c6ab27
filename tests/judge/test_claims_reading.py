"""Claims files read: TOML and sheets as people save them, and everything wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from qinwu.findings import QinwuError
from qinwu.judge.claims.checking import check
from qinwu.judge.claims.reading import ARTICLES, read_claims, shipped_claims

HEAD = 'title = { zh = "数字" }\n'
CLAIM = """
[[claim]]
id = "{id}"
name = {{ zh = "盗窃" }}
text = {{ zh = "盗窃下降" }}
kind = "count"
source = {{ text = {{ zh = "统计" }} }}
{more}
"""
SHEET = """编号,指标,说法,类型,数值,改革前,变化,单位,时期,改革前时期,地区,观察月数,对照,来源,来源类型
T1,盗窃,盗窃案件下降六成九,起数,９６３,,下降69%,起,2023,2020,本县,,前后,县局通报,通报
T2,一线警力,一线警力从48.5%升到89%,比例,89%,48.5%,,,2023,2020,本县,3,前后,县报,当地媒体
T3,评比,全市第一,名次,1,,,,2023,,本县,,别处,县报,当地媒体
"""


def written(folder: Path, *claims: dict[str, str], more: str = "") -> Path:
    """Write a claims file."""
    path = folder / "claims.toml"
    path.write_text(
        HEAD + "".join(CLAIM.format(id=each["id"], more=each.get("more", "")) for each in claims) + more, encoding="utf-8"
    )
    return path


def wrong(path: Path) -> dict[tuple[str, int | None], str]:
    """Return everything wrong with a file: code and row to key."""
    with pytest.raises(QinwuError) as caught:
        read_claims(path)
    return {(finding.code, finding.place.row): finding.place.key for finding in caught.value.findings}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_sheet_is_read(tmp_path: Path, encoding: str) -> None:
    """Chinese headers, full-width digits and words for down give the same claims in every encoding."""
    path = tmp_path / "claims.csv"
    path.write_bytes(SHEET.encode(encoding))
    account = check(read_claims(path))
    theft, front, rank = account.checked
    assert [round(bound) for bound in theft.base or ()] == [3106, 3057, 3157]
    assert (theft.grade, front.grade, rank.claim.kind) == ("C", "C", "rank")
    assert theft.claim.source.kind == "official"
    assert "short_window" in front.weaknesses
    assert front.contrast is not None
    assert round(front.contrast.ratio.value, 3) == 1.835


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    """The same rows from Excel give the same claims."""
    (tmp_path / "claims.csv").write_text(SHEET, encoding="utf-8")
    with xlsxwriter.Workbook(tmp_path / "claims.xlsx") as book:
        page = book.add_worksheet()
        for at, line in enumerate(SHEET.splitlines()):
            page.write_row(at, 0, line.split(","))
    assert read_claims(tmp_path / "claims.xlsx").claims == read_claims(tmp_path / "claims.csv").claims


def test_a_per_cent_cell_of_excel_is_refused_not_guessed(tmp_path: Path) -> None:
    """Excel stores 89% as 0.89; whether 0.89 meant 89% nobody can tell from the cell, so it is asked for."""
    with xlsxwriter.Workbook(tmp_path / "claims.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["说法", "类型", "数值", "来源"])
        page.write_row(1, 0, ["一线警力", "比例", 0.89, "县报"])
    assert wrong(tmp_path / "claims.xlsx") == {("share-without-percent", 2): "value"}


def test_everything_wrong_with_a_sheet_is_told_at_once(tmp_path: Path) -> None:
    """An empty source, an unknown word, a word for a figure, a change without unit and a double id, each with its row."""
    path = tmp_path / "claims.csv"
    path.write_text(
        "编号,说法,类型,数值,变化,来源,对照\n1,盗窃下降,起数,很多,-0.69,,前后\n1,一线,比例,0.89,,县报,瞎比\n", encoding="utf-8"
    )
    assert wrong(path) == {
        ("missing-value", 2): "source",
        ("unknown-word", 3): "comparator",
        ("no-figure", 2): "value",
        ("change-without-unit", 2): "change",
        ("duplicate-id", 3): "id",
        ("share-without-percent", 3): "value",
    }


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Wrong keys, wrong figures and names of claims that are not there, in one go, each with its line."""
    path = written(
        tmp_path,
        {"id": "a", "more": 'sauce = 1\nvalue = "many"\nchange = "-0.69"\npart_of = "bb"'},
        {"id": "b", "more": "months = -3\nvalue = -5"},
        more='[[rate]]\nid = "a"\nname = { zh = "率" }\nnumerator_of = "zz"\nsource = { text = { zh = "统计" } }\n',
    )
    assert wrong(path) == {
        ("unknown-key", 9): "claim[0].sauce",
        ("no-figure", 10): "claim[0].value",
        ("change-without-unit", 11): "claim[0].change",
        ("unknown-name", 12): "claim[0].part_of",
        ("wrong-value", 20): "claim[1].months",
        ("negative-figure", 21): "claim[1].value",
        ("duplicate-id", 23): "rate[0].id",
        ("unknown-name", 25): "rate[0].numerator_of",
    }


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('value = 963\nchange = "-100%"', "no-implied-base"),
        ('value = 963\nchange = "+3 points"', "points-without-share"),
        ('value = "12%"', "wrong-kind"),
        ('value = 10\nchange = "-120%"', "fall-below-nothing"),
        ('part_of = "a"', "part-of-itself"),
        ('trial = { before = "split_lines", after = "three_squids", measures = ["load_gini"] }', "unknown-name"),
        ('trial = { before = "split_lines", after = "three_squads", measures = ["load_genie"] }', "unknown-name"),
        ('trial = { sample = "twon", before = "split_lines", after = "three_squads", measures = ["load_gini"] }', "unknown-name"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, more: str, code: str) -> None:
    """A fall to nothing, points of a count, a share called a count, a part of itself, and stand-ins that do not exist."""
    assert {found for found, _ in wrong(written(tmp_path, {"id": "a", "more": more}))} == {code}


def test_a_share_above_all_is_refused(tmp_path: Path) -> None:
    """A share of 120% is more than everything."""
    path = tmp_path / "claims.csv"
    path.write_text("说法,类型,数值,来源\n一线,比例,120%,县报\n", encoding="utf-8")
    assert wrong(path) == {("share-above-all", 2): "value"}


@pytest.mark.parametrize(("value", "change"), [("10%", "+40.5个百分点"), ("80%", "-40个百分点")])
def test_a_share_before_below_nothing_or_above_all_is_refused(tmp_path: Path, value: str, change: str) -> None:
    """10% after a rise by 40.5 points was less than nothing, 80% after a fall by 40 points more than everybody."""
    path = tmp_path / "claims.csv"
    path.write_text(f"说法,类型,数值,变化,来源\n一线,比例,{value},{change},县报\n", encoding="utf-8")
    assert wrong(path) == {("impossible-base", 2): "change"}


@pytest.mark.parametrize("more", [
    "value = 0\nbefore = 5", "value = 5\nbefore = 0", "value = 0\nbefore = 0", 'value = 0\nbefore = 5\nchange = "-100%"\nyears = 3',
])  # fmt: skip
def test_zeros_are_read_and_judged(tmp_path: Path, more: str) -> None:
    """No cases before or after are figures like others; only what cannot be divided is left out."""
    (checked,) = check(read_claims(written(tmp_path, {"id": "a", "more": more + '\ncomparator = "before"'}))).checked
    assert checked.base is not None
    assert (checked.contrast is None) == ("before = 0" in more)


def test_a_change_that_does_not_fit_is_warned_of_and_called_so(tmp_path: Path) -> None:
    """From 100 to 70 is no fall by 40%: the file is read, with a warning, and the verdict says so."""
    claims = read_claims(written(tmp_path, {"id": "a", "more": 'value = 70\nbefore = 100\nchange = "-40%"\ncomparator = "before"'}))
    assert [finding.code for finding in claims.findings] == ["change-does-not-fit"]
    assert check(claims).of("a").verdict == "does_not_add_up"


def test_a_coarser_rounding_widens_the_base(tmp_path: Path) -> None:
    """70% less said to the nearest ten may be 65% to 75% less: 963 was 2,751 to 3,852."""
    claims = read_claims(
        written(tmp_path, {"id": "a", "more": 'value = 963\nchange = "-70%"\nrounding = "10%"\ncomparator = "before"'})
    )
    base = claims.claim("a").base
    assert [round(bound) for bound in base or ()] == [3210, 2751, 3852]


def test_a_circle_of_parts_is_refused(tmp_path: Path) -> None:
    """Two claims that are parts of each other are both named."""
    found = wrong(written(tmp_path, {"id": "a", "more": 'part_of = "b"'}, {"id": "b", "more": 'part_of = "a"'}))
    assert sorted(found.values()) == ["claim[0].part_of", "claim[1].part_of"]


@pytest.mark.parametrize(("name", "text", "code"), [
    ("claims.toml", HEAD, "no-claims"), ("claims.toml", "title = ", "broken-toml"), ("claims.csv", "", "empty-file"),
    ("claims.csv", "说法,类型,来源\n", "no-claims"), ("claims.csv", "说法,数值\n盗窃,3\n", "missing-column"),
])  # fmt: skip
def test_files_without_claims_are_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    """Empty files, broken files and headers alone are refused."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert code in {found for found, _ in wrong(tmp_path / name)}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is said to be missing."""
    assert set(wrong(tmp_path / "none.toml")) == {("missing-file", None)}


def test_the_shipped_file_has_no_findings() -> None:
    """The file of the articles reads without a warning, and names every claim in both languages."""
    claims = shipped_claims()
    assert claims.findings == ()
    assert all(claim.name.en and claim.text.en for claim in claims.claims)
    assert "[[claim]]" in ARTICLES.read_text("utf-8")
