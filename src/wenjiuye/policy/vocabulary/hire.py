"""The hire: one person taken on by one employer."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.enterprise import MONTHS_MOST, Enterprise
from wenjiuye.policy.vocabulary.person import Person
from wenjiuye.rules import BoolFact, DateFact, IntFact, MoneyFact, One, Source, Subject


class Hire(Subject, id="hire", zh="新招用人员", en="hire"):
    """One employment relation between an employer and a person; a second contract is a second hire."""

    employer = One(Enterprise, "用人单位", "employer")
    person = One(Person, "被招用人", "person hired")

    social_insurance_paid = Person.social_insurance_paid
    months_paid = Person.months_paid
    months_granted = Person.months_granted

    hired_on = DateFact(
        "招用日期",
        "hired on",
        ask=("劳动合同从哪一天开始？", "On which day does the labour contract begin?"),
        evidence=("劳动合同", "labour contract"),
        means="First day of the labour contract.",
    )
    contract_months = IntFact(
        "合同期限",
        "length of contract",
        ask=(
            "劳动合同签了几个月（无固定期限填1200）？",
            "For how many months is the contract made (open-ended: 1200)?",
        ),
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("劳动合同", "labour contract"),
        means="Full months. An open-ended contract is written as 1200.",
    )
    employer_contributions_paid_per_month = MoneyFact(
        "单位月实缴社保费",
        "employer's contributions paid a month",
        ask=(
            "单位每月为该职工实际缴纳养老、医疗、失业保险费多少元（不含个人部分）？",
            "How much does the employer itself pay a month for this person's insurance, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("社保缴费凭证", "proof of contributions"),
        means="Pension, medical and unemployment insurance; really paid (not waived); own part left out.",
    )
    counted_in_epidemic_hiring = BoolFact(
        "已计入防疫企业吸纳补贴",
        "counted in the epidemic hiring subsidy",
        ask=(
            "该职工是否已计入防疫企业吸纳就业补贴的人数？",
            "Has this person been counted in the epidemic hiring subsidy?",
        ),
        source=Source.LEDGER,
        default=False,
        means="Paid for as one of the new hires of the epidemic hiring subsidy. Not given: no.",
    )
    months_since_hired = IntFact(
        "招用以来月数",
        "full months since hiring",
        ask=("从招用到今天已满几个月？", "How many full months have passed since the hiring?"),
        unit="months",
        maximum=MONTHS_MOST,
        means="On the date of decision; 35 means that the 36th month runs. Follows from the day of hiring.",
    )
