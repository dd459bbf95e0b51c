"""The expression tree of a rule: small, immutable, typed.

A rule is written with these expressions; the compilers (`case`, `batch`, `wording`, `graph`) read the tree.
Python's `and`, `or`, `not`, `if` and chained comparisons cannot build a tree, so using one is an error that
says what to write instead. Every node carries a key that is equal for equal nodes, so that what is written
twice is computed once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, overload

from wenjiuye.rules.errors import ExpressionError, source_line
from wenjiuye.rules.quantity import DAYS, FEN, HALF_UP, NUMERIC, SHARE, Kind, Rounding

if TYPE_CHECKING:
    from wenjiuye.rules.facts import Fact

Plain = int | Fraction
RowT = TypeVar("RowT")

_INSTEAD = {
    "and/or/not/if": "write all_of(a, b), any_of(a, b), negate(a) or choose((condition, x), otherwise=y)",
    "chain": "for a chained comparison write all_of(a <= b, b <= c)",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A condition's own words; without them they are derived from the tree."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Which fact: its declaration, the subject or relation that the path starts from, and the path."""

    fact: Fact
    scope: str
    path: tuple[str, ...]

    @property
    def key(self) -> str:
        """`size`, or `employer.size` along a relation."""
        return ".".join((*self.path, self.fact.id))

    def __repr__(self) -> str:
        return f"{self.scope}:{self.key}"


@dataclass(frozen=True, slots=True)
class ValueUse:
    """A dated value that a rule reads: by which key and on which date is in the node's arguments."""

    name: str
    has_key: bool
    keyed: bool = False
    dated: bool = False


class Expression:
    """One node. `op` says what it does, `args` are its parts, `data` its constant payload."""

    def __init__(
        self,
        op: str,
        args: Sequence[Expression] = (),
        data: Any = None,
        *,
        kind: Kind,
        unit: str | None = None,
        wording: Wording | None = None,
    ) -> None:
        self.__dict__.update(op=op, args=tuple(args), data=data, kind=kind, unit=unit, wording=wording)

    op: str
    args: tuple[Expression, ...]
    data: Any
    kind: Kind
    unit: str | None
    wording: Wording | None

    def __setattr__(self, name: str, value: object) -> None:
        raise ExpressionError(f"{source_line()}: an expression cannot be changed ({name} = {value!r})")

    @cached_property
    def key(self) -> str:
        """Equal for nodes that compute the same; a digest, so that deep trees stay small."""
        parts = "|".join((self.op, self.kind, repr(self.data), *(arg.key for arg in self.args)))
        return hashlib.blake2b(parts.encode(), digest_size=9).hexdigest()

    def walk(self) -> Iterable[Expression]:
        """This node and all below it, parts before the whole; a shared node comes once for each use."""
        for arg in self.args:
            yield from arg.walk()
        yield self

    def walk_into_rows(self) -> Iterable[Expression]:
        """As `walk`, and into what is asked of gathered rows."""
        for node in self.walk():
            if isinstance(node.data, Gathered):
                for part in (node.data.where, node.data.of):
                    if part is not None:
                        yield from part.walk_into_rows()
            yield node

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """The facts read, in order of first reading, each once (those of gathered rows are not among them)."""
        found: dict[Ref, None] = {}
        for node in self.walk():
            if node.op == "fact":
                found.setdefault(node.data, None)
        return tuple(found)

    def with_args(self, args: Sequence[Expression]) -> Self:
        """The same node over other parts."""
        twin = object.__new__(type(self))
        kept = {name: value for name, value in self.__dict__.items() if name not in ("key", "refs")}
        twin.__dict__.update(kept, args=tuple(args))
        return twin

    def __bool__(self) -> bool:
        raise ExpressionError(
            f"{source_line()}: Python's and, or, not, if, in and chained comparison do not work on an "
            f"expression: {_INSTEAD['and/or/not/if']}; {_INSTEAD['chain']}"
        )

    def __iter__(self) -> Any:
        raise ExpressionError(f"{source_line()}: an expression cannot be looped over or searched with `in`")

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.key == other.key

    def __repr__(self) -> str:
        inner = ", ".join(
            [repr(arg) for arg in self.args] + ([repr(self.data)] if self.data is not None else [])
        )
        return f"{self.op}({inner})"


class Condition(Expression):
    """True, false or unknown. Combine with `all_of`, `any_of`, `negate`, `at_least`."""

    def __init__(
        self, op: str, args: Sequence[Expression] = (), data: Any = None, wording: Wording | None = None
    ) -> None:
        super().__init__(op, args, data, kind=Kind.BOOL, wording=wording)

    def worded(self, zh: str, en: str) -> Condition:
        """The same condition with words of its own for pages and letters."""
        return Condition(self.op, self.args, self.data, Wording(zh, en))

    def __eq__(self, other: object) -> bool:
        raise ExpressionError(
            f"{source_line()}: a yes/no cannot be compared with {other!r}; write it as it is, or negate(…)"
        )

    def __ne__(self, other: object) -> bool:
        return self == other

    __hash__ = Expression.__hash__

    def or_else(self, other: Condition | bool) -> Condition:
        """What an absent fact means, where its declaration says that absence has a meaning."""
        return Condition("or_else", (self, _condition(other)))


class Number(Expression):
    """A count, a sum in fen or a share. Exact: nothing is rounded but by `rounded`."""

    def _binary(self, op: str, other: object, unit: str | None, *, swap: bool = False) -> Number:
        right = as_number(other)
        args = (right, self) if swap else (self, right)
        return Number(op, args, kind=_kind_of_unit(unit), unit=unit)

    def __add__(self, other: object) -> Number:
        return self._binary("add", other, same_unit("+", self, as_number(other)))

    def __radd__(self, other: object) -> Number:
        return self._binary("add", other, same_unit("+", self, as_number(other)), swap=True)

    def __sub__(self, other: object) -> Number:
        return self._binary("sub", other, same_unit("-", self, as_number(other)))

    def __rsub__(self, other: object) -> Number:
        return self._binary("sub", other, same_unit("-", self, as_number(other)), swap=True)

    def __mul__(self, other: object) -> Number:
        return self._binary("mul", other, _product_unit(self, as_number(other)))

    def __rmul__(self, other: object) -> Number:
        return self._binary("mul", other, _product_unit(self, as_number(other)), swap=True)

    def __truediv__(self, other: object) -> Number:
        return self._binary("div", other, _quotient_unit(self, as_number(other)))

    def __rtruediv__(self, other: object) -> Number:
        return self._binary("div", other, _quotient_unit(as_number(other), self), swap=True)

    def __floordiv__(self, other: object) -> Number:
        raise ExpressionError(f"{source_line()}: // hides a rounding; write (a / b).rounded(Rounding(...))")

    def __lt__(self, other: object) -> Condition:
        return _compare("lt", self, as_number(other))

    def __le__(self, other: object) -> Condition:
        return _compare("le", self, as_number(other))

    def __gt__(self, other: object) -> Condition:
        return _compare("gt", self, as_number(other))

    def __ge__(self, other: object) -> Condition:
        return _compare("ge", self, as_number(other))

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return _compare("eq", self, as_number(other))

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return _compare("ne", self, as_number(other))

    __hash__ = Expression.__hash__

    def or_else(self, other: Number | Plain) -> Number:
        """What an absent fact means, where its declaration says that absence has a meaning."""
        right = as_number(other)
        return Number("or_else", (self, right), kind=self.kind, unit=same_unit("or_else", self, right))

    def rounded(self, how: Rounding = HALF_UP) -> Number:
        """Rounded here and not at the end, because the law says so."""
        return Number("round", (self,), how, kind=self.kind, unit=self.unit)

    def by(self, key: Choice | Number) -> Number:
        """The figure of a key, for a dated value that has one: a county, a class."""
        use = self._value_use("by")
        if not use.has_key or use.keyed:
            raise ExpressionError(f"{source_line()}: {use.name} takes no (further) key; drop .by(…)")
        return Number("value", (key, *self.args), replace(use, keyed=True), kind=self.kind, unit=self.unit)

    def on(self, day: Day) -> Number:
        """The figure in force on another date than that of the decision, for a dated value."""
        use = self._value_use("on")
        if use.dated:
            raise ExpressionError(f"{source_line()}: {use.name} has a date already; drop one .on(…)")
        return Number("value", (*self.args, day), replace(use, dated=True), kind=self.kind, unit=self.unit)

    def covers(self, key: Choice | Number) -> Condition:
        """Whether the table has a figure for this key at all (a class that a standard does not list)."""
        use = self._value_use("covers")
        if not use.has_key or use.keyed:
            raise ExpressionError(f"{source_line()}: {use.name} has no key that it could cover")
        return Condition("covers", (key, *self.args), replace(use, keyed=True))

    def _value_use(self, asked: str) -> ValueUse:
        if self.op != "value":
            raise ExpressionError(
                f"{source_line()}: .{asked}(…) belongs to a dated value such as v.minimum_wage"
            )
        use: ValueUse = self.data
        return use

    def at_most(self, limit: Number | Plain) -> Number:
        """The smaller of the two: a ceiling."""
        return smallest(self, limit)

    def not_below(self, limit: Number | Plain) -> Number:
        """The larger of the two: a floor."""
        return largest(self, limit)

    def clip(self, low: Number | Plain, high: Number | Plain) -> Number:
        """Not below `low` and not above `high`."""
        return self.not_below(low).at_most(high)


class Day(Expression):
    """A date; a month is the date of its first day."""

    def __lt__(self, other: object) -> Condition:
        return _compare("lt", self, as_day(other))

    def __le__(self, other: object) -> Condition:
        return _compare("le", self, as_day(other))

    def __gt__(self, other: object) -> Condition:
        return _compare("gt", self, as_day(other))

    def __ge__(self, other: object) -> Condition:
        return _compare("ge", self, as_day(other))

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return _compare("eq", self, as_day(other))

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return _compare("ne", self, as_day(other))

    __hash__ = Expression.__hash__

    @property
    def year(self) -> Number:
        """The calendar year."""
        return Number("year", (self,), kind=Kind.INT, unit="year")

    def or_else(self, other: Day) -> Day:
        """What an absent date means."""
        return Day("or_else", (self, other), kind=self.kind)

    def plus(self, *, years: Number | int = 0, months: Number | int = 0, days: Number | int = 0) -> Day:
        """Later by calendar years, months and days; a day that the month lacks is its last day."""
        result = self
        _whole_steps(years, months, days)
        for number, op, factor in (
            (years, "plus_months", 12),
            (months, "plus_months", 1),
            (days, "plus_days", 1),
        ):
            if isinstance(number, Number) or number:
                result = Day(op, (result, as_number(number)), factor, kind=Kind.DATE)
        return result

    def minus(self, *, years: Number | int = 0, months: Number | int = 0, days: Number | int = 0) -> Day:
        """Earlier by calendar years, months and days."""
        result = self
        _whole_steps(years, months, days)
        for number, op, factor in (
            (years, "plus_months", -12),
            (months, "plus_months", -1),
            (days, "plus_days", -1),
        ):
            if isinstance(number, Number) or number:
                result = Day(op, (result, as_number(number)), factor, kind=Kind.DATE)
        return result

    def within(self, start: Day, *, years: Number | int = 0, months: Number | int = 0) -> Condition:
        """From `start` on and not later than the anniversary, that day included."""
        return all_of(start <= self, self <= start.plus(years=years, months=months))


def _whole_steps(*steps: Number | int) -> None:
    for step in steps:
        if isinstance(step, Number) and not is_whole(step):
            raise ExpressionError(
                f"{source_line()}: a period has whole years, months and days; round the number first"
            )


class Choice(Expression):
    """One of a closed list of members."""

    def __init__(
        self, op: str, args: Sequence[Expression] = (), data: Any = None, *, members: tuple[str, ...]
    ) -> None:
        super().__init__(op, args, data, kind=Kind.ENUM)
        self.__dict__["members"] = members

    members: tuple[str, ...]

    def is_in(self, *members: str) -> Condition:
        """Whether it is one of these members."""
        for member in members:
            if member not in self.members:
                raise ExpressionError(
                    f"{source_line()}: {member!r} is no member here; the members are {', '.join(self.members)}"
                )
        return Condition("in", (self,), tuple(sorted(members)))

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        if not isinstance(other, str):
            raise ExpressionError(
                f"{source_line()}: compare a choice with the name of a member, not with {other!r}"
            )
        return self.is_in(other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return negate(self == other)

    __hash__ = Expression.__hash__

    def or_else(self, other: Choice) -> Choice:
        """What an absent choice means."""
        return Choice("or_else", (self, other), members=self.members)


# ── Units


def _kind_of_unit(unit: str | None) -> Kind:
    return Kind.MONEY if unit == FEN else Kind.SHARE if unit == SHARE else Kind.INT


def same_unit(sign: str, left: Number, right: Number) -> str | None:
    """The common unit of two numbers; a plain number takes the other's unit. Raises where they differ."""
    if left.unit is None or right.unit is None or left.unit == right.unit:
        return left.unit or right.unit
    raise ExpressionError(
        f"{source_line()}: {left.unit} {sign} {right.unit}: the two have different units; "
        "convert one with a value whose unit says so"
    )


def common_unit(sign: str, numbers: Sequence[Number]) -> str | None:
    """The common unit of several numbers. Raises where two of them differ."""
    first = next((number for number in numbers if number.unit is not None), numbers[0])
    for number in numbers:
        same_unit(sign, first, number)
    return first.unit


def is_whole(node: Expression) -> bool:
    """Whether a number is whole whatever the facts are: no share, no division, unless it is rounded."""
    if node.op in ("fact", "value"):
        return node.kind in (Kind.INT, Kind.MONEY)
    if node.op == "const":
        return isinstance(node.data, int)
    if node.op in ("mul", "add", "sub", "min", "max", "or_else", "choose", "rows_sum", "rows_max"):
        return all(is_whole(arg) for arg in node.args if arg.kind in NUMERIC)
    return node.op != "div"


def _product_unit(left: Number, right: Number) -> str | None:
    units = [unit for unit in (left.unit, right.unit) if unit is not None]
    if units == [FEN, FEN]:
        raise ExpressionError(f"{source_line()}: money × money has no meaning")
    if FEN in units:
        return FEN
    plain = [unit for unit in units if unit != SHARE]
    if len(plain) == 2:
        # months/people × people is months.
        for per, other in (plain, plain[::-1]):
            if per.endswith(f"/{other}"):
                return per.removesuffix(f"/{other}")
    return "·".join(plain) if plain else SHARE if units else None


def _quotient_unit(left: Number, right: Number) -> str | None:
    if right.unit is None or right.unit == SHARE:
        return left.unit
    if left.unit == right.unit:
        return SHARE
    if left.unit == FEN:
        return FEN
    if right.unit == FEN:
        raise ExpressionError(f"{source_line()}: {left.unit or 'a number'} ÷ money has no meaning")
    return f"{left.unit or '1'}/{right.unit}"


# ── Lifting plain Python values


def as_number(raw: object) -> Number:
    """A number node of a plain int or exact fraction. Floats are refused: they are not exact."""
    if isinstance(raw, Number):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | Fraction):
        what = (
            "a date"
            if isinstance(raw, Day | dt.date)
            else "a condition"
            if isinstance(raw, Condition)
            else repr(raw)
        )
        hint = " (write Fraction(1, 2), or better a value in values.toml)" if isinstance(raw, float) else ""
        raise ExpressionError(f"{source_line()}: {what} where a number is wanted{hint}")
    return Number("const", (), raw, kind=Kind.INT)


def as_day(raw: object) -> Day:
    """A date node of a Python date."""
    if isinstance(raw, Day):
        return raw
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return Day("const", (), raw, kind=Kind.DATE)
    what = "a number" if isinstance(raw, Number | int | Fraction) else repr(raw)
    raise ExpressionError(f"{source_line()}: {what} where a date is wanted")


def _condition(raw: object) -> Condition:
    if isinstance(raw, Condition):
        return raw
    if isinstance(raw, bool):
        return Condition("const", (), raw)
    raise ExpressionError(f"{source_line()}: {raw!r} is not a condition; write a comparison or a yes/no fact")


def _compare(op: str, left: Number | Day, right: Number | Day) -> Condition:
    if isinstance(left, Number) and isinstance(right, Number):
        same_unit("compared with", left, right)
    return Condition(op, (left, right))


# ── Logic (Kleene)


def all_of(*conditions: Condition | bool) -> Condition:
    """True where all are; false as soon as one is; else unknown."""
    return _gather("all", conditions)


def any_of(*conditions: Condition | bool) -> Condition:
    """True as soon as one is; false where all are; else unknown."""
    return _gather("any", conditions)


def _gather(op: str, conditions: tuple[Condition | bool, ...]) -> Condition:
    if not conditions:
        raise ExpressionError(f"{source_line()}: {op}_of() of nothing")
    parts = tuple(_condition(c) for c in conditions)
    return parts[0] if len(parts) == 1 else Condition(op, parts)


def negate(condition: Condition) -> Condition:
    """True where it is false; unknown stays unknown."""
    return Condition("not", (_condition(condition),))


def at_least(number: int, *conditions: Condition) -> Condition:
    """True where at least `number` of them are true; false where too many are false; else unknown."""
    if not 1 <= number <= len(conditions):
        raise ExpressionError(f"{source_line()}: at_least({number}) of {len(conditions)} conditions")
    return Condition("at_least", tuple(_condition(c) for c in conditions), number)


# ── Numbers


def smallest(*numbers: Number | Plain) -> Number:
    """The smallest; unknown where one of them is."""
    return _extreme("min", numbers)


def largest(*numbers: Number | Plain) -> Number:
    """The largest; unknown where one of them is."""
    return _extreme("max", numbers)


def _extreme(op: str, numbers: Sequence[Number | Plain]) -> Number:
    parts = [as_number(n) for n in numbers]
    if len(parts) < 2:
        raise ExpressionError(f"{source_line()}: {op} of fewer than two numbers")
    unit = common_unit(op, parts)
    return Number(op, parts, kind=_kind_of_unit(unit), unit=unit)


def total(*numbers: Number) -> Number:
    """The sum."""
    result = as_number(numbers[0])
    for number in numbers[1:]:
        result = result + number
    return result


def months_between(start: Day, end: Day) -> Number:
    """Completed calendar months from start to end."""
    return Number("full_months", (as_day(start), as_day(end)), kind=Kind.INT, unit="months")


def months_begun(start: Day, end: Day) -> Number:
    """Calendar months begun between start and end; 0 where end is not after start."""
    return Number("begun_months", (as_day(start), as_day(end)), kind=Kind.INT, unit="months")


def days_between(start: Day, end: Day) -> Number:
    """Days from start to end."""
    return Number("days", (as_day(start), as_day(end)), kind=Kind.INT, unit=DAYS)


def age(birth: Day, day: Day) -> Number:
    """Full years on a day, reached on the birthday."""
    return Number("age", (as_day(birth), as_day(day)), kind=Kind.INT, unit="years")


DECISION = Day("decision", kind=Kind.DATE)
"""The date of decision; it stands for the date of application wherever the text counts from the claim."""


# ── Piecewise


@overload
def choose(*branches: tuple[Condition, Number | Plain], otherwise: Number | Plain | None) -> Number: ...
@overload
def choose(*branches: tuple[Condition, Day], otherwise: Day | None) -> Day: ...
@overload
def choose(*branches: tuple[Condition, Choice], otherwise: Choice | None) -> Choice: ...
def choose(*branches: tuple[Condition, Any], otherwise: Any) -> Any:
    """The first branch whose condition holds; `otherwise` where none does (None: no answer, unknown).

    Unknown where the deciding condition is. Only the branch taken is read, so a fact missing in another
    branch is harmless.
    """
    if not branches:
        raise ExpressionError(f"{source_line()}: choose() without a branch")
    sample = next(
        x for x in (*(b[1] for b in branches), otherwise) if isinstance(x, Expression) or x is not None
    )
    lift: Callable[[Any], Any] = (
        as_day if isinstance(sample, Day) else (lambda x: x) if isinstance(sample, Choice) else as_number
    )
    results = [lift(result) for _, result in branches] + ([] if otherwise is None else [lift(otherwise)])
    args = [
        part
        for (cond, _), result in zip(branches, results, strict=False)
        for part in (_condition(cond), result)
    ]
    if otherwise is not None:
        args.append(results[-1])
    if isinstance(sample, Day):
        return Day("choose", args, kind=Kind.DATE)
    if isinstance(sample, Choice):
        return Choice("choose", args, members=sample.members)
    unit = common_unit("or", results)
    return Number("choose", args, kind=_kind_of_unit(unit), unit=unit)


# ── Sums in parts


def waterfall(limit: Number, *ordered: tuple[str, Number]) -> tuple[Number, dict[str, Number]]:
    """A limit used up over ordered amounts: the total and the named parts, which add up to it to the fen.

    A part is known as soon as the parts before it are, or the limit is used up. Rounding is cumulative,
    so that a limit with a fraction of a fen loses nothing between the parts.
    """
    parts: dict[str, Number] = {}
    used: Number | None = None
    rounded_limit = limit.rounded()
    for name, stated in ordered:
        due = stated if is_whole(stated) else stated.rounded()
        if used is None:
            now = smallest(rounded_limit, due)
            parts[name] = now
        else:
            now = choose(
                (used >= rounded_limit, rounded_limit), otherwise=smallest(rounded_limit, used + due)
            )
            parts[name] = now - used
        used = now
    if used is None:
        raise ExpressionError(f"{source_line()}: waterfall over nothing")
    return smallest(rounded_limit, total(*(due for _, due in ordered))) if len(ordered) > 1 else used, parts


def split(amount: Number, share: Number, first: str, rest: str) -> dict[str, Number]:
    """An amount in two parts: `first` gets its share, rounded half up; `rest` gets what is left of it."""
    whole = amount.rounded()
    taken = (whole * share).rounded()
    return {first: taken, rest: whole - taken}


# ── Many related subjects


RowsOp = Literal["rows_count", "rows_sum", "rows_any", "rows_all", "rows_max"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The payload of a node that gathers rows: the relation (or list fact) and what is asked of a row."""

    ref: Ref | None
    relation: str
    scope: str
    path: tuple[str, ...]
    where: Condition | None
    of: Expression | None

    @property
    def key(self) -> str:
        """`hires`, or `employer.hires` along a relation."""
        return ".".join((*self.path, self.relation))

    def __repr__(self) -> str:
        inner = [self.where.key if self.where is not None else "", self.of.key if self.of is not None else ""]
        return f"{self.scope}:{self.key}[{';'.join(inner)}]"


def _scopes(expression: Expression) -> set[str]:
    """Whose facts and rows an expression reads."""
    own = {ref.scope for ref in expression.refs}
    return own | {node.data.scope for node in expression.walk() if isinstance(node.data, Gathered)}


class Rows(Generic[RowT]):
    """Many related subjects, or the records of a list. Gather them with count, sum, any, all, max."""

    def __init__(self, row: RowT, relation: str, scope: str, path: tuple[str, ...], ref: Ref | None) -> None:
        self._row = row
        self._where = (relation, scope, path, ref)

    def _gather(
        self, op: RowsOp, where: Callable[[RowT], Condition] | None, of: Callable[[RowT], Expression] | None
    ) -> Gathered:
        relation, scope, path, ref = self._where
        condition = _condition(where(self._row)) if where else None
        value = of(self._row) if of else None
        inner = f"{scope}:{'.'.join((*path, relation))}"
        for part in (condition, value):
            for reads in _scopes(part) if part is not None else ():
                if reads != inner:
                    raise ExpressionError(
                        f"{source_line()}: {op} over {relation} reads facts of {reads}; "
                        "a condition on rows reads facts of the row alone"
                    )
        return Gathered(ref, relation, scope, path, condition, value)

    def count(self, where: Callable[[RowT], Condition] | None = None) -> Number:
        """How many rows hold the condition; unknown where a row's is unknown."""
        return Number("rows_count", (), self._gather("rows_count", where, None), kind=Kind.INT, unit=None)

    def sum(self, of: Callable[[RowT], Number], where: Callable[[RowT], Condition] | None = None) -> Number:
        """The sum over the rows that hold the condition; 0 where there is none."""
        data = self._gather("rows_sum", where, of)
        return Number("rows_sum", (), data, kind=data.of.kind, unit=data.of.unit)  # type: ignore[union-attr]

    def max(self, of: Callable[[RowT], Number], where: Callable[[RowT], Condition] | None = None) -> Number:
        """The largest over the rows that hold the condition; unknown where there is none."""
        data = self._gather("rows_max", where, of)
        return Number("rows_max", (), data, kind=data.of.kind, unit=data.of.unit)  # type: ignore[union-attr]

    def any(self, where: Callable[[RowT], Condition]) -> Condition:
        """Whether one row at least holds the condition."""
        return Condition("rows_any", (), self._gather("rows_any", where, None))

    def all(self, where: Callable[[RowT], Condition]) -> Condition:
        """Whether every row holds the condition; true where there is none."""
        return Condition("rows_all", (), self._gather("rows_all", where, None))
