"""An officer's amount, held to the determination."""

from __future__ import annotations

from wenjiuye.rules.determination import Determination, Verdict
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.quantity import yuan_text


class AwardError(RulesError):
    """An officer's amount is not covered by the determination."""


def check_award(determination: Determination, amount_fen: int) -> None:
    """Refuse an amount that the determination does not cover. Less than was determined is allowed.

    Raises AwardError for a subject that is not eligible, a measure without a sum, and an amount that is
    negative, no whole number of fen, or above the exact amount, the ceiling or the upper bound.
    """
    measure = determination.measure
    if isinstance(amount_fen, bool) or not isinstance(amount_fen, int):
        raise AwardError(f"{measure.id}: {amount_fen!r} is not a whole number of fen")
    if determination.verdict is not Verdict.ELIGIBLE:
        raise AwardError(f"{measure.id}: the subject is {determination.verdict} on {determination.on}")
    if not measure.has_amount:
        raise AwardError(f"{measure.id}: grants no sum, so none can be awarded")
    if amount_fen < 0:
        raise AwardError(
            f"{measure.id}: {yuan_text(amount_fen)} yuan is below zero; book a repayment instead"
        )
    limit = determination.high if determination.amount is None else determination.amount
    if limit is not None and amount_fen > limit:
        known = "upper bound" if determination.amount is None else "ceiling" if measure.ceiling else "amount"
        raise AwardError(
            f"{measure.id}: {yuan_text(amount_fen)} yuan is above the {known} of {yuan_text(limit)} yuan; "
            "award at most that, or correct the facts and determine again"
        )
