"""Bringing the facts of many cases together: related rows joined beside their subject, rows gathered up.

Kernel arithmetic is exact for values within their declared range only, so every column that is read is
checked for type and range here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from wenjiuye.rules.batch_lowering import Col, Lowering, Range, fact_columns
from wenjiuye.rules.batch_number import Num
from wenjiuye.rules.errors import DeclarationError, FactError
from wenjiuye.rules.expression import Expression, Gathered, Ref
from wenjiuye.rules.facts import SHARE_DENOMINATOR_MAX, Many, One, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import NUMERIC, Kind

Tables = Mapping[str, pl.DataFrame]

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

    def paths(self) -> list[tuple[str, ...]]:
        """The relations to follow, short ones first."""
        found = {ref.path for ref in self.refs.values()} | {g.data.path for g in self.gathered.values()}
        return sorted((path for path in found if path), key=len)


def assemble(
    subject: type[Subject], tables: Tables, reach: Reach, policy: Policy, on: dt.date
) -> tuple[pl.DataFrame, dict[str, Range]]:
    """One frame with every fact in reach under its path key, in the order of the subject's table.

    Also the range of each number. A fact or a table that is not given is unknown everywhere. Raises FactError
    where a column has the wrong type or a value outside the allowed range.
    """
    ranges = {
        key: _range(tables.get(_target(subject, ref.path).id, _EMPTY), ref)
        for key, ref in reach.refs.items()
        if ref.fact.kind in NUMERIC
    }
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
        base = _join_gathered(base, name, node, subject, tables, policy, on)
    return base, ranges


def _target(subject: type[Subject], path: tuple[str, ...]) -> type[Subject]:
    for name in path:
        link = subject.relations[name]
        assert isinstance(link, One)
        subject = link.target
    return subject


def _range(frame: pl.DataFrame, ref: Ref) -> Range:
    """What stands in the columns of a number; raises FactError outside the allowed range."""
    low, high = ref.fact.range()
    if ref.fact.kind is not Kind.SHARE:
        found = _ends(frame, ref.fact.id)
        _inside(ref.fact.id, found, low, high)
        return (*found, 1)
    dens = _ends(frame, f"{ref.fact.id}.den")
    nums = _ends(frame, f"{ref.fact.id}.num")
    _inside(f"{ref.fact.id}.den", dens, 1, SHARE_DENOMINATOR_MAX, empty=(0, 0))
    _inside(f"{ref.fact.id}.num", nums, low * dens[1], high * dens[1])
    return (*nums, max(dens[1], 1))


def _ends(frame: pl.DataFrame, name: str) -> tuple[int, int]:
    if name not in frame.columns or frame.schema[name] != pl.Int64:
        return 0, 0
    least: Any = frame[name].min()
    most: Any = frame[name].max()
    return (0, 0) if least is None else (least, most)


def _inside(
    name: str, found: tuple[int, int], low: Any, high: Any, empty: tuple[int, int] | None = None
) -> None:
    if found != empty and found != (0, 0) and (found[0] < low or found[1] > high):
        raise FactError(f"column {name} runs from {found[0]} to {found[1]}, allowed is {low} to {high}")


def _fact_exprs(refs: Iterable[Ref], frame: pl.DataFrame, prefix: str) -> list[pl.Expr]:
    """The columns of facts under their path names; a fact that the table lacks is unknown everywhere."""
    exprs: dict[str, pl.Expr] = {}
    for ref in refs:
        for name, dtype in fact_columns(ref.fact, ref.fact.id).items():
            if name not in frame.columns:
                exprs[prefix + name] = pl.lit(None, dtype=dtype).alias(prefix + name)
            elif frame.schema[name] != dtype:
                found = frame.schema[name]
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
        return base.with_columns(_fact_exprs(refs, _EMPTY, prefix + "."))
    onward = [
        pl.col(name).alias(f"{prefix}.{name}")
        for name, link in target.relations.items()
        if isinstance(link, One) and name in table.columns and f"{prefix}.{name}" not in base.columns
    ]
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
) -> pl.DataFrame:
    data: Gathered = node.data
    dtype = pl.Boolean if node.kind is Kind.BOOL else pl.Int64
    counted = (
        _gather_list(base, node, policy, on)
        if data.ref is not None
        else _gather_related(subject, node, tables, policy, on)
    )
    if counted is None:
        return base.with_columns(pl.lit(None, dtype=dtype).alias(name))
    key = ".".join(data.path) if data.path and data.ref is None else "id"
    known = pl.col(key if data.ref is None else data.key).is_not_null()
    joined = base.join(counted, left_on=key, right_on="#owner", how="left", maintain_order="left")
    # Rows that are known to be none are no rows; rows that are unknown leave the answer open.
    answer = (
        pl.when(pl.col("#seen").is_null())
        .then(pl.lit(_OF_NO_ROWS[node.op], dtype=dtype))
        .otherwise(pl.col("#answer"))
    )
    return joined.with_columns(pl.when(known).then(answer).alias(name)).drop("#seen", "#answer")


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
    ranges = {key: _range(rows, ref) for key, ref in reach.refs.items() if ref.fact.kind in NUMERIC}
    frame = rows.select("#owner", *_fact_exprs(reach.refs.values(), rows, ""))
    return _aggregate(node, frame, ranges, policy, on)


def _gather_related(
    subject: type[Subject], node: Expression, tables: Tables, policy: Policy, on: dt.date
) -> pl.DataFrame | None:
    data: Gathered = node.data
    link = _target(subject, data.path).relations[data.relation]
    assert isinstance(link, Many)
    child = link.target()
    table = tables.get(child.id)
    if table is None or link.back not in table.columns:
        return None
    reach = Reach.of(e for e in (data.where, data.of) if e is not None)
    frame, ranges = assemble(child, tables, reach, policy, on)
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
        columns.append(held.num_expr(held.wide).alias("of"))
    rows = lowering.stages.run(frame).select(columns).filter(pl.col("#owner").is_not_null())
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
