"""Every report can be printed: the claim on top, its tables and drawings below, in either language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qinwu.report.printed import Report, printed
from qinwu.report.typeset.pdf import write_pdf
from tests.report.answers import analysis_report, staffing_report
from tests.report.test_claims import articles
from tests.report.test_evaluation import pilot
from tests.report.test_evaluation import report as evaluation
from tests.report.test_organisation import report as organisation

REPORTS: dict[str, Callable[[], Report]] = {
    "claims": lambda: articles("en"),
    "organisation": lambda: organisation("en"),
    "evaluation": lambda: evaluation(0.4),
    "pilot": lambda: pilot("en"),
    "analysis": lambda: analysis_report("en"),
    "staffing": lambda: staffing_report("en"),
}


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_is_printed_with_claim_deck_and_tables(kind: str, tmp_path: Path) -> None:
    """What stands on top of the page stands on top of the paper; there is at least one table; the file is a PDF."""
    report = REPORTS[kind]()
    document = printed(report)
    assert document.claim
    assert document.claim in report.headline()
    assert document.tables
    assert all("{" not in said for said in (document.claim, *document.deck, *document.notes))
    write_pdf(tmp_path / "a.pdf", document)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_no_report_is_not_printed() -> None:
    """Anything else is a mistake of the caller."""
    with pytest.raises(TypeError):
        printed(1)  # type: ignore[arg-type]
