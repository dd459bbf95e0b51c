"""What offices and firms report: the layoff plan, and an office's figures for its targets."""

from __future__ import annotations

from wenjiuye.rules import BoolFact, ChoiceFact, DateFact, IntFact, MoneyFact, ShareFact, Source, Subject


class LayoffPlan(Subject, id="layoff_plan", zh="经济性裁员方案", en="layoff plan"):
    """One plan of a firm to lay off staff for economic reasons."""

    notice_given_on = DateFact(
        "说明情况日期",
        "notice given on",
        ask=("哪一天向工会或全体职工说明了情况？", "On which day were the union or all staff told?"),
        evidence=("会议记录", "minutes"),
        means="To the union or to all staff.",
    )
    layoff_planned_on = DateFact(
        "拟裁员日期",
        "layoff planned on",
        ask=("计划从哪一天开始裁员？", "On which day is the first person to leave?"),
        evidence=("裁减人员方案", "layoff plan"),
        means="First day on which somebody leaves.",
    )
    placement_plan = BoolFact(
        "职工安置方案",
        "plan for the staff",
        ask=(
            "是否依法制定并落实职工安置方案？",
            "Is a plan for the staff made and carried out under the law?",
        ),
        evidence=("职工安置方案", "plan for the staff"),
        means="Made and carried out under the law.",
    )
    severance_paid = BoolFact(
        "已付经济补偿金",
        "severance paid",
        ask=("是否已向全部被裁人员支付经济补偿金？", "Has severance been paid to everybody?"),
        evidence=("经济补偿金支付凭证", "proof of payment"),
        means="To everybody who leaves.",
    )
    wage_arrears = MoneyFact(
        "拖欠工资",
        "wages still owed",
        ask=("还拖欠职工工资多少元（没有填0）？", "How much in wages is still owed, in yuan (0 if none)?"),
        evidence=("工资发放记录", "wage records"),
        means="0 where nothing is owed.",
    )
    insurance_arrears = MoneyFact(
        "欠缴社会保险费",
        "insurance still owed",
        ask=(
            "还欠缴社会保险费多少元（没有填0）？",
            "How much social insurance is still owed, in yuan (0 if none)?",
        ),
        source=Source.REGISTRY,
        evidence=("社保缴费凭证", "proof of contributions"),
        means="0 where nothing is owed.",
    )


class OfficeReport(Subject, id="office_report", zh="部门报告", en="office report"):
    """One authority's report for one period or project, against which a target is measured."""

    # ── Projects
    project_field = ChoiceFact(
        "项目领域",
        "field of the project",
        ask=("项目属于哪个领域？", "In which field is the project?"),
        evidence=("项目批复文件", "approval of the project"),
        members={
            "road": ("公路（含收费公路）", "roads, toll roads too"),
            "railway": ("铁路", "railways"),
            "urban": ("城建", "urban construction"),
            "logistics": ("物流", "logistics"),
            "environment": ("生态环保", "environment"),
            "social": ("社会民生", "social services"),
            "other": ("其他", "other"),
        },
        means="Roads include toll roads. A field that the city adds to the list becomes a member of its own.",
    )
    weak_link_project = BoolFact(
        "补短板基础设施项目",
        "weak link infrastructure",
        ask=("是否为补短板基础设施项目？", "Is it infrastructure that closes a gap?"),
        evidence=("项目批复文件", "approval of the project"),
        means="Infrastructure that closes a gap.",
    )
    reasonable_return = BoolFact(
        "收益水平合理",
        "reasonable return",
        ask=("项目的投资回报是否合理？", "Is the project's return reasonable?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    strong_repayment = BoolFact(
        "偿债能力较强",
        "strong repayment",
        ask=("项目的偿债能力是否较强？", "Is the project well able to repay?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    ratio_reduction_points = ShareFact(
        "资本金比例下浮百分点",
        "cut of the capital ratio",
        ask=(
            "资本金最低比例下调几个百分点？",
            "By how many percentage points is the minimum capital ratio cut?",
        ),
        unit="percentage points",
        maximum=100,
        means="Percentage points, with decimals if need be: 5 is five points.",
    )
    demonstration_projects_this_year = IntFact(
        "当年重大技改示范项目",
        "demonstration projects this year",
        ask=(
            "今年实施了多少个重大技改示范项目？",
            "How many model projects of technical renovation run this year?",
        ),
        unit="projects",
        means="Of the calendar year.",
    )

    # ── Tax refunds and land
    normal_refunds = IntFact(
        "正常退税件数",
        "ordinary refunds",
        ask=("本期办结多少件正常出口退税？", "How many ordinary refunds were finished in the period?"),
        unit="cases",
        source=Source.REGISTRY,
        means="Finished in the period.",
    )
    total_working_days = IntFact(
        "办理工作日合计",
        "working days in all",
        ask=("办理这些退税共用多少个工作日？", "How many working days did those refunds take in all?"),
        unit="days",
        source=Source.REGISTRY,
        means="Added up over those refunds.",
    )
    construction_land_quota = ShareFact(
        "建设用地指标",
        "construction land",
        ask=("新增建设用地指标是多少亩？", "How much land may be built on, in mu?"),
        unit="mu",
        means="An area in mu, with decimals if need be.",
    )
    rural_industry_land_quota = ShareFact(
        "乡村产业用地指标",
        "of it for rural industry",
        ask=("其中安排给乡村产业多少亩？", "How much of it is set aside for rural industry, in mu?"),
        unit="mu",
        means="An area in mu, with decimals if need be.",
    )

    # ── Services, graduates, veterans and families
    counties_with_many_outworkers = IntFact(
        "外出务工人员较多的县",
        "counties with many outworkers",
        ask=("外出务工人员较多的县有几个？", "How many counties have many people working elsewhere?"),
        unit="counties",
        means="As the city lists them.",
    )
    counties_with_standard_centre = IntFact(
        "已建标准化服务中心的县",
        "of them with a service centre",
        ask=("其中几个县已建成标准化服务中心？", "How many of them have a standard service centre?"),
        unit="counties",
        means="Only counties with many outworkers count.",
    )
    new_posts = IntFact(
        "国有企业新增岗位",
        "new posts",
        ask=("国有企业今年新增多少个岗位？", "How many new posts does the state-owned firm have this year?"),
        unit="posts",
        means="Of the state-owned firm in the year.",
    )
    new_posts_for_fresh_graduates = IntFact(
        "招录应届高校毕业生岗位",
        "of them for fresh graduates",
        ask=("其中多少个岗位招录应届高校毕业生？", "How many of them are for fresh college graduates?"),
        unit="posts",
        means="Among the new posts.",
    )
    veterans_due = IntFact(
        "应安置退役士兵",
        "veterans due for placement",
        ask=("应由政府安排工作的退役士兵有多少人？", "How many veterans are due for placement?"),
        unit="people",
        source=Source.REGISTRY,
        means="Those whom the government has to place.",
    )
    veterans_placed_in_public_bodies = IntFact(
        "安置到机关事业单位和国有企业",
        "of them placed in public bodies",
        ask=(
            "其中多少人安置到机关、事业单位或国有企业？",
            "How many of them were placed in public bodies or state-owned firms?",
        ),
        unit="people",
        source=Source.REGISTRY,
        means="State-owned firms count.",
    )
    veteran_incubation_parks = IntFact(
        "市级退役军人创业孵化园",
        "veteran incubation parks",
        ask=(
            "市里建成几个退役军人创业孵化园？",
            "How many incubation parks for veterans does the city have?",
        ),
        unit="parks",
        means="Of the city.",
    )
    zero_employment_families_open = IntFact(
        "未消除零就业家庭",
        "open zero employment families",
        ask=(
            "报告当日还有多少户零就业家庭？",
            "How many zero employment families are left on the day of the report?",
        ),
        unit="families",
        source=Source.REGISTRY,
        means="On the day of the report.",
    )
