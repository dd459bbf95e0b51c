"""The person: register data, schooling, work, unemployment, insurance and hardship."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.enterprise import MONTHS_MOST, Enterprise
from wenjiuye.rules import BoolFact, ChoiceFact, DateFact, IntFact, MoneyFact, Source, Subject


class Person(Subject, id="person", zh="个人", en="person"):
    """One natural person, whatever he or she claims or is claimed for."""

    county = Enterprise.county
    unemployment_insured = Enterprise.unemployment_insured

    # ── Register data
    birth_date = DateFact(
        "出生日期",
        "date of birth",
        ask=("出生日期是哪一天？", "What is the date of birth?"),
        source=Source.REGISTRY,
        evidence=("居民身份证", "identity card"),
        means="Ages are full years, reached on the birthday.",
    )
    sex = ChoiceFact(
        "性别",
        "sex",
        ask=("身份证上登记的性别是男还是女？", "Does the identity card say male or female?"),
        source=Source.REGISTRY,
        evidence=("居民身份证", "identity card"),
        members={"male": ("男", "male"), "female": ("女", "female")},
        means="As registered. Only used to derive the retirement date.",
    )
    post_type = ChoiceFact(
        "岗位类别",
        "kind of post",
        ask=(
            "退休前的岗位是管理技术岗位还是工人岗位？",
            "Before retirement, is it a management or technical post, or a worker's post?",
        ),
        source=Source.REGISTRY,
        evidence=("劳动合同", "labour contract"),
        members={
            "cadre": ("管理或技术岗位（干部）", "management or technical post (cadre)"),
            "worker": ("工人岗位", "worker's post"),
        },
        means="Only used to derive a woman's retirement date.",
    )
    retirement_date = DateFact(
        "法定退休日期",
        "legal retirement date",
        ask=("哪一天达到法定退休年龄？", "On which day is the legal retirement age reached?"),
        source=Source.REGISTRY,
        evidence=("居民身份证和职工档案", "identity card and personnel file"),
        means="The day the legal age is reached. Follows from birth, sex and kind of post.",
    )
    registered_poor = BoolFact(
        "建档立卡贫困人口",
        "on the poverty register",
        ask=("是否为建档立卡贫困人口？", "Is the person on the poverty register?"),
        source=Source.REGISTRY,
        evidence=("扶贫手册", "poverty register booklet"),
        means="Entered in the national poverty register.",
    )
    rural = BoolFact(
        "农村学员",
        "rural trainee",
        ask=("户籍是否在农村？", "Is the household registered in the countryside?"),
        source=Source.REGISTRY,
        evidence=("居民户口簿", "household register"),
        means="By household register.",
    )
    migrant_worker = BoolFact(
        "农民工",
        "migrant worker",
        ask=(
            "是否为农村户籍、从事非农产业的农民工？",
            "Does the person come from a rural household and work outside farming?",
        ),
        evidence=("居民户口簿", "household register"),
        means="Somebody of a rural household who works outside farming.",
    )
    habitual_residence_here = BoolFact(
        "常住本地",
        "lives here habitually",
        ask=("是否在本地常住？", "Does the person live here habitually?"),
        evidence=("居住证或居住证明", "residence permit or proof of residence"),
        means="Whatever the household registration says.",
    )
    pregnant_maternity_or_nursing = BoolFact(
        "孕期、产期或哺乳期",
        "pregnant, on maternity leave or nursing",
        ask=("目前是否处于孕期、产期或哺乳期？", "Is she pregnant, on maternity leave or nursing now?"),
        evidence=("医疗机构证明或出生医学证明", "medical certificate or certificate of birth"),
        means="Any of the three at present.",
    )

    # ── School
    college_graduate = BoolFact(
        "高校毕业生",
        "college graduate",
        ask=("是否已从高等学校毕业？", "Has the person graduated from a college or university?"),
        source=Source.REGISTRY,
        evidence=(
            "毕业证书或国外学历学位认证书",
            "graduation certificate or recognition of a foreign degree",
        ),
        means="From a college or university, also abroad. A student is not yet one.",
    )
    vocational_graduate = BoolFact(
        "中专中职毕业生",
        "vocational graduate",
        ask=("是否已从中专或中职学校毕业？", "Has the person graduated from a secondary vocational school?"),
        source=Source.REGISTRY,
        evidence=("毕业证书", "graduation certificate"),
        means="From a secondary vocational school.",
    )
    graduation_year = IntFact(
        "毕业年度",
        "year of graduation",
        ask=("毕业证书是哪一年发的？", "In which year was the graduation certificate issued?"),
        source=Source.REGISTRY,
        unit="year",
        minimum=1950,
        maximum=2100,
        evidence=("毕业证书", "graduation certificate"),
        means="The calendar year of the certificate. Follows from the day of leaving school.",
    )
    left_school_on = DateFact(
        "离校日期",
        "left school on",
        ask=("毕业证书上的日期是哪一天？", "Which date does the graduation certificate bear?"),
        source=Source.REGISTRY,
        evidence=("毕业证书", "graduation certificate"),
        means="The date of the certificate.",
    )
    college_student = BoolFact(
        "在读大学生",
        "college student",
        ask=("目前是否在高等学校就读？", "Is the person enrolled at a college or university now?"),
        source=Source.REGISTRY,
        evidence=("学生证或学籍证明", "student card or proof of enrolment"),
        means="Enrolled now.",
    )
    in_final_school_year = BoolFact(
        "毕业学年",
        "in the final school year",
        ask=("是否处于毕业前的最后一学年？", "Is this the last school year before graduation?"),
        source=Source.REGISTRY,
        evidence=("学籍证明", "proof of enrolment"),
        means="From 1 July of the year before graduation to 30 June of the year of graduation.",
    )
    hardship_category = ChoiceFact(
        "困难类别",
        "group of hardship",
        ask=("属于哪一类困难毕业生？", "To which group of graduates in hardship does the person belong?"),
        source=Source.REGISTRY,
        evidence=(
            "低保证、残疾人证、助学贷款合同等相应证明",
            "proof of the group: allowance, disability card, loan contract …",
        ),
        members={
            "dibao_family": ("低保家庭", "family on the minimum living allowance"),
            "disabled": ("残疾", "disabled"),
            "student_loan": ("获得国家助学贷款", "holder of a state student loan"),
            "poverty_registered_family": ("建档立卡贫困家庭", "family on the poverty register"),
            "poor_disabled_family": ("贫困残疾人家庭", "poor family with a disabled member"),
            "special_hardship": ("特困人员", "person in special hardship"),
            "none": ("均不属于", "none of these"),
        },
        means="The first group that fits.",
    )
    left_school_late = BoolFact(
        "延迟离校",
        "left school late",
        ask=("是否因学校原因延迟离校？", "Did the school delay the day of leaving?"),
        evidence=("学校证明", "confirmation by the school"),
        means="Because the school delayed it.",
    )
    delay_days = IntFact(
        "延迟天数",
        "days of delay",
        ask=("离校推迟了多少天？", "By how many days was leaving delayed?"),
        unit="days",
        evidence=("学校证明", "confirmation by the school"),
        means="Told in the result. No condition reads it.",
    )
    fresh_graduate = BoolFact(
        "应届毕业生",
        "fresh graduate",
        ask=("入伍当年是否毕业？", "Does the person graduate in the year of enlistment?"),
        source=Source.REGISTRY,
        evidence=("毕业证书或学籍证明", "graduation certificate or proof of enrolment"),
        means="Graduates or graduated in the year of enlistment.",
    )
    major_on_list = BoolFact(
        "专业在免试目录",
        "major on the list",
        ask=(
            "所学专业是否列入职业资格免试目录？",
            "Is the major on the list of those that need no examination?",
        ),
        evidence=("毕业证书", "graduation certificate"),
        means="On the list of majors whose graduates need no examination.",
    )
    school_leaver_not_continuing = BoolFact(
        "未继续升学初高中毕业生",
        "school leaver who does not go on",
        ask=(
            "初中或高中毕业后是否没有继续升学？",
            "Did the person stop school after the junior or senior secondary level?",
        ),
        evidence=("初中或高中毕业证书", "certificate of the secondary school"),
        means="Left junior or senior secondary school and does not go on.",
    )

    # ── Service and enlistment
    served_below_county = BoolFact(
        "在县以下基层单位服务",
        "served below county level",
        ask=("是否在县以下基层单位服务过？", "Did the person serve in a unit below county level?"),
        evidence=("基层服务协议书", "agreement of service"),
        means="In a project that sends graduates to the grassroots.",
    )
    service_completed = BoolFact(
        "服务期满",
        "term of service completed",
        ask=("基层服务期是否已满？", "Is the term of service over?"),
        source=Source.REGISTRY,
        evidence=("基层服务证书", "certificate of service"),
        means="The whole term that was agreed.",
    )
    service_assessment_passed = BoolFact(
        "考核合格",
        "assessment passed",
        ask=("基层服务考核是否合格？", "Did the person pass the assessment of the service?"),
        source=Source.REGISTRY,
        evidence=("服务期满考核登记表", "record of the assessment"),
        means="As recorded at the end of the term.",
    )
    meets_province_rules = BoolFact(
        "符合省有关政策",
        "meets the province's rules",
        ask=("是否符合省里关于直接招聘的规定？", "Are the province's rules on direct recruitment met?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    enlisted = BoolFact(
        "应征入伍",
        "enlisted",
        ask=("是否已应征入伍？", "Has the person enlisted?"),
        source=Source.REGISTRY,
        evidence=("入伍通知书", "notice of enlistment"),
        means="Accepted as a conscript.",
    )

    # ── Work
    employed_before = BoolFact(
        "此前已就业",
        "worked before",
        ask=(
            "离校后、从事该工作或见习前，是否参加过工作？",
            "After leaving school and before this job or internship, was there any other job?",
        ),
        source=Source.REGISTRY,
        evidence=("就业登记和参保记录", "record of jobs and insurance"),
        means="Any insured or contracted job between leaving school and the job (or internship) in question.",
    )
    employed = BoolFact(
        "已就业",
        "employed",
        ask=("目前是否有工作？", "Is the person in work now?"),
        source=Source.REGISTRY,
        evidence=("就业登记和参保记录", "record of jobs and insurance"),
        means="On the date of decision.",
    )
    stably_employed = BoolFact(
        "稳定就业",
        "in stable work",
        ask=("灵活就业补贴期满时是否已稳定就业？", "Was the person in stable work when the subsidy ended?"),
        source=Source.REGISTRY,
        evidence=("劳动合同", "labour contract"),
        means="When the period of the flexible work subsidy ends.",
    )
    flexibly_employed = BoolFact(
        "灵活就业",
        "in flexible work",
        ask=("是否已办理灵活就业登记？", "Is the person registered as working flexibly?"),
        source=Source.REGISTRY,
        evidence=("灵活就业登记证明", "proof of registration"),
        means="Registered as such.",
    )
    flexible_job_started_on = DateFact(
        "灵活就业日期",
        "flexible work since",
        ask=("从哪一天开始灵活就业？", "On which day did the flexible work start?"),
        evidence=("灵活就业登记证明", "proof of registration"),
        means="First day of the flexible work.",
    )
    went_out_to_work_during_epidemic = BoolFact(
        "疫情防控期间外出务工",
        "went out to work during the epidemic",
        ask=("疫情防控期间是否外出务工？", "Did the person leave home to work during the epidemic?"),
        evidence=("务工单位证明", "confirmation by the employer"),
        means="Left the home area for work.",
    )
    travel_cost = MoneyFact(
        "交通费",
        "travel cost",
        ask=("外出务工花了多少元交通费？", "How much did the journey to work cost, in yuan?"),
        evidence=("车票", "tickets"),
        means="Evidence for the officer. The amount is the local value, not the smaller of the two.",
    )

    # ── Own business
    returnee = BoolFact(
        "返乡入乡创业人员",
        "returned to start a business",
        ask=(
            "是否回到家乡或者到乡村创业？",
            "Did the person return home, or move to the countryside, to start a business?",
        ),
        evidence=("返乡创业人员认定表", "recognition as a returnee"),
        means="Somebody who returned home, or moved to the countryside, to start a business.",
    )
    first_startup = BoolFact(
        "首次创业",
        "first business",
        ask=("是否首次创业？", "Is it the person's first business?"),
        source=Source.REGISTRY,
        evidence=("营业执照", "business licence"),
        means="No business was registered in the person's name before.",
    )
    business_started_on = DateFact(
        "开业日期",
        "business started on",
        ask=("营业执照上的成立日期是哪一天？", "Which date does the business licence bear?"),
        source=Source.REGISTRY,
        evidence=("营业执照", "business licence"),
        means="The date of the business licence.",
    )
    operating_normally = BoolFact(
        "正常经营",
        "operates normally",
        ask=("开业以来是否一直正常经营？", "Has the business operated without a break since then?"),
        source=Source.JUDGEMENT,
        evidence=("纳税记录或经营流水", "tax record or turnover"),
        means="Without a break since the start. An officer's finding.",
    )
    small_firm_owner = BoolFact(
        "小微企业主",
        "owner of a small or micro firm",
        ask=("是否为小微企业主？", "Does the person own a small or micro firm?"),
        source=Source.REGISTRY,
        evidence=("营业执照", "business licence"),
        means="Registered as the one in charge of the firm.",
    )
    key_group = ChoiceFact(
        "重点群体类别",
        "key group",
        ask=("属于哪一类重点群体？", "To which key group does the person belong?"),
        evidence=("毕业证书、就业创业证、退役证等相应证明", "proof of the group"),
        members={
            "college_graduate": ("高校毕业生", "college graduate"),
            "unemployed": ("失业人员", "unemployed person"),
            "veteran": ("退役军人", "veteran"),
            "migrant_worker": ("农民工", "migrant worker"),
            "other": ("其他", "other"),
        },
        means="A group that the city adds to the list becomes a member of its own.",
    )
    venue_built_by_government = BoolFact(
        "政府投资开发的载体",
        "venue built with public money",
        ask=("申请入驻的载体是否由政府投资开发？", "Was the venue in question built with public money?"),
        source=Source.REGISTRY,
        means="Of the venue asked for.",
    )
    free_place_available = BoolFact(
        "有免费场地",
        "free place available",
        ask=("该载体目前是否有免费场地可用？", "Is there a place free of charge in that venue now?"),
        source=Source.REGISTRY,
        burden=2,
        means="In that venue, on the date of decision.",
    )

    # ── Unemployment
    months_registered_unemployed = IntFact(
        "登记失业月数",
        "months registered unemployed",
        ask=(
            "到招用之日（未被招用的到今天）已连续登记失业多少个整月？",
            "For how many full months running was the person registered unemployed, up to hiring or today?",
        ),
        source=Source.REGISTRY,
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("就业创业证", "employment certificate"),
        means="Without a break up to the day of hiring, or to the date of decision without a hire.",
    )
    certificate_note = ChoiceFact(
        "就业创业证注明事项",
        "note in the employment certificate",
        ask=(
            "《就业创业证》上注明了哪一项税收政策？",
            "Which tax policy is noted in the employment certificate?",
        ),
        source=Source.REGISTRY,
        evidence=("就业创业证", "employment certificate"),
        members={
            "hiring_tax_policy": ("企业吸纳税收政策", "tax policy on hiring"),
            "self_employment_tax_policy": ("自主创业税收政策", "tax policy on self-employment"),
            "graduation_year_self_employment_tax_policy": (
                "毕业年度内自主创业税收政策",
                "tax policy on self-employment in the year of graduation",
            ),
            "none": ("无证或未注明", "no certificate or no note"),
        },
        means="The note on the page for tax policies.",
    )
    registered_unemployed = BoolFact(
        "登记失业",
        "registered unemployed",
        ask=("培训开始当天是否登记失业？", "Was the person registered unemployed when the training started?"),
        source=Source.REGISTRY,
        evidence=("就业创业证", "employment certificate"),
        means="On the day the training started.",
    )
    unemployed = BoolFact(
        "失业",
        "unemployed",
        ask=("见习开始当天是否处于失业状态？", "Was the person out of work when the internship started?"),
        source=Source.REGISTRY,
        evidence=("就业创业证", "employment certificate"),
        means="On the day the internship started.",
    )
    seeking_work = BoolFact(
        "积极求职",
        "seeks work",
        ask=("是否正在积极找工作？", "Is the person looking for work?"),
        means="Wants a job and looks for one.",
    )
    real_name_registered = BoolFact(
        "实名登记",
        "registered by real name",
        ask=(
            "是否已在公共就业服务机构实名登记？",
            "Is the person registered by real name at a public employment agency?",
        ),
        source=Source.REGISTRY,
        means="At a public employment agency, in person or online.",
    )
    able_to_work = BoolFact(
        "有劳动能力",
        "able to work",
        ask=("身体状况是否允许工作？", "Is the person able to work?"),
        means="Full or partial ability to work.",
    )
    wants_to_work = BoolFact(
        "有就业要求",
        "wants to work",
        ask=("是否希望就业？", "Does the person want a job?"),
        means="As stated at the registration.",
    )
    laid_off_unemployed = BoolFact(
        "下岗失业人员",
        "laid off and unemployed",
        ask=("是否为下岗失业人员？", "Was the person laid off and is now unemployed?"),
        source=Source.REGISTRY,
        evidence=("就业创业证", "employment certificate"),
        means="Lost a job by being laid off and has no other.",
    )
    benefit_exhausted = BoolFact(
        "领取失业保险金期满",
        "unemployment benefit exhausted",
        ask=("失业保险金是否已领取期满？", "Has the unemployment benefit been drawn to its end?"),
        source=Source.REGISTRY,
        evidence=("失业保险金领取记录", "record of the benefit"),
        means="Drawn to the end of its term.",
    )
    qualifies_for_benefit = BoolFact(
        "符合领取失业保险金条件",
        "qualifies for unemployment benefit",
        ask=("目前是否符合领取失业保险金条件？", "Does the person qualify for unemployment benefit now?"),
        source=Source.REGISTRY,
        evidence=("失业保险缴费凭证", "proof of unemployment premiums"),
        means="Now, by the record of the insurance.",
    )
    receives_unemployment_benefit = BoolFact(
        "正在领取失业保险金",
        "receives unemployment benefit",
        ask=(
            "申请当月是否领取失业保险金？",
            "Does the person draw unemployment benefit in the month of the claim?",
        ),
        source=Source.REGISTRY,
        evidence=("失业保险金领取记录", "record of the benefit"),
        means="In the month of the claim. Benefit up to retirement counts, unemployment assistance does not.",
    )

    # ── Social insurance
    social_insurance_paid = BoolFact(
        "按规定缴纳社会保险费",
        "social insurance paid",
        ask=("是否按规定缴纳了社会保险费？", "Has social insurance been paid as the rules ask?"),
        source=Source.REGISTRY,
        evidence=("社保缴费凭证", "proof of contributions"),
        means="Of a hire: the employer pays as the rules ask. Of a person: pays for himself or herself.",
    )
    months_paid = IntFact(
        "缴费月数",
        "months paid",
        ask=("本次申请涵盖几个月的缴费？", "How many months of contributions does this claim cover?"),
        source=Source.REGISTRY,
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("社保缴费凭证", "proof of contributions"),
        means="Months that this claim covers, none granted before among them.",
    )
    contributions_paid = MoneyFact(
        "实际缴纳社会保险费",
        "contributions paid",
        ask=(
            "这些月份本人实际缴纳社会保险费共多少元？",
            "How much did the person pay in contributions for those months, in yuan?",
        ),
        source=Source.REGISTRY,
        evidence=("社保缴费凭证", "proof of contributions"),
        means="In all months of the claim together.",
    )
    medical_contribution_due = MoneyFact(
        "应缴基本医疗保险费",
        "medical contribution due",
        ask=(
            "申请月份应缴基本医疗保险费共多少元？",
            "How much is due to the medical insurance for the months of the claim, in yuan?",
        ),
        source=Source.REGISTRY,
        means="Of the months of the claim together.",
    )
    receives_flexible_subsidy = BoolFact(
        "享受灵活就业社保补贴",
        "receives the flexible work subsidy",
        ask=(
            "是否享受灵活就业社会保险补贴？",
            "Does the person receive the insurance subsidy for flexible work?",
        ),
        source=Source.REGISTRY,
        means="Under the ordinary rule, up to the day it ends. Stays true after that day.",
    )
    flexible_subsidy_ends_on = DateFact(
        "灵活就业补贴期满日",
        "flexible work subsidy ends on",
        ask=(
            "灵活就业社会保险补贴哪一天期满？",
            "On which day does the insurance subsidy for flexible work end?",
        ),
        source=Source.REGISTRY,
        means="Last day of the ordinary period.",
    )

    # ── Hardship and public posts
    hardship_person = BoolFact(
        "就业困难人员",
        "hard-to-employ person",
        ask=("是否已被认定为就业困难人员？", "Is the person recognised as hard to employ?"),
        source=Source.REGISTRY,
        evidence=("就业困难人员认定表", "recognition as hard to employ"),
        means="Recognised.",
    )
    older_hardship_person = BoolFact(
        "大龄困难人员",
        "older hardship person",
        ask=("是否已被认定为大龄困难人员？", "Is the person recognised as an older person in hardship?"),
        source=Source.REGISTRY,
        evidence=("就业困难人员认定表", "recognition as hard to employ"),
        means="Recognised.",
    )
    zero_employment_family_member = BoolFact(
        "零就业家庭成员",
        "member of a zero employment family",
        ask=(
            "是否为已认定的零就业家庭成员？",
            "Is the person a member of a recognised zero employment family?",
        ),
        source=Source.REGISTRY,
        evidence=("零就业家庭认定表", "recognition of the family"),
        means="Recognised.",
    )
    hardship_family = BoolFact(
        "困难家庭学员",
        "trainee of a hardship family",
        ask=("家庭是否已被认定为困难家庭？", "Is the family recognised as one in hardship?"),
        source=Source.REGISTRY,
        evidence=("低保证等困难家庭证明", "proof of the family's hardship"),
        means="Recognised.",
    )
    hard_to_employ_by_market = BoolFact(
        "市场渠道难以就业",
        "cannot find work on the market",
        ask=("通过市场渠道是否难以实现就业？", "Is it hard to find the person work on the market?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    living_in_hardship = BoolFact(
        "生活困难",
        "lives in hardship",
        ask=("目前的生活是否困难？", "Does the person live in hardship?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    meets_allowance_conditions = BoolFact(
        "符合补助条件",
        "meets the conditions of the allowance",
        ask=("是否符合临时生活补助的条件？", "Are the conditions of the temporary living allowance met?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )
    allowance_months = IntFact(
        "补助月数",
        "months of allowance decided",
        ask=("核定补助几个月？", "For how many months is the allowance decided?"),
        source=Source.JUDGEMENT,
        unit="months",
        maximum=MONTHS_MOST,
        optional=True,
        means="Decided by an officer. Not given: six months, which also stand for any number above six.",
    )
    post_available = BoolFact(
        "有公益性岗位",
        "a public post is available",
        ask=("目前是否有适合的公益性岗位？", "Is there a public post for this person?"),
        source=Source.REGISTRY,
        burden=2,
        means="New or vacated, for this person.",
    )
    public_post_placements = IntFact(
        "公益性岗位安置次数",
        "placements so far",
        ask=("已被安置到公益性岗位几次？", "How often has the person been placed in a public post?"),
        source=Source.LEDGER,
        unit="times",
        means="In public posts, the running one included.",
    )
    public_post_period_ended = BoolFact(
        "岗位补贴期满",
        "period of the post has ended",
        ask=(
            "最近一次公益性岗位的补贴期是否已满？",
            "Has the subsidised period of the latest public post ended?",
        ),
        source=Source.REGISTRY,
        means="Of the latest placement.",
    )
    meets_placement_conditions = BoolFact(
        "符合安置条件",
        "meets the conditions of a placement",
        ask=("目前是否仍符合公益性岗位安置条件？", "Are the conditions of a placement still met?"),
        source=Source.JUDGEMENT,
        means="An officer's finding.",
    )

    # ── Earlier grants
    granted_before = BoolFact(
        "曾享受本项",
        "granted before",
        ask=("以前是否已享受过这一项政策？", "Was this same measure granted to the person before?"),
        source=Source.LEDGER,
        means="This same measure, to the same person.",
    )
    months_granted = IntFact(
        "已享受月数",
        "months granted before",
        ask=("以前已享受这一项补贴几个月？", "For how many months was this same measure granted before?"),
        source=Source.LEDGER,
        unit="months",
        maximum=MONTHS_MOST,
        means="Under this same measure, this claim not included.",
    )
