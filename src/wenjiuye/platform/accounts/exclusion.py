"""Roles that exclude each other: held to by the database, whoever writes, and also through substitution."""

from __future__ import annotations

import pgtrigger

ERROR = "WJ003"
"""SQLSTATE of the refusal; its DETAIL has the two roles and, for each, whose post it is: role,role,user,user."""

_FUNC = """
PERFORM pg_advisory_xact_lock(hashtextextended('wenjiuye: roles', 0));
WITH touched (id) AS ({touched}),
post AS (
    SELECT held.user_id AS doer, held.user_id AS holder, held.role,
           daterange(held.starts_on, held.ends_on, '[]') AS during
      FROM accounts_appointment held JOIN touched ON touched.id = held.user_id
    UNION ALL
    SELECT stands_in.substitute_id, held.user_id, held.role,
           daterange(held.starts_on, held.ends_on, '[]') * daterange(stands_in.starts_on, stands_in.ends_on, '[]')
      FROM accounts_substitution stands_in
      JOIN touched ON touched.id = stands_in.substitute_id
      JOIN accounts_appointment held ON held.user_id = stands_in.absent_id
)
SELECT concat_ws(',', one.role, other.role, one.holder, other.holder) INTO clash
  FROM post one
  JOIN post other ON other.doer = one.doer AND other.during && one.during
  JOIN accounts_incompatibleroles pair ON (pair.first, pair.second) = (one.role, other.role)
 LIMIT 1;
IF clash IS NOT NULL THEN
    RAISE EXCEPTION 'wenjiuye: two roles of one user exclude each other: %', clash
        USING ERRCODE = '{error}', DETAIL = clash;
END IF;
RETURN NULL;
"""


def no_incompatible_roles(touched: str) -> pgtrigger.Trigger:
    """A trigger that looks at what users may do after a change. touched: a query for their ids, from NEW."""
    return pgtrigger.Trigger(
        name="no_incompatible_roles",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("clash", "text")],
        func=_FUNC.format(touched=touched, error=ERROR),
    )
