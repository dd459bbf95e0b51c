"""The compiler for many cases: all measures of one subject over columns, in stages, exactly.

Input and output are Polars frames in kernel form: bool → Boolean, counts → Int64, money → Int64 fen, a share →
two Int64 columns `<fact>.num` and `<fact>.den`, dates → Date, a month → Date of its first day, a choice → Enum
of its members, a list → List(Struct). Null is unknown. Every frame has a unique `id`; a relation to one is a
column of its name holding the other row's id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from wenjiuye.rules import batch_number as number
from wenjiuye.rules import checks
from wenjiuye.rules.batch_assembly import Incomplete, Reach, Tables, assemble
from wenjiuye.rules.batch_bounds import Bounds
from wenjiuye.rules.batch_lowering import Col, Lowering, Range
from wenjiuye.rules.batch_number import Num
from wenjiuye.rules.expression import Expression
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import INT64_MAX, Kind


@dataclass(frozen=True)
class BatchResult:
    """Row by row in the order of the subject's table.

    `frame` has `id` and for each measure `<m>.verdict` (Boolean: true eligible, false ineligible, null
    undetermined); for those with a sum `<m>.amount`, `<m>.low`, `<m>.high` and `<m>.<part>` (Int64 fen; null
    unknown, or not eligible; `high` null: no upper bound); with reasons `<m>.c0`, `<m>.c1` … (Boolean, the
    truth of each condition in the order of `Measure.nodes`).
    """

    frame: pl.DataFrame
    measures: tuple[Measure, ...]


def determine_batch(
    policy: Policy,
    subject_id: str,
    tables: Tables,
    on: dt.date,
    *,
    reasons: bool = False,
    bounds: bool = True,
    measures: Sequence[str] | None = None,
    incomplete: Incomplete | None = None,
) -> BatchResult:
    """Decide measures of one subject (all of them by default) for every row of its table.

    incomplete: owners some of whose related rows are missing from the tables (`hire.employer` → ids).
    Raises FactError where a column has the wrong type or a value outside its allowed range, and
    OverflowError (naming measure and row) where an amount exceeds int64 fen.
    """
    checks.date_is_possible(on)
    for name in measures or ():
        policy.measure(name)
    chosen = tuple(
        measure for measure in policy.measures_of(subject_id) if measures is None or measure.id in measures
    )
    if not chosen or subject_id not in tables:
        return BatchResult(tables.get(subject_id, pl.DataFrame({"id": []})).select("id"), chosen)
    reach = Reach.of(e for m in chosen for e in (*m.expressions(), *([] if m.limit is None else [m.limit])))
    base, ranges = assemble(policy.subjects[subject_id], tables, reach, policy, on, incomplete)
    base, held = _derive_days(base, [e for m in chosen for e in m.expressions()], policy, on, ranges)
    plan = _Plan(policy, chosen, on, reasons, ranges, held)
    frame = plan.lowering.stages.run(base, ["id", *plan.outputs])
    sums = [f"{m.id}.{name}" for m in chosen if m.has_amount for name in ("amount", *m.parts)]
    frame = _in_64_bits(frame, frame["id"], sums)
    if bounds:
        frame = _with_bounds(frame, base, policy, chosen, on, ranges)
    return BatchResult(frame, chosen)


def determined_fact(policy: Policy, subject_id: str, fact_id: str, tables: Tables, on: dt.date) -> pl.Series:
    """One fact (a yes/no, a date or a choice) of every row of a subject's table: as given, else derived."""
    expression = policy.fact_of(subject_id, fact_id)
    reach = Reach.of([expression])
    base, ranges = assemble(policy.subjects[subject_id], tables, reach, policy, on)
    lowering = Lowering(policy.values, on, [expression], ranges)
    held = lowering.condition(expression)
    lowering.stages.put("#fact", held.expr, held.stage)
    return lowering.stages.run(base, [pl.col("#fact")])["#fact"].alias(fact_id)


def _derive_days(
    base: pl.DataFrame,
    expressions: Sequence[Expression],
    policy: Policy,
    on: dt.date,
    ranges: Mapping[str, Range],
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Derived dates worked out for the rows that are not given one, and the columns that hold the result.

    Calendar chains (a retirement date) are the dearest part of a city, and most rows are given theirs.
    """
    held: dict[str, str] = {}
    derived = {n.key: n for e in expressions for n in e.walk() if n.op == "or_else" and n.kind is Kind.DATE}
    for key, node in derived.items():
        if node.args[0].op != "fact":
            continue
        given = base[node.args[0].data.key]
        lacking = given.is_null()
        if lacking.any():
            lowering = Lowering(policy.values, on, [node.args[1]], ranges)
            day = lowering.condition(node.args[1])
            lowering.stages.put("#day", day.expr, day.stage)
            rows = base.select("id", *Reach.of([node.args[1]]).columns()).filter(lacking)
            found = lowering.stages.run(rows, [pl.col("#day").cast(pl.Date)])["#day"]
            # scatter writes in place.
            given = given.clone().scatter(lacking.arg_true(), found)
        held[key] = f"#given {key}"
        base = base.with_columns(given.alias(held[key]))
    return base, held


class _Plan:
    """What to compute for the chosen measures, and how the results are called."""

    def __init__(
        self,
        policy: Policy,
        measures: Sequence[Measure],
        on: dt.date,
        reasons: bool,
        ranges: Mapping[str, Range],
        held: Mapping[str, str],
    ) -> None:
        roots = [e for m in measures for e in (*_kept(m, reasons), *m.expressions())]
        self.lowering = Lowering(policy.values, on, roots, ranges, held)
        self.outputs: list[pl.Expr] = []
        for measure in measures:
            self._measure(measure, reasons)

    def _measure(self, measure: Measure, reasons: bool) -> None:
        verdict = self._column(measure.condition)
        self.outputs.append(verdict.alias(f"{measure.id}.verdict"))
        if reasons:
            for node in measure.nodes:
                self.outputs.append(self._column(node.resolved).alias(f"{measure.id}.c{node.index}"))
        if measure.amount is None:
            return
        granted = verdict.fill_null(True)
        sums = {"amount": measure.amount, **measure.parts}
        for name, expression in sums.items():
            fen = number.rounded(self.lowering.number(expression), measure.rounding)
            column = self._materialise(f"{measure.id}.{name}", fen)
            self.outputs.append(pl.when(granted).then(column).alias(f"{measure.id}.{name}"))

    def _column(self, node: Expression) -> pl.Expr:
        low = self.lowering.condition(node)
        name = f"#{node.key}"
        if low.expr.meta.eq(pl.col(name)):
            return low.expr
        held = self.lowering.materialise(name, low)
        assert isinstance(held, Col)
        self.lowering._done[node.key] = held
        return held.expr

    def _materialise(self, name: str, fen: Num) -> pl.Expr:
        held = self.lowering.materialise(f"={name}", fen)
        assert isinstance(held, Num)
        return held.num_expr(held.wide)


def _kept(measure: Measure, reasons: bool) -> Iterable[Expression]:
    return [node.resolved for node in measure.nodes] if reasons else [measure.condition]


def _in_64_bits(frame: pl.DataFrame, ids: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """The frame with these sums as Int64. Raises OverflowError naming measure and row where one does not fit."""
    schema = frame.schema
    for name in names:
        if schema.get(name) == pl.Int128:
            over = (frame[name].abs() > INT64_MAX).fill_null(False)
            if over.any():
                row = over.arg_true()[0]
                raise OverflowError(f"{name} of row {ids[row]} exceeds 64 bits: {frame[name][row]} fen")
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in names if schema.get(name) == pl.Int128)


def _with_bounds(
    frame: pl.DataFrame,
    base: pl.DataFrame,
    policy: Policy,
    measures: Sequence[Measure],
    on: dt.date,
    ranges: Mapping[str, Range],
) -> pl.DataFrame:
    """Bounds where an amount is open; where it is known they are the amount itself."""
    additions: list[pl.Series] = []
    for measure in measures:
        if measure.limit is None:
            continue
        amount = frame[f"{measure.id}.amount"]
        open_rows = amount.is_null() & frame[f"{measure.id}.verdict"].fill_null(True)
        # scatter writes in place, so each bound is a copy.
        low, high = amount.clone(), amount.clone()
        if open_rows.any():
            rows = base.select("id", *Reach.of([measure.limit]).columns()).filter(open_rows)
            found = _bounds_of(measure, rows, policy, on, ranges)
            where = open_rows.arg_true()
            low = low.scatter(where, found["low"])
            high = high.scatter(where, found["high"])
        additions += [low.alias(f"{measure.id}.low"), high.alias(f"{measure.id}.high")]
    return frame.with_columns(additions)


def _bounds_of(
    measure: Measure, rows: pl.DataFrame, policy: Policy, on: dt.date, ranges: Mapping[str, Range]
) -> pl.DataFrame:
    assert measure.limit is not None
    lowering = Lowering(policy.values, on, [measure.limit], ranges)
    low, high = Bounds(lowering).interval(measure.limit)
    ends = {
        "low": number.rounded(low, measure.rounding),
        "high": number.rounded(high, measure.rounding),
    }
    out = []
    for name, end in ends.items():
        held = lowering.materialise(name, end)
        assert isinstance(held, Num)
        out.append(held.num_expr(held.wide).alias(f"{measure.id}.{name}"))
    found = _in_64_bits(lowering.stages.run(rows, out), rows["id"], [f"{measure.id}.{name}" for name in ends])
    low_name, high_name = (f"{measure.id}.{name}" for name in ends)
    return found.select(
        pl.max_horizontal(pl.col(low_name).fill_null(0), 0).alias("low"), pl.col(high_name).alias("high")
    )
