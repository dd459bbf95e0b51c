"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """See the package."""

    name = "wenjiuye.platform.claims"
    label = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """After every migration the database learns the ways that a claim can go."""
        from django.db.models.signals import post_migrate

        from wenjiuye.platform.claims.sync_states import sync

        post_migrate.connect(sync, sender=self)
        # They register kinds of jobs, and what stands against taking a batch back.
        for name in ("proactive", "undo"):
            import_module(f"wenjiuye.platform.claims.{name}")
