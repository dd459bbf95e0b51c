"""Conditions, smallest change and formula of a receipt, in both languages, as letters show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wenjiuye.platform.letters.data import Change, Condition, Reasons
from wenjiuye.platform.letters.working import formula_of
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.receipt import receipt_hash
from wenjiuye.rules.wording import fact_value

_UNKNOWN = Bilingual("无记录", "no record")
Receipt = Mapping[str, Any]


def from_receipt(receipt: Receipt, policy: Policy) -> Reasons:
    """What a letter says of a decision.

    policy: the one that it was made with; it knows how a fact's values are called. A fact that it no longer has is
    shown as the receipt keeps it.
    """
    return Reasons(
        conditions=_conditions(receipt, policy),
        changes=_changes(receipt),
        formula=formula_of(receipt),
        rules=f"{receipt['policy']['id']} {receipt['policy']['version']}",
        receipt=receipt_hash(receipt),
    )


def _conditions(receipt: Receipt, policy: Policy) -> tuple[Condition, ...]:
    """The tree from the top down; the outermost "all of these" is left out, for it says nothing."""
    rows = {row["id"]: row for row in receipt["conditions"]}
    root = receipt["conditions"][0]
    bare = root["op"] == "all"
    told = _told_facts(receipt, policy)
    return tuple(
        Condition(
            text=Bilingual(row["zh"], row["en"]),
            values=told(row["facts"]),
            truth=row["truth"],
            depth=_depth(rows, row) - bare,
            decisive=row["decisive"],
            heading=row["op"] != "leaf",
        )
        for row in receipt["conditions"]
        if not (bare and row is root)
    )


def _depth(rows: Mapping[str, Receipt], row: Receipt) -> int:
    depth = 0
    while row["parent"] is not None:
        row = rows[row["parent"]]
        depth += 1
    return depth


def _told_facts(receipt: Receipt, policy: Policy) -> Callable[[list[str]], tuple[Bilingual, ...]]:
    """How the facts of a condition are told: one by its value alone, several each with its title."""
    given = {row["id"]: row for row in receipt["facts"]}
    measure = policy.measures.get(receipt["measure"]["id"])
    known = {ref.key: ref.fact for one in measure.expressions() for ref in one.refs} if measure else {}

    def told(keys: list[str]) -> tuple[Bilingual, ...]:
        shown = [(given[key], _shown(given[key]["value"], known.get(key))) for key in keys]
        if len(shown) == 1:
            return (shown[0][1],)
        return tuple(
            Bilingual(f"{row['zh']}：{value.zh}", f"{row['en']}: {value.en}") for row, value in shown
        )

    return told


def _shown(value: Any, fact: Fact | None) -> Bilingual:
    if value is None:
        return _UNKNOWN
    if fact is None:
        return (
            Bilingual(("否", "是")[value], ("no", "yes")[value]) if isinstance(value, bool) else _same(value)
        )
    read = fact.read(value)
    return Bilingual(fact_value(fact, read, "zh"), fact_value(fact, read, "en"))


def _same(value: object) -> Bilingual:
    return Bilingual(str(value), str(value))


def _changes(receipt: Receipt) -> tuple[Change, ...]:
    """The smallest change, where all of it can be brought about: nobody can change the date of an application."""
    rows = receipt["change"]
    if not all(row["possible"] for row in rows):
        return ()
    return tuple(
        Change(
            Bilingual(row["zh"], row["en"]),
            Bilingual(
                "；".join(now["zh"] for now in row["now"] if now["zh"] is not None),
                "; ".join(now["en"] for now in row["now"] if now["en"] is not None),
            ),
        )
        for row in rows
    )
