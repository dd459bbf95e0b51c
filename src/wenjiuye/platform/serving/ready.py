"""Everything made ready before anything runs: environment read, database open, tables up to date, Django set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from wenjiuye.platform.config.environment import Environment, read_environment
from wenjiuye.platform.database.opening import Addresses, check, opened

SETTINGS = "wenjiuye.platform.config.settings"


@dataclass(frozen=True)
class Ready:
    """What runs."""

    environment: Environment
    addresses: Addresses


@contextmanager
def ready(*, migrating: bool = True) -> Iterator[Ready]:
    """The system, ready to work. migrating: bring the tables up to date first.

    EnvironmentProblem: with everything that is not set right. DatabaseUnfit: why, and what to do.
    """
    environment = read_environment()
    with opened(environment) as addresses:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        import django

        django.setup()
        if migrating:
            from wenjiuye.platform.database.migrating import migrate

            migrate(addresses.owner)
        check(addresses.application)
        yield Ready(environment, addresses)
