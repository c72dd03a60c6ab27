"""``qinwu plan pairs``: who joins whom, by what officers wish and what each adds to the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.cli.plans.starting import earlier_plan
from qinwu.cli.terminal import show
from qinwu.findings import QinwuError, raise_on_errors
from qinwu.language import default_language, said

if TYPE_CHECKING:
    from qinwu.plan.pairs.aims import Aims

USUAL_S = 30.0
TITLE = ("搭档建议", "Proposed pairs")
ABOUT = (
    "由搭档规划得出的责任区搭档：没有两名民警都宁愿改选对方；做不到时，这样的两人最少。",
    "Pairs of beats from the planner: no two officers would both rather have each other; where that cannot be, as few as possible.",
)


@dataclass(frozen=True)
class Asked:
    """What a good pair is."""

    wishes: Annotated[
        Path | None, Parameter(help=said("Sheet of wishes (Excel or CSV): each officer and whom he or she would like, in order."))
    ] = None
    weight_wishes: Annotated[float, Parameter(help=said("Weight of wishes."))] = 2.0
    weight_experience: Annotated[float, Parameter(help=said("Weight of one old with one new."))] = 1.0
    weight_skills: Annotated[float, Parameter(help=said("Weight of what both together can do."))] = 1.0
    weight_shifts: Annotated[float, Parameter(help=said("Weight of shifts that both can work."))] = 1.0
    weight_border: Annotated[float, Parameter(help=said("Weight of beats that border each other."))] = 1.0
    full_gap: Annotated[float, Parameter(help=said("Years between partners beyond which more adds nothing."))] = 10.0
    unnamed: Annotated[
        Literal["last", "never"], Parameter(help=said("Colleagues an officer does not name: last on the list, or never."))
    ] = "last"
    odd: Annotated[Literal["alone", "trio"], Parameter(help=said("Of an odd number, one stays alone or joins a pair."))] = "alone"
    start: Annotated[Path | None, Parameter(help=said("An earlier plan to start from: the file that --json wrote."))] = None
    system: Annotated[str, Parameter(help=said("Duty system whose beats are paired; the current one by default."))] = ""

    def aims(self) -> Aims:
        """Return them as the planner takes them."""
        from qinwu.plan.pairs.aims import Aims

        weights = (self.weight_wishes, self.weight_experience, self.weight_skills, self.weight_shifts, self.weight_border)
        return Aims(*weights, self.full_gap, self.unnamed, self.odd)


ASKED = Asked()


def pairs(
    folder: Folder,
    *,
    asked: Annotated[Asked, Parameter(name="*")] = ASKED,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan pairs."""
    from qinwu.plan.pairs.planning import plan_pairs
    from qinwu.plan.pairs.wishes import Wish, read_wishes
    from qinwu.report.plans.pairs import pairs_report
    from qinwu.simulate.trial import prepare_one

    language = lang or default_language()
    out = out.of(folder, "pairs", language)
    wrong = [*spend.findings(), *out.findings(folder), *asked.aims().findings()]
    wishes: tuple[Wish, ...] = ()
    try:
        station, loaded, _ = prepare_one(folder, asked.system, even_without_calls=True)
    except QinwuError as error:
        wrong += error.findings
    if asked.wishes is not None:
        try:
            wishes, doubts = read_wishes(asked.wishes)
            wrong += doubts
        except QinwuError as error:
            wrong += error.findings
    earlier = []
    if asked.start is not None:
        try:
            earlier = [(one, two) for one, two in (each["officers"] for each in earlier_plan(asked.start, "pairs")["pairs"])]
        except QinwuError as error:
            wrong += error.findings
    show([finding for finding in raise_on_errors(wrong) if finding.severity == "warning"], language)
    with running(said("Pairing officers"), spend, USUAL_S, language) as effort:
        plan = plan_pairs(station, loaded.system, wishes, asked.aims(), effort, earlier or None)
    part = plan.part()
    duty = proposal(station, out, part, TITLE, ABOUT, replaces=("pair",)) if part["pair"] else None
    finish(pairs_report(station, plan, language, datetime.now().astimezone()), duty, folder, out)
