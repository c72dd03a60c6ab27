"""Duty systems: what could be in force, what is and was, and the signature that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import signing
from qinwu.board.in_force import in_force
from qinwu.board.models import SystemInForce
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roles import needs
from qinwu.board.typed import Typed
from qinwu.findings import QinwuError

SHOWN = 50


@needs("see_board")
@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """Show the duty systems and who signed which when."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    zone = in_force().station.config.time_zone
    signed = SystemInForce.objects.select_related("signed_by")[:SHOWN]
    lines = [(one.name, local(one.valid_from, zone, "%Y-%m-%d %H:%M"), one.signed_by.get_username(), one.reason) for one in signed]
    return render(
        request,
        "board/systems.html.j2",
        status=status,
        choices=signing.choices(language_of(request)),
        lines=lines,
        changed=signing.changed_since_signed(),
        typed={"name": "", "valid_from": "", "reason": ""} | dict(typed),
        wrong=wrong,
    )


@needs("sign_system")
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign a duty system into force, from now or from a day to come."""
    form = request.POST
    try:
        typed = Typed(form, in_force().station.config.time_zone)
        valid_from = typed.moment("valid_from")
        typed.finish()
        signing.sign(form.get("name", ""), valid_from, form.get("reason", ""), request.user)
    except QinwuError as error:
        return _page(request, form.dict(), problems(error, language_of(request)), status=422)
    return redirect("systems")


ADDRESSES = [
    path("systems", systems, name="systems"),
    path("systems/sign", sign, name="sign"),
]
