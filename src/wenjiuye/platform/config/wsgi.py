"""The application that a web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenjiuye.platform.config.settings")
application = get_wsgi_application()


def settle() -> None:
    """Load what every page needs, and let the garbage collector leave it alone from then on.

    The policy alone is some hundred thousand objects: walking over them now and then was the tail of the times of
    pages.
    """
    from django.urls import get_resolver

    from wenjiuye.platform.claims.rules_in_force import policy_in_force

    policy_in_force()
    # Views and templates' tags are imported with the URLs.
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


settle()
