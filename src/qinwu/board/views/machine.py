"""Machine: what the operator of the server asks of it: measures for Prometheus."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from qinwu.board.access.roles import needs
from qinwu.board.measures import text
from qinwu.board.models import Token


@needs("measure")
@require_GET
def measured(_request: HttpRequest) -> HttpResponse:
    """Give all measures."""
    return HttpResponse(text(), content_type=CONTENT_TYPE_LATEST)


def metrics(request: HttpRequest) -> HttpResponse:
    """Give all measures to a token whose account may read them, or to such an account that is logged in; to nobody else.

    Where the request comes from opens nothing: behind a proxy everybody comes from this machine.
    """
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind:
        token = Token.by_secret(secret) if kind.lower() == "bearer" else None
        if token is None:
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
        request.user = token.user
    return measured(request)


metrics.right, metrics.object_rule = "measure", False  # type: ignore[attr-defined]  # read by the matrix test

ADDRESSES = [
    path("metrics", metrics, name="metrics"),
]
