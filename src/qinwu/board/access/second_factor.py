"""Second factor: a code from a device besides the password (TOTP, RFC 6238), and recovery codes for the day the device is lost.

django-otp computes and keeps them. Wrong codes count as wrong passwords do: five lock the account for a while.
"""

from __future__ import annotations

import io
from base64 import b32encode
from collections.abc import Callable, Iterable
from typing import Any

import segno
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.models import SecondFactorRule

CODES = 10
DIGITS = 6
NAMED = "qinwu"


def device_of(user: Any) -> TOTPDevice | None:
    """Return the device with which an account gives its codes, None where it gives none."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def required_of(user: Any) -> bool:
    """Return whether a role of an account asks for a second factor."""
    return _asked_of(user)[1]


def required_roles() -> frozenset[str]:
    """Return the roles that ask for a second factor."""
    return frozenset(SecondFactorRule.objects.values_list("role", flat=True))


def require(roles: Iterable[str], by: str) -> None:
    """Ask for a second factor from these roles and no others."""
    with transaction.atomic():
        trail.lock()
        before, after = sorted(required_roles()), sorted(set(roles))
        SecondFactorRule.objects.exclude(role__in=after).delete()
        for role in set(after) - set(before):
            SecondFactorRule.objects.create(role=role, since=now())
        trail.record(by, "factor.require", "", before=before, after=after)


def offered(user: Any) -> TOTPDevice:
    """Return the device that an account is about to switch on, made at the first call."""
    with transaction.atomic():
        trail.lock()
        device, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": NAMED})
    return device


def picture(device: TOTPDevice) -> bytes:
    """Return the secret of a device as a square that a telephone reads, in SVG."""
    drawn = io.BytesIO()
    segno.make(device.config_url, error="m").save(drawn, kind="svg", scale=5, border=3, light="#fff", xmldecl=False, svgclass=None)
    return drawn.getvalue()


def spoken(device: TOTPDevice) -> str:
    """Return the secret of a device as it is typed where there is no camera, in groups of four."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def switch_on(user: Any, code: str) -> list[str] | None:
    """Switch the second factor on with a code of the offered device; return the recovery codes, None where the code is wrong."""
    device = offered(user)
    if not verify_token(user, device.persistent_id, _bare(code)):
        return None
    with transaction.atomic():
        trail.lock()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        trail.record(user.get_username(), "factor.on", user.get_username())
        return _new_codes(user)


def recovery_codes(user: Any) -> list[str]:
    """Make new recovery codes; the old ones are worth nothing any more."""
    with transaction.atomic():
        trail.lock()
        trail.record(user.get_username(), "factor.codes", user.get_username())
        return _new_codes(user)


def _new_codes(user: Any) -> list[str]:
    device, _made = StaticDevice.objects.get_or_create(user=user, name=NAMED, confirmed=True)
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def codes_left(user: Any) -> int:
    """Return how many recovery codes an account has not used."""
    return int(StaticToken.objects.filter(device__user=user).count())


def switch_off(user: Any, by: str) -> None:
    """Take device and recovery codes off an account: it asked for it, or the administrator did because the device is lost."""
    with transaction.atomic():
        trail.lock()
        had = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        trail.record(by, "factor.off", user.get_username(), had=had)


def locked(request: HttpRequest, user: Any) -> bool:
    """Return whether an account is locked after wrong passwords and codes."""
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def check(request: HttpRequest, user: Any, code: str) -> Any:
    """Return the device that accepts a code, None where none does; a wrong code counts as a wrong password."""
    bare = _bare(code)
    kind: Any = TOTPDevice if bare.isdecimal() and len(bare) == DIGITS else StaticDevice
    device = kind.objects.filter(user=user, confirmed=True).first()
    found = verify_token(user, device.persistent_id, bare.lower()) if device is not None else None
    if found is None:
        user_login_failed.send(sender=get_user_model(), credentials={"username": user.get_username()}, request=request)
    elif kind is StaticDevice:
        trail.record(user.get_username(), "factor.recovery", user.get_username(), left=codes_left(user))
    return found


def _bare(code: str) -> str:
    """Return a code as it is compared: people write spaces between the digits.

    >>> _bare(" 123 456 ")
    '123456'
    """
    return "".join(code.split())[:16]


def _asked_of(user: Any) -> tuple[bool, bool]:
    """Return whether an account has a device, and whether a role of it asks for one: one question, since every page asks it."""
    device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    roles = Group.objects.filter(user=OuterRef(OuterRef("pk"))).values("name")
    rules = SecondFactorRule.objects.filter(role__in=roles)
    found: tuple[bool, bool] = get_user_model().objects.filter(pk=user.pk).values_list(Exists(device), Exists(rules)).get()
    return found


class SecondFactorMiddleware:
    """Let nobody further who owes a code: without a device they are led to make one, with one they log in again.

    Views with the attribute ``without_second_factor`` are open to them: those that lead out of this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the page does."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _arguments: Any, _words: Any) -> HttpResponse | None:
        """Lead elsewhere who owes a code."""
        user: Any = request.user
        if getattr(view, "without_second_factor", False) or not user.is_authenticated or user.is_verified():
            return None
        owes, required = _asked_of(user)
        if not owes and not required:
            return None
        if request.resolver_match is not None and request.resolver_match.view_name == "events":
            return HttpResponse(status=403)
        return redirect("login-code" if owes else "second-factor")
