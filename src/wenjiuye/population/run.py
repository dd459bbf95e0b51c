"""From files to files: read the tables, decide every measure for every row, check a sample, write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from wenjiuye.population import results
from wenjiuye.population.errors import CheckFailedError
from wenjiuye.population.missing import missing_facts
from wenjiuye.population.reading import PROBLEMS
from wenjiuye.population.records import Registry
from wenjiuye.population.tables import TableReport, TableSet, read_tables
from wenjiuye.population.writers import Output, chosen_format, open_output
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination
from wenjiuye.rules.errors import both
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy, many_relations

Progress = Callable[[str, int, int], None]
"""Called with a stage, the steps done and all steps."""

TITLES: Mapping[str, str] = {
    "subject": both("对象", "subject"),
    "file": both("文件", "file"),
    "row": both("行号", "row"),
    "column": both("列", "column"),
    "value": both("填写内容", "value"),
    "problem": both("问题", "problem"),
    "allowed": both("应为", "allowed"),
    "error": both("错误", "error"),
    "note": both("说明", "note"),
}
"""Titles of the columns of problems, rejects and notes as they are written."""

SAMPLE = 200
"""Rows of each subject whose results are computed a second time, by the case compiler."""


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """What came out for one subject. Counts are of pairs of row and measure; checked is a count of rows."""

    subject: str
    rows: int
    measures: int
    eligible: int
    ineligible: int
    undetermined: int
    checked: int


@dataclass(frozen=True)
class RunReport:
    """A run in figures: what was read, what came out, which files hold it.

    problem_rows: every bad cell under the plain names of `reading.PROBLEMS`; in the files titles are bilingual.
    """

    policy: str
    version: str
    on: dt.date
    tables: Mapping[str, TableReport]
    problems: int
    notes: tuple[str, ...]
    subjects: tuple[SubjectReport, ...]
    summary: pl.DataFrame
    files: tuple[Path, ...]
    problem_rows: pl.DataFrame


def determine_tables(
    path: Path | str,
    on: dt.date,
    out: Path | str,
    policy: Policy,
    *,
    progress: Progress | None = None,
    reasons: bool = True,
    format: str | None = None,
) -> RunReport:
    """Decide every measure of the policy for the tables of a folder or workbook, and write it all to `out`.

    Raises the errors of `read_tables`, OutputError, FactError, and CheckFailedError where a sample of the
    results does not come out the same a second time; then nothing is written.
    """
    tell = progress or (lambda *_: None)
    target = Path(out)
    form = chosen_format(target, format)
    tell("read", 0, 1)
    tables = read_tables(path, policy.subjects)
    tell("read", 1, 1)
    registry = Registry(policy, tables.frames, on, tables.incomplete)
    subjects = [name for name in policy.subjects if name in tables.frames and policy.measures_of(name)]
    notes = [*tables.notes, *_untouched(policy, tables), *_undercounts(policy, tables)]
    reports: list[SubjectReport] = []
    sums: list[pl.DataFrame] = []
    with open_output(target, form) as output:
        for number, subject_id in enumerate(subjects):
            tell(f"determine {subject_id}", number, len(subjects))
            report, by_county, told = _subject(registry, subject_id, output, reasons=reasons)
            reports.append(report)
            sums += by_county
            notes += told
        tell("write", 0, 1)
        about = both(
            f"{policy.zh}（版本 {policy.version}），决定日 {on}",
            f"{policy.id} (version {policy.version}), decided as on {on}",
        )
        summary = write_overview(output, sums, tables, [about, *notes])
    tell("write", 1, 1)
    return RunReport(
        policy.id,
        policy.version,
        on,
        tables.reports,
        tables.problems.height,
        tuple(notes),
        tuple(reports),
        summary,
        tuple(output.files),
        tables.problems,
    )


def _subject(
    registry: Registry, subject_id: str, output: Output, *, reasons: bool
) -> tuple[SubjectReport, list[pl.DataFrame], list[str]]:
    """Decide, check and write one subject: what came out, its sums per county, what is to be told."""
    policy, table = registry.policy, registry.tables[subject_id]
    measures = policy.measures_of(subject_id)
    result = determine_batch(
        policy, subject_id, registry.tables, registry.on, reasons=True, incomplete=registry.incomplete
    ).frame
    checked = check_sample(registry, subject_id, result)
    county = _county(registry, subject_id, measures)
    sums = [results.summary(measure, county, result) for measure in measures]
    told = write_results(registry, subject_id, result, county, output, reasons=reasons)
    yes, no, unknown = pl.concat(sums).select("eligible", "ineligible", "undetermined").sum().row(0)
    report = SubjectReport(subject_id, table.height, len(measures), yes, no, unknown, checked)
    return report, sums, told


def write_results(
    registry: Registry,
    subject_id: str,
    result: pl.DataFrame,
    county: pl.Series,
    output: Output,
    *,
    reasons: bool = True,
) -> list[str]:
    """Write the determinations of one subject and, if asked for, the reasons. Answers what is to be told."""
    measures = registry.policy.measures_of(subject_id)
    who = pl.DataFrame([result["id"], county])
    output.add(
        "determinations",
        subject_id,
        [
            results.determinations(
                measure, pl.concat([who, missing_facts(registry, measure, result)], how="horizontal"), result
            )
            for measure in measures
        ],
    )
    return _write_reasons(registry, subject_id, result, output) if reasons else []


def _write_reasons(registry: Registry, subject_id: str, result: pl.DataFrame, output: Output) -> list[str]:
    policy, measures = registry.policy, registry.policy.measures_of(subject_id)
    rows = result.height * sum(len(measure.nodes) for measure in measures)
    if rows <= output.long_reasons:
        frames = [results.reasons(policy, measure, registry.on, result) for measure in measures]
        output.add("reasons", subject_id, frames)
    elif output.wide_reasons:
        truths = pl.col(r"^[a-z0-9_]+\.(verdict|c[0-9]+)$")
        output.add("reasons", subject_id, [result.select("id", truths).lazy()])
    else:
        zh = policy.subjects[subject_id].zh
        return [
            both(
                f"{zh}的理由有{rows:,}行，一张工作表放不下；输出到文件夹时会写出",
                f"the reasons of {subject_id} ({rows:,} rows) are too many for a sheet; a folder holds them",
            )
        ]
    return []


def write_overview(
    output: Output, sums: list[pl.DataFrame], tables: TableSet, notes: list[str]
) -> pl.DataFrame:
    """Write sums, problems, rejected rows and notes. Answers the sums per measure."""
    if sums:
        by_county = pl.concat(sums)
        summary = results.totals(sums)
        output.add("summary", None, [summary.lazy()])
        output.add("summary_by_county", None, [by_county.lazy()])
    else:
        summary = pl.DataFrame()
    if tables.problems.height:
        output.add("problems", None, [tables.problems.rename({own: TITLES[own] for own in PROBLEMS}).lazy()])
    for name, rejected in tables.rejects.items():
        output.add("rejects", name, [rejected.rename({own: TITLES[own] for own in ("row", "error")}).lazy()])
    output.add("notes", None, [pl.LazyFrame({TITLES["note"]: notes})])
    return summary


def _county(registry: Registry, subject_id: str, measures: list[Measure]) -> pl.Series:
    subject = registry.policy.subjects[subject_id]
    path = results.county_path(subject, measures)
    if path is None:
        return pl.Series("county", [None] * registry.tables[subject_id].height, dtype=pl.String)
    ids = registry.follow(subject_id, path)
    owner = registry.owner(subject, path)
    table = registry.tables.get(owner.id)
    if table is None or "county" not in table.columns:
        return pl.Series("county", [None] * ids.len(), dtype=pl.String)
    side = table.select("id", pl.col("county").cast(pl.String))
    return ids.to_frame("id").join(side, on="id", how="left", maintain_order="left")["county"]


def _untouched(policy: Policy, tables: TableSet) -> list[str]:
    return [
        both(
            f"没有“{subject.zh}”数据表（{name}），其{len(policy.measures_of(name))}项措施未计算",
            f"no table {name} ({subject.zh}): its {len(policy.measures_of(name))} measures were not computed",
        )
        for name, subject in policy.subjects.items()
        if name not in tables.frames and policy.measures_of(name)
    ]


def _undercounts(policy: Policy, tables: TableSet) -> list[str]:
    """Where rows are rejected over which others count: whose count is unknown, and whose may be too low."""
    notes = []
    for name in tables.frames:
        subject = policy.subjects[name]
        for relation, link in many_relations(subject).items():
            child, lost = link.target(), tables.lost.get(link.target().id)
            if lost is None or link.back not in lost.columns:
                continue
            owners = lost[link.back]
            known = owners.filter(owners.is_in(tables.frames[name]["id"].implode()).fill_null(False))
            rejected = tables.lost[name]["id"] if name in tables.lost else pl.Series([], dtype=pl.String)
            elsewhere = owners.is_in(rejected.implode()).fill_null(False).sum()
            stray = lost.height - known.len() - elsewhere
            if known.len():
                notes.append(
                    both(
                        f"{child.zh}有{known.len()}行被退回：{known.n_unique()}个{subject.zh}的"
                        f"“{link.zh}”不全，对其的计数按未知处理",
                        f"{known.len()} rows of {child.id} rejected: what {known.n_unique()} rows of {name} "
                        f"count over {relation} is unknown",
                    )
                )
            if stray:
                notes.append(
                    both(
                        f"{child.zh}有{stray}行被退回，看不出属于哪个{subject.zh}：对“{link.zh}”的计数可能偏低",
                        f"{stray} rows of {child.id} rejected that name no {name}: "
                        f"what {name} counts over {relation} may be too low",
                    )
                )
    return notes


# ── A second opinion


def check_sample(registry: Registry, subject_id: str, result: pl.DataFrame, size: int = SAMPLE) -> int:
    """Compute every n-th row again with the case compiler; answers how many.

    Raises CheckFailedError with measure, row and both answers for the first difference.
    """
    height = result.height
    step = max(1, -(-height // size))
    rows = pl.Series("row", range(0, height, step), dtype=pl.UInt32)
    measures = registry.policy.measures_of(subject_id)
    asked = [e for m in measures for e in (*m.expressions(), *([m.limit] if m.limit is not None else []))]
    records = registry.records(subject_id, asked, rows)
    taken = result.select(pl.all().gather(rows)).rows(named=True)
    for record, batch in zip(records, taken, strict=True):
        for measure in measures:
            case = determine(registry.policy, measure, record, registry.on, nested=True)
            _compare(measure, batch, case)
    return len(records)


def _compare(measure: Measure, batch: Mapping[str, Any], case: Determination) -> None:
    name = measure.id
    wanted: dict[str, Any] = {"verdict": case.truths[0]}
    wanted |= {f"c{node.index}": truth for node, truth in zip(measure.nodes, case.truths, strict=True)}
    if measure.has_amount:
        wanted |= {"amount": case.amount, "low": case.low, "high": case.high}
        wanted |= {part: case.parts.get(part) for part in measure.parts}
    for column, value in wanted.items():
        if batch[f"{name}.{column}"] != value:
            raise CheckFailedError(
                f"{measure.zh}（{name}），{measure.subject.zh} {batch['id']}：{column}"
                f"批量计算为{batch[f'{name}.{column}']}，逐例计算为{value}。"
                "这是程序的错误，请反馈。没有写出任何结果",
                f"{name} of {measure.subject.id} {batch['id']}: {column} is "
                f"{batch[f'{name}.{column}']} by the batch compiler and {value} by the case compiler. "
                "This is an error of the program; report it. "
                "Nothing was written",
            )
