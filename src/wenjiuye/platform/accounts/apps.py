"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.accounts"
    label = "accounts"
    verbose_name = _("帐号与任职")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sign-ins are noted in the session."""
        from django.contrib.auth.signals import user_logged_in

        from wenjiuye.platform.accounts.middleware import note_sign_in

        user_logged_in.connect(note_sign_in, dispatch_uid="wenjiuye.accounts.note_sign_in")
