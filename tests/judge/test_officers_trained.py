"""Before and after training: medians of a group, never of a person, and nothing of too few."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qinwu.judge.officers.trained import Case, before_after

DAY = date(2026, 3, 1)
GROUP = tuple((name, DAY) for name in ("P1", "P2", "P3"))


def cases(before: list[float], after: list[float], group: tuple[tuple[str, date], ...] = GROUP) -> list[Case]:
    """Return calls of a group, a day before it was trained and the day of it."""
    early = [Case(DAY - timedelta(days=1), minutes, group) for minutes in before]
    return early + [Case(DAY, minutes, group) for minutes in after]


def test_medians_of_both_halves() -> None:
    """One long call moves no median, and the day of the certificate counts as since."""
    found = before_after(cases([20, 30, 40, 30, 900], [10, 20, 15, 15, 30, 15]))
    assert (found.before, found.after, found.before_min, found.after_min) == (5, 6, 30, 15)
    assert found.ratio == pytest.approx(0.5)


def test_one_or_two_officers_are_no_group() -> None:
    """However many calls there are, no figure is shown that would be a person's."""
    found = before_after(cases([20.0] * 50, [10.0] * 50, GROUP[:2]))
    assert (found.trouble, found.officers, found.before_min, found.ratio) == ("officers", 2, None, None)


@pytest.mark.parametrize(("before", "after"), [(4, 50), (50, 4), (0, 0)])
def test_too_few_calls_say_nothing(before: int, after: int) -> None:
    """Each half needs five calls; the counts are told all the same."""
    found = before_after(cases([20.0] * before, [10.0] * after))
    assert found.ratio is None
    assert (found.before, found.after) == (before, after)
    assert found.trouble is not None


def test_a_crew_is_trained_as_soon_as_one_of_it_is() -> None:
    """Of a crew of two the first to have the skill decides; crews with nobody of the group do not count."""
    later = DAY + timedelta(days=30)
    mixed = (("P1", DAY), ("P2", later))
    assert Case(DAY, 10.0, mixed).after
    assert not Case(DAY - timedelta(days=1), 10.0, mixed).after
    assert before_after([Case(DAY, 10.0, ())]).after == 0
