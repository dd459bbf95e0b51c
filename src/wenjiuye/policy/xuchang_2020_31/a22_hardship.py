"""Article 22: public posts and living allowances for people in hardship."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import OfficeReport, Person
from wenjiuye.policy.xuchang_2020_31.funds import RESTRUCTURING_AWARD
from wenjiuye.rules import Grant, Values, Window, all_of, any_of, benefit, negate, quota, right, smallest


@quota(clause="a22.02", zh="零就业家庭动态清零", en="no family without work")
def zero_employment_families(report: OfficeReport, _v: Values) -> Grant:
    """No family stays without any work: the number of open cases is zero on the day of the report.

    Reading: no case may be open on that day; the text sets no time for solving one.
    """
    return Grant(when=report.zero_employment_families_open == 0)


@right(clause="a22.03", zh="公益性岗位优先安置", en="placement in a public post")
def public_post_placement(person: Person, _v: Values) -> Grant:
    """Who finds no work on the market, older or of a family without work, comes first for a vacant post.

    Reading: the first placement; the next one has its own clause.
    """
    return Grant(
        when=all_of(
            person.hard_to_employ_by_market,
            any_of(person.older_hardship_person, person.zero_employment_family_member),
            person.post_available,
            (person.public_post_placements == 0).worded(
                "尚未安置过公益性岗位", "never placed in a public post"
            ),
        )
    )


@right(clause="a22.04", zh="公益性岗位再次安置", en="second placement in a public post")
def public_post_second_placement(person: Person, v: Values) -> Grant:
    """After the period of a post has ended, one more placement is possible, two in a lifetime.

    Reading: the first placement counts among the two, so that one at most may lie before this one.
    """
    return Grant(
        when=all_of(
            person.public_post_period_ended,
            person.meets_placement_conditions,
            person.public_post_placements < v.public_post_placements_most,
        )
    )


@benefit(
    clause="a22.06",
    zh="一次性临时生活补助",
    en="temporary living allowance",
    fund=RESTRUCTURING_AWARD,
    once_per=("person",),
)
def temporary_living_allowance(person: Person, v: Values) -> Grant:
    """In 2020 laid-off people in hardship may get one payment of up to six months of the local minimum.

    Reading: one payment of so many monthly standards, of the urban standard; the office decides how many,
    and until it has the ceiling is told. The fund is named here a little differently from article 24; taken
    as the same.
    """
    months = smallest(person.allowance_months.or_else(v.living_allowance_months), v.living_allowance_months)
    return Grant(
        when=all_of(
            person.laid_off_unemployed,
            person.living_in_hardship,
            person.meets_allowance_conditions,
            negate(person.granted_before),
        ),
        up_to=months * v.minimum_living_standard.by(person.county),
        window=Window(start=v.day("living_allowance_first_day"), end=v.day("living_allowance_last_day")),
    )
