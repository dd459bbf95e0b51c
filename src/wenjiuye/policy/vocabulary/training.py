"""Internships, labour export, training and public service events."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.enterprise import MONTHS_MOST, Enterprise
from wenjiuye.policy.vocabulary.person import Person
from wenjiuye.rules import (
    BoolFact,
    ChoiceFact,
    DateFact,
    IntFact,
    MoneyFact,
    One,
    ShareFact,
    Source,
    Subject,
)


class Internship(Subject, id="internship", zh="就业见习", en="internship"):
    """One trainee at one host."""

    trainee = One(Person, "见习人员", "trainee")
    host = One(Enterprise, "见习单位", "host")

    internship_started_on = DateFact(
        "见习开始日",
        "internship started on",
        ask=("见习从哪一天开始？", "On which day did the internship start?"),
        evidence=("就业见习协议", "internship agreement"),
        means="First day of the internship.",
    )
    internship_months = IntFact(
        "见习月数",
        "months of internship",
        ask=("本次申请涵盖几个月的见习？", "How many months of internship does this claim cover?"),
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("见习考勤和生活补助发放记录", "attendance and pay records"),
        means="That this claim covers.",
    )
    retention_rate = ShareFact(
        "留用率",
        "retention rate",
        ask=(
            "该批期满见习人员中留用的占多少？",
            "Of the trainees whose term ended, what share did the host keep?",
        ),
        burden=3,
        evidence=("留用人员劳动合同", "contracts of those who were kept"),
        means="In the host's batch of this trainee: kept ÷ term ended.",
    )
    interrupted_by_epidemic = BoolFact(
        "受疫情影响中断",
        "interrupted by the epidemic",
        ask=("见习是否因疫情中断？", "Did the epidemic interrupt the internship?"),
        evidence=("见习单位证明", "confirmation by the host"),
        means="Interrupted and not ended.",
    )
    interrupted_months = IntFact(
        "中断月数",
        "months interrupted",
        ask=("见习中断了几个月？", "For how many months was it interrupted?"),
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("见习单位证明", "confirmation by the host"),
        means="To be made up later.",
    )
    contract_signed_early = BoolFact(
        "见习期未满签订合同",
        "contract signed early",
        ask=(
            "见习期未满时单位是否已与见习人员签订劳动合同？",
            "Did the host sign a labour contract before the internship was over?",
        ),
        evidence=("劳动合同", "labour contract"),
        means="Signed by the host before the internship was over.",
    )
    remaining_months = IntFact(
        "剩余见习月数",
        "months that remained",
        ask=(
            "签订劳动合同时还剩几个月见习期？",
            "How many months of the internship were left when the contract was signed?",
        ),
        unit="months",
        maximum=MONTHS_MOST,
        evidence=("就业见习协议", "internship agreement"),
        means="When the labour contract was signed.",
    )


class ExportBatch(Subject, id="export_batch", zh="劳务输出批次", en="labour export batch"):
    """One group of people whom one organiser took to work elsewhere."""

    organiser_kind = ChoiceFact(
        "组织者类型",
        "kind of organiser",
        ask=("由哪一类机构组织？", "What kind of body organises it?"),
        evidence=("营业执照或人力资源服务许可证", "business licence or licence for HR services"),
        members={
            "hr_agency": ("人力资源服务机构", "commercial HR agency"),
            "labour_broker": ("劳务经纪人", "labour broker"),
            "public_agency": ("公共就业服务机构", "public employment agency"),
            "college": ("高校", "college"),
            "other": ("其他", "other"),
        },
        means="An HR agency is a commercial one.",
    )
    free_of_charge = BoolFact(
        "免费",
        "free of charge",
        ask=("是否不向服务对象收费？", "Is it free for those served?"),
        evidence=("不收费承诺书", "declaration that nothing is charged"),
        means="For those served.",
    )
    destination = ChoiceFact(
        "输出地",
        "destination",
        ask=("人员输出到哪里？", "Where do the people go to work?"),
        evidence=("用工单位证明", "confirmation by the employers"),
        members={
            "other_province": ("省外", "another province"),
            "other_city_in_province": ("省内其他市", "another city of the province"),
            "same_city": ("本市", "the same city"),
        },
        means="By where the work is.",
    )
    people_placed = IntFact(
        "输出人数",
        "people placed",
        ask=("这一批共输出多少人？", "How many people were placed in this batch?"),
        unit="people",
        evidence=("输出人员花名册", "list of the people placed"),
        means="In this batch.",
    )


class Training(Subject, id="training", zh="培训", en="training"):
    """One trainee in one class."""

    trainee = One(Person, "学员", "trainee")
    organiser = One(Enterprise, "组织企业", "organiser")

    organised_by_enterprise = BoolFact(
        "企业组织",
        "organised by a firm",
        ask=("培训是否由企业组织？", "Does a firm organise the training?"),
        evidence=("培训开班申请表", "application for the class"),
        means="A firm for its own staff or new hires.",
    )
    training_type = ChoiceFact(
        "培训类型",
        "type of training",
        ask=("培训属于哪一类？", "What type of training is it?"),
        evidence=("培训开班申请表", "application for the class"),
        members={
            "staff_online": ("职工线上培训", "staff training online"),
            "staff_offline": ("职工线下培训", "staff training on site"),
            "pre_job": ("岗前培训", "training before the job"),
            "labour_preparation": ("劳动预备制培训", "preparation for work"),
            "startup": ("创业培训", "start-up training"),
        },
        means="By the approved class.",
    )
    is_new_hire = BoolFact(
        "新招用人员",
        "newly hired",
        ask=("学员是否为组织企业新招用的人员？", "Was the trainee newly hired by the organising firm?"),
        evidence=("劳动合同", "labour contract"),
        means="By the organising firm.",
    )
    training_started_on = DateFact(
        "培训开始日",
        "training started on",
        ask=("培训从哪一天开始？", "On which day did the training start?"),
        evidence=("培训开班申请表", "application for the class"),
        means="First day of the class.",
    )
    approved_body = BoolFact(
        "经审批的定点培训机构",
        "approved training body",
        ask=("培训机构是否为经审批的定点机构？", "Is the training body an approved one?"),
        source=Source.REGISTRY,
        evidence=("定点机构批复文件", "letter of approval"),
        means="By the letter of approval.",
    )
    internet_plus = BoolFact(
        "“互联网+”培训",
        "internet-plus course",
        ask=("是否为“互联网+”创业培训？", "Is it an internet-plus course?"),
        evidence=("培训方案", "plan of the course"),
        means="By the plan of the course.",
    )
    during_epidemic = BoolFact(
        "疫情期间开展",
        "held during the epidemic",
        ask=("培训是否在疫情期间开展？", "Was the training held during the epidemic?"),
        evidence=("培训考勤记录", "attendance records"),
        means="The class was held while the epidemic lasted.",
    )


class ServiceEvent(Subject, id="service_event", zh="招聘或创业服务活动", en="service event"):
    """One job fair or start-up service of one organiser."""

    organiser_kind = ExportBatch.organiser_kind
    free_of_charge = ExportBatch.free_of_charge

    event_kind = ChoiceFact(
        "活动类型",
        "kind of event",
        ask=("举办的是哪一类活动？", "What kind of event is it?"),
        evidence=("活动方案", "plan of the event"),
        members={
            "special_job_fair": ("专场招聘", "special job fair"),
            "startup_service": ("创业服务", "start-up service"),
            "other": ("其他", "other"),
        },
        means="By the plan of the event.",
    )
    people_served = IntFact(
        "服务人数",
        "people served",
        ask=("活动服务了多少人？", "How many people were served?"),
        unit="people",
        evidence=("服务对象签到表", "list of those served"),
        means="Read by the officers who set the sum. No condition reads it.",
    )
    service_cost = MoneyFact(
        "服务成本",
        "cost of the service",
        ask=("活动实际支出多少元？", "How much did the event cost, in yuan?"),
        burden=3,
        evidence=("费用票据", "receipts"),
        means="Really spent on the event.",
    )
