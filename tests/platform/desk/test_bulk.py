"""Many claims at once: shown first, then done with each as it was shown; one that fails is named and stops no other."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from claim_factory import make_claim
from django.test import Client
from officers import officer, signed_in

from wenjiuye.platform.accounts.models import User, today
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims import bulk as service
from wenjiuye.platform.claims.casework import assign
from wenjiuye.platform.claims.models import Claim, Handover, SamplingRate
from wenjiuye.platform.claims.models.decision import Outcome
from wenjiuye.platform.claims.reviewing import review
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.views import bulk
from wenjiuye.platform.jobs import running
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.letters.errors import LetterError
from wenjiuye.platform.record.context import on_record

pytestmark = pytest.mark.django_db

LETTER_AFTER = "wenjiuye.platform.desk.bulk_jobs.letter_after"


@pytest.fixture(autouse=True)
def no_sample() -> None:
    with on_record("test", "no sample"):
        SamplingRate.objects.update(per_mille=0)


@pytest.fixture
def clerk() -> User:
    return officer(Role.CLERK, "weidu")


@pytest.fixture
def reviewer() -> User:
    return officer(Role.REVIEWER, "weidu", name="王敏")


@pytest.fixture
def approver() -> User:
    return officer(Role.APPROVER, "weidu")


def preview(user: User, step: str, *claims: Claim, **more: Any) -> Any:
    sent = {"step": step, "query": "view=mine", "number": [claim.number for claim in claims], **more}
    return signed_in(user).post("/bulk/preview/", sent, follow=True)


def confirm(user: User, answer: Any) -> Any:
    """Press the button of a preview: send what its form has."""
    form = answer.content.decode().split('action="/bulk/"')[1].split("</form>")[0]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(value)
    del sent["csrfmiddlewaretoken"]
    return carried_out(user, sent)


def carried_out(user: User, sent: dict[str, Any]) -> Any:
    """Send a confirmation, let a worker do the job that it started, and look at the page of it."""
    client = signed_in(user)
    job = start(client, sent)
    running.run(job.split("/")[-2])
    return client.get(job)


def start(client: Client, sent: dict[str, Any]) -> str:
    """Send a confirmation; the address of the job."""
    answer = client.post("/bulk/", sent)
    assert answer.status_code == 302
    return answer.headers["Location"]


def confirmation(step: str, *claims: Claim, **more: Any) -> dict[str, Any]:
    versions = [f"{claim.number}:{fresh(claim).version}" for claim in claims]
    return {"step": step, "version": versions, "query": "", **more}


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def test_nothing_selected_is_a_message_and_no_error(reviewer: User):
    answer = preview(reviewer, "review")
    assert answer.redirect_chain == [("/?view=mine", 302)]
    assert "还没有选中申请" in answer.content.decode()


def test_a_preview_says_which_go_on_which_do_not_and_what_they_come_to(clerk: User, reviewer: User):
    one, two = (make_claim(clerk, State.ACCEPTED, fen=fen) for fen in (100_000, 250_050))
    open_one = make_claim(clerk, State.ACCEPTED, verdict="undetermined", missing=("contract_months",))
    refused = make_claim(
        clerk, State.ACCEPTED, verdict="ineligible", failing=({"zh": "合同不满1年", "en": "too short"},)
    )
    answer = preview(reviewer, "review", one, two, open_one, refused)
    assert {line.claim for line in answer.context["ready"]} == {one, two}
    assert answer.context["sum_fen"] == 350_050
    reasons = {line.claim: "".join(line.why_not) for line in answer.context["blocked"]}
    assert "缺" in reasons[open_one]
    assert "合同不满1年" in reasons[refused]
    text = answer.content.decode()
    assert "3,500.50" in text
    assert "初审通过这 2 件" in text
    assert fresh(one).state == State.ACCEPTED


def test_what_was_previewed_is_done(
    clerk: User, reviewer: User, approver: User, monkeypatch: pytest.MonkeyPatch
):
    letters: list[str] = []
    monkeypatch.setattr(LETTER_AFTER, lambda claim, _by: letters.append(claim.number))
    claims = [make_claim(clerk, State.ACCEPTED) for _number in range(3)]
    done = confirm(reviewer, preview(reviewer, "review", *claims))
    assert "3 件已办好" in done.content.decode()
    assert {(fresh(claim).state, fresh(claim).turn) for claim in claims} == {("under_review", "approver")}
    done = confirm(approver, preview(approver, "approve", *claims))
    assert "3 件已办好" in done.content.decode()
    assert {fresh(claim).state for claim in claims} == {"approved"}
    assert letters == [claim.number for claim in claims] * 2


def test_one_that_was_changed_meanwhile_is_named_and_the_others_go_on(clerk: User, reviewer: User):
    one, two = (make_claim(clerk, State.ACCEPTED) for _number in range(2))
    answer = preview(reviewer, "review", one, two)
    assign(two.number, reviewer, reviewer, version=None)
    done = confirm(reviewer, answer)
    assert done.context["done"] == [one.number]
    ((number, why),) = done.context["failed"]
    assert number == two.number
    assert "被别人改过" in why
    assert fresh(two).state == State.ACCEPTED


def test_sending_the_same_confirmation_twice_decides_nothing_twice(clerk: User, reviewer: User):
    claim = make_claim(clerk, State.ACCEPTED)
    answer = preview(reviewer, "review", claim)
    confirm(reviewer, answer)
    again = confirm(reviewer, answer)
    assert again.context["done"] == [claim.number]
    assert BackgroundJob.objects.count() == 1
    assert fresh(claim).decisions.count() == 1


def test_a_key_of_somebody_elses_job_is_refused(clerk: User, reviewer: User):
    sent = confirmation("review", make_claim(clerk, State.ACCEPTED), key=str(uuid.uuid4()))
    start(signed_in(reviewer), sent)
    assert signed_in(officer(Role.REVIEWER, "weidu")).post("/bulk/", sent).status_code == 403


def test_a_job_whose_worker_died_goes_on_and_decides_nothing_twice(clerk: User, reviewer: User):
    one, two = (make_claim(clerk, State.ACCEPTED) for _number in range(2))
    client = signed_in(reviewer)
    address = start(client, confirmation("review", one, two))
    review(one.number, reviewer, Outcome.GRANT, version=None)
    running.run(address.split("/")[-2])
    found = client.get(address)
    assert (found.context["already"], found.context["done"]) == ([one.number], [two.number])
    assert found.context["failed"] == []
    assert "没有办第二次" in found.content.decode()
    assert fresh(one).decisions.count() == 1


def test_an_officer_whose_post_has_ended_meanwhile_decides_nothing(clerk: User, reviewer: User):
    claim = make_claim(clerk, State.ACCEPTED)
    address = start(signed_in(reviewer), confirmation("review", claim))
    with on_record("test", "left"):
        yesterday = today() - dt.timedelta(days=1)
        reviewer.appointments.update(starts_on=yesterday, ends_on=yesterday)
    running.run(address.split("/")[-2])
    ((number, why),) = BackgroundJob.objects.get().arguments["outcome"]["failed"]
    assert (number, why) == (claim.number, "不在你的权限内。")
    assert fresh(claim).state == State.ACCEPTED


def test_a_decision_in_bulk_goes_with_its_letter_or_is_not_made(
    clerk: User, reviewer: User, approver: User, monkeypatch: pytest.MonkeyPatch
):
    one, two = (make_claim(clerk, State.UNDER_REVIEW, reviewer=reviewer) for _number in range(2))

    def letter(claim: Claim, by: User) -> None:
        if claim.number == one.number:
            raise LetterError("没有单位名称")

    monkeypatch.setattr(LETTER_AFTER, letter)
    done = confirm(approver, preview(approver, "approve", one, two))
    assert done.context["failed"] == [[one.number, "没有单位名称"]]
    assert (fresh(one).state, fresh(two).state) == ("under_review", "approved")


def test_until_a_worker_has_done_it_the_page_says_how_far_it_is(clerk: User, reviewer: User):
    client = signed_in(reviewer)
    address = start(client, confirmation("review", make_claim(clerk, State.ACCEPTED)))
    assert "排队中" in client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="bulk-job"')
    assert signed_in(officer(Role.REVIEWER, "weidu")).get(address).status_code == 404


def test_whoever_reviewed_cannot_approve_in_bulk_either(clerk: User, reviewer: User):
    claim = make_claim(clerk, State.UNDER_REVIEW, reviewer=reviewer)
    with on_record("test", "test"):
        reviewer.appointments.update(role=Role.APPROVER)
    answer = preview(reviewer, "approve", claim)
    assert answer.context["ready"] == []
    assert "另一人审批" in answer.context["blocked"][0].why_not[0]


def test_claims_of_another_county_are_left_out_and_counted(clerk: User, reviewer: User):
    mine = make_claim(clerk, State.ACCEPTED)
    other = make_claim(clerk, State.ACCEPTED, county="jianan")
    answer = preview(reviewer, "review", mine, other)
    assert answer.context["unseen"] == 1
    assert "有 1 件不在你的权限内" in answer.content.decode()
    assert other.number not in answer.content.decode().split("<main")[1].split('type="hidden"')[0]
    done = carried_out(reviewer, confirmation("review", other))
    assert done.context["failed"] == [[other.number, "不在你的权限内。"]]
    assert fresh(other).state == State.ACCEPTED


def test_the_whole_list_can_be_selected_as_it_is_filtered(clerk: User, reviewer: User):
    wanted = [make_claim(clerk, State.ACCEPTED, fen=900_000) for _number in range(3)]
    make_claim(clerk, State.ACCEPTED)
    answer = preview(reviewer, "review", query="view=mine&from=5000", everything="1")
    assert {line.claim for line in answer.context["ready"]} == set(wanted)


def test_too_many_at_once_is_said(clerk: User, reviewer: User, monkeypatch: pytest.MonkeyPatch):
    for module in (bulk, service):
        monkeypatch.setattr(module, "MOST", 2)
    claims = [make_claim(clerk, State.ACCEPTED) for _number in range(3)]
    for more in ({}, {"everything": "1"}):
        answer = preview(reviewer, "review", *claims, **more)
        assert answer.redirect_chain == [("/?view=mine", 302)]
        assert "一次最多办 2 件" in answer.content.decode()
    assert preview(reviewer, "review", *claims[:2]).status_code == 200


@pytest.mark.parametrize(
    ("role", "step"), [(Role.CLERK, "review"), (Role.REVIEWER, "approve"), (Role.AUDITOR, "assign")]
)
def test_a_step_that_is_not_the_officers_is_refused(clerk: User, role: Role, step: str):
    claim = make_claim(clerk, State.ACCEPTED)
    user = officer(role, "weidu")
    assert preview(user, step, claim).status_code == 403
    sent = {"step": step, "version": [f"{claim.number}:{claim.version}"]}
    assert signed_in(user).post("/bulk/", sent).status_code == 403
    assert f'name="step" value="{step}"' not in signed_in(user).get("/claims/").content.decode()


# ── Handing over


def test_claims_are_handed_over_to_whoever_can_work_on_them(clerk: User, reviewer: User):
    colleague = officer(Role.REVIEWER, "weidu", name="李建芳")
    other_county = officer(Role.REVIEWER, "jianan")
    mine, clerks = make_claim(clerk, State.ACCEPTED), make_claim(clerk, State.SUBMITTED)
    paid = make_claim(clerk, State.PAID)
    answer = preview(reviewer, "assign", mine, clerks, paid)
    assert {colleague, reviewer, clerk} <= set(answer.context["candidates"])
    assert other_county not in answer.context["candidates"]
    assert "移交这" not in answer.content.decode()
    answer = preview(reviewer, "assign", mine, clerks, paid, to=str(colleague.pk), reason="出差")
    assert [line.claim for line in answer.context["ready"]] == [mine]
    reasons = {line.claim: line.why_not[0] for line in answer.context["blocked"]}
    assert reasons == {clerks: "李建芳不是这里的窗口受理员。", paid: "现在轮到已办结，不用移交。"}
    done = confirm(reviewer, answer)
    assert done.context["done"] == [mine.number]
    assert fresh(mine).assigned_to == colleague
    handover = Handover.objects.get()
    assert (handover.by, handover.to_user, handover.reason) == (reviewer, colleague, "出差")


def test_claims_are_put_back_for_all(clerk: User, reviewer: User):
    claim = make_claim(clerk, State.ACCEPTED, assigned_to=reviewer)
    free = make_claim(clerk, State.ACCEPTED)
    answer = preview(reviewer, "assign", claim, free, to="all")
    assert [line.claim for line in answer.context["ready"]] == [claim]
    confirm(reviewer, answer)
    assert fresh(claim).assigned_to is None


def test_nobody_takes_claims_over_who_has_been_blocked_meanwhile(clerk: User, reviewer: User):
    colleague = officer(Role.REVIEWER, "weidu")
    claim = make_claim(clerk, State.ACCEPTED)
    address = start(signed_in(reviewer), confirmation("assign", claim, to=str(colleague.pk)))
    with on_record("test", "left"):
        User.objects.filter(pk=colleague.pk).update(is_active=False)
    running.run(address.split("/")[-2])
    assert "接手的人已经停用" in signed_in(reviewer).get(address).content.decode()
    assert fresh(claim).assigned_to is None
