"""Member: which officer of the force an account belongs to, and in which language it reads."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Member(models.Model):
    """An account's officer: the pseudonymous id of the officers file, empty for those who are not in it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member")
    officer = models.CharField(max_length=60, default="", blank=True)
    language = models.CharField(max_length=2, default="zh", choices=[("zh", "中文"), ("en", "English")])

    def __str__(self) -> str:
        return self.officer or str(self.user)
