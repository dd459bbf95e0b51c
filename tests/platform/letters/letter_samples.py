"""Letters short and long, of both outcomes, made from receipts of the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from wenjiuye.platform.letters.data import (
    Accepted,
    Appeal,
    Condition,
    Correction,
    Granted,
    Matter,
    Reasons,
    Received,
    Refused,
    Wanted,
)
from wenjiuye.platform.letters.reasons import from_receipt
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.receipt import receipt
from wenjiuye.rules.record import read_flat

DAY = dt.date(2020, 12, 1)
HIRE = {
    "size": "small",
    "counted_in_epidemic_hiring": False,
    "hired_on": "2020-06-01",
    "contract_months": 12,
    "social_insurance_paid": True,
    "months_registered_unemployed": 8,
    "college_graduate": False,
}
MATTER = Matter(
    office=Bilingual("许昌市建安区人力资源和社会保障局", "Human Resources and Social Security Bureau of Jian'an"),
    contact=Bilingual("政务服务中心三楼 12 号窗口，工作日 9:00–17:00，0374-0000000",
                      "Service centre, floor 3, counter 12, working days 9:00–17:00, 0374-0000000"),
    officer="王宁",
    number="建人社就〔2020〕17号",
    claim="JA-2020-000123",
    applicant="禾木家居有限公司",
    person=False,
    measure=Bilingual("中小微企业一次性吸纳就业补贴", "One-off hiring subsidy for small firms"),
    policy=Bilingual("许政〔2020〕31号", "Xuzheng [2020] No. 31"),
    clause="a01.06",
    date=DAY,
)  # fmt: skip
APPEAL = Appeal(
    Bilingual("许昌市建安区人民政府", "the People's Government of Jian'an District"),
    Bilingual("许昌市魏都区人民法院", "the People's Court of Weidu District"),
)


def decided(measure: str, facts: dict[str, Any], on: dt.date = DAY) -> dict[str, Any]:
    """The receipt of a decision of the policy."""
    known = policy()
    return receipt(known, known.measures[measure], read_flat(known.facts, facts), on)


def reasons(measure: str, facts: dict[str, Any], on: dt.date = DAY) -> Reasons:
    return from_receipt(decided(measure, facts, on), policy())


def matter_of(measure: str, **more: Any) -> Matter:
    found = policy().measures[measure]
    return replace(MATTER, measure=Bilingual(found.zh, found.en), clause=found.clause, **more)


def granted(**more: Any) -> Granted:
    """A sum reckoned by a formula."""
    facts = {**HIRE, "employer_contributions_paid_per_month": "620.50", "months_paid": 6, "months_granted": 0}
    return replace(
        Granted(
            matter=matter_of("hiring_insurance_subsidy"),
            reasons=reasons("hiring_insurance_subsidy", facts),
            appeal=APPEAL,
            amount_fen=372_300,
            since=dt.date(2020, 6, 1),
            until=dt.date(2020, 11, 30),
        ),
        **more,
    )


def refused(**more: Any) -> Refused:
    """One condition fails that the applicant could bring about."""
    return replace(
        Refused(
            matter=MATTER, reasons=reasons("hiring_subsidy", {**HIRE, "contract_months": 6}), appeal=APPEAL
        ),
        **more,
    )


def correction(**more: Any) -> Correction:
    return replace(
        Correction(
            matter=MATTER,
            wanted=(
                Wanted(
                    Bilingual("劳动合同第二页", "Page 2 of the labour contract"),
                    Bilingual("上传的扫描件只有第一页，看不到期限。", "The scan has page 1 only, without the term."),
                ),
                Wanted(
                    Bilingual("张*三的登记失业证明", "Proof of registered unemployment of Zhang *san"),
                    Bilingual("系统里查不到登记记录。", "No registration was found."),
                ),
            ),
            by=dt.date(2020, 12, 15),
            late=Bilingual("本次申请不再办理；材料齐全后可以重新申请。", "The claim is closed; you can claim again."),
        ),
        **more,
    )  # fmt: skip


def accepted(**more: Any) -> Accepted:
    return replace(
        Accepted(
            matter=replace(MATTER, applicant="张小航", person=True),
            received=(
                Received(Bilingual("劳动合同", "Labour contract"), "劳动合同扫描件.pdf", 4),
                Received(Bilingual("身份证", "Identity card"), "IMG_2041.jpg", None),
                Received(Bilingual("社保缴费明细", "Insurance payments"), "缴费明细_2020年6-11月.xlsx", None),
            ),
            working_days=5,
            due=dt.date(2020, 12, 8),
        ),
        **more,
    )


LONG_FIRM = (
    "许昌市建安区鑫源绿色食品深加工与冷链物流配送及电子商务综合服务产业化联合发展有限责任公司第二分公司"
)


def many_conditions(
    truth: bool | None = True, decisive: bool = True, count: int = 30
) -> tuple[Condition, ...]:
    """So many that they go over a page."""
    return tuple(
        Condition(
            Bilingual(
                f"第{n}项：申请前连续缴纳失业保险费不少于{n}个月，且没有被列入严重失信名单",
                f"No. {n}: unemployment insurance paid without a break for {n} months before the claim",
            ),
            (
                Bilingual(f"缴费：{n + 3}个月", f"paid: {n + 3} months"),
                Bilingual("失信名单：未列入", "list: not on it"),
            ),
            truth,
            n % 3,
            decisive,
            False,
        )
        for n in range(1, count + 1)
    )
