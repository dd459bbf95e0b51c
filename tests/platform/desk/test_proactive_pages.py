"""Proactive lists on the desk: put down, tried, confirmed; and the record as an auditor sees it."""

from __future__ import annotations

import io

import pytest
from casework import FAILED_HIRE, HIRE, Officers
from officers import signed_in

from wenjiuye.platform.claims.models import Claim, ProactiveRun
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run as run_job


def listed(*keys: str) -> io.BytesIO:
    file = io.BytesIO(
        "".join(["序号 / rank,编号 / id\n", *(f"1,{key}\n" for key in keys)]).encode("utf-8-sig")
    )
    file.name = "hiring_subsidy.csv"
    return file


def work_off() -> None:
    """What the worker would do now."""
    for job in BackgroundJob.objects.filter(state="waiting").order_by("created_at"):
        run_job(str(job.pk))


def test_a_list_goes_from_the_file_to_the_claims(officers: Officers):
    client = signed_in(officers.policy)
    said = {"measure": "hiring_subsidy", "county": "", "on": "2020-12-01", "list": listed(HIRE, FAILED_HIRE)}
    answer = client.post("/proactive/new/", said)
    run = ProactiveRun.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/proactive/{run.pk}/")
    assert "排队中" in client.get(answer.url).content.decode()
    work_off()
    page = client.get(answer.url).content.decode()
    assert "开立 1 件申请" in page
    assert "现在不符合" in page
    assert Claim.objects.count() == 0
    client.post(f"/proactive/{run.pk}/confirm/")
    work_off()
    assert Claim.objects.get().source == "proactive"
    assert "开立 1 件申请" not in client.get(answer.url).content.decode()
    assert "hiring_subsidy.csv" in client.get(answer.url).content.decode()
    assert client.get("/proactive/").status_code == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"on": "1. Dezember"}, "决定日"),
        ({"list": ""}, "请选择名单文件"),
        ({"measure": "nothing"}, "没有这个事项"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_on_the_form(officers: Officers, said: dict[str, str], words: str):
    whole = {"measure": "hiring_subsidy", "county": "", "on": "2020-12-01", "list": listed(HIRE), **said}
    answer = signed_in(officers.policy).post("/proactive/new/", whole)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_dropped_list_opens_nothing(officers: Officers):
    client = signed_in(officers.policy)
    client.post(
        "/proactive/new/",
        {"measure": "hiring_subsidy", "county": "", "on": "2020-12-01", "list": listed(HIRE)},
    )
    run = ProactiveRun.objects.get()
    work_off()
    client.post(f"/proactive/{run.pk}/drop/")
    client.post(f"/proactive/{run.pk}/confirm/")
    work_off()
    assert Claim.objects.count() == 0


def test_the_record_is_read_by_the_auditor_and_says_that_the_chain_is_whole(
    accepted: Claim, officers: Officers
):
    page = signed_in(officers.auditor).get("/record/?verify").content.decode()
    assert accepted.number in page
    assert "链完整" in page
    assert signed_in(officers.auditor).get(f"/record/?subject={accepted.number}").status_code == 200
    assert signed_in(officers.auditor).get("/record/looks/").status_code == 200
    assert signed_in(officers.clerk).get("/record/").status_code == 403
