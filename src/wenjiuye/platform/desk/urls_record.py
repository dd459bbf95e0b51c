"""URLs of the desk: the record of decisions and of looks at personal data."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import record

urlpatterns: list[URLPattern] = [
    path("record/", record.record, name="record"),
    path("record/looks/", record.looks, name="record_looks"),
]
