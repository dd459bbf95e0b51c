"""Facts that hold for one measure alone: what was granted under it before, and what a claim now covers.

"Months granted" of one person is another number for every measure, so these facts are looked up for one
measure at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from wenjiuye.population.registry.asof import DAY, ROW, again, gather, months_begun, settled_month
from wenjiuye.population.registry.firms import rents
from wenjiuye.population.registry.partition import Partition
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy

LEDGER = ("months_granted", "granted_before", "awarded_before", "paid_this_year")
COVERED = ("months_paid", "contributions_paid", "employer_contributions_paid_per_month", "internship_months")
OF_PROPERTY = ("rent_due",)
_PROPERTY = {
    "state_property_rent_relief": "landlord_state_owned",
    "standard_workshop_rent_preference": "in_cluster_standard_workshop",
}
"""Which leases the rent is about, by measure."""

FIRST_MONTH = pl.coalesce("first_month", pl.col("granted_on").dt.month_start())
"""The first month that a grant is for; one that names none is for the month in which it was granted."""
MONTHS = pl.col("months").fill_null(1)
"""How many months a grant is for; one that names no number is for one."""


def own_facts(measure: Measure) -> list[str]:
    """The facts of the measure's own subject that hold for it alone."""
    read = {ref.fact.id for e in measure.expressions() for ref in e.refs if not ref.path}
    return [name for name in (*LEDGER, *COVERED, *OF_PROPERTY) if name in read]


def covered_months(measure: Measure) -> bool:
    """Whether a claim is counted over months that were paid for."""
    return not set(COVERED).isdisjoint(own_facts(measure))


def covers_month(month: dt.date) -> pl.Expr:
    """Whether a grant is for a month."""
    last = FIRST_MONTH.dt.offset_by(pl.format("{}mo", MONTHS - 1))
    return pl.lit(month).is_between(FIRST_MONTH, last)


def claim_facts(
    partition: Partition, policy: Policy, measure: Measure, rows: pl.DataFrame, on: dt.date
) -> pl.DataFrame:
    """`row` and the facts that hold for this measure alone, in the order of the rows.

    rows: `row`, `day`, `subject_id` (what grants name), and what a claim is counted over: `person`,
    `employer` and `hired_on` of a hire, `person`, `flexibly_employed` and `flexible_job_started_on` of a
    person, the dates of an internship, `enterprise` of an employer.
    """
    wanted = own_facts(measure)
    found = _ledger(partition, measure, rows, on)
    subject = measure.subject.id
    if subject == "hire" and covered_months(measure):
        found = _paid_by_employer(
            partition, found, on, _months_paid_elsewhere(partition, policy, measure, on)
        )
    elif subject == "person" and covered_months(measure):
        found = _paid_by_person(partition, found, on, _months_paid_elsewhere(partition, policy, measure, on))
    elif subject == "internship":
        found = _internship_months(found, on)
    lacking = partition.incomplete.get("grant.person")
    if lacking is not None and "person" in found.columns and _mates(policy, measure):
        known = ~pl.col("person").is_in(lacking.implode())
        names = [name for name in COVERED if name in found.columns]
        found = found.with_columns(pl.when(known).then(name).alias(name) for name in names)
    if "rent_due" in wanted and "enterprise" in found.columns:
        found = rents(partition, found, on, _PROPERTY[measure.id])
    return found.select(ROW, *(name for name in wanted if name in found.columns))


def _mates(policy: Policy, measure: Measure) -> list[str]:
    """The other members of groups of which one is had for a month."""
    groups = [g for g in policy.groups if g.span == "month" and measure.id in g.members]
    return sorted({name for group in groups for name in group.members} - {measure.id})


def _months_paid_elsewhere(
    partition: Partition, policy: Policy, measure: Measure, on: dt.date
) -> pl.DataFrame | None:
    """`person` and `month` of the months that another member of a group has paid for, None where there are none."""
    grants = partition.table("grant", ["measure", "granted_on", "person", "first_month", "months"]).filter(
        pl.col("measure").is_in(_mates(policy, measure))
        & (pl.col("granted_on") <= on)
        & pl.col("person").is_not_null()
    )
    if grants.is_empty():
        return None
    return (
        grants.select("person", FIRST_MONTH.alias("first"), pl.int_ranges(0, MONTHS).alias("more"))
        .explode("more")
        .select("person", pl.col("first").dt.offset_by(pl.format("{}mo", "more")).alias("month"))
        .unique()
    )


def _ledger(partition: Partition, measure: Measure, rows: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    found = gather(
        partition,
        rows,
        "grant",
        "subject_id",
        {
            "months_granted": (MONTHS.sum().cast(pl.Int64), 0),
            "granted_before": (pl.lit(True).first(), False),
            "#first": (FIRST_MONTH.min(), None),
        },
        where=(pl.col("measure") == measure.id) & (pl.col("granted_on") <= on),
    )
    found = found.with_columns(pl.col("granted_before").alias("awarded_before"))
    if "paid_this_year" not in own_facts(measure):
        return found
    settled = settled_month(on)
    apart = (settled.year * 12 + settled.month) - (
        pl.col("#first").dt.year().cast(pl.Int32) * 12 + pl.col("#first").dt.month().cast(pl.Int32)
    )
    # The running twelve months begin on the latest anniversary of the first subsidised month.
    into_year = apart % 12
    begins = pl.lit(settled).dt.offset_by(pl.format("-{}mo", into_year))
    return gather(
        partition,
        found.with_columns(begins.alias("#year_from")),
        "grant",
        "subject_id",
        {
            "paid_this_year": (
                pl.when(pl.col("amount").null_count() == 0).then(pl.col("amount").sum().cast(pl.Int64)),
                0,
            )
        },
        where=(pl.col("measure") == measure.id)
        & (pl.col("granted_on") <= on)
        & FIRST_MONTH.is_between(
            pl.col("#year_from"), pl.col("#year_from").dt.offset_by("12mo"), closed="left"
        ),
    )


def _paid_by_employer(
    partition: Partition, rows: pl.DataFrame, on: dt.date, elsewhere: pl.DataFrame | None
) -> pl.DataFrame:
    paid = (
        pl.col("employer_pension_paid")
        + pl.col("employer_unemployment_paid")
        + pl.col("employer_medical_paid")
    )
    rows = rows.with_columns(pl.col("hired_on").dt.month_start().alias("#from"))
    during = (pl.col("month") >= pl.col("#from")) & (pl.col("month") <= settled_month(on))
    found = _left_to_claim(partition, rows, paid, during, elsewhere, (("employer", "employer"),))
    n, total = pl.col("months_paid"), pl.col("#paid")
    # Half up to the fen, once.
    mean = pl.when(pl.col("#gaps") == 0).then((total * 2 + n) // (n * 2))
    per_month = pl.when(n > 0).then(mean).when(n == 0).then(0)
    found = found.with_columns(per_month.alias("employer_contributions_paid_per_month"))
    return _unless_unknown(found, "months_paid", "employer_contributions_paid_per_month")


def _paid_by_person(
    partition: Partition, rows: pl.DataFrame, on: dt.date, elsewhere: pl.DataFrame | None
) -> pl.DataFrame:
    since = pl.col("flexible_job_started_on")
    rows = rows.with_columns(since.dt.month_start().alias("#from"))
    during = (pl.col("month") >= pl.col("#from")) & (pl.col("month") <= settled_month(on))
    during &= pl.col("employer").is_null()
    found = _left_to_claim(partition, rows, pl.col("own_paid"), during, elsewhere)
    known = pl.when(pl.col("#gaps") == 0).then("#paid")
    found = found.with_columns(known.alias("contributions_paid"))
    # Since when is known, or there is no flexible work.
    sure = since.is_not_null() | ~pl.col("flexibly_employed")
    found = found.with_columns(
        pl.when(sure).then(name).alias(name) for name in ("months_paid", "contributions_paid")
    )
    return _unless_unknown(found, "months_paid", "contributions_paid")


def _left_to_claim(
    partition: Partition,
    rows: pl.DataFrame,
    paid: pl.Expr,
    during: pl.Expr,
    elsewhere: pl.DataFrame | None,
    also: Sequence[tuple[str, str]] = (),
) -> pl.DataFrame:
    """`months_paid` after the first ones, as many as were granted, what was `#paid` in them, and its `#gaps`."""

    def over(rows: pl.DataFrame, months: pl.Expr, rest: pl.Expr) -> pl.DataFrame:
        found = {
            "months_paid": (months, 0),
            "#paid": (rest.sum(), 0),
            "#gaps": (rest.null_count().cast(pl.Int64), 0),
        }
        return gather(
            partition, rows, "contribution", "person", found, also=also, where=during, without=elsewhere
        )

    def after_those_granted(rows: pl.DataFrame) -> pl.DataFrame:
        granted = pl.col("months_granted")
        return over(rows, (all_months - granted.first()).clip(0), paid.filter(month.rank("dense") > granted))

    month = pl.col("month")
    all_months = month.n_unique().cast(pl.Int64)
    # To bring months into order is dear, and most were granted nothing so far.
    some = (rows["months_granted"] > 0).fill_null(False)
    return again(over(rows, all_months, paid), some, after_those_granted, ("months_paid", "#paid", "#gaps"))


def _unless_unknown(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """What is left to pay for is unknown where it is unknown what was granted."""
    known = pl.col("months_granted").is_not_null()
    return rows.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in columns)


def _internship_months(rows: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    end = pl.min_horizontal("ended_on", "planned_end", pl.lit(on))
    begun = pl.min_horizontal(months_begun(pl.col(DAY), end.dt.offset_by("1d")), pl.col("planned_months"))
    return rows.with_columns((begun - pl.col("months_granted")).clip(0).alias("internship_months"))
