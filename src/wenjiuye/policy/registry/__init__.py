"""The data model of a city's registry: every table with its columns, versioned.

Events and periods with dates, from which `population.registry` derives the facts of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wenjiuye.policy.registry.firms import AnnualReport, Bill, FirmListing, Lease, Premium, Sales, Tax
from wenjiuye.policy.registry.ledger import Finding, GrantRecord
from wenjiuye.policy.registry.people import (
    BenefitPeriod,
    Contribution,
    Employment,
    Enrolment,
    EnterpriseRecord,
    GrassrootsService,
    Household,
    PersonRecord,
    Recognition,
    UnemploymentRegistration,
)
from wenjiuye.policy.registry.programmes import AS_THEY_ARE, InternshipRecord, TrainingRecord
from wenjiuye.policy.registry.record import Record

VERSION = "1"
"""Of the data model: a table or column that is renamed, removed or read otherwise raises it."""

_TABLES: tuple[type[Record], ...] = (
    Household,
    PersonRecord,
    EnterpriseRecord,
    Employment,
    Contribution,
    UnemploymentRegistration,
    BenefitPeriod,
    Enrolment,
    Recognition,
    GrassrootsService,
    AnnualReport,
    Premium,
    Tax,
    Sales,
    Lease,
    Bill,
    FirmListing,
    InternshipRecord,
    TrainingRecord,
    *AS_THEY_ARE,
    GrantRecord,
    Finding,
)

RECORDS: Mapping[str, type[Record]] = MappingProxyType({record.id: record for record in _TABLES})
"""Every table by id, those that others refer to first."""

INSURED_MONTHS = "refund_insured_months"
"""The value after how many months of premiums a firm counts as insured."""
HIRES_LOOK_BACK = "hire_tax_deduction_months"
"""The value how many months back a hire may lie to be decided: the longest that any measure looks."""
VALUES = (INSURED_MONTHS, HIRES_LOOK_BACK)
"""Figures of the policy that the facts of a registry are derived with."""

__all__ = ["HIRES_LOOK_BACK", "INSURED_MONTHS", "RECORDS", "VALUES", "VERSION", "Record"]
