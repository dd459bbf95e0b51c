"""Article 12: insurance subsidies for people in flexible work."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Person
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY
from wenjiuye.rules import Grant, Values, Window, all_of, benefit, choose, negate, right, smallest


@benefit(
    clause="a12.02",
    zh="毕业生灵活就业社保补贴",
    en="insurance subsidy for graduates in flexible work",
    fund=EMPLOYMENT_SUBSIDY,
    pays_for="insurance_month",
)
def graduate_flexible_insurance_subsidy(person: Person, v: Values) -> Grant:
    """Two thirds of the insurance that a graduate pays in flexible work, for 3 years at most.

    Reading: the flexible work has to begin within 2 years of leaving school; the claim may come later.
    Other reading: each claim within the 2 years, which would empty the 3 years. Where the claim covers more
    months than are left of the 36, the sum counts for the months left in proportion. Thirds are rounded
    once, for the claim.
    """
    months_left = v.graduate_flexible_months - person.months_granted
    subsidy = person.contributions_paid * v.graduate_flexible_share
    started_in_time = person.flexible_job_started_on.within(
        person.left_school_on, years=v.graduate_flexible_years
    )
    return Grant(
        when=all_of(
            person.college_graduate,
            negate(person.employed_before),
            person.flexibly_employed,
            person.social_insurance_paid,
            started_in_time.worded(
                "在离校后规定年限内开始灵活就业",
                "flexible work began within the years allowed after leaving school",
            ),
            person.months_granted < v.graduate_flexible_months,
        ),
        amount=choose(
            (person.months_paid <= months_left, subsidy),
            # Never more than the whole: that bounds the sum while the months are unknown.
            otherwise=smallest(subsidy, subsidy * months_left / person.months_paid),
        ),
    )


@right(clause="a12.03", zh="困难人员灵活就业补贴延期", en="longer insurance subsidy for hardship people")
def hardship_flexible_extension(person: Person, v: Values) -> Grant:
    """A hard-to-employ person whose subsidy ends in 2020 without stable work gets it a year longer.

    Reading: 2020 binds the day on which the ordinary period ends, not the day of the claim. The rate of the
    subsidy is not in this text, so the right is the longer period and no sum.
    """
    return Grant(
        when=all_of(person.hardship_person, person.receives_flexible_subsidy, negate(person.stably_employed)),
        window=Window(
            day=person.flexible_subsidy_ends_on,
            start=v.day("flexible_extension_first_day"),
            end=v.day("flexible_extension_last_day"),
        ),
        shows=(v.flexible_extension_months,),
    )
