"""Tables that every measure shares: what was granted before, and facts that an officer or claimant gave."""

from __future__ import annotations

from wenjiuye.policy.registry.people import EnterpriseRecord, PersonRecord
from wenjiuye.policy.registry.record import Record, day, money, month, number
from wenjiuye.rules import One


class GrantRecord(
    Record,
    id="grant",
    zh="已发放待遇",
    en="grant paid before",
    required=("measure", "subject_id", "granted_on"),
    texts=("measure", "subject_id"),
    means="One payment under one measure. subject_id: the id of what it was granted for (a person, a job, a lease).",
):
    """One payment, with whom it went to."""

    person = One(PersonRecord, "个人", "person")
    enterprise = One(EnterpriseRecord, "用人单位", "employer")
    first_month = month("起始月", "first month", "Of the months that it is for.")
    months = number("月数", "months", "That it is for. Empty: a single payment.", unit="months")
    amount = money("金额", "amount")
    granted_on = day("发放日期", "granted on")


class Finding(
    Record,
    id="finding",
    zh="认定或申报的事实",
    en="fact found or declared",
    required=("subject", "subject_id", "fact", "value", "valid_from"),
    texts=("subject", "subject_id", "fact", "value", "source"),
    means="One fact of the vocabulary that an officer found or a claimant declared, from a day to a day. "
    "It wins over what follows from the other tables.",
):
    """One fact, written as in any table; the latest that is valid on the day counts."""

    valid_from = day("生效日期", "valid from")
    valid_to = day("失效日期", "valid to", "Last day. Empty: it goes on.")
