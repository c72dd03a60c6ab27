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
    "sign_system",
    "ask_away",
    "answer_away",
    "inspect",
    "administer",
]

RIGHTS: dict[Right, str] = {
    "see_board": N_("see the board"),
    "take_call": N_("take calls"),
    "dispatch": N_("send crews"),
    "stamp_own": N_("stamp the own crew"),
    "stamp_any": N_("stamp any crew"),
    "sign_system": N_("sign duty systems into force"),
    "ask_away": N_("ask for leave"),
    "answer_away": N_("approve leave and order officers away"),
    "inspect": N_("read and verify the trail"),
    "administer": N_("make and close accounts"),
}

ROLES: dict[str, tuple[str, frozenset[Right]]] = {
    "call_taker": (N_("call-taker"), frozenset({"see_board", "take_call"})),
    "dispatcher": (N_("dispatcher"), frozenset({"see_board", "take_call", "dispatch", "stamp_any"})),
    "officer": (N_("officer"), frozenset({"see_board", "stamp_own", "ask_away"})),
    "sergeant": (N_("sergeant"), frozenset({"see_board", "stamp_own", "stamp_any", "dispatch", "ask_away"})),
    "chief": (
        N_("chief"),
        frozenset({"see_board", "take_call", "dispatch", "stamp_any", "sign_system", "ask_away", "answer_away"}),
    ),
    "planner": (N_("planner"), frozenset({"see_board"})),
    "inspector": (N_("inspector"), frozenset({"see_board", "inspect"})),
    "administrator": (N_("administrator"), frozenset({"administer"})),
}

View = Callable[..., HttpResponse]


def needs(right: Right) -> Callable[[View], View]:
    """Let a view be reached only with a right; others are told so, those without a session go to the login page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **words: Any) -> HttpResponse:
            if not has(request.user, right):
                raise PermissionDenied(right)
            return view(request, *arguments, **words)

        guarded.right = right  # type: ignore[attr-defined]  # read by the matrix test
        return login_required(guarded)

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
