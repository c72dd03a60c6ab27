"""Part: a roster as tables of a duty file, so that ``compare`` can try its cover on the station's calls.

A duty file knows patterns that repeat, not dates, and crews, not names. So

* an officer whose crew answers for a beat becomes a squad of one (with the auxiliary that rides along today), whose pattern is the
  officer's own line of the roster;
* any other post becomes places in its watches: place 3 of a watch is filled on the days on which the roster has three crews there;
* a post whose squad the dispatch rules name keeps the pattern that it has, if its crews are those of beats.

What is lost: the pattern begins anew after the last day; who rides in which place is not said; auxiliaries of beats stay with the
officer they ride with today; leaders on duty are in no crew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from qinwu.duty.crews import BY_BEAT, Crew, form_crews
from qinwu.duty.staffing import staff
from qinwu.duty.system import Crews, DutySystem, Squad
from qinwu.plan.roster.needs import LEAD
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster
from qinwu.station.force import Force

LONGEST_PATTERN = 84
WEEK_DAYS = 7
Table = dict[str, Any]
Tables = dict[str, list[Table]]
KEPT = ("patrol", "priorities", "counts_for_reserve")
"""What the crews of a roster keep of the rule they come from."""


def duty_part(question: Question, roster: Roster) -> Tables:
    """Return a roster as watches, patterns, squads and crews, laid over the system it was made for.

    Parameters
    ----------
    question
        With the system in force; without one, or with posts that are none of its crews rules, nothing is returned.
    roster
        Its answer. One that is not whole weeks long is cut to whole weeks, at most twelve.
    """
    system = question.system
    rules = {rule.id: rule for rule in system.crews} if system else {}
    posts = [post.id for post in question.needs.posts if post.id != LEAD and question.needs.of(post.id)]
    if system is None or not set(posts) <= set(rules):
        return {}
    tables: Tables = {"watch": [], "pattern": [], "squad": [], "crews": [], "assumption": []}
    known = {watch.id for watch in system.watch}
    new = {shift.watch.id: shift.watch for shift in roster.shifts if shift.watch.id not in known and shift.post != LEAD}
    tables["watch"] += [watch.model_dump(exclude_none=True) for watch in new.values()]
    for post in posts:
        rule = rules[post]
        if rule.form in BY_BEAT and _named(system, rule.squad):
            continue
        lines = _of_beats(question, system, roster, rule) if rule.form in BY_BEAT else _places(question, roster, rule)
        tables["crews"].append({"id": rule.id, "remove": True})
        tables["assumption"] += _unexplained(system, rule)
        for pattern, squads, crews in lines:
            tables["pattern"].append(pattern)
            tables["squad"] += squads
            tables["crews"].append(crews)
    return {name: items for name, items in tables.items() if items}


def _places(question: Question, roster: Roster, rule: Crews) -> Iterator[tuple[Table, list[Table], Table]]:
    """Yield each place of each watch of a post: its pattern, no squad, its crews."""
    sworn = np.array([one.kind == "sworn" for one in question.officers], dtype=np.bool_)
    for number, need in enumerate(question.needs.needs):
        if need.post != rule.id:
            continue
        on = roster.at == number
        people, officers = on.sum(axis=0), on[sworn].sum(axis=0)
        crews = np.minimum(officers, -(-people // rule.people))
        for place in range(int(crews.max(initial=0))):
            filled = crews > place
            size = round(float((people[filled] / crews[filled]).mean()))
            name = f"{rule.id}-{need.watch.id}-{place + 1}"
            days = from_monday(roster, [need.watch.id if flag else "off" for flag in filled.tolist()])
            yield _pattern(name, days), [], _crews(rule, name, rule.squad, "team", max(1, min(size, rule.people)))


def _of_beats(question: Question, system: DutySystem, roster: Roster, rule: Crews) -> Iterator[tuple[Table, list[Table], Table]]:
    """Yield the line of each officer who answers for a beat: its pattern, a squad of its own, its crews."""
    squad = next(one for one in system.squad if one.id == rule.squad)
    yielded = False
    for crew in _crews_today(question, system, rule.id):
        leader = crew.officers[0].id
        if leader not in roster.officers:
            continue
        name = f"{rule.id}-{leader}"
        line = [roster.shift(roster.officers.index(leader), day) for day in range(roster.days)]
        days = from_monday(roster, [shift.watch.id if shift and shift.post == rule.id else "off" for shift in line])
        squads = [_squad(squad, name, crew)] if yielded else [{"id": squad.id, "remove": True}, _squad(squad, name, crew)]
        yielded = True
        yield _pattern(name, days), squads, _crews(rule, name, name, rule.form, crew.people)


def _unexplained(system: DutySystem, rule: Crews) -> list[Table]:
    """Return the assumptions that explain what the roster takes away: the crews, and squads that it divides."""
    gone = (f"crews.{rule.id}", *((f"squad.{rule.squad}",) if rule.form in BY_BEAT else ()))
    keys = [one.key for one in system.assumption]
    return [{"key": key, "remove": True} for key in keys if any(key == name or key.startswith(f"{name}.") for name in gone)]


def _crews_today(question: Question, system: DutySystem, rule: str) -> list[Crew]:
    """Return the crews of a rule as the system forms them on the first day."""
    crews, _ = form_crews(system, staff(Force(question.people.officers), system, question.first), ())
    return [crew for crew in crews if crew.rule == rule]


def _named(system: DutySystem, squad: str) -> bool:
    """Return whether dispatch rules, follow-up or work name a squad, which then must stay, or other crews are made of it."""
    tiers = [tier.who for order in system.dispatch.order for tier in (*order.tiers, *order.support)]
    words = [*tiers, *(rule.who for rule in system.follow_up), *(work.who for work in system.work)]
    return f"squad:{squad}" in words or sum(rule.squad == squad for rule in system.crews) > 1


def _pattern(name: str, days: Sequence[str]) -> Table:
    return {"id": name, "days": list(days), "groups": 1, "step": 0}


def _squad(squad: Squad, name: str, crew: Crew) -> Table:
    kept = squad.model_dump(exclude_none=True, exclude={"id", "officers", "staff", "head", "skills"})
    return {**kept, "id": name, "officers": [one.id for one in crew.officers]}


def _crews(rule: Crews, name: str, squad: str, form: str, people: int) -> Table:
    kept = {key: getattr(rule, key) for key in KEPT}
    count = {"count": 1} if form == "team" else {}
    return {"id": name, "squad": squad, "form": form, "people": people, "sworn": 1, "pattern": name, **count, **kept}


def from_monday(roster: Roster, days: Sequence[str]) -> list[str]:
    """Return days of a roster as whole weeks from a Monday on, at most twelve, each on its own weekday.

    Days before the first Monday come round at the end, where the pattern begins anew.
    """
    whole = min(max(len(days) // WEEK_DAYS, 1) * WEEK_DAYS, LONGEST_PATTERN)
    turned = np.roll(np.resize(np.array(days, dtype=object), whole), roster.first.weekday())
    return [str(day) for day in turned]
