"""The app's configuration."""

from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.workdays"
    label = "workdays"
    default_auto_field = "django.db.models.BigAutoField"
