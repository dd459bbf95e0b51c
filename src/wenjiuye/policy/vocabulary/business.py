"""Taxes and contributions: the sole trader, one kind of revenue, one month of one insurance."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.enterprise import MONTHS_MOST, Enterprise
from wenjiuye.policy.vocabulary.person import Person
from wenjiuye.rules import (
    BoolFact,
    ChoiceFact,
    DateFact,
    IntFact,
    MoneyFact,
    MonthFact,
    One,
    ShareFact,
    Source,
    Subject,
)


class SoleTrader(Subject, id="sole_trader", zh="个体工商户", en="sole trader"):
    """One registered business of one person."""

    owner = One(Person, "经营者", "owner")

    vat_due = Enterprise.vat_due
    urban_construction_tax_due = Enterprise.urban_construction_tax_due
    education_surcharge_due = Enterprise.education_surcharge_due
    local_education_surcharge_due = Enterprise.local_education_surcharge_due

    registered_on = DateFact(
        "登记日期",
        "registered on",
        ask=("个体工商户是哪一天登记的？", "On which day was the business registered?"),
        source=Source.REGISTRY,
        evidence=("营业执照", "business licence"),
        means="The date of registration on the business licence.",
    )
    months_since_registered = IntFact(
        "登记以来月数",
        "full months since registration",
        ask=("从登记到今天已满几个月？", "How many full months have passed since the registration?"),
        source=Source.REGISTRY,
        unit="months",
        maximum=MONTHS_MOST,
        means="On the date of decision; 35 means that the 36th month runs. Follows from the registration.",
    )
    months_in_year = IntFact(
        "当年经营月数",
        "months in business this tax year",
        ask=("本纳税年度经营了几个月？", "For how many months of this tax year was the business run?"),
        source=Source.REGISTRY,
        unit="months",
        maximum=12,
        optional=True,
        means="Not given: the whole year.",
    )
    personal_income_tax_due = MoneyFact(
        "应缴个人所得税",
        "personal income tax due",
        ask=(
            "享受其他优惠之后，本纳税年度应缴个人所得税多少元？",
            "After other reliefs, how much personal income tax is due for the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("个人所得税经营所得纳税申报表", "income tax return"),
        means="Of the tax year, after other reliefs.",
    )


class TaxpayerRevenue(
    Subject, id="taxpayer_revenue", zh="一类收入在一个纳税期", en="one kind of revenue in a tax period"
):
    """The revenue of one kind that one taxpayer has in one tax period."""

    taxpayer = One(Enterprise, "纳税人", "taxpayer")

    revenue_kind = ChoiceFact(
        "收入类别",
        "kind of revenue",
        ask=("这笔收入属于哪一类？", "What kind of revenue is it?"),
        evidence=("发票或销售合同", "invoice or contract of sale"),
        members={
            "epidemic_supply_transport": ("运输疫情防控重点保障物资", "transport of key epidemic supplies"),
            "public_transport": ("公共交通运输服务", "public transport"),
            "living_services": ("生活服务", "services of daily life"),
            "necessities_delivery": ("居民必需生活物资快递收派", "delivery of necessities to residents"),
            "other": ("其他", "other"),
        },
        means="By what the taxpayer sold.",
    )
    earned_during_epidemic = BoolFact(
        "疫情期间取得",
        "earned during the epidemic",
        ask=("这笔收入是否在疫情期间取得？", "Was the revenue earned during the epidemic?"),
        evidence=("发票", "invoice"),
        means="In the period of the tax rule.",
    )
    vat_otherwise_due = MoneyFact(
        "应征增值税",
        "VAT that would be due",
        ask=(
            "如不免税，这笔收入应征增值税多少元？",
            "Without the exemption, how much VAT would be due on it, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("增值税纳税申报表", "VAT return"),
        means="On this revenue.",
    )
    small_scale_taxpayer = BoolFact(
        "小规模纳税人",
        "small-scale taxpayer",
        ask=("该纳税期内是否为增值税小规模纳税人？", "Was the firm a small-scale taxpayer in that period?"),
        source=Source.REGISTRY,
        means="In that tax period.",
    )
    levy_rate = ShareFact(
        "征收率",
        "levy rate",
        ask=("这笔收入通常适用的征收率是多少？", "Which levy rate ordinarily applies to it?"),
        source=Source.REGISTRY,
        evidence=("增值税纳税申报表", "VAT return"),
        means="The ordinary one, before any cut: 0.03 or 0.05 of sales.",
    )
    tax_obligation_date = DateFact(
        "纳税义务发生日",
        "tax obligation arose on",
        ask=("纳税义务是哪一天发生的？", "On which day did the tax obligation arise?"),
        source=Source.REGISTRY,
        evidence=("发票或销售合同", "invoice or contract of sale"),
        means="The day on which the tax law lets the obligation arise, not the day of filing.",
    )
    sales_without_tax = MoneyFact(
        "不含税销售额",
        "sales without tax",
        ask=("不含税销售额是多少元？", "How much are the sales without tax, in yuan?"),
        source=Source.REGISTRY,
        evidence=("增值税纳税申报表", "VAT return"),
        means="Of this revenue in this tax period.",
    )


class ClaimPeriod(Subject, id="claim_period", zh="参保缴费月份", en="month of contributions"):
    """One month and one kind of insurance of an enterprise."""

    enterprise = One(Enterprise, "参保单位", "insured enterprise")

    insurance_kind = ChoiceFact(
        "险种",
        "kind of insurance",
        ask=("是哪一种社会保险？", "Which kind of social insurance is it?"),
        source=Source.REGISTRY,
        members={
            "pension": ("基本养老保险", "pension"),
            "unemployment": ("失业保险", "unemployment"),
            "work_injury": ("工伤保险", "work injury"),
            "medical": ("基本医疗保险", "medical"),
            "maternity": ("生育保险", "maternity"),
        },
        means="One of the five kinds.",
    )
    contribution_month = MonthFact(
        "费款所属月",
        "month of contribution",
        ask=("这笔社保费属于哪个月？", "Which month is the contribution for?"),
        source=Source.REGISTRY,
        evidence=("社保缴费凭证", "proof of contributions"),
        means="The month that the contribution is for, not that of payment.",
    )
    contribution_base = MoneyFact(
        "缴费基数",
        "contribution base",
        ask=(
            "当月全部职工的缴费基数合计多少元？",
            "What is the contribution base of all staff together in that month, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("社会保险费申报表", "declaration of social insurance"),
        means="Of all staff together in that month.",
    )
    injury_rate_class = IntFact(
        "工伤行业风险类别",
        "risk class of the industry",
        ask=(
            "单位所属行业的工伤风险为第几类（1至8）？",
            "In which risk class of work injury is the industry, 1 to 8?",
        ),
        source=Source.REGISTRY,
        unit="class",
        minimum=1,
        maximum=8,
        means="The classes of the national list, 1 (lowest risk) to 8.",
    )
    employer_part_due = MoneyFact(
        "单位应缴部分",
        "employer's part due",
        ask=(
            "当月该险种单位应缴多少元？",
            "How much is due from the employer for this insurance and month, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("社会保险费申报表", "declaration of social insurance"),
        means="Of this kind in this month.",
    )
    late_fee_due = MoneyFact(
        "滞纳金",
        "late fee due",
        ask=("如不免收，应收滞纳金多少元？", "How much late fee would be charged, in yuan?"),
        source=Source.REGISTRY,
        means="That would be charged.",
    )
