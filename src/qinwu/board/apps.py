"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BoardConfig(AppConfig):
    """The duty board."""

    name = "qinwu.board"
    label = "board"

    def ready(self) -> None:
        """Look whether every duty has one role that answers for it, and make the roles after every migration."""
        from qinwu.board.access.roles import check_matrix, make_roles

        check_matrix()
        post_migrate.connect(make_roles, sender=self)
