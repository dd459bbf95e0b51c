"""The policy that a command works with: the one in force, or a reform of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from wenjiuye.cli.boundary import note
from wenjiuye.cli.language import Speech
from wenjiuye.cli.wording import out_of_force
from wenjiuye.policy.reform import reformed
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.policy import Policy

_MANY = 20
"""So many values are out of force only on a date that the policy was never made for."""


def policy_with(reforms: Sequence[Path] | None) -> Policy:
    """The policy with the reforms laid over it, if there are any. Raises ReformError."""
    return reformed(policy(), reforms or ())


def warn_of_date(say: Speech, current: Policy, on: dt.date) -> None:
    """Say so where the date lies outside the time for which most figures are known."""
    out = out_of_force(current, on)
    if len(out) >= _MANY:
        note(
            say(
                f"注意：{on} 有 {len(out)} 项数值不在有效期内；期限已过或未开始的措施一律不符合。",
                f"Note: {len(out)} values have no figure in force on {on}; "
                "measures outside their period are ineligible.",
            )
        )
