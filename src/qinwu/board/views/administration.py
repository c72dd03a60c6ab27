"""Administration: accounts made, their roles changed, closed; sessions and lost devices; tokens for other systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from qinwu.board import trail
from qinwu.board.access import passwords, second_factor, sittings
from qinwu.board.access.roles import ROLES, needs
from qinwu.board.clock import now
from qinwu.board.in_force import in_force
from qinwu.board.models import Token
from qinwu.board.pages import language_of, local, render
from qinwu.board.typed import Typed
from qinwu.board.views.account import LONGEST_NAME, make_account
from qinwu.language import LANGUAGES, N_, translate


@needs("administer")
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Show all accounts and tokens."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200, secret: str = "") -> HttpResponse:
    users = get_user_model().objects.prefetch_related("groups").select_related("member").order_by("username")
    opened, force = sittings.open_now(), in_force()
    zone = force.station.config.time_zone
    with_device = set(TOTPDevice.objects.filter(confirmed=True).values_list("user", flat=True))
    open_users = [user for user in users if user.is_active]
    return render(
        request,
        "board/accounts.html.j2",
        status=status,
        users=[(user, sorted(group.name for group in user.groups.all())) for user in users],
        sessions={account: [local(each, zone, "%m-%d %H:%M") for each in since] for account, since in opened.items()},
        with_device=with_device,
        required=second_factor.required_roles(),
        without=sum(user.pk not in with_device for user in open_users),
        count=len(open_users),
        rules=passwords.rules(language_of(request)),
        tokens=Token.objects.filter(ended__isnull=True).select_related("user"),
        roles=ROLES,
        officers=[officer.id for officer in force.station.force],
        typed={"username": "", "officer": "", "purpose": ""} | dict(typed),
        wrong=wrong,
        secret=secret,
    )


@needs("administer")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make an account, or say everything that is wrong with it."""
    form, language = request.POST, language_of(request)
    name, password = form.get("username", "").strip(), form.get("password", "")
    roles, officer = form.getlist("role"), form.get("officer", "")
    wrong = [translate(text, language) for text in _wrong(name, roles, officer)]
    wrong += passwords.weaknesses(name, password, language)
    if wrong:
        return _page(request, form.dict(), wrong, status=422)
    spoken = form.get("language", "")
    with transaction.atomic():
        trail.lock()
        make_account(name, password, roles, officer=officer, language=spoken if spoken in LANGUAGES else language)
        trail.record(request.user.get_username(), "account.make", name, roles=roles, officer=officer)
    return redirect("accounts")


def _wrong(name: str, roles: list[str], officer: str) -> list[str]:
    """Return what is wrong with a new account, as catalogue entries."""
    found = []
    if not name:
        found.append(N_("Give a name to log in with."))
    elif not name.isprintable() or len(name) > LONGEST_NAME:
        found.append(N_("A name has at most 150 characters, none of them invisible."))
    if get_user_model().objects.filter(username=name).exists():
        found.append(N_("There is an account of this name already."))
    if not roles or not set(roles) <= set(ROLES):
        found.append(N_("Choose at least one role from the list."))
    if officer and officer not in {each.id for each in in_force().station.force}:
        found.append(N_("There is no such officer at this station."))
    return found


@needs("administer")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account; its entries in the trail stay. Nobody closes the own one, so that somebody is always left."""
    user = get_object_or_404(get_user_model(), pk=pk)
    if user.pk == request.user.pk:
        return _page(request, {}, [translate(N_("Nobody can close the own account."), language_of(request))], status=409)
    with transaction.atomic():
        trail.lock()
        user.is_active = False
        user.save(update_fields=["is_active"])
        ended = sittings.end(user.pk)
        trail.record(request.user.get_username(), "account.close", user.get_username(), sessions=ended)
    return redirect("accounts")


@needs("administer")
@require_POST
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """End the sessions of an account, the one that asks for it excepted."""
    user = get_object_or_404(get_user_model(), pk=pk)
    with transaction.atomic():
        trail.lock()
        ended = sittings.end(user.pk, keep=request.session.session_key)
        trail.record(request.user.get_username(), "account.sessions", user.get_username(), ended=ended)
    return redirect("accounts")


@needs("administer")
@require_POST
def take_device_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost device and its recovery codes off an account, and end its sessions."""
    user = get_object_or_404(get_user_model(), pk=pk)
    with transaction.atomic():
        second_factor.switch_off(user, request.user.get_username())
        sittings.end(user.pk, keep=request.session.session_key)
    return redirect("accounts")


@needs("administer")
@require_POST
def require_factor(request: HttpRequest) -> HttpResponse:
    """Say for which roles a password alone is not enough."""
    second_factor.require([role for role in request.POST.getlist("role") if role in ROLES], request.user.get_username())
    return redirect("accounts")


@needs("administer")
@require_POST
def change_roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account other roles."""
    user = get_object_or_404(get_user_model(), pk=pk)
    roles = [role for role in request.POST.getlist("role") if role in ROLES]
    if user.pk == request.user.pk and "administrator" not in roles:
        return _page(
            request, {}, [translate(N_("Nobody can give up the own right to administer."), language_of(request))], status=409
        )
    with transaction.atomic():
        trail.lock()
        before = sorted(user.groups.values_list("name", flat=True))
        user.groups.set(Group.objects.filter(name__in=roles))
        trail.record(request.user.get_username(), "account.roles", user.get_username(), before=before, after=roles)
    return redirect("accounts")


@needs("administer")
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token for another system and show its secret, this once."""
    user = get_object_or_404(get_user_model(), username=request.POST.get("username", ""), is_active=True)
    purpose = Typed(request.POST, "UTC").text("purpose", 80)
    if not purpose:
        return _page(request, request.POST.dict(), [translate(N_("Say what the token is for."), language_of(request))], status=422)
    with transaction.atomic():
        trail.lock()
        secret = Token.make(user, purpose, now())
        trail.record(request.user.get_username(), "token.make", user.get_username(), purpose=purpose)
    return _page(request, {}, [], secret=secret)


@needs("administer")
@require_POST
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    token = get_object_or_404(Token, pk=pk)
    with transaction.atomic():
        trail.lock()
        token.ended = now()
        token.save(update_fields=["ended"])
        trail.record(request.user.get_username(), "token.end", token.user.get_username(), purpose=token.purpose)
    return redirect("accounts")


ADDRESSES = [
    path("accounts", accounts, name="accounts"),
    path("accounts/make", make, name="make-account"),
    path("accounts/<int:pk>/close", close, name="close-account"),
    path("accounts/<int:pk>/roles", change_roles, name="change-roles"),
    path("accounts/<int:pk>/end-sessions", end_sessions, name="end-sessions"),
    path("accounts/<int:pk>/take-device-off", take_device_off, name="take-device-off"),
    path("accounts/second-factor", require_factor, name="require-factor"),
    path("tokens/make", make_token, name="make-token"),
    path("tokens/<int:pk>/end", end_token, name="end-token"),
]
