"""Article 8: venues for start-ups."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Person, Venue
from wenjiuye.policy.xuchang_2020_31.funds import COUNTY_BUDGET, EMPLOYMENT_SUBSIDY
from wenjiuye.rules import Grant, Values, all_of, benefit, negate, right


@benefit(
    clause="a08.05",
    zh="市级创业孵化载体奖补",
    en="award of an incubation base or platform",
    fund=EMPLOYMENT_SUBSIDY,
)
def incubator_award(venue: Venue, v: Values) -> Grant:
    """A recognised incubation base or platform that reaches the city's standard gets an award once.

    Reading: being recognised and reaching the standard are two tests; an award in any earlier year
    excludes. Other reading: recognition by the city is itself the standard. The payer is not named;
    the employment subsidy fund is taken, which the province lets pay for incubation bases.
    """
    return Grant(
        when=all_of(
            venue.recognised_venue_kind.is_in("incubation_base", "new_platform"),
            venue.reaches_city_standard,
            negate(venue.awarded_before),
        ),
        amount=v.incubator_award_amount,
    )


@benefit(
    clause="a08.07",
    zh="孵化载体场地费用补贴",
    en="subsidy for the costs of a venue",
    fund=COUNTY_BUDGET,
    pays_for="venue_costs",
)
def venue_cost_subsidy(venue: Venue, v: Values) -> Grant:
    """Counties and departments may bear a share of rent, water, electricity and network of a venue
    that takes on public services.

    Reading: the venues are meant, not the services, where the pronoun allows both; the share is
    local. A cost that article 11 subsidises is not counted here, nor the reverse.
    """
    return Grant(when=venue.carries_public_services, amount=venue.venue_costs * v.venue_cost_share)


@right(clause="a08.08", zh="政府投资载体免费场地", en="free place in a public venue")
def free_venue_place(person: Person, _: Values) -> Grant:
    """Venues built with public money keep places that key groups use free of charge.

    Reading: how many places is left open, so it only counts whether one is free. The list of groups
    is open in the text: a city that lets another in adds it to the members, and whoever is "other" is
    out.
    """
    return Grant(
        when=all_of(
            person.venue_built_by_government,
            person.key_group.is_in("college_graduate", "unemployed", "veteran", "migrant_worker"),
            person.free_place_available,
        )
    )
