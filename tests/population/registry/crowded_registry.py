"""Random registries in which much happens to few: equal dates, overlapping periods, many grants and findings.

In a plain random registry most people have one row in a table, and nearly no contribution belongs to a job;
here every rule about several rows of one owner is put to use.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import polars as pl
from random_registry import random_registry

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.quantity import Kind

Rows = list[dict[str, Any]]

FEW = {
    "enrolment": {"person": 30},
    "unemployment_registration": {"person": 30},
    "recognition": {"person": 25},
    "benefit_period": {"person": 25},
    "grassroots_service": {"person": 30},
    "employment": {"person": 50, "employer": 12},
    "enterprise": {"owner": 20},
    "premium": {"enterprise": 5},
    "annual_report": {"enterprise": 12},
    "tax": {"enterprise": 8},
    "lease": {"tenant": 20},
    "bill": {"lease": 20},
    "firm_listing": {"enterprise": 12},
    "internship": {"host": 3},
    "training": {"organiser": 6},
}
"""How many different owners the rows of a table name, by column."""

TIED = {
    "enrolment": ("started_on", "left_on"),
    "unemployment_registration": ("registered_on",),
    "benefit_period": ("started_on", "ends_on"),
    "grassroots_service": ("started_on",),
    "internship": ("started_on",),
}
"""Dates that fall on the first day of a half year, so that many are equal."""

SUBJECT_IDS = {
    "hire": "employment",
    "sole_trader": "enterprise",
    "taxpayer_revenue": "sales",
    "park_tenant": "lease",
}
MONTHS = (dt.date(2020, 1, 1), dt.date(2020, 2, 1), dt.date(2020, 11, 1), dt.date(2020, 12, 1))
"""Months in which bills and sales are frequent."""


def crowded_registry(seed: int, *, gaps: float = 0.08) -> dict[str, pl.DataFrame]:
    """The tables of a made-up registry in kernel form; `gaps`: the share of cells that are unknown."""
    dice = random.Random(seed + 1000)
    tables = random_registry(seed, gaps=gaps)
    rows: dict[str, Rows] = {name: frame.to_dicts() for name, frame in tables.items()}
    for table, columns in FEW.items():
        for row in rows[table]:
            row |= {name: _among(row[name], few) for name, few in columns.items()}
    for table, dates in TIED.items():
        for row in rows[table]:
            row |= {name: _half_year(row[name]) for name in dates}
    for row in rows["bill"]:
        row["month"] = dice.choice(MONTHS)
    for row in rows["sales"]:
        row["tax_obligation_date"] = row["tax_obligation_date"].replace(
            year=2020, month=dice.choice(MONTHS).month, day=15
        )
    _contributions(dice, rows)
    _premiums(dice, rows["premium"])
    rows["grant"] = [_grant(dice, rows, gaps) for _ in range(500)]
    rows["finding"] = [_finding(dice, rows) for _ in range(400)]
    return {name: pl.DataFrame(rows[name], schema=frame.schema) for name, frame in tables.items()}


def _among(key: str | None, few: int) -> str | None:
    if key is None:
        return None
    table, _, number = key.rpartition("-")
    return f"{table}-{int(number) % few}"


def _half_year(day: dt.date | None) -> dt.date | None:
    return None if day is None else dt.date(day.year, 1 if day.month < 7 else 7, 1)


def _contributions(dice: random.Random, rows: dict[str, Rows]) -> None:
    """Most contributions belong to a job, some twice in a month."""
    for row in rows["contribution"]:
        if dice.random() < 0.8:
            job = dice.choice(rows["employment"])
            own = job["form"] == "flexible"
            row |= {"person": job["person"], "employer": None if own else job["employer"]}
            if dice.random() < 0.7:
                row["month"] = dt.date(2020, dice.randint(1, 12), 1)


def _premiums(dice: random.Random, rows: Rows) -> None:
    """Most premiums were paid in full, or all but what was waived."""
    for row in rows:
        parts = [row["employer_part_due"], row["own_part_due"]]
        if None not in parts and dice.random() < 0.98:
            row["paid"] = max(sum(parts) - dice.choice([0, row["waived"] or 0]), 0)


def _grant(dice: random.Random, rows: dict[str, Rows], gaps: float) -> dict[str, Any]:
    """One grant; half of them to people with a job, under measures that clash by the month."""
    measures = list(policy().measures)
    if dice.random() < 0.5:
        measures = [name for group in policy().groups if group.span == "month" for name in group.members]
    measure = policy().measure(dice.choice(measures))
    table = SUBJECT_IDS.get(measure.subject.id, measure.subject.id)
    subject = dice.choice(rows[table]) if table in rows and table != "claim_period" else {}
    who = subject.get("person") or subject.get("trainee") or f"person-{dice.randrange(50)}"
    key = subject.get("id", "nobody")
    granted = dt.date(2019, 1, 1) + dt.timedelta(days=dice.randrange(760))
    first = granted.replace(day=1) if dice.random() < 0.5 else dt.date(2020, dice.randint(1, 12), 1)

    def cell(value: Any) -> Any:
        return None if dice.random() < gaps else value

    return {
        "measure": measure.id,
        "subject_id": key,
        "person": cell(key if table == "person" else who),
        "enterprise": cell(f"enterprise-{dice.randrange(12)}"),
        "first_month": cell(first),
        "months": cell(dice.choice([0, 1, 1, 2, 3])),
        "amount": cell(dice.choice([1, 99_999, 120_000])),
        "granted_on": granted,
    }


def _finding(dice: random.Random, rows: dict[str, Rows]) -> dict[str, Any]:
    """One finding of any fact of any subject, sometimes one that cannot be read."""
    subject = policy().subjects[dice.choice(list(policy().subjects))]
    fact = subject.facts[dice.choice([n for n, f in subject.facts.items() if f.kind is not Kind.LIST])]
    if subject.id == "claim_period":
        row = dice.choice(rows["premium"])
        key = f"{row['enterprise']}|{row['insurance_kind']}|{row['month']:%Y-%m}"
    else:
        key = dice.choice(rows[SUBJECT_IDS.get(subject.id, subject.id)])["id"]
    first = dt.date(2019, 1, 1) + dt.timedelta(days=60 * dice.randrange(12))
    return {
        "subject": subject.id,
        "subject_id": key,
        "fact": fact.id,
        "value": dice.choice(_values(dice, fact)),
        "source": None,
        "valid_from": first,
        "valid_to": dice.choice([None, None, first, first + dt.timedelta(days=200)]),
    }


def _values(dice: random.Random, fact: Any) -> list[str]:
    match fact.kind:
        case Kind.BOOL:
            return ["true", "false"]
        case Kind.ENUM:
            return list(fact.members)
        case Kind.DATE:
            return [f"20{dice.randint(18, 21)}-0{dice.randint(1, 9)}-11", "no date"]
        case Kind.MONTH:
            return ["2020-05", "2020-12"]
        case Kind.SHARE:
            return ["1/3", "0", "0.05"]
    return [str(dice.randint(0, 9)), "12", "-1"]
