"""Campaigns: special operations, who ordered them, and the beat-hours they cost."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
