"""A plan's week hour by hour: calls, crews on duty, how many are busy, who is sent, and when they arrive."""
