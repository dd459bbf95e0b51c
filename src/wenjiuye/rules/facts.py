"""Subjects, their facts and their relations, declared once as Python classes.

Inside a rule an instance of a subject is symbolic: `hire.employer.size` is the expression "the size of the
firm that hires", whose type (condition, number, date, choice) follows from the declaration, so that an
editor completes it and a type checker checks it.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from wenjiuye.rules.errors import Bilingual, DeclarationError, FactError, UnreadableError, source_line
from wenjiuye.rules.expression import Choice, Condition, Day, Expression, Number, Ref, Rows
from wenjiuye.rules.quantity import (
    FEN,
    INT64_MAX,
    SHARE,
    Kind,
    day_of,
    exact,
    fen_of_yuan,
    month_of,
    number_text,
    yuan_text,
)

MONEY_MAX = 10**16
"""100 trillion yuan in fen: far above any sum of a city, low enough to catch a slipped decimal point."""
COUNT_MAX = 10**9
SHARE_DENOMINATOR_MAX = 10**18
"""Eighteen decimals: what a spreadsheet prints of 1/30 is still read exactly."""


class Source(StrEnum):
    """Who can supply a fact."""

    REGISTRY = "registry"
    DECLARATION = "declaration"
    JUDGEMENT = "judgement"
    LEDGER = "ledger"


class Fact:
    """One fact: its meaning is the same wherever it appears.

    `minimum` and `maximum` are the allowed range in the fact's own unit (fen for money). `optional` says
    that absence has a meaning (`absent_zh`, `absent_en`), given by `or_else` in a rule or by `default`.
    `burden` is what it costs to find the fact out, 1 (known by heart) to 10 (an inspection).
    """

    kind: ClassVar[Kind]

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        ask: tuple[str, str],
        source: Source = Source.DECLARATION,
        means: str = "",
        evidence: tuple[str, str] | None = None,
        unit: str | None = None,
        minimum: Fraction | int | dt.date | None = None,
        maximum: Fraction | int | dt.date | None = None,
        optional: bool = False,
        default: bool | None = None,
        burden: int | None = None,
        members: Mapping[str, tuple[str, str]] | None = None,
        fields: Sequence[Fact] = (),
    ) -> None:
        self.id = ""
        self.zh, self.en = zh, en
        self.ask_zh, self.ask_en = ask
        self.source = source
        self.means = means
        self.evidence_zh, self.evidence_en = evidence or ("", "")
        self.unit = unit
        self.minimum, self.maximum = minimum, maximum
        self.optional = optional or default is not None
        self.default = default
        self.burden = (
            burden
            or {Source.REGISTRY: 1, Source.DECLARATION: 2, Source.LEDGER: 1, Source.JUDGEMENT: 6}[source]
        )
        self.members = dict(members or {})
        self.fields = tuple(fields)
        self.owners: tuple[str, ...] = ()
        self.line = source_line()

    def __set_name__(self, owner: type[Subject], name: str) -> None:
        if self.id and self.id != name:
            raise DeclarationError(f"{self.line}: one fact with two names, {self.id} and {name}")
        self.id = name

    def __repr__(self) -> str:
        return f"<fact {self.id}>"

    def read(self, raw: object) -> Any:
        """The value in the engine's own form: bool, int (fen for money), Fraction, date or member.

        Raises FactError with the fact, the value and what is allowed.
        """
        try:
            value = self._convert(raw)
        except UnreadableError as problem:
            raise self._refusal(problem.reason) from None
        except (ValueError, TypeError) as problem:
            raise self._refusal(Bilingual(f"无法读取：{raw}", str(problem))) from None
        low, high = self.range()
        if (low is not None and value < low) or (high is not None and value > high):
            raise self._refusal(Bilingual(f"超出允许范围：{raw}", f"{raw} is outside the allowed range"))
        return value

    def _refusal(self, reason: Bilingual) -> FactError:
        wanted = self._wanted()
        message = Bilingual(
            f"{self.zh}（{self.id}）：{reason.zh}；应为：{wanted.zh}",
            f"{self.id} ({self.zh}): {reason.en}; wanted: {wanted.en}",
        )
        return FactError(message, reason=reason, wanted=wanted)

    def range(self) -> tuple[Any, Any]:
        """The allowed range, ends included; None where it is open."""
        return self.minimum, self.maximum

    def _convert(self, raw: object) -> Any:
        raise ValueError(f"{self.kind} facts cannot be read from {raw!r}")

    def wanted(self) -> str:
        """What a person may write, in plain words of both languages."""
        return str(self._wanted())

    def _wanted(self) -> Bilingual:
        return Bilingual(self.kind, self.kind)

    def show(self, value: Any) -> str:
        """A value as text for people: 1,000.00, 24, 5.5 %, 2020-12-01."""
        return str(value)

    def plain_value(self, value: Any) -> Any:
        """A value as JSON keeps it: yuan as text with two decimals, shares as text, dates as ISO."""
        return value


class BoolFact(Fact):
    """Yes or no."""

    kind = Kind.BOOL
    _TRUE = frozenset({"true", "yes", "y", "1", "是", "有", "√"})
    _FALSE = frozenset({"false", "no", "n", "0", "否", "无", "×"})

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Subject, owner: type) -> Condition: ...
    def __get__(self, instance: Subject | None, owner: type) -> Self | Condition:
        if instance is None:
            return self
        node = Condition("fact", (), instance._ref(self))
        return node if self.default is None else node.or_else(self.default)

    def _convert(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        text = (
            str(raw).strip().lower()
            if isinstance(raw, str) or (isinstance(raw, int) and raw in (0, 1))
            else ""
        )
        if text in self._TRUE:
            return True
        if text in self._FALSE:
            return False
        raise UnreadableError(f"既不是“是”也不是“否”：{raw}", f"neither yes nor no: {raw!r}")

    def _wanted(self) -> Bilingual:
        words = "true/false, yes/no, 是/否, 1/0"
        return Bilingual(words, words)

    def show(self, value: Any) -> str:
        return "是" if value else "否"


class NumberFact(Fact):
    """A count, a sum of money or a share."""

    def expression_unit(self) -> str | None:
        """The unit that expressions check."""
        return self.unit

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Subject, owner: type) -> Number: ...
    def __get__(self, instance: Subject | None, owner: type) -> Self | Number:
        if instance is None:
            return self
        return Number("fact", (), instance._ref(self), kind=self.kind, unit=self.expression_unit())


class IntFact(NumberFact):
    """A whole number, not below 0 unless it says so."""

    kind = Kind.INT

    def range(self) -> tuple[Any, Any]:
        return (
            0 if self.minimum is None else self.minimum,
            COUNT_MAX if self.maximum is None else self.maximum,
        )

    def _convert(self, raw: object) -> int:
        value = exact(raw)
        if value.denominator != 1:
            raise UnreadableError(f"不是整数：{raw}", f"not a whole number: {raw}")
        return value.numerator

    def _wanted(self) -> Bilingual:
        low, high = self.range()
        if high == COUNT_MAX:
            return Bilingual(f"不小于{low}的整数", f"a whole number not below {low}")
        return Bilingual(f"{low}至{high}的整数", f"a whole number from {low} to {high}")


class MoneyFact(NumberFact):
    """A sum in yuan with at most two decimals, kept in fen; not below 0 unless it says so."""

    kind = Kind.MONEY

    def expression_unit(self) -> str | None:
        return FEN

    def range(self) -> tuple[Any, Any]:
        return (
            0 if self.minimum is None else self.minimum,
            MONEY_MAX if self.maximum is None else self.maximum,
        )

    def _convert(self, raw: object) -> int:
        return fen_of_yuan(raw)

    def _wanted(self) -> Bilingual:
        low, high = (yuan_text(end) for end in self.range())
        return Bilingual(
            f"{low}至{high}元，最多两位小数", f"yuan with at most two decimals, from {low} to {high}"
        )

    def show(self, value: Any) -> str:
        return yuan_text(value)

    def plain_value(self, value: Any) -> Any:
        return yuan_text(value, grouped=False)


class ShareFact(NumberFact):
    """An exact number, decimal or fraction; from 0 to 1 unless its unit says otherwise."""

    kind = Kind.SHARE

    def expression_unit(self) -> str | None:
        return self.unit or SHARE

    def range(self) -> tuple[Any, Any]:
        top = COUNT_MAX if self.unit else 1
        return (0 if self.minimum is None else self.minimum, top if self.maximum is None else self.maximum)

    def _convert(self, raw: object) -> Fraction:
        value = exact(raw)
        if value.denominator > SHARE_DENOMINATOR_MAX:
            raise UnreadableError(f"超过十八位小数：{raw}", f"more than eighteen decimals: {raw}")
        if abs(value.numerator) > INT64_MAX:
            raise UnreadableError("数字过长，无法精确保存", "the number is too long to be kept exactly")
        return value

    def _wanted(self) -> Bilingual:
        low, high = self.range()
        return Bilingual(
            f"{low}至{high}的数，写成小数或分数（如2/3）",
            f'a number from {low} to {high}, as a decimal or a fraction such as "2/3"',
        )

    def show(self, value: Any) -> str:
        return number_text(value)

    def plain_value(self, value: Any) -> Any:
        return number_text(value)


class DateFact(Fact):
    """A date."""

    kind = Kind.DATE

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Subject, owner: type) -> Day: ...
    def __get__(self, instance: Subject | None, owner: type) -> Self | Day:
        if instance is None:
            return self
        return Day("fact", (), instance._ref(self), kind=self.kind)

    def range(self) -> tuple[Any, Any]:
        return (self.minimum or dt.date(1900, 1, 1), self.maximum or dt.date(2200, 12, 31))

    def _convert(self, raw: object) -> dt.date:
        return _dated(day_of, raw, "不是日期，或没有这一天")

    def _wanted(self) -> Bilingual:
        return Bilingual("1900年至2200年的日期，如2020-12-01", "a date such as 2020-12-01, from 1900 to 2200")

    def show(self, value: Any) -> str:
        return str(value.isoformat())

    def plain_value(self, value: Any) -> Any:
        return value.isoformat()


class MonthFact(DateFact):
    """A month; kept as its first day."""

    kind = Kind.MONTH

    def _convert(self, raw: object) -> dt.date:
        return _dated(month_of, raw, "不是月份，或没有这个月")

    def _wanted(self) -> Bilingual:
        return Bilingual("月份，如2020-12", "a month such as 2020-12")

    def show(self, value: Any) -> str:
        return f"{value:%Y-%m}"

    def plain_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}"


def _dated(read: Callable[[object], dt.date], raw: object, problem_zh: str) -> dt.date:
    try:
        return read(raw)
    except UnreadableError:
        raise
    except ValueError as problem:
        raise UnreadableError(f"{problem_zh}：{raw}", str(problem)) from None


class ChoiceFact(Fact):
    """One of a closed list of members, each with a Chinese and an English name."""

    kind = Kind.ENUM

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Subject, owner: type) -> Choice: ...
    def __get__(self, instance: Subject | None, owner: type) -> Self | Choice:
        if instance is None:
            return self
        return Choice("fact", (), instance._ref(self), members=tuple(self.members))

    def _convert(self, raw: object) -> str:
        text = str(raw).strip()
        for member, (zh, en) in self.members.items():
            if text in (member, zh) or text.lower() == en.lower():
                return member
        near = difflib.get_close_matches(text, [*self.members, *(zh for zh, _ in self.members.values())], 1)
        raise UnreadableError(
            f"没有这个选项：{raw}" + (f"（是否指{self.members.get(near[0], near)[0]}？）" if near else ""),
            f"{raw!r} is no member" + (f" (did you mean {near[0]}?)" if near else ""),
        )

    def _wanted(self) -> Bilingual:
        return Bilingual(
            "、".join(zh for zh, _ in self.members.values()) + "之一",
            "one of " + ", ".join(f"{member} ({zh})" for member, (zh, _) in self.members.items()),
        )

    def show(self, value: Any) -> str:
        return self.members[value][0]


class ListFact(Fact):
    """Records of fixed fields. All of them are known, or the list is unknown."""

    kind = Kind.LIST

    def __init__(self, zh: str, en: str, *, fields: Mapping[str, Fact], **more: Any) -> None:
        super().__init__(zh, en, **more)
        for name, fact in fields.items():
            fact.id = name
        self.fields = tuple(fields.values())

    def __get__(self, instance: Subject | None, owner: type) -> Any:
        if instance is None:
            return self
        ref = instance._ref(self)
        scope = f"{ref.scope}:{ref.key}"
        return Rows(_Record(self, scope), self.id, ref.scope, ref.path, ref)

    def _convert(self, raw: object) -> list[dict[str, Any]]:
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise UnreadableError("不是记录的列表", "not a list of records")
        known = {field.id: field for field in self.fields}
        rows = []
        for number, row in enumerate(raw, 1):
            if set(row) != set(known):
                raise UnreadableError(
                    f"第{number}条记录的字段为{'、'.join(map(str, sorted(row)))}，应为{'、'.join(sorted(known))}",
                    f"record {number} has the fields {sorted(row)}, wanted {sorted(known)}",
                )
            try:
                rows.append({name: known[name].read(value) for name, value in row.items()})
            except FactError as problem:
                raise UnreadableError(problem.message.zh, problem.message.en) from None
        return rows

    def range(self) -> tuple[Any, Any]:
        return None, None

    def _wanted(self) -> Bilingual:
        return Bilingual(
            "记录的列表，每条为{" + "，".join(f"{f.id}: {f.zh}" for f in self.fields) + "}",
            "a list of records {" + ", ".join(f"{f.id}: {f.kind}" for f in self.fields) + "}",
        )

    def show(self, value: Any) -> str:
        return "; ".join(", ".join(f.show(row[f.id]) for f in self.fields) for row in value) or "—"

    def plain_value(self, value: Any) -> Any:
        return [{f.id: f.plain_value(row[f.id]) for f in self.fields} for row in value]


class Subject:
    """Base of the subjects of a policy. A subclass lists facts and relations as class attributes."""

    id: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    facts: ClassVar[dict[str, Fact]]
    relations: ClassVar[dict[str, One[Any] | Many[Any]]]

    def __init_subclass__(cls, *, id: str, zh: str, en: str) -> None:
        cls.id, cls.zh, cls.en = id, zh, en
        members = vars(cls)
        cls.facts = {name: fact for name, fact in members.items() if isinstance(fact, Fact)}
        cls.relations = {name: link for name, link in members.items() if isinstance(link, One | Many)}
        for fact in cls.facts.values():
            fact.owners = (*fact.owners, id)

    def __init__(self, scope: str | None = None, path: tuple[str, ...] = ()) -> None:
        self._scope, self._path = scope or self.id, path

    def _ref(self, fact: Fact) -> Ref:
        return Ref(fact, self._scope, self._path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        near = difflib.get_close_matches(name, [*self.facts, *self.relations], 3)
        raise DeclarationError(
            f"{source_line()}: {self.id} has no fact or relation {name!r}"
            + (f"; did you mean {' or '.join(near)}?" if near else "; declare it in the vocabulary first")
        )


class _Record:
    """The symbolic row of a list fact: its fields as expressions."""

    def __init__(self, fact: ListFact, scope: str) -> None:
        self._fields = {field.id: field for field in fact.fields}
        self._owner = type("Row", (Subject,), {}, id=fact.id, zh=fact.zh, en=fact.en)(scope, ())

    def __getattr__(self, name: str) -> Expression:
        if name not in self._fields:
            raise DeclarationError(
                f"{source_line()}: a record has no field {name!r}; fields: {', '.join(self._fields)}"
            )
        field: Any = self._fields[name]
        expression: Expression = field.__get__(self._owner, type(self._owner))
        return expression


S = TypeVar("S", bound=Subject)


class One(Generic[S]):
    """A relation to one subject: `hire.employer`."""

    def __init__(self, target: type[S], zh: str, en: str) -> None:
        self.target, self.zh, self.en = target, zh, en
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Subject, owner: type) -> S: ...
    def __get__(self, instance: Subject | None, owner: type) -> Self | S:
        if instance is None:
            return self
        return self.target(instance._scope, (*instance._path, self.name))


class Many(Generic[S]):
    """A relation to many subjects, the other side of the One named `back`: `enterprise.hires`.

    `target` is a function because the many side is usually declared before the one side.
    """

    def __init__(self, target: Callable[[], type[S]], back: str, zh: str, en: str) -> None:
        self.target, self.back, self.zh, self.en = target, back, zh, en
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Subject, owner: type) -> Rows[S]: ...
    def __get__(self, instance: Subject | None, owner: type) -> Self | Rows[S]:
        if instance is None:
            return self
        target = self.target()
        scope = f"{instance._scope}:{'.'.join((*instance._path, self.name))}"
        return Rows(target(scope, ()), self.name, instance._scope, instance._path, None)


def facts_in_reach(subject: type[Subject]) -> dict[str, Fact]:
    """Every fact of the subject and of the subjects that its one-relations lead to, by id."""
    found = dict(subject.facts)
    for link in subject.relations.values():
        if isinstance(link, One):
            for name, fact in facts_in_reach(link.target).items():
                found.setdefault(name, fact)
    return found
