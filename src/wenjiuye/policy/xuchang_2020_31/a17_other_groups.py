"""Article 17: targets for the placement of veterans."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import OfficeReport
from wenjiuye.rules import Grant, Values, quota


@quota(clause="a17.01", zh="退役士兵安置比例", en="share of veterans placed in public bodies")
def veteran_placement_share(report: OfficeReport, v: Values) -> Grant:
    """Of the veterans due for placement four fifths or more go to public bodies and state-owned firms.

    Reading: people against people, exact; nobody due for placement: no share, so it stays undetermined.
    """
    return Grant(
        when=report.veterans_placed_in_public_bodies / report.veterans_due >= v.veteran_placement_share
    )


@quota(clause="a17.03", zh="退役军人创业孵化园", en="veteran incubation park")
def veteran_park(report: OfficeReport, v: Values) -> Grant:
    """The city builds a park where veterans start their businesses.

    Reading: one or more is enough; the text sets no date.
    """
    return Grant(when=report.veteran_incubation_parks >= v.veteran_parks_wanted)
