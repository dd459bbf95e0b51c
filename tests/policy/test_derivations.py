"""What follows from other facts under national rules, at the borders of those rules."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import Any

import pytest

from wenjiuye.policy.vocabulary import Enterprise, Hire, Person, SoleTrader, derivations
from wenjiuye.rules import Grant, Policy, ValueBook, Values, parse_values, right
from wenjiuye.rules.case import decide
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import all_of
from wenjiuye.rules.facts import facts_in_reach
from wenjiuye.rules.measures import module_declarations
from wenjiuye.rules.policy import assemble
from wenjiuye.rules.record import read_flat

WAN = 10_000
"""万元 in yuan."""


@right(clause="a01.01", zh="企业", en="firms")
def of_firm(firm: Enterprise, _v: Values) -> Grant:
    """What is derived for a firm."""
    return Grant(
        when=firm.small_profit_enterprise, shows=(firm.layoff_rate, firm.size, firm.small_profit_enterprise)
    )


@right(clause="a01.02", zh="大型企业", en="large firms")
def large(firm: Enterprise, _v: Values) -> Grant:
    """Large firms."""
    return Grant(when=firm.size == "large")


@right(clause="a01.03", zh="中型企业", en="medium-sized firms")
def medium(firm: Enterprise, _v: Values) -> Grant:
    """Medium-sized firms."""
    return Grant(when=firm.size == "medium")


@right(clause="a01.04", zh="小型企业", en="small firms")
def small(firm: Enterprise, _v: Values) -> Grant:
    """Small firms."""
    return Grant(when=firm.size == "small")


@right(clause="a01.05", zh="微型企业", en="micro firms")
def micro(firm: Enterprise, _v: Values) -> Grant:
    """Micro firms."""
    return Grant(when=firm.size == "micro")


@right(clause="a01.06", zh="中小微企业", en="small and medium firms")
def not_large(firm: Enterprise, _v: Values) -> Grant:
    """Firms that are micro, small or medium-sized."""
    return Grant(when=firm.size.is_in("micro", "small", "medium"))


@right(clause="a01.07", zh="招用人员", en="hires")
def of_hire(hire: Hire, _v: Values) -> Grant:
    """What is derived for a hire."""
    return Grant(
        when=all_of(hire.employer.size == "micro", hire.person.graduation_year == hire.hired_on.year),
        shows=(hire.months_since_hired,),
    )


@right(clause="a01.08", zh="个体工商户", en="sole traders")
def of_trader(trader: SoleTrader, _v: Values) -> Grant:
    """What is derived for a sole trader."""
    return Grant(when=trader.owner.registered_poor, shows=(trader.months_since_registered,))


@right(clause="a01.09", zh="个人", en="people")
def of_person(person: Person, _v: Values) -> Grant:
    """What is derived for a person."""
    return Grant(when=person.able_to_work, shows=(person.graduation_year, person.retirement_date))


TIERS = {"large": large, "medium": medium, "small": small, "micro": micro}


def national() -> ValueBook:
    text = files("wenjiuye.policy.vocabulary").joinpath("national.toml").read_text("utf-8")
    return parse_values(text, "national.toml")


DERIVED = {each.fact.id: each for each in module_declarations(derivations)[1]}
EXAMPLE: Policy = assemble(
    "example",
    "例",
    "example",
    [of_firm, large, medium, small, micro, not_large, of_hire, of_trader, of_person],
    DERIVED,
    national(),
)


def derive(name: str, on: str = "2020-12-01", **facts: Any) -> Any:
    """What a fact is in a flat record on a day; None where it does not follow."""
    day = dt.date.fromisoformat(on)
    for measure in EXAMPLE.measures.values():
        for node in measure.shows:
            if name in {ref.fact.id for ref in node.refs} and node.op == "or_else":
                known = {**EXAMPLE.facts, **facts_in_reach(measure.subject)}
                return Evaluation(EXAMPLE, read_flat(known, facts), day).value(node)
    raise AssertionError(name)


def holds(measure: str, on: str = "2020-12-01", **facts: Any) -> str:
    return str(decide(EXAMPLE, measure, facts, dt.date.fromisoformat(on)).verdict)


def tier(**facts: Any) -> str:
    """The one tier that the case compiler finds, "open" where none is settled."""
    found = [name for name in TIERS if holds(name, **facts) == "eligible"]
    assert len(found) <= 1
    return found[0] if found else "open"


# ── Firm size


@pytest.mark.parametrize(
    ("industry", "staff", "revenue", "assets", "expected"),
    [
        ("agriculture", 5, 20000 * WAN, 0, "large"),
        ("agriculture", 5000, 20000 * WAN - 1, 0, "medium"),
        ("agriculture", 0, 500 * WAN, 0, "medium"),
        ("agriculture", 0, 50 * WAN, 0, "small"),
        ("agriculture", 0, 50 * WAN - 1, 0, "micro"),
        ("manufacturing", 1000, 40000 * WAN, 0, "large"),
        ("manufacturing", 999, 40000 * WAN, 0, "medium"),
        ("manufacturing", 1000, 40000 * WAN - 1, 0, "medium"),
        ("manufacturing", 300, 2000 * WAN, 0, "medium"),
        ("manufacturing", 299, 2000 * WAN, 0, "small"),
        ("manufacturing", 20, 300 * WAN, 0, "small"),
        ("manufacturing", 20, 300 * WAN - 1, 0, "micro"),
        ("manufacturing", 19, 90000 * WAN, 0, "micro"),
        ("mining", 1000, 40000 * WAN, 0, "large"),
        ("utilities", 300, 40000 * WAN, 0, "medium"),
        ("construction", 1, 80000 * WAN, 80000 * WAN, "large"),
        ("construction", 9999, 80000 * WAN, 80000 * WAN - 1, "medium"),
        ("construction", 1, 6000 * WAN, 5000 * WAN, "medium"),
        ("construction", 1, 300 * WAN, 300 * WAN, "small"),
        ("construction", 1, 300 * WAN, 300 * WAN - 1, "micro"),
        ("wholesale", 200, 40000 * WAN, 0, "large"),
        ("wholesale", 20, 5000 * WAN, 0, "medium"),
        ("wholesale", 5, 1000 * WAN, 0, "small"),
        ("wholesale", 4, 1000 * WAN, 0, "micro"),
        ("retail", 300, 20000 * WAN, 0, "large"),
        ("retail", 50, 500 * WAN, 0, "medium"),
        ("retail", 10, 100 * WAN, 0, "small"),
        ("transport", 1000, 30000 * WAN, 0, "large"),
        ("transport", 20, 200 * WAN, 0, "small"),
        ("storage", 200, 30000 * WAN, 0, "large"),
        ("storage", 100, 1000 * WAN, 0, "medium"),
        ("post", 300, 2000 * WAN, 0, "medium"),
        ("accommodation", 300, 10000 * WAN, 0, "large"),
        ("catering", 100, 2000 * WAN, 0, "medium"),
        ("information_transmission", 2000, 100000 * WAN, 0, "large"),
        ("information_transmission", 100, 1000 * WAN, 0, "medium"),
        ("software", 300, 10000 * WAN, 0, "large"),
        ("software", 10, 50 * WAN, 0, "small"),
        ("real_estate", 1, 200000 * WAN, 10000 * WAN, "large"),
        ("real_estate", 1, 1000 * WAN, 5000 * WAN, "medium"),
        ("real_estate", 1, 100 * WAN, 2000 * WAN, "small"),
        ("real_estate", 1, 100 * WAN, 2000 * WAN - 1, "micro"),
        ("property_management", 1000, 5000 * WAN, 0, "large"),
        ("property_management", 99, 5000 * WAN, 0, "micro"),
        ("leasing_business", 300, 0, 120000 * WAN, "large"),
        ("leasing_business", 100, 0, 8000 * WAN, "medium"),
        ("leasing_business", 10, 0, 100 * WAN - 1, "micro"),
        ("other", 300, 0, 0, "large"),
        ("other", 299, 0, 0, "medium"),
        ("other", 10, 0, 0, "small"),
        ("other", 9, 0, 0, "micro"),
    ],
)
def test_a_tier_is_reached_where_every_listed_measure_reaches_it(
    industry: str, staff: int, revenue: int, assets: int, expected: str
) -> None:
    facts = {"industry": industry, "staff": staff, "revenue": revenue, "assets": assets}
    assert derive("size", **facts) == expected
    assert tier(**facts) == expected


@pytest.mark.parametrize("industry", ["finance", "education", "health", "public_administration"])
def test_industries_outside_the_standard_have_no_size(industry: str) -> None:
    facts = {"industry": industry, "staff": 5000, "revenue": 10**9, "assets": 10**9}
    assert derive("size", **facts) is None
    assert tier(**facts) == "open"


def test_every_other_industry_stands_in_the_standard() -> None:
    outside = {"finance", "education", "health", "public_administration"}
    for industry in set(Enterprise.industry.members) - outside:
        assert derive("size", industry=industry, staff=0, revenue=0, assets=0) == "micro", industry


def test_unknown_revenue_is_harmless_where_staff_decides() -> None:
    assert tier(industry="manufacturing", staff=19) == "micro"


def test_with_unknown_revenue_a_firm_of_25_is_micro_or_small_and_not_large() -> None:
    assert tier(industry="manufacturing", staff=25) == "open"
    assert holds("not_large", industry="manufacturing", staff=25) == "eligible"
    assert holds("large", industry="manufacturing", staff=25) == "ineligible"


def test_with_unknown_revenue_a_firm_of_1000_may_be_of_any_size() -> None:
    assert holds("not_large", industry="manufacturing", staff=1000) == "undetermined"


def test_assets_are_not_asked_of_a_factory_nor_staff_of_a_builder() -> None:
    assert tier(industry="manufacturing", staff=300, revenue=2000 * WAN) == "medium"
    assert tier(industry="construction", revenue=6000 * WAN, assets=5000 * WAN) == "medium"


def test_without_the_industry_no_size_follows() -> None:
    assert tier(staff=5, revenue=0, assets=0) == "open"


def test_a_given_size_wins_over_the_standard() -> None:
    assert tier(size="large", industry="other", staff=1) == "large"


def test_a_given_size_needs_no_industry() -> None:
    assert holds("not_large", size="medium") == "eligible"


def test_the_size_of_a_hire_s_employer_follows_too() -> None:
    facts = {"industry": "other", "staff": 9, "left_school_on": "2020-07-01", "hired_on": "2020-09-01"}
    assert holds("of_hire", **facts) == "eligible"


# ── Small-profit enterprise


def test_exactly_300_people_50_million_of_assets_and_3_million_of_income_are_small_profit() -> None:
    assert holds("of_firm", staff=300, assets=5000 * WAN, taxable_income=300 * WAN) == "eligible"


@pytest.mark.parametrize(
    "beyond", [{"staff": 301}, {"assets": "50000000.01"}, {"taxable_income": "3000000.01"}]
)
def test_one_beyond_its_limit_is_enough_to_fail_even_where_the_rest_is_unknown(
    beyond: dict[str, Any],
) -> None:
    assert holds("of_firm", **beyond) == "ineligible"


def test_two_within_their_limits_do_not_make_a_small_profit_enterprise() -> None:
    assert holds("of_firm", staff=300, assets=5000 * WAN) == "undetermined"


def test_a_given_answer_wins_over_the_limits() -> None:
    assert holds("of_firm", small_profit_enterprise=True, taxable_income=301 * WAN) == "eligible"
    assert (
        holds("of_firm", small_profit_enterprise=False, staff=1, assets=0, taxable_income=0) == "ineligible"
    )


def test_the_limits_stay_after_2021() -> None:
    facts = {"staff": 300, "assets": 5000 * WAN, "taxable_income": 300 * WAN}
    assert derive("small_profit_enterprise", on="2026-03-01", **facts) is True


# ── Layoff rate


def test_the_layoff_rate_is_layoffs_over_insured_staff_at_the_start_of_the_year() -> None:
    assert derive("layoff_rate", layoffs_last_year=11, insured_staff_at_year_start=200) * 200 == 11


def test_without_layoffs_the_rate_is_zero_whatever_the_staff_was() -> None:
    assert derive("layoff_rate", layoffs_last_year=0) == 0
    assert derive("layoff_rate", layoffs_last_year=0, insured_staff_at_year_start=0) == 0


def test_layoffs_without_staff_at_the_start_give_no_rate() -> None:
    assert derive("layoff_rate", layoffs_last_year=1, insured_staff_at_year_start=0) is None


def test_a_given_layoff_rate_wins() -> None:
    given = derive("layoff_rate", layoff_rate="0.2", layoffs_last_year=0)
    assert given * 5 == 1


# ── Months since


@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        ("2020-12-01", "2020-12-01", 0),
        ("2020-11-02", "2020-12-01", 0),
        ("2020-11-01", "2020-12-01", 1),
        ("2017-12-02", "2020-12-01", 35),
        ("2017-12-01", "2020-12-01", 36),
        ("2020-01-31", "2020-02-29", 1),
        ("2020-02-29", "2021-02-28", 12),
        ("2020-02-29", "2021-02-27", 11),
    ],
)
def test_months_since_hiring_and_registration_are_completed_ones(start: str, on: str, months: int) -> None:
    assert derive("months_since_hired", on, hired_on=start) == months
    assert derive("months_since_registered", on, registered_on=start) == months


def test_before_the_first_day_no_number_of_months_follows() -> None:
    assert derive("months_since_hired", "2020-12-01", hired_on="2020-12-02") is None
    assert derive("months_since_registered", "2020-12-01", registered_on="2020-12-02") is None


# ── Graduation


def test_the_year_of_graduation_is_that_of_the_certificate() -> None:
    assert derive("graduation_year", left_school_on="2020-12-31") == 2020
    assert derive("graduation_year", left_school_on="2020-12-31", graduation_year=2021) == 2021


# ── Retirement

MAN: dict[str, Any] = {"sex": "male"}
CADRE: dict[str, Any] = {"sex": "female", "post_type": "cadre"}
WORKER: dict[str, Any] = {"sex": "female", "post_type": "worker"}


@pytest.mark.parametrize(
    ("who", "born", "retires"),
    [
        (MAN, "1960-12-01", "2020-12-01"),
        (CADRE, "1965-12-01", "2020-12-01"),
        (WORKER, "1970-12-01", "2020-12-01"),
        (MAN, "1964-12-31", "2024-12-31"),
        (CADRE, "1969-12-31", "2024-12-31"),
        (WORKER, "1974-12-31", "2024-12-31"),
        (WORKER, "1972-02-29", "2022-02-28"),
        (MAN, "1960-02-29", "2020-02-29"),
    ],
)
def test_whoever_reaches_the_age_before_2025_retires_at_60_55_or_50(
    who: dict[str, Any], born: str, retires: str
) -> None:
    for on in ("2020-12-01", "2025-06-01"):
        assert derive("retirement_date", on, birth_date=born, **who) == dt.date.fromisoformat(retires)


@pytest.mark.parametrize(
    ("who", "born", "retires"),
    [
        # The published tables, by month of birth.
        (MAN, "1965-01-15", "2025-02-15"),
        (MAN, "1965-04-15", "2025-05-15"),
        (MAN, "1965-05-15", "2025-07-15"),
        (MAN, "1970-01-15", "2031-05-15"),
        (MAN, "1976-08-15", "2039-07-15"),
        (MAN, "1976-09-15", "2039-09-15"),
        (MAN, "1990-09-15", "2053-09-15"),
        (CADRE, "1970-01-15", "2025-02-15"),
        (CADRE, "1970-05-15", "2025-07-15"),
        (CADRE, "1981-08-15", "2039-07-15"),
        (CADRE, "1981-09-15", "2039-09-15"),
        (CADRE, "2000-01-15", "2058-01-15"),
        (WORKER, "1975-01-15", "2025-02-15"),
        (WORKER, "1975-02-15", "2025-03-15"),
        (WORKER, "1975-03-15", "2025-05-15"),
        (WORKER, "1984-10-15", "2039-09-15"),
        (WORKER, "1984-11-15", "2039-11-15"),
        (WORKER, "2000-01-15", "2055-01-15"),
        # The first and the last day of a month of birth, and 29 February.
        (MAN, "1965-01-01", "2025-02-01"),
        (MAN, "1965-01-31", "2025-02-28"),
        (MAN, "1965-04-30", "2025-05-30"),
        (WORKER, "1976-02-29", "2026-09-29"),
    ],
)
def test_whoever_reaches_it_from_2025_on_retires_step_by_step_later(
    who: dict[str, Any], born: str, retires: str
) -> None:
    assert derive("retirement_date", "2025-06-01", birth_date=born, **who) == dt.date.fromisoformat(retires)


def test_nothing_was_postponed_before_the_decision_of_september_2024() -> None:
    born = {"birth_date": "1965-01-15", **MAN}
    assert derive("retirement_date", "2024-09-12", **born) == dt.date(2025, 1, 15)
    assert derive("retirement_date", "2024-09-13", **born) == dt.date(2025, 2, 15)


def test_a_man_retires_alike_from_any_post() -> None:
    for on in ("2020-12-01", "2025-06-01"):
        dates = {
            derive("retirement_date", on, birth_date="1970-01-15", sex="male", **post)
            for post in ({}, {"post_type": "cadre"}, {"post_type": "worker"})
        }
        assert len(dates) == 1


def test_a_woman_s_date_hangs_on_her_post() -> None:
    assert derive("retirement_date", birth_date="1968-03-01", sex="female") is None


def test_a_given_retirement_date_wins() -> None:
    facts = {"retirement_date": "2021-05-05", "birth_date": "1960-12-01", **MAN}
    assert derive("retirement_date", **facts) == dt.date(2021, 5, 5)


# ── The figures


def test_every_national_figure_names_its_document() -> None:
    for value in national().values.values():
        for entry in value.entries:
            assert "〔" in entry.source or "公告" in entry.source or "全国人大常委会" in entry.source


def test_the_tiers_of_the_size_standard_never_cross() -> None:
    book, day = national(), dt.date(2020, 12, 1)
    for measure in ("staff", "revenue", "assets"):
        tables = [book[f"size_{measure}_{tier}"].on(day) for tier in ("small", "medium", "large")]
        low, middle, high = (table.figures for table in tables if table is not None)
        assert set(low) == set(middle) == set(high)
        for industry, bound in low.items():
            assert bound < middle[industry] < high[industry], (measure, industry)


def test_the_tables_name_industries_of_the_vocabulary_only() -> None:
    for name, value in national().values.items():
        if value.keyed_by == "industry":
            for entry in value.entries:
                assert set(entry.figures) <= set(Enterprise.industry.members), name
