"""Article 13: job-search subsidies and the rights of graduates who left school without work."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Person
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY
from wenjiuye.rules import DECISION, Condition, Grant, Values, all_of, benefit, negate, right


def left_without_work(person: Person, v: Values) -> Condition:
    """A college graduate without work, in the 2 years after leaving school."""
    soon_enough = DECISION.within(person.left_school_on, years=v.file_retention_years)
    return all_of(
        person.college_graduate,
        negate(person.employed),
        soon_enough.worded("在离校后规定年限内", "within the years allowed after leaving school"),
    )


@benefit(
    clause="a13.05",
    zh="困难毕业生求职创业补贴",
    en="job-search subsidy for hardship graduates",
    fund=EMPLOYMENT_SUBSIDY,
    once_per=("person",),
)
def hardship_graduate_subsidy(person: Person, v: Values) -> Grant:
    """One sum for a student in the final school year who belongs to one of six groups of hardship.

    Reading: the six groups are those of the province's rule for 2020; the text only gives their number. The
    final school year starts in July, which is why it is a fact of its own and not the year of graduation.
    """
    in_one_of_six_groups = person.hardship_category.is_in(
        "dibao_family",
        "disabled",
        "student_loan",
        "poverty_registered_family",
        "poor_disabled_family",
        "special_hardship",
    )
    return Grant(
        when=all_of(
            person.college_student,
            person.in_final_school_year,
            in_one_of_six_groups,
            negate(person.granted_before),
        ),
        amount=v.hardship_graduate_amount,
    )


@benefit(
    clause="a13.07",
    zh="实名登记毕业生求职创业补贴",
    en="job-search subsidy for registered graduates",
    fund=EMPLOYMENT_SUBSIDY,
    once_per=("person",),
)
def registered_graduate_subsidy(person: Person, v: Values) -> Grant:
    """One sum for a graduate without work who looks for it and registered by real name at a public agency.

    Reading: once, though the word that the hardship subsidy has is missing here; no limit of years since
    leaving school; both subsidies are possible for one person, because one is before and one after leaving.
    """
    return Grant(
        when=all_of(
            person.college_graduate,
            negate(person.employed),
            person.seeking_work,
            person.real_name_registered,
            negate(person.granted_before),
        ),
        amount=v.registered_graduate_amount,
    )


@right(clause="a13.08", zh="延迟离校手续时限顺延", en="later deadlines after leaving school late")
def late_leaver_deadlines(person: Person, v: Values) -> Grant:
    """Graduates of 2020 whose school let them go late report, move their file and register later in step.

    Reading: "in step" means by as many days as they left late; those days are told, no condition reads
    them.
    """
    return Grant(
        when=all_of(person.graduation_year == v.late_leaver_graduation_year, person.left_school_late),
        shows=(person.delay_days,),
    )


@right(clause="a13.09", zh="户口档案保留", en="household register and file kept at the school")
def file_retention(person: Person, v: Values) -> Grant:
    """A graduate without work may leave register and file at the school for 2 years, or move them home.

    Reading: the 2 years run from leaving school to the decision, the anniversary included.
    """
    return Grant(when=left_without_work(person, v))


@right(clause="a13.10", zh="以应届毕业生身份应考录用", en="treated as a fresh graduate")
def fresh_graduate_status(person: Person, v: Values) -> Grant:
    """A graduate without work may sit examinations and be hired as a fresh graduate.

    Reading: within the same 2 years. Other reading: without an end, because the grammar ties the 2 years to
    the school alone; a status of freshness without an end would have no sense.
    """
    return Grant(when=left_without_work(person, v))
