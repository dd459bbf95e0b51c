"""Article 6: foreign trade."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import OfficeReport
from wenjiuye.rules import Grant, Values, quota


@quota(clause="a06.03", zh="正常退税平均办理时限", en="average time of ordinary tax refunds")
def tax_refund_days(report: OfficeReport, v: Values) -> Grant:
    """Ordinary tax refunds take no longer on average than the working days in the text.

    Reading: the mean over the refunds finished in the period of the report; a single one may take
    longer. Without any refund there is no mean, so whether the quota is met stays open.
    """
    days = report.total_working_days / report.normal_refunds
    return Grant(when=days <= v.tax_refund_days_most)
