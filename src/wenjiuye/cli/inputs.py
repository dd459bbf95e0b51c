"""The case that a file describes: which subject, its facts in the engine's form, and what nobody asks for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from wenjiuye.policy.yaml_exact import read_file
from wenjiuye.rules.errors import FactError
from wenjiuye.rules.expression import Expression, Gathered
from wenjiuye.rules.facts import Subject, facts_in_reach
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.record import is_nested, read_flat, read_nested

T = TypeVar("T")

EXAMPLE = '{"subject": "hire", "facts": {"size": "small", "contract_months": 12}}'


class InputError(ValueError):
    """What was given on the command line or in a file cannot be used: says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """One subject with its facts. nested: keyed by paths. unread: facts that no measure of the subject reads."""

    subject: type[Subject]
    record: Mapping[str, Any]
    nested: bool
    unread: tuple[str, ...] = ()


def subject_named(policy: Policy, subject_id: object) -> type[Subject]:
    """The subject of an id or of a Chinese or English name. Raises InputError with the nearest names."""
    for subject in policy.subjects.values():
        if subject_id in (subject.id, subject.zh, subject.en):
            return subject
    raise InputError(f"no subject is named {str(subject_id)!r}; {nearest(str(subject_id), policy.subjects)}")


def nearest(name: str, known: Collection[str]) -> str:
    """Which known names may be meant."""
    near = difflib.get_close_matches(name, list(known), 3)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"


def read_case(path: Path, policy: Policy, measure: Measure | None = None) -> Case:
    """The case of a file. A file without a subject is about the measure's. Raises InputError."""
    raw = _mapping(path)
    strange = sorted(str(key) for key in raw if key not in ("subject", "facts"))
    if strange:
        raise InputError(f"{path}: unknown {', '.join(strange)}; wanted: {EXAMPLE}")
    if raw.get("subject") is not None:
        subject = _in_file(path, lambda: subject_named(policy, raw["subject"]))
    elif measure is not None:
        subject = measure.subject
    else:
        raise InputError(f"{path}: no subject; write {EXAMPLE}; subjects: {', '.join(policy.subjects)}")
    if measure is not None and subject.id != measure.subject.id:
        raise InputError(
            f"{path}: the facts are about {subject.id}, but {measure.id} is about {measure.subject.id}"
        )
    facts = raw.get("facts")
    if not isinstance(facts, Mapping):
        raise InputError(f"{path}: 'facts' is no mapping; wanted: {EXAMPLE}")
    return _in_file(path, lambda: case_of(policy, subject, facts))


def case_of(policy: Policy, subject: type[Subject], facts: Mapping[str, object]) -> Case:
    """The case of a subject from facts as people write them. Raises FactError with every problem."""
    nested = is_nested(subject, facts)
    if nested:
        return Case(subject, read_nested(subject, facts), True)
    record = read_flat({**policy.facts, **facts_in_reach(subject)}, facts)
    read = read_by(policy.measures_of(subject.id))
    return Case(subject, record, False, tuple(name for name in record if name not in read))


def read_by(measures: Iterable[Measure]) -> set[str]:
    """Ids of the facts and relations that measures read."""
    found: set[str] = set()
    pending: list[Expression] = [expression for measure in measures for expression in measure.expressions()]
    while pending:
        node = pending.pop()
        for part in node.walk():
            if part.op == "fact":
                found.add(part.data.fact.id)
            elif isinstance(part.data, Gathered):
                found.add(part.data.relation)
                pending += [inner for inner in (part.data.where, part.data.of) if inner is not None]
    return found


def _mapping(path: Path) -> Mapping[Any, Any]:
    try:
        raw = read_file(path)
    except RecursionError:
        raise InputError(f"{path}: nested too deeply; wanted: {EXAMPLE}") from None
    if not isinstance(raw, Mapping):
        raise InputError(f"{path}: holds {'nothing' if raw is None else 'no mapping'}; wanted: {EXAMPLE}")
    return raw


def _in_file(path: Path, read: Callable[[], T]) -> T:
    """Put the file's name in front of what is wrong in it."""
    try:
        return read()
    except (InputError, FactError) as problem:
        raise InputError(f"{path}: {problem}") from None
