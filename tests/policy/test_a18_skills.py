"""Article 18: training subsidies."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

STAFF = {
    "organised_by_enterprise": True,
    "training_type": "staff_online",
    "is_new_hire": False,
    "migrant_worker": False,
    "college_graduate": False,
}
PRE_JOB = {**STAFF, "training_type": "pre_job", "is_new_hire": True, "migrant_worker": True}
YOUNG = {
    "training_type": "labour_preparation",
    "training_started_on": "2020-10-08",
    "school_leaver_not_continuing": False,
    "registered_unemployed": True,
    "birth_date": "1999-10-09",
}
LEAVER = {**YOUNG, "school_leaver_not_continuing": True, "registered_unemployed": False}
OWNER = {
    "training_type": "startup",
    "small_firm_owner": True,
    "business_started_on": "2015-12-01",
    "approved_body": False,
    "internet_plus": False,
    "during_epidemic": False,
}
ONLINE = {
    **OWNER,
    "small_firm_owner": False,
    "approved_body": True,
    "internet_plus": True,
    "during_epidemic": True,
}
SUMS = {"training_per_person": {"staff_online": 200, "staff_offline": 450, "pre_job": 300.55}}


def test_a_listed_major_needs_a_degree_and_a_degree_a_listed_major():
    each_condition_counts(
        "exam_free_certificate",
        {"college_graduate": True, "major_on_list": True},
        {"college_graduate": False, "major_on_list": False},
    )


@pytest.mark.parametrize(("kind", "expected"), [("staff_online", "200.00"), ("staff_offline", "450.00")])
def test_staff_training_is_paid_for_everybody(kind: str, expected: str):
    facts = {"organised_by_enterprise": True, "training_type": kind}
    assert yuan("enterprise_training_subsidy", facts, **SUMS) == expected


@pytest.mark.parametrize(
    ("new", "migrant", "graduate", "expected"),
    [
        (True, True, False, "eligible"),
        (True, False, True, "eligible"),
        (True, True, None, "eligible"),
        (True, False, False, "ineligible"),
        (False, True, True, "ineligible"),
        (None, True, True, "undetermined"),
        (None, False, False, "ineligible"),
        (True, None, False, "undetermined"),
    ],
)
def test_training_before_the_job_is_for_new_migrant_workers_and_graduates(
    new: bool | None, migrant: bool | None, graduate: bool | None, expected: str
):
    facts = {**PRE_JOB, "is_new_hire": new, "migrant_worker": migrant, "college_graduate": graduate}
    assert verdict("enterprise_training_subsidy", facts) == expected


@pytest.mark.parametrize("kind", ["labour_preparation", "startup"])
def test_other_courses_are_not_training_of_a_firm(kind: str):
    assert verdict("enterprise_training_subsidy", {**PRE_JOB, "training_type": kind}) == "ineligible"


def test_an_unknown_course_of_a_new_migrant_worker_leaves_the_verdict_open():
    found = answer("enterprise_training_subsidy", without(PRE_JOB, "training_type"))
    assert (found.verdict, found.missing) == ("undetermined", ["training_type"])


def test_the_sum_of_an_unset_kind_of_training_is_unknown():
    found = answer(
        "enterprise_training_subsidy", PRE_JOB, values={"training_per_person": {"staff_online": 200}}
    )
    assert (found.verdict, found.yuan, found.unset) == ("eligible", "?", ["training_per_person"])


def test_one_number_stands_for_every_kind_of_training():
    assert yuan("enterprise_training_subsidy", PRE_JOB, training_per_person=500) == "500.00"
    assert yuan("enterprise_training_subsidy", STAFF, training_per_person=500) == "500.00"


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("2019-12-31", "ineligible"),
        ("2020-01-01", "eligible"),
        ("2020-12-31", "eligible"),
        ("2021-01-01", "ineligible"),
    ],
)
def test_labour_preparation_belongs_to_2020_by_its_first_day(started: str, expected: str):
    facts = {**LEAVER, "training_started_on": started}
    assert verdict("labour_preparation_subsidy", facts, "2021-02-01") == expected
    assert verdict("labour_preparation_living_allowance", {**facts, "rural": True}, "2021-02-01") == expected


@pytest.mark.parametrize(
    ("born", "started", "expected"),
    [
        ("1999-10-09", "2020-10-08", "eligible"),  # the last day of being 20
        ("1999-10-08", "2020-10-08", "ineligible"),  # 21 on the first day
        ("2000-02-29", "2020-02-28", "eligible"),
        ("2005-05-05", "2020-10-08", "eligible"),
    ],
)
def test_registered_unemployed_people_are_twenty_or_younger_on_the_first_day(
    born: str, started: str, expected: str
):
    facts = {**YOUNG, "birth_date": born, "training_started_on": started}
    assert verdict("labour_preparation_subsidy", facts) == expected


def test_school_leavers_have_no_limit_of_age():
    assert yuan(
        "labour_preparation_subsidy", {**LEAVER, "birth_date": "1970-01-01"}, labour_preparation_amount=800
    ) == ("800.00")
    assert (
        verdict("labour_preparation_subsidy", without(LEAVER, "birth_date", "registered_unemployed"))
        == "eligible"
    )


def test_every_condition_of_labour_preparation_counts():
    each_condition_counts(
        "labour_preparation_subsidy",
        YOUNG,
        {
            "training_type": "pre_job",
            "training_started_on": "2021-01-01",
            "registered_unemployed": False,
            "birth_date": "1999-10-08",
        },
    )


@pytest.mark.parametrize(
    ("rural", "hardship", "expected"),
    [
        (True, True, "eligible"),
        (True, None, "eligible"),
        (None, True, "eligible"),
        (False, False, "ineligible"),
        (False, None, "undetermined"),
    ],
)
def test_either_trait_opens_one_living_allowance(rural: bool | None, hardship: bool | None, expected: str):
    facts = {**YOUNG, "rural": rural, "hardship_family": hardship}
    found = answer("labour_preparation_living_allowance", facts, values={"labour_preparation_living": 600})
    assert found.verdict == expected
    if expected == "eligible":
        assert found.yuan == "600.00"


def test_unset_sums_of_labour_preparation_are_named():
    assert answer("labour_preparation_subsidy", YOUNG).unset == ["labour_preparation_amount"]
    living = answer("labour_preparation_living_allowance", {**YOUNG, "rural": True})
    assert (living.verdict, living.yuan, living.unset) == ("eligible", "?", ["labour_preparation_living"])


@pytest.mark.parametrize(
    ("started", "on", "expected"),
    [
        ("2015-12-01", "2020-12-01", "eligible"),
        ("2015-11-30", "2020-12-01", "ineligible"),
        ("2016-02-29", "2021-02-28", "eligible"),
        ("2016-02-29", "2021-03-01", "ineligible"),
        ("2020-12-02", "2020-12-01", "ineligible"),
    ],
)
def test_owners_of_small_firms_are_paid_for_in_the_first_five_years(started: str, on: str, expected: str):
    facts = {**OWNER, "business_started_on": started}
    assert verdict("startup_training_subsidy", facts, on) == expected


@pytest.mark.parametrize("fact", ["approved_body", "internet_plus", "during_epidemic"])
def test_all_three_traits_of_the_online_course_are_needed(fact: str):
    assert yuan("startup_training_subsidy", ONLINE, startup_training_amount=1234.56) == "1234.56"
    assert verdict("startup_training_subsidy", {**ONLINE, fact: False}) == "ineligible"
    assert verdict("startup_training_subsidy", without(ONLINE, fact)) == "undetermined"


def test_an_old_firm_is_no_harm_to_the_online_course_and_the_reverse():
    assert verdict("startup_training_subsidy", {**ONLINE, "business_started_on": "1999-01-01"}) == "eligible"
    one_branch = without(OWNER, "approved_body", "internet_plus", "during_epidemic")
    assert verdict("startup_training_subsidy", one_branch) == "eligible"
    assert verdict("startup_training_subsidy", {**OWNER, "training_type": "pre_job"}) == "ineligible"
