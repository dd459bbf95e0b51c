"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.privacy"
    label = "privacy"
    verbose_name = _("个人信息")
    default_auto_field = "django.db.models.BigAutoField"
