"""The case that a file describes: which subject, its facts in the engine's form, and what nobody asks for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from wenjiuye.policy.yaml_exact import read_file
from wenjiuye.rules.errors import Bilingual, FactError
from wenjiuye.rules.expression import Expression, Gathered
from wenjiuye.rules.facts import Subject
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.record import is_nested, read_flat, read_nested

T = TypeVar("T")

EXAMPLE = '{"subject": "hire", "facts": {"size": "small", "contract_months": 12}}'


class InputError(ValueError):
    """What was given on the command line or in a file cannot be used: says what, where and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Bilingual(zh, en)
        super().__init__(str(self.message))


@dataclass(frozen=True, slots=True)
class Case:
    """One subject with its facts. nested: keyed by paths. unread: facts that no measure of it reads."""

    subject: type[Subject]
    record: Mapping[str, Any]
    nested: bool
    unread: tuple[str, ...] = ()


def subject_named(policy: Policy, subject_id: object) -> type[Subject]:
    """The subject of an id or of a Chinese or English name. Raises InputError with the nearest names."""
    for subject in policy.subjects.values():
        if subject_id in (subject.id, subject.zh, subject.en):
            return subject
    name, near = str(subject_id), _nearest(str(subject_id), policy)
    raise InputError(f"没有名为“{name}”的对象；{near.zh}", f"no subject is named {name!r}; {near.en}")


def _nearest(name: str, policy: Policy) -> Bilingual:
    """Which subjects may be meant, or all that there are."""
    ids = {title: subject.id for subject in policy.subjects.values() for title in (subject.id, subject.zh)}
    near = dict.fromkeys(ids[title] for title in difflib.get_close_matches(name, ids, 3))
    if near:
        return Bilingual(f"是否指 {' 或 '.join(near)}？", f"did you mean {' or '.join(near)}?")
    listed = [f"{subject.id} ({subject.zh})" for subject in policy.subjects.values()]
    return Bilingual("可用：" + "、".join(listed), "there are " + ", ".join(listed))


def read_case(path: Path, policy: Policy, measure: Measure | None = None) -> Case:
    """The case of a file. A file without a subject is about the measure's. Raises InputError."""
    raw = _mapping(path)
    strange = sorted(str(key) for key in raw if key not in ("subject", "facts"))
    if strange:
        names = ", ".join(strange)
        raise InputError(
            f"{path}：不认识 {names}；应为：{EXAMPLE}", f"{path}: unknown {names}; wanted: {EXAMPLE}"
        )
    if raw.get("subject") is not None:
        subject = _in_file(path, lambda: subject_named(policy, raw["subject"]))
    elif measure is not None:
        subject = measure.subject
    else:
        names = ", ".join(policy.subjects)
        raise InputError(
            f"{path}：没有写明对象；应为：{EXAMPLE}；对象有：{names}",
            f"{path}: no subject; wanted: {EXAMPLE}; subjects: {names}",
        )
    if measure is not None and subject.id != measure.subject.id:
        raise InputError(
            f"{path}：事实属于 {subject.id}，而 {measure.id} 针对 {measure.subject.id}",
            f"{path}: the facts are about {subject.id}, but {measure.id} is about {measure.subject.id}",
        )
    facts = raw.get("facts")
    if not isinstance(facts, Mapping):
        raise InputError(
            f"{path}：facts 不是键值对；应为：{EXAMPLE}", f"{path}: facts is no mapping; wanted: {EXAMPLE}"
        )
    return _in_file(path, lambda: case_of(policy, subject, facts))


def case_of(policy: Policy, subject: type[Subject], facts: Mapping[str, object]) -> Case:
    """The case of a subject from facts as people write them. Raises FactError with every problem."""
    nested = is_nested(subject, facts)
    known = policy.facts
    record: dict[str, Any] = {}
    problems: list[Bilingual] = []
    for name, value in facts.items():
        try:
            one = {str(name): value}
            record |= read_nested(subject, one) if nested else read_flat(known, one)
        except FactError as problem:
            problems.append(problem.message)
    if problems:
        raise FactError(Bilingual(_lines([p.zh for p in problems]), _lines([p.en for p in problems])))
    if nested:
        return Case(subject, record, True)
    read = read_by(policy.measures_of(subject.id))
    return Case(subject, record, False, tuple(name for name in record if name not in read))


def _lines(problems: list[str]) -> str:
    """One problem behind the name of its file, several below it."""
    return problems[0] if len(problems) == 1 else "\n  ".join(["", *problems])


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
        raise InputError(f"{path}：嵌套过深", f"{path}: nested too deeply") from None
    if not isinstance(raw, Mapping):
        zh, en = ("是空的", "holds nothing") if raw is None else ("不是键值对", "holds no mapping")
        raise InputError(f"{path}：{zh}；应为：{EXAMPLE}", f"{path}: {en}; wanted: {EXAMPLE}")
    return raw


def _in_file(path: Path, read: Callable[[], T]) -> T:
    """Put the file's name in front of what is wrong in it."""
    try:
        return read()
    except (InputError, FactError) as problem:
        said = problem.message
        raise InputError(f"{path}：{said.zh}", f"{path}: {said.en}") from None
