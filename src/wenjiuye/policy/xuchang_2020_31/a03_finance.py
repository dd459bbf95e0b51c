"""Article 3: loans that go on, and guarantee institutions that serve small firms."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Enterprise, Guarantor
from wenjiuye.policy.xuchang_2020_31.funds import GUARANTEE_FEE_AWARD
from wenjiuye.rules import Condition, Grant, Values, all_of, any_of, benefit, right


@right(clause="a03.06", zh="制造业企业续贷", en="roll-over of a manufacturer's loan")
def manufacturing_loan_rollover(firm: Enterprise, _: Values) -> Grant:
    """A manufacturer that meets the bank's conditions may roll its loan over.

    Reading: the conditions are the bank's own and its judgement; the text adds none.
    """
    return Grant(when=all_of(firm.industry == "manufacturing", firm.meets_rollover_conditions))


def serves_small_firms_better(guarantor: Guarantor) -> Condition:
    """More guarantees for small firms, or cheaper ones."""
    return any_of(guarantor.expanded_small_firm_guarantees, guarantor.lowered_small_firm_fee)


@benefit(
    clause="a03.09",
    zh="融资担保机构降费奖补",
    en="fee award of a guarantee institution",
    fund=GUARANTEE_FEE_AWARD,
)
def guarantee_fee_award(guarantor: Guarantor, v: Values) -> Grant:
    """An award for guarantee institutions that do more or cheaper business with small firms.

    Reading: one of the two is enough. Other reading: both, because a pause mark stands between them;
    but either one serves the aim, and an award for cheaper fees alone would otherwise be lost. The
    text names neither sum nor fund; the sum is local, the fund that of the national award scheme.
    """
    return Grant(when=serves_small_firms_better(guarantor), amount=v.guarantee_fee_award_amount)


@benefit(
    clause="a03.10",
    zh="融资担保机构风险代偿",
    en="risk compensation of a guarantee institution",
    fund=GUARANTEE_FEE_AWARD,
)
def guarantee_risk_compensation(guarantor: Guarantor, v: Values) -> Grant:
    """The same institutions have a share of their losses from guarantees made good.

    Reading: as the award: one of the two is enough; the share is local. The text names both in one
    breath, so the fund is taken to be the same.
    """
    return Grant(
        when=serves_small_firms_better(guarantor), amount=guarantor.guarantee_loss * v.risk_compensation_share
    )
