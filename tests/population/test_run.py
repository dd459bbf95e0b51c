"""A run over files decides every measure for every row, checks itself and writes what an office can use."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from workshop import ON, english, job_grant, policy, write_csv

from wenjiuye.population import CheckFailedError, OutputError, RunReport, determine_tables
from wenjiuye.population import run as run_module
from wenjiuye.population.missing import missing_facts
from wenjiuye.population.records import Registry
from wenjiuye.population.tables import read_tables
from wenjiuye.rules.batch import BatchResult, determine_batch
from wenjiuye.rules.evaluation import Evaluation

FIRMS = "id,size,county,insured\nE1,small,east,是\nE2,,west,否\nE3,large,,\n"
WORKERS = "id,poor\nW1,是\nW2,\n"
JOBS = (
    "id,firm,worker,months,wage\n"
    "J1,E1,W1,12,0.01\nJ2,E2,W1,12,5\nJ3,E1,W2,24,90071992537409.93\nJ4,E3,W2,1,\nJ5,E1,W1,12,\nJ6,,W1,,\nJ7,E1,W1,bad,\n"
)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in {"firm": FIRMS, "worker": WORKERS, "job": JOBS}.items():
        write_csv(folder, f"{name}.csv", text)
    return folder


def run(city: Path, out: Path, **more: object) -> RunReport:
    return determine_tables(city, ON, out, policy(), **more)  # type: ignore[arg-type]


def jobs(out: Path) -> pl.DataFrame:
    return pl.read_parquet(out / "determinations" / "job.parquet").sort("id")


def test_each_row_has_its_verdict_its_sum_and_what_is_missing(city: Path, tmp_path: Path):
    run(city, tmp_path / "out")
    rows = jobs(tmp_path / "out").select("id", "county", "verdict", "amount", "low", "high", "missing").rows()
    yuan = Decimal
    assert rows == [
        ("J1", "east", "eligible", yuan("1000.01"), yuan("1000.01"), yuan("1000.01"), None),
        ("J2", "west", "undetermined", None, yuan("1000.00"), yuan("1000.00"), "size"),
        ("J3", "east", "undetermined", None, yuan("90071992538409.93"), yuan("90071992538409.93"), "poor"),
        ("J4", None, "ineligible", None, None, None, None),
        ("J5", "east", "eligible", None, yuan("1000.00"), None, "wage"),
        ("J6", None, "undetermined", None, yuan("1000.00"), None, "size;months"),
    ]


def test_a_local_value_that_nobody_has_set_is_named(city: Path, tmp_path: Path):
    run(city, tmp_path / "out")
    rows = pl.read_parquet(tmp_path / "out/determinations/firm.parquet").filter(
        (pl.col("measure") == "local_award") & (pl.col("id") == "E1")
    )
    assert rows.select("verdict", "amount", "missing", "unset").row(0) == ("eligible", None, "", "local_sum")


def test_sums_are_exact_and_say_what_is_open(city: Path, tmp_path: Path):
    summary = run(city, tmp_path / "out").summary
    grant = summary.filter(measure="job_grant").row(0, named=True)
    assert (grant["eligible"], grant["ineligible"], grant["undetermined"], grant["open"]) == (2, 1, 3, 1)
    assert (grant["amount"], grant["low"], grant["high"]) == (Decimal("1000.01"), Decimal("2000.01"), None)


def test_an_amount_of_which_nothing_is_known_is_unknown_and_not_zero(city: Path, tmp_path: Path):
    summary = run(city, tmp_path / "out").summary
    assert summary.filter(measure="local_award").select("eligible", "open", "amount").row(0) == (1, 1, None)


def test_counties_are_told_apart_along_relations(city: Path, tmp_path: Path):
    run(city, tmp_path / "out")
    frame = pl.read_parquet(tmp_path / "out/summary_by_county.parquet").filter(measure="job_grant")
    assert frame.select("county", "eligible", "undetermined").rows() == [
        ("east", 2, 1),
        ("west", 0, 1),
        (None, 0, 1),
    ]


def test_reasons_have_the_words_and_the_truth_of_each_condition(city: Path, tmp_path: Path):
    run(city, tmp_path / "out")
    reasons = pl.read_parquet(tmp_path / "out/reasons/job.parquet").filter(id="J2").sort("condition")
    assert reasons["truth"].to_list() == [None, None, True, True]
    assert "规模" in reasons["text"][1]
    assert "12" in reasons["text"][3]


def test_rejects_problems_and_notes_are_written_as_csv_that_excel_opens(city: Path, tmp_path: Path):
    report = run(city, tmp_path / "out")
    data = (tmp_path / "out/rejects/job.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "J7,E1,W1,bad" in data.decode("utf-8-sig")
    problems = pl.read_csv(tmp_path / "out/problems.csv")
    assert problems.columns == [
        "对象 / subject",
        "文件 / file",
        "行号 / row",
        "列 / column",
        "填写内容 / value",
        "问题 / problem",
        "应为 / allowed",
    ]
    assert problems.row(0)[1:6] == ("job.csv", 8, "months", "bad", "不是数字：bad / not a number: 'bad'")
    assert report.problems == 1
    assert report.problem_rows.select("file", "row").row(0) == ("job.csv", 8)
    assert pl.read_csv(tmp_path / "out/notes.csv").columns == ["说明 / note"]


def test_csv_results_are_exact_text(city: Path, tmp_path: Path):
    run(city, tmp_path / "out", format="csv", reasons=False)
    text = (tmp_path / "out/determinations/job.csv").read_text("utf-8-sig")
    assert "job,J1,east,job_grant,a01.01,岗位补贴,eligible,1000.01,1000.01,1000.01,,," in text
    assert not (tmp_path / "out/reasons").exists()


def test_a_workbook_holds_everything(city: Path, tmp_path: Path):
    report = run(city, tmp_path / "out.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "out.xlsx")
    assert set(book.sheet_names) == {
        "determinations firm",
        "determinations job",
        "reasons firm",
        "reasons job",
        "summary",
        "summary_by_county",
        "problems",
        "rejects job",
        "notes",
    }
    rows = book.get_sheet_by_name("determinations job").to_python()
    assert rows[1][1:8] == ["J1", "east", "job_grant", "a01.01", "岗位补贴", "eligible", 1000.01]
    # A sum that a number cell cannot hold stays exact as text.
    assert rows[3][8] == "90071992538409.93"
    assert report.files == (tmp_path / "out.xlsx",)


@pytest.mark.parametrize(
    ("out", "form", "says"),
    [
        ("out.xlsx", "csv", "is an Excel file, but the format asked for is csv"),
        ("out", "xlsx", "need a file name that ends in .xlsx"),
        ("out", "pdf", "no format is named 'pdf'"),
        ("out.csv", None, "wanted a folder"),
    ],
)
def test_an_output_that_does_not_fit_its_format_is_refused_at_once(
    city: Path, tmp_path: Path, out: str, form: str | None, says: str
):
    with pytest.raises(OutputError, match=says):
        run(city, tmp_path / out, format=form)


def test_results_of_two_runs_never_stand_together(city: Path, tmp_path: Path):
    out = tmp_path / "out"
    run(city, out)
    (city / "job.csv").unlink()
    write_csv(city, "worker.csv", "id,poor\nW1,是\n")
    run(city, out)
    assert not (out / "determinations/job.parquet").exists()
    assert not (out / "rejects").exists()
    assert not (out / ".partial").exists()


def test_files_of_others_in_the_output_folder_are_left_alone(city: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")
    run(city, tmp_path / "out")
    assert (tmp_path / "out/mine.txt").read_text() == "mine"


def test_a_result_that_the_case_compiler_does_not_confirm_stops_the_run(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def wrong(*args: object, **more: object) -> BatchResult:
        result = determine_batch(*args, **more)  # type: ignore[arg-type]
        if "job_grant.amount" not in result.frame.columns:
            return result
        return BatchResult(result.frame.with_columns(pl.col("job_grant.amount") + 1), result.measures)

    monkeypatch.setattr(run_module, "determine_batch", wrong)
    with pytest.raises(CheckFailedError, match=r"job_grant of job J1: amount is 100002 .* and 100001"):
        run(city, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_measure_without_its_table_is_told(city: Path, tmp_path: Path):
    (city / "firm.csv").unlink()
    report = run(city, tmp_path / "out")
    assert "no table firm (企业): its 2 measures were not computed" in map(english, report.notes)
    assert set(jobs(tmp_path / "out")["verdict"]) == {"undetermined", "ineligible"}


def test_progress_is_told_stage_by_stage(city: Path, tmp_path: Path):
    seen: list[tuple[str, int, int]] = []
    run(city, tmp_path / "out", progress=lambda *step: seen.append(step))
    assert [stage for stage, *_ in seen] == [
        "read",
        "read",
        "determine job",
        "determine firm",
        "write",
        "write",
    ]


def test_what_is_missing_is_the_same_as_looked_at_row_by_row(city: Path):
    built = policy()
    tables = read_tables(city, built.subjects).frames
    registry = Registry(built, tables, ON)
    for name in ("firm", "job"):
        result = determine_batch(built, name, tables, ON, reasons=True).frame
        for measure in built.measures_of(name):
            rows = pl.Series(range(result.height), dtype=pl.UInt32)
            found = missing_facts(registry, measure, result)["missing"]
            for i, record in enumerate(registry.records(name, measure.expressions(), rows)):
                look = Evaluation(built, record, ON, nested=True)
                truth = result[f"{measure.id}.verdict"][i]
                node = measure.condition if truth is None else measure.amount
                if found[i] is not None:
                    assert node is not None
                    assert found[i] == ";".join(look.missing(node).fact_ids())


def test_a_run_says_which_rules_it_used(city: Path, tmp_path: Path):
    report = run(city, tmp_path / "out")
    assert (report.policy, report.version, report.on) == ("workshop", policy().version, ON)
    first = pl.read_csv(tmp_path / "out/notes.csv")["说明 / note"][0]
    assert first.startswith(f"试行办法（版本 {report.version}），决定日 2020-12-15 / ")
    assert english(first) == f"workshop (version {report.version}), decided as on 2020-12-15"


def test_parts_are_json_of_exact_sums():
    from wenjiuye.population.results import _parts

    measure = next(iter(policy().measures.values()))
    assert measure.id == job_grant.id
    object.__setattr__(measure, "parts", {"a": None, "b": None})
    frame = pl.DataFrame(
        {"job_grant.a": [123456, None], "job_grant.b": [None, None]},
        schema_overrides={"job_grant.b": pl.Int64},
    )
    texts = frame.select(_parts(measure).alias("parts"))["parts"].to_list()
    assert json.loads(texts[0]) == {"a": "1234.56", "b": None}
    assert texts[1] is None


def test_written_rejects_can_be_mended_and_read_and_rejected_again(city: Path, tmp_path: Path):
    run(city, tmp_path / "out")
    (city / "job.csv").write_bytes((tmp_path / "out/rejects/job.csv").read_bytes())
    tables = read_tables(city, policy().subjects)
    assert [note for note in tables.notes if "job" in note] == []
    run(city, tmp_path / "again")
    rejects = pl.read_csv(tmp_path / "again/rejects/job.csv")
    assert rejects.columns[0] == "行号 / row"
    assert rejects["id"].to_list() == ["J7"]
