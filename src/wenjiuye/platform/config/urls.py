"""Every URL of the system."""

from django.contrib import admin
from django.urls import include, path

from wenjiuye.platform.desk.views.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("wenjiuye.platform.desk.urls")),
    path("accounts/", include("wenjiuye.platform.accounts.urls")),
    path("admin/", admin.site.urls),
]
