"""The app's configuration."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
