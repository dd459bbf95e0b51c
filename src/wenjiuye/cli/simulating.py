"""`simulate`, `break-even` and `project`: what a reform would do, before it is signed."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from wenjiuye.cli import options
from wenjiuye.cli.bar import progress
from wenjiuye.cli.city import FirstMonth, LastMonth, OnDay, RegistryPath, days_of, stages
from wenjiuye.cli.inputs import InputError
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with, warn_of_date
from wenjiuye.cli.render import section
from wenjiuye.cli.screen import Flow, screen
from wenjiuye.cli.tables import figures_table
from wenjiuye.policy.reform import reformed
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Exact, Kind, exact, fen_of_yuan, yuan_text
from wenjiuye.rules.values import DatedValue

if TYPE_CHECKING:
    from wenjiuye.population.city.prepare import Prepared
    from wenjiuye.population.simulation.assumptions import Assumptions
    from wenjiuye.population.simulation.break_even import BreakEven, Point
    from wenjiuye.population.simulation.projection import Projection
    from wenjiuye.population.simulation.simulate import Parts, Scenario, Simulation

Tell = Callable[[str, int, int], None]

Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="OUT", help="结果文件夹 / Folder for tables, charts and report."),
]
AssumptionsFile = Annotated[
    Path | None,
    typer.Option(
        "--assume", metavar="FILE", help="假定 / Take-up and continuing shares (.toml). Default: everybody."
    ),
]
Memory = Annotated[
    float, typer.Option("--memory", metavar="GIB", help="内存 / About how much memory a part may take.")
]


# ── simulate


def simulate(
    registry: RegistryPath,
    reform: Annotated[
        list[Path],
        typer.Option(
            "--reform",
            metavar="FILE",
            help="改革方案 / Figures (.toml) or rules (.py). Each one is compared on its own.",
        ),
    ],
    on: OnDay = None,
    first: FirstMonth = None,
    last: LastMonth = None,
    together: Annotated[
        bool, typer.Option("--together", help="合并 / All files together are one reform.")
    ] = False,
    assume: AssumptionsFile = None,
    out: Out = None,
    memory: Memory = 4.0,
    lang: options.Lang = None,
) -> None:
    """政策模拟 / The policy in force against a reform, over a whole registry."""
    from wenjiuye.population.simulation import output
    from wenjiuye.population.simulation.report import simulation_report
    from wenjiuye.population.simulation.simulate import simulate as compare

    say, policy = speech(lang), policy_with(())
    days = days_of(on, first, last)
    scenarios = _scenarios(policy, reform, together)
    assumptions = _assumptions(assume, policy, *(scenario.policy for scenario in scenarios))
    warn_of_date(say, policy, days[-1])
    with _work(out, registry) as work, progress(say, _words(say)) as tell:
        prepared = _prepared(registry, work, policy, memory, tell)
        found = compare(_parts(prepared), policy, scenarios, days, assumptions=assumptions, progress=tell)
        if out is not None:
            tell("write", 0, 1)
            tables = output.simulation_tables(found)
            report = simulation_report(found)
            output.write_results(out, tables, report, output.simulation_asked(found), say.lang)
    console = screen()
    _problems(console, say, prepared)
    for scenario in found.scenarios:
        _show(console, say, found, scenario)
    _where(console, say, out)


def _scenarios(policy: Policy, files: Sequence[Path], together: bool) -> list[Scenario]:
    from wenjiuye.population.simulation.simulate import Scenario

    if together:
        return [Scenario("+".join(path.stem for path in files), reformed(policy, files))]
    return [Scenario(path.stem, reformed(policy, [path])) for path in files]


def _assumptions(path: Path | None, *policies: Policy) -> Assumptions:
    from wenjiuye.population.simulation.assumptions import NONE, read_assumptions

    names = dict.fromkeys(name for policy in policies for name in policy.measures)
    return NONE if path is None else read_assumptions(path, names)


def _show(console: Console, say: Speech, found: Simulation, scenario: Scenario) -> None:
    """Key figures, bars and who is affected, on the last day."""
    on, name = found.days[-1], scenario.name
    console.print(section(console, say(f"改革 {name}  决定日 {on}", f"Reform {name} on {on}")))
    if found.changes_nothing(name):
        console.print(
            Flow(
                say(
                    "这项改革没有改变任何认定：规则与所用数值都相同。",
                    "This reform changes nothing: rules and the figures that they use are the same.",
                )
            )
        )
        console.print()
        return
    _show_cost(console, say, found, scenario)
    _show_months(console, say, found, scenario)
    _show_affected(console, say, found, scenario)


def _show_cost(console: Console, say: Speech, found: Simulation, scenario: Scenario) -> None:
    import polars as pl

    from wenjiuye.population.report import terminal_bars
    from wenjiuye.population.simulation import cost, labels
    from wenjiuye.population.simulation import report_parts as part
    from wenjiuye.population.simulation.report import assumed
    from wenjiuye.rules.errors import Bilingual

    rows = found.cost.filter((pl.col("reform") == scenario.name) & (pl.col("on") == found.days[-1]))
    whole = cost.table(rows, []).row(0, named=True)
    heads = (
        say("应付（元）", "due, yuan"),
        say("现行", "in force"),
        say("改革", "reform"),
        say("差额", "difference"),
    )
    lines: list[list[Any]] = []
    changed = cost.table(rows.filter("differs"), ["measure"])
    for row in changed.iter_rows(named=True):
        title = say.title(labels.measure(scenario.policy, row["measure"]))
        lines.append([title, row["baseline_due"], row["reform_due"], row["difference_due"]])
    lines.append([say("其余措施", "all others"), *_rest(rows)])
    if not found.assumptions.take_up.everybody:
        sides = (whole[f"{side}_expected_due"] for side in ("baseline", "reform", "difference"))
        lines.append([say("合计，计入申领率", "together, with take-up"), *sides])
    together = (whole[f"{side}_due"] for side in ("baseline", "reform", "difference"))
    console.print(figures_table(heads, [*lines, [say("合计", "together"), *together]]))
    low, high = whole["difference_low"], whole["difference_high"]
    unknown = int((changed["reform_unknown"] + changed["reform_open"]).sum())
    console.print(Flow(_bounds(say, low, high, unknown)))
    if not found.assumptions.take_up.everybody:
        console.print(Flow(say(*assumed(found.assumptions))))
    county = part.in_order(scenario.policy, "county", cost.table(rows, ["county"]), "county")
    moved = county.filter(pl.col("difference_due").fill_null(0) != 0)
    if moved.height:
        console.print()
        chart = part.difference_chart(
            "counties",
            Bilingual("各县区差额", "Difference by county"),
            Bilingual("县区", "county"),
            moved,
            lambda value: labels.member(scenario.policy, "county", value),
        )
        terminal_bars(console, chart, say.lang)
    console.print()


def _rest(rows: Any) -> tuple[Any, Any, Any]:
    from wenjiuye.population.simulation import cost

    rest = cost.table(rows.filter(~rows["differs"]), [])
    if not rest.height:
        return 0, 0, 0
    row = rest.row(0, named=True)
    return row["baseline_due"], row["reform_due"], row["difference_due"]


def _bounds(say: Speech, low: object, high: object, unknown: int) -> str:
    least = (
        say("没有下限", "no lower bound")
        if low is None
        else say(f"至少 {low:,} 元", f"at least {low:,} yuan")
    )
    most = (
        say("没有上限", "no upper bound")
        if high is None
        else say(f"至多 {high:,} 元", f"at most {high:,} yuan")
    )
    return say(
        f"未知事实无论如何补全，差额：{least}，{most}。改变的措施中资格或金额未知的有 {unknown:,} 项。",
        f"The difference whatever the unknown facts turn out to be: {least}, {most}. "
        f"Entitlements or sums of the changed measures that are not known: {unknown:,}.",
    )


def _show_months(console: Console, say: Speech, found: Simulation, scenario: Scenario) -> None:
    import polars as pl

    from wenjiuye.population.simulation import cost

    if len(found.days) < 2:
        return
    rows = cost.table(found.cost, []).filter(pl.col("reform") == scenario.name).sort("on")
    heads = (
        say("月末应付（元）", "due at month’s end"),
        say("现行", "in force"),
        say("改革", "reform"),
        say("差额", "difference"),
    )
    lines = [
        [f"{row['on']:%Y-%m}", row["baseline_due"], row["reform_due"], row["difference_due"]]
        for row in rows.iter_rows(named=True)
    ]
    table = figures_table(heads, lines)
    table.rows[-1].style = None
    console.print(table)
    console.print(
        Flow(
            say(
                "各月不能相加：未发放的款项每月仍在。",
                "Months do not add up: what is not granted stays due.",
            )
        )
    )
    console.print()


def _show_affected(console: Console, say: Speech, found: Simulation, scenario: Scenario) -> None:
    import polars as pl

    from wenjiuye.population.results import yuan
    from wenjiuye.population.simulation import labels
    from wenjiuye.population.simulation.changes import CLASSES, WHOLE

    rows = found.by_attribute.filter(
        (pl.col("reform") == scenario.name)
        & (pl.col("on") == found.days[-1])
        & (pl.col("dimension") == WHOLE)
    )
    wide = rows.group_by("subject", maintain_order=True).agg(
        *(pl.col("rows").filter(pl.col("class") == one).sum().alias(one) for one in CLASSES),
        yuan(pl.col("gained").sum()),
        yuan(pl.col("lost").sum()),
    )
    heads = (
        say("对象（行）", "rows"),
        *(say.title(labels.CLASS_NAMES[one]) for one in CLASSES),
        say("获益（元）", "gained"),
        say("受损（元）", "lost"),
    )
    # Turned on its side: one subject a column fits a narrow screen in both languages.
    names = [say.title(labels.subject(scenario.policy, name)) for name in wide["subject"]]
    lines = [
        [head, *wide[column].to_list()]
        for head, column in zip(heads[1:], (*CLASSES, "gained", "lost"), strict=True)
    ]
    for start in range(0, len(names), 3):
        chosen = [[line[0], *line[1 + start : 4 + start]] for line in lines]
        table = figures_table((heads[0], *names[start : start + 3]), chosen)
        table.rows[-1].style = None
        console.print(table)
        console.print()


# ── break-even


def break_even(
    registry: RegistryPath,
    value: Annotated[str, typer.Option("--value", metavar="NAME", help="数值 / Which value is sought.")],
    target: Annotated[str, typer.Option("--target", metavar="YUAN", help="目标金额 / What it shall cost.")],
    on: options.On,
    measure: options.MeasuresOption = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="KEY", help="类别 / Of a value by county or class: which.")
    ] = None,
    low: Annotated[str | None, typer.Option("--low", metavar="X", help="下限 / In the value’s unit.")] = None,
    high: Annotated[
        str | None, typer.Option("--high", metavar="X", help="上限 / In the value’s unit.")
    ] = None,
    step: Annotated[
        str | None,
        typer.Option("--step", metavar="X", help="步长 / Default 0.01 yuan, 1, or 0.001 of a share."),
    ] = None,
    out: Out = None,
    memory: Memory = 4.0,
    lang: options.Lang = None,
    reform: options.Reforms = None,
) -> None:
    """反算数值 / Which figure of one value spends a given sum?"""
    from wenjiuye.population.simulation import output
    from wenjiuye.population.simulation.break_even import Question
    from wenjiuye.population.simulation.break_even import break_even as search

    say, policy = speech(lang), policy_with(reform)
    kind = _value_named(policy, value).kind
    ends = [None if raw is None else _figure(raw, kind) for raw in (low, high, step)]
    question = Question(value, _fen(target), on, tuple(measure or ()), key, *ends)
    warn_of_date(say, policy, on)
    with _work(out, registry) as work, progress(say, _words(say)) as tell:
        prepared = _prepared(registry, work, policy, memory, tell)
        found = search(_parts(prepared), policy, question, progress=tell)
        if out is not None:
            output.write_break_even(out, found, policy)
    console = screen()
    _problems(console, say, prepared)
    _show_break_even(console, say, policy, found)
    _where(console, say, out)


def _value_named(policy: Policy, name: str) -> DatedValue:
    if name in policy.values.values:
        return policy.values[name]
    near = difflib.get_close_matches(name, policy.values.values, 3)
    raise InputError(
        f"没有数值 {name}" + (f"；是否指 {' 或 '.join(near)}？" if near else "；见 wenjiuye values"),
        f"no value is named {name!r}"
        + (f"; did you mean {' or '.join(near)}?" if near else "; see wenjiuye values"),
    )


def _fen(text: str) -> int:
    try:
        return fen_of_yuan(text)
    except ValueError:
        raise InputError(
            f"{text} 不是金额；以元为单位，如 50000000", f"{text!r} is no sum; write yuan, such as 50000000"
        ) from None


def _figure(text: str, kind: Kind) -> Exact:
    try:
        return fen_of_yuan(text) if kind is Kind.MONEY else _plain(exact(text))
    except ValueError:
        raise InputError(f"{text} 不是数字", f"{text!r} is no number") from None


def _plain(number: Fraction) -> Exact:
    return int(number) if number.denominator == 1 else number


def _show_break_even(console: Console, say: Speech, policy: Policy, found: BreakEven) -> None:
    title = say.title(found.value)
    console.print(section(console, say(f"{title}  决定日 {found.on}", f"{title} on {found.on}")))
    console.print(Flow(_answer(say, found)))
    console.print()
    points = [point for point in (found.below, found.at, found.above) if point is not None]
    rows = points if found.answer != "not_monotone" else list(found.points)
    heads = (say("数值", "figure"), say("金额（元）", "cost, yuan"), say("金额未知", "not known"))
    if rows:
        table = figures_table(heads, [_point(say, found, point) for point in rows])
        table.rows[-1].style = None
        console.print(table)
        console.print()
    names = say.listed(say.title(policy.measures[name]) for name in found.measures)
    now = (
        ""
        if found.now is None
        else say(f"现行 {_shown(say, found, found.now)}；", f"In force: {_shown(say, found, found.now)}. ")
    )
    console.print(
        Flow(
            say(
                f"{now}目标 {yuan_text(found.target)} 元；计入的措施：{names}；试算 {len(found.points)} 次。",
                f"{now}Target: {yuan_text(found.target)} yuan. Counted: {names}. Figures tried: {len(found.points)}.",
            )
        )
    )


def _answer(say: Speech, found: BreakEven) -> str:
    if found.answer == "exact" and found.at is not None:
        figure = _shown(say, found, found.at.figure)
        return say(f"{figure} 正好用完目标金额。", f"{figure} spends the target exactly.")
    words = {
        "between": (
            "没有数值正好用完目标金额；最接近的两侧如下。",
            "No figure spends exactly the target; these are the nearest on both sides.",
        ),
        "too_low": (
            "范围内无解：范围里的每个数值都比目标花得多。",
            "Not in the range: every figure in it costs more than the target.",
        ),
        "too_high": (
            "范围内无解：范围里的每个数值都比目标花得少。",
            "Not in the range: every figure in it costs less than the target.",
        ),
        "flat": (
            "无解：范围里的数值不改变金额。",
            "No answer: in this range the value does not change the cost.",
        ),
        "not_monotone": (
            "没有唯一解：金额随数值时升时降，试算结果如下，请缩小范围再试。",
            "No single answer: the cost goes up and down with the value. These figures were tried; narrow the range.",
        ),
    }
    return say(*words[found.answer])


def _shown(say: Speech, found: BreakEven, figure: Exact) -> str:
    return found.value.show(figure, say.lang)


def _point(say: Speech, found: BreakEven, point: Point) -> list[object]:
    return [_shown(say, found, point.figure), yuan_text(point.cost), point.unknown]


# ── project


def project(
    registry: RegistryPath,
    on: options.On,
    months: Annotated[
        int, typer.Option("--months", metavar="N", min=1, max=120, help="月数 / Months to look ahead.")
    ] = 36,
    assume: AssumptionsFile = None,
    out: Out = None,
    memory: Memory = 4.0,
    lang: options.Lang = None,
    reform: options.Reforms = None,
) -> None:
    """支出测算 / What running payments commit for the months to come."""
    from wenjiuye.population.simulation import output
    from wenjiuye.population.simulation.projection import project as look_ahead
    from wenjiuye.population.simulation.projection_report import projection_report

    say, policy = speech(lang), policy_with(reform)
    assumptions = _assumptions(assume, policy)
    warn_of_date(say, policy, on)
    with _work(out, registry) as work, progress(say, _words(say)) as tell:
        prepared = _prepared(registry, work, policy, memory, tell)
        found = look_ahead(
            _parts(prepared), policy, on, months=months, assumptions=assumptions, progress=tell
        )
        if out is not None:
            tell("write", 0, 1)
            asked = output.projection_asked(found)
            output.write_results(
                out, output.projection_tables(found), projection_report(found), asked, say.lang
            )
    console = screen()
    _problems(console, say, prepared)
    _show_projection(console, say, policy, found)
    _where(console, say, out)


def _show_projection(console: Console, say: Speech, policy: Policy, found: Projection) -> None:
    import polars as pl

    from wenjiuye.population.report import MONEY, BarChart, Series, terminal_bars
    from wenjiuye.population.simulation import labels
    from wenjiuye.population.simulation.projection_report import shares
    from wenjiuye.population.simulation.report_parts import fen
    from wenjiuye.rules.errors import Bilingual

    console.print(section(console, say(f"支出测算  决定日 {found.on}", f"Commitments on {found.on}")))
    heads = (say("措施", "measure"), say("承诺（元）", "committed, yuan"), say("计入假定后", "as assumed"))
    sums = (
        found.by("measure").group_by("measure", maintain_order=True).agg(pl.col("amount", "expected").sum())
    )
    lines: list[list[Any]] = [
        [say.title(labels.measure(policy, row[0])), row[1], row[2]] for row in sums.iter_rows()
    ]
    whole = found.by()
    together = [whole["amount"].sum(), whole["expected"].sum()]
    console.print(figures_table(heads, [*lines, [say("合计", "together"), *together]]))
    unknown = int(found.open["unknown"].sum())
    console.print(Flow(say(*shares(found))))
    console.print(
        Flow(
            say(
                f"资格或金额未知、没有计入的：{unknown:,} 行。",
                f"Left out because entitlement or sum is not known: {unknown:,} rows.",
            )
        )
    )
    console.print()
    years = (
        whole.drop_nulls("month")
        .group_by(pl.col("month").dt.year().alias("year"))
        .agg(pl.col("amount").sum())
    )
    years = years.sort("year")
    if years.height:
        chart = BarChart(
            "years",
            Bilingual("各年承诺", "Commitments by year"),
            MONEY,
            Bilingual("年", "year"),
            tuple(Bilingual(f"{year}年", str(year)) for year in years["year"]),
            (Series(Bilingual("承诺", "commitments"), tuple(fen(v) for v in years["amount"])),),
        )
        terminal_bars(console, chart, say.lang)
        console.print()


# ── What they share


@contextmanager
def _work(out: Path | None, registry: str) -> Iterator[Path]:
    """Where the registry is checked and divided: below OUT, so that it need not be done again, or for now only."""
    from wenjiuye.population.simulation.output import claim_folder

    if out is None:
        with tempfile.TemporaryDirectory(prefix="wenjiuye-") as folder:
            yield Path(folder)
        return
    if "://" not in registry and out.resolve() == Path(registry).resolve():
        raise InputError(
            f"{out}：结果不能写进登记库，请换一个位置",
            f"{out}: results cannot be written into the registry; name another place",
        )
    claim_folder(out)
    yield out / "work"


def _prepared(registry: str, work: Path, policy: Policy, memory: float, tell: Tell) -> Prepared:
    from wenjiuye.population.city.prepare import prepare

    source = registry if "://" in registry else Path(registry)
    return prepare(source, work / "intake", work, policy, memory, tell)


def _parts(prepared: Prepared) -> Parts:
    from functools import partial

    return [partial(prepared.arrangement.load, part) for part in prepared.arrangement.parts]


def _words(say: Speech) -> dict[str, str]:
    """What the stages are called."""
    return {
        **stages(say),
        "facts": say("推算事实", "deriving facts"),
        "try": say("试算", "trying"),
        "project": say("测算", "projecting"),
    }


def _problems(console: Console, say: Speech, prepared: Prepared) -> None:
    if prepared.problems:
        console.print(
            Flow(
                say(
                    f"登记库有 {prepared.problems} 处问题，有问题的行没有使用。",
                    f"Problems found in the registry: {prepared.problems}; rows with one were not used.",
                )
            )
        )
        console.print()


def _where(console: Console, say: Speech, out: Path | None) -> None:
    if out is not None:
        console.print(Flow(say(f"结果在 {out}", f"Results are in {out}")))


COMMANDS = (simulate, break_even, project)
