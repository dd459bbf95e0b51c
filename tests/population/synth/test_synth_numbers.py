"""Ids are unique and short, official numbers have right check characters and belong to nobody."""

from __future__ import annotations

import numpy as np
import polars as pl
from conftest import Tables
from stdnum.cn import ric, uscc

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.identifiers import check, check_resident_id
from wenjiuye.population.synth import numbers

KEYED = [table for table, record in RECORDS.items() if record.keyed]


def test_ids_are_unique_and_short(tables: Tables):
    for table in KEYED:
        ids = tables(table)["id"]
        assert ids.n_unique() == ids.len()
        assert ids.null_count() == 0
        assert ids.str.len_bytes().max() <= 12


def test_no_id_stands_in_two_tables(tables: Tables):
    ids = pl.concat([tables(table)["id"] for table in KEYED])
    assert ids.n_unique() == ids.len()


def test_resident_ids_are_unique_and_right(tables: Tables):
    people = tables("person")
    assert people["resident_id"].n_unique() == people.height
    assert check("resident_id", people["resident_id"]).is_empty()
    for number, born, sex in people.head(200).select("resident_id", "birth_date", "sex").iter_rows():
        check_resident_id(number)
        assert ric.get_birth_date(number) == born
        assert (int(number[16]) % 2 == 1) == (sex == "male")


def test_regions_of_resident_ids_were_never_given_to_a_county(tables: Tables):
    regions = tables("person")["resident_id"].str.slice(0, 6).unique()
    assert regions.str.starts_with("4100").all()
    assert not (regions == "410000").any()


def test_credit_codes_are_unique_right_and_nobodys(tables: Tables):
    codes = tables("enterprise")["credit_code"]
    assert codes.n_unique() == codes.len()
    assert check("credit_code", codes).is_empty()
    assert codes.str.contains("411000DEM").all()
    for code in codes.head(100):
        uscc.validate(code)


def test_names_are_plainly_made_up(tables: Tables):
    for table in ("person", "enterprise"):
        assert tables(table)["name"].str.starts_with("虚构").all()
        assert tables(table)["phone"].str.contains(r"^12\d{9}$").all()


def test_chunks_never_share_a_resident_id():
    born = np.zeros(30, dtype=np.int32)
    male = np.arange(30) % 2 == 0
    far = [1, 2, 99, 100, 199, 989]
    made = pl.concat([numbers.resident_ids(chunk, born, male) for chunk in far])
    assert made.n_unique() == made.len()
    assert made.str.len_bytes().unique().to_list() == [18]
