"""URLs of the officers' desk, one file for each area."""

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include(f"wenjiuye.platform.desk.urls_{area}"))
    for area in ("account", "work", "claim", "proactive", "registry", "imports", "record")
]
