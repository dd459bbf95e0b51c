"""`rotate_keys`: encrypt personal data and secrets with the first key of WENJIUYE_FIELD_KEY."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wenjiuye.platform.accounts.second_factor import secrets_encrypted_anew
from wenjiuye.platform.privacy.rotation import encrypted_fields, rotate, waiting


class Command(BaseCommand):
    """As the role that owns the tables, while the system runs; stopped, it goes on where it was."""

    help = "Encrypt what older keys have encrypted with the first key of WENJIUYE_FIELD_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django."""
        for field in encrypted_fields():
            total, done = waiting(field), 0
            for rows in rotate(field, "rotate_keys"):
                done += rows
                self.stdout.write(f"{field}: {done:,} / {total:,}")
        self.stdout.write(f"second factors: {secrets_encrypted_anew():,}")
