"""Open page: monthly aggregates for residents, small cells suppressed; no login."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
