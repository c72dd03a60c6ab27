"""My beat 我的责任区: the tasks, venues and hours of the beats an officer is accountable for."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
