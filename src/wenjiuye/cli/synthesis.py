"""`synth`: a whole synthetic city as a registry folder, of any size up to the real one and beyond."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wenjiuye.cli import options
from wenjiuye.cli.bar import progress
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.screen import Flow, screen
from wenjiuye.cli.tables import figures_table

if TYPE_CHECKING:
    from wenjiuye.population.synth import CityReport

_KINDS = {
    "exclusive_grants": ("同人同月享受互斥待遇", "two exclusive grants for one person and month"),
    "granted_twice": ("同一措施同月重复发放", "one measure granted twice for the same months"),
    "overlapping_contracts": ("合同期限重叠的用工", "contracts of one person that overlap"),
    "granted_after_death": ("死亡后发放", "granted after death"),
}


def synth(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="文件夹 / Folder for the registry.")
    ],
    persons: Annotated[int, typer.Option("--persons", metavar="N", help="人数 / Number of people.")] = 20_000,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="种子 / The same seed, the same city.")
    ] = 31,
    firms: Annotated[
        int | None,
        typer.Option("--firms", metavar="N", help="用人单位数 / Employers. Default: in proportion."),
    ] = None,
    months: Annotated[
        int, typer.Option("--months", metavar="N", help="月数 / Months that the monthly tables cover.")
    ] = 24,
    missing: Annotated[
        float, typer.Option("--missing", metavar="SHARE", help="缺失比例 / Share of cells that are unknown.")
    ] = 0.02,
    dirty: Annotated[
        float, typer.Option("--dirty", metavar="SHARE", help="出错比例 / Share of rows that are broken.")
    ] = 0.0,
    lang: options.Lang = None,
) -> None:
    """合成城市 / A synthetic city as a registry."""
    from wenjiuye.population.synth import Flaws, write_city

    say = speech(lang)
    flaws = Flaws(missing=missing, dirty=dirty)
    with progress(say, stages(say)) as tell:
        report = write_city(
            out, persons=persons, firms=firms, seed=seed, months=months, flaws=flaws, progress=tell
        )
    _show(say, report)


def stages(say: Speech) -> dict[str, str]:
    """What the stages of the work are called."""
    return {"people": say("生成", "making up"), "premiums": say("汇总社保费", "adding up premiums")}


def _show(say: Speech, report: CityReport) -> None:
    """Rows per table, then what was put in on purpose."""
    from wenjiuye.policy.registry import RECORDS

    console = screen()
    rows = [(f"{say.title(RECORDS[table])} {table}", count) for table, count in report.rows.items()]
    together = (say("合计", "together"), sum(report.rows.values()))
    console.print(figures_table((say("数据表", "table"), say("行数", "rows")), [*rows, together]))
    console.print()
    planted = [(say(*_KINDS[kind]), count) for kind, count in report.planted.items()]
    if report.broken:
        planted.append((say("损坏的单元格", "broken cells"), report.broken))
    total = (say("合计", "together"), sum(count for _, count in planted))
    heads = (say("预设的错误", "wrong on purpose"), say("处数", "places"))
    console.print(figures_table(heads, [*planted, total]))
    console.print()
    truth = report.folder / "truth"
    console.print(
        Flow(
            say(
                f"登记库在 {report.folder}；预设的错误列在 {truth}",
                f"The registry is in {report.folder}; what is wrong on purpose is listed in {truth}",
            )
        )
    )


COMMANDS = (synth,)
