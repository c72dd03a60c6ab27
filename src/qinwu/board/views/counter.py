"""Counter: service points and their queues, requests of residents, what people thought afterwards."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
