"""Whether the system answers, for whoever watches over it."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from wenjiuye.platform.accounts.permissions import open_to_all


@open_to_all
def health(request: HttpRequest) -> HttpResponse:
    """`ok` where the database answers; it tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
