"""Tables about programmes: internships, trainings, loans, venues and the rest that is told as it is."""

from __future__ import annotations

from wenjiuye.policy.registry.people import EnterpriseRecord, PersonRecord
from wenjiuye.policy.registry.record import Record, day, number, same, yes_no
from wenjiuye.policy.vocabulary import (
    Community,
    Enterprise,
    ExportBatch,
    Guarantor,
    Internship,
    LayoffPlan,
    Loan,
    LoanFund,
    OfficeReport,
    RuralPlatform,
    ServiceEvent,
    Training,
    Venue,
)
from wenjiuye.rules import One, Subject


class InternshipRecord(
    Record,
    id="internship",
    zh="就业见习",
    en="internship",
    keyed=True,
    required=("trainee", "host", "started_on", "planned_months"),
    means="One internship from its first to its last day. A batch: one host, one month of starting.",
):
    """One internship."""

    trainee = One(PersonRecord, "见习人员", "trainee")
    host = One(EnterpriseRecord, "见习单位", "host")
    started_on = day("开始日期", "started on")
    planned_months = number("见习期限", "planned months", unit="months")
    ended_on = day("结束日期", "ended on", "Last day of the internship. Empty: it goes on.")
    kept = yes_no("留用", "kept", "Whether the host kept the trainee. Empty: not known yet.")
    interrupted_by_epidemic = same(Internship.interrupted_by_epidemic)
    interrupted_months = same(Internship.interrupted_months)
    contract_signed_on = day("签订劳动合同日期", "labour contract signed on", "With the host. Empty: none.")


class TrainingRecord(
    Record,
    id="training",
    zh="培训",
    en="training",
    keyed=True,
    required=("trainee", "training_type", "training_started_on"),
    means="One person in one class.",
):
    """One person's place in a class. No organiser: no firm's class."""

    trainee = One(PersonRecord, "学员", "trainee")
    organiser = One(EnterpriseRecord, "组织单位", "organising firm")
    training_type = same(Training.training_type)
    is_new_hire = same(Training.is_new_hire)
    training_started_on = same(Training.training_started_on)
    approved_body = same(Training.approved_body)
    internet_plus = same(Training.internet_plus)
    during_epidemic = same(Training.during_epidemic)


def _as_it_is(subject: type[Subject], **links: One[Record]) -> type[Record]:
    """The table of a subject whose facts are kept outright, with the county that its sums are counted in."""
    facts = {name: same(fact) for name, fact in subject.facts.items()}
    county = {} if "county" in facts else {"county": same(Enterprise.county)}
    record: type[Record] = type(
        f"{subject.__name__}Record",
        (Record,),
        {**links, **county, **facts, "__doc__": f"Rows of {subject.en} as the vocabulary has them."},
        id=subject.id,
        zh=subject.zh,
        en=subject.en,
        keyed=True,
        means="Its facts are kept outright; what was granted before comes from the table of grants.",
    )
    return record


LoanRecord = _as_it_is(Loan, borrower=One(PersonRecord, "借款人", "borrower"))
AS_THEY_ARE: tuple[type[Record], ...] = (
    LoanRecord,
    *(
        _as_it_is(subject)
        for subject in (
            LoanFund,
            Guarantor,
            Venue,
            RuralPlatform,
            ExportBatch,
            ServiceEvent,
            Community,
            LayoffPlan,
            OfficeReport,
        )
    ),
)
