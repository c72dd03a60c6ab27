"""Rights: every act that the board lets somebody do or not, and what it is called."""

from __future__ import annotations

from typing import Literal

from qinwu.language import N_

Right = Literal[
    "see_board",
    "take_call",
    "dispatch",
    "stamp_own",
    "stamp_any",
    "do_tasks",
    "give_tasks",
    "keep_counter",
    "see_own_score",
    "answer_objections",
    "ask_away",
    "answer_away",
    "answer_line",
    "keep_crews",
    "publish",
    "compare",
    "sign_system",
    "export",
    "inspect",
    "correct",
    "answer_orders",
    "administer",
    "measure",
    "keep_account",
    "read_responsibilities",
]

RIGHTS: dict[Right, str] = {
    "see_board": N_("see the board"),
    "take_call": N_("take calls"),
    "dispatch": N_("send crews"),
    "stamp_own": N_("stamp the own crew"),
    "stamp_any": N_("stamp any crew"),
    "do_tasks": N_("work on the tasks of the own beat"),
    "give_tasks": N_("give tasks and write templates"),
    "keep_counter": N_("keep requests of residents and service points"),
    "see_own_score": N_("read the own score and object to it"),
    "answer_objections": N_("show score sheets and sign them"),
    "ask_away": N_("ask for leave and swaps"),
    "answer_away": N_("order officers away"),
    "answer_line": N_("answer requests and objections of those below on the line of command"),
    "keep_crews": N_("keep skills, training and equipment"),
    "publish": N_("write bulletins and confirm leads"),
    "compare": N_("upload duty systems and compare them"),
    "sign_system": N_("sign duty systems into force"),
    "export": N_("take tables out"),
    "inspect": N_("read and verify the trail"),
    "correct": N_("give corrective orders"),
    "answer_orders": N_("answer corrective orders"),
    "administer": N_("make and close accounts"),
    "measure": N_("read the measures of the machine"),
    "keep_account": N_("change the own password and second factor"),
    "read_responsibilities": N_("read who answers for what"),
}
