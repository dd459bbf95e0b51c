"""Article 7: new industries."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import OfficeReport
from wenjiuye.rules import Grant, Values, quota


@quota(clause="a07.08", zh="每年重大技改示范项目", en="demonstration projects of a year")
def renovation_projects(report: OfficeReport, v: Values) -> Grant:
    """Each year so many large demonstration projects of technical renovation are carried out.

    Reading: the whole city's projects count, whichever pool they come from, and more than the number
    is fine. Other reading: city and counties each; the number would then be out of proportion.
    """
    return Grant(when=report.demonstration_projects_this_year >= v.renovation_projects_least)
