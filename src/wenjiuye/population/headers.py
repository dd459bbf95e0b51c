"""What the titles of a table mean: id, relation, fact, or a column that is only carried along."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wenjiuye.policy.registry import Record
from wenjiuye.population.errors import DuplicateHeaderError, HeaderError
from wenjiuye.population.identifiers import CREDIT_CODE, RESIDENT_ID, TITLES, carried
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.facts import One, Subject

ID_TITLES = ("id", "编号")
OWN_COLUMNS = ("file", "row", "error", "文件", "行号", "错误", "文件/file", "行号/row", "错误/error")
"""Columns that our files of rejected rows have on top, so that a corrected one can be read again as it is."""


class Role(StrEnum):
    """What a column is for."""

    ID = "id"
    RELATION = "relation"
    FACT = "fact"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Use:
    """A column that is read: its place in the file, its title there, its role and its name with us."""

    column: int
    title: str
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column that is not read, with the nearest known name and its Chinese title."""

    column: int
    title: str
    nearest: str | None
    nearest_zh: str | None = None

    @property
    def hint(self) -> Bilingual:
        """Its title and what may be meant."""
        zh, en = self.title or "（无标题）", self.title or "(no title)"
        if self.nearest is None:
            return Bilingual(zh, en)
        return Bilingual(
            f"{zh}（是否指{self.nearest_zh or self.nearest}？）", f"{en} (did you mean {self.nearest}?)"
        )

    def __str__(self) -> str:
        return str(self.hint)


def plain_title(title: str) -> str:
    """A title without spaces, quotation marks, full-width forms and case."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\s\ufeff\u200b\"'“”‘’]", "", folded)


def known_titles(subject: type[Subject]) -> dict[str, list[tuple[Role, str]]]:
    """Every title that a column of a subject may have, and what it means (several meanings: ambiguous)."""
    meanings: dict[str, list[tuple[Role, str]]] = {}

    def add(role: Role, name: str, *titles: str) -> None:
        for title in titles:
            found = meanings.setdefault(plain_title(title), [])
            if (role, name) not in found:
                found.append((role, name))

    if has_id(subject):
        add(Role.ID, "id", *ID_TITLES)
    for fact in subject.facts.values():
        add(Role.FACT, fact.id, fact.id, fact.zh)
    for name, link in subject.relations.items():
        if isinstance(link, One):
            add(Role.RELATION, name, name, link.zh, f"{name}_id", f"{link.zh}编号")
    for name in carried(subject):
        for title in (name, *TITLES[name]):
            if plain_title(title) not in meanings:
                add(Role.CARRIED, name, title)
    return meanings


def has_id(subject: type[Subject]) -> bool:
    """Whether rows have ids. Those of some tables of the registry have none: they are counted."""
    return not issubclass(subject, Record) or subject.keyed


def recognise(
    subject: type[Subject], headers: Sequence[str], where: str
) -> tuple[list[Use], list[UnknownColumn]]:
    """The columns to read and those to leave. Raises HeaderError, DuplicateHeaderError."""
    known = known_titles(subject)
    uses: list[Use] = []
    unknown: list[UnknownColumn] = []
    for column, title in enumerate(headers):
        meanings = known.get(plain_title(title), [])
        if len(meanings) > 1:
            ids = " or ".join(name for _, name in meanings)
            raise HeaderError(
                f"{where}：标题“{title}”可以指{'或'.join(name for _, name in meanings)}，请改用英文标识",
                f"{where}: the title {title!r} can mean {ids}; write the id instead",
            )
        if meanings:
            uses.append(Use(column, title, *meanings[0]))
        elif plain_title(title) not in OWN_COLUMNS:
            near = _nearest(title, known)
            unknown.append(UnknownColumn(column, title, near, near and _title_zh(subject, near)))
    _no_doubles(uses, where)
    if not uses:
        own = [("id", "编号")] if has_id(subject) else []
        raise HeaderError(
            f"{where}：第1行没有{subject.zh}（{subject.id}）可用的列标题；第1行应为"
            f"{'、'.join([*(zh for _, zh in own), *(fact.zh for fact in list(subject.facts.values())[:3])])}等标题"
            f"（现为：{'、'.join(headers[:6])}）",
            f"{where}: no column of row 1 is known for {subject.zh} ({subject.id}); "
            "row 1 must hold titles such as "
            f"{', '.join([*(name for name, _ in own), *list(subject.facts)[:3]])} (found: {', '.join(headers[:6])})",
        )
    return _with_id(uses, subject, where), unknown


def _nearest(title: str, known: Mapping[str, list[tuple[Role, str]]]) -> str | None:
    near = difflib.get_close_matches(plain_title(title), known, 1)
    return known[near[0]][0][1] if near else None


def _title_zh(subject: type[Subject], name: str) -> str:
    if name in subject.facts:
        return subject.facts[name].zh
    if name in subject.relations:
        return subject.relations[name].zh
    return TITLES[name][0] if name in TITLES else ID_TITLES[1]


def _no_doubles(uses: Sequence[Use], where: str) -> None:
    seen: dict[str, Use] = {}
    for use in uses:
        if use.name in seen:
            first = seen[use.name]
            raise DuplicateHeaderError(
                f"{where}：第{first.column + 1}列（{first.title}）与第{use.column + 1}列（{use.title}）"
                f"含义相同（{use.name}），请删除其中一列",
                f"{where}: the columns {first.column + 1} ({first.title}) and "
                f"{use.column + 1} ({use.title}) mean the same ({use.name}); delete one of them",
            )
        seen[use.name] = use


def _with_id(uses: list[Use], subject: type[Subject], where: str) -> list[Use]:
    """An official number stands in for a missing id, as county offices' own lists have it."""
    if any(use.role is Role.ID for use in uses) or not has_id(subject):
        return uses
    for use in uses:
        if use.name in (CREDIT_CODE, RESIDENT_ID):
            return [*uses, Use(use.column, use.title, Role.ID, "id")]
    numbers = [name for name in carried(subject) if name in (CREDIT_CODE, RESIDENT_ID)]
    raise HeaderError(
        f"{where}：没有“编号”（id）列"
        + (f"，也没有“{TITLES[numbers[0]][0]}”列" if numbers else "")
        + "；每一行都要有自己的编号",
        f"{where}: no column id (编号)"
        + (f" and no {numbers[0]} ({TITLES[numbers[0]][0]})" if numbers else "")
        + "; each row needs its own number",
    )
