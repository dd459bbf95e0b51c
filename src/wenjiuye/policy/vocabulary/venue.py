"""Places: the month of a park tenant or rural platform, the start-up venue, the community."""

from __future__ import annotations

from wenjiuye.policy.vocabulary.enterprise import Enterprise
from wenjiuye.policy.vocabulary.person import Person
from wenjiuye.rules import BoolFact, ChoiceFact, MoneyFact, One, Source, Subject


class ParkTenant(Subject, id="park_tenant", zh="入驻园区企业月份", en="park tenant in a month"):
    """One month of one firm in a park."""

    enterprise = One(Enterprise, "入驻企业", "enterprise")

    months_granted = Person.months_granted

    returnee_enterprise = BoolFact(
        "返乡入乡创业企业",
        "firm of a returnee",
        ask=(
            "企业是否由返乡入乡创业人员创办？",
            "Was the firm founded by somebody who returned to start a business?",
        ),
        evidence=("返乡创业企业认定表", "recognition as a returnee's firm"),
        means="Founded by a person who returned home, or moved to the countryside, to start a business.",
    )
    park_kind = ChoiceFact(
        "园区类型",
        "kind of park",
        ask=("企业入驻哪一类园区？", "What kind of park is the firm in?"),
        evidence=("入驻协议", "agreement with the park"),
        members={
            "industrial_cluster": ("产业集聚区", "industrial cluster"),
            "characteristic_business_zone": ("特色商业区", "characteristic business zone"),
            "central_business_zone": ("商务中心区", "central business zone"),
            "specialised_park": ("专业园区", "specialised park"),
            "incubation_base": ("孵化基地", "incubation base"),
            "startup_park": ("创业园区", "start-up park"),
            "other": ("其他", "other"),
        },
        means="Parks of county and of township level alike.",
    )
    property_fee = MoneyFact(
        "物管费",
        "property management fee",
        ask=(
            "当月实际发生物管费多少元（没有填0）？",
            "How much was the property management fee of the month, in yuan (0 if none)?",
        ),
        evidence=("物管费票据", "receipt"),
        means="Of the month, really incurred; 0 where there is none.",
    )
    sanitation_fee = MoneyFact(
        "卫生费",
        "sanitation fee",
        ask=(
            "当月实际发生卫生费多少元（没有填0）？",
            "How much was the sanitation fee of the month, in yuan (0 if none)?",
        ),
        evidence=("卫生费票据", "receipt"),
        means="Of the month, really incurred; 0 where there is none.",
    )
    rent = MoneyFact(
        "房租费",
        "rent",
        ask=(
            "当月实际发生房租多少元（没有填0）？",
            "How much was the rent of the month, in yuan (0 if none)?",
        ),
        evidence=("租赁合同和租金票据", "lease and receipt"),
        means="Of the month, really incurred; 0 where there is none.",
    )
    utilities = MoneyFact(
        "水电费",
        "water and electricity",
        ask=(
            "当月实际发生水电费多少元（没有填0）？",
            "How much were water and electricity of the month, in yuan (0 if none)?",
        ),
        evidence=("水电费票据", "bills"),
        means="Of the month, really incurred; 0 where there is none.",
    )
    venue_fee = MoneyFact(
        "场地租赁费",
        "hire of the venue",
        ask=(
            "当月实际发生场地租赁费多少元（没有填0）？",
            "How much was the hire of the venue in the month, in yuan (0 if none)?",
        ),
        evidence=("场地租赁合同和票据", "contract of hire and receipt"),
        means="Of the month, really incurred; 0 where there is none.",
    )
    paid_this_year = MoneyFact(
        "本补贴年度已补贴",
        "paid this subsidy year",
        ask=(
            "本补贴年度已领取这一项补贴多少元？",
            "How much of this same subsidy was paid in this subsidy year, in yuan?",
        ),
        source=Source.LEDGER,
        means=(
            "Under this same measure in the running twelve months since the first subsidised month, "
            "or since its last anniversary."
        ),
    )


class RuralPlatform(
    Subject, id="rural_platform", zh="农村电商平台月份", en="rural e-commerce platform in a month"
):
    """One month of one rural e-commerce platform."""

    months_granted = Person.months_granted
    paid_this_year = ParkTenant.paid_this_year

    returnee_founder = BoolFact(
        "农民工等返乡下乡人员创办",
        "founded by a returnee",
        ask=(
            "平台是否由返乡下乡人员创办？",
            "Was the platform founded by somebody who returned to the countryside?",
        ),
        evidence=("返乡创业人员认定表", "recognition as a returnee"),
        means="A migrant worker or other person who returned or moved to the countryside.",
    )
    rural_ecommerce_platform = BoolFact(
        "农村电子商务服务平台",
        "rural e-commerce platform",
        ask=("是否为农村电子商务服务平台？", "Is it a platform that serves rural e-commerce?"),
        evidence=("营业执照", "business licence"),
        means="By what the platform does.",
    )
    venue_rent = MoneyFact(
        "场地租金",
        "rent of the venue",
        ask=(
            "当月场地租金是多少元（没有填0）？",
            "How much was the rent of the venue in the month, in yuan (0 if none)?",
        ),
        evidence=("场地租赁合同和票据", "lease and receipt"),
        means="Of the month; 0 where there is none.",
    )
    network_fee = MoneyFact(
        "网络使用费",
        "network fee",
        ask=(
            "当月网络使用费是多少元（没有填0）？",
            "How much was the network fee of the month, in yuan (0 if none)?",
        ),
        evidence=("网络使用费票据", "receipt"),
        means="Of the month; 0 where there is none.",
    )


class Venue(Subject, id="venue", zh="创业载体", en="start-up venue"):
    """One incubator, platform, park or internship base."""

    recognised_venue_kind = ChoiceFact(
        "认定类型",
        "recognised as",
        ask=("载体被认定为哪一类？", "What kind of venue is it recognised as?"),
        source=Source.REGISTRY,
        evidence=("认定文件", "letter of recognition"),
        members={
            "incubation_base": ("示范性创业孵化基地", "model incubation base"),
            "new_platform": ("新型孵化平台", "new kind of incubation platform"),
            "none": ("未认定", "not recognised"),
        },
        means="By the letter of recognition.",
    )
    reaches_city_standard = BoolFact(
        "达到市级标准",
        "reaches the city's standard",
        ask=("载体是否达到市级认定标准？", "Does the venue reach the city's standard?"),
        source=Source.JUDGEMENT,
        means="Of the recognition that the measure is about. An officer's finding.",
    )
    awarded_before = BoolFact(
        "曾获本项奖补",
        "awarded before",
        ask=("以前是否已获得这一项奖补？", "Was this same award paid before?"),
        source=Source.LEDGER,
        means="This same award, in any year.",
    )
    carries_public_services = BoolFact(
        "承担公共服务事务",
        "carries public services",
        ask=("载体是否承担公共服务事务？", "Does the venue carry out public services?"),
        evidence=("委托协议", "agreement with the authority"),
        means="Services that an authority has handed to it.",
    )
    venue_costs = MoneyFact(
        "房租水电网络费",
        "costs of the venue",
        ask=(
            "申请期间房租、水电和网络费共多少元？",
            "How much were rent, water, electricity and network in the period of the claim, in yuan?",
        ),
        burden=3,
        evidence=("租赁合同和费用票据", "lease and receipts"),
        means="Rent, water, electricity and network of the claim's period together.",
    )
    recognised_returnee_model_park = BoolFact(
        "市级农民工返乡创业示范园区",
        "recognised returnee model park",
        ask=(
            "是否被市里认定为农民工返乡创业示范园区？",
            "Has the city recognised it as a model park for returnees?",
        ),
        source=Source.REGISTRY,
        evidence=("认定文件", "letter of recognition"),
        means="By the city.",
    )
    selected_returnee_project = BoolFact(
        "入选返乡创业示范项目",
        "selected returnee project",
        ask=("项目是否入选返乡创业示范项目？", "Was the project selected as a model of returnees' business?"),
        source=Source.REGISTRY,
        evidence=("入选文件", "letter of selection"),
        means="By the letter of selection.",
    )
    award_decided = MoneyFact(
        "核定奖补额",
        "award decided",
        ask=("核定的奖补金额是多少元？", "Which sum is decided as the award, in yuan?"),
        source=Source.JUDGEMENT,
        optional=True,
        means="Decided by an officer. Not given: the ceiling, which also stands for any sum above it.",
    )
    recognised_internship_base = BoolFact(
        "示范性就业见习基地",
        "recognised internship base",
        ask=("是否已被认定为示范性就业见习基地？", "Is it recognised as a model internship base?"),
        source=Source.REGISTRY,
        evidence=("认定文件", "letter of recognition"),
        means="By the letter of recognition.",
    )


class Community(Subject, id="community", zh="社区", en="community"):
    """One community that may be recognised for full employment."""

    awarded_before = Venue.awarded_before

    newly_recognised = BoolFact(
        "新认定",
        "newly recognised",
        ask=("是否为今年新认定的充分就业社区？", "Was the community recognised this year?"),
        source=Source.REGISTRY,
        evidence=("认定文件", "letter of recognition"),
        means="In the year of the decision.",
    )
    recognition_level = ChoiceFact(
        "认定级别",
        "level of recognition",
        ask=("充分就业社区由哪一级认定？", "At which level is it recognised as a full-employment community?"),
        source=Source.REGISTRY,
        evidence=("认定文件", "letter of recognition"),
        members={
            "city": ("市级", "city"),
            "county": ("县级", "county"),
            "none": ("未认定", "not recognised"),
        },
        means="As a full-employment community.",
    )
