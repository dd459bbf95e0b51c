"""The application that a web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenjiuye.platform.config.settings")
application = get_wsgi_application()


def _settle() -> None:
    """Load what every page needs, and let the garbage collector leave it alone from then on.

    Walking over all of it now and then made single pages slow.
    """
    from django.urls import get_resolver

    from wenjiuye.platform.claims.rules_in_force import policy_in_force

    policy_in_force()
    # Views and templates' tags are imported with the URLs.
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


_settle()
