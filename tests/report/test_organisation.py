"""The page of a chart: what it claims, draws and explains, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from qinwu.duty.organisation.audit import audit
from qinwu.duty.organisation.posts import drawn_units
from qinwu.duty.reading import read_preset
from qinwu.duty.units import Unit
from qinwu.language import LANGUAGES, Language, translate
from qinwu.report.organisation import OrganisationReport
from qinwu.report.organisation_chart import chart_legend, draw_chart, fitted
from qinwu.report.organisation_layout import MOST_ROWS, boxes
from qinwu.report.organisation_page import bars, page
from tests.duty.organisation_charts import chart, county, plain_unit, posts, unit
from tests.report.browsing import chromium, in_browser, opened
from tests.stations import CALL_CLASSES, officers


@cache
def report(language: Language) -> OrganisationReport:
    """Return the county's report."""
    return OrganisationReport(audit(county()), language)


@cache
def thirteen(language: Language, preset: str = "one_beat") -> OrganisationReport:
    """Return the report of the station of thirteen."""
    force = officers(6, command=3, administration=4)
    return OrganisationReport(audit(read_preset(preset).system, force, classes=CALL_CLASSES), language, synthetic=True)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Chinese, then English."""
    return request.param  # type: ignore[no-any-return]


def drawn(svg: str) -> ElementTree.Element:
    """Return a drawing as a tree; it must be well formed."""
    return ElementTree.fromstring(svg)


def classes(svg: str, name: str) -> list[ElementTree.Element]:
    """Return the elements of a class."""
    return [each for each in drawn(svg).iter() if name in each.get("class", "").split()]


def test_the_claim_is_the_front_line() -> None:
    """M31: both counts and the share stand in the headline."""
    assert report("en").claim() == "Of 383 posts 161 are front line (42.0%); 222 are not."
    assert thirteen("en").claim() == "Of 13 posts 6 are front line (46.2%); 7 are not."
    assert "46.2%" in thirteen("zh").claim()
    assert "command and desks (7) outnumber the front line (6)" in thirteen("en").headline()
    assert "Front line: posts for beats" in thirteen("en").deck()[1]


def test_a_chart_without_posts_claims_no_share(language: Language) -> None:
    """Where no posts are known the claim is about units."""
    bare = OrganisationReport(audit(chart(plain_unit("a"), plain_unit("b", "a"))), language)
    assert "%" not in bare.claim()
    assert "2" in bare.claim()
    assert bars(bare) == []
    assert page(bare)


def test_every_explanation_is_there(language: Language) -> None:
    """Each figure, bar, column and drawing of every page opens a rule with its source; figures with few inputs name them."""
    for each in (report(language), thirteen(language), thirteen(language, "split_lines")):
        asked = set(re.findall(r'data-w="([^"]*)"', page(each)))
        assert asked <= set(each.why())
    assert "161" in report(language).why()["front_line"]
    assert "72 ÷ 161" in report(language).why()["top_heavy"]
    source = translate("Source: {source}.", language).partition("{")[0]
    assert all(source in text for text in report(language).why().values())


def test_findings_are_told_with_remedy_and_place(language: Language) -> None:
    """Warnings first, each with message, remedy and place, nothing unfilled."""
    told = report(language).told()
    assert len(told) == len(report(language).audit.findings)
    assert all(each.message and each.remedy and each.place for each in told)
    assert not any("{" in text for each in told for text in each)
    assert next(number for number, each in enumerate(told) if each.severity == "note") == len(report(language).warnings)


def test_pages_differ_only_in_language() -> None:
    """Chinese pages have no English sentence left."""
    text = re.sub(r"<(script|style).*?</\1>", "", page(report("zh")), flags=re.DOTALL)
    left = re.findall(r">[^<]*\b(?:the|and|of|units|posts)\b[^<]*<", text)
    assert left == []


def test_tables_hold_what_was_found() -> None:
    """Duties with two owners and with none lead their table; stations with the same lines share a row."""
    shown = {each.sheet.name: each.sheet for each in report("en").shown()}
    duties = shown["Duties and their owners"].rows
    assert [row[3] for row in duties][:3] == ["no owner", "no owner", "two owners"]
    orders = shown["Who may order whom"].rows
    assert orders[0][:3] == ("Chengguan", "investigation", "Bureau, Detectives")
    assert any(str(row[0]).count(";") == 7 for row in orders)
    assert shown["What a level costs and saves"].rows[0][:5] == ("sections", 10, 66, 3, 16)
    assert shown["All units, posts and spans"].rows[0] == ("Bureau", 6, 0, 0, 0, 6, 26, 0.0)


def test_hand_overs_of_the_station() -> None:
    """Split lines ask and pass on, one officer one beat does not ask."""
    split = {each.sheet.name: each.sheet for each in thirteen("en", "split_lines").shown()}["How often a call changes hands"]
    one = {each.sheet.name: each.sheet for each in thirteen("en").shown()}["How often a call changes hands"]
    assert max(row[1] for row in split.rows if isinstance(row[1], float)) > max(r[1] for r in one.rows if isinstance(r[1], float))


def test_workbook_and_json(tmp_path: Path, language: Language) -> None:
    """Every table is a sheet with the claim above it; the data hold both counts of every share."""
    report(language).write_xlsx(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert len(book.sheetnames) == len(report(language).sheets()) == len(set(book.sheetnames))
    report(language).write_json(tmp_path / "a.json")
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert data["shares"]["front_line"] == {"part": 161, "whole": 383, "share": pytest.approx(161 / 383)}
    assert data["posts"]["units"]["office"]["administration"] == 6
    assert len(data["findings"]) == len(report(language).audit.findings)


def test_the_chart_draws_every_unit_and_post() -> None:
    """A box for each unit, a mark for each post, a branch for each parent, a line for each tie, a flag for each unit warned of."""
    system, found = county(), audit(county())
    svg = draw_chart(drawn_units(system, found.establishment), found.flagged, "zh")
    assert len(classes(svg, "unit-box")) == 35
    assert len(classes(svg, "branch")) == 34
    assert len(classes(svg, "tie")) == 8 * 2 + 1
    assert len(classes(svg, "flag")) == len(found.flagged) == 7
    numbers = [int(each.text or "0") for each in classes(svg, "posts-number")]
    assert sum(numbers) == 383
    marks = [each for box in classes(svg, "unit-box") for each in box if each.get("fill")]
    assert len(marks) == 383


def test_lines_say_what_a_unit_may_do() -> None:
    """Command, coordination and guidance are different lines, as branch and as tie."""
    units = chart(
        plain_unit("top"),
        plain_unit("a", "top", relation="coordinate"),
        plain_unit("b", "top", relation="guide", ties=[{"unit": "a", "relation": "command"}]),
    ).unit
    svg = draw_chart(units, (), "en")
    assert [each.get("class") for each in classes(svg, "branch")] == ["branch coordinate", "branch guide"]
    (tie,) = classes(svg, "tie")
    assert tie.get("class") == "tie command"
    assert tie[0].text == "a commands b"


def many(count: int, flagged: int = 0) -> tuple[Unit, ...]:
    """Return a bureau of sections and so many stations."""
    stations = [unit(f"s{n}", f"第{n}派出所", "station", "top", posts=posts(1, 1, 3)) for n in range(count)]
    sections = [unit(f"k{n}", f"第{n}科", "section", "top", posts=posts(1, 2)) for n in range(5)]
    return chart(plain_unit("top", level="bureau"), *sections, *stations).unit


def test_sixty_units_are_folded_and_none_is_lost() -> None:
    """Stations that are alike become one box with their posts; flagged ones stay."""
    units = many(60)
    placed = boxes(units, {"s7"})
    assert max(box.row for box in placed) < MOST_ROWS
    assert sum(box.stands_for for box in placed) == len(units)
    assert sum(box.unit.posts.total for box in placed) == sum(each.posts.total for each in units)
    assert "s7" in {box.unit.id for box in placed}
    assert next(box.unit.name.model_dump() for box in placed if box.stands_for > 1) == {"zh": "59个派出所", "en": "59 stations"}
    assert len(boxes(many(30), ())) == 36


@given(st.integers(1, 90), st.integers(4, 60), st.sets(st.integers(0, 89)))
def test_folding_keeps_posts_and_flags(count: int, most: int, chosen: set[int]) -> None:
    """Whatever is folded, posts add up, flagged units are drawn, and rows and columns are a tree's."""
    units = many(count)
    flagged = {f"s{n}" for n in chosen if n < count}
    placed = boxes(units, flagged, most)
    assert sum(box.stands_for for box in placed) == len(units)
    assert sum(box.unit.posts.total for box in placed) == sum(each.posts.total for each in units)
    assert flagged <= {box.unit.id for box in placed}
    assert len({(box.column, box.row) for box in placed}) == len(placed)


def test_two_charts_fit_beside_each_other() -> None:
    """A narrow drawing of three layers is at most half a page wide."""
    for narrow, widest in ((True, 530.0), (False, 1104.0)):
        svg = draw_chart(county().unit, (), "zh", narrow=narrow)
        assert float(drawn(svg).get("viewBox", "").split()[2]) <= widest


def test_names_are_cut_to_their_box() -> None:
    """A long name ends with a sign that it goes on, and pointing gives it whole."""
    long = chart(plain_unit("一" * 60, name={"zh": "一" * 60})).unit
    svg = draw_chart(long, (), "zh", narrow=True)
    (name,) = classes(svg, "unit-name")
    assert name.text == fitted("一" * 60, 280 - 20.0)
    assert (name.text or "").endswith("…")
    assert "一" * 60 in svg


def test_the_legend_names_colours_and_lines(language: Language) -> None:
    """Four kinds of posts, three lines, one flag."""
    assert chart_legend(language).count("legend-word") == 8
    assert chart_legend(language, ties=False).count("legend-word") == 5


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["county", "thirteen"])
class TestInBrowser:
    """The page in a real browser."""

    pytestmark = in_browser

    def test_it_fits_and_explains(self, browser: Browser, tmp_path: Path, name: str, width: int) -> None:
        """Nothing scrolls sideways, figures, bars, boxes and cells explain themselves, Escape hides it."""
        each = report("zh") if name == "county" else thirteen("zh")
        each.write_html(tmp_path / "a.html")
        with opened(browser, tmp_path / "a.html", width) as shown:
            shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
            card = shown.locator("#why")
            for what in (".big", ".unit-box", ".part", ".ask td >> nth=1", ".said"):
                shown.locator(what).first.click()
                assert card.is_visible()
                assert "怎么算" in card.inner_text()
                shown.keyboard.press("Escape")
                assert card.is_hidden()
