"""The tables of the database are those of the data model, column by column, and rows are never changed in place."""

from __future__ import annotations

import datetime as dt

import pytest
from checked_registry import some_city
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.columns import IDENTITY, PERSONAL, hash_column, kernel_columns, stored_name
from wenjiuye.platform.registry.models import MODELS, ImportBatch, row_model
from wenjiuye.policy.registry import RECORDS

OF_EVERY_ROW = {"id", "batch", "replaced_by"}


@pytest.mark.parametrize("name", RECORDS)
def test_a_model_has_the_columns_of_its_declaration(name: str):
    fields = {field.name for field in MODELS[name]._meta.fields}
    declared = {stored_name(column) for column in kernel_columns(RECORDS[name])}
    hashes = {hash_column(column) for column in PERSONAL.get(name, ())}
    assert fields == declared | hashes | OF_EVERY_ROW


@pytest.mark.parametrize("name", [name for name, record in RECORDS.items() if not record.keyed])
def test_a_table_without_keys_says_by_what_a_row_is_known(name: str):
    assert set(RECORDS[name].required) - {"ends_on", "amount", "value"} <= set(IDENTITY[name])
    assert set(IDENTITY[name]) <= {stored_name(column) for column in kernel_columns(RECORDS[name])}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command(
        "makemigrations", "registry", check_changes=True, dry_run=True, skip_checks=True, verbosity=0
    )


@pytest.mark.django_db
def test_a_choice_outside_of_the_list_is_refused_by_the_database(load):
    batch = load(some_city())
    with pytest.raises(DatabaseError, match="person_county_known"), transaction.atomic():
        row_model("person").objects.create(key="P9", county="atlantis", batch=batch.pk)


@pytest.mark.django_db
def test_of_one_key_only_one_row_is_live(load):
    batch = load(some_city())
    with pytest.raises(DatabaseError, match="person_key_live_once"), transaction.atomic():
        row_model("person").objects.create(key="P1", county="weidu", batch=batch.pk)


@pytest.mark.django_db
def test_a_row_is_replaced_and_never_changed(load):
    load(some_city())
    row = row_model("person").objects.get(key="P1")
    row.name = "李四"
    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
        on_record("somebody", "why"),
    ):
        row.save()


@pytest.mark.django_db
def test_nobody_marks_a_row_without_saying_who_and_why(load):
    batch = load(some_city())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pghistory.context_id = ''")
        with pytest.raises(DatabaseError, match="who and why"), transaction.atomic():
            cursor.execute("UPDATE registry_person SET replaced_by_id = %s", [batch.pk])


@pytest.mark.django_db
def test_a_batch_is_never_deleted(load):
    load(some_city())
    with (
        pytest.raises(DatabaseError, match="Cannot delete"),
        transaction.atomic(),
        on_record("somebody", "why"),
    ):
        ImportBatch.objects.filter(as_of=dt.date(2020, 12, 1))._raw_delete("default")
