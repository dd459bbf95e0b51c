"""The results as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.city import CityRun
from benchmarks.city_peers import CityCompared
from benchmarks.cold_start import ColdStart
from benchmarks.one_case import OneCase
from benchmarks.peers import Compared
from benchmarks.scale_page import aims
from benchmarks.subset import MEASURES
from benchmarks.timing import Times, machine, versions
from benchmarks.whole_policy import Run

_GIB = 2**30


City = tuple[Sequence[CityRun], CityCompared]


def page(
    runs: Sequence[Run],
    case: OneCase,
    compared: Compared,
    start: ColdStart,
    city: City,
    date: str | None = None,
) -> str:
    """docs/performance.md: every figure in it comes from this run."""
    return "\n".join(
        [
            "# Performance",
            "",
            *_setting(runs, compared, date),
            "",
            *_aims(case, compared, start),
            "",
            *_peers(compared),
            "",
            *_whole_policy(runs),
            "",
            *_whole_city(city),
            "",
            *_one_case(case),
            "",
            *_method(),
            "",
        ]
    )


def _setting(runs: Sequence[Run], compared: Compared, date: str | None) -> list[str]:
    here = machine()
    tools = ", ".join(f"{name} {number}" for name, number in versions().items())
    rows = max((run.rows for run in runs), default=compared.rows)
    measured = f" Measured on {date}." if date else ""
    return [
        f"Written by `make bench`; every figure is from one run of it.{measured} Machine: {here['processor']},",
        f"{here['cores']} cores, {here['memory']} of memory, {here['system']}. {tools}.",
        f"{rows:,} subjects, {compared.rows:,} persons in the comparison.",
    ]


def _aims(case: OneCase, compared: Compared, start: ColdStart) -> list[str]:
    engine, hand = compared.with_reasons["engine"].median, compared.with_reasons["polars"].median
    duckdb = compared.with_reasons["duckdb"].median
    gapless = compared.without_gaps
    openfisca = gapless["openfisca"].median
    rows = [
        ("engine ÷ Polars by hand, both with reasons", _ratio(engine / hand), "≤ 1.3"),
        ("DuckDB ÷ engine, both with reasons", _ratio(duckdb / engine), "≥ 4"),
        ("OpenFisca ÷ engine, no gaps, no reasons", _ratio(openfisca / gapless["engine"].median), "≥ 3"),
        (
            "OpenFisca ÷ engine, one person, all twelve measures",
            _ratio(compared.openfisca_one_person.median / case.subset.median),
            "≥ 50",
        ),
        ("receipt of one decision, 95 of 100 faster than", _us(case.one_receipt.percentile(95)), "1,000 µs"),
        ("import and build of the policy", f"{start.times.median:.2f} s", "0.5 s"),
    ]
    loaded = "loads" if start.polars_loaded else "does not load"
    return [
        "## Aims",
        "",
        *_table(("what", "measured", "aim"), rows),
        "",
        f"Building the policy {loaded} Polars, so one case never waits for it.",
    ]


def _peers(compared: Compared) -> list[str]:
    base = compared.with_reasons["engine"].median
    rows = [
        _peer("engine, with reasons", compared.with_reasons["engine"], base),
        _peer("Polars by hand, with reasons", compared.with_reasons["polars"], base),
        _peer("DuckDB, with reasons", compared.with_reasons["duckdb"], base),
    ]
    base = compared.without_reasons["engine"].median
    rows += [
        _peer("engine, without reasons", compared.without_reasons["engine"], base),
        _peer("Polars by hand, without reasons", compared.without_reasons["polars"], base),
        _peer("DuckDB, without reasons", compared.without_reasons["duckdb"], base),
    ]
    base = compared.without_gaps["engine"].median
    rows += [
        _peer("engine, facts without gaps", compared.without_gaps["engine"], base),
        _peer("engine, facts without gaps, with reasons", compared.without_gaps["engine_with_reasons"], base),
        _peer("OpenFisca, facts without gaps", compared.without_gaps["openfisca"], base),
    ]
    title = f"{compared.rows:,} persons, {len(MEASURES)} measures, {compared.conditions} conditions"
    return [
        f"## The same rules in other tools: {title}",
        "",
        *_table(("tool", "seconds", "÷ engine", "spread"), rows),
        "",
        "The last column is the distance from the fastest to the slowest run, as a share of the median.",
    ]


def _peer(name: str, times: Times, base: float) -> tuple[str, ...]:
    return name, f"{times.median:.3f}", _ratio(times.median / base), f"{times.spread:.0%}"


def _whole_policy(runs: Sequence[Run]) -> list[str]:
    rows = [
        (
            run.subject,
            f"{run.rows:,}",
            str(run.measures),
            " and ".join(run.modes) or "verdicts and amounts",
            f"{run.seconds:.2f}",
            f"{run.decisions_per_second / 1e6:.1f}",
            _gib(run.data_bytes),
            _gib(run.peak_bytes),
        )
        for run in runs
    ]
    titles = ("subject", "rows", "measures", "with", "seconds", "M decisions/s", "facts, GiB", "peak, GiB")
    return ["## The whole policy in memory", "", *_table(titles, rows)]


def _whole_city(city: City) -> list[str]:
    return [
        "## A whole city",
        "",
        "From the tables of a registry to the determinations of every measure; more in [scale.md](scale.md).",
        "",
        *_table(("what", "measured", "aim"), aims(*city)),
    ]


def _one_case(case: OneCase) -> list[str]:
    rows = [
        (name, _us(times.median), _us(times.percentile(95)))
        for name, times in (
            ("one measure decided", case.decision),
            (f"all {case.measures} measures of a person decided", case.decisions),
            ("one measure decided and unfolded into its receipt", case.one_receipt),
            ("the same, and hashed", case.hashed),
            (f"all {case.measures} measures with their receipts", case.receipts),
        )
    ]
    return [
        f"## One case: {case.cases:,} different persons",
        "",
        *_table(("what", "median", "95 of 100 faster than"), rows),
    ]


def _method() -> list[str]:
    return [
        "## How to repeat, and what is compared",
        "",
        "`make bench` installs the tools and runs everything; `python -m benchmarks --quick` does the same",
        "with 50,000 rows, `--rows` sets another number, `--write` names the page to write. Facts are random,",
        "the same for the same number of rows, 8 % of them unknown; the day of decision is 1 December 2020.",
        "Tools run in turn, one round after another, in one process; the median counts.",
        "",
        f"{len(MEASURES)} measures of a person are written three more times, independently of the engine:",
        "in Polars by hand, in SQL and in OpenFisca. Before anything is timed, every verdict and amount, and",
        "for Polars and SQL every condition, has to be equal in every row, or the benchmark fails.",
        "",
        "- All tools start from facts already in memory in their own form: a frame, a DuckDB table with ENUM",
        "  columns, NumPy arrays. All hand back complete columns. OpenFisca's time includes a new simulation",
        "  and setting its inputs, because it keeps results; DuckDB's includes planning the query.",
        "- The engine checks the types and ranges of all facts and watches for overflow in the time shown.",
        "  The hand-written versions do not. None of the compared runs computes bounds of open amounts.",
        "- OpenFisca has no unknowns and no reasons: what is not given is 0. It gets facts without gaps and is",
        "  compared with the engine on the same facts, where the derived facts are computed for everybody.",
        "- OpenFisca keeps whole numbers in 32 bits and decimals in float32. The type behind its `int`",
        "  variables is set to int64 in `benchmarks/peer_openfisca.py`, and its formulas divide in whole",
        "  numbers; without that its sums would be wrong above 21 million yuan.",
        "- DuckDB hands its rows back in any order; the others keep the order of the persons.",
        "- The hand-written Polars uses Polars' own calendar functions; the engine looks months up in a table.",
        "- Whole-policy runs have a process each. Peak memory is that of the process while deciding, facts and",
        "  all included.",
    ]


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(titles) + " |",
        "|" + "---|" * len(titles),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def _ratio(number: float) -> str:
    return f"{number:,.0f}" if number >= 20 else f"{number:.2f}"


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


def _gib(size: int | None) -> str:
    return "unknown" if size is None else f"{size / _GIB:.2f}"
