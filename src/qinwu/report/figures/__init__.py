"""Figures: small pure functions from numbers to SVG text."""
