"""The facts of people as on a day, from the tables of the registry.

The same function answers for everybody on the day of decision and for each hire on the day of hiring: the
rows asked for say who and when. The definitions stand in `docs/data-model.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl

from wenjiuye.policy.vocabulary import Person
from wenjiuye.population.registry.asof import (
    DAY,
    ROW,
    first_of,
    gather,
    last_by,
    last_in_any_case,
    months_completed,
    named,
    open_on,
)
from wenjiuye.population.registry.kernel import in_kernel_form
from wenjiuye.population.registry.partition import HOME, Partition

PERSON, LOOK, JOB = "person", "look", "job_day"
"""Columns of the rows asked for, beside row and day: whose facts, the day on which registrations are looked
up (the day before a job, else the day itself), and the first day of the job in question (null: none)."""

_RECOGNISED = {
    "registered_poor": "poverty_registered",
    "hardship_person": "hardship_person",
    "older_hardship_person": "older_hardship_person",
    "zero_employment_family_member": "zero_employment_family",
    "hardship_family": "hardship_family",
    "enlisted": "enlisted",
    "returnee": "returnee",
    "#veteran": "veteran",
}
_HARDSHIP = {
    "dibao_family": "dibao_family",
    "disabled": "disabled",
    "student_loan": "student_loan",
    "poverty_registered": "poverty_registered_family",
    "poor_disabled_family": "poor_disabled_family",
    "special_hardship": "special_hardship",
}

_UNSIZED = pl.DataFrame(schema={"enterprise": pl.String, "size": pl.String})


def everybody(partition: Partition, on: dt.date) -> pl.DataFrame:
    """The rows that ask for everybody who is decided here: alive on the day, at home."""
    people = partition.tables["person"].filter(HOME)
    return people.filter(pl.col("died_on").is_null() | (pl.col("died_on") > on)).select(
        pl.col("id").alias(ROW),
        pl.col("id").alias(PERSON),
        pl.lit(on).alias(DAY),
        pl.lit(on).alias(LOOK),
        pl.lit(None, dtype=pl.Date).alias(JOB),
    )


def at_events(events: pl.DataFrame, person: str, day: str, *, before: bool) -> pl.DataFrame:
    """The rows that ask for people on the day of an event: `events` has `id`, the person's id and the day.

    before: registrations are looked up on the day before, because a job ends them.
    """
    look = pl.col(day).dt.offset_by("-1d") if before else pl.col(day)
    return events.select(
        pl.col("id").alias(ROW),
        pl.col(person).alias(PERSON),
        pl.col(day).alias(DAY),
        look.alias(LOOK),
        pl.col(day).alias(JOB),
    )


def person_facts(partition: Partition, rows: pl.DataFrame, sizes: pl.DataFrame | None = None) -> pl.DataFrame:
    """`id` (the row's own) and the facts of the vocabulary, in kernel form, in the order of the rows.

    sizes: `enterprise` and `size` of firms, as far as they are known.
    """
    found = _registered(partition, rows)
    found = _schooling(partition, found)
    found = _registrations(partition, found)
    found = _jobs(partition, found)
    found = _firms(partition, found, _UNSIZED if sizes is None else sizes)
    found = _recognitions(partition, found)
    found = _benefits(partition, found)
    found = _service(partition, found)
    return in_kernel_form(Person, _together(found))


def _registered(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    columns = ("county", "birth_date", "sex", "post_type", "habitual_residence_here", "rural", "household")
    side = partition.table("person").select(pl.col("id").alias("#id"), *columns)
    found = rows.join(side, left_on=PERSON, right_on="#id", how="left", maintain_order="left")
    kept = partition.table("household").select(pl.col("id").alias("#id"), pl.col("rural").alias("#rural"))
    found = found.join(kept, left_on="household", right_on="#id", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("#rural", "rural").alias("rural"))


def _schooling(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.col(DAY)
    college, vocational = pl.col("level") == "college", pl.col("level") == "vocational"
    done_unknown = pl.col("graduated").is_null() & pl.col("left_on").is_not_null()
    done = pl.col("graduated") & (pl.col("left_on") <= day).fill_null(False)
    studying = pl.col("left_on").is_null() | (pl.col("left_on") > day)
    ends = pl.when(pl.col("left_on") <= day).then("left_on").otherwise("expected_on")
    certain, possible = (pl.col("left_on").filter(done.fill_null(whether)).max() for whether in (False, True))
    secondary = pl.col("level").is_in(["junior_secondary", "senior_secondary"])
    expected = pl.col("expected_on").dt.year()
    delay = (pl.col("left_on") - pl.col("expected_on")).dt.total_days().clip(0)
    final = (day >= pl.date(expected - 1, 7, 1)) & (day <= pl.date(expected, 6, 30))
    begun = pl.col("started_on") <= day

    def of_latest(last: Callable[..., pl.Expr]) -> dict[str, tuple[pl.Expr, object]]:
        return {
            "major_on_list": (last("major_on_list", "left_on", college & done, False), False),
            "left_school_late": (last("delayed_by_school", "left_on", done, False), False),
            "delay_days": (last(delay, "left_on", done, 0), 0),
        }

    found = gather(
        partition,
        rows,
        "enrolment",
        PERSON,
        {
            "college_graduate": ((college & done).any(ignore_nulls=False), False),
            "vocational_graduate": ((vocational & done).any(ignore_nulls=False), False),
            "#schooling_known": (pl.lit(True).first(), True),
            "#left_at_least": (certain, None),
            "#left_at_most": (possible, None),
            "college_student": ((college & studying).any(ignore_nulls=False), False),
            "in_final_school_year": ((college & studying & final).any(ignore_nulls=False), False),
            "fresh_graduate": ((college & (ends.dt.year() == day.dt.year())).any(ignore_nulls=False), False),
            "#leaver": (last_by(secondary & ~studying, "started_on"), False),
            "#studying": (studying.any(), False),
            **of_latest(last_by),
        },
        where=begun,
    )
    doubtful = partition.table("enrolment").filter(done_unknown)["person"].unique()
    few = found.select(pl.col(PERSON).is_in(doubtful.implode()).fill_null(False).alias("few"))["few"]
    if few.any():
        exact = gather(
            partition, rows.filter(few), "enrolment", PERSON, of_latest(last_in_any_case), where=begun
        )
        places = few.arg_true()
        found = found.with_columns(
            found[name].scatter(places, exact[name].cast(found[name].dtype)) for name in of_latest(last_by)
        )
    return found.with_columns(
        (pl.col("#leaver") & ~pl.col("#studying")).alias("school_leaver_not_continuing"),
        pl.when(pl.col("#left_at_least") == pl.col("#left_at_most"))
        .then("#left_at_least")
        .alias("left_school_on"),
    )


def _registrations(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    found = gather(
        partition,
        rows,
        "unemployment_registration",
        PERSON,
        {
            "registered_unemployed": (pl.lit(True).first(), False),
            "#registered_on": (pl.col("registered_on").max(), None),
            "certificate_note": (
                last_by(pl.col("certificate_note").cast(pl.String), "registered_on"),
                "none",
            ),
            **{
                name: (last_by(name, "registered_on"), None)
                for name in ("seeking_work", "able_to_work", "wants_to_work")
            },
            "#laid_off": (last_by("laid_off", "registered_on"), False),
            "unemployment_insured": (last_by("insured_before", "registered_on"), False),
        },
        where=open_on("registered_on", "ended_on", pl.col(LOOK)),
    )
    months = months_completed(pl.col("#registered_on"), pl.col(DAY))
    return found.with_columns(
        pl.when("registered_unemployed")
        .then(months)
        .when(~pl.col("registered_unemployed"))
        .then(0)
        .alias("months_registered_unemployed"),
        pl.col("registered_unemployed").alias("real_name_registered"),
    )


def _jobs(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    contract, flexible, public = (
        pl.col("form") == form for form in ("labour_contract", "flexible", "public_post")
    )
    now = open_on("started_on", "ended_on")
    found = gather(
        partition,
        rows,
        "employment",
        PERSON,
        {
            "#job": (now.any(), False),
            "#contract": ((now & contract).any(), False),
            "flexibly_employed": ((now & flexible).any(), False),
            "flexible_job_started_on": (pl.col("started_on").filter(now & flexible).max(), None),
            "public_post_placements": (public.sum().cast(pl.Int64), 0),
            "#public_end": (last_by("ended_on", "started_on", public), None),
        },
        where=pl.col("started_on") <= pl.col(DAY),
    )
    public_over = (pl.col("#public_end") < pl.col(DAY)).fill_null(False)
    found = found.with_columns(
        pl.when(pl.col("public_post_placements").is_not_null())
        .then(public_over)
        .alias("public_post_period_ended"),
        pl.coalesce(JOB, "flexible_job_started_on", pl.col(DAY).dt.offset_by("1d")).alias("#job_from"),
    )
    # What is unknown of certificates matters only to jobs that ended before one that there may have been.
    ended, at_most = pl.col("ended_on"), pl.col("#left_at_most")
    never_left = pl.col("#schooling_known") & at_most.is_null()
    after_school = (
        pl.when(ended.is_null() | never_left | (ended >= at_most))
        .then(True)
        .when(ended < pl.col("#left_at_least"))
        .then(False)
    )
    return gather(
        partition,
        found,
        "employment",
        PERSON,
        {"employed_before": (after_school.any(ignore_nulls=False), False)},
        where=pl.col("started_on") < pl.col("#job_from"),
    )


def _firms(partition: Partition, rows: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """What follows from the firms that somebody owns; a sole trader counts as micro."""
    ever = pl.col("registered_on") <= pl.col(DAY)
    now = ever & (pl.col("deregistered_on").is_null() | (pl.col("deregistered_on") > pl.col(DAY)))
    unknown, firms = ever.is_null().any(), pl.col("enterprise").filter(ever).n_unique()
    if "ownership" in partition.tables:
        known = sizes.cast({"size": pl.String})
        sized = partition.tables["ownership"].join(known, on="enterprise", how="left", maintain_order="left")
        small = (pl.col("legal_form") == "sole_trader") | pl.col("size").is_in(["micro", "small"])
        partition = partition.with_table("ownership", sized.with_columns(small.alias("#small")))
    return gather(
        partition,
        rows,
        "ownership",
        PERSON,
        {
            "#owner": (now.any(ignore_nulls=False), False),
            "small_firm_owner": ((now & pl.col("#small")).any(ignore_nulls=False), False),
            "business_started_on": (pl.when(~unknown).then(pl.col("registered_on").min()), None),
            "first_startup": (pl.when(~unknown | (firms > 1)).then(firms == 1), False),
        },
        where=~(pl.col("registered_on") > pl.col(DAY)).fill_null(False),
    )


def _recognitions(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    category = pl.col("category").cast(pl.String)
    found = gather(
        partition,
        rows,
        "recognition",
        PERSON,
        {
            **{fact: ((category == name).any(), False) for fact, name in _RECOGNISED.items()},
            "#hardship": (first_of(category, tuple(_HARDSHIP)), len(_HARDSHIP)),
        },
        where=open_on("valid_from", "valid_to"),
    )
    return found.with_columns(
        named(pl.col("#hardship"), (*_HARDSHIP.values(), "none")).alias("hardship_category")
    )


def _benefits(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    benefit, subsidy = (pl.col("kind") == kind for kind in ("unemployment_benefit", "flexible_subsidy"))
    last = pl.min_horizontal("ends_on", "stopped_on")
    day = pl.col(DAY)
    running = benefit & (last >= day)
    # A stop that lies after the day is not known on it.
    whole = pl.col("stopped_on").is_null() | (pl.col("stopped_on") >= pl.min_horizontal("ends_on", day))
    found = gather(
        partition,
        rows,
        "benefit_period",
        PERSON,
        {
            "receives_unemployment_benefit": (running.any(), False),
            "benefit_exhausted": (
                last_by((pl.col("ends_on") < day) & whole, "started_on", benefit, False),
                False,
            ),
            "medical_contribution_due": (
                pl.col("medical_contribution_per_month").filter(running).sum(),
                0,
            ),
            "#medical_unknown": ((running & pl.col("medical_contribution_per_month").is_null()).any(), False),
            "receives_flexible_subsidy": ((subsidy & whole).any(), False),
            "flexible_subsidy_ends_on": (pl.col("ends_on").filter(subsidy & whole).max(), None),
        },
        where=pl.col("started_on") <= day,
    )
    found = found.with_columns(
        pl.col("receives_unemployment_benefit").alias("qualifies_for_benefit"),
        pl.when(~pl.col("#medical_unknown"))
        .then("medical_contribution_due")
        .alias("medical_contribution_due"),
    )
    ends = pl.col("flexible_subsidy_ends_on")
    stable = gather(
        partition,
        found,
        "employment",
        PERSON,
        {"stably_employed": (pl.lit(True).first(), False)},
        where=(pl.col("form") == "labour_contract")
        & (
            open_on("started_on", "ended_on", ends)
            | ((pl.col("started_on") <= ends) & (pl.col("ended_on") > day))
        )
        & (pl.col("started_on") <= day),
    )
    return stable.with_columns(pl.when(ends.is_not_null()).then("stably_employed").alias("stably_employed"))


def _service(partition: Partition, rows: pl.DataFrame) -> pl.DataFrame:
    over = (pl.col("ended_on") <= pl.col(DAY)).fill_null(False)
    return gather(
        partition,
        rows,
        "grassroots_service",
        PERSON,
        {
            "served_below_county": (pl.lit(True).first(), False),
            "service_completed": (last_by(pl.col("completed") & over, "started_on"), False),
            "service_assessment_passed": (last_by("assessment_passed", "started_on"), False),
        },
        where=pl.col("started_on") <= pl.col(DAY),
    )


def _together(found: pl.DataFrame) -> pl.DataFrame:
    """What follows from several tables at once."""
    job, owner = (pl.col(name).cast(pl.Boolean) for name in ("#job", "#owner"))
    employed = job | owner
    worker = pl.col("rural").cast(pl.Boolean) & (
        pl.col("#contract").cast(pl.Boolean) | pl.col("flexibly_employed").cast(pl.Boolean)
    )
    groups = (
        ("college_graduate", pl.col("college_graduate")),
        ("unemployed", pl.col("registered_unemployed")),
        ("veteran", pl.col("#veteran")),
        ("migrant_worker", worker),
    )
    key_group: pl.Expr = pl.lit("other")
    for name, belongs in reversed(groups):
        is_one = belongs.cast(pl.Boolean)
        key_group = pl.when(is_one).then(pl.lit(name)).when(~is_one).then(key_group)
    return found.with_columns(
        employed.alias("employed"),
        (~employed & ~pl.col("college_student").cast(pl.Boolean)).alias("unemployed"),
        (pl.col("registered_unemployed") & pl.col("#laid_off").cast(pl.Boolean) & ~employed).alias(
            "laid_off_unemployed"
        ),
        worker.alias("migrant_worker"),
        key_group.alias("key_group"),
    ).rename({ROW: "id"})
