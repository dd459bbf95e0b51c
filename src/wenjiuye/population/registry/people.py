"""The facts of people as on a day, from the tables of the registry.

The same function answers for everybody on the day of decision and for each hire on the day of hiring: the
rows asked for say who and when. The definitions stand in `docs/data-model.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

import polars as pl

from wenjiuye.policy.vocabulary import Person
from wenjiuye.population.registry.asof import (
    DAY,
    ROW,
    Found,
    again,
    first_of,
    gather,
    last_by,
    last_in_any_case,
    months_completed,
    named,
    open_on,
)
from wenjiuye.population.registry.derivation import Beside, Following, Gathering, Making, Step, derive
from wenjiuye.population.registry.kernel import fact_names, in_kernel_form
from wenjiuye.population.registry.partition import HOME, Partition, number_of

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

_KEY_GROUPS = (
    ("college_graduate", "college_graduate"),
    ("unemployed", "registered_unemployed"),
    ("veteran", "#veteran"),
    ("migrant_worker", "migrant_worker"),
)
"""The groups in their order, each with the column that says who belongs to it."""


def everybody(partition: Partition, on: dt.date) -> pl.DataFrame:
    """The rows that ask for everybody who is decided here: alive on the day, at home."""
    people = partition.table("person", ["id", "died_on", HOME]).with_row_index(number_of(PERSON))
    return people.filter(pl.col(HOME) & (pl.col("died_on").is_null() | (pl.col("died_on") > on))).select(
        pl.col("id").alias(ROW),
        pl.col("id").alias(PERSON),
        number_of(PERSON),
        pl.lit(on).alias(DAY),
        pl.lit(on).alias(LOOK),
        pl.lit(None, dtype=pl.Date).alias(JOB),
    )


def at_events(events: pl.DataFrame, person: str, day: str, *, before: bool) -> pl.DataFrame:
    """The rows that ask for people on the day of an event: `events` has `id`, the person's id and the day.

    before: registrations are looked up on the day before, because a job ends them.
    """
    look = pl.col(day).dt.offset_by("-1d") if before else pl.col(day)
    numbers = [number_of(person)] if number_of(person) in events.columns else []
    return events.select(
        pl.col("id").alias(ROW),
        pl.col(person).alias(PERSON),
        *(pl.col(name).alias(number_of(PERSON)) for name in numbers),
        pl.col(day).alias(DAY),
        look.alias(LOOK),
        pl.col(day).alias(JOB),
    )


def person_facts(
    partition: Partition, rows: pl.DataFrame, wanted: Collection[str], sizes: Callable[[], pl.DataFrame]
) -> pl.DataFrame:
    """`id` (the row's own) and the wanted facts of the vocabulary, in kernel form, in the order of the rows.

    sizes: makes `enterprise` and `size` of firms, as far as they are known, if somebody asks for that.
    """
    if "small_firm_owner" in wanted and "ownership" in partition.tables:
        partition = _with_small_firms(partition, sizes())
    found = derive(partition, rows, _steps(), fact_names(Person, wanted))
    return in_kernel_form(Person, found.rename({ROW: "id"}), wanted)


@cache
def _steps() -> Sequence[Step]:
    """How the facts follow, table by table; what follows from several tables comes last."""
    return (
        *_registered(),
        *_schooling(),
        *_registrations(),
        *_jobs(),
        _firms(),
        *_recognitions(),
        *_benefits(),
        _service(),
        *_together(),
    )


def _registered() -> Iterator[Step]:
    plain = ("county", "birth_date", "sex", "post_type", "habitual_residence_here", "household")
    yield Beside("person", PERSON, {**{name: name for name in plain}, "#own_rural": "rural"})
    yield Beside("household", "household", {"#house_rural": "rural"})
    yield Following({"rural": pl.coalesce("#house_rural", "#own_rural")})


def _done() -> pl.Expr:
    """Whether an enrolment ended with a certificate by the day."""
    return pl.col("graduated") & (pl.col("left_on") <= pl.col(DAY)).fill_null(False)


def _of_latest_certificate(last: Callable[..., pl.Expr]) -> Found:
    done = _done()
    delay = (pl.col("left_on") - pl.col("expected_on")).dt.total_days().clip(0)
    return {
        "major_on_list": (
            last("major_on_list", "left_on", (pl.col("level") == "college") & done, False),
            False,
        ),
        "left_school_late": (last("delayed_by_school", "left_on", done, False), False),
        "delay_days": (last(delay, "left_on", done, 0), 0),
    }


def _schooling() -> Iterator[Step]:
    day, done = pl.col(DAY), _done()
    college, vocational = pl.col("level") == "college", pl.col("level") == "vocational"
    studying = pl.col("left_on").is_null() | (pl.col("left_on") > day)
    ends = pl.when(pl.col("left_on") <= day).then("left_on").otherwise("expected_on")
    certain, possible = (pl.col("left_on").filter(done.fill_null(whether)).max() for whether in (False, True))
    secondary = pl.col("level").is_in(["junior_secondary", "senior_secondary"])
    expected = pl.col("expected_on").dt.year()
    final = (day >= pl.date(expected - 1, 7, 1)) & (day <= pl.date(expected, 6, 30))
    latest = _of_latest_certificate(last_by)
    yield Gathering(
        "enrolment",
        "person",
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
            **{f"#{name}": how for name, how in latest.items()},
        },
        where=_BEGUN,
    )
    yield Making(latest, {name: (f"#{name}", PERSON, DAY) for name in latest}, _latest_certificate)
    yield Following(
        {
            "school_leaver_not_continuing": pl.col("#leaver") & ~pl.col("#studying"),
            "left_school_on": pl.when(pl.col("#left_at_least") == pl.col("#left_at_most")).then(
                "#left_at_least"
            ),
        }
    )


_BEGUN = pl.col("started_on") <= pl.col(DAY)


def _latest_certificate(partition: Partition, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
    """Looked at closely for the few of whom it is not known which certificates they have."""
    found = rows.with_columns(pl.col(f"#{name}").alias(name) for name in wanted)
    held = partition.table("enrolment", ["person", "graduated", "left_on"])
    doubtful = held.filter(pl.col("graduated").is_null() & pl.col("left_on").is_not_null())["person"].unique()
    few = found.select(pl.col(PERSON).is_in(doubtful.implode()).fill_null(False).alias("few"))["few"]
    exact = {name: how for name, how in _of_latest_certificate(last_in_any_case).items() if name in wanted}

    def closely(rows: pl.DataFrame) -> pl.DataFrame:
        return gather(partition, rows, "enrolment", "person", exact, owner=PERSON, where=_BEGUN)

    return again(found, few, closely, list(exact))


def _registrations() -> Iterator[Step]:
    yield Gathering(
        "unemployment_registration",
        "person",
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
    yield Following(
        {
            "months_registered_unemployed": pl.when("registered_unemployed")
            .then(months)
            .when(~pl.col("registered_unemployed"))
            .then(0),
            "real_name_registered": pl.col("registered_unemployed"),
        }
    )


def _jobs() -> Iterator[Step]:
    contract, flexible, public = (
        pl.col("form") == form for form in ("labour_contract", "flexible", "public_post")
    )
    now = open_on("started_on", "ended_on")
    yield Gathering(
        "employment",
        "person",
        PERSON,
        {
            "#job": (now.any(), False),
            "#contract": ((now & contract).any(), False),
            "flexibly_employed": ((now & flexible).any(), False),
            "flexible_job_started_on": (pl.col("started_on").filter(now & flexible).max(), None),
            "public_post_placements": (public.sum().cast(pl.Int64), 0),
            "#public_end": (last_by("ended_on", "started_on", public), None),
        },
        where=_BEGUN,
    )
    public_over = (pl.col("#public_end") < pl.col(DAY)).fill_null(False)
    yield Following(
        {
            "public_post_period_ended": pl.when(pl.col("public_post_placements").is_not_null()).then(
                public_over
            ),
            "#job_from": pl.coalesce(JOB, "flexible_job_started_on", pl.col(DAY).dt.offset_by("1d")),
        }
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
    yield Gathering(
        "employment",
        "person",
        PERSON,
        {"employed_before": (after_school.any(ignore_nulls=False), False)},
        where=pl.col("started_on") < pl.col("#job_from"),
    )


def _with_small_firms(partition: Partition, sizes: pl.DataFrame) -> Partition:
    """With the firms that are micro or small on the day; a sole trader counts as micro."""
    known = sizes.cast({"size": pl.String})
    sized = partition.tables["ownership"].join(known, on="enterprise", how="left", maintain_order="left")
    small = (pl.col("legal_form") == "sole_trader") | pl.col("size").is_in(["micro", "small"])
    return partition.with_table("ownership", sized.with_columns(small.alias("small")))


def _firms() -> Step:
    """What follows from the firms that somebody owns."""
    ever = pl.col("registered_on") <= pl.col(DAY)
    now = ever & (pl.col("deregistered_on").is_null() | (pl.col("deregistered_on") > pl.col(DAY)))
    unknown, firms = ever.is_null().any(), pl.col("enterprise").filter(ever).n_unique()
    return Gathering(
        "ownership",
        "person",
        PERSON,
        {
            "#owner": (now.any(ignore_nulls=False), False),
            "small_firm_owner": ((now & pl.col("small")).any(ignore_nulls=False), False),
            "business_started_on": (pl.when(~unknown).then(pl.col("registered_on").min()), None),
            "first_startup": (pl.when(~unknown | (firms > 1)).then(firms == 1), False),
        },
        where=~(pl.col("registered_on") > pl.col(DAY)).fill_null(False),
    )


def _recognitions() -> Iterator[Step]:
    category = pl.col("category").cast(pl.String)
    yield Gathering(
        "recognition",
        "person",
        PERSON,
        {
            **{fact: ((category == name).any(), False) for fact, name in _RECOGNISED.items()},
            "#hardship": (first_of(category, tuple(_HARDSHIP)), len(_HARDSHIP)),
        },
        where=open_on("valid_from", "valid_to"),
    )
    yield Following({"hardship_category": named(pl.col("#hardship"), (*_HARDSHIP.values(), "none"))})


def _benefits() -> Iterator[Step]:
    benefit, subsidy = (pl.col("kind") == kind for kind in ("unemployment_benefit", "flexible_subsidy"))
    last = pl.min_horizontal("ends_on", "stopped_on")
    day = pl.col(DAY)
    running = benefit & (last >= day)
    # A stop that lies after the day is not known on it.
    whole = pl.col("stopped_on").is_null() | (pl.col("stopped_on") >= pl.min_horizontal("ends_on", day))
    yield Gathering(
        "benefit_period",
        "person",
        PERSON,
        {
            "receives_unemployment_benefit": (running.any(), False),
            "benefit_exhausted": (
                last_by((pl.col("ends_on") < day) & whole, "started_on", benefit, False),
                False,
            ),
            "#medical": (pl.col("medical_contribution_per_month").filter(running).sum(), 0),
            "#medical_unknown": ((running & pl.col("medical_contribution_per_month").is_null()).any(), False),
            "receives_flexible_subsidy": ((subsidy & whole).any(), False),
            "flexible_subsidy_ends_on": (pl.col("ends_on").filter(subsidy & whole).max(), None),
        },
        where=_BEGUN,
    )
    yield Following(
        {
            "qualifies_for_benefit": pl.col("receives_unemployment_benefit"),
            "medical_contribution_due": pl.when(~pl.col("#medical_unknown")).then("#medical"),
        }
    )
    ends = pl.col("flexible_subsidy_ends_on")
    yield Gathering(
        "employment",
        "person",
        PERSON,
        {"#stable": (pl.lit(True).first(), False)},
        where=(pl.col("form") == "labour_contract")
        & (
            open_on("started_on", "ended_on", ends)
            | ((pl.col("started_on") <= ends) & (pl.col("ended_on") > day))
        )
        & _BEGUN,
    )
    yield Following({"stably_employed": pl.when(ends.is_not_null()).then("#stable")})


def _service() -> Step:
    over = (pl.col("ended_on") <= pl.col(DAY)).fill_null(False)
    return Gathering(
        "grassroots_service",
        "person",
        PERSON,
        {
            "served_below_county": (pl.lit(True).first(), False),
            "service_completed": (last_by(pl.col("completed") & over, "started_on"), False),
            "service_assessment_passed": (last_by("assessment_passed", "started_on"), False),
        },
        where=_BEGUN,
    )


def _together() -> Iterator[Step]:
    """What follows from several tables at once."""
    employed = pl.col("#job").cast(pl.Boolean) | pl.col("#owner").cast(pl.Boolean)
    working = pl.col("#contract").cast(pl.Boolean) | pl.col("flexibly_employed").cast(pl.Boolean)
    yield Following({"employed": employed, "migrant_worker": pl.col("rural").cast(pl.Boolean) & working})
    key_group: pl.Expr = pl.lit("other")
    for name, fact in reversed(_KEY_GROUPS):
        is_one = pl.col(fact).cast(pl.Boolean)
        key_group = pl.when(is_one).then(pl.lit(name)).when(~is_one).then(key_group)
    yield Following(
        {
            "unemployed": ~pl.col("employed") & ~pl.col("college_student").cast(pl.Boolean),
            "laid_off_unemployed": pl.col("registered_unemployed")
            & pl.col("#laid_off").cast(pl.Boolean)
            & ~pl.col("employed"),
            "key_group": key_group,
        }
    )
