"""Whatever is wrong with a row, the row is set aside with the reason and the others go on."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import polars as pl
import pytest
from intake_workshop import (
    example_tables,
    frames_of,
    reasons,
    set_aside,
    write_csv,
    write_kernel,
    write_sheet,
    write_texts,
)

from wenjiuye.population.errors import (
    BrokenFileError,
    DuplicateHeaderError,
    EmptyTableError,
    HeaderError,
    TextEncodingError,
)
from wenjiuye.population.registry.intake import take_in

PEOPLE = "id,county\nP1,weidu\nP2,weidu\n"


def contributions(folder: Path, *cells: str) -> Path:
    """P1's contributions: month and own part paid of each row."""
    write_csv(folder, "person.csv", PEOPLE)
    write_csv(folder, "contribution.csv", "person,month,own_paid\n" + "".join(f"P1,{c}\n" for c in cells))
    return folder


# ── Cells


@pytest.mark.parametrize(
    ("cell", "fen"),
    [('"1,234.50"', 123450), ("１２３", 12300), ("¥12.5", 1250), ("12元", 1200), ("　7　", 700), ("", None)],
)
def test_sums_are_read_as_people_write_them(tmp_path: Path, cell: str, fen: int | None):
    registry = take_in(contributions(tmp_path / "in", f"2020-05,{cell}"), tmp_path / "out")
    assert frames_of(registry)["contribution"]["own_paid"].to_list() == [fen]


@pytest.mark.parametrize("cell", ["2020-05", "2020年5月", "202005", "2020/5/17", "２０２０－０５"])
def test_months_are_read_as_people_write_them(tmp_path: Path, cell: str):
    registry = take_in(contributions(tmp_path / "in", f"{cell},1"), tmp_path / "out")
    assert frames_of(registry)["contribution"]["month"].to_list() == [dt.date(2020, 5, 1)]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("2020-13,1", "month must be in 1..12"),
        ("1820-01,1", "outside the allowed range"),
        ("2020-05,-1", "outside the allowed range"),
        ("2020-05,1.234", "more than two decimals"),
        ("2020-05,1.2E+5", "a spreadsheet has shortened this number"),
        ("43952,1", "a spreadsheet's day number; format the cell as a date"),
        (",1", "month：没有填写必填项 / a required cell is empty"),
    ],
)
def test_a_cell_that_cannot_stand_sets_its_row_aside(tmp_path: Path, cells: str, told: str):
    registry = take_in(contributions(tmp_path / "in", "2020-01,1", cells, "2020-02,1"), tmp_path / "out")
    assert frames_of(registry)["contribution"].height == 2
    row = set_aside(tmp_path / "out", "contribution")
    assert [(r["行号 / row"], r["month"], r["own_paid"]) for r in row] == [("3", *cells.split(","))]
    assert told in row[0]["错误 / error"]
    assert registry.problems == 1


def test_a_row_is_told_all_that_is_wrong_with_it(tmp_path: Path):
    registry = take_in(contributions(tmp_path / "in", "x,y"), tmp_path / "out")
    assert registry.problems == 2
    assert registry.reports["contribution"].set_aside == 1
    assert "month x：" in reasons(tmp_path / "out", "contribution")[2]
    assert "own_paid y：" in reasons(tmp_path / "out", "contribution")[2]


def test_a_corrected_file_of_rows_set_aside_is_read_as_it_is(tmp_path: Path):
    take_in(contributions(tmp_path / "in", "2020-01,1", "2020-13,2"), tmp_path / "out")
    text = (tmp_path / "out" / "set_aside" / "contribution.csv").read_text(encoding="utf-8-sig")
    write_csv(tmp_path / "again", "person.csv", PEOPLE)
    write_csv(tmp_path / "again", "contribution.csv", text.replace("2020-13", "2020-12"), "utf-8-sig")
    registry = take_in(tmp_path / "again", tmp_path / "out2")
    assert frames_of(registry)["contribution"].rows() == [("P1", dt.date(2020, 12, 1), 200)]
    assert registry.reports["contribution"].unknown_columns == ()


@pytest.mark.parametrize(
    ("phone", "good"), [("13800001111", True), ("0374-2965123", True), ("12", False), ("none", False)]
)
def test_a_phone_number_has_seven_to_fifteen_digits(tmp_path: Path, phone: str, good: bool):
    write_csv(tmp_path / "in", "person.csv", f"id,county,手机号\nP1,weidu,{phone}\n")
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert (registry.problems == 0) is good


# ── Excel


def test_excel_dates_numbers_and_formulas_with_a_result_are_read(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE)
    rows = [
        ["参保人", "费款所属月", "个人已缴"],
        ["P1", dt.date(2020, 5, 3), 12.5],
        ["P2", "2020年6月", "=3+4"],
    ]
    write_sheet(tmp_path / "in" / "个人社保缴费.xlsx", rows)
    came = frames_of(take_in(tmp_path / "in", tmp_path / "out"))["contribution"]
    assert came.rows() == [("P1", dt.date(2020, 5, 1), 1250), ("P2", dt.date(2020, 6, 1), 700)]


def test_a_day_number_and_a_failed_formula_are_told_by_cell(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE)
    rows = [["person", "month", "own_paid"], ["P1", 43952, 1], ["P1", "2020-05", "=NA()"]]
    write_sheet(tmp_path / "in" / "contribution.xlsx", rows)
    take_in(tmp_path / "in", tmp_path / "out")
    told = reasons(tmp_path / "out", "contribution")
    assert "a spreadsheet's day number" in told[2]
    assert "own_paid #N/A：公式的结果是错误值 / the formula's result is an error" in told[3]


def test_a_formula_that_was_never_calculated_is_not_taken_for_an_empty_cell(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE)
    made = write_sheet(tmp_path / "made.xlsx", [["person", "month", "own_paid"], ["P1", "2020-05", "=3+4"]])
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(tmp_path / "in" / "contribution.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>7</v>", b"<v></v>"))
    take_in(tmp_path / "in", tmp_path / "out")
    assert "own_paid =3+4：公式没有保存计算结果" in reasons(tmp_path / "out", "contribution")[2]


def test_a_cell_that_is_merged_downwards_counts_for_each_of_its_rows(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE)
    rows = [["person", "month"], ["P1", "2020-01"], [None, "2020-02"], [None, "2020-03"], ["P2", "2020-04"]]
    write_sheet(tmp_path / "in" / "contribution.xlsx", rows, merged=[(0, 1, 3)])
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(registry)["contribution"]["person"].to_list() == ["P1", "P1", "P1", "P2"]
    assert "counts for each of its rows (3, 4)" in registry.reports["contribution"].notes[0]


# ── Files


def test_utf_16_and_damaged_text_are_errors_that_name_the_file(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE, "utf-16")
    with pytest.raises(TextEncodingError, match=r"person\.csv: this is UTF-16.*CSV UTF-8"):
        take_in(tmp_path / "in", tmp_path / "out")
    data = "编号,姓名,county\nP1,许昌市某某有限责任公司,weidu\nP2,好,weidu\n".encode()
    (tmp_path / "in" / "person.csv").write_bytes(data.replace("好".encode(), "好".encode()[:2]))
    with pytest.raises(TextEncodingError, match="row 3 is neither valid UTF-8 nor GB18030"):
        take_in(tmp_path / "in", tmp_path / "out")


@pytest.mark.parametrize("name", ["person.csv", "person.xlsx", "person.parquet"])
def test_an_empty_file_is_an_error_that_names_it(tmp_path: Path, name: str):
    write_csv(tmp_path / "in", name, "")
    with pytest.raises((EmptyTableError, BrokenFileError), match=name.replace(".", r"\.")):
        take_in(tmp_path / "in", tmp_path / "out")


def test_columns_that_are_not_known_are_told_with_what_may_be_meant(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county,birth_dat,备用\nP1,weidu,x,y\n")
    report = take_in(tmp_path / "in", tmp_path / "out").reports["person"]
    assert [str(column) for column in report.unknown_columns] == [
        "birth_dat（是否指出生日期？） / birth_dat (did you mean birth_date?)",
        "备用",
    ]


def test_a_table_without_a_required_column_is_an_error_with_what_was_found(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE)
    write_csv(tmp_path / "in", "contribution.csv", "person,montth\nP1,2020-01\n")
    with pytest.raises(
        HeaderError, match=r"必填列费款所属月（month）.*column month is not there; add it .*montth"
    ) as told:
        take_in(tmp_path / "in", tmp_path / "out")
    assert "did you mean month?" in str(told.value)


def test_a_table_whose_rows_are_counted_needs_no_id_and_may_have_a_column_of_numbers(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", PEOPLE)
    write_csv(tmp_path / "in", "contribution.csv", "编号,person,month\n1,P1,2020-01\n1,P1,2020-01\n")
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(registry)["contribution"].height == 2
    assert [column.title for column in registry.reports["contribution"].unknown_columns] == ["编号"]


def test_two_columns_that_mean_the_same_are_an_error(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,编号,county\nP1,P2,weidu\n")
    with pytest.raises(DuplicateHeaderError, match="mean the same"):
        take_in(tmp_path / "in", tmp_path / "out")


def test_a_row_below_a_list_is_set_aside_as_what_it_is(tmp_path: Path):
    write_csv(tmp_path / "in", "venue.csv", "id,county\nV1,weidu\n合计,\n")
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(registry)["venue"]["id"].to_list() == ["V1"]
    assert "only an id and nothing else" in reasons(tmp_path / "out", "venue")[3]


def test_a_row_with_more_cells_than_titles_is_set_aside(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county\nP1,weidu,x\nP2,weidu\n")
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(registry)["person"]["id"].to_list() == ["P2"]
    assert (
        "整行 / row P1 | weidu | x：这一行有3个单元格 / the row has 3 cells"
        in reasons(tmp_path / "out", "person")[2]
    )


# ── Kernel form


def test_what_cannot_stand_in_kernel_form_is_found_and_told_in_yuan_and_dates(tmp_path: Path):
    tables = example_tables()
    base = {name: tables[name] for name in ("household", "person", "enterprise")}
    bad = tables["contribution"].with_columns(
        pl.Series("own_paid", [1, -250, 3, 4]),
        pl.Series("month", [dt.date(2020, 1, 1), dt.date(2020, 1, 1), dt.date(2020, 1, 2), None]),
    )
    registry = take_in(write_kernel(tmp_path / "in", {**base, "contribution": bad}), tmp_path / "out")
    assert registry.tables["contribution"] == (tmp_path / "out" / "tables" / "contribution.parquet",)
    assert frames_of(registry)["contribution"].equals(bad.head(1))
    told = reasons(tmp_path / "out", "contribution")
    assert "own_paid -2.50：超出允许范围：-2.50 / -2.50 is outside the allowed range" in told[3]
    assert "month 2020-01-02：" in told[4]
    assert "month：没有填写必填项 / a required cell is empty" in told[5]
    assert [row["own_paid"] for row in set_aside(tmp_path / "out", "contribution")] == [
        "-2.50",
        "0.03",
        "0.04",
    ]


@pytest.mark.parametrize(("num", "den"), [(3, 2), (-1, 2), (1, 0), (None, 2), (1, -2), (1, None)])
def test_a_share_in_kernel_form_is_a_fraction_within_its_range(
    tmp_path: Path, num: int | None, den: int | None
):
    tables = example_tables()
    tables["annual_report"] = tables["annual_report"].with_columns(
        pl.Series("disabled_staff_share.num", [num, 1, 0, None], dtype=pl.Int64),
        pl.Series("disabled_staff_share.den", [den, 2, 1, None], dtype=pl.Int64),
    )
    registry = take_in(write_kernel(tmp_path / "in", tables), tmp_path / "out")
    assert (registry.reports["annual_report"].set_aside, registry.problems) == (1, 1)


def test_a_list_in_kernel_form_is_looked_into(tmp_path: Path):
    tables = example_tables()
    loans = tables["loan"]
    cells = loans["partner_loans"].to_list()
    amount = next(name for name in cells[1][0] if not name.endswith((".num", ".den")))
    cells[1][0][amount] = None
    tables["loan"] = loans.with_columns(
        pl.Series("partner_loans", cells, dtype=loans.schema["partner_loans"])
    )
    registry = take_in(write_kernel(tmp_path / "in", tables), tmp_path / "out")
    assert list(reasons(tmp_path / "out", "loan")) == [3]
    assert registry.reports["loan"].accepted == 3


def test_problems_are_counted_exactly_and_shown_by_example(tmp_path: Path):
    cells = [f"2020-0{1 + i % 9},x{i}" for i in range(150)]
    registry = take_in(contributions(tmp_path / "in", *cells), tmp_path / "out")
    assert registry.problems == 150
    assert len(set_aside(tmp_path / "out", "contribution")) == 150
    assert pl.read_csv(tmp_path / "out" / "problems.csv").height == 20
    counts = pl.read_csv(tmp_path / "out" / "problem_counts.csv")
    assert counts.rows() == [("contribution", "own_paid", "不是数字 / not a number", 150)]


def test_nothing_is_told_of_a_clean_registry(tmp_path: Path):
    take_in(write_texts(tmp_path / "in", example_tables()), tmp_path / "out")
    assert not (tmp_path / "out" / "set_aside").exists()
    assert pl.read_csv(tmp_path / "out" / "problems.csv").height == 0
