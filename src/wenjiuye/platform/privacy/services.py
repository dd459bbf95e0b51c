"""Looks at personal data and exports of it: permission, reason, record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.privacy.models import PersonalDataAccess

SHORTEST_REASON = 4
"""A reason has at least so many characters; it is read by auditors."""


class PrivacyError(Exception):
    """A look that cannot be had; the message is for the officer."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def reason_given(reason: str) -> str:
    """The reason, without blanks around it. PrivacyError: it says nothing."""
    plain = reason.strip()
    if len(plain) < SHORTEST_REASON:
        raise PrivacyError(
            _("请写明理由，至少 %(n)s 个字；理由会被记录，供审计查看。") % {"n": SHORTEST_REASON}
        )
    return plain


def log_look(user: Any, kind: str, subject: str, what: str, reason: str) -> PersonalDataAccess:
    """Put on record that somebody saw or takes out personal data. Permission was checked by the caller."""
    return PersonalDataAccess.objects.create(
        user=user, kind=kind, subject=subject[:80], what=what[:200], reason=reason_given(reason)[:200]
    )
