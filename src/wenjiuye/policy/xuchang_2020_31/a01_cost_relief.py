"""Article 1: lower costs for firms, and subsidies and tax relief for those that hire."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Enterprise, Hire, TaxpayerRevenue
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY, FEE_FORGONE, TAX_FORGONE
from wenjiuye.rules import (
    DECISION,
    Condition,
    Grant,
    Values,
    Window,
    all_of,
    any_of,
    benefit,
    choose,
    negate,
    relief,
    right,
    smallest,
    waterfall,
)


@relief(
    clause="a01.02",
    zh="小型微利企业所得税减免",
    en="income tax relief of small-profit enterprises",
    fund=TAX_FORGONE,
)
def inclusive_tax_relief(firm: Enterprise, v: Values) -> Grant:
    """The national income tax relief for small firms is carried out in full.

    Reading: the relief is the tax at the ordinary rate less the tax of small-profit enterprises,
    which is laid on the counted part of each bracket; the tax year is that of the decision. A firm
    that is given as a small-profit enterprise and yet earns more than the upper bracket is eligible
    and gets nothing. Other reading: every inclusive relief of 财税〔2019〕13号 (VAT threshold, six small
    taxes). The text names none, and for those no base is known, so the one relief with a formula
    stands for them.
    """
    income = firm.taxable_income
    first = smallest(income, v.small_profit_first_bracket)
    second = (income - v.small_profit_first_bracket).not_below(0)
    counted = first * v.small_profit_counted_first + second * v.small_profit_counted_second
    return Grant(
        when=firm.small_profit_enterprise,
        amount=choose(
            (
                income <= v.small_profit_income_most,
                income * v.income_tax_rate - counted * v.small_profit_tax_rate,
            ),
            otherwise=0,
        ),
    )


@relief(
    clause="a01.03",
    zh="残疾人就业保障金减免",
    en="relief from the disability fund",
    fund=FEE_FORGONE,
)
def disability_fund_relief(firm: Enterprise, v: Values) -> Grant:
    """The national relief from the fund that a firm pays when it employs too few disabled people.

    Reading: small staffs pay nothing; others pay half from a lower share of disabled staff on, and
    nine tenths below it. A firm that employs the share asked for owes nothing, so it is eligible with
    0. The rates are figures of the years for which the outside rule sets them: out of those years the
    sum is unknown, not 0, because later rules prolong them.
    """
    due, share = firm.disability_fund_due, firm.disabled_staff_share
    return Grant(
        when=firm.disability_fund_payer,
        amount=choose(
            (firm.staff <= v.disability_fund_small_staff, due * v.disability_fund_relief_small),
            # Nothing to relieve, whatever would have been due.
            (share >= v.disability_required_share, 0),
            (share >= v.disability_fund_lower_share, due * v.disability_fund_relief_above),
            otherwise=due * v.disability_fund_relief_below,
        ),
    )


@right(clause="a01.04", zh="企业延期申报纳税", en="deferred filing of taxes")
def deferred_tax_filing(firm: Enterprise, _: Values) -> Grant:
    """A firm that the tax office lets file later may do so; the text adds no test of its own."""
    return Grant(when=firm.tax_deferral_granted)


@benefit(
    clause="a01.05",
    zh="春节保供企业一次性吸纳就业补贴",
    en="hiring subsidy of firms that worked through Spring Festival 2020",
    fund=EMPLOYMENT_SUBSIDY,
    once_per=("enterprise", "hire"),
)
def epidemic_hiring_subsidy(firm: Enterprise, v: Values) -> Grant:
    """A sum for each new hire of a firm that made or delivered urgent epidemic supplies over the
    festival.

    Reading: a firm of any size; neither a contract of some length nor insurance is asked for. A hire
    paid for here is kept out of `hiring_subsidy` (not out of the insurance subsidy), because both pay
    for the same act under the same name. Other reading: the two are different subsidies and add up;
    the text is silent.
    """
    return Grant(
        when=all_of(
            firm.worked_through_spring_festival_2020,
            any_of(firm.made_epidemic_supplies, firm.delivered_epidemic_supplies),
            firm.new_hires >= 1,
        ),
        amount=v.epidemic_hiring_subsidy_amount * firm.new_hires,
    )


def belongs_to_hiring_group(hire: Hire, v: Values) -> Condition:
    """One of the groups of the hiring subsidies; someone in two of them counts once."""
    person = hire.person
    recent_graduate = all_of(
        person.college_graduate,
        negate(person.employed_before),
        any_of(
            (person.graduation_year == hire.hired_on.year).worded(
                "毕业年度内招用", "hired in the year of graduation"
            ),
            hire.hired_on.within(person.left_school_on, years=v.graduate_hiring_years).worded(
                "离校后规定年限内招用", "hired within the time after leaving school"
            ),
        ),
    )
    return any_of(person.months_registered_unemployed >= v.long_unemployment_months, recent_graduate).worded(
        "长期登记失业人员或近期毕业未就业高校毕业生",
        "long registered unemployed, or a recent graduate who has not worked",
    )


def subsidised_hire_terms(hire: Hire, v: Values) -> tuple[Condition, ...]:
    """What both hiring subsidies ask of the firm, the contract and the person."""
    return (
        hire.employer.size.is_in("micro", "small", "medium"),
        hire.contract_months >= v.hiring_contract_months,
        hire.social_insurance_paid,
        belongs_to_hiring_group(hire, v),
    )


def hired_this_year(hire: Hire) -> Condition:
    """Hired in the calendar year of the decision."""
    return (hire.hired_on.year == DECISION.year).worded("当年新招用", "hired in the year of the decision")


@benefit(
    clause="a01.06",
    zh="中小微企业一次性吸纳就业补贴",
    en="hiring subsidy",
    fund=EMPLOYMENT_SUBSIDY,
    once_per=("person", "employer"),
)
def hiring_subsidy(hire: Hire, v: Values) -> Grant:
    """A sum for each person from the groups named whom a micro, small or medium firm newly hires.

    Reading: the year is the calendar year of the decision, not 2020 alone; contract and insurance
    bind every group, where the grammar could tie them to the graduates only; it goes together with
    the insurance subsidy, which the text joins with "and"; a hire already paid for under a01.05 is
    left out.
    """
    return Grant(
        when=all_of(
            hired_this_year(hire), *subsidised_hire_terms(hire, v), negate(hire.counted_in_epidemic_hiring)
        ),
        amount=v.hiring_subsidy_amount,
    )


@benefit(
    clause="a01.07",
    zh="中小微企业吸纳就业社会保险补贴",
    en="insurance subsidy for a hire",
    fund=EMPLOYMENT_SUBSIDY,
    pays_for="insurance_month",
)
def hiring_insurance_subsidy(hire: Hire, v: Values) -> Grant:
    """What the firm really paid for such a hire is paid back, without the person's own part, for a
    year at most.

    Reading: parts waived or deferred were not paid and do not count; the year of hiring binds the
    first claim only, so that twelve months can be drawn across New Year. Other reading: every claim
    falls into the year of hiring, which would cut the twelve months short for whoever is hired after
    January.
    """
    return Grant(
        when=all_of(
            any_of(hired_this_year(hire), hire.months_granted >= 1),
            *subsidised_hire_terms(hire, v),
            hire.months_granted < v.hiring_insurance_months,
        ),
        amount=hire.employer_contributions_paid_per_month
        * smallest(hire.months_paid, v.hiring_insurance_months - hire.months_granted),
    )


def is_exempt_from_vat(revenue: TaxpayerRevenue) -> Condition:
    """Revenue on which no VAT is collected for the epidemic."""
    return all_of(
        revenue.revenue_kind.is_in(
            "epidemic_supply_transport", "public_transport", "living_services", "necessities_delivery"
        ),
        revenue.earned_during_epidemic,
    )


@relief(
    clause="a01.08",
    zh="疫情期间四类收入免征增值税",
    en="VAT exemption of four kinds of revenue",
    fund=TAX_FORGONE,
)
def epidemic_vat_exemption(revenue: TaxpayerRevenue, _: Values) -> Grant:
    """No VAT on revenue from epidemic supply transport, public transport, living services and
    deliveries of necessities.

    Reading: all four kinds must have been earned during the epidemic. Other reading: deliveries at
    any time, because the words about the epidemic stand before the other kinds only.
    """
    return Grant(when=is_exempt_from_vat(revenue), amount=revenue.vat_otherwise_due)


@relief(
    clause="a01.09",
    zh="小规模纳税人增值税征收率下调",
    en="lower VAT levy rate of small-scale taxpayers",
    fund=TAX_FORGONE,
)
def small_taxpayer_vat_cut(revenue: TaxpayerRevenue, v: Values) -> Grant:
    """Small-scale taxpayers pay a lower levy rate on sales that the ordinary one would apply to.

    Reading: the saving is the sales without tax times the difference of the rates; sales at another
    levy rate are not meant; revenue free of VAT under a01.08 has nothing left to cut. The text gives
    the last day only, the first one comes from the national rule; both hang on the day on which the
    tax arose.
    """
    day = revenue.tax_obligation_date
    return Grant(
        window=Window(day, v.day("small_taxpayer_vat_cut_start"), v.day("small_taxpayer_vat_cut_end")),
        when=all_of(
            revenue.small_scale_taxpayer,
            revenue.levy_rate == v.small_taxpayer_levy_rate,
            negate(is_exempt_from_vat(revenue)).worded(
                "不属于疫情期间免征增值税的收入", "not revenue free of VAT for the epidemic"
            ),
        ),
        amount=revenue.sales_without_tax
        * (v.small_taxpayer_levy_rate - v.small_taxpayer_reduced_rate.on(day)),
    )


@relief(
    clause="a01.10",
    zh="企业吸纳重点群体定额扣减税费",
    en="tax deduction for hiring from key groups",
    fund=TAX_FORGONE,
)
def hire_tax_deduction(firm: Enterprise, v: Values) -> Grant:
    """A fixed sum a year for each qualifying hire is taken off five taxes, one after the other.

    Reading: the sum is for twelve months and is used up by the months worked in the tax year; what
    the taxes do not use is neither paid out nor carried over. The order matters: where an earlier tax
    is unknown the sum is, even if a later one alone could use up the limit. Other reading: the whole
    yearly sum for every hire of the year, whatever the months; the national rule (财税〔2019〕22号) counts
    months.
    """
    months = firm.deductible_hire_months.or_else(firm.deductible_hires * v.hire_tax_deduction_period)
    amount, parts = waterfall(
        v.hire_tax_deduction_amount * months / v.hire_tax_deduction_period,
        ("vat", firm.vat_due),
        ("urban_construction_tax", firm.urban_construction_tax_due),
        ("education_surcharge", firm.education_surcharge_due),
        ("local_education_surcharge", firm.local_education_surcharge_due),
        ("income_tax", firm.income_tax_due),
    )
    return Grant(when=firm.deductible_hires >= 1, amount=amount, parts=parts)


@right(
    clause="a01.10",
    zh="可扣减税费的重点群体人员",
    en="hire that counts for the tax deduction",
)
def hire_tax_deduction_person(hire: Hire, v: Values) -> Grant:
    """Whether a hire is one of those that `hire_tax_deduction` counts.

    Reading: the note in the certificate binds the unemployed only; people on the poverty register
    need none. Other reading: both need it, because the note stands behind both in the sentence; the
    register itself proves the one group, so the note would add nothing. The three years run from the
    month of hiring, also where that lies before 2020.
    """
    person = hire.person
    return Grant(
        when=all_of(
            any_of(
                person.registered_poor,
                all_of(
                    person.months_registered_unemployed >= v.hire_tax_unemployment_months,
                    person.certificate_note == "hiring_tax_policy",
                ),
            ),
            hire.contract_months >= v.hire_tax_contract_months,
            hire.social_insurance_paid,
            hire.months_since_hired < v.hire_tax_deduction_months,
        )
    )


@relief(
    clause="a01.11",
    zh="承租国有经营性房产减免租金",
    en="rent relief of tenants of state property",
    fund=FEE_FORGONE,
)
def state_property_rent_relief(firm: Enterprise, v: Values) -> Grant:
    """Firms that lease business property of the state pay less rent or none.

    Reading: firms of any size; share and months are local, so the sum is unknown until the city sets
    the share.
    """
    return Grant(
        when=all_of(firm.leases_business_property, firm.landlord_state_owned),
        amount=firm.rent_due * v.rent_relief_share,
    )
