"""Accounts: the first run makes the administrator; logging in and out, with a code where it is asked for; the own password."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, update_session_auth_hash
from django.contrib.auth import login as begin
from django.contrib.auth import logout as end
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django_otp import login as begin_with_code

from qinwu.board import trail
from qinwu.board.access import passwords, second_factor, sittings
from qinwu.board.access.roles import ROLES, needs
from qinwu.board.models import Member
from qinwu.board.pages import home_of, language_of, render
from qinwu.language import N_, translate

BACKEND = "qinwu.board.access.backend.RoleBackend"
WAITING = "waits_for_code"
"""Key under which a session keeps who has given the password and not yet the code."""
PATIENCE_S = 300
LONGEST_NAME = 150


def login(request: HttpRequest) -> HttpResponse:
    """Show the form, or begin a session; where nobody has an account yet, go and make the first."""
    users = get_user_model().objects
    if not users.exists():
        return redirect("first-run")
    if request.method != "POST":
        return render(request, "board/login.html.j2", wrong="", name="", then=request.GET.get("next", ""))
    name, then = request.POST.get("username", "")[:LONGEST_NAME], request.POST.get("next", "")
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        if getattr(request, "axes_locked_out", False):
            return locked_out(request, None)
        wrong = translate(N_("Name or password is wrong."), language_of(request))
        return render(request, "board/login.html.j2", status=401, wrong=wrong, name=name, then=then)
    if second_factor.device_of(user) is not None:
        request.session[WAITING] = {"account": user.pk, "at": time.time(), "then": then}
        return redirect("login-code")
    _begin(request, user)
    return HttpResponseRedirect(_safe(request, then))


def _begin(request: HttpRequest, user: Any, device: Any = None) -> None:
    """Begin a session, and write it into the trail."""
    begin(request, user, backend=BACKEND)
    if device is not None:
        begin_with_code(request, device)
    sittings.begun(request)
    trail.record(user.get_username(), "account.login", user.get_username())


def login_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password; five wrong ones lock the account as five wrong passwords do."""
    user, then = _waiting(request)
    if user is None:
        return redirect("login")
    if second_factor.locked(request, user):
        return locked_out(request, None)
    if request.method != "POST":
        return render(request, "board/login_code.html.j2", wrong=[])
    device = second_factor.check(request, user, request.POST.get("code", ""))
    if device is None:
        wrong = translate(N_("This code is wrong, has been used, or came too soon after a wrong one."), language_of(request))
        return render(request, "board/login_code.html.j2", status=401, wrong=[wrong])
    request.session.pop(WAITING, None)
    _begin(request, user, device)
    return HttpResponseRedirect(_safe(request, then))


login_code.without_second_factor = True  # type: ignore[attr-defined]  # this is the way out


def _waiting(request: HttpRequest) -> tuple[Any, str]:
    """Return who has given the password and where to go then; None where nobody has, or too long ago."""
    if request.user.is_authenticated:
        return request.user, ""
    kept = request.session.get(WAITING)
    if not kept or not 0.0 <= time.time() - kept["at"] <= PATIENCE_S:
        return None, ""
    return get_user_model().objects.filter(pk=kept["account"], is_active=True).first(), str(kept["then"])


def _safe(request: HttpRequest, then: str) -> str:
    """Return where to go after logging in: only to a page of this site."""
    known = url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return then if then and known else home_of(request.user)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        trail.record(request.user.get_username(), "account.logout", request.user.get_username())
    end(request)
    return redirect("login")


logout.without_second_factor = True  # type: ignore[attr-defined]  # nobody is kept in


def first_run(request: HttpRequest) -> HttpResponse:
    """Make the administrator, once; afterwards this page is gone."""
    users = get_user_model().objects
    if users.exists():
        return redirect("login")
    rules = passwords.rules(language_of(request))
    if request.method != "POST":
        return render(request, "board/first_run.html.j2", wrong=[], name="", rules=rules)
    name, password = request.POST.get("username", "")[:LONGEST_NAME].strip(), request.POST.get("password", "")
    wrong = _wrong_account(name, password, request.POST.get("again", ""), request)
    if wrong:
        return render(request, "board/first_run.html.j2", status=422, wrong=wrong, name=name, rules=rules)
    with transaction.atomic():
        trail.lock()
        if users.exists():
            return redirect("login")
        user = make_account(name, password, ["administrator", "chief"], language=language_of(request))
        trail.record(name, "account.first", name, roles=["administrator", "chief"])
    begin(request, user, backend=BACKEND)
    sittings.begun(request)
    return redirect("board")


def _wrong_account(name: str, password: str, again: str, request: HttpRequest) -> list[str]:
    language = language_of(request)
    wrong = [] if name else [translate(N_("Give a name to log in with."), language)]
    if password != again:
        wrong.append(translate(N_("The two passwords differ."), language))
    return wrong + passwords.weaknesses(name, password, language)


def make_account(name: str, password: str, roles: list[str], *, officer: str = "", language: str = "zh") -> Any:
    """Make an account with roles."""
    user = get_user_model().objects.create_user(username=name, password=password)
    user.groups.set(Group.objects.filter(name__in=roles))
    Member.objects.create(user=user, officer=officer, language=language)
    return user


def locked_out(request: HttpRequest, _response: HttpResponse | None, *_more: Any, **_words: Any) -> HttpResponse:
    """Say that an account is locked for a while, and for how long."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    text = translate(N_("Too many wrong passwords: this account is locked for {minutes} minutes."), language_of(request))
    name = request.POST.get("username", "")[:LONGEST_NAME]
    answer = render(request, "board/login.html.j2", status=429, wrong=text.format(minutes=minutes), name=name, then="")
    answer["Retry-After"] = str(minutes * 60)
    return answer


@needs("keep_account")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the own account: roles, second factor, password."""
    return _mine(request, [])


def _mine(request: HttpRequest, wrong: list[str], status: int = 200, *, done: str = "") -> HttpResponse:
    user: Any = request.user
    member = getattr(user, "member", None)
    return render(
        request,
        "board/my_account.html.j2",
        status=status,
        wrong=wrong,
        done=done,
        officer=member.officer if member else "",
        roles=[ROLES[group.name][0] for group in user.groups.all() if group.name in ROLES],
        factor=second_factor.device_of(user) is not None,
        required=second_factor.required_of(user),
        left=second_factor.codes_left(user),
        rules=passwords.rules(language_of(request)),
    )


@needs("keep_account")
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the own password; every other session of the account ends."""
    user: Any = request.user
    language, new = language_of(request), request.POST.get("password", "")
    wrong = []
    if second_factor.locked(request, user):
        return locked_out(request, None)
    if authenticate(request, username=user.get_username(), password=request.POST.get("old", "")) is None:
        wrong.append(translate(N_("The present password is wrong."), language))
    if new != request.POST.get("again", ""):
        wrong.append(translate(N_("The two passwords differ."), language))
    wrong += passwords.weaknesses(user.get_username(), new, language)
    if wrong:
        return _mine(request, wrong, status=422)
    with transaction.atomic():
        trail.lock()
        user.set_password(new)
        user.save(update_fields=["password"])
        trail.record(user.get_username(), "account.password", user.get_username())
    update_session_auth_hash(request, user)
    ended = sittings.end(user.pk, keep=request.session.session_key)
    text = translate(N_("The password is changed; {count} other sessions of this account have ended."), language)
    return _mine(request, [], done=text.format(count=ended))


@needs("keep_account")
def factor(request: HttpRequest) -> HttpResponse:
    """Switch the second factor on: show the secret as a picture, take a code, show the recovery codes once."""
    user: Any = request.user
    if second_factor.device_of(user) is not None:
        return redirect("my-account")
    if request.method != "POST":
        return _offer(request, [])
    codes = second_factor.switch_on(user, request.POST.get("code", ""))
    if codes is None:
        wrong = translate(N_("This code is wrong, has been used, or came too soon after a wrong one."), language_of(request))
        return _offer(request, [wrong], status=422)
    begin_with_code(request, second_factor.device_of(user))
    sittings.end(user.pk, keep=request.session.session_key)
    return render(request, "board/recovery_codes.html.j2", codes=codes)


factor.without_second_factor = True  # type: ignore[attr-defined]  # this is the way out


def _offer(request: HttpRequest, wrong: list[str], status: int = 200) -> HttpResponse:
    device = second_factor.offered(request.user)
    secret = second_factor.spoken(device)
    required = second_factor.required_of(request.user)
    return render(request, "board/second_factor.html.j2", status=status, wrong=wrong, secret=secret, required=required)


@needs("keep_account")
@require_GET
def factor_picture(request: HttpRequest) -> HttpResponse:
    """Show the secret that is about to be switched on; it is gone once it is."""
    if second_factor.device_of(request.user) is not None:
        return HttpResponse(status=404)
    return HttpResponse(second_factor.picture(second_factor.offered(request.user)), content_type="image/svg+xml")


factor_picture.without_second_factor = True  # type: ignore[attr-defined]  # part of the way out


@needs("keep_account")
@require_POST
def factor_off(request: HttpRequest) -> HttpResponse:
    """Switch the second factor off with a code, unless a role of the account asks for it."""
    user, language = request.user, language_of(request)
    if second_factor.required_of(user):
        return _mine(request, [translate(N_("A role of this account asks for the second factor."), language)], status=409)
    refusal = _code_refused(request)
    if refusal is not None:
        return refusal
    second_factor.switch_off(user, user.get_username())
    return redirect("my-account")


@needs("keep_account")
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    refusal = _code_refused(request)
    return refusal or render(request, "board/recovery_codes.html.j2", codes=second_factor.recovery_codes(request.user))


def _code_refused(request: HttpRequest) -> HttpResponse | None:
    """Return the page that refuses a code, None where it is right."""
    if second_factor.locked(request, request.user):
        return locked_out(request, None)
    if second_factor.check(request, request.user, request.POST.get("code", "")) is not None:
        return None
    wrong = translate(N_("This code is wrong, has been used, or came too soon after a wrong one."), language_of(request))
    return _mine(request, [wrong], status=422)


ADDRESSES = [
    path("login", login, name="login"),
    path("login/code", login_code, name="login-code"),
    path("logout", logout, name="logout"),
    path("first-run", first_run, name="first-run"),
    path("account", mine, name="my-account"),
    path("account/password", change_password, name="change-password"),
    path("account/second-factor", factor, name="second-factor"),
    path("account/second-factor.svg", factor_picture, name="second-factor-picture"),
    path("account/second-factor/off", factor_off, name="second-factor-off"),
    path("account/recovery-codes", new_codes, name="recovery-codes"),
]
