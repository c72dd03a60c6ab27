"""Bulletins and leads: notices about places that end by themselves, and calls that people confirmed to belong together."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
