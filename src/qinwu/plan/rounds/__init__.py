"""Rounds: inspections, beat visits and patrol stops of a month, in each officer's free hours, on the roads there are."""
