"""Rosters of the sample stations against the same question given whole to CP-SAT, repairs of a sick call, and patterns in figures.

Every roster is judged by the auditor, which shares no code with the search. Run:
``python -m benchmarks.plan.station_rosters [SECONDS] [--docs]``; ``--docs`` puts the tables into docs/how-to/plan-roster.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

from qinwu.duty.reading import read_system
from qinwu.duty.roster_rules.packs import read_pack
from qinwu.findings import QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.roster.asking import Asked
from qinwu.plan.roster.build import build
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.pattern_check import check_pattern, rules_broken_by
from qinwu.plan.roster.patterns import parse_pattern
from qinwu.plan.roster.people import Absence
from qinwu.plan.roster.planning import RosterPlan, plan_roster
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.repair import repair
from qinwu.station.folder import read_station
from qinwu.station.sample import SampleKind, write_sample

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "plan-roster.md"
BEGIN, END = "<!-- table: benchmarks/plan/station_rosters.py -->", "<!-- end of table -->"
FIRST, DAYS = date(2025, 9, 1), 28
SICK = date(2025, 9, 10)
PATTERNS: tuple[tuple[str, int | None], ...] = (
    ("24/48", 3),
    ("24/72", 4),
    ("24/36", 4),
    ("三班倒", None),
    ("四班三运转", None),
    ("两白一夜", None),
    ("值一备一休一", None),
)


@dataclass(frozen=True)
class Month:
    """A station's month: its sample, pack and pattern, officers at any time, and how many are on leave for a week each."""

    name: str
    kind: str
    pack: str = "cn_mainland_sample"
    pattern: str = ""
    least: int = 2
    away: int = 0

    def question(self, folder: Path) -> Question:
        """Return the question of four weeks."""
        if not folder.is_dir():
            write_sample(folder, cast("SampleKind", self.kind))
        station = read_station(folder)
        system = read_system(station.config.current, folder).system
        pattern = parse_pattern(self.pattern) if self.pattern else None
        asked = Asked(station, system, read_pack(self.pack), FIRST, DAYS, pattern=pattern, least=self.least)
        question = asked.question()[0]
        front = [one.id for one in question.officers if one.post == "front_line"]
        leave = [
            Absence(name, "leave", question.day(7 * (turn % 4)), question.day(7 * (turn % 4) + 6))
            for turn, name in enumerate(front[:: max(len(front) // max(self.away, 1), 1)][: self.away])
        ]
        return replace(question, people=replace(question.people, absences=tuple(leave)))


MONTHS = (
    Month("station13, 24-hour duty", "station13", pattern="24/48"),
    Month("rural", "rural"),
    Month("town", "town"),
    Month("town, six on leave", "town", away=6),
)
REFUSED = (Month("station13", "station13"), Month("station13, eight hours", "station13", "cn_labour_baseline"))


def main() -> None:
    """Print all tables."""
    numbers = [float(word) for word in sys.argv[1:] if word != "--docs"]
    seconds = numbers[0] if numbers else 10.0
    with tempfile.TemporaryDirectory() as name:
        parts = [patterns(), refusals(Path(name)), months(Path(name), seconds)]
    text = "\n\n".join(parts)
    print(text)
    if "--docs" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def patterns() -> str:
    """Return what patterns are, and the hard rules of the sample pack that they break."""
    rows = [
        "| pattern | groups | groups in turn | hours a week | on at once | shortest rest, h | hard rules broken | possible |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    pack = read_pack()
    for text, groups in PATTERNS:
        check = check_pattern(parse_pattern(text, groups))
        pattern = check.pattern
        hard = ", ".join(sorted({one.rule_id for one in rules_broken_by(pattern, pack) if one.hard})) or "none"
        instead = "; ".join(f"{each.groups} groups {each.name} ({each.hours_per_week:.0f} h)" for each in check.nearest)
        figures = f"{pattern.groups_in_turn:.3g} | {pattern.hours_per_week:.1f} | {check.on.min():g}–{check.on.max():g}"
        possible = "yes" if check.possible else f"no: {instead}"
        rows.append(f"| {text} | {pattern.groups} | {figures} | {check.shortest_rest_h:g} | {hard} | {possible} |")
    return "\n".join(rows)


def refusals(folder: Path) -> str:
    """Return why two rosters cannot be, and the ways out that are offered."""
    rows = ["| month | why not | ways out |", "| --- | --- | --- |"]
    for month in REFUSED:
        try:
            plan_roster(month.question(folder / month.kind), Effort(seconds=5.0))
        except QinwuError as error:
            said = [one.text("en") for one in error.findings]
            rows.append(f"| {month.name} | {said[0].removeprefix('needs: ')} | {' '.join(said[1:])} |")
    return "\n".join(rows)


def months(folder: Path, seconds: float) -> str:
    """Return a row for each month: what was reached, what CP-SAT reaches given the whole, and a repair."""
    rows = [
        "| month | officers | seconds | cost | proven bound | CP-SAT, whole | its bound | hours a week | broken | a sick week |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for month in MONTHS:
        question = month.question(folder / month.kind)
        started = time.perf_counter()
        plan = plan_roster(question, Effort(seconds=seconds))
        took = time.perf_counter() - started
        rows.append(_row(month, question, plan, took, seconds))
        print(rows[-1], flush=True)
    return "\n".join(rows)


def _row(month: Month, question: Question, plan: RosterPlan, took: float, seconds: float) -> str:
    whole = RosterModel(build(_kept(question, plan)).problem).solve(seconds)
    proof = plan.proof
    cost, bound = (proof.value, proof.bound) if proof else (float("nan"), float("nan"))
    hours = [share.week_h for share in plan.shares if share.posts != ("lead",)]
    broken = sum(one.hard for one in plan.broken)
    theirs = f"{whole.value:.0f} | {whole.bound:.0f}" if whole.roster is not None else "none found | "
    figures = f"{took:.1f} | {cost:.0f} | {bound:.0f} | {theirs} | {min(hours):.1f}–{max(hours):.1f} | {broken}"
    return f"| {month.name} | {len(question.officers)} | {figures} | {_sick_week(question, plan, seconds)} |"


def _kept(question: Question, plan: RosterPlan) -> Question:
    """Return a question without the soft rules that any team gave up: CP-SAT is not asked for more than was kept."""
    return question.without(frozenset(rule.id for rule in plan.dropped))


def _sick_week(question: Question, plan: RosterPlan, seconds: float) -> str:
    """Return how many officer-days change when somebody of the front line is sick for a week."""
    who = next(share.officer for share in plan.shares if share.posts != ("lead",) and share.duties)
    away = Absence(who, "sick", SICK, date.fromordinal(SICK.toordinal() + 6))
    ill = replace(question, people=replace(question.people, absences=(*question.people.absences, away)))
    try:
        done = repair(ill, plan.roster, SICK, Effort(seconds=seconds))
    except QinwuError:
        return "no repair"
    proof = done.plan.proof
    proven = ", proven fewest" if proof is not None and proof.status == "optimal" else ""
    return f"{len(done.changes)} changes{proven}"


if __name__ == "__main__":
    main()
