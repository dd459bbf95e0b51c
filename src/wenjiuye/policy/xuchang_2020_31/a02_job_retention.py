"""Article 2: help for firms that keep their staff: refunds, lower and later contributions, the
housing fund.
"""

from __future__ import annotations

from wenjiuye.policy.vocabulary import ClaimPeriod, Enterprise
from wenjiuye.policy.xuchang_2020_31.funds import PREMIUM_FORGONE, TRAINING_ACCOUNT, UNEMPLOYMENT_INSURANCE
from wenjiuye.rules import (
    Condition,
    Grant,
    Number,
    Values,
    Window,
    all_of,
    any_of,
    benefit,
    negate,
    relief,
    right,
)


def few_layoffs(firm: Enterprise, v: Values) -> Condition:
    """No or few layoffs; small staffs may lose a larger share of their people."""
    return any_of(
        firm.layoff_rate <= v.few_layoffs_ceiling,
        all_of(
            firm.insured_staff <= v.few_layoffs_small_staff,
            firm.layoff_rate <= v.few_layoffs_ceiling_small,
        ),
    ).worded("不裁员或少裁员", "no or few layoffs")


def keeps_its_staff(firm: Enterprise, v: Values) -> tuple[Condition, ...]:
    """What every refund and the training subsidy ask of the firm."""
    return (negate(firm.zombie_or_dishonest), firm.unemployment_insured, few_layoffs(firm, v))


def passing_difficulty(firm: Enterprise) -> tuple[Condition, ...]:
    """In difficulty now, with a prospect of getting over it."""
    return (firm.temporary_difficulty, firm.recovery_promising)


def job_retention_window(v: Values) -> Window:
    """Refunds and training subsidy are decided up to the same day; the text gives no first day."""
    return Window(end=v.day("job_retention_end"))


@benefit(
    clause="a02.01",
    zh="失业保险稳岗返还",
    en="refund of unemployment premiums",
    fund=UNEMPLOYMENT_INSURANCE,
    pays_for="unemployment_premiums_refund",
)
def stability_refund(firm: Enterprise, v: Values) -> Grant:
    """A share of last year's unemployment premiums goes back to an insured firm in passing difficulty
    that keeps its staff.

    Reading: share, ceiling of layoffs and the exclusion of zombie and dishonest firms come from the
    national rules that the text prolongs. The ceiling of smaller firms is taken for large ones too;
    theirs was the city's registered unemployment rate, which is not published. The sentence lacks a
    verb, so which firms are meant is itself a reading. The day of decision decides whether the window
    is open, not that of payment.
    """
    return Grant(
        window=job_retention_window(v),
        when=all_of(*keeps_its_staff(firm, v), *passing_difficulty(firm)),
        amount=firm.unemployment_premiums_last_year * v.refund_share,
    )


@benefit(
    clause="a02.02",
    zh="困难企业职工在岗培训补贴",
    en="training subsidy of firms in difficulty",
    fund=TRAINING_ACCOUNT,
)
def hardship_training_subsidy(firm: Enterprise, v: Values) -> Grant:
    """A firm in passing difficulty that keeps its staff and trains it on the job is paid for each one
    trained.

    Reading: the firm is the same as in a02.01; the rate per person is local, as is the length of the
    training. The text names no fund; the skills upgrading account pays for such training in 2020.
    """
    return Grant(
        window=job_retention_window(v),
        when=all_of(*keeps_its_staff(firm, v), *passing_difficulty(firm), firm.staff_trained_on_the_job >= 1),
        amount=v.hardship_training_per_person * firm.staff_trained_on_the_job,
    )


@benefit(
    clause="a02.03",
    zh="中小微企业提高稳岗返还标准",
    en="higher refund of unemployment premiums for smaller firms",
    fund=UNEMPLOYMENT_INSURANCE,
    pays_for="unemployment_premiums_refund",
)
def stability_refund_sme(firm: Enterprise, v: Values) -> Grant:
    """Micro, small and medium firms that keep their staff may get all of last year's premiums back,
    the staff's part too.

    Reading: difficulty need not be shown, because the sentence names size and layoffs only; the share
    is a ceiling and also what is usually paid. Other reading: the difficulty of a02.01 binds here as
    well; the national rules of 2020 did not ask for it.
    """
    return Grant(
        window=job_retention_window(v),
        when=all_of(firm.size.is_in("micro", "small", "medium"), *keeps_its_staff(firm, v)),
        up_to=firm.unemployment_premiums_last_year * v.refund_share_sme,
    )


def refund_months(firm: Enterprise, most: Number) -> Number:
    """The months that an officer decided, the most where none are decided yet; more than that counts
    as that.
    """
    return firm.refund_months.or_else(most).at_most(most)


@benefit(
    clause="a02.04",
    zh="受疫情影响企业按失业保险金标准返还",
    en="refund by unemployment benefit for firms hit by the epidemic",
    fund=UNEMPLOYMENT_INSURANCE,
    pays_for="unemployment_premiums_refund",
)
def stability_refund_epidemic_benefit(firm: Enterprise, v: Values) -> Grant:
    """A firm hit by the epidemic may get some months of the local unemployment benefit for each
    insured worker.

    Reading: the benefit of the firm's county on the day of decision; the months are an officer's
    decision, up to the number in the text; size does not matter. Who chooses between this and a02.05
    is open: the better one for the firm is proposed. Staff is counted on the day of application; the
    text names no day.
    """
    return Grant(
        window=job_retention_window(v),
        when=all_of(firm.epidemic_affected, *keeps_its_staff(firm, v)),
        up_to=v.unemployment_benefit.by(firm.county)
        * refund_months(firm, v.refund_benefit_months)
        * firm.insured_staff,
    )


@benefit(
    clause="a02.05",
    zh="受疫情影响企业按应缴社保费返还",
    en="refund by contributions for firms hit by the epidemic",
    fund=UNEMPLOYMENT_INSURANCE,
    pays_for="unemployment_premiums_refund",
)
def stability_refund_epidemic_contributions(firm: Enterprise, v: Values) -> Grant:
    """A firm hit by the epidemic may get some months of the contributions due from it and its staff.

    Reading: the text says due, not paid, so contributions count before waivers and deferrals; the
    months are an officer's decision. Other reading: waived contributions were not due either and drop
    out of the base, which would leave hardly anything for the months of 2020.
    """
    return Grant(
        window=job_retention_window(v),
        when=all_of(firm.epidemic_affected, *keeps_its_staff(firm, v)),
        up_to=firm.social_insurance_due_per_month * refund_months(firm, v.refund_contribution_months),
    )


@relief(
    clause="a02.06",
    zh="阶段性降低失业保险费率",
    en="phased cut of the unemployment insurance rate",
    fund=PREMIUM_FORGONE,
)
def unemployment_rate_cut(claim: ClaimPeriod, v: Values) -> Grant:
    """The lower rate of unemployment insurance stays in force to the day in the text.

    Reading: the month that the contribution is for decides, not the day of payment; the relief is the
    difference of both rates of that month, firm's and staff's part together, because both are
    lowered.
    """
    month = claim.contribution_month
    return Grant(
        window=Window(month, end=v.day("phased_rates_end")),
        when=claim.insurance_kind == "unemployment",
        amount=claim.contribution_base
        * (v.unemployment_rate_ordinary.on(month) - v.unemployment_rate_phased.on(month)),
    )


@relief(
    clause="a02.07",
    zh="阶段性降低工伤保险费率",
    en="phased cut of the work injury insurance rate",
    fund=PREMIUM_FORGONE,
)
def injury_rate_cut(claim: ClaimPeriod, v: Values) -> Grant:
    """The lower rate of work injury insurance stays in force to the day in the text.

    Reading: a share of the rate of the firm's risk class is not collected; how large it is depends on
    how many months the fund lasts, which is the city's to say. A firm's own floating rate is left
    aside. The month that the contribution is for decides.
    """
    month = claim.contribution_month
    return Grant(
        window=Window(month, end=v.day("phased_rates_end")),
        when=claim.insurance_kind == "work_injury",
        amount=claim.contribution_base
        * v.injury_rate_by_class.by(claim.injury_rate_class).on(month)
        * v.injury_rate_reduction.on(month),
    )


def is_one_of_three_insurances(claim: ClaimPeriod) -> Condition:
    """Pension, unemployment or work injury: the three that waiver and deferral are about."""
    return claim.insurance_kind.is_in("pension", "unemployment", "work_injury")


@relief(
    clause="a02.08",
    zh="免征中小微企业三项社会保险单位缴费",
    en="exemption of smaller firms from three insurances",
    fund=PREMIUM_FORGONE,
)
def three_insurances_exemption(claim: ClaimPeriod, v: Values) -> Grant:
    """Micro, small and medium firms do not pay the employer's part of three insurances.

    Reading: the month that the contribution is for decides; the first month is that of the national
    rule, the text gives the last one. The staff's part and medical insurance stay due; large firms
    get nothing here.
    """
    return Grant(
        window=Window(
            claim.contribution_month, v.day("insurance_exemption_start"), v.day("insurance_exemption_end")
        ),
        when=all_of(
            claim.enterprise.size.is_in("micro", "small", "medium"), is_one_of_three_insurances(claim)
        ),
        amount=claim.employer_part_due,
    )


def may_defer(claim: ClaimPeriod) -> Condition:
    """A firm of any size in severe difficulty from the epidemic, and one of the three insurances."""
    firm = claim.enterprise
    return all_of(firm.epidemic_affected, firm.severe_difficulty, is_one_of_three_insurances(claim))


def deferral_window(claim: ClaimPeriod, v: Values) -> Window:
    """By month of contribution; the text gives no first month."""
    return Window(claim.contribution_month, end=v.day("insurance_deferral_end"))


@right(clause="a02.09", zh="缓缴三项社会保险费", en="deferral of three insurances")
def three_insurances_deferral(claim: ClaimPeriod, v: Values) -> Grant:
    """A firm in severe difficulty from the epidemic may pay the three insurances later.

    Reading: by month of contribution, to the last month in the text; by when the money has to be paid
    in the end is left open. Other reading: the deferral itself ends on that day; then nothing could
    be deferred in the last month.
    """
    return Grant(window=deferral_window(claim, v), when=may_defer(claim))


@relief(
    clause="a02.10",
    zh="缓缴期间免收滞纳金",
    en="no late fee on deferred insurance",
    fund=PREMIUM_FORGONE,
)
def late_fee_waiver(claim: ClaimPeriod, v: Values) -> Grant:
    """No late fee is taken on contributions that are deferred under a02.09.

    Reading: whoever may defer is meant; the late fee is that of the month whose contribution is
    deferred.
    """
    return Grant(window=deferral_window(claim, v), when=may_defer(claim), amount=claim.late_fee_due)


def struggles_from_the_epidemic(firm: Enterprise) -> tuple[Condition, ...]:
    """In operating difficulty, and the epidemic is the cause."""
    return (firm.epidemic_affected, firm.operating_difficulty)


def applied_in_time(firm: Enterprise, v: Values) -> Condition:
    """The application for the housing fund was made up to the day in the text."""
    return firm.applied_on <= v.day("housing_fund_application_end")


@right(
    clause="a02.11",
    zh="降低住房公积金缴存比例",
    en="lower ratio of the housing fund",
    pays_for="housing_fund_period",
)
def housing_fund_ratio_cut(firm: Enterprise, v: Values) -> Grant:
    """A firm in difficulty from the epidemic may ask for a lower ratio of the housing fund until it
    recovers.

    Reading: the day of application decides, not that of the decision; for one period it is this or
    the deferral, because the text says "or". Other reading: both at once, which it does not say.
    """
    return Grant(when=all_of(*struggles_from_the_epidemic(firm), applied_in_time(firm, v)))


@right(
    clause="a02.12",
    zh="缓缴住房公积金",
    en="deferral of the housing fund",
    pays_for="housing_fund_period",
)
def housing_fund_deferral(firm: Enterprise, v: Values) -> Grant:
    """A firm in difficulty from the epidemic may pay into the housing fund later, a year at most at a
    time.

    Reading: who needs longer applies afresh (a02.14) and is tested afresh; such an application may
    come after the day in the text, because it continues a deferral and opens none. Other reading: no
    application at all after that day, which would leave the rule on renewals hardly anything to apply
    to.
    """
    return Grant(
        when=all_of(
            *struggles_from_the_epidemic(firm),
            any_of(applied_in_time(firm, v), firm.renewed_application),
            firm.deferral_months <= v.housing_fund_deferral_months,
        )
    )
