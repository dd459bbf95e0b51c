"""Article 16: work of migrant workers and of registered poor people. All sums are set by the city."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Enterprise, ExportBatch, Person
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY, POVERTY_FUND, TRAINING_ACCOUNT
from wenjiuye.rules import Condition, Grant, Values, all_of, benefit, smallest


def absorbs_poor_labour(firm: Enterprise) -> Condition:
    """One of the four kinds of employer that the clause names; the city may add kinds to the members."""
    return firm.absorber_kind.is_in(
        "poverty_leading_firm", "poverty_workshop", "cooperative", "community_factory"
    )


def absorbs_many(firm: Enterprise, v: Values) -> Condition:
    """Such an employer with so many registered poor people that the city calls it many."""
    return all_of(absorbs_poor_labour(firm), firm.poor_staff >= v.absorption_threshold)


@benefit(clause="a16.01", zh="劳务输出服务补助", en="labour export subsidy", fund=EMPLOYMENT_SUBSIDY)
def labour_export_subsidy(batch: ExportBatch, v: Values) -> Grant:
    """A commercial agency or broker that sends workers out of the city free of charge gets a sum per worker.

    Reading: within the province another city is needed; moving people between counties of the city is no
    export.
    """
    return Grant(
        when=all_of(
            batch.organiser_kind.is_in("hr_agency", "labour_broker"),
            batch.free_of_charge,
            batch.destination.is_in("other_province", "other_city_in_province"),
        ),
        amount=batch.people_placed * v.labour_export_per_person,
    )


@benefit(clause="a16.07", zh="贫困劳动力外出交通生活补助", en="travel and living subsidy", fund=POVERTY_FUND)
def migrant_travel_subsidy(person: Person, v: Values) -> Grant:
    """A registered poor person who went away to work during the epidemic gets travel and living costs.

    Reading: one sum for both, set by the city; the ticket is evidence and no ceiling. The fund is not
    named; read as the poverty relief fund, which this article names for the same people. Other reading: the
    employment subsidy fund.
    """
    return Grant(
        when=all_of(person.registered_poor, person.went_out_to_work_during_epidemic),
        amount=v.migrant_travel_amount,
    )


@benefit(clause="a16.08", zh="吸纳贫困劳动力奖补", en="award for hiring poor labour", fund=EMPLOYMENT_SUBSIDY)
def poor_labour_absorption_award(firm: Enterprise, v: Values) -> Grant:
    """A leading firm, workshop, cooperative or community factory with many registered poor is rewarded.

    Reading: "many" is a number that the city sets, itself included; the award is a sum for each of them.
    The list of employers is open-ended in the text: a further kind is added to the members, never guessed.
    """
    return Grant(when=absorbs_many(firm, v), amount=firm.poor_staff * v.absorption_award_per_person)


@benefit(clause="a16.08", zh="以工代训补贴", en="work-for-training subsidy", fund=TRAINING_ACCOUNT)
def work_for_training_subsidy(firm: Enterprise, v: Values) -> Grant:
    """The same employers get a monthly sum for each registered poor person whom they train at work.

    Reading: the number that the award asks for does not bind here, because what is paid for is the training
    of each person; months beyond the city's highest number are not paid.
    """
    months = smallest(firm.training_months, v.work_training_months)
    return Grant(
        when=all_of(
            absorbs_poor_labour(firm),
            (firm.trained_poor_staff >= 1).worded("有以工代训人员", "somebody is trained at work"),
        ),
        amount=firm.trained_poor_staff * months * v.work_training_per_person_month,
    )


@benefit(
    clause="a16.09",
    zh="扶贫资金一次性奖励",
    en="one-off county reward",
    fund=POVERTY_FUND,
    once_per=("enterprise",),
)
def county_absorption_reward(firm: Enterprise, v: Values) -> Grant:
    """A county with the means may add one reward out of the poverty relief fund for such an employer of many.

    Reading: on top of the award, not instead of it.
    """
    return Grant(when=all_of(absorbs_many(firm, v), firm.county_has_means), amount=v.county_reward)
