"""The app's configuration."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.claims"
    label = "claims"
    default_auto_field = "django.db.models.BigAutoField"
