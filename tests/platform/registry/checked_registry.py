"""Tables in kernel form as a registry that was checked, and a very small city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from random_registry import write_registry

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.registry.form import columns_of
from wenjiuye.population.registry.intake import CleanRegistry


def clean(tables: Mapping[str, pl.DataFrame], folder: Path) -> CleanRegistry:
    """The tables, written into a folder, with nothing set aside."""
    return CleanRegistry(write_registry(tables, folder), {}, {}, 0, "1")


def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of one table in kernel form; the columns are those that some row has."""
    rows = list(rows)
    kinds = columns_of(RECORDS[name])
    given = [column for column in kinds if any(column in row for row in rows)]
    return pl.DataFrame(
        [[row.get(column) for column in given] for row in rows],
        schema={column: kinds[column] for column in given},
        orient="row",
    )


def person(key: str, name: str = "张三", **more: Any) -> dict[str, Any]:
    """A row of the table of people."""
    return {"id": key, "name": name, "county": "weidu", **more}


def firm(key: str, name: str, **more: Any) -> dict[str, Any]:
    """A row of the table of employers."""
    return {"id": key, "name": name, "county": "weidu", **more}


def job(key: str, who: str, employer: str | None, **more: Any) -> dict[str, Any]:
    """A labour contract."""
    start = dt.date(2020, 3, 1)
    return {
        "id": key,
        "person": who,
        "employer": employer,
        "form": "labour_contract",
        "started_on": start,
        **more,
    }


def some_city() -> dict[str, pl.DataFrame]:
    """Two people, two employers, one job."""
    return {
        "person": table(
            "person",
            [
                person("P1", "王小明", resident_id="411002199001011234", phone="13800000001"),
                person("P2", "李雷", resident_id="41100219920202123x", phone="13800000002"),
            ],
        ),
        "enterprise": table(
            "enterprise",
            [
                firm("E1", "许昌禾木家居有限公司", credit_code="91411000MA0000001X", phone="0374-1234567"),
                firm("E2", "许昌鼎盛机械有限公司", credit_code="91411000MA0000002Y"),
            ],
        ),
        "employment": table("employment", [job("J1", "P1", "E1")]),
    }
