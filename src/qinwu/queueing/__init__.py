"""Closed forms: what the simulator will say, in milliseconds."""
