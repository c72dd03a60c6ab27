"""Places: atoms, venues and streets found by what was typed."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
