"""Tables brought up to date by the role that owns them, then rights given to the application's role."""

from __future__ import annotations

import psycopg
from django.core.management import call_command
from django.db import connections

from wenjiuye.platform.config.settings import database_of
from wenjiuye.platform.database import roles

APPEND_ONLY = ("record_link", "privacy_personaldataaccess", "letters_letter")
"""Tables that the application can add to and nothing else."""
READ_ONLY = ("django_migrations", "claims_statechange")
"""Tables that only migrations fill."""

ONLY_THE_OWNER_IGNORES = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
DECLARE
    passed TEXT := coalesce(current_setting('pgtrigger.ignore', true), '');
BEGIN
    IF passed = '' THEN
        RETURN false;
    END IF;
    RETURN trigger_name = ANY(passed::text[]) AND (
        SELECT pg_has_role(session_user, relowner, 'MEMBER')
        FROM pg_class WHERE oid = 'public.django_migrations'::regclass
    );
END;
$$ LANGUAGE plpgsql STABLE
"""
"""pgtrigger lets whoever sets `pgtrigger.ignore` pass its triggers, by raw SQL too. Only the owner of the tables may:
each trigger that a migration makes brings pgtrigger's own function back, so this one is put in its place afterwards.
"""


def migrate(owner: str) -> None:
    """Bring the tables up to date. owner: the address as the owner of the tables."""
    ours = connections["default"].settings_dict.copy()
    _switch({**ours, **database_of(owner)})
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _switch(ours)
    with psycopg.connect(owner) as connection:
        connection.execute(ONLY_THE_OWNER_IGNORES)
    roles.grant(owner, APPEND_ONLY, READ_ONLY)


def _switch(settings: dict[str, object]) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(settings)
