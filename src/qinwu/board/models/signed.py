"""Signed: which duty system is in force, from when, by whose signature and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SystemInForce(models.Model):
    """A duty system signed into force 签发: the newest whose ``valid_from`` has come is obeyed, until another is signed."""

    name = models.CharField(max_length=120)
    checksum = models.CharField(max_length=64)
    valid_from = models.DateTimeField(db_index=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    signed_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        """The newest first."""

        ordering = ("-valid_from", "-id")

    def __str__(self) -> str:
        return self.name
