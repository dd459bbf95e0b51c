"""Files of a registry come in exactly, or are told exactly."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from workshop import SUBJECTS, Firm, english, write_csv, write_xlsx

from wenjiuye.population import (
    BrokenFileError,
    DuplicateHeaderError,
    EmptyTableError,
    HeaderError,
    MissingPathError,
    NoTableError,
    TableSet,
    TextEncodingError,
    TwoTablesError,
    read_tables,
)
from wenjiuye.rules import FactError
from wenjiuye.rules.record import read_flat


def read(folder: Path) -> TableSet:
    return read_tables(folder, SUBJECTS)


def firms(folder: Path, text: str, encoding: str = "utf-8") -> TableSet:
    write_csv(folder, "firm.csv", text, encoding)
    return read(folder)


def column(tables: TableSet, name: str) -> list[object]:
    return tables.frames["firm"][name].to_list()


def problems(tables: TableSet) -> list[tuple[int, str, str, str]]:
    rows = tables.problems.select("row", "column", "value", "problem").rows()
    return [(row, title, value, english(problem)) for row, title, value, problem in rows]


def notes(tables: TableSet) -> list[str]:
    return [english(note) for note in tables.notes]


# ── Encodings and shapes of files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_every_encoding_that_a_chinese_office_saves(tmp_path: Path, encoding: str):
    tables = firms(tmp_path, "编号,名称,规模\nE1,许昌甲公司,小型\nE2,乙,大型\n", encoding)
    assert column(tables, "name") == ["许昌甲公司", "乙"]
    assert column(tables, "size") == ["small", "large"]


def test_utf_16_is_named_with_the_way_out(tmp_path: Path):
    with pytest.raises(TextEncodingError, match=r"firm\.csv: this is UTF-16.*CSV UTF-8"):
        firms(tmp_path, "id,size\nE1,small\n", "utf-16")


def test_a_damaged_utf_8_file_is_not_taken_for_gb18030(tmp_path: Path):
    text = "编号,名称\nE1,许昌市某某有限责任公司\nE2,好\n".encode()
    (tmp_path / "firm.csv").write_bytes(text.replace("好".encode(), "好".encode()[:2]))
    with pytest.raises(TextEncodingError, match="row 3 is neither valid UTF-8 nor GB18030"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["firm.csv", "Firm.CSV", "firms.csv", "企业.csv"])
def test_a_file_is_known_by_the_subject_in_english_or_chinese(tmp_path: Path, name: str):
    write_csv(tmp_path, name, "id,staff\nE1,3\n")
    assert column(read(tmp_path), "staff") == [3]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(tmp_path: Path, ending: str):
    tables = firms(tmp_path, ending.join(["id,staff", "E1,3", "E2,4", ""]))
    assert column(tables, "staff") == [3, 4]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_found_out(tmp_path: Path, separator: str):
    assert column(firms(tmp_path, f"id{separator}staff\nE1{separator}3\n"), "staff") == [3]


def test_quoted_cells_may_hold_separators_and_line_breaks(tmp_path: Path):
    tables = firms(tmp_path, 'id,name,assets\nE1,"甲,乙","1,234.50"\nE2,"丙\n丁",1\nE3,x,bad\n')
    assert column(tables, "name") == ["甲,乙", "丙\n丁"]
    assert column(tables, "assets") == [123450, 100]
    assert problems(tables) == [(4, "assets", "bad", "not a number: 'bad'")]


def test_a_quotation_mark_that_is_never_closed_is_a_broken_file(tmp_path: Path):
    with pytest.raises(BrokenFileError, match="the record that begins in row 3 cannot be read"):
        firms(tmp_path, 'id,name\nE1,a\nE2,"b\nE3,c\n')


def test_a_row_with_more_cells_than_titles_is_rejected_and_the_others_go_on(tmp_path: Path):
    tables = firms(tmp_path, "id,staff\nE1,3\nE2,4,5\nE3,4,,\nE4,6\n")
    assert column(tables, "id") == ["E1", "E3", "E4"]
    assert problems(tables) == [(3, "", "E2 | 4 | 5", "the row has 3 cells")]
    assert tables.rejects["firm"]["row"].to_list() == [3]


def test_cells_that_a_short_row_lacks_are_empty_as_excel_leaves_them_out(tmp_path: Path):
    tables = firms(tmp_path, "id,staff,insured\nE1,3,1\nE2,\nE3,4\n")
    assert column(tables, "insured") == [True, None]
    assert tables.notes[0] == (
        "firm.csv：2行比标题行短（第3、4行），缺少的单元格按空白处理 / "
        "firm.csv: 2 rows are shorter than the header (3, 4); the cells they lack are taken as empty"
    )


def test_an_empty_column_without_a_title_is_not_worth_a_word(tmp_path: Path):
    assert firms(tmp_path, "id,staff,,\nE1,3,,\n").notes == ()
    assert firms(tmp_path, "id,staff,\nE1,3,x\n").notes != ()


def test_blank_rows_are_no_rows_but_count_as_the_sheet_counts(tmp_path: Path):
    tables = firms(tmp_path, "id,staff\n\n,\nE1,3\nE2,x\n")
    assert tables.reports["firm"].read == 2
    assert [row for row, *_ in problems(tables)] == [5]


def test_a_table_with_a_header_only_is_an_empty_table(tmp_path: Path):
    tables = firms(tmp_path, "id,staff,layoffs,loans\n")
    assert tables.frames["firm"].height == 0
    assert tables.frames["firm"].schema["staff"] == pl.Int64


@pytest.mark.parametrize("text", ["", "\n\n", " , ,\n"])
def test_a_file_without_a_header_is_named(tmp_path: Path, text: str):
    with pytest.raises(EmptyTableError, match=r"firm\.csv: the file is empty"):
        firms(tmp_path, text)


def test_a_very_wide_file_is_read(tmp_path: Path):
    many = [f"x{i}" for i in range(3000)]
    header, row = ",".join(["id", *many, "staff"]), ",".join(["E1", *("1" for _ in many), "7"])
    tables = firms(tmp_path, f"{header}\n{row}\n")
    assert column(tables, "staff") == [7]
    assert len(tables.reports["firm"].unknown_columns) == 3000


# ── Finding tables


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(MissingPathError, match="nowhere: there is no such file or folder"):
        read(tmp_path / "nowhere")


def test_an_empty_folder_says_which_names_are_wanted(tmp_path: Path):
    with pytest.raises(NoTableError, match=r"wanted names: firm \(企业\), worker \(职工\)"):
        read(tmp_path)


def test_a_file_that_is_named_nearly_right_is_hinted_at(tmp_path: Path):
    write_csv(tmp_path, "firn.csv", "id\nE1\n")
    with pytest.raises(NoTableError, match=r"firn\.csv is named after no subject \(did you mean firm\?\)"):
        read(tmp_path)


def test_two_tables_of_one_subject_are_refused(tmp_path: Path):
    write_csv(tmp_path, "firm.csv", "id,staff\nE1,1\n")
    write_csv(tmp_path, "企业.csv", "id,staff\nE1,1\n")
    with pytest.raises(TwoTablesError, match=r"firm\.csv and 企业\.csv both hold firm"):
        read(tmp_path)


@pytest.mark.parametrize(("name", "says"), [("firm.xlsx", "Excel"), ("firm.parquet", "Parquet")])
def test_a_broken_file_is_named(tmp_path: Path, name: str, says: str):
    (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(BrokenFileError, match=f"{name}: not readable as .* {says}"):
        read(tmp_path)


def test_what_is_no_table_is_told_and_left_aside(tmp_path: Path):
    write_csv(tmp_path, "firm.csv", "id,staff\nE1,1\n")
    write_csv(tmp_path, "notes.txt", "hello")
    assert notes(read(tmp_path)) == ["ignored: notes.txt is named after no subject"]


# ── Headers


def test_titles_are_known_in_chinese_with_spaces_and_full_width(tmp_path: Path):
    tables = firms(tmp_path, " 编 号 ,ｓｔａｆｆ,裁员率\nE1,3,0.5\n")
    assert column(tables, "staff") == [3]
    assert column(tables, "layoffs.num") == [1]


def test_an_unknown_column_is_told_with_the_nearest_name_and_ignored(tmp_path: Path):
    tables = firms(tmp_path, "id,stafff,colour\nE1,3,red\n")
    assert [str(c) for c in tables.reports["firm"].unknown_columns] == [
        "stafff（是否指人数？） / stafff (did you mean staff?)",
        "colour",
    ]
    assert tables.notes[0] == (
        "firm.csv：不认识的列stafff（是否指人数？），已忽略 / "
        "firm.csv: column stafff (did you mean staff?) is not known and ignored"
    )


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path):
    with pytest.raises(
        DuplicateHeaderError, match=r"columns 2 \(staff\) and 3 \(人数\) mean the same \(staff\)"
    ):
        firms(tmp_path, "id,staff,人数\nE1,3,4\n")


def test_a_table_without_known_titles_is_refused(tmp_path: Path):
    with pytest.raises(HeaderError, match="no column of row 1 is known for 企业"):
        firms(tmp_path, "2020年企业名册,,\nid,staff,\nE1,3,\n")


def test_a_table_without_ids_is_refused(tmp_path: Path):
    with pytest.raises(HeaderError, match="no column id"):
        firms(tmp_path, "name,staff\n甲,3\n")


# ── Cells


def test_an_empty_cell_is_unknown_never_zero_and_never_no(tmp_path: Path):
    tables = firms(
        tmp_path, "id,county,staff,assets,layoffs,insured,founded,month,size,loans\nE1,east,,, ,　,,,,\n"
    )
    assert tables.problems.is_empty()
    facts = tables.frames["firm"].drop("id", "county")
    assert facts.null_count().row(0) == (1,) * facts.width


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("167772.17", 16_777_217),
        ("90071992547409.93", 9_007_199_254_740_993),
        ('"1,234.50"', 123_450),
        ("１２３４．５", 123_450),
        ("¥12", 1_200),
        ("0.10", 10),
        ("100000000000000", 10**16),
    ],
)
def test_money_is_exact_to_the_fen(tmp_path: Path, text: str, fen: int):
    tables = firms(tmp_path, f"id,assets\nE1,{text}\n")
    assert column(tables, "assets") == [fen]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("12.345", "more than two decimals: 12.345 yuan"),
        ("1e5", "a spreadsheet has shortened this number, so digits may be lost; write it out"),
        ('"1,23"', "not a number: '1,23'"),
        ("-5", "-5 is outside the allowed range"),
        ("5%", "not a number: '5%'"),
        ("1_000", "not a number: '1_000'"),
        ("nan", "not a number: 'nan'"),
        ("100万", "not a number: '100万'"),
        ("100000000000000.01", "100000000000000.01 is outside the allowed range"),
    ],
)
def test_money_that_cannot_be_exact_is_an_error(tmp_path: Path, text: str, problem: str):
    tables = firms(tmp_path, f"id,assets\nE1,{text}\nE2,1\n")
    assert problems(tables) == [(2, "assets", text.strip('"'), problem)]
    assert tables.problems["allowed"][0] == Firm.assets.wanted()
    assert column(tables, "id") == ["E2"]


@pytest.mark.parametrize(
    ("text", "num", "den"),
    [
        ("0.055", 11, 200),
        ("2/3", 2, 3),
        ("5.5%", 11, 200),
        ("５．５％", 11, 200),
        ("0.10", 1, 10),
        ("1", 1, 1),
        ("0", 0, 1),
        ("0.123456789", 123456789, 10**9),
        ("33.3333333%", 333333333, 10**9),
    ],
)
def test_a_share_is_an_exact_fraction(tmp_path: Path, text: str, num: int, den: int):
    tables = firms(tmp_path, f"id,layoffs\nE1,{text}\n")
    assert (column(tables, "layoffs.num"), column(tables, "layoffs.den")) == ([num], [den])


@pytest.mark.parametrize("text", ["1.5", "150%", "-0.1", "1/0", "half"])
def test_a_share_out_of_range_is_an_error(tmp_path: Path, text: str):
    assert len(problems(firms(tmp_path, f"id,layoffs\nE1,{text}\n"))) == 1


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("１２", 12), ('"1,234"', 1234), ("12.0", 12), (" 7 ", 7), ("007", 7)]
)
def test_whole_numbers_are_read_in_their_usual_forms(tmp_path: Path, text: str, number: int):
    assert column(firms(tmp_path, f"id,staff\nE1,{text}\n"), "staff") == [number]


@pytest.mark.parametrize("text", ["12.5", "十二", "12人", "1 2", "-1", "99999999999"])
def test_what_is_no_whole_number_in_range_is_an_error(tmp_path: Path, text: str):
    assert [row for row, *_ in problems(firms(tmp_path, f"id,staff\nE1,{text}\n"))] == [2]


@pytest.mark.parametrize("text", ["true", "TRUE", "是", "有", "√", "✓", "1", "Yes", " 是 "])
def test_yes_is_read_in_its_usual_forms(tmp_path: Path, text: str):
    assert column(firms(tmp_path, f"id,insured\nE1,{text}\n"), "insured") == [True]


@pytest.mark.parametrize("text", ["false", "否", "无", "×", "✗", "0", "No"])
def test_no_is_read_in_its_usual_forms(tmp_path: Path, text: str):
    assert column(firms(tmp_path, f"id,insured\nE1,{text}\n"), "insured") == [False]


@pytest.mark.parametrize("text", ["maybe", "2", "/", "-", "N/A"])
def test_what_is_neither_yes_nor_no_is_an_error(tmp_path: Path, text: str):
    assert len(problems(firms(tmp_path, f"id,insured\nE1,{text}\n"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-01",
        "2020/12/1",
        "2020年12月1日",
        "20201201",
        "2020.12.1",
        "２０２０-12-01",
        "2020-12-01 00:00:00",
    ],
)
def test_a_date_is_read_where_it_can_be_read_in_one_way_only(tmp_path: Path, text: str):
    assert column(firms(tmp_path, f"id,founded\nE1,{text}\n"), "founded") == [dt.date(2020, 12, 1)]


@pytest.mark.parametrize(
    "text",
    ["12/1/2020", "1.12.2020", "20-12-01", "2020-02-30", "44166", "2020-12", "1850-01-01", "2020-12/01"],
)
def test_any_other_date_is_an_error(tmp_path: Path, text: str):
    assert len(problems(firms(tmp_path, f"id,founded\nE1,{text}\n"))) == 1


@pytest.mark.parametrize(
    "text", ["2020-12", "2020/12", "2020年12月", "202012", "2020-12-01", "2020年12月31日"]
)
def test_a_month_is_kept_as_its_first_day(tmp_path: Path, text: str):
    assert column(firms(tmp_path, f"id,month\nE1,{text}\n"), "month") == [dt.date(2020, 12, 1)]


@pytest.mark.parametrize("text", ["small", "小型", "Small", " 小 型 "])
def test_a_choice_is_read_by_its_id_or_name(tmp_path: Path, text: str):
    tables = firms(tmp_path, f"id,size\nE1,{text}\n")
    assert column(tables, "size") == ["small"]
    assert tables.frames["firm"].schema["size"] == pl.Enum(["small", "large"])


def test_a_choice_that_does_not_exist_is_told_with_the_nearest_one(tmp_path: Path):
    tables = firms(tmp_path, "id,size\nE1,smal\n")
    assert problems(tables) == [(2, "size", "smal", "'smal' is no member (did you mean small?)")]
    assert tables.problems["allowed"][0] == "小型、大型之一 / one of small (小型), large (大型)"


def test_a_list_is_json_in_kernel_form(tmp_path: Path):
    cell = '"[{""amount"": 1.25, ""share"": ""2/3""}]"'
    tables = firms(tmp_path, f"id,staff,loans\nE1,1,{cell}\nE2,1,[]\nE3,1,\nE4,1,nothing\n")
    assert column(tables, "loans") == [[{"amount": 125, "share.num": 2, "share.den": 3}], [], None]
    assert problems(tables)[0][:2] == (5, "loans")


# ── Excel and Parquet


def test_excel_cells_are_read_as_excel_shows_them(tmp_path: Path):
    rows = [
        ["编号", "人数", "资产", "裁员率", "参保", "成立日期", "所属月"],
        ["E1", 3, 0.1 + 0.2, 0.055, True, dt.date(2020, 12, 1), dt.date(2020, 12, 1)],
        ["E2", 3.0, 12.34, "2/3", "否", "2020-12-01", "2020-12"],
        [],
        ["E3", "1,234", 12.345, 0.5, 1, 44166, None],
    ]
    write_xlsx(tmp_path / "企业.xlsx", {"Sheet1": rows})
    tables = read(tmp_path)
    assert column(tables, "assets") == [30, 1234]
    assert column(tables, "layoffs.num") == [11, 2]
    assert column(tables, "insured") == [True, False]
    assert column(tables, "founded") == [dt.date(2020, 12, 1)] * 2
    assert {(row, title) for row, title, *_ in problems(tables)} == {(5, "资产"), (5, "成立日期")}


def test_a_number_cell_that_has_lost_digits_is_an_error(tmp_path: Path):
    rows = [["id", "assets"], ["E1", 90071992547409.93], [411002199001010011, 1], ["E3", 9007199254740.5]]
    write_xlsx(tmp_path / "firm.xlsx", {"firm": rows})
    tables = read(tmp_path)
    assert [(row, title) for row, title, *_ in problems(tables)] == [(2, "assets"), (3, "id")]
    assert "more digits than a number cell keeps" in problems(tables)[0][3]
    assert column(tables, "assets") == [900719925474050]


def test_a_formula_that_failed_is_an_error_and_not_an_empty_cell(tmp_path: Path):
    write_xlsx(tmp_path / "firm.xlsx", {"firm": [["id", "staff"], ["E1", "=NA()"], ["E2", 2]]})
    tables = read(tmp_path)
    assert problems(tables) == [(2, "staff", "#N/A", "the formula's result is an error")]
    assert column(tables, "staff") == [2]


def test_one_workbook_may_hold_a_sheet_for_each_subject(tmp_path: Path):
    path = write_xlsx(
        tmp_path / "all.xlsx",
        {
            "岗位": [["id", "单位", "人员", "月数"], ["J1", "E1", "W1", 12]],
            "firm": [["id", "staff"], ["E1", 1]],
            "职工": [["id", "困难"], ["W1", "是"]],
            "说明": [["nothing"]],
        },
    )
    tables = read_tables(path, SUBJECTS)
    assert {name: frame.height for name, frame in tables.frames.items()} == {"job": 1, "firm": 1, "worker": 1}
    assert notes(tables) == ["ignored: all.xlsx [说明] is named after no subject"]


def test_parquet_keeps_types_and_exactness(tmp_path: Path):
    frame = pl.DataFrame(
        {
            "id": [1, 2, 3],
            "staff": [5, None, 7],
            "assets": ["90071992547409.93", "1", "12.345"],
            "layoffs": [0.055, 0.1 + 0.2, None],
            "founded": [dt.datetime(2020, 1, 2), None, dt.datetime(2020, 1, 2, 13)],
            "loans": [[{"amount": "1.00", "share": "1/2"}], [], None],
        }
    ).with_columns(pl.col("assets").cast(pl.Decimal(38, 3)))
    frame.write_parquet(tmp_path / "firm.parquet")
    tables = read(tmp_path)
    assert column(tables, "id") == ["1", "2"]
    assert column(tables, "assets") == [9_007_199_254_740_993, 100]
    assert (column(tables, "layoffs.num"), column(tables, "layoffs.den")) == ([11, 3], [200, 10])
    assert column(tables, "founded") == [dt.date(2020, 1, 2), None]
    assert column(tables, "loans") == [[{"amount": 100, "share.num": 1, "share.den": 2}], []]
    assert {(row, title) for row, title, *_ in problems(tables)} == {(4, "assets"), (4, "founded")}


def test_the_fast_way_and_the_careful_way_read_the_same(tmp_path: Path):
    plain = "id,staff,assets,layoffs,insured,founded,month,size\n"
    fast = "E1,12,1234.50,0.055,true,2020-12-01,2020-12,small\n"
    careful = 'E1,１２,"¥1,234.50",11/200,✓,2020.12.1,202012,小 型\n'
    one = firms(tmp_path, plain + fast).frames["firm"]
    assert one.equals(firms(tmp_path, plain + careful).frames["firm"])


# ── Chinese first


@pytest.mark.parametrize(
    ("name", "text", "problem", "allowed"),
    [
        ("staff", "2.5", "不是整数：2.5 / not a whole number: 2.5", Firm.staff.wanted()),
        ("staff", "-1", "超出允许范围：-1 / -1 is outside the allowed range", Firm.staff.wanted()),
        (
            "insured",
            "maybe",
            "既不是“是”也不是“否”：maybe / neither yes nor no: 'maybe'",
            Firm.insured.wanted(),
        ),
        ("founded", "2020-02-30", "不是日期，或没有这一天：2020-02-30 / ", Firm.founded.wanted()),
        (
            "size",
            "smal",
            "没有这个选项：smal（是否指小型？） / ",
            "小型、大型之一 / one of small (小型), large",
        ),
    ],
)
def test_a_bad_cell_is_told_in_chinese_first(
    tmp_path: Path, name: str, text: str, problem: str, allowed: str
):
    row = firms(tmp_path, f"id,{name}\nE1,{text}\n").problems.row(0, named=True)
    assert row["value"] == text
    assert row["problem"].startswith(problem)
    assert row["allowed"].startswith(allowed)


def test_an_error_of_a_file_is_told_in_chinese_first(tmp_path: Path):
    with pytest.raises(MissingPathError, match=r"^\S+没有这个文件或文件夹 / \S+: there is no such file"):
        read(tmp_path / "nowhere")
    with pytest.raises(DuplicateHeaderError, match=r"第2列（staff）与第3列（人数）含义相同（staff）"):
        firms(tmp_path, "id,staff,人数\nE1,3,4\n")


def test_a_fact_that_cannot_be_read_is_told_in_whole_sentences_of_both_languages():
    with pytest.raises(FactError) as told:
        Firm.staff.read(2.5)
    assert str(told.value) == (
        "人数（staff）：不是整数：2.5；应为：不小于0的整数 / "
        "staff (人数): not a whole number: 2.5; wanted: a whole number not below 0"
    )
    with pytest.raises(FactError) as told:
        read_flat(Firm.facts, {"人员数": 1, "staff": 2.5})
    assert str(told.value) == (
        "人员数：没有这项事实，是否指人数（staff）？；人数（staff）：不是整数：2.5；应为：不小于0的整数 / "
        "人员数: no such fact; did you mean staff?; "
        "staff (人数): not a whole number: 2.5; wanted: a whole number not below 0"
    )
