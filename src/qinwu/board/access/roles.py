"""Roles: who may do what, as Django groups and permissions; one table, from which the groups are made and pages are tested."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

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
    "answer_objections": N_("show score sheets, answer objections and sign"),
    "ask_away": N_("ask for leave and swaps"),
    "answer_away": N_("approve leave and swaps, order officers away"),
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
}

_ANYBODY: frozenset[Right] = frozenset({"keep_account"})
_SEES: frozenset[Right] = _ANYBODY | {"see_board"}
_OFFICER: frozenset[Right] = _SEES | {"stamp_own", "do_tasks", "keep_counter", "see_own_score", "ask_away"}
_SERGEANT: frozenset[Right] = _OFFICER | {"stamp_any", "dispatch", "give_tasks", "keep_crews", "publish"}
_CHIEF: frozenset[Right] = (_SERGEANT - {"stamp_own"}) | {
    "take_call",
    "answer_objections",
    "answer_away",
    "compare",
    "sign_system",
    "export",
    "answer_orders",
}

ROLES: dict[str, tuple[str, frozenset[Right]]] = {
    "call_taker": (N_("call-taker"), _SEES | {"take_call", "keep_counter"}),
    "dispatcher": (N_("dispatcher"), _SEES | {"take_call", "dispatch", "stamp_any", "publish"}),
    "officer": (N_("officer"), _OFFICER),
    "sergeant": (N_("sergeant"), _SERGEANT),
    "chief": (N_("chief"), _CHIEF),
    "planner": (N_("planner"), _SEES | {"compare", "export"}),
    "inspector": (N_("inspector"), _SEES | {"inspect", "correct", "export", "measure"}),
    "administrator": (N_("administrator"), _ANYBODY | {"administer", "measure"}),
}

View = Callable[..., HttpResponse]


def needs(right: Right, *, object_rule: bool = False) -> Callable[[View], View]:
    """Let a view be reached only with a right; others are told so, those without a session go to the login page.

    `object_rule` says that the view looks further, at the thing itself: whose crew, whose beat, whose score.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **words: Any) -> HttpResponse:
            if not has(request.user, right):
                raise PermissionDenied(right)
            return view(request, *arguments, **words)

        outer = login_required(guarded)
        outer.right, outer.object_rule = right, object_rule  # type: ignore[attr-defined]  # read by the matrix test
        return outer

    return guard


def has(user: Any, right: Right) -> bool:
    """Return whether an account has a right."""
    return bool(user.has_perm(f"board.{right}"))


def make_roles(**_unused: Any) -> None:
    """Make the groups of all roles with their permissions; after every migration, so that they never lag behind this table."""
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType

    from qinwu.board.models import Call

    kind = ContentType.objects.get_for_model(Call)
    for codename, name in RIGHTS.items():
        Permission.objects.update_or_create(content_type=kind, codename=codename, defaults={"name": name})
    for role, (_name, rights) in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(content_type=kind, codename__in=rights))
