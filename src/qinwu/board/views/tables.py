"""Tables: every table of the board as CSV, Excel or Parquet."""

from __future__ import annotations

from django.urls import URLPattern

ADDRESSES: list[URLPattern] = []
