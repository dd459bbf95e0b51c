"""The measures that the city is decided for three times: by a run, in SQL and in Polars by hand.

Eight measures of hires, employers and people, whose facts come from twelve tables: jobs and months insured,
registrations as on the day before a job, schools left by then, sizes reported or derived, months granted before.
The hand-written versions take a registry without rows set aside and with one report per firm and year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.subset import check_same, years_before
from wenjiuye.rules.policy import Policy

MEASURES: Mapping[str, tuple[str, ...]] = {
    "hire": ("hiring_subsidy", "hiring_insurance_subsidy", "hire_tax_deduction_person"),
    "enterprise": ("stability_refund", "stability_refund_sme"),
    "person": ("registered_graduate_subsidy", "file_retention", "unemployment_assistance"),
}
"""By subject, in the order of the clauses."""
TABLES = (
    "person",
    "enterprise",
    "employment",
    "contribution",
    "unemployment_registration",
    "benefit_period",
    "enrolment",
    "recognition",
    "annual_report",
    "premium",
    "firm_listing",
    "grant",
    "finding",
)
_PLAIN = (
    "few_layoffs_small_staff",
    "refund_insured_months",
    "hiring_subsidy_amount",
    "hiring_contract_months",
    "long_unemployment_months",
    "graduate_hiring_years",
    "hiring_insurance_months",
    "hire_tax_unemployment_months",
    "hire_tax_contract_months",
    "hire_tax_deduction_months",
    "assistance_months",
    "registered_graduate_amount",
    "file_retention_years",
)
_SHARES = (
    "few_layoffs_ceiling",
    "few_layoffs_ceiling_small",
    "refund_share",
    "refund_share_sme",
    "assistance_share",
)
BOUNDS = ("staff", "revenue", "assets")


@dataclass(frozen=True)
class CityFigures:
    """What the dated values say on the day of decision; sums in fen.

    size_standard: `industry`, `listed` and for each bound of a large firm `large_<bound>`, null where there is none.
    benefit: `county` and `benefit`, the monthly unemployment benefit. paid_elsewhere: the other measures
    that pay for a person's months of insurance; a month that one of them paid for is not paid again.
    """

    on: dt.date
    plain: Mapping[str, int]
    shares: Mapping[str, tuple[int, int]]
    size_standard: pl.DataFrame
    benefit: pl.DataFrame
    paid_elsewhere: tuple[str, ...]

    @classmethod
    def of(cls, policy: Policy, on: dt.date) -> CityFigures:
        """The figures in force on a day, each tool gets the same."""

        def table(name: str) -> Mapping[str, int]:
            entry = policy.values[name].on(on)
            return {} if entry is None else dict(entry.figures)

        bounds = {f"large_{bound}": table(f"size_{bound}_large") for bound in BOUNDS}
        industries = sorted({*table("size_staff_small"), *table("size_revenue_small")})
        shares = {name: policy.values[name].figure(on) for name in _SHARES}
        benefit = table("unemployment_benefit")
        elsewhere = {
            name
            for group in policy.groups
            if group.span == "month" and "hiring_insurance_subsidy" in group.members
            for name in group.members
        }
        return cls(
            on,
            {name: policy.values[name].figure(on) for name in _PLAIN},
            {name: (figure.numerator, figure.denominator) for name, figure in shares.items()},
            pl.DataFrame(
                {"industry": industries, "listed": [True] * len(industries)}
                | {name: [figures.get(i) for i in industries] for name, figures in bounds.items()},
                schema={"industry": pl.String, "listed": pl.Boolean} | dict.fromkeys(bounds, pl.Int64),
            ),
            pl.DataFrame({"county": list(benefit), "benefit": list(benefit.values())}),
            tuple(sorted(elsewhere - {"hiring_insurance_subsidy"})),
        )

    def __getitem__(self, name: str) -> int:
        return self.plain[name]

    @property
    def settled(self) -> dt.date:
        """The first day of the last month that had ended."""
        after = self.on + dt.timedelta(days=1)
        return (after.replace(day=1) - dt.timedelta(days=1)).replace(day=1)

    @property
    def settled_last_day(self) -> dt.date:
        """The last day of that month."""
        return (self.settled + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)

    def year(self, ago: int) -> int:
        """The year so many years before the decision."""
        return self.on.year - ago

    @property
    def hired_after(self) -> dt.date:
        """Hires of this day and before are not looked at any more."""
        years, months = divmod(self["hire_tax_deduction_months"], 12)
        assert months == 0
        return years_before(self.on, years)

    @property
    def left_school_from(self) -> dt.date:
        """The first day of leaving school for which file and register are still kept."""
        return years_before(self.on, self["file_retention_years"])


def check_city(tool: str, theirs: Path, ours: Path) -> None:
    """Every verdict and amount in `<subject>/*.parquet` of two folders is the same, or ResultsDifferError."""
    for subject in MEASURES:
        check_same(f"{tool}, {subject}", _rows(theirs, subject), _rows(ours, subject), reasons=False)


def _rows(folder: Path, subject: str) -> pl.DataFrame:
    return pl.read_parquet(folder / subject / "*.parquet").sort("id")


def columns(subject: str, names: Iterable[str]) -> list[str]:
    """`id`, and the verdict and amount of each measure of a subject, as far as there is one."""
    held = set(names)
    wanted = [f"{m}.{what}" for m in MEASURES[subject] for what in ("verdict", "amount")]
    return ["id", *(name for name in wanted if name in held)]
