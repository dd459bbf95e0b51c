"""Article 19: registration as unemployed, free services and full-employment communities."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Community, Person, ServiceEvent
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY
from wenjiuye.rules import DECISION, Grant, Values, age, all_of, benefit, negate, right


@right(clause="a19.03", zh="常住地失业登记", en="registration as unemployed where one lives")
def unemployment_registration(person: Person, v: Values) -> Grant:
    """Who can work, wants to and has no work may register where he or she lives, between 16 and retirement.

    Reading: urban and rural people alike, whatever the household register; on the day of retirement it is
    too late. The text says "working age"; its lower end is that of the labour law.
    """
    return Grant(
        when=all_of(
            age(person.birth_date, DECISION) >= v.working_age_from,
            (person.retirement_date > DECISION).worded(
                "未到法定退休日期", "not yet at the legal retirement date"
            ),
            person.able_to_work,
            person.wants_to_work,
            negate(person.employed),
            person.habitual_residence_here,
        )
    )


@benefit(
    clause="a19.06", zh="公益招聘与创业服务补助", en="subsidy for free services", fund=EMPLOYMENT_SUBSIDY
)
def public_service_subsidy(event: ServiceEvent, _v: Values) -> Grant:
    """Public agencies and colleges that hold free special job fairs or start-up services are subsidised.

    Reading: the local offices set the sum from people served, results and cost; the cost is the ceiling,
    because a subsidy above it would make a profit out of a free service.
    """
    return Grant(
        when=all_of(
            event.organiser_kind.is_in("public_agency", "college"),
            event.free_of_charge,
            event.event_kind.is_in("special_job_fair", "startup_service"),
        ),
        up_to=event.service_cost,
        shows=(event.people_served,),
    )


@benefit(clause="a19.07", zh="充分就业社区创建补助", en="full-employment community", fund=EMPLOYMENT_SUBSIDY)
def full_employment_community_subsidy(community: Community, v: Values) -> Grant:
    """One sum for a community newly recognised by the city as one of full employment.

    Reading: newly means in the year of the decision; recognition by a county is not enough. The fund is not
    named; article 24 names the employment subsidy fund first.
    """
    return Grant(
        when=all_of(
            community.newly_recognised,
            community.recognition_level == "city",
            negate(community.awarded_before),
        ),
        amount=v.full_employment_community_amount,
    )
