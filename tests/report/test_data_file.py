"""JSON: the comparison for programs, byte for byte the same for the same comparison."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

from qinwu.report import headline, write_json
from qinwu.simulate.measures.value import Key
from tests.report.reports import small_report


def test_figures_and_differences_are_those_of_the_comparison(tmp_path: Path) -> None:
    """Every figure comes back exactly; what is not a number is null."""
    report = small_report()
    write_json(tmp_path / "a.json", report)
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert len(data["figures"]) == sum(len(outcome.keys) for outcome in report.outcomes)
    for row in data["figures"]:
        expected = report.comparison.outcome(row["system"]).values(Key(row["measure"], row["by"], row["group"], row["statistic"]))
        assert row["mean"] is None or math.isclose(row["mean"], expected[~(expected != expected)].mean(), rel_tol=1e-12)
    assert len(data["differences"]) == len(report.comparison.differences)
    assert data["synthetic"] is True
    assert data["seed"] == 7
    assert data["replications"] == 3
    assert data["headline"] == {language: headline(report, language) for language in ("zh", "en")}


def test_same_comparison_same_bytes(tmp_path: Path) -> None:
    """Neither the clock nor the time it took is in the data."""
    write_json(tmp_path / "a.json", small_report())
    write_json(tmp_path / "b.json", replace(small_report(), elapsed_s=99.0))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
