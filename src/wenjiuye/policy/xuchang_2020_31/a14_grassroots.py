"""Article 14: graduates at the grass roots, in state-owned firms and in the armed forces."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import OfficeReport, Person
from wenjiuye.policy.xuchang_2020_31.funds import CITY_BUDGET
from wenjiuye.rules import Grant, Values, all_of, any_of, benefit, negate, quota, right


@quota(clause="a14.02", zh="国有企业新增岗位招录应届生占比", en="share of new posts for fresh graduates")
def soe_graduate_share(report: OfficeReport, v: Values) -> Grant:
    """A state-owned firm gives half of its new posts or more to fresh graduates.

    Reading: posts against posts, exact, year by year; no new posts: no share, so it stays undetermined. The
    text dates only its sentence on public institutions (2020 and 2021), so this target has no end here.
    """
    return Grant(when=report.new_posts_for_fresh_graduates / report.new_posts >= v.soe_graduate_share)


@right(clause="a14.06", zh="基层服务期满人员直接考察聘用", en="hiring after grass-roots service")
def grassroots_direct_hire(person: Person, _v: Values) -> Grant:
    """Who completed a term of service below county level may be hired there without an examination.

    Reading: the right opens the way to a selection by merit; it is no claim to a post. The province's rules
    are a judgement of the office.
    """
    return Grant(
        when=all_of(
            person.served_below_county,
            person.service_completed,
            person.service_assessment_passed,
            person.meets_province_rules,
        )
    )


@benefit(
    clause="a14.09",
    zh="大学生入伍生活补助",
    en="allowance for students who enlist",
    fund=CITY_BUDGET,
    once_per=("person",),
)
def enlistment_allowance(person: Person, v: Values) -> Grant:
    """One sum for a student, or a fresh graduate, who joins the armed forces.

    Reading: graduates of earlier years are outside. Neither payer nor place is named; read as the city,
    which promises the sum.
    """
    return Grant(
        when=all_of(
            person.enlisted,
            any_of(person.college_student, person.fresh_graduate),
            negate(person.granted_before),
        ),
        amount=v.enlistment_amount,
    )
