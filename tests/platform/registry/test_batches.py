"""Batches come in as a whole, replace what they change, and are taken back as a whole or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from checked_registry import clean, firm, job, person, some_city, table
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from officers import officer
from polars.testing import assert_frame_equal
from random_registry import random_registry

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.record import chain
from wenjiuye.platform.registry import undoing
from wenjiuye.platform.registry.batches import NewBatch, load_batch, newest_batch_time, tables_kept
from wenjiuye.platform.registry.errors import LoadError, UndoError
from wenjiuye.platform.registry.models import ImportBatch, SetAside, row_model
from wenjiuye.platform.registry.reading import read_rows
from wenjiuye.platform.registry.undoing import refuse_undo, undo_batch, vanishing, why_not_undo
from wenjiuye.policy.registry import RECORDS

pytestmark = pytest.mark.django_db
LATER = dt.date(2021, 1, 1)


def live(name: str):
    return row_model(name).objects.filter(replaced_by__isnull=True)


def names() -> dict[str, str]:
    return dict(live("person").values_list("key", "name"))


# ── In


@pytest.mark.parametrize("name", RECORDS)
def test_what_went_in_comes_out_as_it_was(name: str, load):
    tables = random_registry(3)
    load({name: tables[name]})
    column = "key" if RECORDS[name].keyed else RECORDS[name].required[0]
    keys = set(live(name).values_list(column, flat=True))
    found = read_rows(name, {column: keys}, personal=True)
    assert_frame_equal(found, tables[name].select(found.columns))


def test_a_list_comes_out_as_it_was(load):
    loans = table(
        "loan", [{"id": "L1", "county": "weidu", "partner_loans": [{"amount": 123_45, "subsidised": True}]}]
    )
    load({"loan": loans})
    assert_frame_equal(read_rows("loan", {"key": ["L1"]}).select(loans.columns), loans)


def test_personal_columns_stand_encrypted_and_empty_ones_stay_empty(load):
    load(some_city())
    with connection.cursor() as cursor:
        cursor.execute("SELECT resident_id, resident_id_hash FROM registry_person")
        assert all(b"411002" not in bytes(cell) for row in cursor.fetchall() for cell in row)
    assert row_model("person").objects.get(key="P2").resident_id == "41100219920202123x"
    assert row_model("enterprise").objects.get(key="E2").phone is None


def test_a_newer_row_takes_the_place_of_an_older_one_and_the_others_stay(load):
    first = load(some_city())
    second = load({"person": table("person", [person("P1", "王晓明"), person("P3", "韩梅")])}, as_of=LATER)
    assert names() == {"P1": "王晓明", "P2": "李雷", "P3": "韩梅"}
    assert row_model("person").objects.get(key="P1", batch=first.pk).replaced_by == second.pk


def test_a_row_that_says_the_same_is_left_as_it_is(load):
    city = some_city()
    first = load(city)
    second = load({"person": city["person"]})
    assert set(live("person").values_list("batch", flat=True)) == {first.pk}
    assert not row_model("person").objects.filter(batch=second.pk).exists()


def test_a_month_delivered_again_takes_the_place_of_what_was_delivered_before(load):
    month = dt.date(2020, 11, 1)
    load(some_city())

    def paid(*sums: int, who: str = "P1", employer: str | None = "E1") -> pl.DataFrame:
        rows = [{"person": who, "employer": employer, "month": month, "own_paid": paid} for paid in sums]
        return table("contribution", rows)

    load({"contribution": paid(100, 200)})
    load({"contribution": paid(7, employer=None)})
    load({"contribution": paid(300)})
    found = sorted(live("contribution").values_list("employer", "own_paid"), key=str)
    assert found == [("E1", 300), (None, 7)]


def test_a_whole_delivery_ends_what_it_does_not_hold(load):
    load(some_city())
    load({"person": table("person", [person("P1")])}, kind=ImportBatch.Kind.WHOLE)
    assert set(names()) == {"P1"}


def test_a_reference_to_nobody_refuses_the_whole_batch(load):
    load(some_city())
    with pytest.raises(LoadError, match="P404"):
        load(
            {"training": table("training", []), "employment": table("employment", [job("J2", "P404", "E1")])}
        )
    assert ImportBatch.objects.count() == 1
    assert live("employment").count() == 1


def test_a_batch_that_breaks_off_leaves_nothing(load):
    load(some_city())
    broken = table("person", [person("P1", "王晓明"), person("P3"), person("P3")])
    with pytest.raises(DatabaseError):
        load({"enterprise": table("enterprise", [firm("E3", "新公司")]), "person": broken})
    assert names() == {"P1": "王小明", "P2": "李雷"}
    assert not live("enterprise").filter(key="E3").exists()


def test_an_officer_of_a_county_brings_in_rows_of_that_county_alone(tmp_path):
    clerk = officer(Role.CLERK, county="weidu")
    city = some_city()
    load_batch(clean(city, tmp_path / "a"), NewBatch("魏都", LATER, county="weidu"), clerk)
    with pytest.raises(PermissionDenied):
        load_batch(clean(city, tmp_path / "b"), NewBatch("全市", LATER), clerk)
    strange = {"person": table("person", [person("P7", county="jianan")])}
    with pytest.raises(LoadError, match="P7"):
        load_batch(clean(strange, tmp_path / "c"), NewBatch("魏都", LATER, county="weidu"), clerk)
    with pytest.raises(LoadError, match="市级"):
        load_batch(
            clean(city, tmp_path / "d"),
            NewBatch("魏都", LATER, county="weidu", kind=ImportBatch.Kind.WHOLE),
            clerk,
        )
    with pytest.raises(PermissionDenied):
        load_batch(clean(city, tmp_path / "e"), NewBatch("全市", LATER), officer(Role.AUDITOR))


def test_what_the_registry_keeps_is_told_with_its_day(load):
    month = dt.date(2020, 3, 1)
    assert (tables_kept(), newest_batch_time()) == ({}, None)
    paid = table("contribution", [{"person": "P1", "month": month, "own_paid": 1}])
    load({**some_city(), "contribution": paid})
    later = load({"person": table("person", [person("P3")]), "grant": table("grant", [])}, as_of=LATER)
    kept = tables_kept()
    assert set(kept) == {"person", "enterprise", "employment", "contribution", "grant"}
    assert (kept["person"].as_of, kept["employment"].as_of) == (LATER, dt.date(2020, 12, 1))
    assert (kept["contribution"].first_month, kept["grant"].first_month) == (month, None)
    assert newest_batch_time() == later.loaded_at


def test_rows_set_aside_are_remembered_until_they_come(load, tmp_path):
    lost = {"employment.person": pl.Series(["P1"]), "employment.employer": pl.Series(["E1"])}
    registry = replace(clean(some_city(), tmp_path / "x"), incomplete=lost)
    first = load_batch(registry, NewBatch("first", LATER))
    marks = SetAside.objects.filter(replaced_by__isnull=True)
    load({"employment": table("employment", [job("J9", "P1", "E1")])})
    assert marks.count() == 2
    correction = load({"employment": table("employment", [job("J8", "P1", "E1")])}, corrects=first)
    assert marks.count() == 0
    undo_batch(correction, "错了")
    assert marks.count() == 2


# ── Taken back


def test_a_batch_taken_back_leaves_what_was_there_before(load):
    load(some_city())
    second = load({"person": table("person", [person("P1", "王晓明"), person("P3", "韩梅")])})
    undo_batch(second, "文件传错了")
    assert names() == {"P1": "王小明", "P2": "李雷"}
    assert (second.state, second.undone_why) == (ImportBatch.State.UNDONE, "文件传错了")
    assert newest_batch_time() == second.undone_at
    assert chain.verify()[1] is None


def test_what_later_batches_rest_on_is_not_taken_back(load):
    first = load(some_city())
    second = load({"person": table("person", [person("P1", "王晓明")])}, title="十二月人员")
    with pytest.raises(UndoError, match=r"十二月人员.*1行个人"):
        undo_batch(first, "错了")
    undo_batch(second, "错了")
    undo_batch(first, "错了")
    assert names() == {}


def test_a_batch_to_whose_rows_others_refer_is_not_taken_back(load):
    first = load(some_city())
    load({"employment": table("employment", [job("J2", "P2", "E2")])}, title="新用工")
    with pytest.raises(UndoError, match=r"新用工.*1行用工登记引用了本批次的个人"):
        undo_batch(first, "错了")


def test_other_apps_may_object(load, monkeypatch):
    monkeypatch.setattr(undoing, "_refusals", [])
    claimed = {"P3"}

    @refuse_undo
    def claims(batch: ImportBatch) -> str | None:
        gone = set(vanishing(batch, "person").values_list("key", flat=True)) & claimed
        return f"申请涉及{', '.join(gone)}" if gone else None

    load(some_city())
    second = load({"person": table("person", [person("P1", "王晓明"), person("P3", "韩梅")])})
    third = load({"person": table("person", [person("P4", "韩梅")])})
    assert why_not_undo(third) == []
    with pytest.raises(UndoError, match="申请涉及P3"):
        undo_batch(second, "错了")


def test_taking_back_wants_a_reason_a_right_and_happens_once(load):
    batch = load(some_city())
    with pytest.raises(UndoError, match="理由"):
        undo_batch(batch, " ")
    with pytest.raises(PermissionDenied):
        undo_batch(batch, "错了", officer(Role.AUDITOR))
    with pytest.raises(PermissionDenied):
        undo_batch(batch, "错了", officer(Role.CLERK, county="weidu"))
    undo_batch(batch, "错了", officer(Role.CLERK))
    with pytest.raises(UndoError, match="已经撤销"):
        undo_batch(batch, "错了")
