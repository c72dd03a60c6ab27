"""Accounts: the first run makes the administrator; logging in and out; doors that stay shut say why."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth import login as begin
from django.contrib.auth import logout as end
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qinwu.board import trail
from qinwu.board.models import Member
from qinwu.board.pages import language_of, render
from qinwu.language import N_, translate


def login(request: HttpRequest) -> HttpResponse:
    """Show the form, or begin a session; where nobody has an account yet, go and make the first."""
    users = get_user_model().objects
    if not users.exists():
        return redirect("first-run")
    if request.method != "POST":
        return render(request, "board/login.html.j2", wrong="", name="", then=request.GET.get("next", ""))
    name = request.POST.get("username", "")
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        if getattr(request, "axes_locked_out", False):
            return locked_out(request, None)
        wrong = translate(N_("Name or password is wrong."), language_of(request))
        return render(request, "board/login.html.j2", status=401, wrong=wrong, name=name, then=request.POST.get("next", ""))
    begin(request, user)
    trail.record(name, "account.login", name)
    return HttpResponseRedirect(_safe(request, request.POST.get("next", "")))


def _safe(request: HttpRequest, then: str) -> str:
    """Return where to go after logging in: only to a page of this site."""
    known = url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return then if then and known else "/"


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        trail.record(request.user.get_username(), "account.logout", request.user.get_username())
    end(request)
    return redirect("login")


def first_run(request: HttpRequest) -> HttpResponse:
    """Make the administrator, once; afterwards this page is gone."""
    users = get_user_model().objects
    if users.exists():
        return redirect("login")
    if request.method != "POST":
        return render(request, "board/first_run.html.j2", wrong=[], name="")
    name, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    wrong = _wrong_account(name, password, request.POST.get("again", ""), request)
    if wrong:
        return render(request, "board/first_run.html.j2", status=422, wrong=wrong, name=name)
    with transaction.atomic():
        trail.lock()
        if users.exists():
            return redirect("login")
        user = make_account(name, password, ["administrator", "chief"], language=language_of(request))
        trail.record(name, "account.first", name, roles=["administrator", "chief"])
    begin(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("board")


def _wrong_account(name: str, password: str, again: str, request: HttpRequest) -> list[str]:
    language = language_of(request)
    wrong = [] if name else [translate(N_("Give a name to log in with."), language)]
    if password != again:
        wrong.append(translate(N_("The two passwords differ."), language))
    try:
        validate_password(password, get_user_model()(username=name))
    except ValidationError as error:
        wrong += [str(each) for each in error.messages]
    return wrong


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
    name = request.POST.get("username", "")
    return render(request, "board/login.html.j2", status=429, wrong=text.format(minutes=minutes), name=name, then="")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a page is not for this account."""
    return render(request, "board/forbidden.html.j2", status=403, right=str(exception or ""))


ADDRESSES = [
    path("login", login, name="login"),
    path("logout", logout, name="logout"),
    path("first-run", first_run, name="first-run"),
]
