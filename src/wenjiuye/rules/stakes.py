"""What is at stake in an open measure: its money, within limits, and the words for it."""

from __future__ import annotations

from wenjiuye.rules.determination import Determination
from wenjiuye.rules.quantity import yuan_text

STAKE_MOST = 100_000_00
"""100,000 yuan: above it all sums weigh alike, or one award of millions would drown every small benefit."""
STAKE_UNKNOWN = 2_000_00
"""2,000 yuan for a sum without bounds: about one month's subsidy of one person, the usual size here."""
STAKE_RIGHT = 500_00
"""500 yuan for a right without a sum: worth asking for, but after the sums that a family lives on."""


def stake_of(answer: Determination) -> tuple[int, str, str]:
    if not answer.measure.has_amount:
        return STAKE_RIGHT, "", ""
    if answer.high is not None:
        text = yuan_text(answer.high)
        return max(1, min(answer.high, STAKE_MOST)), f"（最高{text}元）", f" (up to {text} yuan)"
    if answer.low:
        text = yuan_text(answer.low)
        return min(answer.low, STAKE_MOST), f"（至少{text}元）", f" (at least {text} yuan)"
    return STAKE_UNKNOWN, "（金额未定）", " (sum still open)"
