"""URLs of the desk: account."""

from django.urls import URLPattern, path

from wenjiuye.platform.desk.views import account, look

urlpatterns: list[URLPattern] = [
    path("me/", account.me, name="me"),
    path("me/substitutes/", account.name_substitute, name="substitute"),
    path("me/substitutes/<int:pk>/end/", account.end_substitute, name="end-substitute"),
    path("look/", look.look, name="look"),
]
