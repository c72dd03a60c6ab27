"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BoardConfig(AppConfig):
    """The duty board."""

    name = "qinwu.board"
    label = "board"

    def ready(self) -> None:
        """Make the roles after every migration."""
        from qinwu.board.access.roles import make_roles

        post_migrate.connect(make_roles, sender=self)
