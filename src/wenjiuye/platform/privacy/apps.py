"""The app's configuration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
