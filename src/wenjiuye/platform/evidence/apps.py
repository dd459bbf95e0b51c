"""The app's configuration."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
