"""The published JSON schema of a receipt, version 1. A change of shape is a new version."""

from __future__ import annotations

from typing import Any


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
        "properties": properties,
    }


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
TRUTH = {"type": ["boolean", "null"], "description": "null: unknown"}
YUAN = {"type": ["string", "null"], "pattern": r"^-?\d+\.\d{2}$", "description": "yuan with two decimals"}
DAY = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
CONDITION_ID = {"type": "string", "pattern": r"^c\d+$"}

RECEIPT_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Receipt of one decision",
    **_object(
        {
            "schema": {"const": "wenjiuye.receipt/1"},
            "policy": _object({"id": TEXT, "version": {"type": "string", "pattern": "^[0-9a-f]{16}$"}}),
            "measure": _object(
                {
                    "id": TEXT,
                    "clause": {"type": "string", "pattern": r"^a\d\d\.\d\d$"},
                    "kind": {"enum": ["benefit", "relief", "right", "quota"]},
                    "zh": TEXT,
                    "en": TEXT,
                    "fund": TEXT_OR_NULL,
                }
            ),
            "dates": _object({"decision": DAY, "application": DAY, "event": DAY}),
            "verdict": {"enum": ["eligible", "ineligible", "undetermined"]},
            "amount": YUAN,
            "ceiling": {"type": "boolean", "description": "the amount is the most that an officer may grant"},
            "low": YUAN,
            "high": {**YUAN, "description": "null with an unknown amount: no upper bound"},
            "parts": {"type": "object", "additionalProperties": YUAN},
            "conditions": _array(
                _object(
                    {
                        "id": CONDITION_ID,
                        "parent": {"anyOf": [CONDITION_ID, {"type": "null"}]},
                        "op": {"enum": ["all", "any", "at_least", "leaf"]},
                        "truth": TRUTH,
                        "decisive": {"type": "boolean"},
                        "window": {"type": "boolean"},
                        "zh": TEXT,
                        "en": TEXT,
                        "facts": _array(TEXT),
                        "values": _array(TEXT),
                    }
                )
            ),
            "facts": _array(
                _object(
                    {
                        "id": TEXT,
                        "zh": TEXT,
                        "en": TEXT,
                        "value": {"type": ["string", "boolean", "integer", "array", "null"]},
                        "source": TEXT,
                        "as_of": DAY,
                    }
                )
            ),
            "values": _array(
                _object(
                    {
                        "name": TEXT,
                        "key": TEXT_OR_NULL,
                        "zh": TEXT,
                        "en": TEXT,
                        "figure": TEXT_OR_NULL,
                        "figure_en": TEXT_OR_NULL,
                        "unit": TEXT,
                        "local": {"type": "boolean"},
                        "source": TEXT_OR_NULL,
                        "valid_from": DAY,
                        "valid_to": DAY,
                        "confidence": {"enum": ["high", "medium", "low", "given", None]},
                    }
                )
            ),
            "formula": {
                "anyOf": [
                    {"type": "null"},
                    _object({"zh": TEXT, "en": TEXT, "zh_numbers": TEXT_OR_NULL, "en_numbers": TEXT_OR_NULL}),
                ]
            },
            "shows": _array(
                _object(
                    {
                        "zh": TEXT,
                        "en": TEXT,
                        "value": {"type": ["string", "boolean", "null"]},
                        "value_zh": TEXT_OR_NULL,
                        "value_en": TEXT_OR_NULL,
                    }
                )
            ),
            "missing": _object(
                {
                    "facts": _array(
                        _object(
                            {
                                "id": TEXT,
                                "zh": TEXT,
                                "en": TEXT,
                                "ask_zh": TEXT,
                                "ask_en": TEXT,
                                "source": TEXT,
                                "evidence_zh": TEXT,
                                "evidence_en": TEXT,
                                "derivable_from": _array(TEXT),
                            }
                        )
                    ),
                    "relations": _array(TEXT),
                    "values": _array(
                        _object({"name": TEXT, "zh": TEXT, "en": TEXT, "local": {"type": "boolean"}})
                    ),
                    "zero_denominators": _array(_object({"facts": _array(TEXT)})),
                }
            ),
            "change": _array(
                _object(
                    {
                        "condition": CONDITION_ID,
                        "zh": TEXT,
                        "en": TEXT,
                        "truth": TRUTH,
                        "now": _array(_object({"fact": TEXT, "zh": TEXT_OR_NULL, "en": TEXT_OR_NULL})),
                        "possible": {"type": "boolean"},
                    }
                )
            ),
            "assumptions": _array(TEXT),
        }
    ),
}
