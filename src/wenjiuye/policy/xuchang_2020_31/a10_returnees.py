"""Article 10: people who come back to start a business, their parks, projects and service centres."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import OfficeReport, Person, Venue
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY
from wenjiuye.rules import DECISION, Grant, Values, all_of, benefit, negate, quota


@quota(clause="a10.01", zh="乡村产业用地占比", en="land for rural industry")
def rural_industry_land(report: OfficeReport, v: Values) -> Grant:
    """Of the construction land that a county or township plan allots, a tenth at least is for rural industry.

    Reading: an area against an area, exact; a plan that allots no land has no share, so it stays
    undetermined.
    """
    share = report.rural_industry_land_quota / report.construction_land_quota
    return Grant(when=share >= v.rural_industry_land_share)


@benefit(
    clause="a10.08",
    zh="返乡首次创业补贴",
    en="start-up subsidy for returnees",
    fund=EMPLOYMENT_SUBSIDY,
    once_per=("person",),
)
def returnee_startup_subsidy(person: Person, v: Values) -> Grant:
    """One sum for a returnee whose first business has run without a break for a year or longer.

    Reading: the year runs from the business licence to the decision, its anniversary included; one sum per
    person, whatever the number of owners. Other reading: per business; the clause speaks of people. The
    fund is not named; the province pays its own start-up subsidy out of the employment subsidy fund.
    """
    open_long_enough = person.business_started_on.plus(years=v.returnee_startup_years) <= DECISION
    return Grant(
        when=all_of(
            person.returnee,
            person.first_startup,
            open_long_enough.worded("开业已满规定年限", "in business for the years that the clause asks for"),
            person.operating_normally,
            negate(person.granted_before),
        ),
        amount=v.returnee_startup_amount,
    )


@benefit(clause="a10.12", zh="返乡创业示范园区奖补", en="award for returnee parks", fund=EMPLOYMENT_SUBSIDY)
def returnee_park_award(venue: Venue, v: Values) -> Grant:
    """One award for a park that the city recognised as a model park of returnees.

    Reading: once for a park, in whatever year; the award of article 8 for an incubator is not set off,
    because the text says nothing of it. The fund is not named; read as the start-up subsidy of this
    article.
    """
    return Grant(
        when=all_of(venue.recognised_returnee_model_park, negate(venue.awarded_before)),
        amount=v.returnee_park_amount,
    )


@benefit(
    clause="a10.14", zh="返乡创业示范项目奖补", en="award for returnee projects", fund=EMPLOYMENT_SUBSIDY
)
def returnee_project_award(venue: Venue, v: Values) -> Grant:
    """One award, up to a ceiling, for a project selected as a model of returnee business.

    Reading: who selects also sets the sum; until it is set the ceiling is told, and a higher sum counts as
    the ceiling. The fund is not named; read as the start-up subsidy of this article.
    """
    decided = venue.award_decided.or_else(v.returnee_project_most)
    return Grant(
        when=all_of(venue.selected_returnee_project, negate(venue.awarded_before)),
        up_to=decided.at_most(v.returnee_project_most),
    )


@quota(clause="a10.16", zh="返乡创业服务中心全覆盖", en="returnee service centres everywhere")
def returnee_centre_coverage(report: OfficeReport, _v: Values) -> Grant:
    """Every county with many people working away has a standard service centre for returnees.

    Reading: "many" is the report's own count; no such county at all means that none lacks a centre.
    """
    return Grant(when=report.counties_with_standard_centre == report.counties_with_many_outworkers)
