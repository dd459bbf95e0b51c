"""Reading the facts of one case: names known, types and ranges right, owners clear.

A flat record gives each value to every owner in reach, so it describes one case. A nested record
(`{"employer": {"size": "small"}, "contract_months": 12}`) keeps the owners apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from wenjiuye.rules.errors import Bilingual, FactError
from wenjiuye.rules.facts import Fact, Many, One, Subject

Titled = Fact | One[Any] | Many[Any]
"""What a record may name."""


def read_flat(known: Mapping[str, Fact], raw: Mapping[str, object]) -> dict[str, Any]:
    """The facts of a flat record in the engine's form. None is unknown. Raises FactError with every problem."""
    record: dict[str, Any] = {}
    problems: list[Bilingual] = []
    for name, value in raw.items():
        if name not in known:
            problems.append(_unknown(str(name), known))
        elif value is not None:
            try:
                record[name] = known[name].read(value)
            except FactError as problem:
                problems.append(problem.message)
    if problems:
        raise _together(problems)
    return record


def read_nested(subject: type[Subject], raw: Mapping[str, object], prefix: str = "") -> dict[str, Any]:
    """The facts of a nested record, keyed by path: `employer.size`. Raises FactError with every problem."""
    record: dict[str, Any] = {}
    problems: list[Bilingual] = []
    for name, value in raw.items():
        link = subject.relations.get(name)
        try:
            if value is None:
                continue
            if isinstance(link, One):
                if not isinstance(value, Mapping):
                    raise FactError(_no_record(prefix + name, link.target, value))
                record |= read_nested(link.target, value, f"{prefix}{name}.")
            elif isinstance(link, Many):
                if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
                    raise FactError(_no_list(prefix + name, link.target()))
                record[prefix + name] = [
                    _read_row(link.target(), row, f"{prefix}{name}", number)
                    for number, row in enumerate(value, 1)
                ]
            elif name in subject.facts:
                record[prefix + name] = subject.facts[name].read(value)
            else:
                raise FactError(_unknown(str(name), {**subject.facts, **subject.relations}, prefix))
        except FactError as problem:
            problems.append(problem.message)
    if problems:
        raise _together(problems)
    return record


def write_nested(subject: type[Subject], record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the engine as people write one, nested along the relations: `read_nested` reads it back."""
    tree: dict[str, Any] = {}
    for key, value in record.items():
        if value is None:
            continue
        *path, last = key.split(".")
        owner, branch = subject, tree
        for name in path:
            link = owner.relations[name]
            assert isinstance(link, One)
            owner, branch = link.target, branch.setdefault(name, {})
        many = owner.relations.get(last)
        if isinstance(many, Many):
            branch[last] = [write_nested(many.target(), row) for row in value]
        else:
            branch[last] = owner.facts[last].plain_value(value)
    return tree


def _read_row(
    subject: type[Subject], raw: Mapping[str, object], relation: str, number: int
) -> dict[str, Any]:
    try:
        return read_nested(subject, raw)
    except FactError as problem:
        zh, en = problem.message.zh, problem.message.en
        raise FactError(Bilingual(f"{relation}第{number}条：{zh}", f"{relation} {number}: {en}")) from None


def is_nested(subject: type[Subject], raw: Mapping[str, object]) -> bool:
    """Whether a record names relations of the subject, so that owners are kept apart."""
    return any(name in subject.relations for name in raw)


def _unknown(name: str, known: Mapping[str, Titled], prefix: str = "") -> Bilingual:
    """That there is no such fact, with those that may be meant, by id or by Chinese name."""
    titles = {title: key for key, thing in known.items() for title in (thing.zh, key)}
    near = list(dict.fromkeys(titles[title] for title in difflib.get_close_matches(name, titles, 3)))
    meant = "或".join(f"{known[key].zh}（{key}）" for key in near)
    return Bilingual(
        f"{prefix}{name}：没有这项事实" + (f"，是否指{meant}？" if near else ""),
        f"{prefix}{name}: no such fact" + (f"; did you mean {' or '.join(near)}?" if near else ""),
    )


def _no_record(name: str, target: type[Subject], value: object) -> Bilingual:
    return Bilingual(
        f"{name}：应为一条{target.zh}记录，现为{value}",
        f"{name}: wanted a record of {target.id}, got {value!r}",
    )


def _no_list(name: str, target: type[Subject]) -> Bilingual:
    return Bilingual(f"{name}：应为{target.zh}记录的列表", f"{name}: wanted a list of records of {target.id}")


def _together(problems: Sequence[Bilingual]) -> FactError:
    return FactError(
        Bilingual(
            "；".join(problem.zh for problem in problems), "; ".join(problem.en for problem in problems)
        )
    )
