"""A made-up report with every kind of chart, in the sizes and shapes of a real run."""

from __future__ import annotations

import datetime as dt

from wenjiuye.population.report import (
    MONEY,
    SHARE,
    BarChart,
    Chart,
    Column,
    Figure,
    Histogram,
    Line,
    LineChart,
    Report,
    Section,
    Series,
    TablePart,
    counted,
)
from wenjiuye.rules.errors import Bilingual as B

PERSONS, FIRMS, CASES = counted("人", "persons"), counted("家", "employers"), counted("项", "cases")
WAN = 1_000_000
"""Fen of ten thousand yuan."""

COUNTIES = (
    B("魏都区", "Weidu District"),
    B("建安区", "Jian’an District"),
    B("禹州市", "Yuzhou City"),
    B("长葛市", "Changge City"),
    B("鄢陵县", "Yanling County"),
    B("襄城县", "Xiangcheng County"),
    B("城乡一体化示范区", "Urban-Rural Integration Demonstration Zone"),
    B("经济技术开发区", "Economic and Technological Development Zone"),
    B("东城区", "Dongcheng District"),
)
_ARTICLES = (
    ("降本减负", "Cost relief", 913_422),
    ("援企稳岗", "Job retention", 12_871_350),
    ("金融服务", "Finance for firms", 0),
    ("投资创岗", "Jobs by investment", 41_200),
    ("内需拉动", "Domestic demand", 8_650),
    ("稳定外贸", "Foreign trade", 120_045),
    ("培育壮大新动能", "New growth drivers", 66_310),
    ("优化自主创业环境", "A better environment for start-ups", 1_204_600),
    ("创业担保贷款", "Guaranteed start-up loans", 2_310_080),
    ("返乡下乡创业", "Returning home to found", 688_200),
    ("税费减免", "Tax relief", 7_305_117),
    ("灵活就业", "Flexible employment", 3_118_440),
    ("高校毕业生就业见习与基层服务计划", "Graduates: internships and grassroots service", 1_902_275),
    ("农民工就地就近就业", "Migrant workers near home", 540_390),
    ("职业技能提升行动", "Vocational skills", 5_200_000),
    ("失业保障", "Unemployment security", 9_440_730),
)
MONTHS = tuple(dt.date(2020 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(7, 19))


def by_article() -> BarChart:
    return BarChart(
        "cost-by-article",
        B("各条应享金额", "Cost by article"),
        MONEY,
        B("条", "article"),
        tuple(B(f"第{number}条 {zh}", f"{number} {en}") for number, (zh, en, _) in enumerate(_ARTICLES, 1)),
        (Series(B("应享金额", "due"), tuple(yuan * 100 for *_, yuan in _ARTICLES)),),
        note=B(
            "只有上限的按上限计；互斥的措施只计其一。",
            "A ceiling counts in full; of measures that exclude each other one counts.",
        ),
    )


def by_fund() -> BarChart:
    stages = ((5912, 10871, 2310, 962, 46), (1204, 902, 640, 120, 0), (688, 441, 218, 88, 310))
    names = (B("已支付", "paid"), B("已承诺", "committed"), B("已预留", "reserved"))
    return BarChart(
        "cost-by-fund",
        B("各项资金占用", "Funds in use"),
        MONEY,
        B("资金", "fund"),
        (
            B("就业补助资金", "Employment subsidy fund"),
            B("失业保险基金", "Unemployment insurance fund"),
            B("技能提升专账", "Skills account"),
            B("结构调整奖补", "Restructuring awards"),
            B("担保贷款基金", "Loan guarantee fund"),
        ),
        tuple(
            Series(name, tuple(value * WAN for value in values))
            for name, values in zip(names, stages, strict=True)
        ),
        stacked=True,
    )


def by_county() -> BarChart:
    now = (1068, 797, 1331, 1015, 534, 640, 301, 188, 103)
    then = (1180, 910, 1402, 1240, 655, 702, 340, 254, None)
    return BarChart(
        "cost-by-county",
        B("各县（市、区）应享金额", "Cost by county"),
        MONEY,
        B("县（市、区）", "county"),
        COUNTIES,
        (
            Series(B("现行", "as it is"), tuple(value * WAN for value in now)),
            Series(B("改后", "as changed"), tuple(value and value * WAN for value in then)),
        ),
    )


def by_month() -> LineChart:
    middle = (310, 355, 402, 455, 470, 520, 560, 540, 575, 610, 640, 655)
    spread = (0, 0, 0, 0, 0, 0, 18, 34, 49, 66, 80, 97)
    flat = (310, 355, 402, 455, 470, 520, 505, 490, 480, 472, 466, 460)
    return LineChart(
        "cost-by-month",
        B("每月支出", "Cost by month"),
        MONEY,
        MONTHS,
        (
            Line(
                B("改后", "as changed"),
                tuple(value * WAN for value in middle),
                tuple((value - wide) * WAN for value, wide in zip(middle, spread, strict=True)),
                tuple((value + wide) * WAN for value, wide in zip(middle, spread, strict=True)),
                dt.date(2021, 1, 1),
            ),
            Line(
                B("现行", "as it is"), tuple(value * WAN for value in flat), forecast_from=dt.date(2021, 1, 1)
            ),
        ),
        band=B("80% 区间", "80% interval"),
        note=B("虚线是预测。", "The dashed part is a forecast."),
    )


def _changes(
    chart_id: str, title: B, axis: B, names: tuple[B, ...], gains: tuple[int, ...], losses: tuple[int, ...]
) -> BarChart:
    return BarChart(
        chart_id,
        title,
        PERSONS if axis.en != "size" else FIRMS,
        axis,
        names,
        (
            Series(B("得到更多", "better off"), gains, "gain"),
            Series(B("得到更少", "worse off"), tuple(-value for value in losses), "loss"),
        ),
        stacked=True,
    )


def changes() -> tuple[BarChart, ...]:
    return (
        _changes(
            "change-by-size",
            B("按企业规模", "By size of the firm"),
            B("规模", "size"),
            (B("大型", "large"), B("中型", "medium"), B("小型", "small"), B("微型", "micro")),
            (4, 61, 1_204, 3_880),
            (12, 40, 118, 96),
        ),
        _changes(
            "change-by-industry",
            B("按行业", "By industry"),
            B("行业", "industry"),
            (
                B("制造业", "manufacturing"),
                B("批发和零售业", "wholesale and retail"),
                B("住宿和餐饮业", "hotels and restaurants"),
                B("建筑业", "construction"),
                B("居民服务、修理和其他服务业", "household services, repair and other services"),
                B("农、林、牧、渔业", "farming, forestry and fishing"),
            ),
            (8_210, 5_330, 4_905, 1_870, 1_240, 960),
            (640, 210, 85, 412, 33, 0),
        ),
        _changes(
            "change-by-age",
            B("按年龄", "By age"),
            B("年龄", "age"),
            (
                B("16 – 24 岁", "16 – 24"),
                B("25 – 34 岁", "25 – 34"),
                B("35 – 44 岁", "35 – 44"),
                B("45 – 54 岁", "45 – 54"),
                B("55 岁及以上", "55 and over"),
            ),
            (6_120, 4_410, 2_980, 3_705, 1_340),
            (310, 505, 440, 128, 61),
        ),
        _changes(
            "change-by-gender",
            B("按性别", "By gender"),
            B("性别", "gender"),
            (B("女", "women"), B("男", "men")),
            (9_870, 8_685),
            (602, 842),
        ),
        _changes(
            "change-by-hukou",
            B("按户籍", "By household registration"),
            B("户籍", "household registration"),
            (B("农业", "rural"), B("非农业", "urban"), B("不知道", "unknown")),
            (11_030, 7_125, 400),
            (730, 655, 59),
        ),
    )


def amounts() -> Histogram:
    return Histogram(
        "amounts",
        B("每人应享金额的分布", "Distribution of the amount per person"),
        MONEY,
        (0, 50_000, 100_000, 200_000, 300_000, 500_000, 800_000, 1_000_000, 1_500_000, 2_000_000, None),
        PERSONS,
        (Series(B("人数", "persons"), (4_120, 6_830, 9_402, 5_118, 3_377, 1_960, 804, 422, 95, 31)),),
        note=B("含下限，不含上限。", "From each edge up to, not including, the next."),
    )


def by_quarter() -> BarChart:
    return BarChart(
        "by-quarter",
        B("各季度认定结果", "Decisions by quarter"),
        CASES,
        B("季度", "quarter"),
        tuple(B(f"2020年{n}季度", f"Q{n} 2020") for n in range(1, 5)),
        (
            Series(B("符合", "eligible"), (8_120, 9_480, 12_040, 13_377)),
            Series(B("待定", "undetermined"), (2_310, 1_940, 1_502, 1_288)),
            Series(B("不符合", "not eligible"), (6_400, 6_020, 5_870, 5_512)),
        ),
        direction="vertical",
    )


def coverage() -> BarChart:
    return BarChart(
        "coverage",
        B("数据齐全的比例", "Share with all data"),
        SHARE,
        B("对象", "subject"),
        (B("用人单位", "employers"), B("个人", "persons"), B("招用", "hires"), B("见习", "internships")),
        (Series(B("数据齐全", "all data known"), (0.982, 0.913, 0.644, 0.078)),),
    )


def report() -> Report:
    changed = TablePart(
        B("变化最大的措施", "Measures that change most"),
        (
            Column(B("措施", "measure")),
            Column(B("条", "article")),
            Column(B("人数", "persons"), PERSONS),
            Column(B("现行", "as it is"), MONEY),
            Column(B("改后", "as changed"), MONEY),
        ),
        (
            (B("稳岗返还", "Job retention refund"), "a02", 1_204, 1_287_135_000, 1_402_210_050),
            (B("灵活就业社保补贴", "Flexible work subsidy"), "a12", 3_118, 311_844_000, 402_300_000),
            (B("就业见习补贴", "Internship subsidy"), "a15", 640, 190_227_500, None),
        ),
        (B("合计", "together"), "", 4_962, 1_789_206_500, 1_804_510_050),
        B("“–” 是不知道。", "“–” means unknown."),
    )
    return Report(
        B("稳就业政策调整模拟", "A changed employment policy, simulated"),
        B(
            "许昌市 2020-07 至 2021-06，全部 89 项措施，决定日 2020-12-01。",
            "Xuchang, July 2020 to June 2021, all 89 measures, decided on 2020-12-01.",
        ),
        (
            Figure(B("现行支出", "cost as it is"), 5_782_000_000 * 10, MONEY),
            Figure(B("新增", "added"), 9_400_055_000, MONEY, "+"),
            Figure(B("减少", "saved"), 1_220_000_000, MONEY, "−"),
            Figure(B("改后支出", "cost as changed"), 66_000_055_000, MONEY, "="),
            Figure(B("得到更多", "better off"), 18_555, PERSONS),
            Figure(B("得到更少", "worse off"), 1_444, PERSONS),
            Figure(B("数据齐全", "all data known"), 0.861, SHARE),
        ),
        (
            Section(
                B("花多少钱", "What it costs"),
                B(
                    "改后全年多支出 8,180.06 万元，主要来自援企稳岗和失业保障。\n"
                    "金额为已知应享金额，尚缺事实的没有计入。",
                    "The change adds 82 million yuan a year, most of it for job retention and unemployment security.\n"
                    "Sums are what is known to be due; cases that lack facts are left out.",
                ),
                (by_article(), by_fund(), by_county(), by_month()),
            ),
            Section(B("谁得谁失", "Winners and losers"), None, changes(), (changed,)),
            Section(B("分布与数据", "Distribution and data"), None, (amounts(), by_quarter(), coverage())),
        ),
    )


def extremes() -> Report:
    """Charts at the edge: nothing known, only nothing, one value, only losses, a gap in the middle."""
    name, month = B("名", "name"), dt.date(2020, 12, 1)
    columns: tuple[tuple[str, tuple[int | None, ...]], ...] = (
        ("unknown", (None, None)),
        ("nothing", (0, 0)),
        ("one", (7 * WAN,)),
        ("losses", (-1, -300 * WAN)),
    )
    charts: list[Chart] = []
    for what, values in columns:
        names, series = (name,) * len(values), Series(name, values)
        for stacked in (False, True):
            for direction in ("horizontal", "vertical"):
                chart_id = f"{what}-{direction}-{stacked}".lower()
                charts.append(
                    BarChart(chart_id, name, MONEY, name, names, (series, series), stacked, direction)
                )
        line = Line(name, values, values, values, month)
        charts.append(LineChart(f"{what}-lines", name, MONEY, MONTHS[: len(values)], (line, line)))
        counts = Series(name, tuple(value and abs(value) for value in values))
        edges = (*range(len(values)), None)
        charts.append(Histogram(f"{what}-bins", name, MONEY, edges, PERSONS, (counts,)))
    gap = Line(name, (WAN, None, 3 * WAN, 2 * WAN), (0, None, WAN, WAN), (WAN, 5 * WAN, 4 * WAN, None))
    charts.append(LineChart("gap", name, MONEY, MONTHS[:4], (gap,), band=name))
    return Report(name, name, (Figure(name, None, MONEY),), (Section(name, None, tuple(charts)),))
