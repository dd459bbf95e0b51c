"""A list of entitled people becomes claims: tried first, opened once, decided anew row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework import FAILED_HIRE, HIRE, ON, Officers, make_officer
from django.core.exceptions import PermissionDenied

from wenjiuye.platform.claims import proactive
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run as run_job


def test_a_list_is_tried_before_anything_is_opened(officers: Officers):
    run = proactive.plan("hiring_subsidy", [HIRE, FAILED_HIRE, "J-gone"], ON, officers.policy, source="lists")
    run = proactive.try_out(run, officers.policy)
    assert [row["outcome"] for row in run.rows] == ["ready", "not_eligible", "gone"]
    assert run.preview == {"counts": {"ready": 1, "not_eligible": 1, "gone": 1}, "sum_fen": 100_000}
    assert Claim.objects.count() == 0
    (claim,) = proactive.confirm(run, officers.policy)
    assert (claim.source, claim.state, claim.turn) == ("proactive", "draft", "claimant")
    with pytest.raises(ClaimError, match="已经开立"):
        proactive.confirm(run, officers.policy)
    assert Claim.objects.count() == 1


def test_who_has_a_claim_already_gets_no_second_one(officers: Officers):
    open_claim(NewClaim("hiring_subsidy", HIRE, ON), officers.clerk)
    run = proactive.try_out(
        proactive.plan("hiring_subsidy", [HIRE], ON, officers.policy, source="lists"), officers.policy
    )
    assert run.preview["counts"] == {"claimed": 1}


def test_another_county_is_left_out_and_its_names_are_not_shown(officers: Officers):
    stranger = make_officer("policy_yuzhou", "policy", "yuzhou")
    run = proactive.plan("hiring_subsidy", [HIRE], ON, stranger, source="lists", county="yuzhou")
    assert proactive.try_out(run, stranger).rows == [{"key": HIRE, "outcome": "elsewhere"}]


def test_in_the_background_it_goes_the_same_way_once(officers: Officers):
    run = proactive.plan("hiring_subsidy", [HIRE], ON, officers.policy, source="lists")
    for begin in (proactive.start_try, proactive.start_confirm, proactive.start_confirm):
        job = begin(run, officers.policy)
        run_job(str(job.pk))
    assert [one.state for one in BackgroundJob.objects.order_by("created_at")] == ["done", "done", "failed"]
    assert Claim.objects.count() == 1


def test_a_reviewer_opens_no_lists(officers: Officers):
    with pytest.raises(PermissionDenied):
        proactive.plan("hiring_subsidy", [HIRE], ON, officers.reviewer, source="lists")


def test_the_list_of_a_run_is_read_and_another_file_is_refused(tmp_path: Path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("序号 / rank,编号 / id\n1,J01\n2,J02\n3,J01\n", "utf-8-sig")
    bad.write_text("a,b\n1,2\n", "utf-8")
    assert proactive.listed(good) == ["J01", "J02"]
    with pytest.raises(ClaimError, match=r"bad\.csv"):
        proactive.listed(bad)
