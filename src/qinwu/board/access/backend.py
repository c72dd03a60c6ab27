"""Backend: accounts as Django reads them for every request, with the rights of their roles and no others."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend


class RoleBackend(ModelBackend):
    """Django's own backend, but an account has no rights beside its roles, and is read together with its officer and language."""

    def get_user_permissions(self, _user_obj: Any, obj: Any = None) -> set[str]:  # noqa: ARG002  # Django's signature
        """Return nothing: rights come from roles."""
        return set()

    def get_user(self, user_id: Any) -> Any:
        """Return an account that may still log in, None where there is none."""
        user = get_user_model().objects.select_related("member").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
