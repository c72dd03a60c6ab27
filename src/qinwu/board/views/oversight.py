"""Oversight: findings of the integrity screens, the diversion ledger, corrective orders."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
