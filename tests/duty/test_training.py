"""Training effect: a declared factor with a range and a source, and its mean over the officers in crews."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem, TrainingEffect
from qinwu.duty.training import mean_factor, training_pace
from qinwu.findings import QinwuError
from qinwu.judge.targets.standing import Standing
from qinwu.station.station import Station
from qinwu.station.toml_file import validate
from tests.duty.small_systems import quarters
from tests.stations import nine_atoms

SOURCE = "own record of mediations, 2025"


def with_training(**values: Any) -> DutySystem:
    """Return the four-beat system with an effect of training."""
    effect = {"id": "mediation", "skill": "mediation", "factor": 0.8, "source": SOURCE, **values}
    data = quarters().model_dump(exclude_unset=True)
    return validate({**data, "dispatch": {**data["dispatch"], "training": [effect]}}, DutySystem, "trained.toml")


def station(trained: int) -> Station:
    """Return the nine-atom station where so many of the officers, in file order, are trained."""
    made = nine_atoms()
    officers = tuple(
        replace(one, skills=one.skills | {"mediation"} if at < trained else one.skills - {"mediation"})
        for at, one in enumerate(made.force)
    )
    return replace(made, force=replace(made.force, officers=officers))


def paces(made: Station, system: DutySystem) -> np.ndarray[Any, Any]:
    """Return what a compiled plan multiplies times by."""
    return compile_plan(made, system).dispatching.pace


def test_without_an_effect_nothing_changes() -> None:
    """A factor of 1 is the default, and multiplies everything by 1."""
    assert (paces(station(3), with_training(factor=1.0)) == 1.0).all()
    assert TrainingEffect(id="x", skill="y", source=SOURCE).factor == 1.0


def test_the_mean_follows_who_is_trained() -> None:
    """Nobody trained: no effect; everybody: the whole factor; some: in proportion, whatever the call."""
    system = with_training()
    everybody = len(nine_atoms().force.officers)
    assert (paces(station(0), system) == 1.0).all()
    assert paces(station(everybody), system) == pytest.approx(0.8)
    made = station(2)
    crews = Standing.of(made, system).crews
    inside = {one.id: "mediation" in one.skills for crew in crews for one in crew.officers}
    share = sum(inside.values()) / len(inside)
    assert 0.0 < share < 1.0
    assert paces(made, system) == pytest.approx(1.0 - 0.2 * share)
    assert mean_factor(system.dispatch.training[0], ()) == 1.0


def test_an_effect_is_of_the_calls_it_fits() -> None:
    """Only disputes are quicker, and two effects that fit multiply."""
    effect = with_training(calls={"kind": ["dispute"]}).dispatch.training[0]
    made = station(len(nine_atoms().force.officers))
    classes = made.config.call_class
    crews = Standing.of(made, with_training()).crews
    found = training_pace([effect, effect], classes, crews)
    assert {one.id: round(float(found[0, at]), 3) for at, one in enumerate(classes) if one.kind == "dispute"} == {"dispute": 0.64}
    assert all(found[0, at] == 1.0 for at, one in enumerate(classes) if one.kind != "dispute")


@pytest.mark.parametrize(
    ("wrong", "key"), [({"factor": 0.1}, "factor"), ({"factor": 6}, "factor"), ({"source": ""}, "source"), ({"skill": ""}, "skill")]
)
def test_range_and_source_are_required(wrong: dict[str, Any], key: str) -> None:
    """A factor out of range, and one whose source nobody states, are refused with the key."""
    with pytest.raises(QinwuError) as told:
        with_training(**wrong)
    assert key in str(told.value)
