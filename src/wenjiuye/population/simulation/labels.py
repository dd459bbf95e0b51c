"""What stands in the tables, as people call it: counties, classes, funds, articles."""

from __future__ import annotations

from collections.abc import Mapping

from wenjiuye.population.simulation.changes import WHOLE
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.policy import Policy

UNKNOWN = Bilingual("未知", "not known")
CITY = Bilingual("全市", "whole city")

CLASS_NAMES = {
    "newly": Bilingual("新增享受", "newly entitled"),
    "no_longer": Bilingual("不再享受", "no longer"),
    "more": Bilingual("增加", "more"),
    "less": Bilingual("减少", "less"),
    "unchanged": Bilingual("不变", "unchanged"),
    "open": Bilingual("待定", "open"),
}

DIMENSION_NAMES = {
    WHOLE: CITY,
    "county": Bilingual("县区", "county"),
    "person_county": Bilingual("个人所在县区", "the person’s county"),
    "firm_county": Bilingual("单位所在县区", "the employer’s county"),
    "age": Bilingual("年龄段", "age"),
    "sex": Bilingual("性别", "sex"),
    "hukou": Bilingual("户籍", "household registration"),
    "size": Bilingual("单位规模", "size of employer"),
    "industry": Bilingual("行业", "industry"),
}

_AGES = {
    "under_16": Bilingual("16岁以下", "under 16"),
    "16_24": Bilingual("16–24岁", "16–24"),
    "25_34": Bilingual("25–34岁", "25–34"),
    "35_44": Bilingual("35–44岁", "35–44"),
    "45_54": Bilingual("45–54岁", "45–54"),
    "55_up": Bilingual("55岁以上", "55 and over"),
}
_HUKOU = {"rural": Bilingual("农村", "rural"), "urban": Bilingual("城镇", "urban")}


def member(policy: Policy, dimension: str, value: str | None) -> Bilingual:
    """The name of one value of a dimension; null is "not known"."""
    if value is None:
        return UNKNOWN
    if value == WHOLE:
        return CITY
    if dimension == "age":
        return _AGES[value]
    if dimension == "hukou":
        return _HUKOU[value]
    fact = policy.facts.get("county" if dimension.endswith("county") else dimension)
    return (
        Bilingual(*fact.members[value])
        if fact is not None and value in fact.members
        else Bilingual(value, value)
    )


def order(policy: Policy, dimension: str) -> Mapping[str, int]:
    """The order in which the values of a dimension are told."""
    if dimension == "age":
        return {name: place for place, name in enumerate(_AGES)}
    if dimension == "hukou":
        return {name: place for place, name in enumerate(_HUKOU)}
    fact = policy.facts.get("county" if dimension.endswith("county") else dimension)
    return {} if fact is None else {name: place for place, name in enumerate(fact.members)}


def fund(policy: Policy, fund_id: str | None) -> Bilingual:
    """The name of a fund."""
    for measure in policy.measures.values():
        if measure.fund is not None and measure.fund.id == fund_id:
            return Bilingual(measure.fund.zh, measure.fund.en)
    return UNKNOWN if fund_id is None else Bilingual(fund_id, fund_id)


def article(article_id: str) -> Bilingual:
    """`a01` as people say it."""
    number = int(article_id.removeprefix("a"))
    return Bilingual(f"第{number}条", f"article {number}")


def measure(policy: Policy, measure_id: str) -> Bilingual:
    """The name of a measure."""
    found = policy.measures.get(measure_id)
    return Bilingual(measure_id, measure_id) if found is None else Bilingual(found.zh, found.en)


def subject(policy: Policy, subject_id: str) -> Bilingual:
    """The name of a subject."""
    found = policy.subjects.get(subject_id)
    return Bilingual(subject_id, subject_id) if found is None else Bilingual(found.zh, found.en)
