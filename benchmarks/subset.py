"""The measures that the other tools compute too, the facts they read and the figures in force.

Twelve measures of a person: plain conditions, lists, dates that move by years, a derived fact with a choice of
ages, figures by county, a formula that depends on a condition, a division rounded once, a window.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from wenjiuye.rules.policy import Policy

SUBJECT = "person"
MEASURES = (
    "returnee_startup_subsidy",
    "graduate_flexible_insurance_subsidy",
    "hardship_graduate_subsidy",
    "registered_graduate_subsidy",
    "late_leaver_deadlines",
    "file_retention",
    "enlistment_allowance",
    "unemployment_registration",
    "benefit_until_retirement",
    "unemployment_assistance",
    "public_post_placement",
    "temporary_living_allowance",
)
DERIVED = ("retirement_date", "graduation_year")
HARDSHIP = (
    "dibao_family",
    "disabled",
    "poor_disabled_family",
    "poverty_registered_family",
    "special_hardship",
    "student_loan",
)


@dataclass(frozen=True)
class Figures:
    """What the dated values say on the day of decision; sums in fen."""

    on: dt.date
    plain: Mapping[str, int]
    days: Mapping[str, dt.date]
    flexible_share: tuple[int, int]
    assistance_share: tuple[int, int]
    unemployment_benefit: Mapping[str, int]
    minimum_living_standard: Mapping[str, int]

    @classmethod
    def of(cls, policy: Policy, on: dt.date) -> Figures:
        """The figures in force on a day, each tool gets the same."""

        def share(name: str) -> tuple[int, int]:
            figure = policy.values[name].figure(on)
            return figure.numerator, figure.denominator

        def table(name: str) -> dict[str, int]:
            entry = policy.values[name].on(on)
            return {} if entry is None else dict(entry.figures)

        return cls(
            on,
            {name: policy.values[name].figure(on) for name in _PLAIN},
            {name: policy.values[name].figure(on) for name in _DAYS},
            share("graduate_flexible_share"),
            share("assistance_share"),
            table("unemployment_benefit"),
            table("minimum_living_standard"),
        )

    def __getitem__(self, name: str) -> int:
        return self.plain[name]

    @property
    def living_allowance_open(self) -> bool:
        """Whether the window of the temporary living allowance is open on the day of decision."""
        return self.days["living_allowance_first_day"] <= self.on <= self.days["living_allowance_last_day"]


_PLAIN = (
    "returnee_startup_years",
    "returnee_startup_amount",
    "graduate_flexible_years",
    "graduate_flexible_months",
    "hardship_graduate_amount",
    "registered_graduate_amount",
    "late_leaver_graduation_year",
    "file_retention_years",
    "enlistment_amount",
    "working_age_from",
    "near_retirement_years",
    "retirement_age_men",
    "retirement_age_women_cadres",
    "retirement_age_women_workers",
    "retirement_months_per_step",
    "retirement_step",
    "retirement_step_women_workers",
    "retirement_postponed_most",
    "retirement_postponed_most_women_workers",
    "assistance_months",
    "living_allowance_months",
)
_DAYS = ("retirement_postponed_from", "living_allowance_first_day", "living_allowance_last_day")


def years_before(day: dt.date, years: int) -> dt.date:
    """The day whose anniversary this is; 29 February falls on 1 March where the year has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return dt.date(day.year - years, 3, 1)


class ResultsDifferError(Exception):
    """A tool decides otherwise than the engine; its times would mean nothing."""


def check_same(tool: str, theirs: pl.DataFrame, ours: pl.DataFrame, *, reasons: bool) -> None:
    """Every verdict, amount and, with reasons, condition is the same in every row, or ResultsDifferError."""
    wanted = [
        name
        for name in ours.columns
        if name != "id" and (name.endswith((".verdict", ".amount")) or (reasons and ".c" in name))
    ]
    if theirs.height != ours.height:
        raise ResultsDifferError(f"{tool}: {theirs.height} rows for {ours.height}")
    missing = [name for name in wanted if name not in theirs.columns]
    if missing:
        raise ResultsDifferError(f"{tool}: {', '.join(missing)} not computed")
    for name in wanted:
        kind = pl.Int64 if name.endswith(".amount") else pl.Boolean
        a, b = ours[name].cast(kind), theirs[name].cast(kind)
        wrong = a.ne_missing(b)
        if wrong.any():
            row = wrong.arg_true()[0]
            raise ResultsDifferError(
                f"{tool}: {name} differs in {wrong.sum()} rows; row {row}: {tool} {b[row]}, engine {a[row]}"
            )
