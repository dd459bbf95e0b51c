"""The app's configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
