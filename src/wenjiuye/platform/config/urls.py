"""Every URL of the system."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("wenjiuye.platform.desk.urls")),
    path("accounts/", include("wenjiuye.platform.accounts.urls")),
    path("admin/", admin.site.urls),
]
