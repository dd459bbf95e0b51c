"""From the files of a demonstration to the offices' system: registry, officers, claims."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wenjiuye.platform.accounts.demo import COUNTY, DemoOfficer, demo_officers
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.demo.made_up_claims import Candidate, Staff, make_claims
from wenjiuye.platform.registry.batches import NewBatch, load_batch
from wenjiuye.platform.registry.models import ImportBatch
from wenjiuye.population.registry.intake import take_in

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class DemoOffice:
    """What was set up."""

    officers: list[DemoOfficer]
    states: dict[str, int]


def set_up(registry: Path, lists: Path, work: Path, on: dt.date, tell: Progress) -> DemoOffice:
    """Set the office up, unless it is already: registry loaded, an officer for each role, claims in every state.

    registry: a folder of a city's registry. lists: the proactive lists of its run. work: a folder for what the intake
    writes. tell: called with a stage, the steps done and all steps.
    """
    officers = demo_officers()
    if not ImportBatch.objects.exists():
        tell("load", 0, 1)
        load_batch(take_in(registry, work), NewBatch("虚构城市登记库", on))
        tell("load", 1, 1)
    if not Claim.objects.exists():
        by_role = {one.role: one.user for one in officers if not one.county}
        staff = Staff(
            *(by_role[role] for role in (Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.ACCOUNTANT))
        )
        states = make_claims(
            list(candidates(lists)), staff, on, lambda done, total: tell("claims", done, total)
        )
    else:
        states = {}
    return DemoOffice(officers, states)


def candidates(lists: Path) -> Iterator[Candidate]:
    """Whom the run found entitled: of every measure in turn, first those of the county that has its own officers."""
    columns = [list(_listed(file)) for file in sorted(lists.glob("*.csv"))]
    for row in itertools.zip_longest(*columns):
        yield from (one for one in row if one is not None)


def _listed(file: Path) -> list[Candidate]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            {name.split(" / ")[-1]: value for name, value in row.items()} for row in csv.DictReader(lines)
        ]
    found = [Candidate(file.stem, row["id"], row["name"], row["county"]) for row in rows]
    return sorted(found, key=lambda one: one.county != COUNTY)
