"""Calendars: each officer's duties as an iCalendar file, for the calendar of a telephone."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
