"""The app's configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
