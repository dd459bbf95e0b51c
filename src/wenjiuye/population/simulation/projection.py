"""What is committed for months to come: payments that run on, from what everybody is entitled to on a day.

The rule itself is asked month after month, with nothing moved on but its own ledger: the months granted and
the sum paid in the running year. So a cap by months or by the year ends a payment when the rule says so.
Everything else stays as it is on the day: nobody enters, nobody's wage or rent changes. Who drops out is an
explicit assumption (`Assumptions.continuing`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.city.prepare import Progress
from wenjiuye.population.registry.asof import settled_month
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.results import yuan
from wenjiuye.population.simulation.adding import added
from wenjiuye.population.simulation.assumptions import NONE, Assumptions, portion
from wenjiuye.population.simulation.running import GRANTED, PAID, PER_CLAIM, SPENT, Pays, Running, running
from wenjiuye.population.simulation.simulate import Parts
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.policy import Policy

MONTHS_A_YEAR = 12
CELL = {
    "measure": pl.String(),
    "county": pl.String(),
    "month": pl.Int64(),
    "rows": pl.Int64(),
    "amount": pl.Int128(),
}
"""month: 0 is that of the decision. rows: how many are paid something. amount: fen."""

OPEN = {"measure": pl.String(), "county": pl.String(), "entitled": pl.Int64(), "unknown": pl.Int64()}
"""entitled: rows projected. unknown: entitled, or perhaps, and left out because that or a figure is not known."""


@dataclass(frozen=True)
class Projection:
    """Commitments. cells: CELL with `expected`, which the assumptions leave of the amount. unset: running
    measures whose cap has no figure on the day.
    """

    policy: Policy
    on: dt.date
    months: int
    assumptions: Assumptions
    running: tuple[Running, ...]
    unset: tuple[Running, ...]
    cells: pl.DataFrame = field(repr=False)
    open: pl.DataFrame = field(repr=False)

    def by(self, *columns: str) -> pl.DataFrame:
        """Sums in yuan by `month` (its first day; null: after the last month asked for) and other columns."""
        labels = pl.DataFrame(
            [
                (r.measure.id, r.measure.clause, r.measure.zh, r.measure.fund.id if r.measure.fund else None)
                for r in self.running
            ],
            schema=dict.fromkeys(("measure", "clause", "title", "fund"), pl.String),
            orient="row",
        )
        keys = [*columns, "month"]
        return (
            self.cells.join(labels, on="measure", how="left", maintain_order="left")
            .with_columns(self._month().alias("month"))
            .group_by(keys)
            .agg(pl.col("rows", "amount", "expected").sum())
            .sort(keys, nulls_last=True)
            .with_columns(yuan(pl.col("amount")), yuan(pl.col("expected")))
        )

    def _month(self) -> pl.Expr:
        first = pl.lit(self.on.replace(day=1))
        month = first.dt.offset_by(pl.format("{}mo", "month"))
        return pl.when(pl.col("month") < self.months).then(month)


def project(
    parts: Parts,
    policy: Policy,
    on: dt.date,
    *,
    months: int = 36,
    assumptions: Assumptions = NONE,
    progress: Progress = lambda *_: None,
) -> Projection:
    """Project every running measure from a day on; what falls after `months` months is kept as one rest."""
    found = running(policy)
    known = tuple(r for r in found if policy.values[r.cap].figure(on) is not None)
    cells, gaps = pl.DataFrame(schema=CELL), pl.DataFrame(schema=OPEN)
    for number, load in enumerate(parts):
        progress("project", number, len(parts))
        facts = CityFacts(policy, load(), on, [run.measure.id for run in known])
        for decided in decide(facts, reasons=False):
            for run in known:
                cap = policy.values[run.cap].figure(on)
                if run.measure.subject.id == decided.subject and isinstance(cap, int):
                    paid, gap = _of_part(facts, run, decided, cap)
                    cells, gaps = _added(CELL, cells, paid), _added(OPEN, gaps, gap)
    progress("project", len(parts), len(parts))
    unset = tuple(r for r in found if r not in known)
    return Projection(policy, on, months, assumptions, known, unset, _expected(cells, assumptions), gaps)


def _added(schema: Mapping[str, pl.DataType], *frames: pl.DataFrame) -> pl.DataFrame:
    return added(frames, schema, [name for name in schema if name in ("measure", "county", "month")])


def _expected(cells: pl.DataFrame, assumptions: Assumptions) -> pl.DataFrame:
    """With what take-up and dropping out leave, rounded half up to the fen once for each cell."""
    left = [
        portion(fen, assumptions.take_up.of(name) * assumptions.continuing.of(name) ** month)
        for name, month, fen in cells.select("measure", "month", "amount").iter_rows()
    ]
    return cells.with_columns(pl.Series("expected", left, dtype=pl.Int128))


# ── One measure of one part


@dataclass(frozen=True)
class _Claims:
    """The rows of one part that one measure pays, with what the rule reads.

    rows: the subject's table with `#amount` due on the day, `#county`, and `#first`, the first subsidised month.
    """

    policy: Policy
    on: dt.date
    run: Running
    tables: Mapping[str, pl.DataFrame]
    rows: pl.DataFrame
    cap: int

    def granted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows that the rule grants something, with `#amount`."""
        subject, name = self.run.measure.subject.id, self.run.measure.id
        asked = {**self.tables, subject: rows.select(c for c in rows.columns if not c.startswith("#"))}
        found = determine_batch(self.policy, subject, asked, self.on, bounds=False, measures=[name]).frame
        rows = rows.with_columns(found[f"{name}.amount"].alias("#amount"))
        return rows.filter(found[f"{name}.verdict"].fill_null(False) & pl.col("#amount").is_not_null())


def _of_part(facts: CityFacts, run: Running, decided: Decided, cap: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """CELL and OPEN of one measure."""
    name = run.measure.id
    table = decided.own.get(name, decided.tables[decided.subject])
    granted, amount = decided.frame[f"{name}.entitled"], decided.frame[f"{name}.amount"]
    may = granted.fill_null(True)
    known = granted.fill_null(False) & amount.is_not_null()
    if run.pays is Pays.CLAIMED:
        known &= table[PAID].is_not_null()
    gaps = pl.DataFrame({"county": decided.county, "entitled": known, "unknown": may & ~known}).filter(may)
    gap = (
        gaps.group_by("county").agg(pl.all().sum().cast(pl.Int64)).with_columns(pl.lit(name).alias("measure"))
    )
    rows = table.with_columns(amount.alias("#amount"), decided.county.alias("#county")).filter(known)
    claims = _Claims(facts.policy, facts.on, run, decided.tables, _with_first_month(facts, name, rows), cap)
    pay = _over_the_term if run.pays is Pays.TERM else _month_by_month
    paid = [
        frame.group_by(pl.col("#county").alias("county"))
        .agg(
            (pl.col("#amount") > 0).sum().cast(pl.Int64).alias("rows"),
            pl.col("#amount").cast(pl.Int128).sum().alias("amount"),
        )
        .with_columns(pl.lit(name).alias("measure"), pl.lit(month, dtype=pl.Int64).alias("month"))
        for month, frame in pay(claims)
    ]
    cells = _added(CELL, pl.DataFrame(schema=CELL), *paid)
    return cells.filter((pl.col("month") == 0) | (pl.col("rows") > 0)), gap.select(list(OPEN))


def _with_first_month(facts: CityFacts, measure: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The month from which each row's subsidy years are counted: of the first grant, else the settled one."""
    mine = (pl.col("measure") == measure) & (pl.col("granted_on") <= facts.on)
    firsts = (
        facts.partition.table("grant").filter(mine).group_by("subject_id").agg(pl.col("first_month").min())
    )
    joined = rows.join(firsts, left_on="id", right_on="subject_id", how="left", maintain_order="left")
    first = pl.col("first_month").fill_null(facts.settled)
    return joined.with_columns(first.alias("#first")).drop("first_month")


Instalments = Iterator[tuple[int, pl.DataFrame]]


def _month_by_month(claims: _Claims) -> Instalments:
    """What is due on the day, and then month after month what the rule grants once that is paid."""
    rows = _with_monthly_means(claims.rows).with_columns(pl.lit(0).alias("#idle"))
    yield 0, rows
    claimed = claims.run.pays is Pays.CLAIMED
    rows = _paid(rows, claims.cap, pl.col(PAID) if claimed else _one_if_paid())
    month = 0
    while rows.height:
        month += 1
        rows = claims.granted(_in_month(rows, settled_month(claims.on), month))
        yield month, rows
        rows = _paid(rows, claims.cap, pl.lit(1) if claimed else _one_if_paid())
        # A used-up cap pays again with the next subsidy year; who is paid nothing for a year has no costs.
        rows = rows.filter(pl.col("#idle") < MONTHS_A_YEAR)


def _one_if_paid() -> pl.Expr:
    """A month in which nothing is paid is no month granted."""
    return (pl.col("#amount") > 0).cast(pl.Int64)


def _with_monthly_means(rows: pl.DataFrame) -> pl.DataFrame:
    """With the mean per month of what a claim adds up (half up to the fen), which later months repeat."""
    n = pl.col(PAID)
    return rows.with_columns(
        pl.when(n > 0).then((pl.col(name) * 2 + n) // (n * 2)).otherwise(0).alias(f"#{name}")
        for name in PER_CLAIM
        if name in rows.columns and PAID in rows.columns
    )


def _paid(rows: pl.DataFrame, cap: int, covered: pl.Expr) -> pl.DataFrame:
    """The ledger after a payment: more months granted, more paid in the running year."""
    months = pl.min_horizontal(covered, cap - pl.col(GRANTED))
    idle = pl.when(pl.col("#amount") > 0).then(0).otherwise(pl.col("#idle") + 1)
    moved = [(pl.col(GRANTED) + months).alias(GRANTED), idle.alias("#idle")]
    if SPENT in rows.columns:
        moved.append((pl.col(SPENT) + pl.col("#amount")).alias(SPENT))
    return rows.with_columns(moved)


def _in_month(rows: pl.DataFrame, settled: dt.date, month: int) -> pl.DataFrame:
    """The claim for one more month; with each anniversary of the first month the year's sum starts anew."""
    moved = [pl.col(f"#{name}").alias(name) for name in PER_CLAIM if f"#{name}" in rows.columns]
    if PAID in rows.columns:
        moved.append(pl.lit(1, dtype=pl.Int64).alias(PAID))
    if SPENT in rows.columns:
        first = pl.col("#first").dt.year().cast(pl.Int32) * MONTHS_A_YEAR + pl.col("#first").dt.month()
        apart = settled.year * MONTHS_A_YEAR + settled.month + month - first
        moved.append(pl.when(apart % MONTHS_A_YEAR == 0).then(0).otherwise(pl.col(SPENT)).alias(SPENT))
    return rows.with_columns(moved)


def _over_the_term(claims: _Claims) -> Instalments:
    """The sum for all the months that are left, spread over them; the roundings add up to it to the fen."""
    left = pl.col("#left")
    rows = claims.rows.with_columns((claims.cap - pl.col(GRANTED)).alias("#left"))
    whole = pl.col("#amount").cast(pl.Int128)
    for month in range(claims.cap):
        before, after = (
            (whole * pl.min_horizontal(pl.lit(month + step), left) * 2 + left) // (left * 2)
            for step in (0, 1)
        )
        yield month, rows.with_columns((after - before).alias("#amount"))
