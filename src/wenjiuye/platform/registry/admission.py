"""What refuses a whole batch: rows of another county, and references to rows that are not there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from wenjiuye.platform.registry.columns import refers_to
from wenjiuye.platform.registry.errors import LoadError
from wenjiuye.platform.registry.models import ImportBatch, row_model
from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.registry.intake import CleanRegistry


def refuse_other_counties(batch: ImportBatch) -> None:
    """Raise LoadError where a batch that is limited to a county has a row of another one."""
    if not batch.county:
        return
    for name in batch.tables.values_list("table", flat=True):
        if "county" not in RECORDS[name].facts:
            continue
        strange = row_model(name).objects.filter(batch=batch.pk).exclude(county=batch.county)
        found = strange.values_list("key", "county").first()
        if found is not None:
            raise LoadError(
                _(
                    "%(table)s %(key)s 属于其他县区（%(county)s），本批次只能包含本县区的数据。请去掉这些行再导入。"
                )
                % {"table": RECORDS[name].zh, "key": found[0], "county": found[1]}
            )


def refuse_lost_references(registry: CleanRegistry, batch: ImportBatch, kept: Collection[str]) -> None:
    """Raise LoadError where a row refers to one that is not there. kept: the tables that the city keeps.

    References to tables that came along were checked when they were taken in.
    """
    for name in registry.tables:
        for column, target in refers_to(RECORDS[name]).items():
            if target in registry.tables or target not in kept:
                continue
            lost = _lost(row_model(name).objects.filter(batch=batch.pk), column, target)
            found = lost.values_list(column, flat=True).first()
            if found is not None:
                raise LoadError(
                    _(
                        "%(table)s有%(count)s行引用了登记库中没有的%(target)s（如 %(key)s）。请先导入这些%(target)s。"
                    )
                    % {
                        "table": RECORDS[name].zh,
                        "count": lost.count(),
                        "target": RECORDS[target].zh,
                        "key": found,
                    }
                )


def _lost(rows: QuerySet[Any], column: str, target: str) -> QuerySet[Any]:
    """Those of some rows whose reference leads to no live row."""
    there = row_model(target).objects.filter(key=OuterRef(column), replaced_by__isnull=True).of_case()
    return rows.filter(~Exists(there), **{f"{column}__isnull": False})
