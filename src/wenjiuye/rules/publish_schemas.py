"""Writes the published JSON schemas into a folder: `python -m wenjiuye.rules.publish_schemas docs/schema`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from wenjiuye.rules.receipt_schema import RECEIPT_SCHEMA
from wenjiuye.rules.values_schema import JSON_SCHEMA

PUBLISHED = {"values.schema.json": JSON_SCHEMA, "receipt.schema.json": RECEIPT_SCHEMA}


def text(name: str) -> str:
    """The text of a published schema."""
    return json.dumps(PUBLISHED[name], ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name in PUBLISHED:
        (Path(sys.argv[1]) / name).write_text(text(name), "utf-8")
