"""Responsibilities 职责矩阵 (M16): every duty of running the station, the one role that answers for it, and what it lets roles do.

Every right of every role comes from this table; :mod:`qinwu.board.access.roles` makes the groups of accounts out of it, and only
where :func:`findings` has nothing to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qinwu.board.access.rights import RIGHTS, Right
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_

Acts = Mapping[str, tuple[Right, ...]]
"""What each role may do."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty.

    Parameters
    ----------
    id, name
        How the table and people call it.
    answers
        The role that answers for it, and what it may do for it; exactly one.
    takes_part
        Roles that help with it or whom it concerns, and what they may do.
    """

    id: str
    name: str
    answers: Acts = field(default_factory=dict)
    takes_part: Acts = field(default_factory=dict)

    @property
    def acts(self) -> tuple[Right, ...]:
        """Everything that somebody may do for it."""
        return tuple(dict.fromkeys(act for acts in self._cells() for act in acts))

    def of(self, role: str) -> tuple[Right, ...]:
        """Return what a role may do for it."""
        return (*self.answers.get(role, ()), *self.takes_part.get(role, ()))

    def _cells(self) -> Iterator[tuple[Right, ...]]:
        yield from self.answers.values()
        yield from self.takes_part.values()


ROLE_NAMES: dict[str, str] = {
    "call_taker": N_("call-taker"),
    "dispatcher": N_("dispatcher"),
    "officer": N_("officer"),
    "sergeant": N_("sergeant"),
    "chief": N_("chief"),
    "planner": N_("planner"),
    "inspector": N_("inspector"),
    "administrator": N_("administrator"),
}


def _each(*roles: str, may: tuple[Right, ...]) -> Acts:
    return dict.fromkeys(roles, may)


DUTIES: tuple[Duty, ...] = (
    Duty(
        "picture",
        N_("The picture of the station as it stands"),
        answers={"dispatcher": ("see_board",)},
        takes_part=_each("call_taker", "officer", "sergeant", "chief", "planner", "inspector", may=("see_board",)),
    ),
    Duty(
        "call_taking",
        N_("Taking calls"),
        answers={"call_taker": ("take_call",)},
        takes_part=_each("dispatcher", "chief", may=("take_call",)),
    ),
    Duty(
        "dispatching",
        N_("Sending crews, and the times of what they did"),
        answers={"dispatcher": ("dispatch", "stamp_any")},
        takes_part={
            "officer": ("stamp_own",),
            "sergeant": ("stamp_own", "stamp_any", "dispatch"),
            "chief": ("stamp_any", "dispatch"),
        },
    ),
    Duty(
        "beat_work",
        N_("Work on the beats"),
        answers={"officer": ("do_tasks",)},
        takes_part=_each("sergeant", "chief", may=("do_tasks",)),
    ),
    Duty(
        "tasking",
        N_("Giving tasks and recurring work"),
        answers={"sergeant": ("give_tasks",)},
        takes_part={"chief": ("give_tasks",)},
    ),
    Duty(
        "counter",
        N_("Residents at service points, and their requests"),
        answers={"officer": ("keep_counter",)},
        takes_part=_each("call_taker", "sergeant", "chief", may=("keep_counter",)),
    ),
    Duty(
        "crews",
        N_("Skills, training and equipment"),
        answers={"sergeant": ("keep_crews",)},
        takes_part={"chief": ("keep_crews",)},
    ),
    Duty(
        "warnings",
        N_("Bulletins and leads"),
        answers={"sergeant": ("publish",)},
        takes_part=_each("dispatcher", "chief", may=("publish",)),
    ),
    Duty(
        "roster",
        N_("Leave, swaps and orders away"),
        answers={"chief": ("ask_away", "answer_line", "answer_away")},
        takes_part={"officer": ("ask_away",), "sergeant": ("ask_away", "answer_line")},
    ),
    Duty(
        "assessment",
        N_("Assessment, and objections to it"),
        answers={"chief": ("see_own_score", "answer_objections")},
        takes_part=_each("officer", "sergeant", may=("see_own_score",)),
    ),
    Duty(
        "design",
        N_("Designing duty systems and trying them out"),
        answers={"planner": ("compare",)},
        takes_part={"chief": ("compare",)},
    ),
    Duty("signing", N_("Putting a duty system into force"), answers={"chief": ("sign_system",)}),
    Duty(
        "tables",
        N_("What leaves the board as a table"),
        answers={"chief": ("export",)},
        takes_part=_each("planner", "inspector", may=("export",)),
    ),
    Duty("oversight", N_("Looking into the trail, and corrective orders"), answers={"inspector": ("inspect", "correct")}),
    Duty("correction", N_("Doing what a corrective order asks"), answers={"chief": ("answer_orders",)}),
    Duty(
        "division",
        N_("Division of duties"),
        answers={"chief": ("read_responsibilities",)},
        takes_part=_each("inspector", "administrator", may=("read_responsibilities",)),
    ),
    Duty(
        "accounts",
        N_("Accounts and the way into the board"),
        answers={"administrator": ("administer", "keep_account")},
        takes_part=_each(*(role for role in ROLE_NAMES if role != "administrator"), may=("keep_account",)),
    ),
    Duty(
        "machine",
        N_("The machine on which the board runs"),
        answers={"administrator": ("measure",)},
        takes_part={"inspector": ("measure",)},
    ),
)


def rights_of(role: str, duties: Sequence[Duty] = DUTIES) -> frozenset[Right]:
    """Return everything that a role may do."""
    return frozenset(act for duty in duties for act in duty.of(role))


def findings(duties: Sequence[Duty] = DUTIES, roles: Sequence[str] = tuple(ROLE_NAMES)) -> Iterator[Finding]:
    """Yield everything that is wrong with a matrix: duties nobody or two answer for, acts outside of it, roles without a part."""
    for name, count in Counter(duty.id for duty in duties).items():
        if count > 1:
            yield _wrong("duty-twice", N_("The duty {duty} is there {count} times."), N_("Keep one."), name, count=count)
    for duty in duties:
        yield from _owner_findings(duty)
        yield from _cell_findings(duty, roles)
    yield from _act_findings(duties)
    for role in roles:
        if not rights_of(role, duties):
            message, remedy = N_("The role {role} takes part in no duty."), N_("Give it a part, or leave the role out.")
            yield _wrong("role-without-duty", message, remedy, role, role=role)


def _owner_findings(duty: Duty) -> Iterator[Finding]:
    if not duty.answers:
        message, remedy = N_("No role answers for the duty {duty}."), N_("Name exactly one role under answers.")
        yield _wrong("role-duty-without-owner", message, remedy, duty.id)
    elif len(duty.answers) > 1:
        message = N_("{roles} all answer for the duty {duty}: two in charge, nobody in charge.")
        remedy = N_("Leave it with one role; let the others take part.")
        yield _wrong("role-duty-with-two-owners", message, remedy, duty.id, roles=", ".join(duty.answers))


def _cell_findings(duty: Duty, roles: Sequence[str]) -> Iterator[Finding]:
    for role in sorted(duty.answers.keys() & duty.takes_part.keys()):
        message, remedy = N_("{role} both answers for the duty {duty} and takes part in it."), N_("Keep one of the two.")
        yield _wrong("role-twice-in-duty", message, remedy, duty.id, role=role)
    for role in dict.fromkeys((*duty.answers, *duty.takes_part)):
        if role not in roles:
            near = did_you_mean(role, list(roles))
            remedy = N_("Did you mean {near}?") if near else N_("Choose from: {known}.")
            message, known = N_("The duty {duty} names the role {role}, which there is not."), ", ".join(roles)
            yield _wrong("unknown-role", message, remedy, duty.id, role=role, near=near, known=known)
        if not duty.of(role):
            message, remedy = N_("{role} has a part in the duty {duty} but may do nothing for it."), N_("Name what it may do.")
            yield _wrong("part-without-act", message, remedy, duty.id, role=role)


def _act_findings(duties: Sequence[Duty]) -> Iterator[Finding]:
    where: dict[Right, list[str]] = {}
    for duty in duties:
        for act in duty.acts:
            where.setdefault(act, []).append(duty.id)
    for act, inside in where.items():
        if act not in RIGHTS:
            near = did_you_mean(act, list(RIGHTS))
            message = N_("The duty {duty} permits {act}, which is no act of the board.")
            remedy = N_("Did you mean {near}?") if near else N_("Choose from: {known}.")
            yield _wrong("unknown-act", message, remedy, inside[0], act=act, near=near, known=", ".join(RIGHTS))
        if len(inside) > 1:
            message = N_("The act {act} belongs to several duties, {duties}: two would answer for it.")
            yield _wrong("act-in-two-duties", message, N_("Leave it in one."), inside[0], act=act, duties=", ".join(inside))
    for left in sorted(RIGHTS.keys() - where.keys()):
        message, remedy = N_("The act {act} belongs to no duty: nobody may do it."), N_("Put it into exactly one duty.")
        yield _wrong("act-without-duty", message, remedy, left, act=left)


def _wrong(code: str, message: str, remedy: str, duty: str, **values: object) -> Finding:
    return Finding(code, "error", message, remedy, Place(key=duty), {"duty": duty, **values})
