"""Chinese and English sentences of conditions and formulas, derived from the tree.

`sentence` says what is asked, with the figures in force; `formula` says how a sum is reckoned, and with a case
at hand also with its numbers put in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Condition, Expression, Gathered, Ref, ValueUse
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import FEN, NUMERIC, SHARE, Kind, number_text, percent_text, yuan_text
from wenjiuye.rules.values import UNITS_ZH

Lang = Literal["zh", "en"]


def sentence(policy: Policy, node: Condition, on: dt.date, lang: Lang) -> str:
    """What a condition asks, in one sentence."""
    return _Words(policy, on, lang).text(node)


def heading(node: Condition, lang: Lang) -> str:
    """What joins the parts of a condition that is shown with its parts below it."""
    if node.wording is not None:
        return node.wording.zh if lang == "zh" else node.wording.en
    zh, en = {
        "all": ("以下条件全部符合", "all of these hold"),
        "any": ("以下条件符合其一", "one of these holds"),
        "at_least": (f"以下条件至少符合{node.data}项", f"at least {node.data} of these hold"),
    }[node.op]
    return zh if lang == "zh" else en


def window_sentence(policy: Policy, node: Condition, on: dt.date, lang: Lang) -> str:
    """What a window asks."""
    words = _Words(policy, on, lang).text(node)
    return f"在政策期限内：{words}" if lang == "zh" else f"within the period of the measure: {words}"


def formula(policy: Policy, node: Expression, on: dt.date, lang: Lang, look: Evaluation | None = None) -> str:
    """How a sum is reckoned; with a case, its known facts are put in as numbers."""
    return _Words(policy, on, lang, look).text(node)


def fact_title(fact: Fact, lang: Lang) -> str:
    """A fact's title; a date such as "hired on" reads "date hired" inside a sentence."""
    if lang == "zh":
        return fact.zh
    is_day = fact.kind in (Kind.DATE, Kind.MONTH) and fact.en.endswith(" on")
    return f"date {fact.en.removesuffix(' on')}" if is_day else fact.en


def fact_value(fact: Fact, value: Any, lang: Lang) -> str:
    """A value of a fact with its unit, as people read it."""
    if fact.kind is Kind.BOOL:
        return {"zh": ("否", "是"), "en": ("no", "yes")}[lang][bool(value)]
    if fact.kind is Kind.ENUM:
        zh, en = fact.members[value]
        return zh if lang == "zh" else en
    if fact.kind in NUMERIC:
        return number_words(value, FEN if fact.kind is Kind.MONEY else fact.unit or SHARE, lang)
    return fact.show(value)


def number_words(value: Any, unit: str | None, lang: Lang) -> str:
    """An exact number with its unit."""
    if unit == FEN:
        return f"{yuan_text(value)}{'元' if lang == 'zh' else ' yuan'}"
    if unit == SHARE:
        return percent_text(value)
    if unit is None or unit == "class":
        return number_text(value)
    if unit == "year":
        return f"{number_text(value)}年" if lang == "zh" else number_text(value)
    if lang == "zh":
        return f"{number_text(value)}{UNITS_ZH.get(unit, unit)}"
    return f"{number_text(value)} {_SINGULAR.get(unit, unit) if value == 1 else unit}"


_SINGULAR = {
    "people": "person",
    "families": "family",
    "counties": "county",
    **{f"{word}s": word for word in ("month", "year", "day", "time", "post", "case", "project", "park")},
}

_MIRROR = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}

_COMPARE = {
    "zh": {"lt": "少于", "le": "不超过", "gt": "超过", "ge": "不少于", "eq": "等于", "ne": "不等于"},
    "en": {
        "lt": "less than",
        "le": "at most",
        "gt": "more than",
        "ge": "at least",
        "eq": "equal to",
        "ne": "not",
    },
}
_COMPARE_DAYS = {
    "zh": {"lt": "早于", "le": "不晚于", "gt": "晚于", "ge": "不早于", "eq": "就是", "ne": "不是"},
    "en": {"lt": "before", "le": "not after", "gt": "after", "ge": "not before", "eq": "on", "ne": "not on"},
}
_SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷"}
_STRENGTH = {"add": 1, "sub": 1, "mul": 2, "div": 2}


class _Words:
    """Renders one expression in one language."""

    def __init__(self, policy: Policy, on: dt.date, lang: Lang, look: Evaluation | None = None) -> None:
        self.policy, self.on, self.lang, self.look = policy, on, lang, look
        self.zh = lang == "zh"

    def text(self, node: Expression) -> str:
        """The words of a node."""
        if node.wording is not None:
            return node.wording.zh if self.zh else node.wording.en
        special: Callable[[Expression], str] | None = getattr(self, f"_{node.op}", None)
        if special is not None:
            return special(node)
        if isinstance(node.data, Gathered):
            return self._gathered(node)
        if node.op in _SIGNS:
            return self._arithmetic(node)
        if node.op in _COMPARE["zh"]:
            return self._comparison(node)
        raise AssertionError(node.op)

    def _pick(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    # ── Leaves

    def _fact(self, node: Expression) -> str:
        ref: Ref = node.data
        if self.look is not None and node.kind is not Kind.BOOL:
            value = self.look.given(ref)
            if value is not None:
                return fact_value(ref.fact, value, self.lang)
        title = fact_title(ref.fact, self.lang)
        return f"{title}{self._pick('：是', ': yes')}" if node.kind is Kind.BOOL else title

    def _const(self, node: Expression) -> str:
        if isinstance(node.data, bool):
            return self._pick("是" if node.data else "否", "yes" if node.data else "no")
        if isinstance(node.data, dt.date):
            return node.data.isoformat()
        return str(node.data) if isinstance(node.data, str) else number_text(node.data)

    def _decision(self, _: Expression) -> str:
        if self.look is not None:
            return self.on.isoformat()
        return self._pick("决定日", "the date of decision")

    def _value(self, node: Expression) -> str:
        use: ValueUse = node.data
        value = self.policy.values[use.name]
        title = value.zh if self.zh else value.en
        if self.look is not None:
            figure = self.look.figure(node)
        elif use.keyed or use.dated:
            return title
        else:
            figure = value.figure(self.on)
        shown = value.show(figure, self.lang)
        return self._pick(f"{title}（{shown}）", f"{title} ({shown})") if figure is None else shown

    def _covers(self, node: Expression) -> str:
        value = self.policy.values[node.data.name]
        inner = self.text(node.args[0])
        return self._pick(f"{value.zh}列有{inner}", f"{value.en} lists {inner}")

    # ── Conditions

    def _in(self, node: Expression, negated: bool = False) -> str:
        members = [self._member(node.args[0], member) for member in node.data]
        verb = self._pick("不是" if negated else "为", "is none of" if negated else "is")
        listed = self._list(members, self._pick("或", "or"))
        inner = self.text(node.args[0])
        return f"{inner}{verb}{listed}" if self.zh else f"{inner} {verb} {listed}"

    def _member(self, node: Expression, member: str) -> str:
        for part in node.walk():
            if part.op == "fact" and member in part.data.fact.members:
                return fact_value(part.data.fact, member, self.lang)
        return member

    def _list(self, items: list[str], last: str) -> str:
        if len(items) == 1:
            return items[0]
        joint = "、" if self.zh else ", "
        return (
            f"{joint.join(items[:-1])}{last}{items[-1]}"
            if self.zh
            else f"{joint.join(items[:-1])} {last} {items[-1]}"
        )

    def _comparison(self, node: Expression) -> str:
        left, right = node.args
        op = node.op
        if left.op in ("value", "const", "decision") and right.op not in ("value", "const"):
            # The figure of the law stands on the right: "age at least 16", not "16 at most age".
            left, right, op = right, left, _MIRROR[op]
        verb = (_COMPARE if left.kind in NUMERIC else _COMPARE_DAYS)[self.lang][op]
        if left.op == "age":
            return self._age_compared(left, verb, right)
        return (
            f"{self.text(left)}{verb}{self.text(right)}"
            if self.zh
            else f"{self.text(left)} is {verb} {self.text(right)}"
        )

    def _age_compared(self, age: Expression, verb: str, limit: Expression) -> str:
        day, years = self.text(age.args[1]), self.text(limit)
        return self._pick(
            f"{day}时{verb}{years.removesuffix('年')}周岁",
            f"age on the {day.removeprefix('the ')} is {verb} {years}",
        )

    def _not(self, node: Expression) -> str:
        inner = node.args[0]
        if inner.op == "fact" and inner.wording is None:
            return f"{fact_title(inner.data.fact, self.lang)}{self._pick('：否', ': no')}"
        if inner.op == "or_else" and inner.args[0].op == "fact":
            return f"{fact_title(inner.args[0].data.fact, self.lang)}{self._pick('：否', ': no')}"
        if inner.op == "in" and inner.wording is None:
            return self._in(inner, negated=True)
        return self._pick(f"不符合“{self.text(inner)}”", f"not ({self.text(inner)})")

    def _all(self, node: Expression) -> str:
        return self._joined(node, self._pick("，且", " and "))

    def _any(self, node: Expression) -> str:
        return self._joined(node, self._pick("，或", " or "))

    def _joined(self, node: Expression, joint: str) -> str:
        parts = [self.text(arg) for arg in node.args]
        wrapped = [
            self._pick(f"（{text}）", f"({text})")
            if arg.op in ("all", "any") and arg.wording is None
            else text
            for arg, text in zip(node.args, parts, strict=True)
        ]
        return joint.join(wrapped)

    def _at_least(self, node: Expression) -> str:
        parts = (self._pick("；", "; ")).join(self.text(arg) for arg in node.args)
        return self._pick(f"以下至少{node.data}项符合：{parts}", f"at least {node.data} of: {parts}")

    # ── Numbers and dates

    def _arithmetic(self, node: Expression) -> str:
        strength = _STRENGTH[node.op]
        parts = []
        for number, arg in enumerate(node.args):
            text = self.text(arg)
            weaker = _STRENGTH.get(arg.op, 9)
            tight = node.op in ("sub", "div") and number == 1
            parts.append(
                self._pick(f"（{text}）", f"({text})")
                if weaker < strength or (tight and weaker == strength)
                else text
            )
        return f" {_SIGNS[node.op]} ".join(parts)

    def _min(self, node: Expression) -> str:
        parts = [self.text(arg) for arg in node.args]
        return self._pick(f"较小者（{'，'.join(parts)}）", f"the smaller of ({', '.join(parts)})")

    def _max(self, node: Expression) -> str:
        parts = [self.text(arg) for arg in node.args]
        return self._pick(f"较大者（{'，'.join(parts)}）", f"the larger of ({', '.join(parts)})")

    def _round(self, node: Expression) -> str:
        return self.text(node.args[0])

    def _or_else(self, node: Expression) -> str:
        given, otherwise = node.args
        if self.look is not None and self.look.value(given) is None:
            return self.text(otherwise)
        if self.look is not None or otherwise.op == "const":
            return self.text(given)
        inner = self.text(otherwise)
        return self._pick(
            f"{self.text(given)}（未填的按{inner}）", f"{self.text(given)} (if not given, {inner})"
        )

    def _choose(self, node: Expression) -> str:
        args = node.args
        pairs = len(args) // 2 * 2
        if self.look is not None:
            taken = self._branch_taken(node)
            if taken is not None:
                return self.text(taken)
        plain = _Words(self.policy, self.on, self.lang)
        parts = []
        for i in range(0, pairs, 2):
            condition, result = plain.text(args[i]), self.text(args[i + 1])
            parts.append(self._pick(f"{condition}的，{result}", f"{result} if {condition}"))
        for rest in args[pairs:]:
            parts.append(self._pick(f"其余，{self.text(rest)}", f"else {self.text(rest)}"))
        return self._pick(f"【{'；'.join(parts)}】", f"[{'; '.join(parts)}]")

    def _branch_taken(self, node: Expression) -> Expression | None:
        assert self.look is not None
        args = node.args
        pairs = len(args) // 2 * 2
        for i in range(0, pairs, 2):
            condition = self.look.value(args[i])
            if condition is None:
                return None
            if condition:
                return args[i + 1]
        return args[pairs] if len(args) > pairs else None

    def _plus_months(self, node: Expression) -> str:
        return self._shifted(
            node, "年" if abs(node.data) == 12 else "个月", "years" if abs(node.data) == 12 else "months"
        )

    def _plus_days(self, node: Expression) -> str:
        return self._shifted(node, "天", "days")

    def _shifted(self, node: Expression, zh_unit: str, en_unit: str) -> str:
        day, count = node.args
        many = self.text(count)
        if count.op == "const":
            many = self._pick(f"{many}{zh_unit}", f"{many} {en_unit}")
        zh_side, en_side = ("后", "after") if node.data > 0 else ("前", "before")
        return self._pick(f"{self.text(day)}{zh_side}{many}", f"{many} {en_side} {self.text(day)}")

    def _year(self, node: Expression) -> str:
        inner = self.text(node.args[0])
        return self._pick(f"{inner}所在年份", f"the year of {inner}")

    def _full_months(self, node: Expression) -> str:
        return self._span(node, "的满月数", "full months")

    def _begun_months(self, node: Expression) -> str:
        return self._span(node, "的月数（不满一月按一月）", "months begun")

    def _days(self, node: Expression) -> str:
        return self._span(node, "的天数", "days")

    def _age(self, node: Expression) -> str:
        birth, day = self.text(node.args[0]), self.text(node.args[1])
        return self._pick(f"{day}时的周岁（{birth}）", f"age on {day} ({birth})")

    def _span(self, node: Expression, zh: str, en: str) -> str:
        start, end = self.text(node.args[0]), self.text(node.args[1])
        return self._pick(f"{start}至{end}{zh}", f"{en} from {start} to {end}")

    # ── Gathered rows

    def _gathered(self, node: Expression) -> str:
        data: Gathered = node.data
        plain = _Words(self.policy, self.on, self.lang)
        rows = self._relation_title(data)
        where = plain.text(data.where) if data.where is not None else ""
        of = plain.text(data.of) if data.of is not None else ""
        zh_which, en_which = (f"中符合“{where}”的", f" with {where}") if where else ("的", "")
        match node.op:
            case "rows_count":
                return self._pick(f"{rows}{zh_which}数量", f"number of {rows}{en_which}")
            case "rows_sum":
                return self._pick(f"{rows}{zh_which}{of}合计", f"sum of {of} over {rows}{en_which}")
            case "rows_max":
                return self._pick(f"{rows}{zh_which}{of}最大值", f"largest {of} of {rows}{en_which}")
            case "rows_any":
                return self._pick(f"至少有一项{rows}符合“{where}”", f"one of {rows} at least has {where}")
            case _:
                return self._pick(f"每项{rows}都符合“{where}”", f"each of {rows} has {where}")

    def _relation_title(self, data: Gathered) -> str:
        if data.ref is not None:
            return fact_title(data.ref.fact, self.lang)
        for subject in self.policy.subjects.values():
            if data.relation in subject.relations:
                link = subject.relations[data.relation]
                return link.zh if self.zh else link.en
        return data.relation
