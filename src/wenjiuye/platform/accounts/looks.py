"""Looks at personal data and exports of it by officers: permission, reason, record."""

from __future__ import annotations

from typing import Any

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.privacy.services import log_look


def unmask(
    user: Any, subject: str, what: str, reason: str, *, county: str | None = None
) -> PersonalDataAccess:
    """Let an officer see personal data in full, on record.

    subject: whose data, such as `person:p17`; what: which of it; county: where the subject belongs. PermissionDenied;
    PrivacyError: the reason says nothing.
    """
    check(user, Action.UNMASK, county=county)
    return log_look(user, PersonalDataAccess.Kind.UNMASK, subject, what, reason)


def log_export(
    user: Any, subject: str, what: str, reason: str, *, county: str | None = None
) -> PersonalDataAccess:
    """Put on record that an officer takes a list out. subject: which, such as `claims:list`; errors as `unmask`."""
    check(user, Action.EXPORT, county=county)
    return log_look(user, PersonalDataAccess.Kind.EXPORT, subject, what, reason)
