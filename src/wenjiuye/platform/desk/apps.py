"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker, which opens no page, learns the kinds of jobs that pages start."""
        for name in ("bulk_jobs", "case_file", "exports", "import_jobs"):
            import_module(f"wenjiuye.platform.desk.{name}")
