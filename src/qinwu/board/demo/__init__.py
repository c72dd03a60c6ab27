"""Demonstration: a station with a shift behind it and players who carry on with the day."""
