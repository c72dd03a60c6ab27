"""Split: a roster problem falls into parts whose people share no need, no fair share and no partner; each is solved by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qinwu.plan.roster.problem import HARD, Bool, RosterProblem


def parts_of(problem: RosterProblem) -> tuple[Bool, ...]:
    """Return (E,) masks of people, one for each part; together everybody, once.

    Needs that count nobody, ask for nobody and limit nobody join no one.
    """
    tied = [cover.people for cover in problem.cover if cover.need.any() or cover.over > 0.0]
    tied += [balance.people for balance in problem.balance]
    count = len(problem.people)
    tied += [np.isin(np.arange(count), pair) for pair in problem.together]
    part = np.arange(count)
    for mask in tied:
        if mask.any():
            joined = np.isin(part, part[mask])
            part[joined] = part[mask].min()
    return tuple(part == number for number in np.unique(part))


def part_of(problem: RosterProblem, people: Bool) -> RosterProblem:
    """Return the part of a problem that concerns some people.

    Needs of nobody among them stay where they can never be met, so that a part of a problem without a roster has none either.
    """
    number = {old: new for new, old in enumerate(np.flatnonzero(people).tolist())}
    unmet = [cover for cover in problem.cover if cover.under == HARD and cover.need.any() and not cover.people.any()]
    covers = [cover for cover in problem.cover if (cover.people & people).any()]
    by_person = ("minutes_low", "minutes_high", "run_low", "run_high", "off_low", "weekends_high", "night_run_high")
    rows = {name: getattr(problem, name)[people] for name in (*by_person, "allowed", "most", "week_high", "before")}
    return replace(
        problem,
        people=tuple(name for name, here in zip(problem.people, people, strict=True) if here),
        on_cost=problem.on_cost[people],
        off_cost=problem.off_cost[people],
        cover=tuple(replace(cover, people=cover.people[people]) for cover in (*covers, *unmet)),
        together=tuple((number[one], number[other]) for one, other in problem.together if people[one]),
        balance=tuple(
            replace(each, people=each.people[people], before=each.before[people])
            for each in problem.balance
            if (each.people & people).any()
        ),
        **rows,
    )
