"""Targets: indicators as data, measured on the station's own tables, and refused where they cannot be met or must not be set."""
