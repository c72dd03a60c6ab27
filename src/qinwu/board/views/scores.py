"""Scores: the own sheet with its reasons, objections and their answers."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
