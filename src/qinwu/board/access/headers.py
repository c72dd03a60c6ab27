"""Headers: what every answer tells the browser besides Django's own and the content policy; and what no request may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.cache import patch_cache_control

UNUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
"""Devices that no page asks for: no page may."""
STATIC, INTERFACE = "/static/", "/api/"
NUL = "The request holds a NUL character, which no keyboard types. 请求中含有 NUL 字符。"


class HeaderMiddleware:
    """Shut devices, keep pages out of caches and off other sites, and refuse what holds a NUL character: no database keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the page does, with these headers."""
        query = request.META.get("QUERY_STRING", "")
        refused = "\0" in request.path or "%00" in query
        answer = _refusal(request) if refused else self.get_response(request)
        answer["Permissions-Policy"] = ", ".join(f"{device}=()" for device in UNUSED)
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith(STATIC) and not answer.has_header("Cache-Control"):
            patch_cache_control(answer, no_store=True)
        return answer

    def process_view(self, request: HttpRequest, _view: Any, _arguments: Any, _words: Any) -> HttpResponse | None:
        """Refuse a form with a NUL character in any field."""
        typed = (text for _name, values in request.POST.lists() for text in values)
        return _refusal(request) if any("\0" in text for text in typed) else None


def _refusal(request: HttpRequest) -> HttpResponse:
    """Return the refusal: to other systems as a problem, as the interface describes them, to browsers as a line."""
    if request.path.startswith(INTERFACE):
        return JsonResponse([{"code": "nul-character", "key": "", "text": NUL}], status=400, safe=False)
    return HttpResponseBadRequest(NUL)
