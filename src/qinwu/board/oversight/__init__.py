"""Oversight: what an inspector asks of the board's own record, and what leaves the board."""
