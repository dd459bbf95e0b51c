"""Why a measure is lost, in words: to an earlier grant, to a common cap, or to a chosen one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wenjiuye.rules.combination import EarlierGrant, Lost
from wenjiuye.rules.measures import Group
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import yuan_text
from wenjiuye.rules.stacking_offers import Offer
from wenjiuye.rules.stacking_search import Cap, Field


def lost_to_earlier(policy: Policy, group: Group, name: str, grant: EarlierGrant) -> Lost:
    had = policy.measure(grant.measure)
    zh, en = _period_text(grant)
    return Lost(
        name,
        f"{group.zh}：此前已享受“{had.zh}”{zh}",
        f"{group.en}: “{had.en}” was granted before{en}",
        grant,
        group.id,
    )


def _period_text(grant: EarlierGrant) -> tuple[str, str]:
    if grant.period is None:
        return "（期间未记载）", " (for a period not recorded)"
    start, end = (day.isoformat() if day else "…" for day in grant.period)
    return (
        (f"（{start}至{end}）", f" ({start} to {end})") if start != end else (f"（{start}）", f" ({start})")
    )


def lost_to_cap(policy: Policy, cap: Cap, name: str, spender: str | EarlierGrant | None) -> Lost:
    figure = yuan_text(cap.high)
    zh, en = f"共同上限为{figure}元", f"the common cap is {figure} yuan"
    if spender is not None:
        before = isinstance(spender, EarlierGrant)
        used = policy.measure(spender.measure if isinstance(spender, EarlierGrant) else spender)
        zh = f"共同上限{figure}元{'此前' if before else ''}已由“{used.zh}”用完"
        en = f"the common cap of {figure} yuan is used up by “{used.en}”{' before' if before else ''}"
    return Lost(name, f"{cap.group.zh}：{zh}", f"{cap.group.en}: {en}", spender, cap.group.id)


def lost_to_chosen(field: Field, offers: Mapping[str, Offer], name: str, names: Sequence[str]) -> Lost:
    winner, group = next((n, group) for n, group in field.keeps_out[name].items() if n in names)
    one, other = offers[winner], offers[name]
    if group.rule == "order":
        zh, en = f"“{one.measure.zh}”在先", f"“{one.measure.en}” goes first"
    elif one.nominal > other.nominal:
        zh = f"取“{one.measure.zh}”（{_sum_text(one)[0]}；本项{_sum_text(other)[0]}）"
        en = f"“{one.measure.en}” is better ({_sum_text(one)[1]}; this one {_sum_text(other)[1]})"
    elif one.nominal == other.nominal:
        zh = f"与“{one.measure.zh}”不分高低，取其中有利于其他事项或条款在先的"
        en = f"it is no better than “{one.measure.en}”, which leaves more of the rest or stands first"
    else:
        zh = f"取“{one.measure.zh}”，连同其他事项合计更多"
        en = f"“{one.measure.en}” leaves more in all, together with what else can be had"
    return Lost(name, f"{group.zh}：{zh}", f"{group.en}: {en}", winner, group.id)


def _sum_text(offer: Offer) -> tuple[str, str]:
    if not offer.measure.has_amount:
        return "不涉及金额", "no sum"
    if offer.amount is None:
        text = yuan_text(offer.low)
        return (f"至少{text}元", f"{text} yuan or more") if offer.low else ("金额未定", "an unknown sum")
    text = yuan_text(offer.amount)
    return (
        (f"最高{text}元", f"at most {text} yuan") if offer.measure.ceiling else (f"{text}元", f"{text} yuan")
    )
