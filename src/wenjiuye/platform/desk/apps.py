"""The app's configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
