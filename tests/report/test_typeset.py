"""Typesetting: any words can be set, drawings are whole, a machine without Chinese letters is told."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.report.answer_page import KeyFigure
from qinwu.report.figures.dots import Row, dot_rows
from qinwu.report.sheet import Sheet
from qinwu.report.typeset.document import Document, Figure
from qinwu.report.typeset.drawn import whole
from qinwu.report.typeset.pdf import LATIN, fonts, write_pdf

ROWS = [Row("East", 1.0, 0.5, 1.5, "worse", "+1.0 min"), Row("West", -0.5, -1.0, 0.1, "none", "−0.5 min")]


def document(words: str) -> Document:
    """Return a document with these words everywhere."""
    drawing = dot_rows(ROWS, "rows", "less", "more")
    table = Sheet(words, (), (words, "n"), ((words, 1.5), ("b", None)), (10, 5))
    figures, keys = (Figure(words, words, ((words, drawing),)),), (KeyFigure(words, "1", words, ""),)
    return Document("en", words, words, words, (words,), keys, figures, (table,), (words,), words, (words, words))


@settings(deadline=None, max_examples=15)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30))
def test_any_words_can_be_set(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    """Signs that mean something to the typesetter are only signs; the file is a PDF."""
    path = tmp_path_factory.mktemp("pdf") / "a.pdf"
    write_pdf(path, document(words))
    assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("words", ['"', "\\", '#panic("x")', "[a] *b* _c_ $d$ `e` <f> @g", "a\nb", "// no comment"])
def test_signs_of_the_typesetter_are_only_signs(tmp_path: Path, words: str) -> None:
    """Quotes, backslashes, code and markup do nothing."""
    write_pdf(tmp_path / "a.pdf", document(words))
    assert (tmp_path / "a.pdf").stat().st_size > 5000


def test_a_drawing_is_whole() -> None:
    """It parses, has its rules inside, and no variable or rule for print is left in them."""
    svg = whole(dot_rows(ROWS, "rows", "less", "more"), ("report.css", "answers.css", "reform.css"), "Some Font")
    root = ElementTree.fromstring(svg)
    style = root.find("{http://www.w3.org/2000/svg}style")
    assert style is not None
    assert style.text is not None
    assert ".dot.worse{" in style.text.replace(" ", "")
    assert "var(" not in style.text
    assert "@" not in style.text


def test_a_machine_without_chinese_letters_is_told() -> None:
    """English can be set anywhere, Chinese not."""
    assert fonts(["DejaVu Sans"], "en") == (LATIN, LATIN)
    with pytest.raises(QinwuError) as caught:
        fonts(["DejaVu Sans"], "zh")
    assert caught.value.findings[0].remedy


def test_the_first_family_that_is_there_comes_first() -> None:
    """On Windows that is the system's own."""
    serif, sans = fonts(["SimSun", "Microsoft YaHei"], "zh")
    assert serif[0] == "SimSun"
    assert sans[0] == "Microsoft YaHei"
