"""Swaps: duties changed between two officers, agreed by both and approved."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
