"""Article 20: protection against dismissal and the duties of a firm that plans layoffs."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import LayoffPlan, Person
from wenjiuye.rules import Grant, Values, all_of, days_between, quota, right


@right(clause="a20.02", zh="三期女职工劳动合同保护", en="protection against dismissal")
def dismissal_protection(person: Person, _v: Values) -> Grant:
    """The contract of a woman who is pregnant, on maternity leave or nursing may not be ended.

    Reading: a right against the employer; a layoff plan that lists such a person is flagged, not refused
    here.
    """
    return Grant(when=person.pregnant_maternity_or_nursing)


@quota(clause="a20.03", zh="裁员提前说明情况", en="notice before a layoff")
def layoff_notice(plan: LayoffPlan, v: Values) -> Grant:
    """A firm that plans a layoff tells the union or all staff 30 days before or earlier.

    Reading: days from the notice to the first day on which somebody leaves; exactly 30 is enough. From how
    many people on a layoff is one of this kind stands in the labour contract law, not here.
    """
    notice = days_between(plan.notice_given_on, plan.layoff_planned_on)
    return Grant(
        when=(notice >= v.layoff_notice_days).worded(
            "已按规定天数提前向工会或全体职工说明情况",
            "the union or all staff were told the required days before",
        )
    )


@quota(clause="a20.04", zh="裁员安置与清偿", en="duties in a layoff")
def layoff_duties(plan: LayoffPlan, _v: Values) -> Grant:
    """Such a firm has a plan for its staff, pays severance and owes neither wages nor insurance.

    Reading: all four duties, each in full; one fen still owed is too much.
    """
    return Grant(
        when=all_of(
            plan.placement_plan,
            plan.severance_paid,
            (plan.wage_arrears == 0).worded("已偿还拖欠工资", "no wages are owed"),
            (plan.insurance_arrears == 0).worded("已补缴社会保险费", "no insurance is owed"),
        )
    )
