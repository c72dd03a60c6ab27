"""Follow-up: who does the work a call leaves behind."""

from __future__ import annotations

import pytest

from qinwu.duty.compile import compile_plan
from qinwu.findings import QinwuError
from tests.duty.small_systems import Table, quarters, squad
from tests.stations import nine_atoms


def owners(*rules: Table, **changes: object) -> dict[str, list[int]]:
    plan = compile_plan(nine_atoms(), quarters(**{"follow_up": rules, **changes}))
    return dict(zip(plan.call_classes, plan.follow_up.owner.tolist(), strict=True))


def test_without_rules_the_crew_that_went_keeps_the_work() -> None:
    """Every class and atom has -1."""
    assert owners()["theft"] == [-1] * 9


def test_the_beat_officer_has_what_happens_in_the_beat() -> None:
    """Work goes to the crew of each atom's beat, by the first rule that fits; a beat without a crew keeps it where it is."""
    found = owners({"calls": {"call_class": ["theft"]}, "who": "own_beat"})
    assert found["theft"] == [0, 0, 1, 2, 2, 1, 2, 3, 3]
    assert found["help"] == [-1] * 9
    beats = [{"id": "sw", "atoms": ["a1"], "officer": "P01"}]
    assert owners({"who": "own_beat"}, beat=beats, sector=[], pair=[])["help"] == [0] + [-1] * 8


def test_squads_share_work_as_groups() -> None:
    """Two squads with follow-up work are groups 0 and 1 in the order in which rules name them."""
    rules = [{"calls": {"kind": ["enforcement"]}, "who": "squad:duty"}, {"who": "squad:community"}]
    plan = compile_plan(nine_atoms(), quarters(follow_up=rules))
    assert plan.follow_up.owner[:, 0].tolist() == [-2, -2, -3, -3, -3]
    assert plan.follow_up.group.tolist() == [[0] * 4 + [1] * 4 + [0], [1] * 4 + [0] * 5]


@pytest.mark.parametrize(
    ("who", "code"),
    [("partner", "unknown-follow-up"), ("squad:dutty", "unknown-squad"), ("squad:office", "follow-up-without-crew")],
)
def test_words_that_name_nobody(who: str, code: str) -> None:
    """Unknown words, unknown squads and squads without crews are each told."""
    squads = [*(one.model_dump() for one in quarters().squad), squad("office", "desk", officers=["C01"])]
    with pytest.raises(QinwuError) as caught:
        owners({"who": who}, squad=squads)
    assert [(finding.code, finding.place.key) for finding in caught.value.findings if finding.severity == "error"] == [
        (code, "follow_up[0].who")
    ]
