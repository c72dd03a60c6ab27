"""Passwords hashed as the board hashes them, in one round: what tests of the board log in with is no secret."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """The board's own hasher; a million rounds take half a second for every account that a test makes."""

    iterations = 1
