"""Comparing: duty systems uploaded and compared in the background, with progress and a report to read."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
