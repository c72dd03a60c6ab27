"""``qinwu plan sectors``: neighbouring beats under sergeants, as a duty file to try and to sign."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from cyclopts import Parameter

from qinwu.cli.answering import between, read_with
from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.language import default_language, said

USUAL_S = 10.0
TITLE = ("警务区划分建议", "Proposed sectors")
ABOUT = (
    "相邻责任区组成的警务区和警长；其余与现行制度相同。",
    "Sectors of neighbouring beats and their sergeants; all else is as in force.",
)


def sectors(
    folder: Folder,
    *,
    count: Annotated[int | None, Parameter(help=said("How many; as many as today by default."))] = None,
    within: Annotated[float, Parameter(help=said("Hours of each sector within this share of their mean."))] = 0.25,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan sectors."""
    language = lang or default_language()
    out = out.of(folder, "sectors", language)
    wrong = [
        *spend.findings(),
        *out.findings(folder),
        *between("--count", count, 1, 1000),
        *between("--within", within, 0.001, 10.0),
    ]
    from qinwu.plan.beats.sectoring import sectors_in_force
    from qinwu.plan.beats.workload import workload
    from qinwu.report.plans.sectors import sectors_report
    from qinwu.simulate.trial import prepare_one

    station, loaded, plan = read_with(wrong, lambda: prepare_one(folder))
    work = workload(station, loaded.system, plan)
    with running(said("Drawing sectors"), spend, USUAL_S, language) as effort:
        answer = sectors_in_force(station, loaded.system, work, effort, count, within)
    report = sectors_report(answer, language, datetime.now().astimezone())
    finish(report, proposal(station, out, answer.part(), TITLE, ABOUT, ("sector",)), folder, out)
