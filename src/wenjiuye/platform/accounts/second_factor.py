"""The second factor of officers: whether one is needed, whether there is one, and its secrets encrypted at rest."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.privacy.crypto import current_prefix, decrypt, encrypt

_PURPOSE = "mfa_authenticator.data"


class EncryptedSecrets(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes stand encrypted in the database; sentences of ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("请先设置动态口令或通行密钥，再生成备用码。"),
        "incorrect_code": _("验证码不对，或者已经过期。请输入应用里现在显示的 6 位数字。"),
    }

    def encrypt(self, text: str) -> str:
        """See allauth."""
        return base64.b64encode(encrypt(text, _PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """See allauth."""
        return decrypt(base64.b64decode(encrypted_text), _PURPOSE)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The name that somebody signs in with."""
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """See allauth."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("通行密钥 %(n)s") % {"n": number})


def second_factors(user: Any) -> Any:
    """What a user can prove with that it is really him or her; recovery codes are not one of their own."""
    return Authenticator.objects.filter(
        user_id=user.pk, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    )


def lacks_second_factor(user: Any) -> bool:
    """Whether a user has to set up a second factor before the desk opens."""
    return settings.ENVIRONMENT.wants_second_factor and not second_factors(user).exists()


def secrets_encrypted_anew() -> int:
    """Encrypt secrets that stand under an older key with the first one; how many users' had to be."""
    adapter, changed = EncryptedSecrets(), 0
    for one in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        name = "secret" if one.type == Authenticator.Type.TOTP else "seed"
        if not _is_current(one.data[name]):
            one.data = {**one.data, name: adapter.encrypt(adapter.decrypt(one.data[name]))}
            one.save(update_fields=["data"])
            changed += 1
    return changed


def _is_current(stored: str) -> bool:
    return base64.b64decode(stored).startswith(current_prefix())
