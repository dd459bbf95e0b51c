"""Tables about people: who they are, their schooling, work, registrations and recognitions."""

from __future__ import annotations

from wenjiuye.policy.registry.record import Record, choice, day, money, month, number, same, yes_no
from wenjiuye.policy.vocabulary import Enterprise, Person
from wenjiuye.rules import One


class Household(
    Record,
    id="household",
    zh="家庭户",
    en="household",
    keyed=True,
    required=("county",),
    means="One household of the household register.",
):
    """One household."""

    county = same(Enterprise.county)
    rural = same(Person.rural)


class PersonRecord(
    Record,
    id="person",
    zh="个人",
    en="person",
    keyed=True,
    required=("county",),
    texts=("name", "resident_id", "phone"),
    means="One resident.",
):
    """One resident. Rural or not is told by the household, or by the person where there is none."""

    household = One(Household, "家庭户", "household")
    county = same(Enterprise.county)
    birth_date = same(Person.birth_date)
    sex = same(Person.sex)
    post_type = same(Person.post_type)
    rural = same(Person.rural)
    habitual_residence_here = same(Person.habitual_residence_here)
    died_on = day("死亡日期", "died on", "Empty: alive.")


class EnterpriseRecord(
    Record,
    id="enterprise",
    zh="用人单位",
    en="employer",
    keyed=True,
    required=("county",),
    texts=("name", "credit_code", "phone"),
    means="One employer or sole trader of the business register.",
):
    """One employer or sole trader."""

    owner = One(PersonRecord, "经营者", "owner")
    county = same(Enterprise.county)
    industry = same(Enterprise.industry)
    legal_form = choice(
        "组织形式",
        "legal form",
        {
            "company": ("公司", "company"),
            "sole_trader": ("个体工商户", "sole trader"),
            "cooperative": ("合作社", "cooperative"),
            "public_body": ("机关事业单位", "public body"),
            "other": ("其他", "other"),
        },
    )
    registered_on = day("登记日期", "registered on", "The date of the business licence.")
    deregistered_on = day("注销日期", "deregistered on", "Empty: still registered.")
    founded_by_returnee = yes_no(
        "返乡下乡人员创办",
        "founded by a returnee",
        "By a person who returned home or moved to the countryside.",
    )


class Employment(
    Record,
    id="employment",
    zh="用工登记",
    en="employment",
    keyed=True,
    required=("person", "form", "started_on"),
    means="One job of one person from its first to its last day.",
):
    """One job. A flexible job has no employer."""

    person = One(PersonRecord, "劳动者", "person")
    employer = One(EnterpriseRecord, "用人单位", "employer")
    form = choice(
        "就业形式",
        "form of employment",
        {
            "labour_contract": ("劳动合同", "labour contract"),
            "flexible": ("灵活就业", "flexible work"),
            "public_post": ("公益性岗位", "public post"),
        },
    )
    started_on = day("开始日期", "started on", "First day of the job.")
    ended_on = day("结束日期", "ended on", "Last day of the job. Empty: it goes on.")
    contract_months = number(
        "合同期限", "length of contract", "Full months; an open-ended contract is 1200.", unit="months"
    )
    end_reason = choice(
        "终止原因",
        "reason of the end",
        {
            "layoff": ("裁员", "layoff"),
            "contract_ended": ("合同期满", "contract ran out"),
            "resigned": ("辞职", "resigned"),
            "retired": ("退休", "retired"),
            "died": ("死亡", "died"),
            "transferred": ("调动", "transferred"),
            "other": ("其他", "other"),
        },
        "Only layoffs count as layoffs.",
    )


class Contribution(
    Record,
    id="contribution",
    zh="个人社保缴费",
    en="contribution of a person",
    required=("person", "month"),
    means="What was paid for one person for one month: by an employer, or by the person where none is named.",
):
    """One person's month of social insurance."""

    person = One(PersonRecord, "参保人", "insured person")
    employer = One(EnterpriseRecord, "缴费单位", "paying employer")
    month = month("费款所属月", "month of contribution", "The month that it is for.")
    contribution_base = money("缴费基数", "contribution base", "Of this person in this month.")
    unemployment_insured = yes_no("参加失业保险", "in the unemployment insurance")
    employer_pension_paid = money(
        "单位已缴养老保险", "pension paid by the employer", "Really paid, not waived."
    )
    employer_unemployment_paid = money(
        "单位已缴失业保险", "unemployment insurance paid by the employer", "Really paid, not waived."
    )
    employer_medical_paid = money(
        "单位已缴医疗保险", "medical insurance paid by the employer", "Really paid, not waived."
    )
    own_paid = money(
        "个人已缴", "own part paid", "All kinds together; without an employer all that was paid."
    )


class UnemploymentRegistration(
    Record,
    id="unemployment_registration",
    zh="失业登记",
    en="unemployment registration",
    required=("person", "registered_on"),
    means="One registration as unemployed from its first to its last day.",
):
    """One registration at a public employment agency."""

    person = One(PersonRecord, "登记人", "person registered")
    registered_on = day("登记日期", "registered on", "First day.")
    ended_on = day("注销日期", "ended on", "Last day of the registration. Empty: it goes on.")
    laid_off = yes_no("下岗失业", "laid off", "Whether the last job was lost by being laid off.")
    insured_before = yes_no(
        "失业前参保", "insured before", "Insured against unemployment when the job ended."
    )
    certificate_note = same(Person.certificate_note)
    seeking_work = same(Person.seeking_work)
    able_to_work = same(Person.able_to_work)
    wants_to_work = same(Person.wants_to_work)


class BenefitPeriod(
    Record,
    id="benefit_period",
    zh="待遇享受期",
    en="period of a benefit",
    required=("person", "kind", "started_on", "ends_on"),
    means="One person's term of unemployment benefit, or of the ordinary flexible work subsidy.",
):
    """A term that was granted; it may have been stopped early."""

    person = One(PersonRecord, "享受人", "recipient")
    kind = choice(
        "待遇种类",
        "kind of benefit",
        {
            "unemployment_benefit": ("失业保险金", "unemployment benefit"),
            "flexible_subsidy": ("灵活就业社保补贴", "ordinary flexible work subsidy"),
        },
    )
    started_on = day("开始日期", "started on")
    ends_on = day("期满日期", "ends on", "Last day of the whole term.")
    stopped_on = day("停发日期", "stopped on", "Last day where it was stopped before the term ended.")
    medical_contribution_per_month = money(
        "每月医保费", "medical contribution a month", "Of a recipient of unemployment benefit."
    )


class Enrolment(
    Record,
    id="enrolment",
    zh="学籍",
    en="enrolment",
    required=("person", "level", "started_on"),
    texts=("school",),
    means="One person at one school, from the first day to the date of the certificate.",
):
    """One course of study."""

    person = One(PersonRecord, "学生", "student")
    level = choice(
        "学历层次",
        "level",
        {
            "junior_secondary": ("初中", "junior secondary"),
            "senior_secondary": ("高中", "senior secondary"),
            "vocational": ("中等职业", "secondary vocational"),
            "college": ("高等学校", "college or university"),
        },
    )
    started_on = day("入学日期", "started on")
    expected_on = day("应毕业日期", "expected to end on", "The ordinary date of the certificate.")
    left_on = day("离校日期", "left on", "The date of the certificate. Empty: still enrolled.")
    graduated = yes_no("已毕业", "graduated", "Left with a certificate.")
    delayed_by_school = yes_no(
        "学校延迟", "delayed by the school", "Left late because the school delayed it."
    )
    major_on_list = same(Person.major_on_list)


PERSON_CATEGORIES = {
    "poverty_registered": ("建档立卡", "on the poverty register"),
    "dibao_family": ("低保家庭", "family on minimum living allowance"),
    "disabled": ("残疾", "disabled"),
    "student_loan": ("国家助学贷款", "national student loan"),
    "poor_disabled_family": ("贫困残疾人家庭", "poor family with a disabled member"),
    "special_hardship": ("特困", "special hardship"),
    "hardship_person": ("就业困难人员", "hard to employ"),
    "older_hardship_person": ("大龄就业困难人员", "older and hard to employ"),
    "zero_employment_family": ("零就业家庭成员", "member of a family without work"),
    "hardship_family": ("困难家庭成员", "member of a family in hardship"),
    "veteran": ("退役军人", "veteran"),
    "returnee": ("返乡下乡创业人员", "returnee who started a business"),
    "enlisted": ("应征入伍", "enlisted"),
}


class Recognition(
    Record,
    id="recognition",
    zh="人员类别认定",
    en="recognition of a person",
    required=("person", "category", "valid_from"),
    means="One person in one category, from a day to a day.",
):
    """A category with its validity."""

    person = One(PersonRecord, "个人", "person")
    category = choice("类别", "category", PERSON_CATEGORIES)
    valid_from = day("生效日期", "valid from")
    valid_to = day("失效日期", "valid to", "Last day. Empty: it goes on.")


class GrassrootsService(
    Record,
    id="grassroots_service",
    zh="基层服务项目",
    en="grassroots service",
    required=("person", "started_on"),
    means="One term of service in a project that sends graduates below the county.",
):
    """One term of service."""

    person = One(PersonRecord, "服务人员", "person")
    started_on = day("开始日期", "started on")
    ended_on = day("结束日期", "ended on", "Empty: it goes on.")
    completed = yes_no("服务期满", "completed", "The whole term that was agreed.")
    assessment_passed = yes_no("考核合格", "assessment passed")
