"""Tables brought up to date by the role that owns them, then rights given to the application's role."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections

from wenjiuye.platform.config.settings import database_of
from wenjiuye.platform.database import roles

APPEND_ONLY = ("record_link", "privacy_personaldataaccess", "letters_letter")
"""Tables that the application can add to and nothing else."""
READ_ONLY = ("django_migrations", "claims_statechange")
"""Tables that only migrations fill."""


def migrate(owner: str) -> None:
    """Bring the tables up to date. owner: the address as the owner of the tables."""
    ours = connections["default"].settings_dict.copy()
    _switch({**ours, **database_of(owner)})
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _switch(ours)
    roles.grant(owner, APPEND_ONLY, READ_ONLY)


def _switch(settings: dict[str, object]) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(settings)
