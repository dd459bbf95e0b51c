"""Article 9: start-up loans with a public guarantee, their limits, extension and interest subsidy."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Enterprise, Loan, LoanFund
from wenjiuye.policy.xuchang_2020_31.funds import GUARANTEE_FUND, LOAN_AWARD, LOAN_INTEREST
from wenjiuye.rules import (
    Condition,
    Grant,
    Values,
    all_of,
    any_of,
    benefit,
    choose,
    negate,
    right,
    split,
)


@right(clause="a09.04", zh="创业担保贷款免除反担保", en="start-up loan without counter-guarantee")
def counter_guarantee_waiver(loan: Loan, _: Values) -> Grant:
    """Quality projects, and borrowers recommended by a credit village, park or model base, need no
    counter-guarantee.

    Reading: either is enough. The way by recommendation (a09.03) is a pilot that the city explores,
    so it gives the right only where a recommendation exists.
    """
    return Grant(when=any_of(loan.quality_project, loan.recommended_by_credit_village_park_or_base))


@right(clause="a09.05", zh="小微企业创业担保贷款申请条件", en="access of a small firm to a start-up loan")
def small_firm_loan_access(firm: Enterprise, v: Values) -> Grant:
    """A micro or small firm has access once new hires from the loan scheme's groups make up a share
    of its staff, a lower one where the staff is large.

    Reading: one staff number decides both, that at the application with the new hires in it; staff
    right at the line counts as small. The text says existing staff in one place and staff in service
    in the other, which may mean staff before hiring. The share is compared exactly; without staff
    there is none, and the case is open.
    """
    needed = choose(
        (firm.staff <= v.loan_access_staff, v.loan_access_share), otherwise=v.loan_access_share_large_staff
    )
    return Grant(
        when=all_of(
            firm.size.is_in("micro", "small"),
            (firm.eligible_new_hires_this_year / firm.staff >= needed).worded(
                "当年新招用符合条件人员占职工比例达到要求",
                "eligible new hires are a large enough share of the staff",
            ),
        )
    )


@right(clause="a09.06", zh="个人创业担保贷款额度", en="start-up loan of one person")
def personal_startup_loan(loan: Loan, v: Values) -> Grant:
    """An eligible borrower may borrow up to the limit, a part of it with interest subsidy.

    Reading: the subsidised part lies inside the limit, as "of which" says. Other reading: it comes on
    top, because the sentence calls the limit that of unsubsidised loans; the two limits would then
    add up.
    """
    return Grant(
        when=all_of(
            loan.borrower_eligible,
            loan.loan_amount <= v.personal_loan_most,
            loan.subsidised_amount <= v.personal_subsidised_most,
            (loan.subsidised_amount <= loan.loan_amount).worded(
                "贴息额度不超过贷款额", "the subsidised part is no more than the loan"
            ),
        ),
        up_to=loan.loan_amount.at_most(v.personal_loan_most),
    )


@right(clause="a09.07", zh="合伙创业担保贷款额度", en="start-up loans of partners")
def partnership_startup_loan(loan: Loan, v: Values) -> Grant:
    """Partners may borrow more together, within a limit for each loan, which is lower with interest
    subsidy.

    Reading: the limits are tested loan by loan and then in total; how many partners there are and who
    holds which loan does not matter. Other reading: one loan per partner.
    """
    within_limits = loan.partner_loans.all(
        lambda one: any_of(
            all_of(one.subsidised, one.amount <= v.partnership_subsidised_most),
            all_of(negate(one.subsidised), one.amount <= v.partnership_unsubsidised_most),
        )
    )
    return Grant(
        when=all_of(
            loan.partnership,
            loan.borrower_eligible,
            within_limits.worded("每笔贷款不超过单笔额度", "every single loan is within its limit"),
            (loan.partner_loans.sum(lambda one: one.amount) <= v.partnership_loan_most).worded(
                "贷款合计不超过总额度", "the loans together are within the limit"
            ),
        )
    )


def is_extended(loan: Loan, v: Values) -> Condition:
    """The borrower is hit by the epidemic, has asked for more time and gets it."""
    return all_of(
        loan.epidemic_affected_borrower,
        loan.repayment_difficulty,
        loan.extension_requested,
        any_of(loan.extension_months <= v.loan_extension_months, loan.exception_approved),
    )


@right(clause="a09.08", zh="受疫情影响贷款展期", en="extension of a loan hit by the epidemic")
def loan_extension(loan: Loan, v: Values) -> Grant:
    """A borrower who cannot repay because of the epidemic may ask for more time, a year at most as a
    rule.

    Reading: "as a rule" lets a decision for this one loan go beyond the year; whether there is one
    must be known. Other reading: the year is the limit for all.
    """
    return Grant(when=is_extended(loan, v))


@benefit(
    clause="a09.09", zh="贷款展期继续贴息", en="interest subsidy during the extension", fund=LOAN_INTEREST
)
def extension_interest_subsidy(loan: Loan, v: Values) -> Grant:
    """The finance office goes on paying interest on a subsidised loan while it is extended.

    Reading: simple interest on the subsidised part at the rate of the contract, for the months of the
    extension, times the share that the public purse bears. That share depends on the date of the
    contract and the year of the loan, so it is local and an officer may give it. Other reading: all
    interest on the loan; the subsidy only "continues", so it keeps its base.
    """
    return Grant(
        when=all_of(is_extended(loan, v), loan.subsidised_loan),
        amount=loan.subsidised_amount
        * loan.loan_interest_rate
        * v.interest_subsidy_share
        * loan.extension_months
        / 12,
    )


@right(clause="a09.10", zh="担保基金提高放大倍数", en="larger multiple of the guarantee fund")
def fund_multiplier(fund: LoanFund, v: Values) -> Grant:
    """A fund whose loans were repaid well last year may guarantee a larger multiple of its deposit.

    Reading: recovered over due, both of last year's loans, compared exactly; the multiple is a
    ceiling, on the deposit on the day of decision. Where nothing fell due there is no rate, and the
    case stays open.
    """
    return Grant(
        when=(fund.recovered_last_year / fund.due_last_year >= v.fund_recovery_least).worded(
            "上年到期还款率达到要求", "last year's repayment rate is high enough"
        ),
        up_to=fund.fund_deposit_balance * v.fund_multiple_most,
    )


@benefit(
    clause="a09.11",
    zh="不可抗力贷款损失担保基金分担",
    en="fund's share of a loss by force majeure",
    fund=GUARANTEE_FUND,
)
def force_majeure_loss_share(loan: Loan, v: Values) -> Grant:
    """Of a loan to an individual that is lost by force majeure the fund bears a share and the lender
    the rest.

    Reading: the share is paid to the lender; what the lender bears is told and not paid. It takes the
    place of the full compensation of before. Other losses and loans to firms are not in the sentence.
    Whether interest counts is open; the sum not recovered is taken as it is given.
    """
    from_fund = loan.unrecovered_amount * v.force_majeure_fund_share
    return Grant(
        when=all_of(loan.individual_loan, loan.force_majeure),
        amount=from_fund,
        shows=(loan.unrecovered_amount - from_fund.rounded(),),
    )


@benefit(clause="a09.12", zh="创业担保贷款工作奖励", en="award for start-up loans", fund=LOAN_AWARD)
def loan_performance_award(fund: LoanFund, v: Values) -> Grant:
    """The operator of a fund and the lending bank get a small share of the year's new loans for
    outstanding work.

    Reading: the award is rounded, then the operator's part of it (a09.13), and the lender gets the
    rest, so that both add up to the fen. The division holds "as a rule"; another one is a reform of
    the figure. Other reading: each of the two gets the whole award; the text divides what is
    received.
    """
    award = fund.new_loans_this_year * v.loan_award_rate
    return Grant(
        when=fund.outstanding_performance,
        amount=award.rounded(),
        parts=split(award, v.loan_award_operator_share, "operator", "lender"),
    )
