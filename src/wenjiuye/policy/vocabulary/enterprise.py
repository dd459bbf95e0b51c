"""The employer: its size, staff, taxes, insurance and difficulties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenjiuye.rules import (
    BoolFact,
    ChoiceFact,
    DateFact,
    IntFact,
    Many,
    MoneyFact,
    ShareFact,
    Source,
    Subject,
)

if TYPE_CHECKING:
    from wenjiuye.policy.vocabulary.business import ClaimPeriod
    from wenjiuye.policy.vocabulary.hire import Hire
    from wenjiuye.policy.vocabulary.training import Internship

MONTHS_MOST = 1200
"""A hundred years: an open-ended contract is written with this number."""


def _hires() -> type[Hire]:
    from wenjiuye.policy.vocabulary.hire import Hire

    return Hire


def _claim_periods() -> type[ClaimPeriod]:
    from wenjiuye.policy.vocabulary.business import ClaimPeriod

    return ClaimPeriod


def _internships() -> type[Internship]:
    from wenjiuye.policy.vocabulary.training import Internship

    return Internship


class Enterprise(Subject, id="enterprise", zh="用人单位", en="employer"):
    """One employer: a firm of any size or form, also a sole trader who employs others."""

    hires = Many(_hires, "employer", "招用人员", "hires")
    claim_periods = Many(_claim_periods, "enterprise", "参保缴费月份", "months of contributions")
    internships = Many(_internships, "host", "接收的见习人员", "internships hosted")

    # ── Size and staff
    size = ChoiceFact(
        "企业规模",
        "firm size",
        ask=("企业规模是大型、中型、小型还是微型？", "Is the firm large, medium-sized, small or micro?"),
        evidence=("中小企业声明函", "declaration of small or medium size"),
        members={
            "micro": ("微型", "micro"),
            "small": ("小型", "small"),
            "medium": ("中型", "medium"),
            "large": ("大型", "large"),
        },
        means="By the national size standard. One class per firm and year, the same for every measure.",
    )
    industry = ChoiceFact(
        "行业",
        "industry",
        ask=("单位的主营业务属于哪个行业？", "In which industry is the main business?"),
        source=Source.REGISTRY,
        evidence=("营业执照", "business licence"),
        members={
            "agriculture": ("农、林、牧、渔业", "agriculture, forestry and fishing"),
            "mining": ("采矿业", "mining"),
            "manufacturing": ("制造业", "manufacturing"),
            "utilities": ("电力、热力、燃气及水生产和供应业", "electricity, heat, gas and water supply"),
            "construction": ("建筑业", "construction"),
            "wholesale": ("批发业", "wholesale"),
            "retail": ("零售业", "retail"),
            "transport": ("交通运输业", "transport"),
            "storage": ("仓储业", "storage"),
            "post": ("邮政业", "post and courier"),
            "accommodation": ("住宿业", "accommodation"),
            "catering": ("餐饮业", "catering"),
            "information_transmission": ("信息传输业", "information transmission"),
            "software": ("软件和信息技术服务业", "software and information technology"),
            "real_estate": ("房地产开发经营", "real estate development"),
            "property_management": ("物业管理", "property management"),
            "leasing_business": ("租赁和商务服务业", "leasing and business services"),
            "finance": ("金融业", "finance"),
            "education": ("教育", "education"),
            "health": ("卫生", "health"),
            "public_administration": ("公共管理和社会组织", "public administration and associations"),
            "other": ("其他行业", "other industry"),
        },
        means="The main business. Finer than the size standard, which joins mining to utilities.",
    )
    staff = IntFact(
        "职工人数",
        "staff",
        ask=(
            "申请当日单位共有多少名职工（含新招用人员）？",
            "How many employees are there on the day of application, new hires included?",
        ),
        unit="people",
        evidence=("职工花名册", "list of employees"),
        means="All employees, insured or not. For income tax and the disability fund: those laws' average.",
    )
    insured_staff = IntFact(
        "参保职工人数",
        "insured staff",
        ask=(
            "申请当日单位为多少名职工缴纳失业保险？",
            "For how many employees is unemployment insurance paid on the day of application?",
        ),
        source=Source.REGISTRY,
        unit="people",
        evidence=("社会保险参保证明", "proof of insurance"),
        means="Employees for whom unemployment insurance is paid, on the day of application.",
    )
    assets = MoneyFact(
        "资产总额",
        "total assets",
        ask=("单位的资产总额是多少元？", "What are the firm's total assets, in yuan?"),
        source=Source.REGISTRY,
        burden=2,
        evidence=("资产负债表", "balance sheet"),
        means="The average of the tax year. Only used to derive the size and the small-profit enterprise.",
    )
    revenue = MoneyFact(
        "营业收入",
        "revenue",
        ask=("单位上一年度的营业收入是多少元？", "What was the firm's revenue last year, in yuan?"),
        source=Source.REGISTRY,
        burden=2,
        evidence=("利润表", "income statement"),
        means="Of the last year. Only used to derive the size.",
    )
    county = ChoiceFact(
        "所在县（市、区）",
        "county",
        ask=(
            "注册地或享受待遇的地点在哪个县（市、区）？",
            "In which county or district is the firm registered, or the benefit drawn?",
        ),
        source=Source.REGISTRY,
        members={
            "weidu": ("魏都区", "Weidu"),
            "jianan": ("建安区", "Jian'an"),
            "changge": ("长葛市", "Changge"),
            "yuzhou": ("禹州市", "Yuzhou"),
            "yanling": ("鄢陵县", "Yanling"),
            "xiangcheng": ("襄城县", "Xiangcheng"),
            "demonstration_zone": ("城乡一体化示范区", "urban-rural demonstration zone"),
            "development_zone": ("经济技术开发区", "economic and technological development zone"),
            "dongcheng": ("东城区", "Dongcheng"),
        },
        means="Of a firm: where it is registered. Of a person: where the benefit is drawn.",
    )
    zombie_or_dishonest = BoolFact(
        "僵尸企业或严重失信企业",
        "zombie firm or on the dishonesty list",
        ask=(
            "单位是否属于“僵尸企业”或被列入严重失信名单？",
            "Is the firm a zombie firm or on the list of serious dishonesty?",
        ),
        source=Source.REGISTRY,
        default=False,
        evidence=("信用中国查询结果", "result of a search in Credit China"),
        means="Keeps a firm out of refunds under national rules. Not given: it is neither.",
    )

    # ── Taxes and charges
    small_profit_enterprise = BoolFact(
        "小型微利企业",
        "small-profit enterprise",
        ask=(
            "单位在本纳税年度是否为小型微利企业？",
            "Is the firm a small-profit enterprise in this tax year?",
        ),
        source=Source.REGISTRY,
        evidence=("企业所得税年度纳税申报表", "annual income tax return"),
        means="Follows from staff, total assets and taxable income where it is not given.",
    )
    taxable_income = MoneyFact(
        "年应纳税所得额",
        "taxable income",
        ask=(
            "单位本纳税年度的应纳税所得额是多少元？",
            "What is the firm's taxable income of the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("企业所得税年度纳税申报表", "annual income tax return"),
        means="Of the tax year, before the relief. A loss counts as 0.",
    )
    disability_fund_payer = BoolFact(
        "残保金缴费企业",
        "liable for the disability fund",
        ask=(
            "单位是否需要缴纳残疾人就业保障金？",
            "Does the enterprise have to pay the employment fund for disabled people?",
        ),
        source=Source.REGISTRY,
        means="An enterprise that has to pay it at all, whatever sum is left after relief.",
    )
    disabled_staff_share = ShareFact(
        "残疾人职工比例",
        "share of disabled staff",
        ask=(
            "单位上年安排残疾人就业占职工总数的比例是多少？",
            "Last year, what share of the staff were disabled people?",
        ),
        source=Source.REGISTRY,
        burden=2,
        evidence=("按比例安排残疾人就业审核认定书", "certificate of the disabled people's federation"),
        means="Of last year, counted as the fund counts them.",
    )
    disability_fund_due = MoneyFact(
        "应缴残保金",
        "disability fund due",
        ask=(
            "减免之前，单位全年应缴残疾人就业保障金多少元？",
            "Before relief, how much is due to the disability fund for the year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("残疾人就业保障金缴费申报表", "declaration for the disability fund"),
        means="The sum of the year before relief.",
    )
    tax_deferral_granted = BoolFact(
        "准予延期申报纳税",
        "tax deferral granted",
        ask=(
            "税务机关是否已准予延期申报或缴纳税款？",
            "Has the tax office granted a later date for filing or paying?",
        ),
        source=Source.JUDGEMENT,
        evidence=("税务行政许可决定书", "decision of the tax office"),
        means="The decision of the tax office.",
    )
    vat_due = MoneyFact(
        "应缴增值税",
        "VAT due",
        ask=(
            "扣减之前，本纳税年度应缴增值税多少元？",
            "Before this deduction, how much VAT is due for the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("增值税纳税申报表", "VAT return"),
        means="Of the tax year, before this deduction.",
    )
    urban_construction_tax_due = MoneyFact(
        "应缴城市维护建设税",
        "urban construction tax due",
        ask=(
            "扣减之前，本纳税年度应缴城市维护建设税多少元？",
            "Before this deduction, how much urban construction tax is due for the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("城市维护建设税申报表", "return for the urban construction tax"),
        means="Of the tax year, computed on the VAT before this deduction.",
    )
    education_surcharge_due = MoneyFact(
        "应缴教育费附加",
        "education surcharge due",
        ask=(
            "扣减之前，本纳税年度应缴教育费附加多少元？",
            "Before this deduction, how much education surcharge is due for the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("教育费附加申报表", "return for the education surcharge"),
        means="Of the tax year, computed on the VAT before this deduction.",
    )
    local_education_surcharge_due = MoneyFact(
        "应缴地方教育附加",
        "local education surcharge due",
        ask=(
            "扣减之前，本纳税年度应缴地方教育附加多少元？",
            "Before this deduction, how much local education surcharge is due for the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("地方教育附加申报表", "return for the local education surcharge"),
        means="Of the tax year, computed on the VAT before this deduction.",
    )
    income_tax_due = MoneyFact(
        "应缴企业所得税",
        "enterprise income tax due",
        ask=(
            "享受其他优惠之后，本纳税年度应缴企业所得税多少元？",
            "After other reliefs, how much income tax is due for the tax year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("企业所得税年度纳税申报表", "annual income tax return"),
        means="Of the tax year, after other reliefs.",
    )
    deductible_hires = IntFact(
        "可扣减人数",
        "hires that count for the tax deduction",
        ask=(
            "本纳税年度符合税费扣减条件的招用人员有多少名？",
            "How many of the people hired count for the tax deduction in this tax year?",
        ),
        unit="people",
        burden=4,
        evidence=("企业吸纳重点群体就业认定证明", "certificate of hiring from the groups concerned"),
        means="Those for whom the conditions of the deduction hold in the tax year.",
    )
    deductible_hire_months = IntFact(
        "可扣减人员工作月数",
        "months of those hires",
        ask=(
            "上述人员本纳税年度在本单位的工作月数合计是多少？",
            "How many months did those people work for the firm in this tax year, added up?",
        ),
        unit="months",
        optional=True,
        burden=4,
        evidence=("重点群体人员本年度实际工作时间表", "table of the time worked in the year"),
        means="Added up over those hires, at most 12 for each. Not given: 12 for each.",
    )

    # ── Epidemic supplies, rent and premises
    worked_through_spring_festival_2020 = BoolFact(
        "2020年春节期间开工",
        "worked through Spring Festival 2020",
        ask=("2020年春节期间单位是否开工？", "Was the firm at work during Spring Festival 2020?"),
        evidence=("考勤或工资发放记录", "attendance or wage records"),
        means="At work during the festival of 2020.",
    )
    made_epidemic_supplies = BoolFact(
        "生产防疫急需物资",
        "made urgent epidemic supplies",
        ask=(
            "春节期间单位是否生产疫情防控急需物资？",
            "Did the firm make urgent epidemic supplies during that festival?",
        ),
        evidence=("防疫物资生产证明", "proof that such supplies were made"),
        means="During Spring Festival 2020.",
    )
    delivered_epidemic_supplies = BoolFact(
        "配送防疫急需物资",
        "delivered urgent epidemic supplies",
        ask=(
            "春节期间单位是否配送疫情防控急需物资？",
            "Did the firm deliver urgent epidemic supplies during that festival?",
        ),
        evidence=("防疫物资配送证明", "proof that such supplies were delivered"),
        means="During Spring Festival 2020.",
    )
    new_hires = IntFact(
        "新招用员工数",
        "new hires",
        ask=("单位为此新招用了多少名员工？", "How many people did the firm hire for that work?"),
        unit="people",
        evidence=("新招用人员花名册和劳动合同", "list of the people hired and their contracts"),
        means="People hired for making or delivering the supplies. Each counts once.",
    )
    leases_business_property = BoolFact(
        "承租经营性房产",
        "leases business property",
        ask=("单位是否承租房产用于经营？", "Does the firm lease property for its business?"),
        evidence=("房屋租赁合同", "lease"),
        means="Property used for the business and not as a dwelling.",
    )
    landlord_state_owned = BoolFact(
        "房产为国有资产",
        "property is a state asset",
        ask=("所承租的房产是否为国有资产？", "Is the leased property a state asset?"),
        evidence=("不动产权证书", "title to the property"),
        means="Of the leased property.",
    )
    rent_due = MoneyFact(
        "应付租金",
        "rent due",
        ask=(
            "申请期间该房产应付租金多少元？",
            "How much rent is due for the property in the period of the claim, in yuan?",
        ),
        evidence=("房屋租赁合同", "lease"),
        means="For the period of the claim, of the property that the measure is about.",
    )
    in_cluster_standard_workshop = BoolFact(
        "入驻集聚区标准化厂房",
        "in a standard workshop of a cluster",
        ask=(
            "单位是否入驻产业集聚区的标准化厂房？",
            "Is the firm in a standard workshop of an industrial cluster?",
        ),
        evidence=("入驻协议", "agreement with the cluster"),
        means="A standard workshop inside an industrial cluster.",
    )

    # ── Insurance, difficulty and refunds
    unemployment_insured = BoolFact(
        "参加失业保险",
        "in the unemployment insurance",
        ask=("是否按规定参加失业保险？", "Is unemployment insurance paid as the rules ask?"),
        source=Source.REGISTRY,
        evidence=("失业保险缴费凭证", "proof of unemployment premiums"),
        means=(
            "Of a firm: pays it for its staff in full, for at least 12 months, and owes nothing. "
            "Of a person: was insured when the job ended."
        ),
    )
    temporary_difficulty = BoolFact(
        "面临暂时性生产经营困难",
        "in temporary difficulty",
        ask=("单位是否面临暂时性生产经营困难？", "Is the firm in temporary difficulty?"),
        source=Source.JUDGEMENT,
        evidence=("财务报表", "accounts"),
        means="An officer's finding on the accounts.",
    )
    recovery_promising = BoolFact(
        "恢复有望",
        "recovery promising",
        ask=("单位的生产经营是否有望恢复？", "Is the firm likely to recover?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    epidemic_affected = BoolFact(
        "受疫情影响",
        "affected by the epidemic",
        ask=("单位的困难是否由疫情造成？", "Does the firm's difficulty come from the epidemic?"),
        source=Source.JUDGEMENT,
        means="The difficulty that the measure is about comes from the epidemic. An officer's finding.",
    )
    severe_difficulty = BoolFact(
        "生产经营严重困难",
        "in severe difficulty",
        ask=("单位的生产经营是否严重困难？", "Is the firm in severe difficulty?"),
        source=Source.JUDGEMENT,
        evidence=("财务报表", "accounts"),
        means="An officer's finding on the accounts.",
    )
    operating_difficulty = BoolFact(
        "生产经营困难",
        "in operating difficulty",
        ask=("单位的生产经营是否困难？", "Is the firm in operating difficulty?"),
        source=Source.JUDGEMENT,
        evidence=("财务报表", "accounts"),
        means="An officer's finding on the accounts.",
    )
    layoff_rate = ShareFact(
        "裁员率",
        "layoff rate",
        ask=("单位上年度的裁员率是多少？", "What was the firm's layoff rate last year?"),
        source=Source.REGISTRY,
        burden=3,
        evidence=("参保人员增减变动表", "record of insured people who came and left"),
        means="Last year's layoffs ÷ insured staff at its start; 0 where there were none.",
    )
    layoffs_last_year = IntFact(
        "上年度裁员人数",
        "layoffs of last year",
        ask=(
            "单位上年度裁减了多少名参保职工？",
            "How many insured employees did the firm lay off last year?",
        ),
        source=Source.REGISTRY,
        unit="people",
        evidence=("参保人员增减变动表", "record of insured people who came and left"),
        means="Contracts that ran out, retirements, deaths, transfers and own resignations are no layoffs.",
    )
    insured_staff_at_year_start = IntFact(
        "上年初参保职工人数",
        "insured staff at the start of last year",
        ask=(
            "上年初单位有多少名参保职工？",
            "How many insured employees did the firm have at the start of last year?",
        ),
        source=Source.REGISTRY,
        unit="people",
        evidence=("社会保险参保证明", "proof of insurance"),
        means="Employees in the unemployment insurance at the start of last year.",
    )
    unemployment_premiums_last_year = MoneyFact(
        "上年度缴纳失业保险费",
        "unemployment premiums of last year",
        ask=(
            "上年度单位和职工实际缴纳失业保险费共多少元？",
            "How much did firm and staff together pay in unemployment premiums last year, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("失业保险缴费凭证", "proof of unemployment premiums"),
        means="Really paid, the firm's and the staff's part together.",
    )
    refund_months = IntFact(
        "返还月数",
        "months of refund decided",
        ask=("核定返还几个月？", "For how many months is the refund decided?"),
        source=Source.JUDGEMENT,
        unit="months",
        maximum=MONTHS_MOST,
        optional=True,
        means="Decided by an officer. Not given, or above it: the measure's highest number.",
    )
    social_insurance_due_per_month = MoneyFact(
        "月应缴社会保险费",
        "social insurance due a month",
        ask=(
            "单位和职工每月应缴社会保险费共多少元？",
            "How much social insurance is due a month, firm and staff together, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("社会保险费申报表", "declaration of social insurance"),
        means="The firm's and the staff's part together, before reliefs.",
    )
    staff_trained_on_the_job = IntFact(
        "在岗培训人数",
        "staff trained on the job",
        ask=(
            "申请年度内单位培训了多少名在岗职工？",
            "How many employees did the firm train on the job in the year of the claim?",
        ),
        unit="people",
        evidence=("培训人员花名册", "list of the people trained"),
        means="In the year of the claim.",
    )

    # ── Housing fund, loans
    applied_on = DateFact(
        "申请日期",
        "day of application",
        ask=("单位哪一天提出住房公积金申请？", "On which day did the firm apply to the housing fund?"),
        evidence=("住房公积金申请表", "application to the housing fund"),
        means="Of the application to the housing fund.",
    )
    deferral_months = IntFact(
        "缓缴月数",
        "months of deferral asked for",
        ask=("本次申请缓缴几个月？", "For how many months is deferral asked this time?"),
        unit="months",
        maximum=MONTHS_MOST,
        means="In this application alone.",
    )
    renewed_application = BoolFact(
        "重新申请",
        "renewed application",
        ask=("本次是否为缓缴期满后的重新申请？", "Is this a fresh application after an earlier deferral?"),
        means="A fresh application that continues an earlier deferral.",
    )
    meets_rollover_conditions = BoolFact(
        "符合续贷条件",
        "meets the conditions of a roll-over",
        ask=("银行是否认定单位符合续贷条件？", "Does the bank find that the loan can be rolled over?"),
        source=Source.JUDGEMENT,
        means="The bank's judgement.",
    )
    eligible_new_hires_this_year = IntFact(
        "当年新招用符合条件人员",
        "eligible new hires this year",
        ask=(
            "今年新招用且仍在职的符合创业担保贷款条件人员有多少名？",
            "How many people of the loan scheme's groups were hired this year and are still employed?",
        ),
        unit="people",
        evidence=("新招用人员花名册和劳动合同", "list of the people hired and their contracts"),
        means="People of the loan scheme's groups, hired in the calendar year and still employed.",
    )

    # ── Employers of poor labour
    absorber_kind = ChoiceFact(
        "吸纳主体类型",
        "kind of employer of poor labour",
        ask=("单位属于哪一类吸纳贫困劳动力的主体？", "What kind of employer of poor labour is it?"),
        evidence=("扶贫部门认定文件", "recognition by the poverty office"),
        members={
            "poverty_leading_firm": ("扶贫龙头企业", "leading firm against poverty"),
            "poverty_workshop": ("扶贫车间", "poverty workshop"),
            "cooperative": ("农民专业合作社", "farmers' cooperative"),
            "community_factory": ("社区工厂", "community factory"),
            "other": ("其他", "other"),
        },
        means="As recognised. A kind that the city adds to the list becomes a member of its own.",
    )
    poor_staff = IntFact(
        "吸纳贫困劳动力人数",
        "registered poor people employed",
        ask=(
            "申请当日单位有多少名建档立卡贫困劳动力在岗？",
            "How many people on the poverty register are employed on the day of application?",
        ),
        unit="people",
        evidence=("贫困劳动力花名册和劳动合同", "list of the people and their contracts"),
        means="On the day of application.",
    )
    trained_poor_staff = IntFact(
        "以工代训贫困劳动力人数",
        "registered poor people trained at work",
        ask=(
            "单位以工代训了多少名建档立卡贫困劳动力？",
            "How many people on the poverty register does the firm train at work?",
        ),
        unit="people",
        evidence=("以工代训人员花名册", "list of the people trained at work"),
        means="Of this claim.",
    )
    training_months = IntFact(
        "以工代训月数",
        "months of training at work",
        ask=("本次申请的以工代训为几个月？", "How many months of training at work does this claim cover?"),
        unit="months",
        maximum=MONTHS_MOST,
        means="Of this claim, the same number for each person.",
    )
    county_has_means = BoolFact(
        "县级有条件奖励",
        "county has the means",
        ask=(
            "所在县（市、区）是否决定安排资金给予奖励？",
            "Has the county decided to pay a reward from its own means?",
        ),
        source=Source.JUDGEMENT,
        means="The decision of the county.",
    )
