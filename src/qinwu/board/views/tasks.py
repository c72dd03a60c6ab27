"""Tasks: what is due on which beat, templates, mediation."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
