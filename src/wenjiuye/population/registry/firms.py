"""The facts of employers as on the day of decision, from the tables of the registry.

The definitions stand in `docs/data-model.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import polars as pl

from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.population.registry.asof import (
    DAY,
    ROW,
    first_of,
    gather,
    known_sum,
    month_end,
    named,
    open_on,
    settled_month,
)
from wenjiuye.population.registry.derivation import Beside, Following, Gathering, Making, Step, derive
from wenjiuye.population.registry.kernel import fact_names, in_kernel_form
from wenjiuye.population.registry.partition import Partition, number_of

FIRM = "enterprise"

_ABSORBERS = ("poverty_leading_firm", "poverty_workshop", "cooperative", "community_factory")
_TAXES = {
    "vat_due": "vat",
    "urban_construction_tax_due": "urban_construction_tax",
    "education_surcharge_due": "education_surcharge",
    "local_education_surcharge_due": "local_education_surcharge",
    "income_tax_due": "income_tax",
    "personal_income_tax_due": "personal_income_tax",
}


def employers(partition: Partition, on: dt.date) -> pl.DataFrame:
    """The rows that ask for every employer that is registered on the day."""
    firms = partition.table("enterprise", ["id", "registered_on", "deregistered_on"])
    gone = (pl.col("registered_on") > on).fill_null(False) | (pl.col("deregistered_on") <= on).fill_null(
        False
    )
    firms = firms.with_row_index(number_of(FIRM)).filter(~gone)
    return firms.select(
        pl.col("id").alias(ROW), pl.col("id").alias(FIRM), number_of(FIRM), pl.lit(on).alias(DAY)
    )


def firm_facts(
    partition: Partition, rows: pl.DataFrame, on: dt.date, insured_months: int, wanted: Collection[str]
) -> pl.DataFrame:
    """`id` and the wanted facts of the vocabulary, in kernel form, in the order of the rows.

    insured_months: months of premiums after which a firm counts as insured. Facts that hang on what other
    measures answer (the hires that a tax is deducted for) are not among them.
    """
    steps = (
        Beside("enterprise", FIRM, {name: name for name in ("county", "industry")}),
        _reports(on),
        *_staff(on),
        *_insured(partition, on),
        *_premiums(partition, on, insured_months),
        _taxes(on),
        _leases(on),
        *_listings(),
        _trainings(on),
    )
    found = derive(partition, rows, steps, fact_names(Enterprise, wanted))
    return in_kernel_form(Enterprise, found.rename({ROW: "id"}), wanted)


def tax_facts(partition: Partition, rows: pl.DataFrame, on: dt.date, wanted: Collection[str]) -> pl.DataFrame:
    """The rows and what each owes of the wanted taxes, for those who are no employers in the law's eyes."""
    return derive(partition, rows, [_taxes(on)], wanted)


def _reports(on: dt.date) -> Step:
    def of(year: int, *columns: str) -> dict[str, tuple[pl.Expr, None]]:
        return {name: (pl.col(name).filter(pl.col("year") == year).last(), None) for name in columns}

    # Of two reports for one year the later row corrects the earlier one.
    return Gathering(
        "annual_report",
        "enterprise",
        FIRM,
        {
            **of(on.year - 1, "size", "revenue", "disabled_staff_share.num", "disabled_staff_share.den"),
            **of(on.year, "assets", "taxable_income", "disability_fund_payer", "disability_fund_due"),
        },
        where=pl.col("year").is_in([on.year - 1, on.year]),
    )


def _staff(on: dt.date) -> Iterator[Step]:
    last_year = pl.col("ended_on").dt.year() == on.year - 1
    ended_how_unknown = (last_year & pl.col("end_reason").is_null()).any()
    layoffs = (last_year & (pl.col("end_reason") == "layoff")).sum().cast(pl.Int64)
    yield Gathering(
        "employment",
        "employer",
        FIRM,
        {
            "staff": (open_on("started_on", "ended_on", pl.lit(on)).sum().cast(pl.Int64), 0),
            "layoffs_last_year": (pl.when(~ended_how_unknown).then(layoffs), 0),
        },
        where=pl.col("started_on") <= on,
    )

    def poor(partition: Partition, rows: pl.DataFrame, _: Collection[str]) -> pl.DataFrame:
        return _with_poor_staff(partition, rows, on)

    yield Making(("poor_staff",), {"poor_staff": (FIRM, "staff")}, poor)


def _with_poor_staff(partition: Partition, rows: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    poor = _poor_staff(partition, on)
    if poor is None:
        return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias("poor_staff"))
    joined = rows.join(poor, left_on=FIRM, right_on="employer", how="left", maintain_order="left")
    # Where the staff itself is not known, neither is how many of them are poor.
    return joined.with_columns(
        pl.when(pl.col("staff").is_not_null())
        .then(pl.when("#counted").then("poor_staff").otherwise(0))
        .alias("poor_staff")
    ).drop("#counted")


def _poor_staff(partition: Partition, on: dt.date) -> pl.DataFrame | None:
    """People on the poverty register among the staff of each employer."""
    if not {"employment", "recognition"} <= set(partition.tables):
        return None
    jobs = partition.table("employment", ["person", "employer", "started_on", "ended_on"])
    recognised = partition.table("recognition", ["person", "category", "valid_from", "valid_to"])
    poor = recognised.filter(
        (pl.col("category") == "poverty_registered") & open_on("valid_from", "valid_to", pl.lit(on))
    )
    now = jobs.filter(open_on("started_on", "ended_on", pl.lit(on)) & pl.col("employer").is_not_null())
    counted = now.join(poor.select("person").unique(), on="person", how="semi")
    found = counted.group_by("employer").agg(
        pl.len().cast(pl.Int64).alias("poor_staff"), pl.lit(True).alias("#counted")
    )
    lacking = partition.incomplete.get("recognition.person")
    if lacking is None:
        return found
    doubtful = now.filter(pl.col("person").is_in(lacking.implode())).select("employer").unique()
    none = doubtful.with_columns(
        pl.lit(None, dtype=pl.Int64).alias("poor_staff"), pl.lit(True).alias("#counted")
    )
    return pl.concat([found.join(doubtful, on="employer", how="anti"), none])


def _insured(partition: Partition, on: dt.date) -> Iterator[Step]:
    """Heads in the unemployment insurance: in the settled month and at the start of last year."""
    months = {"insured_staff": settled_month(on), "insured_staff_at_year_start": dt.date(on.year - 1, 1, 1)}
    insured = pl.col("unemployment_insured")

    def heads(month: dt.date, if_unknown: bool) -> pl.Expr:
        counted = (pl.col("month") == month) & insured.fill_null(if_unknown)
        return pl.col("person").filter(counted).n_unique().cast(pl.Int64)

    yield Gathering(
        "contribution",
        "employer",
        FIRM,
        {
            f"#{prefix} {name}": (heads(month, if_unknown), 0)
            for prefix, if_unknown in (("least", False), ("most", True))
            for name, month in months.items()
        },
        where=pl.col("month").is_in(list(months.values())),
    )
    yield Following(
        {
            name: _since(
                partition,
                "contribution",
                month,
                pl.when(pl.col(f"#least {name}") == pl.col(f"#most {name}")).then(f"#least {name}"),
            )
            for name, month in months.items()
        }
    )


def _since(partition: Partition, table: str, month: dt.date, expr: pl.Expr) -> pl.Expr:
    """Nothing is known of months before the first one of the table."""
    first = partition.firsts.get(table)
    return pl.when(False).then(expr) if first is None or month < first else expr


def _premiums(partition: Partition, on: dt.date, insured_months: int) -> Iterator[Step]:
    month, settled = pl.col("month"), settled_month(on)
    unemployment = pl.col("insurance_kind") == "unemployment"
    due = pl.col("employer_part_due") + pl.col("own_part_due")
    unpaid = due - pl.col("paid")
    # Where all was paid it does not matter what was waived.
    owing = (unemployment & (unpaid > 0) & (unpaid > pl.col("waived"))).any(ignore_nulls=False)
    long_enough = month.filter(unemployment).n_unique() >= insured_months
    last_year = unemployment & (month.dt.year() == on.year - 1)
    this_month = month == settled
    yield Gathering(
        "premium",
        "enterprise",
        FIRM,
        {
            "unemployment_insured": (long_enough & ~owing, False),
            "#last_year": (
                pl.when(~(last_year & pl.col("paid").is_null()).any()).then(
                    pl.col("paid").filter(last_year).sum()
                ),
                0,
            ),
            "social_insurance_due_per_month": (
                pl.when(~(this_month & due.is_null()).any()).then(due.filter(this_month).sum()),
                0,
            ),
        },
        where=month <= settled,
    )
    since = _since(partition, "premium", dt.date(on.year - 1, 1, 1), pl.col("#last_year"))
    yield Following({"unemployment_premiums_last_year": since})


def _taxes(on: dt.date) -> Step:
    found = {}
    for fact, kind in _TAXES.items():
        mine = pl.col("kind") == kind
        unknown = (mine & pl.col("due").is_null()).any()
        found[fact] = (pl.when(~unknown).then(pl.col("due").filter(mine).sum()), 0)
    return Gathering(
        "tax",
        "enterprise",
        FIRM,
        found,
        where=pl.col("month").is_between(dt.date(on.year, 1, 1), settled_month(on)),
    )


def _leases(on: dt.date) -> Step:
    return Gathering(
        "lease",
        "tenant",
        FIRM,
        {
            "leases_business_property": (pl.lit(True).first(), False),
            "landlord_state_owned": (pl.col("landlord_state_owned").any(ignore_nulls=False), False),
            "in_cluster_standard_workshop": (
                pl.col("in_cluster_standard_workshop").any(ignore_nulls=False),
                False,
            ),
        },
        where=open_on("started_on", "ended_on", pl.lit(on)),
    )


def rents(partition: Partition, rows: pl.DataFrame, on: dt.date, which: str) -> pl.DataFrame:
    """The rows with `rent_due`: the month's rent of the leases that a measure is about (a yes/no column)."""
    rent = pl.when(pl.col(which)).then("rent_per_month")
    return gather(
        partition,
        rows,
        "lease",
        "tenant",
        {"rent_due": (known_sum(rent), 0)},
        owner=FIRM,
        # A lease that costs nothing may be of any kind.
        where=open_on("started_on", "ended_on", pl.lit(on))
        & (pl.col(which) | (pl.col(which).is_null() & (pl.col("rent_per_month") != 0).fill_null(True))),
    )


def _listings() -> Iterator[Step]:
    category = pl.col("category").cast(pl.String)
    yield Gathering(
        "firm_listing",
        "enterprise",
        FIRM,
        {
            "zombie_or_dishonest": (category.is_in(["zombie", "serious_dishonesty"]).any(), False),
            "#absorber": (first_of(category, _ABSORBERS), len(_ABSORBERS)),
        },
        where=open_on("valid_from", "valid_to"),
    )
    yield Following({"absorber_kind": named(pl.col("#absorber"), (*_ABSORBERS, "other"))})


def _trainings(on: dt.date) -> Step:
    return Gathering(
        "training",
        "organiser",
        FIRM,
        {"staff_trained_on_the_job": (pl.col("trainee").n_unique().cast(pl.Int64), 0)},
        where=pl.col("training_type").is_in(["staff_online", "staff_offline"])
        & pl.col("training_started_on").is_between(dt.date(on.year, 1, 1), on),
    )


def months_worked(partition: Partition, hires: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """`id` of each hire and the months of the year in which the job was open on some day up to `on`, at most 12."""
    start = pl.max_horizontal(pl.col("started_on"), pl.lit(dt.date(on.year, 1, 1)))
    end = pl.min_horizontal(pl.col("ended_on"), pl.lit(on))
    months = end.dt.month().cast(pl.Int64) - start.dt.month().cast(pl.Int64) + 1
    held = partition.table("employment", ["id", "started_on", "ended_on"])
    jobs = held.join(hires.select("id"), on="id", how="semi")
    return jobs.select("id", pl.when(end >= start).then(months).otherwise(0).alias("months"))


def last_day(on: dt.date) -> dt.date:
    """The last day of the settled month."""
    return month_end(settled_month(on))
