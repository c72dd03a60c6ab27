"""Dispatch: calls taken, crews proposed, sent and stamped, and what all screens see of it."""
