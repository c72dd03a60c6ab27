"""``qinwu plan deploy``: whole crews moved in time and between stations, so that duty follows demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter

from qinwu.cli.answering import between, read_with
from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.cli.terminal import show
from qinwu.findings import Finding
from qinwu.language import N_, default_language, said

USUAL_S = 60.0
TITLE = ("警力调整方案", "Crews moved to where and when calls come")
ABOUT = (
    "整组调整值勤时段或所属派出所，使警力跟着警情走；每人每周工时不变，休息规定和最低在岗人数不变。",
    "Whole crews work other hours or at another station, so that duty follows demand; hours a week, rest and least cover stay.",
)


@dataclass(frozen=True)
class Asked:
    """What a chief accepts."""

    moves: Annotated[int, Parameter(help=said("Moves accepted at most."))] = 3
    least: Annotated[int, Parameter(help=said("Officers on duty at each station at any time."))] = 2
    pack: Annotated[str, Parameter(help=said("Rule pack: one of Qinwu, or a file."))] = "cn_mainland_sample"
    replications: Annotated[int, Parameter(help=said("How often to simulate as confirmation; 0 for not at all."))] = 10
    days: Annotated[int | None, Parameter(help=said("Use only the last so many days of calls."))] = None
    system: Annotated[str, Parameter(help=said("Duty system: a name in duty/, or preset:ID; the current one by default."))] = ""

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [
            *between("--moves", self.moves, 1, 6),
            *between("--least", self.least, 1, 100),
            *between("--replications", self.replications, 0, 1_000),
            *between("--days", self.days, 1, 100_000),
        ]


ASKED = Asked()


def deploy(
    folder: Folder,
    *,
    asked: Annotated[Asked, Parameter(name="*")] = ASKED,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan moves of whole crews so that duty follows demand."""
    from qinwu.duty.roster_rules.packs import read_pack
    from qinwu.forecast.deploy.deployment import foresee_deploy
    from qinwu.plan.deploy.planning import Question, plan_moves
    from qinwu.report.plans.deploy import deploy_report
    from qinwu.simulate.engine import engine_named
    from qinwu.simulate.trial import prepare_one

    language = lang or default_language()
    out = out.of(folder, "deploy", language)
    wrong = [*asked.findings(), *spend.findings(), *out.findings(folder)]
    (station, loaded, plan), pack = read_with(wrong, lambda: (prepare_one(folder, asked.system), read_pack(asked.pack)))
    show([one for one in station.findings if one.severity == "warning"][:6], language)
    told = foresee_deploy(station, loaded.system, plan, days=asked.days, least=asked.least, seed=spend.seed)
    runs = (asked.moves + 2) * asked.replications * len(station.calls)
    with running(said(N_("Choosing moves of crews")), spend, USUAL_S, language) as effort:
        question = Question(
            station, loaded.system, plan, asked.moves, asked.least, pack,
            days=asked.days, replications=asked.replications, engine=engine_named("local", 0, runs, effort.stop),
        )  # fmt: skip
        moves = plan_moves(question, effort)
    part = moves.part()
    duty = proposal(station, out, part, TITLE, ABOUT, replaces=()) if part and not asked.system else None
    finish(deploy_report(told, moves, language, datetime.now().astimezone()), duty, folder, out)
