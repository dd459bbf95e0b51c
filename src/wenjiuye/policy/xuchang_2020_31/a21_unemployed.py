"""Article 21: what the unemployment insurance fund pays."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Person
from wenjiuye.policy.xuchang_2020_31.funds import UNEMPLOYMENT_INSURANCE
from wenjiuye.rules import (
    DECISION,
    Grant,
    Values,
    all_of,
    any_of,
    benefit,
    months_begun,
    negate,
    relief,
)


@benefit(
    clause="a21.01",
    zh="失业保险金续发至退休",
    en="unemployment benefit until retirement",
    fund=UNEMPLOYMENT_INSURANCE,
    pays_for="unemployed_month",
)
def benefit_until_retirement(person: Person, v: Values) -> Grant:
    """Whose benefit has run out, without work and less than a year from retirement, gets it until then.

    Reading: the year is counted from the decision; exactly one year is not less. Other reading: from the
    day the benefit ran out, which the text does not say. A begun month counts whole, because the benefit is
    monthly.
    """
    near = person.retirement_date < DECISION.plus(years=v.near_retirement_years)
    return Grant(
        when=all_of(
            person.benefit_exhausted,
            negate(person.employed),
            (person.retirement_date > DECISION).worded(
                "未到法定退休日期", "not yet at the legal retirement date"
            ),
            near.worded("距法定退休不足规定年限", "closer to retirement than the clause asks for"),
        ),
        amount=months_begun(DECISION, person.retirement_date) * v.unemployment_benefit.by(person.county),
    )


@benefit(
    clause="a21.02",
    zh="失业补助金",
    en="unemployment assistance",
    fund=UNEMPLOYMENT_INSURANCE,
    pays_for="unemployed_month",
)
def unemployment_assistance(person: Person, v: Values) -> Grant:
    """Six months of assistance, up to 80 % of the benefit, for those whose benefit ran out or never began.

    Reading: the second group was insured and does not qualify for the benefit. The text sets a ceiling; the
    monthly sum below it is set locally. No window here, though the national rule ends with 2020. The fund
    is not named in this sentence; the national rule (人社部发〔2020〕30号) pays it out of the unemployment
    insurance fund.
    """
    months_left = v.assistance_months - person.months_granted
    return Grant(
        when=all_of(
            negate(person.employed),
            any_of(
                person.benefit_exhausted,
                all_of(person.unemployment_insured, negate(person.qualifies_for_benefit)),
            ),
            person.months_granted < v.assistance_months,
        ),
        up_to=months_left * v.unemployment_benefit.by(person.county) * v.assistance_share,
    )


@relief(
    clause="a21.03",
    zh="领金期间医疗保险费由基金缴纳",
    en="medical insurance paid by the fund",
    fund=UNEMPLOYMENT_INSURANCE,
)
def medical_insurance_by_fund(person: Person, _v: Values) -> Grant:
    """While someone draws unemployment benefit the fund pays the medical contribution, the person nothing.

    Reading: months of benefit continued until retirement count, months of assistance do not.
    """
    return Grant(when=person.receives_unemployment_benefit, amount=person.medical_contribution_due)
