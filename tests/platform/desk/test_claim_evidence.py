"""Evidence from the page of a claim: what is asked for, taken, shown, checked."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pytest
from case_factory import CONTRACT, attach, make_conflict, page, post, text_of, url
from casework import FAILED_HIRE, ON, Officers, fresh, picture
from django.core.files.uploadedfile import SimpleUploadedFile
from officers import signed_in

from wenjiuye.platform.claims import proof
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.privacy.models import PersonalDataAccess


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def pdf() -> BytesIO:
    paper, out = pikepdf.new(), BytesIO()
    paper.add_blank_page()
    paper.save(out)
    out.seek(0)
    return out


def test_only_what_the_claimant_alone_says_has_to_be_proved(officers: Officers):
    claim = open_claim(
        NewClaim("hire_tax_deduction", "E01", ON, declared={"income_tax_due": "900"}), officers.clerk
    )
    asked = page(officers.clerk, claim).split('id="evidence"')[1].split("</ul>")[0]
    assert asked.count('class="asked"') == 1
    assert "证明应缴企业所得税" in text_of(asked)
    attach(claim, officers.clerk, fact="income_tax_due", title="纳税申报表")
    assert 'class="asked"' not in page(officers.clerk, claim)


def test_a_file_is_taken_in_for_the_fact_that_it_proves(accepted: Claim, officers: Officers):
    client = signed_in(officers.clerk)
    answer = post(
        client,
        accepted,
        "evidence",
        form="attach",
        fact=CONTRACT,
        title="",
        file=upload(pdf().read(), "劳动合同.pdf"),
    )
    assert answer.url == f"{url(accepted)}#evidence"
    row = page(officers.clerk, accepted).split('id="evidence"')[1].split("</ul>")[0]
    assert re.search(r"劳动合同.pdf 证明合同期限 · PDF 1 页", text_of(row))


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"MZ\x90\x00", "合同.pdf", "“合同.pdf”不是可以接收的文件"),
        (picture().read(), "合同.pdf", "与文件名的后缀不一致"),
        (b"", "空.pdf", "“空.pdf”是空文件"),
    ],
)
def test_a_file_that_is_not_taken_is_told_at_its_field(
    accepted: Claim, officers: Officers, data: bytes, name: str, told: str
):
    answer = post(
        signed_in(officers.clerk), accepted, "evidence", form="attach", file=upload(data, name), title="合同"
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert re.search(r'id="form-attach-file"[^>]*aria-invalid="true"', html)
    assert re.search(r'name="title"[^>]*value="合同"', html)
    assert accepted.evidence.count() == 0


def test_without_a_file_the_field_says_so(accepted: Claim, officers: Officers):
    answer = post(signed_in(officers.clerk), accepted, "evidence", form="attach")
    assert answer.status_code == 422
    assert "请选择要上传的文件" in answer.content.decode()


def test_a_picture_is_shown_where_it_can_run_nothing_and_the_look_is_on_record(officers: Officers):
    claim = make_conflict(officers)
    (one,) = claim.evidence.all()
    answer = signed_in(officers.reviewer).get(url(claim, f"evidence/{one.pk}/"))
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    look = PersonalDataAccess.objects.get(kind="evidence")
    assert (look.user, look.reason) == (officers.reviewer, claim.number)


def test_a_pdf_is_shown_and_can_be_taken_along(accepted: Claim, officers: Officers):
    one = proof.attach(accepted.number, officers.clerk, pdf(), "合同.pdf", title="合同")
    client = signed_in(officers.reviewer)
    shown = client.get(url(accepted, f"evidence/{one.pk}/"))
    assert shown["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    taken = client.get(url(accepted, f"evidence/{one.pk}/"), {"download": ""})
    assert taken["Content-Disposition"].startswith("attachment")


def test_a_file_is_only_shown_with_its_own_claim_and_to_whoever_may(officers: Officers):
    claim = make_conflict(officers)
    (one,) = claim.evidence.all()
    other = open_claim(NewClaim("hiring_subsidy", FAILED_HIRE, ON), officers.clerk)
    assert signed_in(officers.reviewer).get(url(other, f"evidence/{one.pk}/")).status_code == 404
    assert signed_in(officers.policy).get(url(claim, f"evidence/{one.pk}/")).status_code == 403
    assert f"evidence/{one.pk}/" not in page(officers.policy, claim)


def test_a_doubt_needs_words_and_stops_the_claim(officers: Officers):
    claim = make_conflict(officers)
    (one,) = claim.evidence.all()
    client = signed_in(officers.reviewer)
    step = f"evidence/{one.pk}/check"
    assert post(client, claim, step, form=f"check:{one.pk}", good="no", note="").status_code == 422
    assert post(client, claim, step, good="no", note="第 3 页无章").status_code == 302
    shown = text_of(page(officers.reviewer, claim))
    assert "劳动合同：第 3 页无章。 轮到：申请人" in shown
    assert post(client, claim, step, good="yes").status_code == 302
    assert fresh(claim).evidence.get().check_state == "good"
