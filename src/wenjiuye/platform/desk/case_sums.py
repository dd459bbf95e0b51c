"""Sums of a case in words: one sum, a range while it is open, nothing where the measure grants none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wenjiuye.rules.determination import Verdict
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.quantity import yuan_text


def sum_of(measure: Measure, verdict: str, amount: int | None, low: int | None, high: int | None) -> str:
    """`1,000.00 元`, `0.00 – 1,000.00 元`, `500.00 元以上`; empty where there is no sum. In fen."""
    if not measure.has_amount:
        return ""
    if verdict == Verdict.INELIGIBLE:
        return yuan_words(0)
    if verdict == Verdict.ELIGIBLE and amount is not None:
        return yuan_words(amount)
    least = (low or 0) if verdict == Verdict.ELIGIBLE else 0
    if high is None:
        return _("%(sum)s 元以上") % {"sum": yuan_text(least)} if least else _("金额未知")
    if least == high:
        return yuan_words(high)
    return _("%(low)s – %(high)s 元") % {"low": yuan_text(least), "high": yuan_text(high)}


def yuan_words(fen: int) -> str:
    """`1,000.00 元`."""
    return _("%(sum)s 元") % {"sum": yuan_text(fen)}
