"""Roles: who may do what, as Django groups and permissions, made from the matrix of responsibilities, and guards of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from qinwu.board.access.responsibilities import ROLE_NAMES, findings, rights_of
from qinwu.board.access.rights import RIGHTS, Right
from qinwu.findings import raise_on_errors

ROLES: dict[str, tuple[str, frozenset[Right]]] = {role: (name, rights_of(role)) for role, name in ROLE_NAMES.items()}
"""Each role with its name and everything the matrix of responsibilities lets it do."""

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


def check_matrix() -> None:
    """Let no board start whose duties nobody or two roles answer for.

    Raises
    ------
    QinwuError
        With everything that is wrong with the matrix of responsibilities.
    """
    raise_on_errors(list(findings()))


def make_roles(**_unused: Any) -> None:
    """Make the groups of all roles with their permissions; after every migration, so that they never lag behind the matrix."""
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType

    from qinwu.board.models import Call

    kind = ContentType.objects.get_for_model(Call)
    for codename, name in RIGHTS.items():
        Permission.objects.update_or_create(content_type=kind, codename=codename, defaults={"name": name})
    for role, (_name, rights) in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(content_type=kind, codename__in=rights))
