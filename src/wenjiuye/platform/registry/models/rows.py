"""A model for every table of the data model, made from its declaration.

Rows are never changed: a newer row takes the place of an older one, which then names the batch that replaced it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import Q

from wenjiuye.platform.accounts.scope import ScopedQuerySet
from wenjiuye.platform.privacy.fields import EncryptedText
from wenjiuye.platform.record.context import needs_context
from wenjiuye.platform.registry.columns import (
    KEY,
    MONTHLY,
    NAMED,
    PERSONAL,
    hash_column,
    purpose,
    refers_to,
    table_name,
)
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import Kind

LIVE = Q(replaced_by__isnull=True)


class RegistryRow(models.Model):
    """What every row has. `key` stands in tables whose rows others refer to.

    The batches are plain numbers, because a check of every row would double the time of an import; what they name is
    never deleted (see `ImportBatch`).
    """

    batch = models.BigIntegerField(db_column="batch_id")
    replaced_by = models.BigIntegerField(db_column="replaced_by_id", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, KEY, self.pk))


def _text(**options: Any) -> models.Field[Any, Any]:
    return models.TextField(null=True, **options)


_FIELDS = {
    Kind.BOOL: models.BooleanField,
    Kind.INT: models.BigIntegerField,
    Kind.MONEY: models.BigIntegerField,
    Kind.DATE: models.DateField,
    Kind.MONTH: models.DateField,
    Kind.ENUM: models.TextField,
    Kind.LIST: models.JSONField,
}


def _fact_fields(fact: Fact, required: bool) -> dict[str, models.Field[Any, Any]]:
    if fact.kind is Kind.SHARE:
        return {f"{fact.id}_{part}": models.BigIntegerField(null=not required) for part in ("num", "den")}
    return {fact.id: _FIELDS[fact.kind](null=not required)}


def _fields(record: type[Record]) -> dict[str, Any]:
    found: dict[str, Any] = {KEY: models.TextField()} if record.keyed else {}
    for name in (*record.relations, *record.texts):
        if name in PERSONAL.get(record.id, ()):
            found[name] = EncryptedText(purpose=purpose(record.id, name), null=True)
            found[hash_column(name)] = models.BinaryField(null=True)
        else:
            found[name] = models.TextField(null=name not in record.required)
    for fact in record.facts.values():
        found |= _fact_fields(fact, fact.id in record.required)
    return found


def _named(record: type[Record], what: str) -> str:
    """A name for an index that fits into thirty characters and stays the same."""
    digest = hashlib.blake2b(f"{record.id} {what}".encode(), digest_size=3).hexdigest()
    return f"{record.id[:12]}_{what[:10]}_{digest}"


def _indexes(record: type[Record]) -> list[models.Index]:
    def live(what: str, *columns: str) -> models.Index:
        return models.Index(fields=list(columns), name=_named(record, what), condition=LIVE)

    month = ("month",) if record.id in MONTHLY else ()
    found = [live(name, name, *month) for name in refers_to(record)]
    found += [live(hash_column(name), hash_column(name)) for name in PERSONAL.get(record.id, ())]
    found += [live(name, name) for name in ("subject_id", "credit_code") if name in record.texts]
    if record.id in NAMED:
        found.append(
            GinIndex(OpClass("name", name="gin_trgm_ops"), name=_named(record, "name"), condition=LIVE)
        )
    if record.id == "person":
        found.append(live("birth_date", "birth_date"))
    # Rows of a batch stand together, so that a small index finds them when it is taken back.
    found.append(BrinIndex(fields=["batch"], name=_named(record, "batch")))
    replaced = Q(replaced_by__isnull=False)
    found.append(models.Index(fields=["replaced_by"], name=_named(record, "replaced"), condition=replaced))
    return found


def _constraints(record: type[Record]) -> list[models.BaseConstraint]:
    found: list[models.BaseConstraint] = []
    if record.keyed:
        found.append(models.UniqueConstraint(fields=[KEY], condition=LIVE, name=f"{record.id}_key_live_once"))
    for fact in record.facts.values():
        if fact.kind is Kind.ENUM:
            allowed = Q(**{f"{fact.id}__in": list(fact.members)})
            found.append(models.CheckConstraint(condition=allowed, name=f"{record.id}_{fact.id}_known"))
        elif fact.kind is Kind.SHARE:
            whole = Q(**{f"{fact.id}_num__isnull": True, f"{fact.id}_den__isnull": True}) | Q(
                **{f"{fact.id}_num__isnull": False, f"{fact.id}_den__gt": 0}
            )
            found.append(models.CheckConstraint(condition=whole, name=f"{record.id}_{fact.id}_whole"))
    return found


def _model(record: type[Record]) -> type[models.Model]:
    meta = type(
        "Meta",
        (),
        {
            "app_label": "registry",
            "db_table": table_name(record.id),
            "verbose_name": record.zh,
            "verbose_name_plural": record.zh,
            "indexes": _indexes(record),
            "constraints": _constraints(record),
            "triggers": [
                needs_context(),
                pgtrigger.ReadOnly(name="replaced_not_changed", exclude=["replaced_by"]),
            ],
        },
    )
    name = "".join(part.capitalize() for part in record.id.split("_"))
    attributes = {"__module__": __name__, "__doc__": record.means, "Meta": meta, **_fields(record)}
    return type(name, (RegistryRow,), attributes)


MODELS: Mapping[str, type[models.Model]] = MappingProxyType(
    {name: _model(record) for name, record in RECORDS.items()}
)
"""The model of each table of the data model."""


def row_model(record_id: str) -> Any:
    """The model of a table. KeyError: the data model has none of that name."""
    return MODELS[record_id]
