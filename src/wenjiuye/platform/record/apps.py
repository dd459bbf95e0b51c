"""The app's configuration."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"
