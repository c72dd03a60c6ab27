"""What the hypercube refuses: each problem by its code, with the number of the atom or crew, all of them at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.queueing.cube import hypercube
from qinwu.queueing.numbers import UnstableError
from tests.queueing.hypercubes import random_city, shortened

NAN, INF = float("nan"), float("inf")
Arguments = dict[str, Any]


def asked(**changed: Any) -> Arguments:
    """Return arguments that are right, two atoms and three crews, with some changed."""
    right: Arguments = {"rates": [0.5, 0.25], "preferences": [[0, 1, 2], [2, 1, 0]], "service_rates": [1.0, 1.0, 1.0]}
    return right | changed


def refused(arguments: Arguments) -> QinwuError:
    """Return the error that the arguments are answered with."""
    with pytest.raises(QinwuError) as raised:
        hypercube(**arguments)
    return raised.value


def test_right_arguments_are_answered() -> None:
    """What the other tests change is not wrong to begin with."""
    assert hypercube(**asked()).workload.sum() == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"rates": [0.5, -0.25]}, "number-out-of-range", "rates of atom 1 is -0.25"),
        ({"rates": [NAN, 0.25]}, "number-out-of-range", "rates of atom 0 is nan"),
        ({"rates": [0.5, INF]}, "number-out-of-range", "rates of atom 1 is inf"),
        ({"rates": [0.0, 0.0]}, "number-out-of-range", "rates of all atoms"),
        ({"service_rates": [1.0, 0.0, 1.0]}, "number-out-of-range", "service_rates of crew 1 is 0"),
        ({"service_rates": [1.0, 1.0, NAN]}, "number-out-of-range", "service_rates of crew 2 is nan"),
        ({"service_rates": [-1.0, 1.0, 1.0]}, "number-out-of-range", "service_rates of crew 0 is -1"),
        ({"preferences": [[0, 1, 2], [2, 3, 0]]}, "no-such-crew", "atom 1 name crew 3; there are crews 0 to 2"),
        ({"preferences": [[0, -2, 2], [2, 1, 0]]}, "no-such-crew", "atom 0 name crew -2"),
        ({"preferences": [[0, 1, 2], [2, 10**15, 0]]}, "no-such-crew", "atom 1 name crew 1000000000000000"),
        ({"preferences": [[0, 1, 2], [2, 0, 2]]}, "crew-named-twice", "atom 1 name crew 2 twice"),
        ({"preferences": [[-1, -1, -1], [2, 1, 0]], "line": "zero"}, "nobody-serves", "Atom 0 has calls"),
        ({"preferences": [[0, -1, 2], [2, 1, 0]], "line": "zero"}, "gap-in-list", "atom 0 go on after a -1"),
        ({"preferences": [[0, 1, 2], [2, 1, -1]]}, "partial-list-waits", "atom 1 leaves out crews"),
        ({"preferences": [[0, 1], [2, 1]]}, "partial-list-waits", "atom 0 leaves out crews"),
        ({"preferences": [[0.5, 1.0, 2.0], [2.0, 1.0, 0.0]]}, "not-one-of", "float64; expected one of: int"),
        ({"preferences": [[0, 1, 2]]}, "wrong-shape", "preferences has shape (1, 3)"),
        ({"preferences": [[0, 1, 2, -1], [2, 1, 0, -1]]}, "wrong-shape", "preferences has shape (2, 4)"),
        ({"rates": []}, "wrong-shape", "rates has shape (0,)"),
        ({"rates": [[0.5, 0.25]]}, "wrong-shape", "rates has shape (1, 2)"),
        ({"service_rates": 1.0}, "wrong-shape", "service_rates has shape ()"),
        ({"ties": [[True, False, False], [False, False, False]]}, "tie-with-nobody", "ties of atom 0"),
        ({"ties": [[False, False], [False, False]]}, "wrong-shape", "ties has shape (2, 2)"),
        ({"travel": [[1.0, 2.0]]}, "wrong-shape", "travel has shape (1, 2); expected (3, 2)"),
        ({"travel": [[1.0, 2.0], [1.0, -2.0], [1.0, 2.0]]}, "number-out-of-range", "travel of crew 1, atom 1 is -2"),
        ({"between": [[0.0, 1.0]]}, "wrong-shape", "between has shape (1, 2); expected (2, 2)"),
        ({"between": [[0.0, 1.0], [NAN, 0.0]]}, "number-out-of-range", "between of atom 1, atom 0 is nan"),
        ({"tol": 0.0}, "number-out-of-range", "tol of hypercube is 0.0"),
        ({"tol": 0.5}, "number-out-of-range", "tol of hypercube is 0.5"),
        ({"tol": NAN}, "number-out-of-range", "tol of hypercube is nan"),
        ({"line": "short"}, "not-one-of", "line is short; expected one of: infinite, zero"),
        ({"method": "fast"}, "not-one-of", "method is fast; expected one of: exact, approximate"),
        ({"method": "approximate", "pair_rates": [0.1, 0.1]}, "not-one-of", "method is approximate; expected one of: exact"),
        ({"pair_rates": [0.1, 0.1]}, "pairs-need-zero-line", "without a line"),
        ({"pair_rates": [0.1], "line": "zero"}, "wrong-shape", "pair_rates has shape (1,); expected (2,)"),
        ({"pair_rates": [0.1, -0.1], "line": "zero"}, "number-out-of-range", "pair_rates of atom 1 is -0.1"),
        ({"travel_in_service": True}, "not-one-of", "there is no travel"),
    ],
)
def test_each_problem_by_its_code_and_number(changed: Arguments, code: str, said: str) -> None:
    """With the place, the value and a remedy, and nothing else wrong."""
    error = refused(asked(**changed))
    assert {finding.code for finding in error.findings} == {code}
    assert said in str(error)
    assert all(finding.remedy for finding in error.findings)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Rates, service rates, travel, lists and ties: seven problems, seven findings."""
    error = refused(
        {
            "rates": [-1.0, NAN, 1.0],
            "preferences": [[0, 7, 1], [1, 1, 0], [-1, 0, 1]],
            "service_rates": [1.0, 1.0, 0.0],
            "travel": [[1.0, 1.0, 1.0], [1.0, INF, 1.0], [1.0, 1.0, 1.0]],
        }
    )
    assert [finding.code for finding in error.findings] == [
        *["number-out-of-range"] * 4,
        "no-such-crew",
        "crew-named-twice",
        "gap-in-list",
    ]
    assert [finding.place.key for finding in error.findings] == ["rates"] * 2 + ["service_rates", "travel"] + ["preferences"] * 3


def test_all_wrong_shapes_are_said_at_once() -> None:
    """Ties, travel and times between atoms."""
    error = refused(asked(ties=[[False]], travel=[1.0], between=[[1.0]]))
    assert [finding.place.key for finding in error.findings] == ["ties", "travel", "between"]


@pytest.mark.parametrize("method", ["exact", "approximate"])
@pytest.mark.parametrize("rates", [[2.0, 1.0], [2.5, 3.5]])
def test_more_calls_than_can_be_finished(rates: list[float], method: str) -> None:
    """At capacity and above a line grows for ever; without one there is an answer."""
    with pytest.raises(UnstableError) as raised:
        hypercube(**asked(rates=rates, method=method))
    (finding,) = raised.value.findings
    assert (finding.code, finding.values["capacity"]) == ("no-steady-state", "3")
    assert f"{sum(rates):g} calls" in str(raised.value)
    assert hypercube(**asked(rates=rates, method=method, line="zero")).p_lost > 0.1


@pytest.mark.parametrize(("crews", "more"), [(29, {}), (21, {"pair_rates": np.ones(2), "line": "zero"})])
def test_too_many_crews_for_all_their_states(crews: int, more: Arguments) -> None:
    """Twenty-eight crews at most, twenty with pair calls; approximately any number."""
    lists = np.tile(np.arange(crews), (2, 1))
    error = refused({"rates": [1.0, 1.0], "preferences": lists, "service_rates": np.ones(crews)} | more)
    assert error.findings[0].code == ("pairs-need-zero-line" if more else "too-many-crews-for-exact")
    assert hypercube([1.0, 1.0], lists, np.ones(crews), method="approximate").workload.sum() == pytest.approx(2.0)


def test_too_many_equals() -> None:
    """Fifteen crews in one place of a list have too many subsets; approximately they do not matter."""
    lists, ties = np.arange(15)[None], np.arange(15)[None] > 0
    error = refused({"rates": [1.0], "preferences": lists, "service_rates": np.ones(15), "ties": ties})
    (finding,) = error.findings
    assert (finding.code, finding.values["atom"], finding.values["size"]) == ("too-many-tied", 0, 15)
    assert hypercube([1.0], lists, np.ones(15), ties=ties, method="approximate").workload == pytest.approx(np.full(15, 1 / 15))


def test_no_convergence_says_how_far_it_came() -> None:
    """The approximation gives up where one crew works a thousand times as fast as the other."""
    error = refused(
        {"rates": [200.0, 300.0], "preferences": [[0, 1], [1, 0]], "service_rates": [1.0, 1000.0], "method": "approximate"}
    )
    (finding,) = error.findings
    assert finding.code == "not-converged"
    assert float(str(finding.values["residual"])) > 1e-6


def test_more_calls_than_the_listed_crews_can_finish() -> None:
    """Refused, although all crews together could finish them."""
    city = shortened(random_city(6, 0.5, seed=1), 1)
    near = np.bincount(city.preferences[:, 0], city.rates, 6)
    error = refused(
        {
            "rates": city.rates * 1.2 / near.max(),
            "preferences": city.preferences,
            "service_rates": city.service_rates,
            "method": "approximate",
        }
    )
    assert error.findings[0].code in {"crew-overloaded", "not-converged"}


def test_owners_are_one_for_each_atom() -> None:
    """Beats are checked too; an atom in nobody's beat counts as outside."""
    result = hypercube(**asked())
    with pytest.raises(QinwuError) as raised:
        result.inter_beat_share([0, 1, 2])
    assert [finding.code for finding in raised.value.findings] == ["wrong-shape"]
    assert result.inter_beat_share([-1, -1]) == 1.0


@pytest.mark.parametrize("rates", [[2.2, 0.2], [1.0, 1.5]])
def test_calls_that_few_may_serve_are_called_too_many(rates: list[float]) -> None:
    """Four crews could finish everything, but not the two who may go to the first atom, or the one for the second."""
    lists = [[0, 1, -1, -1], [2, -1, -1, -1]]
    with pytest.raises(UnstableError) as raised:
        hypercube(rates, lists, np.ones(4), method="approximate")
    assert raised.value.findings[0].code == "crew-overloaded"


@pytest.mark.parametrize("wrong", [{"rates": ["many", 1.0]}, {"preferences": [[0], [0, 1]]}])
def test_what_is_no_table_of_numbers_is_said(wrong: Arguments) -> None:
    """Words and rows of different lengths are findings, not tracebacks."""
    assert refused(asked(**wrong)).findings[0].code == "not-one-of"


def test_calls_for_two_alone_are_enough() -> None:
    """Rates of single calls may all be 0 where there are calls for two."""
    answer = hypercube([0.0], [[0, 1]], [1.0, 1.0], line="zero", pair_rates=[0.5])
    assert answer.workload == pytest.approx([1 / 3, 1 / 3], abs=0.2)
