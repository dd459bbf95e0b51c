"""What has to be said at the counter for a new claim: what the registry does not know and what can still matter."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.facts import plain
from wenjiuye.platform.claims.opening import Payee
from wenjiuye.platform.desk.case_facts import source_words
from wenjiuye.platform.desk.case_inputs import FactInput, can_be_typed, fact_input, in_words, read_typed
from wenjiuye.platform.desk.case_sums import sum_of
from wenjiuye.platform.registry.case_facts import CaseFacts
from wenjiuye.rules.case import determine
from wenjiuye.rules.measures import Measure, MeasureKind
from wenjiuye.rules.questions import next_questions
from wenjiuye.rules.receipt import Provenance

_ACCOUNT = re.compile(r"\d{8,32}")
_BY_MONTH = frozenset({"insurance_month", "unemployed_month"})
"""What measures pay for when they pay for months."""


@dataclass(frozen=True)
class Known:
    """A fact that the registry tells."""

    title: str
    value: str
    source: str
    as_of: dt.date | None


@dataclass(frozen=True)
class Preview:
    """What the rules say on what the registry knows."""

    verdict: str
    sum: str


@dataclass(frozen=True)
class Entry:
    """A claim that is being written. errors: by control; answers: facts that can be read."""

    inputs: tuple[FactInput, ...]
    answers: Mapping[str, Any]
    payee: Payee
    period: tuple[dt.date, dt.date] | None
    errors: Mapping[str, str]


def known_facts(measure: Measure, found: CaseFacts) -> list[Known]:
    """What need not be asked, in the order in which the rules read it."""
    read = dict.fromkeys(ref.key for part in measure.expressions() for ref in part.refs)
    values = plain(measure, found.record)
    nothing = Provenance("")
    return [
        Known(
            rules_in_force.fact_title(measure.subject, path),
            in_words(rules_in_force.fact_at(measure.subject, path), values[path]),
            source_words(found.provenance.get(path, nothing).source),
            found.provenance.get(path, nothing).as_of,
        )
        for path in read
        if path in values
    ]


def preview(measure: Measure, found: CaseFacts, on: dt.date) -> Preview:
    """What the rules say before anything is asked."""
    answer = determine(rules_in_force.policy_in_force(), measure, found.record, on, nested=True)
    verdict = str(answer.verdict.value)
    return Preview(verdict, sum_of(measure, verdict, answer.amount, answer.low, answer.high))


def by_the_month(measure: Measure) -> bool:
    """Whether a claim under the measure is for some months."""
    read = {ref.fact.id for part in measure.expressions() for ref in part.refs}
    return measure.pays_for in _BY_MONTH or "months_granted" in read


def pays(measure: Measure) -> bool:
    """Whether there is money to be sent to an account."""
    return measure.kind is MeasureKind.BENEFIT and measure.has_amount


def entry(measure: Measure, found: CaseFacts, on: dt.date, typed: Mapping[str, str]) -> Entry:
    """The form, with what was typed into it; an empty answer is not to know."""
    errors: dict[str, str] = {}
    answers: dict[str, Any] = {}
    inputs = []
    questions = next_questions(
        rules_in_force.policy_in_force(),
        measure.subject.id,
        found.record,
        on,
        measures=[measure.id],
        nested=True,
    )
    for question in questions:
        if not can_be_typed(question.fact):
            continue
        name = f"fact-{question.key}"
        text = typed.get(name, "").strip()
        value, problem = read_typed(question.fact, text) if text else (None, "")
        if problem:
            errors[name] = problem
        elif value is not None:
            answers[question.key] = value
        inputs.append(
            fact_input(
                question.fact, question.key, name=name, scope="new", value=text, error=problem, unknown=True
            )
        )
    payee = Payee(*(typed.get(f"payee_{part}", "").strip() for part in ("name", "bank", "account")))
    return Entry(tuple(inputs), answers, _payee(payee, errors), _period(measure, typed, errors), errors)


def _payee(payee: Payee, errors: dict[str, str]) -> Payee:
    account = re.sub(r"[\s-]", "", payee.account)
    if account and not _ACCOUNT.fullmatch(account):
        errors["payee_account"] = _(
            "“%(value)s”不是银行账号。请只写数字，8 到 32 位，例如 6222021234567890123。"
        ) % {"value": payee.account}
        return payee
    if account and not payee.name:
        errors["payee_name"] = _("写了账号，还要写开户人姓名或单位名称。")
    return Payee(payee.name, payee.bank, account)


def _period(
    measure: Measure, typed: Mapping[str, str], errors: dict[str, str]
) -> tuple[dt.date, dt.date] | None:
    if not by_the_month(measure):
        return None
    ends = []
    for name in ("period_from", "period_to"):
        text = typed.get(name, "").strip()
        try:
            ends.append(dt.date.fromisoformat(f"{text}-01"))
        except ValueError:
            if name in typed:
                errors[name] = (
                    _("“%(value)s”不是月份。请写成 2020-09 这样。") % {"value": text}
                    if text
                    else _("请填写月份，例如 2020-09。")
                )
    if len(ends) < 2:
        return None
    first, last = ends
    if last < first:
        errors["period_to"] = _("结束月份 %(last)s 早于开始月份 %(first)s。请改正。") % {
            "last": f"{last:%Y-%m}",
            "first": f"{first:%Y-%m}",
        }
        return None
    return first, last.replace(day=calendar.monthrange(last.year, last.month)[1])
