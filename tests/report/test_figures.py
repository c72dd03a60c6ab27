"""Figures: round scales, true shares, shapes that keep their place."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from qinwu.report.figures.bars import Officer, Part, Whisker, legend, load_bars, size_bar, stacked_bar, whisker
from qinwu.report.figures.curves import Curve, curve_figure
from qinwu.report.figures.heat import week_figure
from qinwu.report.figures.maps import Shaded, definitions, dissolved, frame_of, map_of, outline, scale_bar
from qinwu.report.figures.scale import LOAD, MOST, NOTHING, WAIT, nice_step, shades, ticks
from qinwu.report.figures.svg import percent, tag, words

sizes = st.floats(1e-3, 1e5)


@given(sizes, st.integers(1, 9))
def test_steps_are_round_and_few(span: float, parts: int) -> None:
    """A step is 1, 2, 2.5 or 5 times a power of ten, and cuts the span into at most so many parts."""
    step = nice_step(span, parts)
    mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - round_one) for round_one in (1.0, 2.0, 2.5, 5.0, 10.0)) < 1e-6
    assert step * parts >= span * (1.0 - 1e-6)


@given(st.floats(-1e4, 1e4), sizes, st.integers(1, 9))
def test_ticks_hold_the_range(low: float, span: float, parts: int) -> None:
    """Ticks start at or below the lowest value, end at or above the highest, and rise evenly."""
    marks = ticks(low, low + span, parts)
    assert marks[0] <= low + 1e-6 * span
    assert marks[-1] >= low + span - 1e-6 * span
    assert len(marks) <= parts + 2
    assert np.allclose(np.diff(marks), marks[1] - marks[0], rtol=1e-6)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30))
def test_every_value_has_the_colour_of_its_class(values: list[float]) -> None:
    """Larger values are never lighter: classes rise with the value, and there are not too many."""
    scale = shades(values, WAIT)
    assert len(scale.edges) == len(scale.colours) + 1 <= MOST + 1
    places = [scale.place(value) for value in sorted(values)]
    assert places == sorted(places)
    assert scale.colour(math.nan) == NOTHING


def test_colours_darken_evenly() -> None:
    """Both ramps fall in lightness from class to class, so that they read in grey too."""
    for ramp in (WAIT, LOAD):
        colours = shades([0.0, 9.0], ramp).colours
        light = [
            sum(int(colour[at : at + 2], 16) * weight for at, weight in ((1, 0.3), (3, 0.59), (5, 0.11))) for colour in colours
        ]
        assert light == sorted(light, reverse=True)
        assert len(set(colours)) == len(colours)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6).filter(lambda parts: sum(parts) > 0.01))
def test_stacked_parts_fill_the_bar(raw: list[float]) -> None:
    """The widths of the parts add up to the whole bar."""
    parts = [Part(share / sum(raw), "1", "#000000", False, "a & b") for share in raw]
    widths = [float(rect.get("width", "0").rstrip("%")) for rect in ET.fromstring(stacked_bar(parts, "x")).iter("rect")]
    assert sum(widths) == pytest.approx(100.0, abs=0.05)


def test_curve_stays_in_its_panel() -> None:
    """Curves run from nothing at minute zero to their last share, inside the drawing; the current one is on top."""
    curves = [Curve(at, f"s{at}", ((1.0, 0.2), (10.0, 1.0), (20.0, 1.0))) for at in range(3)]
    drawing = ET.fromstring(curve_figure(curves, 5.0, ("min", "promise"), "P1", 15.0, 1))
    lines = [path for path in drawing.iter("path") if "line" in path.get("class", "")]
    assert [line.get("data-s") for line in lines] == ["2", "1", "0"]
    for line in lines:
        numbers = [float(number) for number in re.findall(r"[\d.]+", line.get("d", ""))]
        assert len(numbers) == 6
        assert all(0.0 <= x <= 262.0 for x in numbers[::2])
        assert all(0.0 <= y <= 196.0 for y in numbers[1::2])


def test_week_has_a_cell_an_hour() -> None:
    """168 cells, each with its words."""
    values = [hour / 168 for hour in range(168)]
    drawing = ET.fromstring(week_figure(values, shades(values, WAIT), "abcdefg", [str(hour) for hour in range(168)], "week"))
    assert [rect[0].text for rect in drawing.iter("rect")] == [str(hour) for hour in range(168)]


def test_outline_keeps_shape_and_hole() -> None:
    """A square with a hole becomes two rings of true proportions; north is up."""
    square = Polygon(box(113.0, 30.0, 113.01, 30.01).exterior.coords, [box(113.004, 30.004, 113.006, 30.006).exterior.coords])
    frame = frame_of([square])
    path = outline(square, frame)
    assert path.count("M") == path.count("Z") == 2
    assert frame.height / frame.width == pytest.approx(1.0 / math.cos(math.radians(30.005)), rel=0.01)
    assert frame.place(113.0, 30.01)[1] < frame.place(113.0, 30.0)[1]
    kilometres, length = scale_bar(frame)
    assert length == pytest.approx(kilometres * 1000.0 / frame.metres_per_unit)


def test_dissolved_beats_lose_their_inner_borders() -> None:
    """Two squares side by side become one ring, used by reference."""
    squares = [box(113.0 + step, 30.0, 113.01 + step, 30.01) for step in (0.0, 0.01, 0.02)]
    frame = frame_of(squares)
    shapes = dissolved(squares, {"b0": (0, 1), "b1": (2,), "none": ()}, frame)
    assert set(shapes) == {"b0", "b1"}
    assert outline(shapes["b0"], frame).count("M") == 1
    drawn = ET.fromstring(map_of(frame, [Shaded("b0", "#123456", "beat <0>")], "map", (113.0, 30.0)))
    assert [use.get("href") for use in drawn.iter("use")] == ["#b0"]
    assert [path.get("id") for path in ET.fromstring(definitions(shapes, frame)).iter("path")] == ["b0", "b1"]


def test_marks_stay_on_the_scale() -> None:
    """Whiskers, bars and legends parse and stay between 0 and 100 per cent."""
    marks = [
        whisker(Whisker(1.4, -0.2, 2.0, "better"), 0.5, "a"),
        size_bar(0.2, 0.5, "less", "b"),
        legend(["#111111", "#222222"], ["0", "1", "2"], "c"),
        load_bars([Officer(3.0, 9.0, "p"), Officer(1.0, 9.0, "q")], 10.0, "d", "mean"),
        load_bars([], 10.0, "nobody", "mean"),
    ]
    for mark in marks:
        ET.fromstring(mark)
    shares = [float(share) for share in re.findall(r'="([\d.]+)%"', "".join(marks))]
    assert shares
    assert all(0.0 <= share <= 100.0 for share in shares)


def test_text_is_escaped() -> None:
    """Words and attributes cannot break out."""
    assert words("a<b&c") == "<text>a&lt;b&amp;c</text>"
    assert tag("g", aria_label='"x"') == '<g aria-label="&quot;x&quot;"/>'
    assert percent(2.0) == "100%"
