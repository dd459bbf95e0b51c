"""Appending to the chain of decisions, and walking it to see whether it is whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wenjiuye.platform.record.models import ChainHead, Link


def append(kind: str, subject: str, body: Mapping[str, Any]) -> None:
    """Put a decision on the chain, in the transaction of the work itself."""
    text = json.dumps(
        {"kind": kind, "subject": subject, **body}, ensure_ascii=False, sort_keys=True, default=str
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_link (seq, at, kind, subject, body, prev, hash) VALUES (0, now(), %s, %s, %s, '', '')",
            [kind, subject, text],
        )


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold, and why."""

    seq: int
    zh: str
    en: str


def verify(*, chunk: int = 10_000) -> tuple[int, Broken | None]:
    """Walk the whole chain: how many links hold, and the first that does not."""
    prev, seen = "", 0
    for link in Link.objects.order_by("seq").iterator(chunk_size=chunk):
        if link.seq != seen + 1:
            return seen, Broken(seen + 1, f"第 {seen + 1} 条不见了", f"link {seen + 1} is missing")
        if link.prev != prev:
            return seen, Broken(link.seq, "与前一条接不上", "does not follow the one before")
        if link.hash != link_hash(prev, link.seq, link.at, link.body):
            return seen, Broken(link.seq, "内容与散列值不符", "its content does not have its hash")
        prev, seen = link.hash, link.seq
    head = ChainHead.objects.get(id=1)
    if (head.seq, head.hash) != (seen, prev):
        return seen, Broken(seen + 1, "末尾的记录不见了", "links at the end are missing")
    return seen, None


def link_hash(prev: str, seq: int, at: dt.datetime, body: str) -> str:
    """The hash of a link, as the database makes it."""
    when = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return hashlib.sha256(f"{prev}\n{seq}\n{when}\n{body}".encode()).hexdigest()
