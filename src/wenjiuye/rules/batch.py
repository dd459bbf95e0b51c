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
from wenjiuye.rules.batch_assembly import Reach, Tables, assemble
from wenjiuye.rules.batch_bounds import Bounds
from wenjiuye.rules.batch_lowering import Col, Lowering, Range
from wenjiuye.rules.batch_number import Num
from wenjiuye.rules.expression import Expression
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import INT64_MAX


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
) -> BatchResult:
    """Decide measures of one subject (all of them by default) for every row of its table.

    Raises FactError where a column has the wrong type or a value outside its allowed range, and
    OverflowError (naming measure and row) where an amount exceeds int64 fen.
    """
    checks.date_is_possible(on)
    chosen = tuple(
        measure for measure in policy.measures_of(subject_id) if measures is None or measure.id in measures
    )
    if not chosen or subject_id not in tables:
        return BatchResult(tables.get(subject_id, pl.DataFrame({"id": []})).select("id"), chosen)
    reach = Reach.of(e for m in chosen for e in (*m.expressions(), *([] if m.limit is None else [m.limit])))
    base, ranges = assemble(policy.subjects[subject_id], tables, reach, policy, on)
    plan = _Plan(policy, chosen, on, reasons, ranges)
    frame = plan.lowering.stages.run(base).select("id", *plan.outputs)
    for measure in chosen:
        _check_int64(frame, measure)
    if bounds:
        frame = _with_bounds(frame, base, policy, chosen, on, ranges)
    return BatchResult(frame, chosen)


class _Plan:
    """What to compute for the chosen measures, and how the results are called."""

    def __init__(
        self,
        policy: Policy,
        measures: Sequence[Measure],
        on: dt.date,
        reasons: bool,
        ranges: Mapping[str, Range],
    ) -> None:
        roots = [e for m in measures for e in (*_kept(m, reasons), *m.expressions())]
        self.lowering = Lowering(policy.values, on, roots, ranges)
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


def _check_int64(frame: pl.DataFrame, measure: Measure) -> None:
    for name in (f"{measure.id}.amount", *(f"{measure.id}.{part}" for part in measure.parts)):
        if name in frame.columns and frame.schema[name] == pl.Int128:
            over = frame.filter(pl.col(name).abs() > INT64_MAX)
            if over.height:
                raise OverflowError(f"{name} of row {over['id'][0]} exceeds 64 bits: {over[name][0]} fen")


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
        amount = frame[f"{measure.id}.amount"].cast(pl.Int64)
        open_rows = amount.is_null() & frame[f"{measure.id}.verdict"].fill_null(True)
        # scatter writes in place, so each bound is a copy.
        low, high = amount.clone(), amount.clone()
        if open_rows.any():
            found = _bounds_of(measure, base.filter(open_rows), policy, on, ranges)
            where = open_rows.arg_true()
            low = low.scatter(where, found["low"])
            high = high.scatter(where, found["high"])
        additions += [amount, low.alias(f"{measure.id}.low"), high.alias(f"{measure.id}.high")]
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
        out.append(held.num_expr(held.wide).cast(pl.Int64).alias(name))
    done = lowering.stages.run(rows).select(out)
    return done.with_columns(pl.max_horizontal(pl.col("low").fill_null(0), 0).alias("low"))
