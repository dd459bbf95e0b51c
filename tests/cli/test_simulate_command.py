"""`simulate`, `break-even` and `project`: what a reform would do, on the screen and in files."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import typer
from rich.cells import cell_len
from terminal import ON, Answer
from typer.testing import CliRunner

from golden_registry import FOLDER
from wenjiuye.cli.boundary import Commands
from wenjiuye.cli.simulating import COMMANDS

LANGUAGES = ("zh", "en")


def wenjiuye(*words: object, lang: str = "zh") -> Answer:
    """Run one of the three commands on a terminal of 80 columns."""
    app = typer.Typer(cls=Commands, pretty_exceptions_enable=False)
    for command in COMMANDS:
        app.command(command.__name__.replace("_", "-"))(command)
    settings = {"WENJIUYE_LANG": lang, "COLUMNS": "80"}
    result = CliRunner().invoke(app, [str(word) for word in words], env=settings)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def more(tmp_path: Path) -> Path:
    path = tmp_path / "more.toml"
    path.write_text("[values]\nhiring_subsidy_amount = 1500\n", "utf-8")
    return path


@pytest.fixture
def same(tmp_path: Path) -> Path:
    path = tmp_path / "same.toml"
    path.write_text("[values]\nhiring_subsidy_amount = 1000\n", "utf-8")
    return path


def fits(answer: Answer) -> None:
    assert answer.code == 0, answer.err
    assert [line for line in answer.out.splitlines() if cell_len(line) > 80] == []


# ── simulate


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cost_bounds_counties_and_who_is_affected_are_shown_in_80_columns(lang: str, more: Path) -> None:
    answer = wenjiuye("simulate", FOLDER, "--reform", more, *ON, lang=lang)
    fits(answer)
    for said in ("2,000.00", "3,000.00", "1,000.00", "500.00"):
        assert said in answer.out
    words = {
        "zh": ("改革 more", "差额", "至少 1,000.00 元", "新增享受", "魏都区"),
        "en": ("Reform more", "difference", "at least 1,000.00", "newly entitled", "Weidu"),
    }
    for said in words[lang]:
        assert said in " ".join(answer.out.split())


def test_tables_report_and_charts_are_written_and_open_without_a_network(more: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    fits(wenjiuye("simulate", FOLDER, "--reform", more, *ON, "-o", out))
    for name in ("cost", "cost_by_article", "cost_by_fund", "cost_by_county", "changes", "amount_quantiles"):
        assert (out / f"{name}.parquet").is_file()
        assert (out / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    by_article = pl.read_parquet(out / "cost_by_article.parquet")
    assert by_article["difference_due"].sum() == 1000
    page = (out / "report.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert 'src="http' not in page
    charts = {path.suffix for path in (out / "charts").iterdir()}
    assert charts == {".svg", ".png"}
    asked = json.loads((out / "simulation.json").read_text("utf-8"))
    assert asked["days"] == ["2020-12-01"]
    assert set(asked["reforms"]) == {"more"}


def test_the_same_question_gives_the_same_bytes(more: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for out in folders:
        wenjiuye("simulate", FOLDER, "--reform", more, *ON, "-o", out)
    names = {str(p.relative_to(folders[0])) for p in folders[0].rglob("*") if p.is_file()}
    for name in sorted(names):
        if not name.startswith("work"):
            assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有改变任何认定"), ("en", "changes nothing")])
def test_a_reform_that_changes_nothing_says_so(lang: str, said: str, same: Path, tmp_path: Path) -> None:
    answer = wenjiuye("simulate", FOLDER, "--reform", same, *ON, "-o", tmp_path / "out", lang=lang)
    fits(answer)
    assert said in answer.out
    assert said in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_each_reform_is_compared_on_its_own_unless_they_are_one_together(more: Path, tmp_path: Path) -> None:
    other = tmp_path / "short.toml"
    other.write_text("[values]\nhiring_contract_months = 1\n", "utf-8")
    files = ("--reform", more, "--reform", other)
    apart = wenjiuye("simulate", FOLDER, *files, *ON).out
    assert "改革 more" in apart
    assert "改革 short" in apart
    assert "改革 more+short" in wenjiuye("simulate", FOLDER, *files, "--together", *ON).out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_months_are_compared_one_by_one_and_are_not_added_up(lang: str, more: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    months = ("--from", "2020-11", "--to", "2020-12")
    answer = wenjiuye("simulate", FOLDER, "--reform", more, *months, "-o", out, lang=lang)
    fits(answer)
    assert "2020-11" in answer.out
    assert {"zh": "各月不能相加", "en": "Months do not add up"}[lang] in answer.out
    by_month = pl.read_parquet(out / "cost_by_month.parquet")
    assert [str(day) for day in by_month["on"]] == ["2020-11-30", "2020-12-31"]
    assert (out / "charts" / "cost-by-month.svg").is_file()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_assumed_take_up_is_shown_with_the_result(lang: str, more: Path, tmp_path: Path) -> None:
    assume = tmp_path / "assume.toml"
    assume.write_text("[take_up]\nhiring_subsidy = 0.6\n", "utf-8")
    answer = wenjiuye("simulate", FOLDER, "--reform", more, *ON, "--assume", assume, lang=lang)
    fits(answer)
    assert "hiring_subsidy 60%" in answer.out
    # 60 % of 500 yuan for two hires.
    assert "600.00" in answer.out


def test_what_cannot_be_asked_is_refused_with_what_to_do(more: Path, tmp_path: Path) -> None:
    for words, said in (
        (("simulate", FOLDER, "--reform", more), "--on"),
        (("simulate", FOLDER, "--reform", tmp_path / "none.toml", *ON), "没有这个文件"),
        (("simulate", FOLDER, "--reform", more, "--reform", more, *ON), "重名"),
        (("simulate", FOLDER, "--reform", more, *ON, "-o", FOLDER), "不能写进登记库"),
        (("simulate", FOLDER, "--reform", more, *ON, "-o", tmp_path), "空文件夹"),
        (
            ("break-even", FOLDER, "--value", "hiring_amount", "--target", "5", *ON),
            "是否指 hiring_subsidy_amount",
        ),
        (("break-even", FOLDER, "--value", "hiring_subsidy_amount", "--target", "much", *ON), "不是金额"),
    ):
        answer = wenjiuye(*words)
        assert answer.code == 2
        assert said in answer.err


# ── break-even


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_amount_that_spends_the_target_is_shown_with_its_neighbours(lang: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    question = ("--value", "hiring_subsidy_amount", "--target", "3000", *ON, "-o", out)
    answer = wenjiuye("break-even", FOLDER, *question, lang=lang)
    fits(answer)
    assert {"zh": "1,500.00元 正好", "en": "1,500.00 yuan spends the target exactly"}[lang] in answer.out
    assert "2,999.98" in answer.out
    assert "3,000.02" in answer.out
    found = json.loads((out / "simulation.json").read_text("utf-8"))
    assert (found["answer"], found["at"]["cost"]) == ("exact", "3000.00")
    tried = pl.read_parquet(out / "break_even.parquet")
    assert tried.filter(pl.col("figure") == "1500.00")["cost"].to_list() == [3000]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_target_that_no_figure_reaches_is_said_to_be_out_of_range(lang: str) -> None:
    question = ("--value", "hiring_subsidy_amount", "--target", "9000", "--high", "2000", *ON)
    answer = wenjiuye("break-even", FOLDER, *question, lang=lang)
    fits(answer)
    assert {"zh": "都比目标花得少", "en": "costs less than the target"}[lang] in answer.out


# ── project


@pytest.mark.parametrize("lang", LANGUAGES)
def test_commitments_are_shown_by_measure_and_year_with_their_assumptions(lang: str, tmp_path: Path) -> None:
    assume = tmp_path / "assume.toml"
    assume.write_text('[continuing]\ndefault = "49/50"\n', "utf-8")
    out = tmp_path / "out"
    answer = wenjiuye("project", FOLDER, *ON, "--assume", assume, "-o", out, lang=lang)
    fits(answer)
    for said in ("98%", "4,352.00", "2023"):
        assert said in answer.out
    assert {"zh": "没有新增对象", "en": "No new entrants"}[lang] in answer.out
    by_fund = pl.read_parquet(out / "commitments_by_fund.parquet")
    by_county = pl.read_parquet(out / "commitments_by_county.parquet")
    assert by_fund["amount"].sum() == by_county["amount"].sum() > 0
    assert (by_fund["expected"] <= by_fund["amount"]).all()
    assert (out / "report.html").is_file()


def test_months_beyond_those_asked_for_are_one_rest(tmp_path: Path) -> None:
    out = tmp_path / "out"
    fits(wenjiuye("project", FOLDER, *ON, "--months", "3", "-o", out))
    months = pl.read_parquet(out / "commitments_by_month.parquet")["month"]
    assert [str(month) for month in months] == ["2020-12-01", "2021-01-01", "2021-02-01", "None"]
