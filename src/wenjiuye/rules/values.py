"""Dated values: every number of a policy, with unit, source and validity, read from TOML.

A rule names a value (`v.hiring_subsidy_amount`); which figure that is depends on the date, and for a keyed
value on a key (county, class). A value without a figure is a local value that the city has not set.
"""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from wenjiuye.rules import values_schema as schema
from wenjiuye.rules.errors import DeclarationError, ValueFileError, source_line
from wenjiuye.rules.expression import Day, Number, ValueUse
from wenjiuye.rules.quantity import (
    FEN,
    SHARE,
    Exact,
    Kind,
    day_of,
    exact,
    fen_of_yuan,
    number_text,
    percent_text,
    plain,
    yuan_text,
)

Figure = Exact | dt.date


@dataclass(frozen=True, slots=True)
class Dated:
    """A figure, or one per key, with its validity (both ends included; None is open) and source."""

    figures: Mapping[str | None, Figure]
    start: dt.date | None
    end: dt.date | None
    source: str
    confidence: str
    note: str = ""

    def figures_with(self, some: Mapping[str | None, Figure]) -> Mapping[str | None, Figure]:
        """The figures with those of some keys replaced."""
        if isinstance(self.figures, _EveryKey):
            return _EveryKey(self.figures.figure, some)
        return MappingProxyType({**self.figures, **some})

    @property
    def for_every_key(self) -> bool:
        """Whether one figure stands for every key, so that the key need not be known."""
        return isinstance(self.figures, _EveryKey) and not self.figures.but

    def covers(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One named value over time."""

    name: str
    zh: str
    en: str
    kind: Kind
    unit: str
    keyed_by: str | None
    local: bool
    entries: tuple[Dated, ...]
    note: str = ""

    def on(self, day: dt.date) -> Dated | None:
        """What is in force on a day, or None."""
        return next((entry for entry in self.entries if entry.covers(day)), None)

    def figure(self, day: dt.date, key: str | None = None) -> Figure | None:
        """The figure in force on a day for a key; None where nothing is set or in force."""
        entry = self.on(day)
        return None if entry is None else entry.figures.get(key)

    def show(self, figure: Figure | None, lang: str = "zh") -> str:
        """A figure with its unit, as people read it."""
        if figure is None:
            return "未设定" if lang == "zh" else "not set"
        if isinstance(figure, dt.date):
            return figure.isoformat()
        if self.kind is Kind.MONEY:
            return f"{yuan_text(figure)}{'元' if lang == 'zh' else ' yuan'}"
        if self.kind is Kind.SHARE and self.unit == SHARE:
            return percent_text(figure)
        unit = UNITS_ZH.get(self.unit, self.unit) if lang == "zh" else f" {self.unit}"
        if lang == "en" and figure == 1:
            unit = unit.removesuffix("s") if unit != " people" else " person"
        return f"{number_text(figure)}{unit}"

    def expression_unit(self) -> str:
        """The unit that expressions check."""
        return FEN if self.kind is Kind.MONEY else self.unit

    def with_figures(self, override: object, *, source: str, start: dt.date | None = None) -> DatedValue:
        """The same value with other figures: one figure for every key, or a mapping for some keys.

        From `start` on (None: for every date). A mapping leaves the figures of other keys as they are.
        Raises ValueFileError for a figure of the wrong kind.
        """
        if isinstance(override, Mapping) and self.keyed_by is None:
            raise ValueFileError(f"{self.name}: has no key, so it takes one figure, not a mapping")
        read = {
            (str(key) if key is not None else None): _figure(self.kind, raw, self.name)
            for key, raw in (override.items() if isinstance(override, Mapping) else [(None, override)])
        }
        kept: list[Dated] = []
        for entry in self._without_gaps(start, source):
            if start is not None and (entry.end is not None and entry.end < start):
                kept.append(entry)
                continue
            if start is not None and (entry.start is None or entry.start < start):
                kept.append(replace(entry, end=start - dt.timedelta(days=1)))
                entry = replace(entry, start=start)
            figures = entry.figures_with(read) if isinstance(override, Mapping) else _EveryKey(read[None])
            kept.append(replace(entry, figures=figures, source=source, confidence="given"))
        if start is None and not isinstance(override, Mapping):
            kept = [Dated(_EveryKey(read[None]), None, None, source, "given")]
        return replace(self, entries=tuple(entry for entry in kept if len(entry.figures)))

    def _without_gaps(self, start: dt.date | None, source: str) -> list[Dated]:
        """The entries, and empty ones for the days from `start` on (or all) on which none is in force."""
        day = dt.timedelta(days=1)
        filled: list[Dated] = []
        begin: dt.date | None = start
        open_end = False
        for entry in self.entries:
            if entry.start is not None and not open_end and (begin is None or begin < entry.start):
                filled.append(Dated({}, begin, entry.start - day, source, "given"))
            filled.append(entry)
            open_end = entry.end is None
            if entry.end is not None and (begin is None or entry.end >= begin):
                begin = entry.end + day
        return filled if open_end else [*filled, Dated({}, begin, None, source, "given")]


class _EveryKey(Mapping[str | None, Figure]):
    """One figure for every key, but for some keys another one."""

    def __init__(self, figure: Figure, but: Mapping[str | None, Figure] | None = None) -> None:
        self.figure, self.but = figure, dict(but or {})

    def __getitem__(self, key: str | None) -> Figure:
        if key is None and self.but:
            # With exceptions the figure is not known without the key.
            raise KeyError(key)
        return self.but.get(key, self.figure)

    def __contains__(self, key: object) -> bool:
        return key is not None or not self.but

    def __iter__(self) -> Iterator[str | None]:
        return iter([None, *self.but])

    def __len__(self) -> int:
        return 1 + len(self.but)


UNITS_ZH = {
    "months": "个月",
    "years": "年",
    "days": "天",
    "people": "人",
    "times": "次",
    "year": "年",
    "posts": "个",
    "cases": "件",
    "projects": "个",
    "parks": "个",
    "families": "户",
    "counties": "个",
    "mu": "亩",
    "percentage points": "个百分点",
    "days/cases": "天/件",
    "months/people": "个月/人",
}


@dataclass(frozen=True)
class ValueBook:
    """All values of a policy by name. Immutable; `with_overrides` shares what it does not touch."""

    values: Mapping[str, DatedValue]

    def __getitem__(self, name: str) -> DatedValue:
        if name in self.values:
            return self.values[name]
        near = difflib.get_close_matches(name, self.values, 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueFileError(f"no value is named {name!r}{hint}")

    def with_overrides(
        self, overrides: Mapping[str, object], *, source: str, start: dt.date | None = None
    ) -> ValueBook:
        """Another book in which some values have other figures."""
        changed = {
            name: self[name].with_figures(raw, source=source, start=start) for name, raw in overrides.items()
        }
        return _book({**self.values, **changed})

    def merged(self, other: ValueBook) -> ValueBook:
        """Both books together. Raises ValueFileError where a name stands in both."""
        both = sorted(set(self.values) & set(other.values))
        if both:
            raise ValueFileError(f"{', '.join(both)}: declared in two files; keep one")
        return _book({**self.values, **other.values})

    def unset(self, day: dt.date) -> list[DatedValue]:
        """Values that have no figure on a day, in the order of the file."""
        return [value for value in self.values.values() if value.on(day) is None]


class Values:
    """The values as a rule sees them: `v.name` is a number, `v.day("name")` a date."""

    def __init__(self, book: ValueBook) -> None:
        self._book = book

    def __getattr__(self, name: str) -> Number:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self._find(name)
        if value.kind in (Kind.DATE, Kind.MONTH):
            raise DeclarationError(f"{source_line()}: {name} is a date; write v.day({name!r})")
        use = ValueUse(name, value.keyed_by is not None)
        return Number("value", (), use, kind=value.kind, unit=value.expression_unit())

    def day(self, name: str) -> Day:
        """A value that is a date."""
        value = self._find(name)
        if value.kind is not Kind.DATE:
            raise DeclarationError(f"{source_line()}: {name} is no date; write v.{name}")
        return Day("value", (), ValueUse(name, has_key=False), kind=Kind.DATE)

    def _find(self, name: str) -> DatedValue:
        try:
            return self._book[name]
        except ValueFileError as problem:
            raise DeclarationError(f"{source_line()}: {problem}") from None


# ── Reading the file


def parse_values(text: str, file: str) -> ValueBook:
    """The values of a TOML text; `file` names it in errors. Raises ValueFileError for anything amiss."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        raise ValueFileError(f"{file}: not valid TOML: {problem}") from None
    return _book({name: _parse_one(name, table, file) for name, table in raw.items()})


def _book(values: dict[str, DatedValue]) -> ValueBook:
    return ValueBook(MappingProxyType(values))


def _parse_one(name: str, table: Any, file: str) -> DatedValue:
    where = f"{file}: [{name}]"
    schema.check_table(table, where)
    kind = Kind(table["type"])
    keyed_by = table.get("key")
    entries: list[Dated] = []
    for number, entry in enumerate(table.get("dated", []), 1):
        place = f"{where} entry {number}"
        schema.check_entry(entry, keyed_by is not None, place)
        figures: dict[str | None, Figure] = (
            {str(key): _figure(kind, figure, place) for key, figure in entry["values"].items()}
            if keyed_by is not None
            else {None: _figure(kind, entry["value"], place)}
        )
        entries.append(
            Dated(
                MappingProxyType(figures),
                entry.get("from"),
                entry.get("to"),
                entry["source"],
                entry.get("confidence", "high"),
                entry.get("note", ""),
            )
        )
    entries.sort(key=lambda entry: entry.start or dt.date.min)
    schema.check_no_overlap([(e.start, e.end) for e in entries], where)
    schema.check_set_or_local(bool(entries), table.get("local", False), where)
    return DatedValue(
        name,
        table["zh"],
        table["en"],
        kind,
        table["unit"],
        keyed_by,
        bool(table.get("local", False)),
        tuple(entries),
        table.get("note", ""),
    )


def _figure(kind: Kind, raw: object, where: str) -> Figure:
    try:
        if kind is Kind.DATE:
            return day_of(raw)
        if kind is Kind.MONEY:
            return fen_of_yuan(raw)
        number: Exact = plain(exact(raw))
    except (ValueError, TypeError) as problem:
        raise ValueFileError(f"{where}: {problem}; wanted: a {kind}") from None
    if kind is Kind.INT and not isinstance(number, int):
        raise ValueFileError(f"{where}: {raw} is not a whole number")
    return number
