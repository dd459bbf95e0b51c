"""Reading the facts of one case: names known, types and ranges right, owners clear.

A flat record gives each value to every owner in reach, so it describes one case. A nested record
(`{"employer": {"size": "small"}, "contract_months": 12}`) keeps the owners apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from wenjiuye.rules.errors import FactError
from wenjiuye.rules.facts import Fact, Many, One, Subject


def read_flat(known: Mapping[str, Fact], raw: Mapping[str, object]) -> dict[str, Any]:
    """The facts of a flat record in the engine's form. None is unknown. Raises FactError with every problem."""
    record: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in raw.items():
        if name not in known:
            problems.append(_unknown(str(name), known))
        elif value is not None:
            try:
                record[name] = known[name].read(value)
            except FactError as problem:
                problems.append(str(problem))
    if problems:
        raise FactError("; ".join(problems))
    return record


def read_nested(subject: type[Subject], raw: Mapping[str, object], prefix: str = "") -> dict[str, Any]:
    """The facts of a nested record, keyed by path: `employer.size`. Raises FactError with every problem."""
    record: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in raw.items():
        link = subject.relations.get(name)
        try:
            if value is None:
                continue
            if isinstance(link, One):
                if not isinstance(value, Mapping):
                    raise FactError(f"{prefix}{name}: wanted a record of {link.target.id}, got {value!r}")
                record |= read_nested(link.target, value, f"{prefix}{name}.")
            elif isinstance(link, Many):
                if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
                    raise FactError(f"{prefix}{name}: wanted a list of records of {link.target().id}")
                record[prefix + name] = [read_nested(link.target(), row) for row in value]
            elif name in subject.facts:
                record[prefix + name] = subject.facts[name].read(value)
            else:
                raise FactError(prefix + _unknown(str(name), {**subject.facts, **subject.relations}))
        except FactError as problem:
            problems.append(str(problem))
    if problems:
        raise FactError("; ".join(problems))
    return record


def is_nested(subject: type[Subject], raw: Mapping[str, object]) -> bool:
    """Whether a record names relations of the subject, so that owners are kept apart."""
    return any(name in subject.relations for name in raw)


def _unknown(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, 3)
    return f"{name}: no such fact" + (f"; did you mean {' or '.join(near)}?" if near else "")
