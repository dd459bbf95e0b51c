"""The golden registry: hand-written tables, and what was calculated from them by hand, read and checked.

What the files hold and how to read them is told in tests/golden_registry/README.md. Nothing here derives
anything: only YAML and CSV are read, and a name that the policy or the registry does not have is an error.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wenjiuye.policy.registry import RECORDS
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.policy.yaml_exact import read_file
from wenjiuye.rules.determination import Verdict
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.facts import Fact, One, Subject
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.quantity import day_of, fen_of_yuan

FOLDER = Path(__file__).parents[2] / "golden_registry"
"""A registry folder; the expectations lie in its folder `expected`."""

EXPECTED = FOLDER / "expected"
TOTALS = "totals.yaml"
REASONS = ("granted", "displaced")
"""Why somebody who is eligible is not entitled: had it before, or another measure of the group goes first."""

TABLE_OF = {
    "hire": "employment",
    "sole_trader": "enterprise",
    "claim_period": "premium",
    "taxpayer_revenue": "sales",
    "park_tenant": "lease",
}
"""The table whose rows a subject's rows come from, where its name differs."""


class GoldenError(ValueError):
    """An expectation is wrong in itself: unknown name, wrong type, missing key. Names file and case."""


@dataclass(frozen=True, slots=True)
class GoldenMeasure:
    """What one measure has to come to. Sums are fen, None is unknown; untested where `tests_amount` is no.

    facts: of the decided row and for this measure alone (what was granted before, rent of the property meant).
    """

    measure: str
    verdict: Verdict
    tests_amount: bool
    amount: int | None
    parts: Mapping[str, int | None] | None
    entitled: bool | None
    why_not: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One row on one date. facts: by path (`person.rural`), in the engine's own form, None is unknown.

    decided: whether the row is decided at all on that date; otherwise it has no facts and no measures.
    """

    id: str
    file: str
    on: dt.date
    subject: str
    row: str
    decided: bool
    facts: Mapping[str, Any]
    measures: tuple[GoldenMeasure, ...]
    why: str


@dataclass(frozen=True, slots=True)
class GoldenTotal:
    """One measure over the whole registry. The sum in fen; None: a right, or a sum that is not known."""

    measure: str
    eligible: int
    ineligible: int
    undetermined: int
    entitled: int
    entitled_sum: int | None
    why: str


@dataclass(frozen=True, slots=True)
class GoldenTotals:
    """The totals of one date. rows: how many rows of each subject are decided."""

    on: dt.date
    rows: Mapping[str, int]
    measures: tuple[GoldenTotal, ...]


# ── The tables


def table_names() -> list[str]:
    """The tables that the golden registry keeps, in the order of the data model. Raises GoldenError."""
    found = {path.stem for path in FOLDER.glob("*.csv")}
    if strange := sorted(found - set(RECORDS)):
        raise GoldenError(f"{FOLDER.name}: no table of the registry: {', '.join(strange)}")
    return [name for name in RECORDS if name in found]


def table(name: str) -> list[dict[str, str]]:
    """The rows of one table as text by column; an empty cell is "". Raises GoldenError."""
    path = FOLDER / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    record = RECORDS[name]
    known = {"id"} if record.keyed else set()
    known |= {*record.relations, *record.facts, *record.texts}
    if strange := [column for column in head if column not in known]:
        raise GoldenError(f"{path.name}: no column of {name}: {', '.join(strange)}")
    for number, row in enumerate(rows, 2):
        if len(row) != len(head):
            raise GoldenError(f"{path.name}, row {number}: {len(row)} cells, wanted {len(head)}")
    return [dict(zip(head, row, strict=True)) for row in rows]


def rows_of(subject: str) -> set[str]:
    """The ids of all rows that a subject's rows can come from, decided or not."""
    rows = table(TABLE_OF.get(subject, subject))
    if subject == "claim_period":
        return {f"{row['enterprise']}|{row['insurance_kind']}|{row['month']}" for row in rows}
    return {row["id"] for row in rows}


# ── The expectations


def cases() -> list[GoldenCase]:
    """Every case, by file and then as written. Raises GoldenError."""
    found: list[GoldenCase] = []
    for path in sorted(EXPECTED.glob("*.yaml")):
        if path.name == TOTALS:
            continue
        for number, raw in enumerate(_list(read_file(path), path.name), 1):
            where = f"{path.name}, case {raw.get('id', number) if isinstance(raw, Mapping) else number}"
            found.append(_case(path.name, raw, where))
    ids = [case.id for case in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise GoldenError(f"two cases of one id: {', '.join(twice)}")
    return found


def totals() -> GoldenTotals:
    """The totals of the whole registry. Raises GoldenError."""
    raw = _mapping(read_file(EXPECTED / TOTALS), TOTALS)
    _keys(raw, ("on", "rows", "measures"), ("on", "rows", "measures"), TOTALS)
    rows = {str(name): _count(value, TOTALS) for name, value in _mapping(raw["rows"], TOTALS).items()}
    for name in rows:
        _subject(name, TOTALS)
    measures = _mapping(raw["measures"], TOTALS)
    return GoldenTotals(
        _day(raw["on"], TOTALS), rows, tuple(_total(name, value) for name, value in measures.items())
    )


def _total(name: str, raw: object) -> GoldenTotal:
    where = f"{TOTALS}, {name}"
    entry = _mapping(raw, where)
    counts = ("eligible", "ineligible", "undetermined", "entitled")
    _keys(entry, (*counts, "entitled_sum", "why"), (*counts, "why"), where)
    measure = _measure(name, where)
    if "entitled_sum" in entry and not measure.has_amount:
        raise GoldenError(f"{where}: grants no sum, so entitled_sum must not stand")
    return GoldenTotal(
        name,
        _count(entry["eligible"], where),
        _count(entry["ineligible"], where),
        _count(entry["undetermined"], where),
        _count(entry["entitled"], where),
        _fen(entry.get("entitled_sum"), where),
        _why(entry, where),
    )


def _case(file: str, raw: object, where: str) -> GoldenCase:
    case = _mapping(raw, where)
    known = ("id", "on", "subject", "row", "decided", "facts", "measures", "why")
    _keys(case, known, ("id", "on", "subject", "row", "why"), where)
    subject = _subject(case["subject"], where)
    decided = case.get("decided", True)
    if not isinstance(decided, bool):
        raise GoldenError(f"{where}: decided: wanted true or false")
    if decided != ("measures" in case) or (not decided and "facts" in case):
        raise GoldenError(f"{where}: a decided row has measures, one that is not has neither those nor facts")
    measures = _mapping(case.get("measures", {}), where)
    return GoldenCase(
        str(case["id"]),
        file,
        _day(case["on"], where),
        subject.id,
        str(case["row"]),
        decided,
        _facts(subject, case.get("facts", {}), where),
        tuple(_expected(subject, str(name), entry, where) for name, entry in measures.items()),
        _why(case, where),
    )


def _expected(subject: type[Subject], name: str, raw: object, where: str) -> GoldenMeasure:
    where = f"{where}: {name}"
    entry, measure = _mapping(raw, where), _measure(name, where)
    if measure.subject.id != subject.id:
        raise GoldenError(f"{where}: a measure of {measure.subject.id}, not of {subject.id}")
    _keys(entry, ("verdict", "amount", "parts", "entitled", "why_not", "facts"), ("verdict",), where)
    if entry["verdict"] not in list(Verdict):
        raise GoldenError(f"{where}: verdict: {entry['verdict']!r} is none of {', '.join(Verdict)}")
    verdict, entitled, why_not = Verdict(entry["verdict"]), entry.get("entitled"), entry.get("why_not")
    if ("amount" in entry or "parts" in entry) and not (measure.has_amount and verdict is Verdict.ELIGIBLE):
        raise GoldenError(f"{where}: only somebody eligible for a measure with a sum has an amount")
    if "entitled" in entry and not (isinstance(entitled, bool) and verdict is Verdict.ELIGIBLE):
        raise GoldenError(f"{where}: entitled: true or false, and of somebody eligible")
    if "why_not" in entry and not (why_not in REASONS and entitled is False):
        raise GoldenError(f"{where}: why_not: {' or '.join(REASONS)}, and of somebody not entitled")
    parts = _mapping(entry["parts"], where) if "parts" in entry else None
    if parts is not None and set(parts) != set(measure.parts):
        raise GoldenError(f"{where}: parts {sorted(parts)}, the measure has {sorted(measure.parts)}")
    return GoldenMeasure(
        name,
        verdict,
        "amount" in entry,
        _fen(entry.get("amount"), where),
        None if parts is None else {part: _fen(value, where) for part, value in parts.items()},
        entitled,
        why_not,
        _facts(subject, entry.get("facts", {}), where),
    )


def _facts(subject: type[Subject], raw: object, where: str) -> dict[str, Any]:
    """Facts by path in the engine's own form."""
    found: dict[str, Any] = {}
    for path, value in _mapping(raw, where).items():
        fact = fact_at(subject, str(path), where)
        try:
            found[str(path)] = None if value is None else fact.read(value)
        except RulesError as problem:
            raise GoldenError(f"{where}: {path}: {problem}") from None
    return found


def fact_at(subject: type[Subject], path: str, where: str) -> Fact:
    """The fact at a path such as `employer.size`. Raises GoldenError."""
    owner = subject
    *links, name = path.split(".")
    for link in links:
        relation = owner.relations.get(link)
        if not isinstance(relation, One):
            raise GoldenError(f"{where}: {path}: {owner.id} has no relation {link}")
        owner = relation.target
    if name not in owner.facts:
        raise GoldenError(f"{where}: {path}: {owner.id} has no fact {name}")
    return owner.facts[name]


# ── Names and types


def _subject(name: object, where: str) -> type[Subject]:
    subjects = policy().subjects
    if str(name) not in subjects:
        raise GoldenError(f"{where}: no such subject {name!r}")
    return subjects[str(name)]


def _measure(name: str, where: str) -> Measure:
    try:
        return policy().measure(name)
    except RulesError as problem:
        raise GoldenError(f"{where}: {problem}") from None


def _keys(raw: Mapping[str, Any], known: Sequence[str], needed: Sequence[str], where: str) -> None:
    if strange := sorted(key for key in raw if key not in known):
        raise GoldenError(f"{where}: unknown key {', '.join(strange)}; known: {', '.join(known)}")
    if lacking := [key for key in needed if key not in raw]:
        raise GoldenError(f"{where}: {', '.join(lacking)} is missing")


def _mapping(raw: object, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise GoldenError(f"{where}: wanted a mapping, got {raw!r}")
    if any(key is True for key in raw):
        raise GoldenError(f'{where}: a bare on is read as true by YAML 1.1: write "on"')
    return {str(key): value for key, value in raw.items()}


def _list(raw: object, where: str) -> list[Any]:
    if not isinstance(raw, list):
        raise GoldenError(f"{where}: wanted a list of cases")
    return raw


def _why(raw: Mapping[str, Any], where: str) -> str:
    if not (isinstance(raw["why"], str) and raw["why"].strip()):
        raise GoldenError(f"{where}: why: the arithmetic is missing")
    return raw["why"]


def _count(raw: object, where: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise GoldenError(f"{where}: wanted a count, got {raw!r}")
    return raw


def _day(raw: object, where: str) -> dt.date:
    try:
        return day_of(raw)
    except ValueError as problem:
        raise GoldenError(f"{where}: on: {problem}; wanted a day such as 2020-12-01") from None


def _fen(yuan: object, where: str) -> int | None:
    try:
        return None if yuan is None else fen_of_yuan(yuan)
    except ValueError as problem:
        raise GoldenError(f"{where}: {problem}") from None
