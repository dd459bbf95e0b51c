"""A made-up city as the tables of a registry: for trying out, teaching and tests. Nobody in it exists.

The same seed gives the same files, byte for byte. Ids and credit codes have right check digits but can
belong to nobody, names begin with 虚构. One cell in sixteen or so is unknown.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wenjiuye.population import demo_firms, demo_other, demo_people
from wenjiuye.population.dice import Dice, Row
from wenjiuye.rules.errors import both

SEED = 31


def write_demo_city(
    folder: Path | str, *, seed: int = SEED, persons: int = 20_000, firms: int = 2_000
) -> dict[str, int]:
    """Write the tables as CSV (UTF-8, opens in Excel) into a folder. Answers the rows of each table."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    tables = demo_city(seed=seed, persons=persons, firms=firms)
    for name, rows in tables.items():
        _write(target / f"{name}.csv", rows)
    return {name: len(rows) for name, rows in tables.items()}


def demo_city(*, seed: int = SEED, persons: int = 20_000, firms: int = 2_000) -> dict[str, list[Row]]:
    """The tables as rows. At least 200 persons and 20 firms, so that every other table finds its people."""
    if persons < 200 or firms < 20:
        raise ValueError(
            both(
                f"虚构城市至少要有200人和20家用人单位，不能是{persons}人和{firms}家",
                f"a city needs at least 200 persons and 20 firms, not {persons} and {firms}",
            )
        )
    dice = Dice(seed)
    people = demo_people.people(dice, persons)
    employers = demo_firms.firms(dice, firms)
    few = max(10, firms // 20)
    more: Mapping[str, Callable[[], list[Row]]] = {
        "hire": lambda: demo_firms.hires(dice, employers, people, firms * 3 // 2),
        "claim_period": lambda: demo_firms.claim_periods(dice, employers, firms * 2),
        "taxpayer_revenue": lambda: demo_firms.revenues(dice, employers, firms // 2),
        "park_tenant": lambda: demo_firms.park_tenants(dice, employers, few),
        "sole_trader": lambda: demo_other.sole_traders(dice, people, firms // 2),
        "internship": lambda: demo_other.internships(dice, people, employers, firms // 4),
        "training": lambda: demo_other.trainings(dice, people, employers, firms // 2),
        "loan": lambda: demo_other.loans(dice, firms // 4),
        "loan_fund": lambda: demo_other.loan_funds(dice, 10),
        "guarantor": lambda: demo_other.guarantors(dice, 12),
        "rural_platform": lambda: demo_other.rural_platforms(dice, few),
        "venue": lambda: demo_other.venues(dice, few),
        "export_batch": lambda: demo_other.export_batches(dice, few),
        "service_event": lambda: demo_other.service_events(dice, few),
        "community": lambda: demo_other.communities(dice, few),
        "layoff_plan": lambda: demo_other.layoff_plans(dice, few),
        "office_report": lambda: demo_other.office_reports(dice, 40),
    }
    return {"person": people, "enterprise": employers, **{name: make() for name, make in more.items()}}


def _write(path: Path, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row if not name.startswith("#")))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows([_cell(row.get(name)) for name in columns] for row in rows)


def _cell(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value
