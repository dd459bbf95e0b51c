"""A load that is cut off in the middle, for real: nothing of it is there, and it can be done again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, connection
from import_workshop import checked, worked, write_book
from officers import officer

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.database import embedded
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.registry.importing import committing
from wenjiuye.platform.registry.importing.stages import begin_commit
from wenjiuye.platform.registry.models import FileImport, ImportBatch, row_model

PEOPLE = [["编号", "所在县（市、区）"], ["P1", "魏都区"], ["P2", "建安区"]]


def test_a_load_whose_connection_is_cut_leaves_nothing_and_can_be_done_again(
    tmp_path: Path, own_database: embedded.Server, monkeypatch: pytest.MonkeyPatch
):
    city = officer(Role.POLICY)
    file = checked(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE}), city)
    begin_commit(file, city, only_good=False)
    superuser = own_database.url(embedded.SUPERUSER, connection.settings_dict["NAME"])
    load = committing.load_batch

    def cut_off(*arguments: Any) -> ImportBatch:
        batch: ImportBatch = load(*arguments)
        with connection.cursor() as cursor, psycopg.connect(superuser, autocommit=True) as other:
            cursor.execute("SELECT pg_backend_pid()")
            other.execute("SELECT pg_terminate_backend(%s)", cursor.fetchone())
        return batch

    with monkeypatch.context() as patch:
        patch.setattr(committing, "load_batch", cut_off)
        with pytest.raises((DatabaseError, InterfaceError)):
            run(str(file.job.pk))
    connection.close()
    assert (ImportBatch.objects.count(), row_model("person").objects.count()) == (0, 0)
    file.refresh_from_db()
    assert file.job is not None
    assert (file.state, file.job.state) == (FileImport.State.LOADING, "failed")
    begin_commit(file, city, only_good=False)
    file = worked(file)
    assert (file.state, ImportBatch.objects.count()) == (FileImport.State.LOADED, 1)
    assert row_model("person").objects.count() == 2
