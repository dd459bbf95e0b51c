"""The subset written by hand in Polars: eager, in stages, Kleene nulls, int64 fen.

Dates that depend on nothing but the day of decision are turned round into thresholds, denominators are
multiplied out, the reasons are the columns that the verdicts are made of.
"""

from __future__ import annotations

import polars as pl

from benchmarks.subset import HARDSHIP, Figures, years_before

col = pl.col


def decide(people: pl.DataFrame, v: Figures, *, reasons: bool) -> pl.DataFrame:
    """Verdicts and amounts of all measures; with reasons also the truth of every condition."""
    staged = people.with_columns(_ages(v)).with_columns(_unpostponed()).with_columns(_postponed_months(v))
    staged = staged.with_columns(_retirement(v)).with_columns(_conditions(v))
    staged = staged.with_columns(_groups_of_conditions()).with_columns(_verdicts())
    reason_columns = _reasons(v) if reasons else []
    return staged.select("id", *_results(v), *reason_columns)


# ── Legal retirement


def _ages(v: Figures) -> list[pl.Expr]:
    woman_worker = (col("sex") == "female") & (col("post_type") == "worker")
    return [
        _kleene(
            (col("sex") == "male", v["retirement_age_men"]),
            (col("post_type") == "cadre", v["retirement_age_women_cadres"]),
            v["retirement_age_women_workers"],
        ).alias("retirement_age"),
        _kleene(
            (woman_worker, v["retirement_step_women_workers"]),
            v["retirement_step"],
        ).alias("step"),
        _kleene(
            (woman_worker, v["retirement_postponed_most_women_workers"]),
            v["retirement_postponed_most"],
        ).alias("most"),
        (col("birth_date").dt.year().cast(pl.Int64) * 12 + col("birth_date").dt.month() - 1).alias(
            "birth_month"
        ),
        (col("birth_date").dt.day().cast(pl.Int32) - 1).alias("birth_day"),
    ]


def _kleene(*cases: tuple[pl.Expr, int] | int) -> pl.Expr:
    chain: pl.Expr = pl.lit(cases[-1], dtype=pl.Int64)
    for condition, figure in reversed(cases[:-1]):
        figure = pl.lit(figure, dtype=pl.Int64)
        chain = pl.when(condition).then(figure).when(condition.is_not_null()).then(chain)
    return chain


def _same_day_of_month(month: pl.Expr) -> pl.Expr:
    """The birthday in another month, or that month's last day."""
    first = pl.date(month // 12, month % 12 + 1, 1)
    last_day = first.dt.days_in_month().cast(pl.Int32) - 1
    day = pl.when(col("birth_day") <= last_day).then(col("birth_day")).otherwise(last_day)
    return (first.cast(pl.Int32) + day).cast(pl.Date)


def _unpostponed() -> list[pl.Expr]:
    return [_same_day_of_month(col("birth_month") + col("retirement_age") * 12).alias("unpostponed")]


def _postponed_months(v: Figures) -> list[pl.Expr]:
    start = v.days["retirement_postponed_from"]
    reached = col("birth_month") + col("retirement_age") * 12
    # The reform starts on the first of a month, so every month begun is one completed.
    steps = (reached - (start.year * 12 + start.month - 1)) // col("step") + 1
    months = steps * v["retirement_months_per_step"]
    return [
        (reached + pl.when(months <= col("most")).then(months).otherwise(col("most"))).alias("late_month")
    ]


def _retirement(v: Figures) -> list[pl.Expr]:
    derived = (
        pl.when(col("unpostponed") < v.days["retirement_postponed_from"])
        .then(col("unpostponed"))
        .when(col("unpostponed").is_not_null())
        .then(_same_day_of_month(col("late_month")))
    )
    return [pl.coalesce("retirement_date", derived).alias("retires_on")]


# ── Conditions


def _conditions(v: Figures) -> list[pl.Expr]:
    last_start = years_before(v.on, v["returnee_startup_years"])
    first_leaving = years_before(v.on, v["file_retention_years"])
    flexible_end = col("left_school_on").dt.offset_by(f"{12 * v['graduate_flexible_years']}mo")
    year = pl.coalesce("graduation_year", col("left_school_on").dt.year().cast(pl.Int64))
    near = v.on.replace(year=v.on.year + v["near_retirement_years"])
    conditions = {
        "not_granted": ~col("granted_before"),
        "not_employed": ~col("employed"),
        "never_employed": ~col("employed_before"),
        "not_qualified": ~col("qualifies_for_benefit"),
        "open_long_enough": col("business_started_on") <= last_start,
        "flexible_after": col("left_school_on") <= col("flexible_job_started_on"),
        "flexible_before": col("flexible_job_started_on") <= flexible_end,
        "flexible_months_left": col("months_granted") < v["graduate_flexible_months"],
        "assistance_left": col("months_granted") < v["assistance_months"],
        "hardship_group": col("hardship_category").is_in(HARDSHIP),
        "year_of_late_leavers": year == v["late_leaver_graduation_year"],
        "left_already": col("left_school_on") <= v.on,
        "left_lately": col("left_school_on") >= first_leaving,
        "student_or_fresh": col("college_student") | col("fresh_graduate"),
        "old_enough": col("birth_date") <= years_before(v.on, v["working_age_from"]),
        "not_retired": col("retires_on") > v.on,
        "retires_soon": col("retires_on") < near,
        "never_placed": col("public_post_placements") == 0,
        "older_or_zero_family": col("older_hardship_person") | col("zero_employment_family_member"),
    }
    return [expr.alias(name) for name, expr in conditions.items()]


def _groups_of_conditions() -> list[pl.Expr]:
    insured_in_vain = col("unemployment_insured") & col("not_qualified")
    return [
        (col("flexible_after") & col("flexible_before")).alias("flexible_in_time"),
        (col("left_already") & col("left_lately")).alias("left_in_time"),
        insured_in_vain.alias("insured_in_vain"),
        (col("benefit_exhausted") | insured_in_vain).alias("without_benefit"),
    ]


_ALL_OF = {
    "returnee_startup_subsidy": (
        "returnee",
        "first_startup",
        "open_long_enough",
        "operating_normally",
        "not_granted",
    ),
    "graduate_flexible_insurance_subsidy": (
        "college_graduate",
        "never_employed",
        "flexibly_employed",
        "social_insurance_paid",
        "flexible_in_time",
        "flexible_months_left",
    ),
    "hardship_graduate_subsidy": (
        "college_student",
        "in_final_school_year",
        "hardship_group",
        "not_granted",
    ),
    "registered_graduate_subsidy": (
        "college_graduate",
        "not_employed",
        "seeking_work",
        "real_name_registered",
        "not_granted",
    ),
    "late_leaver_deadlines": ("year_of_late_leavers", "left_school_late"),
    "file_retention": ("college_graduate", "not_employed", "left_in_time"),
    "enlistment_allowance": ("enlisted", "student_or_fresh", "not_granted"),
    "unemployment_registration": (
        "old_enough",
        "not_retired",
        "able_to_work",
        "wants_to_work",
        "not_employed",
        "habitual_residence_here",
    ),
    "benefit_until_retirement": ("benefit_exhausted", "not_employed", "not_retired", "retires_soon"),
    "unemployment_assistance": ("not_employed", "without_benefit", "assistance_left"),
    "public_post_placement": (
        "hard_to_employ_by_market",
        "older_or_zero_family",
        "post_available",
        "never_placed",
    ),
    "temporary_living_allowance": (
        "laid_off_unemployed",
        "living_in_hardship",
        "meets_allowance_conditions",
        "not_granted",
    ),
}
_INNER = {
    "flexible_in_time": ("flexible_after", "flexible_before"),
    "left_in_time": ("left_already", "left_lately"),
    "student_or_fresh": ("college_student", "fresh_graduate"),
    "without_benefit": ("benefit_exhausted", "insured_in_vain"),
    "insured_in_vain": ("unemployment_insured", "not_qualified"),
    "older_or_zero_family": ("older_hardship_person", "zero_employment_family_member"),
}


def _verdicts() -> list[pl.Expr]:
    verdicts = []
    for measure, names in _ALL_OF.items():
        verdict = col(names[0])
        for name in names[1:]:
            verdict = verdict & col(name)
        verdicts.append(verdict.alias(f"{measure}.verdict"))
    return verdicts


# ── Amounts


def _amounts(v: Figures) -> dict[str, pl.Expr]:
    num, den = v.flexible_share
    share = col("contributions_paid") * num
    left = v["graduate_flexible_months"] - col("months_granted")
    of_months_left = col("months_paid") * den
    flexible = (
        pl.when(col("months_paid") <= left)
        .then((share * 2 + den) // (2 * den))
        .when(col("months_paid") > left)
        .then((share * left * 2 + of_months_left) // (of_months_left * 2))
    )
    months = pl.coalesce("allowance_months", v["living_allowance_months"])
    most = v["living_allowance_months"]
    allowance_months = pl.when(months <= most).then(months).otherwise(most)
    day = col("retires_on").dt
    begun = (
        (day.year().cast(pl.Int64) - v.on.year) * 12
        + (day.month().cast(pl.Int64) - v.on.month)
        + (day.day() > v.on.day)
    )
    anum, aden = v.assistance_share
    assistance = (v["assistance_months"] - col("months_granted")) * _of_county(v.unemployment_benefit) * anum
    return {
        "returnee_startup_subsidy": _figure(v["returnee_startup_amount"]),
        "graduate_flexible_insurance_subsidy": flexible,
        "hardship_graduate_subsidy": _figure(v["hardship_graduate_amount"]),
        "registered_graduate_subsidy": _figure(v["registered_graduate_amount"]),
        "enlistment_allowance": _figure(v["enlistment_amount"]),
        "benefit_until_retirement": begun * _of_county(v.unemployment_benefit),
        "unemployment_assistance": (assistance * 2 + aden) // (aden * 2),
        "temporary_living_allowance": allowance_months * _of_county(v.minimum_living_standard),
    }


def _figure(fen: int) -> pl.Expr:
    return pl.lit(fen, dtype=pl.Int64)


def _of_county(table: dict[str, int]) -> pl.Expr:
    if not table:
        return pl.lit(None, dtype=pl.Int64)
    return col("county").replace_strict(table, return_dtype=pl.Int64, default=None)


# ── What is handed back


def _results(v: Figures) -> list[pl.Expr]:
    amounts = _amounts(v)
    results = []
    for measure in _ALL_OF:
        verdict = col(f"{measure}.verdict")
        if measure == "temporary_living_allowance" and not v.living_allowance_open:
            verdict = verdict & False
        results.append(verdict.alias(f"{measure}.verdict"))
        if measure in amounts:
            # Not eligible: no amount; open: the amount that it would be.
            granted = pl.when(verdict.fill_null(True)).then(amounts[measure])
            results.append(granted.alias(f"{measure}.amount"))
    return results


def _reasons(v: Figures) -> list[pl.Expr]:
    columns = []
    for measure, names in _ALL_OF.items():
        laid_out = _laid_out(names)
        shown: list[pl.Expr] = [col(f"{measure}.verdict"), *(col(name) for name in laid_out)]
        if measure == "temporary_living_allowance":
            shown.insert(1, pl.lit(v.living_allowance_open))
            shown[0] = shown[0] & v.living_allowance_open
        columns += [expr.alias(f"{measure}.c{number}") for number, expr in enumerate(shown)]
    return columns


def _laid_out(names: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for name in names:
        found += [name, *_laid_out(_INNER.get(name, ()))]
    return found
