"""Two rows become one with all that refers to them, on record, and can be two again."""

from __future__ import annotations

import datetime as dt

import pytest
from checked_registry import firm, job, person, some_city, table
from django.core.exceptions import PermissionDenied
from officers import officer

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.models import Link
from wenjiuye.platform.registry.case_facts import case_facts
from wenjiuye.platform.registry.duplicates import find_duplicates, keep_apart
from wenjiuye.platform.registry.errors import MergeError, UndoError
from wenjiuye.platform.registry.merge import merge
from wenjiuye.platform.registry.merged import current_key
from wenjiuye.platform.registry.models import DuplicatePair, ImportBatch, SetAside, row_model
from wenjiuye.platform.registry.undoing import undo_batch
from wenjiuye.policy.xuchang_2020_31 import policy

pytestmark = pytest.mark.django_db
ON = dt.date(2020, 12, 1)
MONTH = dt.date(2020, 11, 1)


@pytest.fixture
def reviewer():
    return officer(Role.REVIEWER)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """What is live, by table, without row numbers."""
    columns = {
        "employment": ("key", "person", "employer"),
        "enterprise": ("key", "owner", "phone", "phone_hash"),
    }
    columns |= {
        "contribution": ("person", "month"),
        "grant": ("measure", "subject_id", "person", "enterprise"),
    }
    columns |= {"finding": ("subject", "subject_id", "fact"), "person": ("key", "name")}
    found = {}
    for name, asked in columns.items():
        rows = row_model(name).objects.filter(replaced_by__isnull=True).values_list(*asked)
        found[name] = sorted(
            (tuple(bytes(c) if isinstance(c, memoryview) else c for c in row) for row in rows), key=str
        )
    return found


@pytest.fixture
def city(load) -> ImportBatch:
    tables = some_city()
    tables["person"] = table(
        "person", [person("P1", "王小明"), person("P2", "王小明"), person("P3", "李雷", county="jianan")]
    )
    tables["enterprise"] = table(
        "enterprise",
        [
            firm("E1", "许昌禾木家居公司", owner="P2", phone="0374-1"),
            firm("E2", "许昌禾木家居有限公司", owner="P1"),
        ],
    )
    tables["employment"] = table("employment", [job("J1", "P1", "E1"), job("J2", "P2", "E2")])
    tables["contribution"] = table(
        "contribution", [{"person": who, "month": MONTH, "employer": "E2"} for who in ("P1", "P2")]
    )
    granted = {"granted_on": ON, "person": "P2", "enterprise": "E2"}
    tables["grant"] = table(
        "grant",
        [
            {"measure": "temporary_living_allowance", "subject_id": "P2", **granted},
            {"measure": "hiring_subsidy", "subject_id": "P2", **granted},
            {"measure": "unemployment_rate_cut", "subject_id": "E2|pension|2020-11", **granted},
        ],
    )
    told = {"fact": "rural", "value": "是", "valid_from": MONTH}
    tables["finding"] = table(
        "finding",
        [
            {"subject": "person", "subject_id": "P2", **told},
            {"subject": "hire", "subject_id": "P2", **told},
            {"subject": "claim_period", "subject_id": "E2|pension|2020-11", **told},
            {"subject": "claim_period", "subject_id": "E22|pension|2020-11", **told},
            {"subject": "sole_trader", "subject_id": "E2", **told},
        ],
    )
    return load(tables)


def test_all_that_refers_to_the_dropped_person_refers_to_the_kept_one(city: ImportBatch, reviewer):
    batch = merge(policy(), "person", "P1", "P2", "身份证核对一致", reviewer)
    found = everything()
    assert found["person"] == [("P1", "王小明"), ("P3", "李雷")]
    assert found["employment"] == [("J1", "P1", "E1"), ("J2", "P1", "E2")]
    assert found["contribution"] == [("P1", MONTH), ("P1", MONTH)]
    assert [row[:2] for row in found["enterprise"]] == [("E1", "P1"), ("E2", "P1")]
    assert {(measure, subject, who) for measure, subject, who, _ in found["grant"]} == {
        ("temporary_living_allowance", "P1", "P1"),
        # A hire that happens to have the same key is another thing.
        ("hiring_subsidy", "P2", "P1"),
        ("unemployment_rate_cut", "E2|pension|2020-11", "P1"),
    }
    assert {row[:2] for row in found["finding"]} >= {("person", "P1"), ("hire", "P2")}
    assert (batch.kind, batch.by, batch.rows) == (ImportBatch.Kind.MERGE, reviewer, 7)


def test_months_of_premiums_go_with_the_employer(city: ImportBatch, reviewer):
    merge(policy(), "enterprise", "E1", "E2", "更名", reviewer)
    found = everything()
    assert {row[:2] for row in found["finding"]} == {
        ("person", "P2"),
        ("hire", "P2"),
        ("claim_period", "E1|pension|2020-11"),
        ("claim_period", "E22|pension|2020-11"),
        ("sole_trader", "E1"),
    }
    assert ("unemployment_rate_cut", "E1|pension|2020-11", "P2", "E1") in found["grant"]


def test_personal_data_of_rows_that_move_stays_readable(city: ImportBatch, reviewer):
    merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    assert row_model("enterprise").objects.get(key="E1", replaced_by__isnull=True).phone == "0374-1"


def test_a_case_of_the_dropped_key_is_the_case_of_the_kept_one(city: ImportBatch, reviewer):
    merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    measure = policy().measure("unemployment_registration")
    found = case_facts(policy(), measure, "P2", ON)
    assert (found.key, found.title) == ("P1", "王小明")
    assert found.record == case_facts(policy(), measure, "P1", ON).record


def test_a_merge_taken_back_leaves_everything_as_it_was(city: ImportBatch, reviewer):
    before = everything()
    find_duplicates()
    batch = merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    assert current_key("person", "P2") == "P1"
    undo_batch(batch, "不是同一人", reviewer)
    assert everything() == before
    assert current_key("person", "P2") == "P2"
    assert chain.verify()[1] is None
    assert list(Link.objects.values_list("kind", flat=True)) == ["import", "merge", "undo import"]


def test_an_import_under_a_merge_is_not_taken_back(city: ImportBatch, reviewer):
    merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    with pytest.raises(UndoError, match="合并"):
        undo_batch(city, "错了", officer(Role.CLERK))


def test_what_was_set_aside_of_the_dropped_row_is_lacking_of_the_kept_one(city: ImportBatch, reviewer):
    SetAside.objects.create(batch=city, table="employment", column="person", owner="P2")
    batch = merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    live = SetAside.objects.filter(replaced_by__isnull=True)
    assert list(live.values_list("column", "owner")) == [("person", "P1")]
    undo_batch(batch, "错了", reviewer)
    assert list(live.values_list("column", "owner")) == [("person", "P2")]


def test_who_may_not_and_what_cannot_be_merged(city: ImportBatch, reviewer):
    for by in (officer(Role.CLERK), officer(Role.REVIEWER, county="weidu"), officer(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            merge(policy(), "person", "P1", "P3", "核对一致", by)
    for keep, drop, reason, told in (
        ("P1", "P1", "核对一致", "自己"),
        ("P1", "P2", " ", "理由"),
        ("P1", "P404", "核对一致", "P404"),
    ):
        with pytest.raises(MergeError, match=told):
            merge(policy(), "person", keep, drop, reason, reviewer)
    merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    with pytest.raises(MergeError, match="P2"):
        merge(policy(), "person", "P1", "P2", "核对一致", reviewer)


# ── Duplicates


def pairs() -> dict[tuple[str, str], list[str]]:
    return {(one.first, one.second): one.reasons for one in DuplicatePair.objects.filter(state="open")}


@pytest.fixture
def twins(load) -> None:
    born = dt.date(1990, 1, 1)
    same = {"resident_id": "411002199001011234"}
    load(
        {
            "person": table(
                "person",
                [
                    person("P1", "王小明", birth_date=born, **same),
                    person("P2", "王 小明", birth_date=born, **same),
                    person("P3", "王小明", birth_date=born, resident_id="41100219900101777X"),
                    person("P4", "王小明", birth_date=dt.date(1991, 1, 1)),
                    person("P5", "李雷", birth_date=born),
                ],
            ),
            "enterprise": table(
                "enterprise",
                [
                    firm("E1", "许昌禾木家居有限公司", credit_code="91411000MA0000001X"),
                    firm("E2", "禾木家居", credit_code="91411000ma0000001x"),
                    firm("E3", "许昌禾木家居有限责任公司"),
                    firm("E4", "许昌禾木家居有限公司", county="jianan"),
                    firm("E5", "许昌鼎盛机械有限公司", credit_code=""),
                    firm("E6", "五金店", credit_code=""),
                ],
            ),
        }
    )


def test_rows_that_may_be_one_are_found_with_the_reason(twins: None):
    assert find_duplicates() == 5
    assert pairs() == {
        ("P1", "P2"): ["name_and_birth", "resident_id"],
        ("P1", "P3"): ["name_and_birth"],
        ("P2", "P3"): ["name_and_birth"],
        ("E1", "E2"): ["credit_code"],
        ("E1", "E3"): ["similar_name"],
    }
    likeness = dict(DuplicatePair.objects.filter(kind="person").values_list("second", "likeness"))
    assert likeness == {"P2": 1.0, "P3": 0.6}


def test_what_an_officer_settled_is_not_asked_again(twins: None, reviewer):
    find_duplicates()
    pair = DuplicatePair.objects.get(first="P1", second="P3")
    with pytest.raises(PermissionDenied):
        keep_apart(pair, "身份证号不同", officer(Role.REVIEWER, county="jianan"))
    with pytest.raises(MergeError, match="不是同一个"):
        keep_apart(pair, "", reviewer)
    keep_apart(pair, "身份证号不同", reviewer)
    with pytest.raises(MergeError, match="处理过"):
        keep_apart(pair, "身份证号不同", reviewer)
    merge(policy(), "person", "P1", "P2", "核对一致", reviewer)
    assert find_duplicates() == 2
    assert DuplicatePair.objects.get(first="P1", second="P2").state == DuplicatePair.State.MERGED
    assert set(pairs()) == {("E1", "E2"), ("E1", "E3")}
