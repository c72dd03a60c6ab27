"""Machine: what the operator of the server asks of it: measures for Prometheus."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
