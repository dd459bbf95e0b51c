"""Who changes something and why: an update that does not say so is refused by the database."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import pghistory
import pgtrigger

_REFUSE = """
IF coalesce(current_setting('pghistory.context_id', true), '') = '' THEN
    RAISE EXCEPTION 'wenjiuye: a change of % must say who and why', TG_TABLE_NAME USING ERRCODE = 'WJ001';
END IF;
RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
"""


def needs_context() -> pgtrigger.Trigger:
    """A trigger that refuses updates and deletions made without who and why."""
    return pgtrigger.Trigger(
        name="needs_who_and_why",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=_REFUSE,
    )


def on_record(actor: Any, why: str, **more: Any) -> AbstractContextManager[Any]:
    """What is changed inside is put on record as done by the actor (a user, or a name) for this reason."""
    who = getattr(actor, "pk", None)
    return pghistory.context(user=who, actor=str(actor), why=why, **more)
