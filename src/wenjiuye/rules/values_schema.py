"""What a file of dated values must look like: the published JSON schema and one small check per mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from wenjiuye.rules.errors import ValueFileError

TYPES = ("money", "int", "share", "date")
CONFIDENCES = ("high", "medium", "low")

_ENTRY: dict[str, Any] = {
    "type": "object",
    "required": ["source"],
    "additionalProperties": False,
    "properties": {
        "from": {"type": "string", "format": "date", "description": "first day in force; left out: open"},
        "to": {"type": "string", "format": "date", "description": "last day in force; left out: open"},
        "value": {"type": ["number", "string"], "description": 'the figure; shares also as "2/3"'},
        "values": {"type": "object", "minProperties": 1, "description": "the figures by key"},
        "source": {"type": "string", "minLength": 1, "description": "document number, or who says so"},
        "confidence": {"enum": list(CONFIDENCES), "default": "high"},
        "note": {"type": "string"},
    },
}

JSON_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Dated values of a policy (values.toml)",
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["zh", "en", "type", "unit"],
        "additionalProperties": False,
        "properties": {
            "zh": {"type": "string", "minLength": 1},
            "en": {"type": "string", "minLength": 1},
            "type": {"enum": list(TYPES)},
            "unit": {"type": "string", "minLength": 1, "description": "yuan/month, months, share, date …"},
            "key": {"type": "string", "description": "what the figures are keyed by: county, class …"},
            "local": {"type": "boolean", "description": "set by the city; without entries it is unset"},
            "note": {"type": "string"},
            "dated": {"type": "array", "items": _ENTRY},
        },
    },
}


def check_table(table: object, where: str) -> None:
    """Fail where a value lacks its titles, type or unit, or has a field that no one reads."""
    if not isinstance(table, Mapping):
        raise ValueFileError(f"{where}: is no table; write [name] and its fields below")
    rules = JSON_SCHEMA["additionalProperties"]
    _check_fields(table, rules["required"], rules["properties"], where)
    for field in ("zh", "en", "unit", "key", "note"):
        if field in table and not (isinstance(table[field], str) and (table[field] or field == "note")):
            raise ValueFileError(f"{where}: {field} = {table[field]!r}; write a text")
    if not isinstance(table.get("local", False), bool):
        raise ValueFileError(f"{where}: local = {table['local']!r}; write true or false, without quotes")
    if not isinstance(table.get("dated", []), list):
        raise ValueFileError(
            f"{where}: dated = {table['dated']!r}; write [[name.dated]] and its fields below"
        )
    if table["type"] not in TYPES:
        raise ValueFileError(f"{where}: type {table['type']!r} is none of {', '.join(TYPES)}")
    money_unit = str(table["unit"]).startswith("yuan")
    if (table["type"] == "money") != money_unit:
        raise ValueFileError(
            f"{where}: type {table['type']} and unit {table['unit']!r} do not fit each other"
        )


def check_entry(entry: object, keyed: bool, where: str) -> None:
    """Fail where a figure has no source, a validity that ends before it starts, or the wrong form."""
    if not isinstance(entry, Mapping):
        raise ValueFileError(f"{where}: is no table; write [[name.dated]]")
    _check_fields(entry, _ENTRY["required"], _ENTRY["properties"], where)
    wanted, other = ("values", "value") if keyed else ("value", "values")
    if wanted not in entry or other in entry:
        raise ValueFileError(
            f"{where}: write {wanted} = … and not {other}, because it has {'a' if keyed else 'no'} key"
        )
    if not str(entry["source"]).strip():
        raise ValueFileError(f"{where}: the source is empty; name the document")
    if entry.get("confidence", "high") not in CONFIDENCES:
        raise ValueFileError(
            f"{where}: confidence {entry['confidence']!r} is none of {', '.join(CONFIDENCES)}"
        )
    for field in ("from", "to"):
        day = entry.get(field)
        if day is not None and (not isinstance(day, dt.date) or isinstance(day, dt.datetime)):
            raise ValueFileError(
                f"{where}: {field} = {day!r} is no date; write it without quotes: 2020-12-31"
            )
    if entry.get("from") and entry.get("to") and entry["to"] < entry["from"]:
        raise ValueFileError(f"{where}: ends on {entry['to']} before it starts on {entry['from']}")


def check_no_overlap(periods: Sequence[tuple[dt.date | None, dt.date | None]], where: str) -> None:
    """Fail where two figures are in force on one day. The periods come in order of their start."""
    for (_, end), (start, _) in pairwise(periods):
        if end is None or start is None or start <= end:
            raise ValueFileError(
                f"{where}: two entries are in force on {start or 'the same days'}; end one before"
            )


def check_set_or_local(has_entries: bool, local: bool, where: str) -> None:
    """Fail where a value has no figure and does not say that the city sets it."""
    if not has_entries and not local:
        raise ValueFileError(f"{where}: no figure; add [[….dated]] or say local = true")


def _check_fields(
    table: Mapping[str, Any], required: Sequence[str], known: Mapping[str, Any], where: str
) -> None:
    for field in required:
        if field not in table:
            raise ValueFileError(f"{where}: {field} is missing")
    for field in table:
        if field not in known:
            raise ValueFileError(f"{where}: unknown field {field!r}; known: {', '.join(known)}")
