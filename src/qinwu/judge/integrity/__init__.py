"""Integrity screens: numbers made to look better, found by what making them leaves behind; and the random audit that proves it."""
