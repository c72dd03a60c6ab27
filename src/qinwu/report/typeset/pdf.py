"""PDF: a document set by typst, offline, with the fonts of the machine."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language
from qinwu.report.typeset.document import Document
from qinwu.report.typeset.markup import markup
from qinwu.report.writing import write_whole

INSTALL = 'pip install "qinwu[report]"'
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "STSong", "SimSun", "NSimSun")
SANS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
LATIN = ("Libertinus Serif",)
"""A family that typst brings."""


def write_pdf(path: Path, document: Document) -> None:
    """Write a document as PDF, whole or not at all.

    Raises
    ------
    QinwuError
        typst is not installed, or the machine has no font for Chinese where the document needs one.
    """
    typst = _typst()
    serif, sans = fonts(typst.Fonts().families(), document.language)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "report.pdf"
        source = Path(folder) / "report.typ"
        source.write_text(markup(document, serif, sans), encoding="utf-8")
        typst.compile(str(source), output=str(made))
        write_whole(path, made.read_bytes())


def fonts(there: Sequence[str], language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the serif and sans families of a machine to set a document in.

    Raises
    ------
    QinwuError
        A Chinese document, and no family with Chinese letters.
    """
    serif, sans = (tuple(name for name in family if name in there) for family in (SERIF, SANS))
    if language == "zh" and not serif + sans:
        message = N_("This machine has no font with Chinese letters that a PDF could be set in.")
        remedy = N_("Install one, such as Noto Sans CJK SC, or write the HTML page.")
        raise QinwuError([Finding("no-chinese-font", "error", message, remedy, Place(key="--pdf"), {"known": ", ".join(SANS)})])
    return (*serif, *sans, *LATIN), (*sans, *serif, *LATIN)


def _typst() -> Any:
    try:
        import typst
    except ImportError as error:
        message = N_("A PDF needs {library}, which is not installed.")
        values = {"library": "typst", "command": INSTALL}
        raise QinwuError([Finding("missing-extra", "error", message, N_("Run: {command}"), values=values)]) from error
    return typst
