"""The app's configuration."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
