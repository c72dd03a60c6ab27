"""Token: a key of another system, kept as its hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import models

BYTES = 32


class Token(models.Model):
    """A key that lets another system act as an account. The secret itself is shown once and never kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=80)
    made = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.purpose

    @classmethod
    def make(cls, user: object, purpose: str, at: datetime) -> str:
        """Make a token and return its secret, which cannot be asked for again."""
        secret = secrets.token_urlsafe(BYTES)
        cls.objects.create(user=user, digest=_digest(secret), purpose=purpose, made=at)
        return secret

    @classmethod
    def by_secret(cls, secret: str) -> Token | None:
        """Return the token of a secret, None where nobody made it, it has ended, or its account has."""
        found = cls.objects.select_related("user").filter(digest=_digest(secret), ended__isnull=True).first()
        return found if found is not None and found.user.is_active else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
