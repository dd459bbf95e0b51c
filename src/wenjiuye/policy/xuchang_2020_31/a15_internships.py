"""Article 15: subsidies for the hosts of traineeships. Rate, scope and month are shared by three measures."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Internship, Venue
from wenjiuye.policy.xuchang_2020_31.funds import CITY_BUDGET, EMPLOYMENT_SUBSIDY
from wenjiuye.rules import (
    Condition,
    Grant,
    Number,
    Values,
    age,
    all_of,
    any_of,
    benefit,
    choose,
    negate,
    smallest,
)


def recent_graduate(internship: Internship, v: Values) -> Condition:
    """A college or vocational graduate who has not worked yet, in the 2 years after leaving school."""
    trainee = internship.trainee
    soon_enough = internship.internship_started_on.within(
        trainee.left_school_on, years=v.internship_graduate_years
    )
    return all_of(
        any_of(trainee.college_graduate, trainee.vocational_graduate),
        soon_enough.worded(
            "在离校后规定年限内开始见习", "the internship began within the years allowed after leaving school"
        ),
        negate(trainee.employed_before),
    )


def unemployed_youth(internship: Internship, v: Values) -> Condition:
    """A young person without work, of the age that the clause names, both ends included."""
    years = age(internship.trainee.birth_date, internship.internship_started_on)
    return all_of(internship.trainee.unemployed, v.internship_youngest <= years, years <= v.internship_oldest)


def internship_scope(internship: Internship, v: Values) -> Condition:
    """Whom a15.02 covers; everything is judged on the day the internship starts."""
    return any_of(recent_graduate(internship, v), unemployed_youth(internship, v))


def share_of_wage(internship: Internship, v: Values) -> Number:
    """The ordinary share, or instead of it (never on top) the higher one where enough trainees are kept.

    An unknown retention rate leaves the amount unknown, between the two.
    """
    return choose(
        (internship.retention_rate >= v.internship_retention_share, v.internship_raised_rate),
        otherwise=v.internship_ordinary_rate,
    )


def wage_at_start(internship: Internship, v: Values) -> Number:
    """The minimum wage of the host's county on the day the internship started."""
    return v.minimum_wage.by(internship.host.county).on(internship.internship_started_on)


@benefit(clause="a15.03", zh="就业见习补贴", en="internship subsidy", fund=EMPLOYMENT_SUBSIDY)
def internship_subsidy(internship: Internship, v: Values) -> Grant:
    """A share of the local minimum wage for each month of an internship, more where half of them are kept.

    Reading: paid to the host; the higher share (a15.04) replaces the ordinary one for all trainees of the
    batch. Other reading: for those kept alone; the text raises "the rate". No more than 12 months, by the
    outside rule. The wage is that of the start, so that a later rise changes nothing in a running
    internship.
    """
    months = smallest(internship.internship_months, v.internship_months_most)
    return Grant(
        when=internship_scope(internship, v),
        amount=months * wage_at_start(internship, v) * share_of_wage(internship, v),
    )


@benefit(
    clause="a15.05", zh="疫情中断见习补贴延长", en="internship subsidy made up later", fund=EMPLOYMENT_SUBSIDY
)
def internship_extension(internship: Internship, v: Values) -> Grant:
    """The subsidy of an internship that the epidemic interrupted runs on by the months that were lost.

    Reading: paid for the months made up later at the same monthly sum, none for the interrupted months
    themselves: months move, they do not multiply.
    """
    return Grant(
        when=all_of(internship_scope(internship, v), internship.interrupted_by_epidemic),
        amount=internship.interrupted_months * wage_at_start(internship, v) * share_of_wage(internship, v),
    )


@benefit(
    clause="a15.06", zh="提前留用剩余见习补贴", en="subsidy for the rest of the term", fund=EMPLOYMENT_SUBSIDY
)
def internship_remaining_term(internship: Internship, v: Values) -> Grant:
    """A host that signs a contract with a graduate before the internship is over still gets the rest.

    Reading: the printed sentence has lost one character and would reward hosts that do not sign; other
    cities print it with the character. Only college graduates, by its words. The minimum wage is that of
    the decision, because the claim arises from the contract and not from the start of the internship.
    """
    wage = v.minimum_wage.by(internship.host.county)
    return Grant(
        when=all_of(
            internship.trainee.college_graduate,
            internship.contract_signed_early,
            (internship.remaining_months >= 1).worded("仍有剩余见习期", "part of the term is left"),
        ),
        amount=internship.remaining_months * wage * share_of_wage(internship, v),
    )


@benefit(clause="a15.08", zh="就业见习基地奖补", en="award for internship bases", fund=CITY_BUDGET)
def internship_base_award(venue: Venue, v: Values) -> Grant:
    """One award out of the city budget for a recognised model base that reaches the city's standard.

    Reading: recognition and standard are two conditions, as with the incubators of article 8; once in any
    year.
    """
    return Grant(
        when=all_of(
            venue.recognised_internship_base, venue.reaches_city_standard, negate(venue.awarded_before)
        ),
        amount=v.internship_base_amount,
    )
