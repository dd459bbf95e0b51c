"""How far a run of a whole city reaches, as a page of Markdown; every figure is measured or worked out on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.city import STAGES, CityRun
from benchmarks.city_peers import CityCompared
from benchmarks.timing import machine, versions

_GIB = 2**30
_PROVINCE = 100_000_000
_HOURS = (1.0, 0.25)
_CORES = 32
"""Cores of one machine of the projection."""


def page(runs: Sequence[CityRun], compared: CityCompared, bandwidth: float, date: str | None = None) -> str:
    """docs/scale.md."""
    blocks = (
        _setting(date),
        _sizes(runs),
        _growth(runs),
        _limit(runs[-1], bandwidth),
        city_peers(compared),
        _province(runs[-1]),
        _method(),
    )
    return "\n".join(line for block in blocks for line in (*block, ""))


def aims(runs: Sequence[CityRun], compared: CityCompared) -> list[tuple[str, str, str]]:
    """What was aimed at, as rows of what, measured and aim."""
    last = runs[-1]
    engine, hand, duckdb = (compared.times(tool).median for tool in ("engine", "polars", "duckdb"))
    people = f"{last.persons / 1e6:.1f} million people"
    return [
        (f"whole city of {people}, with reasons", f"{last.total:.0f} s", "90 s"),
        ("its peak memory", _gib(last.peak), "6 GiB"),
        ("part of a city ÷ Polars by hand", f"{engine / hand:.2f}", "≤ 1.3"),
        ("DuckDB ÷ part of a city", f"{duckdb / engine:.2f}", "> 1"),
    ]


def _setting(date: str | None) -> list[str]:
    here, tools = machine(), versions()
    when = f" on {date}" if date else ""
    return [
        "# A whole city, and how far it scales",
        "",
        f"Written by `make bench`{when}; every figure is measured by it or worked out below. Machine:",
        f"{here['processor']}, {here['cores']} cores, {here['memory']} of memory, {here['system']}. "
        f"Python {tools['Python']}, Polars {tools['Polars']}, DuckDB {tools['DuckDB']}.",
    ]


def _sizes(runs: Sequence[CityRun]) -> list[str]:
    titles = ("people", "firms", "rows", "parts", *STAGES, "all, s", "processor, s", "peak, GiB", "load")
    rows = [
        (
            f"{run.persons:,}",
            f"{run.firms:,}",
            f"{run.rows:,}",
            str(run.parts),
            *(f"{run.seconds[stage]:.1f}" for stage in STAGES),
            f"{run.total:.1f}",
            f"{sum(run.processor.values()):.1f}",
            _number(run.peak),
            f"{run.load:.1f}",
        )
        for run in runs
    ]
    peaks = ", ".join(f"{stage} {_gib(runs[-1].peaks[stage])}" for stage in STAGES)
    last = runs[-1]
    return [
        "## One machine",
        "",
        f"From the Parquet files of a registry to those of {last.measures} measures on one day, with the truth of",
        "every condition, near misses, lists and sums; seconds by stage. rows: of all tables.",
        "",
        *_table(titles, rows),
        "",
        f"Peak memory of the largest by stage: {peaks}. It decides {last.decisions:,} times,",
        f"{last.decisions / last.seconds['decide'] / 1e6:.1f} million a second. load: of the machine a minute before;",
        "where it was not idle the seconds are too high, and the processor seconds say what the run itself took.",
    ]


def _growth(runs: Sequence[CityRun]) -> list[str]:
    if len(runs) < 2:
        return []
    whole = _exponent([(run.persons, sum(run.processor.values())) for run in runs])
    deciding = _exponent([(run.persons, run.processor["decide"]) for run in runs])
    arranging = _exponent([(run.persons, run.processor["arrange"]) for run in runs])
    return [
        f"Growth: processor seconds go with the number of people to the power of {whole:.2f} (deciding",
        f"{deciding:.2f}, arranging {arranging:.2f}; least squares over the logarithms, 1 is linear). The memory of",
        "deciding goes with the size of a part, which is given, and not with that of the city; arranging holds the",
        "ids of everybody at once.",
    ]


def _exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of a line through the logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - mean_x) ** 2 for x in xs)


def _limit(run: CityRun, bandwidth: float) -> list[str]:
    floor = run.touched / bandwidth
    return [
        "## The limit of the memory",
        "",
        f"This machine moves {bandwidth / 1e9:.1f} GB a second (a = b + s·c on all cores, best of seven). The tables",
        f"and the results of the largest city take {run.touched / 1e9:.2f} GB in memory, so touching each byte once",
        f"takes {floor:.2f} s. Deciding takes {run.seconds['decide'] / floor:,.0f} times that: it is bound by",
        "groups and joins, by passes over the same columns for each measure, by writing and by what a part costs",
        "whatever its size, not by memory.",
    ]


def city_peers(compared: CityCompared) -> list[str]:
    """The comparison as a section."""
    base = compared.times("engine").median
    titles = (
        ("engine, from one part", "engine"),
        ("engine, from parts for 4 GiB", "parts"),
        ("engine, and what may displace them", "rivals"),
        ("Polars by hand", "polars"),
        ("DuckDB", "duckdb"),
        ("bringing the registry into parts", "arrange"),
    )
    rows = []
    for title, tool in titles:
        times = compared.times(tool)
        rows.append((title, f"{times.median:.2f}", f"{times.median / base:.2f}", f"{times.spread:.0%}"))
    counts = ", ".join(f"{count:,} of {name}" for name, count in compared.rows.items())
    return [
        f"## The same pipeline by hand: {compared.persons:,} people, {compared.measures} measures",
        "",
        f"From the tables of a registry through derived facts to verdicts and amounts in Parquet ({counts}).",
        "Every verdict and amount is equal in every row, or the benchmark fails.",
        "",
        *_table(("tool", "seconds", "÷ engine", "spread"), rows),
        "",
        "All derive the facts that these measures read and nothing else. The hand-written versions read the",
        "registry where it lies and settle neither bounds nor what excludes what. The engine lays findings over",
        "the facts, and settles bounds and what somebody is still entitled to, as if these measures were the whole",
        "law; `what may displace them` adds the others, as a run of all measures does. The other tools take the",
        "memory that they need, so the first line takes everybody as one part; a part costs some time whatever its",
        "size, which is the difference to the second line, where parts are as small as a run makes them that may",
        "take 4 GiB for all measures. Parts are made once for all days and reforms; what that takes is the",
        "last line, and has to be added where a registry is decided once.",
    ]


def _province(run: CityRun) -> list[str]:
    cores = int(machine()["cores"])
    per_core = run.persons / run.seconds["decide"] / cores
    core_hours = _PROVINCE / per_core / 3600
    once = (run.seconds["intake"] + run.seconds["arrange"]) / run.persons * _PROVINCE / 3600
    arranging = (run.peaks["arrange"] or 0) / run.persons * _PROVINCE / _GIB
    part_people = run.persons / run.parts
    peak = (run.peaks["decide"] or 0) / _GIB
    parts = _PROVINCE / part_people
    storage = [
        (name, size / run.persons, size / run.persons * _PROVINCE / 1e9)
        for name, size in (
            ("registry", run.registry),
            ("parts", run.arranged),
            ("results of a day", run.results),
        )
    ]
    plans = [
        f"- In {hours * 60:.0f} minutes: {math.ceil(core_hours / hours)} cores, "
        f"{math.ceil(core_hours / hours / _CORES)} machines of {_CORES} cores, each with "
        f"{peak / 2 * _CORES:.0f} GiB for {_CORES} parts at a time ({peak / 2:.2f} GiB a part)."
        for hours in _HOURS
    ]
    return [
        f"## A province of {_PROVINCE // 1_000_000} million",
        "",
        f"Worked out from the largest run above, {run.persons:,} people in {run.parts} parts on {cores} cores.",
        "",
        f"- Deciding: {run.persons:,} ÷ {run.seconds['decide']:.1f} s ÷ {cores} cores = {per_core:,.0f} people a",
        f"  second and core; {_PROVINCE:,} ÷ {per_core:,.0f} = {core_hours * 3600:,.0f} core-seconds, which is",
        f"  {core_hours:.2f} core-hours for each day decided.",
        f"- Parts: {_PROVINCE:,} ÷ {part_people:,.0f} = {parts:,.0f}. Two at a time take {peak:.2f} GiB here, the "
        "programs included.",
        *plans,
        "- Intake and arranging, once for each state of the registry, is the work of one machine:",
        f"  {once:.2f} hours on one like this, and {arranging:.0f} GiB, if a province is arranged as one.",
        "- Storage: "
        + ", ".join(f"{name} {each:,.0f} bytes a person, {total:,.0f} GB" for name, each, total in storage)
        + ".",
        "",
        "Assumed: time goes on growing as measured; parts are alike; a core of the cluster is like one here; all",
        "machines see one folder, from which one reads and to which one writes a part in the time it takes on this",
        "disk; a person has as many rows in the tables as in the made-up city. Nobody has run a province with it.",
    ]


def _method() -> list[str]:
    return [
        "## How to repeat",
        "",
        "`make bench` runs everything; `python -m benchmarks --only-city --scale page.md` does this page alone,",
        "`--quick` with small cities. `python -m benchmarks.city 500000` is one size and",
        "`python -m benchmarks.city_peers 500000 5` the comparison, each as one line of JSON.",
        "",
        "- Cities come from `wenjiuye synth`, the same for the same number of people: 24 months of contributions, 2 %",
        "  of the cells unknown. They are made anew in a temporary folder and removed again.",
        "- Each size has a process of its own. A stage lasts from its first step that the run tells of to the first",
        "  of the next one; peak memory is that of the process within it.",
        "- The files have just been written, so they are read from the system's cache and not from the disk.",
        "- In the comparison the tools run in turn, one round after another, in one process; the median counts.",
        "- `wenjiuye run --workers` and `--cluster` do the same parts with Ray and write the same bytes.",
    ]


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(titles) + " |",
        "|" + "---|" * len(titles),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def _number(size: int | None) -> str:
    return "unknown" if size is None else f"{size / _GIB:.2f}"


def _gib(size: int | None) -> str:
    return f"{_number(size)} GiB"
