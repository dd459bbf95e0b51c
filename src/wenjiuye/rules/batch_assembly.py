"""Bringing the facts of many cases together: related rows joined beside their subject, rows gathered up.

Kernel arithmetic is exact for values within their declared range only, so every column that is read is
checked for type and range here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from wenjiuye.rules.batch_lowering import Col, Lowering, Range, fact_columns
from wenjiuye.rules.batch_number import Num
from wenjiuye.rules.errors import DeclarationError, FactError
from wenjiuye.rules.expression import Expression, Gathered, Ref
from wenjiuye.rules.facts import SHARE_DENOMINATOR_MAX, Many, One, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import INT64_MAX, NUMERIC, Kind

Tables = Mapping[str, pl.DataFrame]
Incomplete = Mapping[str, Collection[str]]
"""Owners of whose related rows some are missing: `hire.employer` → ids of employers. What is gathered over
them is unknown."""

_EMPTY = pl.DataFrame({"id": []}, schema={"id": pl.String})


@dataclass(frozen=True)
class Reach:
    """The facts that expressions read, by path key, and the rows that they gather, by column name."""

    refs: Mapping[str, Ref]
    gathered: Mapping[str, Expression]

    @classmethod
    def of(cls, expressions: Iterable[Expression]) -> Reach:
        """What these expressions read."""
        refs: dict[str, Ref] = {}
        gathered: dict[str, Expression] = {}
        seen: set[str] = set()

        def visit(node: Expression) -> None:
            if node.key in seen:
                return
            seen.add(node.key)
            if node.op == "fact":
                refs[node.data.key] = node.data
            elif isinstance(node.data, Gathered):
                gathered[f"#{node.key}"] = node
                if node.data.ref is not None:
                    refs[node.data.key] = node.data.ref
            for arg in node.args:
                visit(arg)

        for expression in expressions:
            visit(expression)
        return cls(refs, gathered)

    def columns(self) -> list[str]:
        """The columns of an assembled frame that hold all this."""
        facts = [name for ref in self.refs.values() for name in fact_columns(ref.fact, ref.key)]
        return list(dict.fromkeys([*facts, *self.gathered]))

    def paths(self) -> list[tuple[str, ...]]:
        """The relations to follow, short ones first."""
        found = {ref.path for ref in self.refs.values()} | {g.data.path for g in self.gathered.values()}
        return sorted((path for path in found if path), key=len)


def assemble(
    subject: type[Subject],
    tables: Tables,
    reach: Reach,
    policy: Policy,
    on: dt.date,
    incomplete: Incomplete | None = None,
) -> tuple[pl.DataFrame, dict[str, Range]]:
    """One frame with every fact in reach under its path key, in the order of the subject's table.

    Also the range of each number. A fact or a table that is not given is unknown everywhere. Raises FactError
    where a column has the wrong type or a value outside the allowed range.
    """
    ranges: dict[str, Range] = {}
    for key, ref in reach.refs.items():
        found = _checked(tables.get(_target(subject, ref.path).id, _EMPTY), ref)
        if found is not None:
            ranges[key] = found
    frame = tables[subject.id]
    relations = [
        name for name, link in subject.relations.items() if isinstance(link, One) and name in frame.columns
    ]
    base = frame.select(
        "id", *relations, *_fact_exprs([r for r in reach.refs.values() if not r.path], frame, "")
    )
    for path in reach.paths():
        base = _join_path(base, subject, path, tables, reach)
    for name, node in reach.gathered.items():
        base = _join_gathered(base, name, node, subject, tables, policy, on, incomplete or {})
        if node.kind in NUMERIC:
            ranges[name] = (*(_ends(base, name) or (0, 0)), 1)
    return base, ranges


def _target(subject: type[Subject], path: tuple[str, ...]) -> type[Subject]:
    for name in path:
        link = subject.relations[name]
        assert isinstance(link, One)
        subject = link.target
    return subject


def _checked(frame: pl.DataFrame, ref: Ref) -> Range | None:
    """What stands in the columns of a number (None for other facts); FactError outside the allowed range.

    A batch and a counter take the same facts: what `Fact.read` refuses is refused here.
    """
    fact, name = ref.fact, ref.fact.id
    low, high = fact.range()
    if fact.kind is Kind.SHARE:
        return _checked_share(frame, name, low, high)
    found = _ends(frame, name) if fact.kind in (*NUMERIC, Kind.DATE, Kind.MONTH) else None
    _inside(name, found, low, high)
    if fact.kind is Kind.MONTH and found is not None and bool((frame[name].dt.day() != 1).any()):
        raise FactError(f"column {name} holds a day; a month is the date of its first day")
    if fact.kind not in NUMERIC:
        return None
    return (*(found or (0, 0)), 1)


def _checked_share(frame: pl.DataFrame, name: str, low: Any, high: Any) -> Range:
    dens, nums = _ends(frame, f"{name}.den"), _ends(frame, f"{name}.num")
    if dens is None or nums is None:
        return 0, 0, 1
    _inside(f"{name}.den", dens, 1, SHARE_DENOMINATOR_MAX)
    num, den = pl.col(f"{name}.num").cast(pl.Int128), pl.col(f"{name}.den").cast(pl.Int128)
    outside = (num < den * int(low)) | (num > den * int(high))
    if frame.select(outside.any()).item():
        raise FactError(f"column {name} has shares outside the allowed {low} to {high}")
    return (*nums, dens[1])


def _ends(frame: pl.DataFrame, name: str) -> tuple[Any, Any] | None:
    """The smallest and the largest of a column; None where it is missing, empty or of another type."""
    if name not in frame.columns or frame.schema[name] not in (pl.Int64, pl.Int128, pl.Date):
        return None
    least: Any = frame[name].min()
    return None if least is None else (least, frame[name].max())


def _inside(name: str, found: tuple[Any, Any] | None, low: Any, high: Any) -> None:
    if found is not None and (found[0] < low or found[1] > high):
        raise FactError(f"column {name} runs from {found[0]} to {found[1]}, allowed is {low} to {high}")


def _fact_exprs(
    refs: Iterable[Ref], frame: pl.DataFrame, prefix: str, height: int | None = None
) -> list[pl.Expr]:
    """The columns of facts under their path names; a fact that the table lacks is unknown everywhere."""
    exprs: dict[str, pl.Expr] = {}
    schema = frame.schema
    for ref in refs:
        for name, dtype in fact_columns(ref.fact, ref.fact.id).items():
            if name not in schema:
                # A literal null stays a single value inside the frame, and date offsets of it (polars 2.1)
                # come out one row long: a whole column of nulls does not.
                nulls = pl.Series([None], dtype=dtype).new_from_index(
                    0, frame.height if height is None else height
                )
                exprs[prefix + name] = pl.lit(nulls).alias(prefix + name)
            elif schema[name] != dtype:
                found = schema[name]
                raise FactError(
                    f"column {name} is {found}, wanted {dtype}; read it through `population.tables`"
                )
            else:
                exprs[prefix + name] = pl.col(name).alias(prefix + name)
    return list(exprs.values())


def _join_path(
    base: pl.DataFrame, subject: type[Subject], path: tuple[str, ...], tables: Tables, reach: Reach
) -> pl.DataFrame:
    prefix = ".".join(path)
    if len(path) > 1 and prefix not in base.columns:
        base = _join_path(base, subject, path[:-1], tables, reach)
    target = _target(subject, path)
    refs = [ref for ref in reach.refs.values() if ref.path == path and _first_column(ref) not in base.columns]
    table = tables.get(target.id)
    if table is None or prefix not in base.columns:
        return base.with_columns(_fact_exprs(refs, _EMPTY, prefix + ".", base.height))
    onward = [
        pl.col(name).alias(f"{prefix}.{name}")
        for name, link in target.relations.items()
        if isinstance(link, One) and name in table.columns and f"{prefix}.{name}" not in base.columns
    ]
    if table["id"].n_unique() != table.height:
        raise FactError(f"{target.id}: column id names some rows twice; every row needs an id of its own")
    side = table.select(pl.col("id").alias(f"{prefix}#id"), *onward, *_fact_exprs(refs, table, prefix + "."))
    # Without maintain_order a left join returns rows in any order.
    return base.join(side, left_on=prefix, right_on=f"{prefix}#id", how="left", maintain_order="left")


def _first_column(ref: Ref) -> str:
    return next(iter(fact_columns(ref.fact, ref.key)))


# ── Gathered rows

_OF_NO_ROWS: dict[str, Any] = {
    "rows_any": False,
    "rows_all": True,
    "rows_count": 0,
    "rows_sum": 0,
    "rows_max": None,
}


def _join_gathered(
    base: pl.DataFrame,
    name: str,
    node: Expression,
    subject: type[Subject],
    tables: Tables,
    policy: Policy,
    on: dt.date,
    incomplete: Incomplete,
) -> pl.DataFrame:
    data: Gathered = node.data
    dtype = pl.Boolean if node.kind is Kind.BOOL else pl.Int128
    counted = (
        _gather_list(base, node, policy, on)
        if data.ref is not None
        else _gather_related(subject, node, tables, policy, on, incomplete)
    )
    if counted is None:
        return base.with_columns(pl.lit(None, dtype=dtype).alias(name))
    key = ".".join(data.path) if data.path and data.ref is None else "id"
    known = pl.col(key if data.ref is None else data.key).is_not_null()
    if data.ref is None:
        lacking = incomplete.get(rows_key(_many(subject, data)), ())
        known &= ~pl.col(key).is_in(pl.Series(list(lacking), dtype=pl.String).implode())
    joined = base.join(counted, left_on=key, right_on="#owner", how="left", maintain_order="left")
    # Rows that are known to be none are no rows; rows that are unknown leave the answer open.
    answer = (
        pl.when(pl.col("#seen").is_null())
        .then(pl.lit(_OF_NO_ROWS[node.op], dtype=dtype))
        .otherwise(pl.col("#answer"))
    )
    joined = joined.with_columns(pl.when(known).then(answer).alias(name)).drop("#seen", "#answer")
    low, high = _ends(joined, name) or (0, 0)
    # A sum of many rows may need 128 bits; most do not.
    narrow = node.kind is not Kind.BOOL and max(abs(low), abs(high)) <= INT64_MAX
    return joined.with_columns(pl.col(name).cast(pl.Int64)) if narrow else joined


def _gather_list(base: pl.DataFrame, node: Expression, policy: Policy, on: dt.date) -> pl.DataFrame | None:
    data: Gathered = node.data
    rows = (
        base.select(pl.col("id").alias("#owner"), pl.col(data.key).alias("#row"))
        .filter(pl.col("#row").list.len() > 0)
        .explode("#row")
        .unnest("#row")
        .with_row_index("id")
    )
    reach = Reach.of(e for e in (data.where, data.of) if e is not None)
    ranges = {key: found for key, ref in reach.refs.items() if (found := _checked(rows, ref)) is not None}
    frame = rows.select("#owner", *_fact_exprs(reach.refs.values(), rows, ""))
    return _aggregate(node, frame, ranges, policy, on)


def rows_key(link: Many[Any]) -> str:
    """How the rows of a relation are called in `Incomplete`: `hire.employer`."""
    return f"{link.target().id}.{link.back}"


def _many(subject: type[Subject], data: Gathered) -> Many[Any]:
    link = _target(subject, data.path).relations[data.relation]
    assert isinstance(link, Many)
    return link


def _gather_related(
    subject: type[Subject],
    node: Expression,
    tables: Tables,
    policy: Policy,
    on: dt.date,
    incomplete: Incomplete,
) -> pl.DataFrame | None:
    data: Gathered = node.data
    link = _many(subject, data)
    child = link.target()
    table = tables.get(child.id)
    if table is None or link.back not in table.columns:
        return None
    reach = Reach.of(e for e in (data.where, data.of) if e is not None)
    frame, ranges = assemble(child, tables, reach, policy, on, incomplete)
    return _aggregate(node, frame.with_columns(pl.col(link.back).alias("#owner")), ranges, policy, on)


def _aggregate(
    node: Expression, frame: pl.DataFrame, ranges: Mapping[str, Range], policy: Policy, on: dt.date
) -> pl.DataFrame:
    """One row per owner: what is asked of its rows, null where a row leaves it open."""
    data: Gathered = node.data
    lowering = Lowering(policy.values, on, [e for e in (data.where, data.of) if e is not None], ranges)
    columns = [pl.col("#owner")]
    if data.where is not None:
        where = lowering.materialise("#where", lowering.condition(data.where))
        assert isinstance(where, Col)
        columns.append(where.expr.alias("where"))
    else:
        columns.append(pl.lit(True).alias("where"))
    if data.of is not None:
        of = lowering.number(data.of)
        if not of.whole:
            raise DeclarationError(
                f"{data.relation}: gather whole numbers or fen; multiply or round after the sum"
            )
        held = lowering.materialise("#of", of)
        assert isinstance(held, Num)
        columns.append(held.num_expr(True).alias("of"))
    rows = lowering.stages.run(frame, columns).filter(pl.col("#owner").is_not_null())
    return rows.group_by("#owner").agg(_AGGREGATES[node.op]().alias("#answer"), pl.len().alias("#seen"))


def _taken_all_known() -> pl.Expr:
    taken_unknown = (pl.col("where") & pl.col("of").is_null()).any()
    return ~(pl.col("where").is_null().any() | taken_unknown)


_AGGREGATES: dict[str, Any] = {
    "rows_count": lambda: pl.when(~pl.col("where").is_null().any()).then(
        pl.col("where").sum().cast(pl.Int64)
    ),
    "rows_sum": lambda: pl.when(_taken_all_known()).then(pl.col("of").filter(pl.col("where")).sum()),
    "rows_max": lambda: pl.when(_taken_all_known()).then(pl.col("of").filter(pl.col("where")).max()),
    "rows_any": lambda: pl.col("where").any(ignore_nulls=False),
    "rows_all": lambda: pl.col("where").all(ignore_nulls=False),
}
