"""Results as files: each table as Parquet and CSV, each chart as SVG and PNG, and what was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from wenjiuye.population import whole_files
from wenjiuye.population.report import Lang, Report, write_html, write_png, write_svg
from wenjiuye.population.results import yuan
from wenjiuye.population.simulation import changes, cost
from wenjiuye.population.simulation.assumptions import Assumptions
from wenjiuye.population.simulation.break_even import BreakEven
from wenjiuye.population.simulation.projection import Projection
from wenjiuye.population.simulation.simulate import Simulation
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind, number_text, yuan_text

MANIFEST = "simulation.json"
Tables = Mapping[str, pl.DataFrame]


def claim_folder(out: Path) -> None:
    """Make the folder of the results, without what stood in its manifest. Raises OutputError (`whole_files`)."""
    whole_files.claim_folder(out, MANIFEST)
    whole_files.write_text("{}\n", out / MANIFEST)


def write_results(out: Path, tables: Tables, report: Report, asked: Mapping[str, Any], lang: Lang) -> None:
    """Write everything; the same results give the same bytes."""
    for name, frame in tables.items():
        _table(frame, out, name)
    write_html(report, out / "report.html", lang)
    charts = out / "charts"
    charts.mkdir(exist_ok=True)
    for chart in report.charts():
        write_svg(chart, charts / f"{chart.id}.svg", lang)
        write_png(chart, charts / f"{chart.id}.png", lang)
    _manifest(out, asked)


def _table(frame: pl.DataFrame, out: Path, name: str) -> None:
    whole_files.write_parquet(frame, out / f"{name}.parquet")
    whole_files.write_csv(frame, out / f"{name}.csv")


def _manifest(out: Path, asked: Mapping[str, Any]) -> None:
    whole_files.write_text(json.dumps(asked, ensure_ascii=False, indent=1) + "\n", out / MANIFEST)


def write_break_even(out: Path, found: BreakEven, policy: Policy) -> None:
    """Write the figures that were tried, and what was asked and found."""
    _table(break_even_table(found), out, "break_even")
    _manifest(out, break_even_asked(found, policy))


# ── Tables


def simulation_tables(found: Simulation) -> dict[str, pl.DataFrame]:
    """Every table of a comparison; sums in yuan."""
    rows = found.cost
    return {
        "cost": cost.table(rows, [*cost.LABELS, "county"], only_costs=False),
        "cost_by_measure": cost.table(rows, cost.LABELS, only_costs=False),
        "cost_by_article": cost.table(rows, ["article"]),
        "cost_by_fund": cost.table(rows, ["fund"]),
        "cost_by_county": cost.table(rows, ["county"]).sort("reform", "on", "county", nulls_last=True),
        "cost_by_month": cost.table(rows, []),
        "changes": _in_yuan(found.by_attribute),
        "changes_by_measure": _in_yuan(found.by_measure.drop(changes.BOUNDS)),
        "amount_classes": found.classes,
        "amount_quantiles": found.quantiles,
    }


def projection_tables(found: Projection) -> dict[str, pl.DataFrame]:
    """Every table of a projection; sums in yuan."""
    return {
        "commitments": found.by("clause", "measure", "title", "fund", "county"),
        "commitments_by_fund": found.by("fund"),
        "commitments_by_county": found.by("county"),
        "commitments_by_measure": found.by("clause", "measure", "title"),
        "commitments_by_month": found.by(),
        "not_projected": found.open,
    }


def break_even_table(found: BreakEven) -> pl.DataFrame:
    """The figures that were tried, exact (money in yuan), with their costs in yuan."""
    money = found.value.kind is Kind.MONEY
    rows = [
        (yuan_text(p.figure, grouped=False) if money else number_text(p.figure), p.cost, p.unknown)
        for p in found.points
    ]
    schema = {"figure": pl.String, "cost": pl.Int128, "unknown": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(yuan(pl.col("cost")))


def _in_yuan(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(yuan(pl.col("gained")), yuan(pl.col("lost")))


# ── What was asked


def assumed(assumptions: Assumptions) -> dict[str, Any]:
    """Assumptions as plain data, shares as exact fractions."""
    return {
        name: {"default": str(shares.default), **{k: str(v) for k, v in shares.own.items()}}
        for name, shares in (("take_up", assumptions.take_up), ("continuing", assumptions.continuing))
    }


def simulation_asked(found: Simulation) -> dict[str, Any]:
    """What a comparison was of."""
    return {
        "kind": "simulation",
        "policy": found.policy.id,
        "version": found.policy.version,
        "reforms": {scenario.name: scenario.policy.version for scenario in found.scenarios},
        "days": [str(day) for day in found.days],
        "assumptions": assumed(found.assumptions),
    }


def projection_asked(found: Projection) -> dict[str, Any]:
    """What a projection was of."""
    return {
        "kind": "projection",
        "policy": found.policy.id,
        "version": found.policy.version,
        "on": str(found.on),
        "months": found.months,
        "assumptions": assumed(found.assumptions),
        "measures": {r.measure.id: {"cap": r.cap, "pays": r.pays.value} for r in found.running},
    }


def break_even_asked(found: BreakEven, policy: Policy) -> dict[str, Any]:
    """What was sought and what was found; sums in yuan."""
    points = {"at": found.at, "below": found.below, "above": found.above}
    return {
        "kind": "break-even",
        "policy": policy.id,
        "version": policy.version,
        "on": str(found.on),
        "value": found.value.name,
        "key": found.key,
        "measures": list(found.measures),
        "target": yuan_text(found.target, grouped=False),
        "answer": found.answer,
        **{
            name: None
            if point is None
            else {
                "figure": found.value.show(point.figure, "en"),
                "cost": yuan_text(point.cost, grouped=False),
                "unknown": point.unknown,
            }
            for name, point in points.items()
        },
    }
