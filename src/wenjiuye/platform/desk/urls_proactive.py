"""URLs of the desk: claims opened in bulk for those whom a run found entitled."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import proactive

urlpatterns: list[URLPattern] = [
    path("proactive/", proactive.lists, name="proactive"),
    path("proactive/new/", proactive.new, name="proactive_new"),
    path("proactive/<int:run>/", proactive.one, name="proactive_list"),
    path("proactive/<int:run>/confirm/", proactive.confirm, name="proactive_confirm"),
    path("proactive/<int:run>/drop/", proactive.drop, name="proactive_drop"),
]
