"""Article 14: posts for fresh graduates, hiring after grass-roots service, and enlistment."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, yuan

SERVED = {
    "served_below_county": True,
    "service_completed": True,
    "service_assessment_passed": True,
    "meets_province_rules": True,
}
ENLISTED = {"enlisted": True, "college_student": True, "fresh_graduate": False, "granted_before": False}


@pytest.mark.parametrize(
    ("posts", "for_graduates", "expected"),
    [
        (40, 20, "eligible"),
        (41, 20, "ineligible"),
        (1000000, 499999, "ineligible"),
        (1, 1, "eligible"),
        (7, 0, "ineligible"),
    ],
)
def test_half_of_the_new_posts_is_enough(posts: int, for_graduates: int, expected: str):
    facts = {"new_posts": posts, "new_posts_for_fresh_graduates": for_graduates}
    assert verdict("soe_graduate_share", facts) == expected


def test_a_firm_without_new_posts_has_no_share():
    nothing = answer("soe_graduate_share", {"new_posts": 0, "new_posts_for_fresh_graduates": 0})
    assert (nothing.verdict, nothing.missing) == ("undetermined", [])


def test_all_four_conditions_of_direct_hiring_count():
    each_condition_counts("grassroots_direct_hire", SERVED, dict.fromkeys(SERVED, False))


@pytest.mark.parametrize(
    ("student", "fresh", "expected"),
    [
        (True, True, "eligible"),
        (False, True, "eligible"),
        (True, None, "eligible"),
        (None, True, "eligible"),
        (False, False, "ineligible"),
        (False, None, "undetermined"),
        (None, None, "undetermined"),
    ],
)
def test_a_student_or_a_fresh_graduate_gets_the_allowance(
    student: bool | None, fresh: bool | None, expected: str
):
    facts = {**ENLISTED, "college_student": student, "fresh_graduate": fresh}
    assert verdict("enlistment_allowance", facts) == expected


def test_the_allowance_is_one_sum_for_someone_who_is_both():
    assert yuan("enlistment_allowance", {**ENLISTED, "fresh_graduate": True}) == "5000.00"
    each_condition_counts("enlistment_allowance", ENLISTED, {"enlisted": False, "granted_before": True})
