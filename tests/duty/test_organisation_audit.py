"""The audit as a whole: pure, complete, and the same in both languages."""

from __future__ import annotations

import pytest

from qinwu.duty.organisation.audit import Audit, audit
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.reading import preset_ids, read_preset
from tests.duty.organisation_charts import chart, county, plain_unit
from tests.stations import CALL_CLASSES, nine_atom_system, officers

COUNTY = {
    "span-too-wide": 1,
    "span-of-officers-too-wide": 2,
    "several-commanders": 2,
    "duty-without-owner": 1,
    "duty-with-two-owners": 1,
    "unaccountable-target": 1,
    "mirrors-hold-too-much": 1,
    "hours-lost": 1,
    "ad-hoc-alarm": 1,
    "basis-repealed": 2,
    "basis-historic": 1,
    "span-over-norm": 1,
    "could-be-merged": 2,
    "ordered-by-nobody": 1,
    "duty-without-basis": 1,
    "money-far-away": 1,
}


@pytest.fixture(scope="module")
def found() -> Audit:
    """The audit of the county bureau."""
    return audit(county())


def test_what_is_wrong_with_the_county(found: Audit) -> None:
    """Every topic finds what was built in, and nothing else."""
    codes = [finding.code for finding in found.findings]
    assert {code: codes.count(code) for code in codes} == COUNTY
    severities = [finding.severity for finding in found.findings]
    assert severities == sorted(severities, key=["warning", "note"].index)


def test_findings_name_unit_rule_and_remedy(found: Audit) -> None:
    """Each finding has a place in the chart, a remedy, and words in both languages with every value filled in."""
    for finding in found.findings:
        assert finding.remedy
        assert finding.place.key.split(".")[0] in ("unit", "squad", "duty", "accountability", "load", "dispatch", "follow_up")
        for language in ("zh", "en"):
            text = finding.text(language)
            assert "{" not in text
        assert finding.text("zh") != finding.text("en")


def test_flagged_units_are_those_with_warnings(found: Audit) -> None:
    """The drawing marks whom a warning names, the station that answers for others' work among them."""
    assert {"bureau", "traffic", "patrol_brigade", "chengguan", "cg_cases", "drugs", "detectives"} == found.flagged


def test_the_audit_is_pure() -> None:
    """The same chart gives the same audit, and is left as it was."""
    system = county()
    assert audit(system) == audit(system)
    assert system == county()


@pytest.mark.parametrize("preset", preset_ids())
def test_every_preset_can_be_audited(preset: str) -> None:
    """Thirteen officers are thirteen posts under every preset, wherever it puts them."""
    result = audit(read_preset(preset).system, officers(6, command=3, administration=4), classes=CALL_CLASSES)
    assert result.establishment.all.total == 13
    assert result.shares.front_line.whole == 13
    assert len(result.calls) == len(CALL_CLASSES)


def test_norms_are_heeded() -> None:
    """A wider norm silences the span, a narrower one speaks."""
    wide = Norms(span=30, span_most=40)
    assert not [each for each in audit(county(), norms=wide).findings if "span" in each.code]
    narrow = audit(nine_atom_system(), officers(8), Norms(span=1, span_most=1))
    assert "span-too-wide" in [each.code for each in narrow.findings]
    assert wide.changed == {"span", "span_most"}


def test_a_chart_of_one_unit() -> None:
    """The least chart has one layer, no span, no share and no finding."""
    result = audit(chart(plain_unit("a")))
    assert (result.shape.layers, result.shape.widest, result.shape.mean) == (1, 0, None)
    assert result.findings == ()
    assert result.without == ()
