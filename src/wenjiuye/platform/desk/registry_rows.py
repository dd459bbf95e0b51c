"""Rows of the registry as pages show them: titles and values in the page's language, personal data masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.claims.rules_in_force import lang
from wenjiuye.platform.privacy.masking import masked_name, masked_number, masked_phone
from wenjiuye.platform.registry.columns import KEY, refers_to
from wenjiuye.platform.registry.dossier import KINDS, batches_of, names_of
from wenjiuye.platform.registry.importing.matching import column_title
from wenjiuye.platform.registry.models import ImportBatch
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.rules.quantity import Kind

PERSON = "person"
_NUMERIC = (Kind.INT, Kind.MONEY, Kind.SHARE)


@dataclass(frozen=True)
class Cell:
    """One value. to: kind of the person or employer that it names, with the key."""

    text: str
    numeric: bool = False
    to: str = ""
    key: str = ""


@dataclass(frozen=True)
class ShownRow:
    """One row with the batch that brought it; replaced_by: the one that took its place."""

    cells: list[Cell]
    batch: ImportBatch
    replaced_by: ImportBatch | None


@dataclass(frozen=True)
class ShownTable:
    """Rows of one table; columns that no row fills are left out."""

    table: str
    title: str
    columns: list[tuple[str, bool]]
    rows: list[ShownRow]


def columns_shown(record: type[Record]) -> list[str]:
    """The columns of a table in order, those of its own id left out."""
    return [*record.relations, *record.texts, *record.facts]


def shown_table(table: str, rows: Sequence[Any], owner: str = "") -> ShownTable:
    """Rows as a table. owner: whose page it is; columns that hold nothing else are left out."""
    record = RECORDS[table]
    names = [
        name
        for name in columns_shown(record)
        if any(not _is_empty(record, row, name) for row in rows)
        and any(getattr(row, name, None) != owner for row in rows)
    ]
    people = _names(record, rows)
    batches = batches_of(rows)
    return ShownTable(
        table,
        record.en if lang() == "en" else record.zh,
        [(column_title(record, name), _is_number(record, name)) for name in names],
        [
            ShownRow(
                [cell(record, row, name, people) for name in names],
                batches[row.batch],
                batches.get(row.replaced_by),
            )
            for row in rows
        ],
    )


def _names(record: type[Record], rows: Iterable[Any]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for name, target in refers_to(record).items():
        if target in wanted:
            wanted[target] |= {getattr(row, name) for row in rows if getattr(row, name)}
    return {
        (kind, key): name
        for kind, keys in wanted.items()
        if keys
        for key, name in names_of(kind, keys).items()
    }


def _is_number(record: type[Record], name: str) -> bool:
    return name in record.facts and record.facts[name].kind in _NUMERIC


def _is_empty(record: type[Record], row: Any, name: str) -> bool:
    return _value(record, row, name) in (None, "")


def _value(record: type[Record], row: Any, name: str) -> Any:
    fact = record.facts.get(name)
    if fact is not None and fact.kind is Kind.SHARE:
        top = getattr(row, f"{name}_num")
        return None if top is None else (top, getattr(row, f"{name}_den"))
    return getattr(row, name)


def cell(
    record: type[Record], row: Any, name: str, names: Mapping[tuple[str, str], str] | None = None
) -> Cell:
    """One value of a row. names: of the people and employers that rows name, by kind and key."""
    value = _value(record, row, name)
    if value in (None, ""):
        return Cell("–", _is_number(record, name))
    target = refers_to(record).get(name, "")
    if target:
        told = (names or {}).get((target, value), "")
        text = masked_name(told) if target == PERSON and told else told
        return Cell(text or value, False, target if target in KINDS else "", value)
    if name in record.texts:
        return Cell(_masked(record, name, value))
    return Cell(_fact_text(record, name, value), _is_number(record, name))


def _masked(record: type[Record], name: str, value: str) -> str:
    if name == "resident_id":
        return masked_number(value)
    if name == "phone":
        return masked_phone(value)
    return masked_name(value) if name == "name" and record.id == PERSON else value


def _fact_text(record: type[Record], name: str, value: Any) -> str:
    fact = record.facts[name]
    if fact.kind is Kind.BOOL:
        return _("是") if value else _("否")
    if fact.kind is Kind.ENUM:
        return str(fact.members[value][1 if lang() == "en" else 0])
    if fact.kind is Kind.SHARE:
        return f"{value[0]}/{value[1]}"
    if fact.kind is Kind.LIST:
        return _("%(n)s 条") % {"n": len(value)}
    if fact.kind is Kind.INT and name != "year":
        return f"{value:,}"
    return fact.show(value)


def shown_name(kind: str, name: str, key: str) -> str:
    """Somebody as pages call them: a person's name masked, the key where there is no name."""
    if not name:
        return key
    return masked_name(name) if kind == PERSON else name


def facts_of(kind: str, row: Any) -> list[tuple[str, Cell]]:
    """The columns of a person or employer that are filled, with their titles; the key first."""
    record = RECORDS[kind]
    people = _names(record, [row])
    found = [(_("编号"), Cell(getattr(row, KEY)))]
    for name in columns_shown(record):
        if name != "name" and not _is_empty(record, row, name):
            found.append((column_title(record, name), cell(record, row, name, people)))
    return found
