"""``qinwu plan``: one command for each planner; each lives in a module named for it and is loaded when it is asked for."""

from __future__ import annotations

from cyclopts import App

from qinwu.cli.usage import show_panel
from qinwu.language import N_, said

VERBS: dict[str, str] = {
    "beats": N_("Cut the area into even, compact beats near their calls, with sectors, keeping officers where they are known."),
    "sectors": N_("Join neighbouring beats into even sectors, each under a sergeant who has one of them."),
    "deploy": N_("Move whole crews in time or between stations so that duty follows demand, with gain and cost of each move."),
    "pairs": N_("Pair the officers of beats by what they wish and what each adds to the other."),
    "posts": N_("Say where crews wait and where service points stand; divide stations of unequal size anew."),
    "roster": N_("Plan who works when for a month; check a pattern, judge or repair a roster."),
    "rounds": N_("Plan a month's inspections, beat visits and patrol stops in the officers' free hours."),
    "staffing": N_("Say how many officers are needed by hour and watch for stated targets, and whether the station has them."),
}
"""The planners: what is typed, and what it does; the function of that name lives in the module of that name here."""

plan = App(
    name="plan",
    help=said("Plan part of a duty system: a file to try and to sign, with the proof of how good it is."),
    help_format="plaintext",
    help_formatter=show_panel,
    result_action="return_value",
)
for verb, does in VERBS.items():
    plan.command(f"qinwu.cli.plans.{verb}:{verb}", name=verb, help=said(does))
