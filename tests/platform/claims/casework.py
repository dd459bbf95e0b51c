"""The golden registry in the database, and an officer for every role of the county where it plays."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from PIL import Image

import golden_registry as golden
from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Claim, SamplingRate
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.batches import NewBatch, load_batch
from wenjiuye.population.registry.intake import take_in

ON = dt.date(2020, 12, 1)
HIRE = "J01"
"""A hire of the golden registry for which the hiring subsidy is due."""
FAILED_HIRE = "J07"
"""One whose contract is too short."""


@dataclass(frozen=True)
class Officers:
    """One officer for each role, all of the whole city."""

    clerk: User
    reviewer: User
    second_reviewer: User
    approver: User
    second_approver: User
    accountant: User
    policy: User
    auditor: User


def make_officer(username: str, role: Role, county: str = "") -> User:
    user = User.objects.create(username=username, name=username)
    Appointment.objects.create(user=user, role=role, county=county, starts_on=dt.date(2020, 1, 1))
    return user


def make_officers() -> Officers:
    return Officers(
        clerk=make_officer("clerk", Role.CLERK),
        reviewer=make_officer("reviewer", Role.REVIEWER),
        second_reviewer=make_officer("second_reviewer", Role.REVIEWER),
        approver=make_officer("approver", Role.APPROVER),
        second_approver=make_officer("second_approver", Role.APPROVER),
        accountant=make_officer("accountant", Role.ACCOUNTANT),
        policy=make_officer("policy", Role.POLICY),
        auditor=make_officer("auditor", Role.AUDITOR),
    )


def load_golden(folder: Path) -> None:
    load_batch(take_in(golden.FOLDER, folder), NewBatch("golden", ON))


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """The registry, loaded once for a module and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_golden(tmp_path_factory.mktemp("golden"))
        with on_record("tests", "no sample"):
            SamplingRate.objects.update(per_mille=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def officers(loaded: None, db: None) -> Officers:
    return make_officers()


@pytest.fixture
def draft(officers: Officers) -> Claim:
    """A claim for the hiring subsidy, as it was opened."""
    return open_claim(NewClaim("hiring_subsidy", HIRE, ON), officers.clerk)


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def go(claim: Claim, step: str, by: User, reason: str = "") -> Claim:
    """Take a step with the claim as it stands now."""
    return take_step(claim.number, step, by, version=fresh(claim).version, reason=reason)


@pytest.fixture
def accepted(draft: Claim, officers: Officers) -> Claim:
    go(draft, "submit", officers.clerk)
    go(draft, "accept", officers.clerk)
    return fresh(draft)


def picture(colour: str = "white") -> io.BytesIO:
    """A small picture to prove something with."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "PNG")
    data.seek(0)
    return data
