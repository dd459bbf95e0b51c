"""How facts follow from other facts under national rules, for records that do not give them outright."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.business import SoleTrader
from wenjiuye.policy.vocabulary.enterprise import Enterprise
from wenjiuye.policy.vocabulary.hire import Hire
from wenjiuye.policy.vocabulary.person import Person
from wenjiuye.rules import (
    DECISION,
    Choice,
    Condition,
    Day,
    Number,
    Rounding,
    Values,
    all_of,
    any_of,
    choose,
    constant,
    derived,
    months_between,
    negate,
    smallest,
)

STEPS_COMPLETED = Rounding("down", source="全国人大常委会关于实施渐进式延迟法定退休年龄的决定")


# ── Firms


@derived(Enterprise.size)
def firm_size(firm: Enterprise, v: Values) -> Choice:
    """The national size standard: a tier is reached where every measure listed for the industry reaches it.

    Otherwise the firm is one tier down. Industries that the standard does not list have no answer.
    """
    industry = firm.industry
    # Every industry of the standard is measured by staff or by revenue, so these two tables list them all.
    listed = any_of(v.size_staff_small.covers(industry), v.size_revenue_small.covers(industry))
    return choose(
        (
            all_of(listed, _reaches(firm, v.size_staff_large, v.size_revenue_large, v.size_assets_large)),
            constant("large", Enterprise.size),
        ),
        (
            all_of(listed, _reaches(firm, v.size_staff_medium, v.size_revenue_medium, v.size_assets_medium)),
            constant("medium", Enterprise.size),
        ),
        (
            all_of(listed, _reaches(firm, v.size_staff_small, v.size_revenue_small, v.size_assets_small)),
            constant("small", Enterprise.size),
        ),
        (listed, constant("micro", Enterprise.size)),
        otherwise=None,
    )


def _reaches(firm: Enterprise, staff: Number, revenue: Number, assets: Number) -> Condition:
    return all_of(
        _reaches_one(firm, firm.staff, staff),
        _reaches_one(firm, firm.revenue, revenue),
        _reaches_one(firm, firm.assets, assets),
    )


def _reaches_one(firm: Enterprise, measure: Number, bound: Number) -> Condition:
    return any_of(negate(bound.covers(firm.industry)), measure >= bound.by(firm.industry))


@derived(Enterprise.small_profit_enterprise)
def small_profit_enterprise(firm: Enterprise, v: Values) -> Condition:
    """At most 300 people, 50 million yuan of assets and 3 million yuan of taxable income, each included."""
    return all_of(
        firm.staff <= v.small_profit_staff_most,
        firm.assets <= v.small_profit_assets_most,
        firm.taxable_income <= v.small_profit_income_most,
    )


@derived(Enterprise.layoff_rate)
def layoff_rate(firm: Enterprise, _v: Values) -> Number:
    """Layoffs over the insured staff at the start of the year; 0 without layoffs, whatever the staff was."""
    return choose(
        (firm.layoffs_last_year == 0, 0),
        otherwise=firm.layoffs_last_year / firm.insured_staff_at_year_start,
    )


# ── Periods


@derived(Hire.months_since_hired)
def months_since_hired(hire: Hire, _v: Values) -> Number:
    """Completed months on the date of decision; no answer before the first day of the contract.

    The tax rule can also be read as counting from the month of hiring, so that its 36 months would end some
    days earlier.
    """
    return choose((hire.hired_on <= DECISION, months_between(hire.hired_on, DECISION)), otherwise=None)


@derived(SoleTrader.months_since_registered)
def months_since_registered(trader: SoleTrader, _v: Values) -> Number:
    """Completed months on the date of decision; no answer before the day of registration."""
    return choose(
        (trader.registered_on <= DECISION, months_between(trader.registered_on, DECISION)), otherwise=None
    )


# ── People


@derived(Person.graduation_year)
def graduation_year(person: Person, _v: Values) -> Number:
    """The calendar year of the certificate."""
    return person.left_school_on.year


@derived(Person.retirement_date)
def retirement_date(person: Person, v: Values) -> Day:
    """The day the legal age is reached, postponed step by step for those who would reach it from 2025 on.

    Early retirement from heavy or harmful work and retirement by choice are not derived: give the date.
    """
    first_day = v.day("retirement_postponed_from")
    unpostponed = person.birth_date.plus(years=_retirement_age(person, v))
    months = months_between(person.birth_date, unpostponed) + _months_postponed(
        person, v, months_between(first_day, unpostponed)
    )
    # Counted from the birth in one go: in two, somebody born on 29 February would lose a day on the way.
    return choose((unpostponed < first_day, unpostponed), otherwise=person.birth_date.plus(months=months))


def _retirement_age(person: Person, v: Values) -> Number:
    return choose(
        (person.sex == "male", v.retirement_age_men),
        (person.post_type == "cadre", v.retirement_age_women_cadres),
        otherwise=v.retirement_age_women_workers,
    )


def _months_postponed(person: Person, v: Values, months_after_start: Number) -> Number:
    """One more month for every step begun, up to the most; the steps of women workers are shorter."""
    woman_worker = all_of(person.sex == "female", person.post_type == "worker")
    step = choose((woman_worker, v.retirement_step_women_workers), otherwise=v.retirement_step)
    most = choose(
        (woman_worker, v.retirement_postponed_most_women_workers), otherwise=v.retirement_postponed_most
    )
    steps_begun = (months_after_start / step).rounded(STEPS_COMPLETED) + 1
    return smallest(steps_begun * v.retirement_months_per_step, most)
