"""Crews: skills with expiry, protected training, equipment, and who may crew what."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
