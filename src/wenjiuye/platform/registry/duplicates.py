"""Rows that may be one person or one employer: found by the database, looked at by an officer."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.accounts.scope import service_scope
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.errors import MergeError
from wenjiuye.platform.registry.models import DuplicatePair, row_model

NAMES_ALIKE = 0.8
"""From which similarity on the names of two employers of a county are shown as one that may be twice."""

_PLAIN = "lower(regexp_replace(normalize({0}, NFKC), '[[:space:]·•.]', '', 'g'))"
"""A name as it is compared: half-width, without blanks and dots."""

_CORE = "regexp_replace({0}, '(股份有限公司|有限责任公司|有限公司|公司)$', '')"
"""A name without the words for the legal form, which people write in this way and that."""

_PAIRS = {
    "person": f"""
        SELECT a.key AS first, b.key AS second, a.county, 'resident_id' AS reason, 1.0 AS likeness
        FROM registry_person a JOIN registry_person b ON a.resident_id_hash = b.resident_id_hash AND a.key < b.key
        WHERE a.replaced_by_id IS NULL AND b.replaced_by_id IS NULL
        UNION ALL
        SELECT a.key, b.key, a.county, 'name_and_birth',
            CASE WHEN a.resident_id_hash <> b.resident_id_hash THEN 0.6 ELSE 0.9 END
        FROM registry_person a JOIN registry_person b
            ON a.birth_date = b.birth_date AND {_PLAIN.format("a.name")} = {_PLAIN.format("b.name")} AND a.key < b.key
        WHERE a.replaced_by_id IS NULL AND b.replaced_by_id IS NULL
    """,
    "enterprise": f"""
        SELECT a.key AS first, b.key AS second, a.county, 'credit_code' AS reason, 1.0 AS likeness
        FROM registry_enterprise a JOIN registry_enterprise b
            ON {_PLAIN.format("a.credit_code")} = {_PLAIN.format("b.credit_code")} AND a.key < b.key
        WHERE a.replaced_by_id IS NULL AND b.replaced_by_id IS NULL AND a.credit_code <> ''
        UNION ALL
        SELECT a.key, b.key, a.county, 'similar_name', 0.9
        FROM registry_enterprise a JOIN registry_enterprise b
            ON {_CORE.format(_PLAIN.format("a.name"))} = {_CORE.format(_PLAIN.format("b.name"))}
            AND a.county = b.county AND a.key < b.key
        WHERE a.replaced_by_id IS NULL AND b.replaced_by_id IS NULL
        UNION ALL
        SELECT a.key, b.key, a.county, 'similar_name', similarity(a.name, b.name)
        FROM registry_enterprise a JOIN registry_enterprise b
            ON a.name % b.name AND a.county = b.county AND a.key < b.key
        WHERE a.replaced_by_id IS NULL AND b.replaced_by_id IS NULL
    """,
}


def find_duplicates() -> int:
    """Look for pairs in the whole registry; the number of those that are open.

    What an officer has settled stays settled; open pairs of rows that are gone are taken away. For a job in the
    background: of a city it takes minutes.
    """
    with transaction.atomic(), on_record("system", "find duplicates"), service_scope():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(NAMES_ALIKE)])
            for kind, pairs in _PAIRS.items():
                cursor.execute(
                    _INSERT.replace("{pairs}", pairs).replace("%", "%%").replace("%%s", "%s"), [kind]
                )
        for kind in _PAIRS:
            live = row_model(kind).objects.filter(replaced_by__isnull=True).values("key")
            gone = ~Q(first__in=live) | ~Q(second__in=live)
            DuplicatePair.objects.filter(gone, kind=kind, state=DuplicatePair.State.OPEN).delete()
        found: int = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).count()
    return found


_INSERT = """
    INSERT INTO registry_duplicatepair
        (kind, first, second, county, reasons, likeness, state, found_at, settled_why)
    SELECT %s, first, second, min(county), array_agg(DISTINCT reason ORDER BY reason), max(likeness), 'open', now(), ''
    FROM ({pairs}) pairs GROUP BY first, second
    ON CONFLICT (kind, first, second) DO UPDATE SET reasons = excluded.reasons, likeness = excluded.likeness
    WHERE registry_duplicatepair.state = 'open'
"""


def keep_apart(pair: DuplicatePair, reason: str, by: Any) -> None:
    """Put down that two rows are not one. PermissionDenied; MergeError: no reason, or it was settled before."""
    check(by, Action.MERGE_DUPLICATES, county=pair.county)
    if not reason.strip():
        raise MergeError(_("请写明为什么不是同一个。"))
    with transaction.atomic(), on_record(by, f"keep apart: {reason}"), service_scope():
        held = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
        if held.state != DuplicatePair.State.OPEN:
            raise MergeError(_("这一对已经处理过了，请刷新页面。"))
        held.state, held.settled_at, held.settled_by = DuplicatePair.State.DISTINCT, timezone.now(), by
        held.settled_why = reason.strip()
        held.save()
    pair.refresh_from_db()
