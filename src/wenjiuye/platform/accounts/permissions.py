"""Who may do what: the one place that says it. Views name an action; everything that is not named is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an officer is appointed as."""

    CLERK = "clerk", _("窗口受理员")
    REVIEWER = "reviewer", _("审核员")
    APPROVER = "approver", _("审批人")
    ACCOUNTANT = "accountant", _("资金会计")
    POLICY = "policy", _("政策人员")
    SUPERVISOR = "supervisor", _("督查人员")
    AUDITOR = "auditor", _("审计人员")
    ADMINISTRATOR = "administrator", _("系统管理员")


class Action(StrEnum):
    """Something that an officer does. Each view names one."""

    SEE_DESK = "see_desk"
    SEE_CLAIMS = "see_claims"
    ENTER_CLAIM = "enter_claim"
    ACCEPT_CLAIM = "accept_claim"
    RETURN_CLAIM = "return_claim"
    REVIEW_CLAIM = "review_claim"
    APPROVE_CLAIM = "approve_claim"
    WITHDRAW_CLAIM = "withdraw_claim"
    DECIDE_APPEAL = "decide_appeal"
    SUSPEND_CLAIM = "suspend_claim"
    PAY_CLAIM = "pay_claim"
    RECOVER_CLAIM = "recover_claim"
    SETTLE_FACT = "settle_fact"
    OVERRIDE = "override"
    APPROVE_OVERRIDE = "approve_override"
    COMMENT = "comment"
    ASSIGN = "assign"
    BULK_REVIEW = "bulk_review"
    CLAIM_PROACTIVELY = "claim_proactively"
    SEE_EVIDENCE = "see_evidence"
    ADD_EVIDENCE = "add_evidence"
    SEE_LETTERS = "see_letters"
    UNMASK = "unmask"
    EXPORT = "export"
    EXPORT_FILE = "export_file"
    SEE_REGISTRY = "see_registry"
    IMPORT_REGISTRY = "import_registry"
    UNDO_IMPORT = "undo_import"
    MERGE_DUPLICATES = "merge_duplicates"
    SEE_RECORD = "see_record"
    MANAGE_ACCOUNTS = "manage_accounts"
    SUBSTITUTE = "substitute"


_CASEWORK = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER})
_EVERYBODY = frozenset(Role)
_READERS = _EVERYBODY - {Role.ADMINISTRATOR}

ALLOWED: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.SEE_DESK: _EVERYBODY,
        Action.SEE_CLAIMS: _READERS,
        Action.ENTER_CLAIM: frozenset({Role.CLERK}),
        Action.ACCEPT_CLAIM: frozenset({Role.CLERK}),
        Action.RETURN_CLAIM: frozenset({Role.CLERK, Role.REVIEWER}),
        Action.REVIEW_CLAIM: frozenset({Role.REVIEWER}),
        Action.APPROVE_CLAIM: frozenset({Role.APPROVER}),
        Action.WITHDRAW_CLAIM: frozenset({Role.CLERK}),
        Action.DECIDE_APPEAL: frozenset({Role.APPROVER}),
        Action.SUSPEND_CLAIM: frozenset({Role.APPROVER, Role.ACCOUNTANT}),
        Action.PAY_CLAIM: frozenset({Role.ACCOUNTANT}),
        Action.RECOVER_CLAIM: frozenset({Role.ACCOUNTANT}),
        Action.SETTLE_FACT: frozenset({Role.REVIEWER}),
        Action.OVERRIDE: frozenset({Role.REVIEWER}),
        Action.APPROVE_OVERRIDE: frozenset({Role.APPROVER}),
        Action.COMMENT: _CASEWORK | {Role.ACCOUNTANT},
        Action.ASSIGN: _CASEWORK,
        Action.BULK_REVIEW: frozenset({Role.REVIEWER}),
        Action.CLAIM_PROACTIVELY: frozenset({Role.POLICY, Role.CLERK}),
        Action.SEE_EVIDENCE: _CASEWORK | {Role.AUDITOR},
        Action.ADD_EVIDENCE: frozenset({Role.CLERK, Role.REVIEWER}),
        Action.SEE_LETTERS: _READERS,
        Action.UNMASK: _CASEWORK | {Role.ACCOUNTANT, Role.AUDITOR},
        Action.EXPORT: _READERS,
        Action.EXPORT_FILE: frozenset({Role.REVIEWER, Role.AUDITOR}),
        Action.SEE_REGISTRY: _CASEWORK | {Role.POLICY, Role.AUDITOR},
        Action.IMPORT_REGISTRY: frozenset({Role.CLERK, Role.POLICY}),
        Action.UNDO_IMPORT: frozenset({Role.CLERK, Role.POLICY}),
        Action.MERGE_DUPLICATES: frozenset({Role.REVIEWER}),
        Action.SEE_RECORD: frozenset({Role.AUDITOR, Role.SUPERVISOR}),
        Action.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
        Action.SUBSTITUTE: _CASEWORK | {Role.ACCOUNTANT},
    }
)
"""For each action the roles that may; the auditor reads everything and changes nothing."""

READING = frozenset(
    {
        Action.SEE_DESK,
        Action.SEE_CLAIMS,
        Action.SEE_EVIDENCE,
        Action.SEE_LETTERS,
        Action.UNMASK,
        Action.EXPORT,
        Action.EXPORT_FILE,
        Action.SEE_REGISTRY,
        Action.SEE_RECORD,
    }
)
"""Actions that change nothing (a look at personal data is put on record)."""

View = TypeVar("View", bound=Callable[..., Any])


def requires(action: Action) -> Callable[[View], View]:
    """Declare the action that a view is. Without it nobody gets in."""

    def mark(view: View) -> View:
        view.required_action = action
        return view

    return mark


def open_to_all(view: View) -> View:
    """Declare that a view is for everybody, signed in or not."""
    view.open_to_all = True
    return view
