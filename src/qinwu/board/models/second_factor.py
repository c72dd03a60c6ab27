"""Second factor: for which roles a password alone is not enough."""

from __future__ import annotations

from django.db import models


class SecondFactorRule(models.Model):
    """A role whose accounts must give a code besides their password; roles without a row may switch it on themselves."""

    role = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.role
